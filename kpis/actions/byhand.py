"""Verbs about places without an interface for programs, and the numbers that people type."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kpis.actions.imports import demand_to_import
from kpis.actions.sources import demand_to_tend
from kpis.byhand import place_name
from kpis.imports import EARLIEST_YEAR, LARGEST_NUMBER, MAY_BE_NEGATIVE
from kpis.metrics import CATALOGUE, METRICS
from kpis.models import Point, Source
from kpis.queries.metrics import metrics_of
from kpis.recording import Recorded, record_typed
from projects.models import Project
from projects.origins import Place, claim
from smmportal.audit import record
from smmportal.formatting import format_day, format_number
from smmportal.people.models import User
from smmportal.refusals import Refused

MOST_METRICS = 12
MANUAL, MEASURED = Point.Provenance.MANUAL, Point.Provenance.MEASURED
NOT_SEEN = object()


@dataclass(frozen=True)
class Typed:
    """One number as a person typed it; None: nobody knows it. `seen` is what stood there when they began."""

    metric: str
    day: date
    value: Decimal | None
    seen: object = NOT_SEEN


# --- The place ------------------------------------------------------------------------------------------------------


@transaction.atomic
def add_place(
    project: Project,
    *,
    name: str,
    metrics: Sequence[str],
    every: str,
    person: User,
    by: User,
    origin: Place | None = None,
) -> Source:
    """A source whose numbers this person types so often. A place is there once."""
    demand_to_import(by, project)
    title = place_name(name)[:200]
    refuse_wrong_plan(project, metrics, person)
    if not title:
        raise Refused(_("Say what the place is called."), code="place-nameless")
    identity = {"project": project, "platform": Source.MANUAL, "external_id": title.casefold()[:200], "filter": ""}
    if Source.objects.filter(**identity).exists():
        raise Refused(_("“%(place)s” is among the sources already.") % {"place": title}, code="place-known")
    source = Source.objects.create(
        **identity,
        title=title,
        timezone=project.timezone,
        connected_by=by,
        typed_metrics=in_catalogue_order(metrics),
        typed_every=every,
        typed_by=person,
        **claim("source", origin),
    )
    record("source.connected", about=source, by=by, project=project, platform=source.platform, title=source.title)
    return source


@transaction.atomic
def change_plan(source: Source, *, metrics: Sequence[str], every: str, person: User, by: User) -> Source:
    """Which numbers are typed, how often, and by whom. Numbers that were typed stay."""
    demand_to_tend(by, source)
    if not source.is_typed:
        raise Refused(_("The numbers of this source are not typed by hand."), code="not-typed")
    refuse_wrong_plan(source.project, metrics, person)
    was = {"metrics": source.typed_metrics, "every": source.typed_every, "person": str(source.typed_by or "")}
    source.typed_metrics, source.typed_every, source.typed_by = in_catalogue_order(metrics), every, person
    source.save(update_fields=["typed_metrics", "typed_every", "typed_by"])
    became = {"metrics": source.typed_metrics, "every": every, "person": str(person)}
    record("source.plan_changed", about=source, by=by, project=source.project, was=was, became=became)
    return source


def refuse_wrong_plan(project: Project, metrics: Sequence[str], person: User) -> None:
    if not metrics or not set(metrics) <= set(METRICS):
        raise Refused(_("Choose at least one number to type."), code="no-metrics")
    if len(set(metrics)) > MOST_METRICS:
        raise Refused(_("At most 12 numbers fit on one page. Make a second source for the rest."), code="many-metrics")
    if person not in project.people:
        raise Refused(_("Whoever types the numbers must be one of the people of the project."), code="person-elsewhere")


def in_catalogue_order(metrics: Sequence[str]) -> list[str]:
    return [code for code in CATALOGUE if code in metrics]


# --- The numbers ----------------------------------------------------------------------------------------------------


@transaction.atomic
def type_numbers(source: Source, *, numbers: Sequence[Typed], by: User) -> Recorded:
    """Keep what a person typed: all of it or nothing. What is there already changes nothing.

    Refuses to overwrite what the platform measured, and what somebody else has typed since this person looked.
    """
    demand_to_tend(by, source)
    source = Source.objects.select_for_update(of=("self",)).select_related("project").get(pk=source.pk)
    refuse_other_metrics(source, numbers)
    for one in numbers:
        refuse_impossible(one, timezone.localdate(timezone=source.zone))
    numbers = once_each(numbers)
    known = known_points(source, numbers)
    fresh = [one for one in numbers if one.value != value_of(known, one)]
    refuse_measured(fresh, known)
    refuse_stale(fresh, known)
    refuse_emptied_import(fresh, known)
    return keep(source, fresh, known, by)


Known = dict[tuple[str, date], Point]


def known_points(source: Source, numbers: Sequence[Typed]) -> Known:
    days = {one.day for one in numbers}
    if not days:
        return {}
    rows = Point.objects.filter(series__source=source, day__range=(min(days), max(days))).select_related("series")
    return {(row.series.metric, row.day): row for row in rows}


def value_of(known: Known, one: Typed) -> Decimal | None:
    point = known.get((one.metric, one.day))
    return point.value if point else None


def keep(source: Source, fresh: Sequence[Typed], known: Known, by: User) -> Recorded:
    now = timezone.now()
    values = [(one.metric, one.day, one.value, value_of(known, one)) for one in fresh]
    recorded = record_typed(source, values, taken_at=now, by=by)
    if recorded.snapshot_id:
        if not source.is_pulled:
            days = [source.history_from, *(one.day for one in fresh if one.value is not None)]
            Source.objects.filter(pk=source.pk).update(
                last_success_at=now, history_from=min(filter(None, days), default=None)
            )
        record("numbers.typed", about=source, by=by, project=source.project, numbers=len(fresh))
    return recorded


# --- What is refused ------------------------------------------------------------------------------------------------


def once_each(numbers: Sequence[Typed]) -> list[Typed]:
    """The numbers, each once. Refuses two that contradict each other."""
    told: dict[tuple[str, date], Typed] = {}
    for one in numbers:
        if told.setdefault((one.metric, one.day), one).value != one.value:
            sentence = _("%(day)s is told twice, with different numbers.")
            raise Refused(sentence % {"day": format_day(one.day)}, code="told-twice")
    return list(told.values())


def refuse_other_metrics(source: Source, numbers: Sequence[Typed]) -> None:
    if not {one.metric for one in numbers} <= set(metrics_of(source)):
        sentence = _("“%(source)s” does not give this metric. Choose another metric or another source.")
        raise Refused(sentence % {"source": source}, code="metric-unknown")


def refuse_impossible(one: Typed, today: date) -> None:
    day = {"day": format_day(one.day)}
    if one.day > today:
        raise Refused(_("%(day)s has not come yet, so it can't have a number.") % day, code="future-day")
    if one.day.year < EARLIEST_YEAR:
        raise Refused(_("%(day)s is too long ago to be meant.") % day, code="day-long-ago")
    if one.value is None:
        return
    if one.value < 0 and one.metric not in MAY_BE_NEGATIVE:
        raise Refused(_("This number is never below zero. Look at %(day)s again.") % day, code="negative")
    if abs(one.value) >= LARGEST_NUMBER:
        raise Refused(_("The number of %(day)s is too large.") % day, code="too-large")


def refuse_measured(fresh: Sequence[Typed], known: Known) -> None:
    days = [
        one.day.isoformat()
        for one in fresh
        if value_of(known, one) is not None and known[one.metric, one.day].provenance == MEASURED
    ]
    if days:
        sentence = ngettext(
            "The platform itself has measured %(day)s, and its number stays. Leave that day out.",
            "The platform itself has measured %(count)s of these days, first %(day)s, and its numbers stay. "
            "Leave them out.",
            len(days),
        )
        raise Refused(sentence % {"count": len(days), "day": min(days)}, code="measured-days", days=sorted(days))


def refuse_stale(fresh: Sequence[Typed], known: Known) -> None:
    stale = [one for one in fresh if one.seen is not NOT_SEEN and one.seen != value_of(known, one)]
    if not stale:
        return
    first = stale[0]
    words = {
        "metric": METRICS[first.metric].name,
        "day": format_day(first.day, "near"),
        "there": format_number(value_of(known, first)),
        "yours": format_number(first.value),
    }
    sentence = _(
        "Somebody has changed “%(metric)s” of %(day)s while you were typing: it says %(there)s now, and you typed "
        "%(yours)s. Nothing is saved yet. Save again to put yours in its place."
    )
    cells = [{"metric": one.metric, "day": one.day.isoformat()} for one in stale]
    raise Refused(sentence % words, code="changed-meanwhile", cells=cells)


def refuse_emptied_import(fresh: Sequence[Typed], known: Known) -> None:
    """An empty cell takes back what was typed; what a file or a program brought can only be corrected."""
    for one in fresh:
        if one.value is None and known[one.metric, one.day].provenance != MANUAL:
            sentence = _("The number of %(day)s was imported, so it can be corrected here but not taken back.")
            raise Refused(sentence % {"day": format_day(one.day)}, code="imported-day")
