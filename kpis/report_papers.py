"""A report on paper: PDF in the language that is asked for, with the agency's mark and colour."""

from collections.abc import Mapping

from django.core.files.storage import default_storage
from django.http import HttpResponse
from django.utils.translation import get_language

from kpis import report_pictures
from kpis.models import Report
from kpis.queries.reports import content_now, logo_of, shown
from smmportal import paper

STYLE = "kpis/report_paper.css"


def as_pdf(report: Report) -> bytes | None:
    """In the language that is active; None where the server can make no PDF."""
    content = content_now(report)
    logo = logo_of(content)
    pictures = {"logo": picture_of(logo.path)} if logo else {}
    context = {
        "report": report,
        "text": shown(report),
        "language": get_language(),
        "logo": logo,
        "accent": accent_of(content),
        "state": report.state,
        "issued": report.issue if report.is_issued else None,
    }
    return paper.as_pdf("kpis/report_paper.html", context, sheets=(STYLE,), pictures=pictures)


def accent_of(content: Mapping) -> str:
    return content["agency"]["accent"] or report_pictures.ACCENT


def picture_of(path: str) -> bytes:
    with default_storage.open(path) as file:
        return file.read()


def file_name(report: Report, ending: str) -> str:
    return f"report-{report.project_id}-{report.number}-{get_language()}.{ending}"


def as_file(made: bytes, report: Report) -> HttpResponse:
    name = f'attachment; filename="{file_name(report, "pdf")}"'
    return HttpResponse(made, paper.PDF_TYPE, headers={"Content-Disposition": name})
