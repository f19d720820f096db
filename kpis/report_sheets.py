"""A report as a spreadsheet: every number with where it came from and whether it is final."""

import io
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from kpis.models import Point, Report
from kpis.queries.lines import say_reason
from kpis.queries.reports import Change, changes_since, content_now
from kpis.report_papers import file_name
from kpis.report_text import ReportText, text_of
from smmportal.formatting import format_day, pick_language
from smmportal.spreadsheets import harmless

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Cell = str | Decimal | date | int | None


def as_xlsx(report: Report) -> bytes:
    """In the language that is active."""
    content = content_now(report)
    changes = changes_since(report.issue) if report.is_issued else []
    book = Workbook(write_only=True)
    write_sheet(book, _("KPIs"), kpi_rows(content), widths=(34, 14, 14, 14, 14, 14, 14, 14, 16, 40))
    write_sheet(book, _("By day"), day_rows(content), widths=(34, 12, 14, 14, 40, 40))
    write_sheet(book, _("Words"), word_rows(content), widths=(30, 100))
    if changes:
        write_sheet(book, _("Counted again"), change_rows(content, changes), widths=(34, 12, 14, 14))
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def as_file(made: bytes, report: Report) -> HttpResponse:
    name = f'attachment; filename="{file_name(report, "xlsx")}"'
    return HttpResponse(made, XLSX_TYPE, headers={"Content-Disposition": name})


def write_sheet(book: Workbook, title: str, rows: Sequence[Sequence[Cell]], *, widths: Sequence[int]) -> None:
    """The first row is the heading, and stays in sight."""
    sheet = book.create_sheet(title[:31])
    sheet.freeze_panes = "A2"
    for number, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    for number, row in enumerate(rows):
        sheet.append([cell_of(sheet, value, is_heading=number == 0) for value in row])


def cell_of(sheet, value: Cell, *, is_heading: bool) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, harmless(value) if isinstance(value, str) else value)
    if is_heading:
        cell.font = Font(bold=True)
    if is_heading or isinstance(value, str):
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    if isinstance(value, date):
        cell.number_format = "yyyy-mm-dd"
    return cell


def number(text: str | None) -> Decimal | None:
    """An empty cell is a number that nobody knows; zero is a number."""
    return None if text is None else Decimal(text)


def day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def kpi_rows(content: Mapping) -> list[list[Cell]]:
    heads = [_("KPI"), _("Over the period"), _("Why there is none"), _("Days with a number"), _("The period before")]
    heads += [
        pgettext("difference", "Change"),
        _("Latest"),
        _("Of how many days"),
        _("On"),
        _("Final through"),
        _("Target"),
        _("Where it comes from"),
    ]
    text = text_of(content)
    return [
        heads,
        *(
            [
                shown.name,
                number(kpi["over"]["value"]),
                shown.why_not,
                shown.days,
                number(kpi["before"]["value"]),
                number(kpi["change"]),
                number(kpi["current"]),
                kpi.get("current_over", 1) if kpi["current"] is not None else None,
                day(kpi["current_on"]),
                day(kpi["final_through"]),
                number(kpi["target"]),
                shown.provenance,
            ]
            for kpi, shown in zip(content["kpis"], text.kpis, strict=True)
        ),
    ]


def day_rows(content: Mapping) -> list[list[Cell]]:
    heads = [_("KPI"), _("Day"), _("Value"), _("Final"), _("Where it comes from"), _("Why there is none")]
    names = [shown.name for shown in text_of(content).kpis]
    rows = [
        [name, day(on), number(value), say_final(value, final), say_where(kpi, provenance), why(value, reason)]
        for kpi, name in zip(content["kpis"], names, strict=True)
        for on, value, final, provenance, reason in kpi["line"]
    ]
    return [heads, *rows]


def say_final(value: str | None, final: bool) -> str:
    if value is None:
        return ""
    return _("final") if final else _("may still change")


def say_where(kpi: Mapping, provenance: str) -> str:
    words = dict(Point.Provenance.choices)
    return f"{words[provenance]}: {pick_language(kpi['source'])}" if provenance in words else ""


def why(value: str | None, reason: str) -> str:
    return say_reason(reason) if value is None and reason else ""


def word_rows(content: Mapping) -> list[list[Cell]]:
    text: ReportText = text_of(content)
    about = [[_("Report"), f"{text.title}, {text.period}"], [_("Project"), text.project], [_("Agency"), text.agency]]
    about += [[_("Client"), text.client], [_("Numbers as of"), format_day(text.made_on)]]
    words = [[block.title, block.commentary] for block in text.blocks if block.commentary]
    return [[_("About"), ""], *about, *words, *[[_("Footnote"), note] for note in text.footnotes]]


def change_rows(content: Mapping, changes: Sequence[Change]) -> list[list[Cell]]:
    names = {kpi["id"]: pick_language(kpi["name"]) for kpi in content["kpis"]}
    heads = [_("KPI"), _("Day"), _("As issued"), _("Counted again")]
    return [heads, *([names[one.kpi], one.day, number(one.before), number(one.after)] for one in changes)]
