"""A version of a brief as a file to keep: its canonical JSON, or a document for whoever reads on paper."""

from datetime import datetime
from io import BytesIO

from django.http import HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from projects.models import BriefVersion
from projects.queries import version_parts
from projects.wording import attribution, label_of, lines_of
from smmportal import paper
from smmportal.facts import canonical
from smmportal.formatting import format_moment, pick_language

JSON_TYPE = "application/json"
PDF_TYPE = paper.PDF_TYPE
DOCX_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def as_file(content: bytes, kind: str, version: BriefVersion, ending: str) -> HttpResponse:
    name = file_name(version, ending)
    return HttpResponse(content, kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def file_name(version: BriefVersion, ending: str) -> str:
    return f"brief-{version.brief.project_id}-v{version.number}.{ending}"


def as_json(version: BriefVersion) -> bytes:
    """Byte for byte what `content_hash` was taken of."""
    return canonical(version.content).encode()


def as_docx(version: BriefVersion) -> bytes:
    """The version section by section, in the reader's language."""
    from docx import Document  # heavy: only who exports pays for it

    document = Document()
    document.core_properties.title = title_of(version)
    document.core_properties.author = version.submitted_by.name
    document.core_properties.language = get_language() or ""
    document.add_heading(printable(title_of(version)), 0)
    document.add_paragraph(printable(origin_of(version)))
    for section in version.answered_sections:
        document.add_heading(printable(pick_language(section["title"])), 1)
        for question in section["questions"]:
            add_answer(document, question, version.content["answers"].get(question["key"]))
    document.add_paragraph(f"SHA-256 {version.content_hash}")
    made = BytesIO()
    document.save(made)
    return made.getvalue()


def as_pdf(version: BriefVersion) -> bytes | None:
    """The version on paper, in the reader's language; None where the system's text library (Pango) is missing."""
    return paper.as_pdf("projects/brief_paper.html", paper_of(version))


def paper_of(version: BriefVersion) -> dict:
    return {
        "title": title_of(version),
        "origin": origin_of(version),
        "version": version,
        "parts": version_parts(version),
        "language": get_language() or "en",
    }


def title_of(version: BriefVersion) -> str:
    words = {"project": version.brief.project.name, "number": version.number}
    return _("%(project)s: brief, version %(number)s") % words


def origin_of(version: BriefVersion) -> str:
    words = {"person": version.submitted_by, "moment": format_moment(version.submitted_at)}
    return _("Submitted by %(person)s, %(moment)s.") % words


def add_answer(document, question: dict, answer: dict | None) -> None:
    if answer is None:
        return
    document.add_heading(printable(label_of(question)), 2)
    if answer.get("unknown"):
        document.add_paragraph().add_run(_("Don’t know")).italic = True
    for label, words in lines_of(question, answer.get("value")):
        paragraph = document.add_paragraph()
        if label:
            paragraph.add_run(f"{printable(label)}: ").bold = True
        paragraph.add_run(printable(words))
    if answer.get("by"):
        document.add_paragraph().add_run(printable(given_by(answer))).italic = True


def given_by(answer: dict) -> str:
    """Who gave the answer and when, in one line."""
    origin, moment = attribution(answer["by"], answer.get("link_from", "")), answer.get("answered_at")
    return f"{origin} · {format_moment(datetime.fromisoformat(moment))}" if moment else origin


def printable(text: str) -> str:
    """XML knows no control characters but the tab and the line's end."""
    return "".join(character for character in text if character in "\t\n" or is_printable(character))


def is_printable(character: str) -> bool:
    return character >= " " and character not in "\ufffe\uffff"
