"""Files that people give: judged by their content, kept under a random name that no address leads to, and given back
through a permission check of the caller's, as a download. A model that keeps files builds on `KeptFile`."""

import codecs
import hashlib
import secrets
import unicodedata

import filetype
from django.conf import settings
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import models, transaction
from django.http import FileResponse
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from smmportal.refusals import Refused

#: Pictures that a browser may show: made of pixels, whatever they are called. SVG and HTML can hold a program.
RASTER = {"image/png", "image/jpeg", "image/gif", "image/webp"}
ANYTHING = "application/octet-stream"
LONGEST_NAME = 150
HEAD = 8192
#: Joiners that some alphabets are written with; all other invisible characters can only mislead.
JOINERS = "\u200c\u200d"
#: Nothing in the file runs, asks or shows itself in a frame, even where a browser opens it.
CONFINED = "default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; sandbox"


class KeptFile(models.Model):
    """`path` is the file's random name in the storage; `name` is what its owner called it."""

    name = models.CharField(max_length=LONGEST_NAME)
    size = models.PositiveBigIntegerField()
    content_type = models.CharField(max_length=120)
    sha256 = models.CharField(max_length=64)
    path = models.CharField(max_length=80, unique=True, editable=False)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    @property
    def is_picture(self) -> bool:
        return self.content_type in RASTER


def keep(sent: UploadedFile) -> dict:
    """Store the file; the answer is the fields of a `KeptFile`. Refuses an empty and a too large one in words."""
    name = clean_name(sent.name or "")
    demand_size(sent, name)
    head = next(sent.chunks(HEAD))[:HEAD]
    fingerprint = hashlib.sha256()
    for chunk in sent.chunks():
        fingerprint.update(chunk)
    sent.seek(0)
    path = default_storage.save(f"uploads/{secrets.token_hex(20)}", sent)
    return {
        "name": name,
        "size": sent.size,
        "content_type": kind_of(head),
        "sha256": fingerprint.hexdigest(),
        "path": path,
    }


def demand_size(sent: UploadedFile, name: str) -> None:
    if not sent.size:
        raise Refused(_("“%(name)s” is empty. Please choose the file again.") % {"name": name}, code="empty-file")
    if sent.size > settings.UPLOAD_LARGEST:
        sentence = _("“%(name)s” is larger than %(largest)s. Put it on a cloud drive and paste the link instead.")
        largest = filesizeformat(settings.UPLOAD_LARGEST)
        raise Refused(sentence % {"name": name, "largest": largest}, code="file-too-large")


def clean_name(given: str) -> str:
    """The last part of the name in whatever alphabet, without what can't be seen and a few signs that paths, shells
    and other systems read as their own."""
    last = unicodedata.normalize("NFC", given).replace("\\", "/").rsplit("/", 1)[-1]
    name = "".join(clean_sign(sign) for sign in last).strip(" .") or "file"
    stem, dot, ending = name.rpartition(".")
    if len(name) <= LONGEST_NAME or not dot or len(ending) > 10:
        return name[:LONGEST_NAME].strip()
    return f"{stem[: LONGEST_NAME - len(ending) - 1]}.{ending}"


def clean_sign(sign: str) -> str:
    category = unicodedata.category(sign)
    if category == "Zs":
        return " "
    if category[0] in "CZ" and sign not in JOINERS:
        return ""
    return "_" if sign in '<>:"|?*' else sign


def kind_of(head: bytes) -> str:
    """What the first bytes say the file is; its name has no say."""
    found = filetype.guess_mime(head)
    if found:
        return found
    return "text/plain" if is_text(head) else ANYTHING


def is_text(head: bytes) -> bool:
    try:
        return "\x00" not in codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return False


def give(kept: KeptFile, *, show: bool = False) -> FileResponse:
    """The file as a download; with `show`, a picture made of pixels opens in the browser."""
    is_shown = show and kept.is_picture
    response = FileResponse(
        default_storage.open(kept.path),
        as_attachment=not is_shown,
        filename=kept.name,
        content_type=kept.content_type,
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = CONFINED
    response["Cache-Control"] = "private, no-cache"
    return response


def forget(path: str) -> None:
    """Delete the file itself, once the row that names it is gone for good."""
    transaction.on_commit(lambda: default_storage.delete(path))
