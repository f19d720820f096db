"""What a given file may be, how it is kept, and how it is given back."""

import hashlib
from types import SimpleNamespace

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation

from smmportal import uploads
from smmportal.refusals import Refused

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 32
SVG = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"
HTML = b"<!doctype html><script>alert(1)</script>"


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def sent(content: bytes = b"words", name: str = "notes.txt", kind: str = "text/plain") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, kind)


def kept(content: bytes = b"words", name: str = "notes.txt") -> SimpleNamespace:
    fields = uploads.keep(sent(content, name))
    return SimpleNamespace(**fields, is_picture=fields["content_type"] in uploads.RASTER)


def test_a_file_is_kept_under_a_random_name_with_what_is_true_of_it():
    fields = uploads.keep(sent(b"words", "План.txt"))
    path = fields.pop("path")
    assert fields == {
        "name": "План.txt",
        "size": 5,
        "content_type": "text/plain",
        "sha256": hashlib.sha256(b"words").hexdigest(),
    }
    assert (path.startswith("uploads/"), "План" in path, len(path)) == (True, False, 48)
    assert default_storage.open(path).read() == b"words"


def test_a_large_file_is_kept_whole():
    content = b"0123456789abcdef" * 200_000
    found = kept(content, "film.bin")
    assert default_storage.open(found.path).read() == content


def test_two_files_of_one_name_are_two():
    assert uploads.keep(sent())["path"] != uploads.keep(sent())["path"]


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (PNG, "image/png"),
        (b"\xff\xd8\xff\xe0" + b"\x00" * 16, "image/jpeg"),
        (b"GIF89a" + b"\x00" * 16, "image/gif"),
        (b"%PDF-1.7\n", "application/pdf"),
        (SVG, "text/plain"),
        (HTML, "text/plain"),
        ("Ключ;Значение".encode(), "text/plain"),
        (b"\x00\x01\x02\xfe", "application/octet-stream"),
        ("я".encode() * 5000, "text/plain"),
    ],
)
def test_the_content_says_what_it_is_and_the_name_does_not(content, kind):
    assert uploads.keep(sent(content, "harmless.png", "image/png"))["content_type"] == kind


@pytest.mark.parametrize(
    ("given", "clean"),
    [
        ("Логотип «Зерно».svg", "Логотип «Зерно».svg"),
        ("شعار.png", "شعار.png"),
        ("ロゴ 最終.ai", "ロゴ 最終.ai"),
        ("👩‍👩‍👧.png", "👩‍👩‍👧.png"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\me\\plan.docx", "plan.docx"),
        ("invoice\u202egnp.exe", "invoicegnp.exe"),
        ("a\x00b\r\nc\u2028d.txt", "abcd.txt"),
        ("a\u00a0b.txt", "a b.txt"),
        ('say "hi"?.txt', "say _hi__.txt"),
        ("...", "file"),
        ("", "file"),
        ("x" * 400 + ".jpeg", "x" * 145 + ".jpeg"),
        ("й" * 400, "й" * 150),
    ],
)
def test_a_name_keeps_its_alphabet_and_loses_its_tricks(given, clean):
    assert uploads.clean_name(given) == clean


def test_an_empty_file_is_refused():
    with pytest.raises(Refused) as refusal:
        uploads.keep(sent(b""))
    assert refusal.value.sentence == "“notes.txt” is empty. Please choose the file again."


def test_a_file_that_is_too_large_is_refused_and_not_kept(settings):
    settings.UPLOAD_LARGEST = 1024
    before = stored()
    with pytest.raises(Refused) as refusal:
        uploads.keep(sent(b"x" * 1025))
    assert refusal.value.code == "file-too-large"
    assert "larger than 1.0\xa0KB. Put it on a cloud drive" in refusal.value.sentence
    assert stored() == before
    assert uploads.keep(sent(b"x" * 1024))["size"] == 1024


def stored() -> list[str]:
    return sorted(default_storage.listdir("uploads")[1]) if default_storage.exists("uploads") else []


@pytest.mark.parametrize(("content", "name"), [(SVG, "logo.svg"), (HTML, "page.html"), (PNG, "logo.png")])
def test_a_file_comes_back_as_a_download_in_which_nothing_runs(content, name):
    answer = uploads.give(kept(content, name))
    assert b"".join(answer.streaming_content) == content
    assert answer["Content-Disposition"] == f'attachment; filename="{name}"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"].startswith("default-src 'none';")
    assert answer["Content-Security-Policy"].endswith("sandbox")


def test_only_a_picture_made_of_pixels_is_shown():
    shown = [uploads.give(kept(content, "logo.png"), show=True) for content in (PNG, SVG, HTML)]
    assert [answer["Content-Disposition"].split(";")[0] for answer in shown] == ["inline", "attachment", "attachment"]
    assert [answer["Content-Type"] for answer in shown] == ["image/png", "text/plain", "text/plain"]


def test_a_name_in_any_alphabet_comes_back():
    assert uploads.give(kept(b"x", "План.txt"))["Content-Disposition"] == (
        "attachment; filename*=utf-8''%D0%9F%D0%BB%D0%B0%D0%BD.txt"
    )


@pytest.mark.django_db(transaction=True)
def test_a_forgotten_file_is_gone():
    path = kept().path
    uploads.forget(path)
    assert not default_storage.exists(path)
