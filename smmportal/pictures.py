"""Pictures that people send, hostile until shown otherwise: only what Pillow can draw anew is kept, never the file."""

import io
import warnings
from dataclasses import dataclass

from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.utils.translation import gettext as _
from PIL import Image

from smmportal.refusals import Refused

FORMATS = ("PNG", "JPEG", "WEBP")
LARGEST_FILE = 2 * 1024 * 1024
#: More pixels than any mark needs are a trap for whoever unpacks them.
MOST_PIXELS = 4000 * 4000


@dataclass(frozen=True)
class Drawn:
    """A picture drawn anew, as PNG."""

    file: SimpleUploadedFile
    width: int
    height: int


def draw_anew(sent: UploadedFile, *, at_most: tuple[int, int]) -> Drawn:
    """The picture's pixels and nothing else of the file: no comments, no place where it was taken, no second nature."""
    if not sent.size or sent.size > LARGEST_FILE:
        raise unclear()
    try:
        # A warning about a picture that unpacks to too much is a refusal here.
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = pixels_of(sent)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise unclear() from error
    picture.thumbnail(at_most)
    written = io.BytesIO()
    picture.save(written, "PNG", optimize=True)
    return Drawn(SimpleUploadedFile("logo.png", written.getvalue(), "image/png"), picture.width, picture.height)


def pixels_of(sent: UploadedFile) -> Image.Image:
    """The first picture of the file; how large it says it is is looked at before anything is unpacked."""
    sent.seek(0)
    with Image.open(sent, formats=FORMATS) as opened:
        if opened.width * opened.height > MOST_PIXELS:
            raise ValueError("too many pixels")
        return opened.convert("RGBA")


def unclear() -> Refused:
    return Refused(
        _("This picture can’t be used. Send a PNG, JPEG or WebP of at most 2 MB and 4000 × 4000 pixels."),
        code="unclear-picture",
    )
