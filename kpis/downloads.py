"""A KPI's days as files: CSV and XLSX for a spreadsheet, PNG for a letter or a slide.

Every day that is shown is a row, gaps with their reasons. Words of people and platforms can't be taken for formulas.
"""

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from textwrap import wrap
from xml.sax.saxutils import escape

from django.http import HttpResponse
from django.utils.translation import gettext as _

from kpis import pictures
from kpis.queries.board import Card
from kpis.terms import plain
from smmportal.formatting import format_day
from smmportal.spreadsheets import harmless

#: The page's colours on white; a picture has no style sheet to take them from.
STYLE = """
text { font-family: "DejaVu Sans", "Noto Sans", "Liberation Sans", sans-serif; font-size: 12.5px; fill: #5a666c }
.headline { font-size: 17px; font-weight: bold; fill: #1a2327 } .from { font-size: 11px }
.chart-label { font-weight: bold; font-size: 14px; fill: #1a2327 } .chart-label-line { fill: #0f5c74 }
.chart-label-baseline, .chart-label-before { font-weight: normal; font-size: 12.5px; fill: #47535a }
.chart-grid { fill: none; stroke: #dce0dd } .chart-axis, .chart-today { fill: none; stroke: #7c888d }
.chart-line { fill: none; stroke: #0f5c74; stroke-width: 2.25; stroke-linejoin: round; stroke-linecap: round }
.chart-provisional { stroke-dasharray: 1 5 } .chart-dot { fill: #0f5c74; stroke: #fff; stroke-width: 1.5 }
.chart-dot-open { fill: #fff; stroke: #0f5c74; stroke-width: 2 }
.chart-target { fill: none; stroke: #1a2327; stroke-width: 1.5; stroke-dasharray: 7 4 }
.chart-target-end { fill: #fff; stroke: #1a2327; stroke-width: 1.75 }
.chart-baseline { fill: none; stroke: #7c888d; stroke-dasharray: 2 3 }
.chart-before { fill: none; stroke: #98a5ab; stroke-width: 1.5 }
.chart-band { fill: #0f5c74; fill-opacity: 0.14 }
.chart-median { fill: none; stroke: #0f5c74; stroke-width: 1.25; stroke-dasharray: 3 3 }
.chart-hatch { stroke: #7c888d; stroke-opacity: 0.6 } .chart-mark circle, .chart-mark rect { fill: #47535a }
.chart-mark path { fill: none; stroke: #5a666c; stroke-dasharray: 1 3 }
.chart-mark-number { fill: #fff; font-size: 11px; font-weight: bold }
"""
EDGE, HEAD, FOOT = 24, 26, 30


@dataclass(frozen=True)
class Download:
    """One kind of file: its type, and how it is made of a card."""

    content_type: str
    make: Callable[[Card], bytes]


def as_file(card: Card, kind: str) -> HttpResponse:
    made = DOWNLOADS[kind].make(card)
    name = f"kpi-{card.kpi.pk}-{card.line[0].day}-{card.line[-1].day}.{kind}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(made, DOWNLOADS[kind].content_type, headers=headers)


# --- Tables ---------------------------------------------------------------------------------------------------------


def heads(card: Card) -> list[str]:
    unit = f", {card.unit}" if card.unit else ""
    return [_("Day"), _("Value") + unit, _("Final"), _("Where from"), _("Why missing"), _("Recounted"), _("Notes")]


def rows(card: Card) -> Iterator[list]:
    """Oldest first; the value is a number or None."""
    for row in reversed(card.rows):
        final = "" if row["value"] is None else _("yes") if row["final"] else _("no")
        notes = "; ".join(note.text for _number, note in row["notes"])
        words = (row["provenance"], row["reason"], row["revised"], notes)
        yield [row["day"], row["value"], final, *map(harmless, words)]


def as_csv(card: Card) -> bytes:
    """UTF-8 with a mark, so that Excel reads it."""
    text = io.StringIO()
    table = csv.writer(text)
    table.writerow(heads(card))
    for day, value, *words in rows(card):
        table.writerow([day.isoformat(), "" if value is None else plain(value), *words])
    return text.getvalue().encode("utf-8-sig")


def as_workbook(card: Card) -> bytes:
    """The days on one sheet, what they are on another."""
    from openpyxl import Workbook
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    book = Workbook()
    days, about = book.active, book.create_sheet(_("About"))
    days.title = _("Days")
    days.append(heads(card))
    for row in rows(card):
        days.append(row)
    for line in facts(card):
        about.append(line)
    for cell in (*days[1], *about["A"]):
        cell.font = Font(bold=True)
    days.freeze_panes = "A2"
    for sheet, widths in ((days, (12, 14, 10, 34, 44, 44, 44)), (about, (24, 90))):
        for number, width in enumerate(widths, start=1):
            sheet.column_dimensions[get_column_letter(number)].width = width
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def facts(card: Card) -> list[list[str]]:
    said = [
        (_("KPI"), str(card.kpi)),
        (_("Project"), card.kpi.project.name),
        (_("Source"), str(card.kpi.source)),
        (_("Where it stands"), card.headline),
        (_("Baseline"), card.baseline),
        (_("Target"), card.promise),
        (_("Freshness"), card.freshness),
        (_("Days"), f"{format_day(card.line[0].day)} – {format_day(card.line[-1].day)}"),
    ]
    return [[name, harmless(words)] for name, words in said]


# --- A picture ------------------------------------------------------------------------------------------------------


def as_picture(card: Card) -> bytes:
    """The chart with its headline and where it is from, at twice its size; drawn without a browser."""
    import resvg_py

    return bytes(resvg_py.svg_to_bytes(svg_string=sheet_of(card), zoom=2))


def sheet_of(card: Card) -> str:
    width, height = pictures.WIDE
    headline = wrap(f"{card.kpi}. {card.headline}", 70)
    top = EDGE + HEAD * len(headline)
    lines = "".join(
        f'<text class="headline" x="{EDGE}" y="{EDGE + HEAD * number + 8}">{escape(line)}</text>'
        for number, line in enumerate(headline)
    )
    origin = ", ".join(filter(None, (card.provenance, card.freshness)))
    all_high = top + height + FOOT
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width + 2 * EDGE}" height="{all_high}">'
        f"<style>{escape(STYLE)}</style>"
        f'<rect width="100%" height="100%" fill="#fff"/>{lines}'
        f'<g transform="translate({EDGE} {top})">{card.wide}</g>'
        f'<text class="from" x="{EDGE}" y="{all_high - 12}">{escape(origin)}</text></svg>'
    )


DOWNLOADS = {
    "csv": Download("text/csv; charset=utf-8", as_csv),
    "xlsx": Download("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", as_workbook),
    "png": Download("image/png", as_picture),
}
