"""The protocol of an agreement as PDF: both languages, one after the other, the reader's first."""

from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import get_language, override

from kpis.models import Agreement
from kpis.queries.agreements import parties_of
from kpis.terms import LANGUAGES, text_of
from smmportal import paper


def file_name(agreement: Agreement) -> str:
    return f"agreement-{agreement.project_id}-{agreement.number}.pdf"


def as_file(made: bytes, agreement: Agreement) -> HttpResponse:
    name = f'attachment; filename="{file_name(agreement)}"'
    return HttpResponse(made, paper.PDF_TYPE, headers={"Content-Disposition": name})


def as_pdf(agreement: Agreement) -> bytes | None:
    """None where the server can make no PDF."""
    return paper.as_pdf("kpis/agreement_paper.html", paper_of(agreement))


def paper_of(agreement: Agreement) -> dict:
    own = get_language() or "en"
    languages = sorted(LANGUAGES, key=lambda language: language != own)
    parts = [{"language": language, "words": part_in(language, agreement)} for language in languages]
    return {
        "title": text_of(agreement.content).title,
        "language": own,
        "agreement": agreement,
        "parts": parts,
    }


def part_in(language: str, agreement: Agreement) -> str:
    with override(language):
        context = {"text": text_of(agreement.content), "parties": parties_of(agreement), "agreement": agreement}
        return render_to_string("kpis/_agreement_paper.html", {**context, "project": agreement.project})
