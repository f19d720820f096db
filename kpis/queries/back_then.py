"""How KPIs stood on an earlier day, by the numbers that the portal had by the end of it.

A number that was counted again later is taken as it was (`Revision`); one that the portal was told later is left out
where an earlier day has one that it knew. Where it knew none, as before a source was connected, the numbers of now are
all there is, and `Then.is_hindsight` says so; so it does of a week's number, whose days become final after it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import NamedTuple
from zoneinfo import ZoneInfo

from kpis import course
from kpis.models import ForecastDay, Point, Revision
from kpis.queries.periods import ENOUGH, WEEK, can_be_weekly, final_numbers, ways_of, week_over
from kpis.queries.standings import Standing
from kpis.queries.standings.now import Now
from kpis.wording import number_over

#: A forecast of some days before still says where it was heading.
CHANCE_STANDS = timedelta(days=7)


@dataclass(frozen=True)
class Then:
    """Where a KPI stood on a day. `value`, over so many days up to `value_on`, is None when no number of the days
    before says it."""

    status: course.Status
    value: Decimal | None
    value_on: date | None
    unit: str
    over: int = 1
    is_mean: bool = False
    #: The portal did not have this number on that day.
    is_hindsight: bool = False

    @property
    def words(self) -> str:
        return number_over(self.value, self.unit, self.over, is_mean=self.is_mean)


def as_now(standing: Standing) -> Then:
    return then_of(standing, standing.status, standing.now)


def then_of(standing: Standing, status: course.Status, now: Now) -> Then:
    return Then(status, now.value, now.on, standing.unit, now.over, standing.is_mean)


def stood_on(found: Sequence[Standing], day: date) -> dict[int, Then]:
    """For each KPI whose term had begun by that day: three queries for any number, and two or three more where some are
    judged by their weeks. The KPIs are of one project."""
    begun = [standing for standing in found if standing.kpi.starts_on <= day]
    if not begun:
        return {}
    values = last_values([standing.series.pk for standing in begun if standing.series], day, end_of(begun, day))
    weeks = weeks_to([standing for standing in begun if standing.series and standing.kpi.over == WEEK], day)
    chances = last_chances([standing.kpi.pk for standing in begun], day)
    return {
        standing.kpi.pk: judged(standing, day, now_then(standing, values, weeks), chances.get(standing.kpi.pk))
        for standing in begun
    }


def end_of(found: Sequence[Standing], day: date) -> datetime:
    """The moment after which a number came too late for that day, where the project is."""
    return datetime.combine(day + timedelta(days=1), time(), ZoneInfo(found[0].kpi.project.timezone))


def now_then(standing: Standing, values: Mapping[int, "LastValue"], weeks: Mapping[int, Now]) -> tuple[Now, bool]:
    """As the board of that day would have had it; and whether it would not."""
    series = standing.series
    if series is None:
        return Now(), False
    if series.pk in weeks and standing.kpi.over == WEEK:
        return weeks[series.pk], True
    last = values.get(series.pk)
    if last is None:
        return Now(), False
    return Now(last.value, last.on, is_noise=standing.kpi.over == WEEK), last.is_hindsight


def judged(standing: Standing, day: date, known: tuple[Now, bool], chance: float | None) -> Then:
    now, is_hindsight = known
    is_gone = standing.retired_on is not None and standing.retired_on <= day
    situation = replace(
        standing.situation,
        today=day,
        current=now.judged,
        current_on=now.on,
        source_lost=standing.is_retired and is_gone,
        chance=chance,
    )
    return replace(then_of(standing, course.judge(situation), now), is_hindsight=is_hindsight)


def weeks_to(found: Sequence[Standing], day: date) -> dict[int, Now]:
    """By the series' id the number of the last seven days that are final by now; only where enough of them have one."""
    ends = {one.series.pk: min(day, one.series.final_through) for one in found if one.series.final_through}
    ends = {pk: end for pk, end in ends.items() if (day - end).days <= course.STALE_AFTER}
    if not ends:
        return {}
    ways = ways_of([one.series for one in found if one.series.pk in ends])
    ways = {pk: way for pk, way in ways.items() if can_be_weekly(way)}
    numbers = final_numbers(ways.values(), min(ends.values()) - timedelta(days=WEEK), max(ends.values()))
    weeks = {pk: week_over(way, numbers, ends[pk]) for pk, way in ways.items()}
    return {
        pk: Now(round(week.value, 6), ends[pk], WEEK, known=week.days)
        for pk, week in weeks.items()
        if week.value is not None and week.days >= ENOUGH
    }


class LastValue(NamedTuple):
    on: date
    value: Decimal
    is_hindsight: bool


def last_values(series_ids: Sequence[int], day: date, end: datetime) -> dict[int, LastValue]:
    """The last number of each series by that day which the portal had before `end`; where it had none, the last that it
    has of these days now. An older one than STALE_AFTER says nothing of the day."""
    span = (day - timedelta(days=course.STALE_AFTER), day)
    before = values_before(series_ids, span, end)
    points = Point.objects.filter(series__in=series_ids, day__range=span, value__isnull=False).order_by("day")
    had: dict[int, LastValue] = {}
    late: dict[int, LastValue] = {}
    since = ("snapshot__taken_at", "series__source__connected_at")
    for series_id, on, value, told_at, connected_at in points.values_list("series_id", "day", "value", *since):
        if (series_id, on) in before and connected_at < end:
            had[series_id] = LastValue(on, before[series_id, on], False)
        elif told_at is not None and told_at < end:
            had[series_id] = LastValue(on, value, False)
        else:
            late[series_id] = LastValue(on, value, True)
    return late | had


def values_before(series_ids: Sequence[int], span: tuple[date, date], end: datetime) -> dict[tuple[int, date], Decimal]:
    """What was known of the days that have been counted again since: what the first such time took the place of."""
    rows = Revision.objects.filter(series__in=series_ids, day__range=span, at__gte=end).order_by("-pk")
    return {(series_id, on): value for series_id, on, value in rows.values_list("series_id", "day", "before")}


def last_chances(kpi_ids: Sequence[int], day: date) -> dict[int, float]:
    days = ForecastDay.objects.filter(kpi__in=kpi_ids, day__range=(day - CHANCE_STANDS, day)).order_by("day")
    return dict(days.filter(chance__isnull=False).values_list("kpi_id", "chance"))
