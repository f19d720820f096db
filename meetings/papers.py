"""The minutes to take away, in the reader's language around the words as they were typed: PDF and Markdown."""

from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import get_language

from meetings.models import Meeting
from meetings.reading import Reading, reading_of
from smmportal import paper

STYLE = "meetings/minutes_paper.css"
MARKDOWN_TYPE = "text/markdown; charset=utf-8"


def context_of(reading: Reading) -> dict:
    return {"reading": reading, "project": reading.meeting.project, "language": get_language() or "en"}


def as_pdf(meeting: Meeting) -> bytes | None:
    """None where the server can make no PDF."""
    return paper.as_pdf("meetings/minutes_paper.html", context_of(reading_of(meeting, None)), sheets=(STYLE,))


def as_markdown(meeting: Meeting) -> str:
    words = render_to_string("meetings/minutes.md", context_of(reading_of(meeting, None)))
    lines = [line.rstrip() for line in words.strip().splitlines()]
    return "\n".join(line for line, before in zip(lines, ["", *lines], strict=False) if line or before) + "\n"


def as_file(made: bytes | str, meeting: Meeting, ending: str) -> HttpResponse:
    name = f'attachment; filename="minutes-{meeting.pk}.{ending}"'
    kind = paper.PDF_TYPE if ending == "pdf" else MARKDOWN_TYPE
    return HttpResponse(made, kind, headers={"Content-Disposition": name})
