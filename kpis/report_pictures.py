"""The charts of a report, drawn from its frozen content: the same picture on the page and on paper."""

from collections.abc import Mapping
from datetime import date, timedelta

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from kpis.charts import Target, Words, draw_chart
from kpis.pictures import NARROW, WIDE, format_short_day
from kpis.wording import unit_words
from smmportal.formatting import format_number

__all__ = ["NARROW", "WIDE", "draw", "draw_on_paper"]

PAPER = (640, 210)
#: A drawing on paper brings its own style: the document's sheet does not reach into it.
PAPER_STYLE = """
text { font: 12.5px "Liberation Sans", "DejaVu Sans", Arial, sans-serif; fill: #555; }
.chart-label { font-weight: bold; font-size: 14px; fill: #111; } .chart-label-line { fill: ACCENT; }
.chart-empty { font-size: 15px; }
.chart-grid { fill: none; stroke: #ddd; stroke-width: 1; } .chart-axis { fill: none; stroke: #888; stroke-width: 1; }
.chart-line { fill: none; stroke: ACCENT; stroke-width: 2.25; stroke-linejoin: round; stroke-linecap: round; }
.chart-provisional { stroke-dasharray: 1 5; } .chart-dot { fill: ACCENT; }
.chart-dot-open { fill: #fff; stroke: ACCENT; stroke-width: 2; }
.chart-target { fill: none; stroke: #111; stroke-width: 1.5; stroke-dasharray: 7 4; }
.chart-target-end { fill: #fff; stroke: #111; stroke-width: 1.75; }
.chart-baseline { fill: none; stroke: #888; stroke-width: 1; stroke-dasharray: 2 3; }
.chart-today { fill: none; stroke: #888; stroke-width: 1; } .chart-hatch { stroke: #aaa; stroke-width: 1; }
"""
ACCENT = "#0f5c74"


def draw(kpi: Mapping, name: str, size: tuple[int, int]) -> SafeString:
    """The period's days against the way to the target; `kpi` is the content's."""
    days = [
        (date.fromisoformat(day), None if value is None else float(value), final)
        for day, value, final, _provenance, _reason in kpi["line"]
    ]
    first, last = days[0][0], days[-1][0]
    drawn = draw_chart(
        days,
        words=words_for(kpi, name),
        key=f"report-kpi-{kpi['id']}",
        format_number=format_number,
        format_day=format_short_day,
        target=target_of(kpi),
        first=first,
        last=max(last, first + timedelta(days=1)),
        from_zero=kpi["aggregation"] == "sum",
        width=size[0],
        height=size[1],
    )
    return mark_safe(drawn)  # noqa: S308  charts.py escapes what it is given


def draw_on_paper(kpi: Mapping, name: str, accent: str = ACCENT) -> SafeString:
    style = f"<style>{PAPER_STYLE.replace('ACCENT', accent)}</style>"
    head, close, rest = draw(kpi, name, PAPER).partition("</title>")
    return mark_safe(head + close + style + rest)  # noqa: S308  a style of our own in a drawing of our own


def words_for(kpi: Mapping, name: str) -> Words:
    return Words(
        title=name,
        unit=unit_words(kpi["unit"]),
        target=_("target"),
        baseline=pgettext("chart", "baseline"),
        today=_("today"),
        provisional=pgettext("chart", "provisional"),
        forecast=_("forecast"),
        no_data=_("no data"),
        not_from_zero=_("scale starts at {value}"),
    )


def target_of(kpi: Mapping) -> Target | None:
    """The signed way; a level to hold, and a way without a baseline, are a level."""
    if kpi["target"] is None:
        return None
    holds = kpi["kind"] in ("stay_above", "stay_below") or kpi["baseline"] is None
    start = kpi["target"] if holds else kpi["baseline"]
    return Target(
        date.fromisoformat(kpi["starts_on"]), float(start), date.fromisoformat(kpi["due_on"]), float(kpi["target"])
    )
