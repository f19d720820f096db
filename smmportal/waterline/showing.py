"""The gauge and its history as the page and the API show them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from kpis.charts import Words, draw_chart
from projects.models import Project
from projects.rules import acts_in
from smmportal.formatting import format_day, format_number
from smmportal.people.models import User
from smmportal.waterline import rules
from smmportal.waterline.models import Reading
from smmportal.waterline.queries import as_reading, gauge_of, history_of, since_last_meeting
from smmportal.waterline.wording import PART_WORDS, RULE_NAMES, lines_of, sentence_of

RANGES = (30, 90, 365)
USUAL_RANGE = 90
#: So many causes stand on the project's own page.
FIRST = 3


@dataclass(frozen=True)
class ShownPart:
    name: str
    words: str
    points: rules.Points


@dataclass(frozen=True)
class ShownRule:
    name: str
    points: rules.Points
    parts: list[ShownPart]


def shown_rules(gauge: rules.Gauge) -> list[ShownRule]:
    """The three rules with their parts, each with its name and how it is judged."""
    return [
        ShownRule(
            str(RULE_NAMES[points.rule]),
            points,
            [shown_part(part) for part in gauge.parts if part.rule == points.rule],
        )
        for points in gauge.rules
    ]


def shown_part(points: rules.Points) -> ShownPart:
    name, words = PART_WORDS[points.part]
    return ShownPart(str(name), str(words), points)


def shown_gauge(project: Project, reader: User) -> dict:
    """The mark and its causes, as they stand on every page of the project that shows them."""
    gauge = gauge_of(project)
    lines = lines_of(gauge.losses, project)
    return {
        "gauge": gauge,
        "reading": as_reading(project, gauge),
        "headline": headline_of(gauge),
        "lines": lines,
        "first_lines": lines[:FIRST],
        #: Whose buttons are shown; nobody's to who only looks on.
        "mover": project.side_of(reader) if acts_in(reader, project) and project.is_open else "",
    }


def headline_of(gauge: rules.Gauge) -> str:
    """The level in a sentence."""
    sentences = {
        "afloat": _("Afloat: %(score)s of 100"),
        "listing": _("Listing: %(score)s of 100"),
        "sinking": _("Sinking: %(score)s of 100"),
        "unknown": _("Not known yet: %(unknown)s points of 100 are unknown"),
    }
    return sentences[gauge.level] % {"score": format_number(gauge.had), "unknown": format_number(gauge.unknown)}


def waterline_page(project: Project, reader: User, days: int) -> dict:
    shown = shown_gauge(project, reader)
    gauge, first = shown["gauge"], project.today - timedelta(days=days - 1)
    readings = [*history_of(project, first=first, last=project.today - timedelta(days=1)), shown["reading"]]
    return {
        **shown,
        "project": project,
        "section": "overview",
        "rules": shown_rules(gauge),
        "greys": lines_of(gauge.greys, project, are_grey=True),
        "since": shown_since(project, gauge),
        "history": shown_history(readings, first, project.today),
        "ranges": [(str(each), _("%(days)s days") % {"days": each}) for each in RANGES],
        "range": str(days),
        "borders": {
            "afloat": rules.AFLOAT,
            "afloat_until": rules.AFLOAT_UNTIL,
            "sinking": rules.SINKING,
            "sinking_until": rules.SINKING_UNTIL,
            "most_unknown": rules.MOST_UNKNOWN,
        },
    }


# --- Since the last meeting -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ShownChange:
    points: Decimal
    sentence: str


def shown_since(project: Project, gauge: rules.Gauge) -> dict | None:
    since = since_last_meeting(project, gauge)
    if since is None:
        return None
    names = names_in(project)
    return {
        "reading": since.reading,
        "is_meeting": since.is_meeting,
        "are_weights_new": since.are_weights_new,
        "lost": [shown_change(change, project, names) for change in since.lost],
        "regained": [shown_change(change, project, names) for change in since.regained],
        "known": [shown_change(change, project, names, are_grey=True) for change in since.known],
    }


def names_in(project: Project) -> dict[str, str]:
    """What KPIs and sources are called in the reader's language: a reading keeps the names that its day had."""
    kpis = project.kpis.select_related("source__formula")
    sources = project.sources.select_related("formula")
    return {f"kpi:{kpi.pk}": str(kpi) for kpi in kpis} | {f"source:{source.pk}": str(source) for source in sources}


def shown_change(
    change: rules.Change, project: Project, names: dict[str, str], *, are_grey: bool = False
) -> ShownChange:
    is_dip = change.subject.startswith("dip:")
    name = names.get(f"kpi:{change.facts.get('of')}" if is_dip else change.subject)
    facts = {**change.facts, "name": name} if name else change.facts
    return ShownChange(change.points, sentence_of(change.code, facts, project, are_grey=are_grey))


# --- The history ----------------------------------------------------------------------------------------------------


def shown_history(readings: Sequence[Reading], first: date, today: date) -> dict | None:
    """The line with its table; None while there is one reading only, which is no line."""
    known = [reading for reading in readings if reading.score is not None]
    if len(readings) < 2 or not known:
        return None
    words = {
        "then": format_number(known[0].score),
        "day": format_day(known[0].day, "near"),
        "now": format_number(known[-1].score),
    }
    return {
        "headline": _("From %(then)s on %(day)s to %(now)s today") % words,
        "wide": drawn(readings, first, today, width=720, height=260),
        "narrow": drawn(readings, first, today, width=300, height=220),
        "rows": [row_of(reading) for reading in reversed(readings)],
    }


def row_of(reading: Reading) -> dict:
    reason = _("not known yet: %(unknown)s points unknown") % {"unknown": format_number(reading.unknown)}
    return {"day": reading.day, "value": reading.score, "final": True, "reason": reason}


def drawn(readings: Sequence[Reading], first: date, today: date, *, width: int, height: int) -> SafeString:
    series = [(each.day, None if each.score is None else float(each.score), True) for each in readings]
    svg = draw_chart(
        series,
        words=Words(
            title=_("Waterline"),
            summary=_("Points of 100, one reading a day."),
            today=_("today"),
            no_data=_("no data"),
            not_from_zero=_("scale starts at {value}"),
        ),
        key="waterline",
        format_number=format_number,
        format_day=lambda day: format_day(day, "short"),
        today=today,
        first=first,
        last=today,
        from_zero=True,
        width=width,
        height=height,
    )
    return mark_safe(svg)  # noqa: S308  charts.py escapes what it is given
