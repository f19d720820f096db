"""Pictures to send."""

import io

from PIL import Image


def png(width: int = 60, height: int = 20, kind: str = "PNG", **options) -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (width, height), "#0f5c74").save(written, kind, **options)
    return written.getvalue()
