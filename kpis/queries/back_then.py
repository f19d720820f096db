"""How KPIs stood on an earlier day, by the numbers that are known of that day now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from kpis import course
from kpis.models import ForecastDay, Point
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

    @property
    def words(self) -> str:
        return number_over(self.value, self.unit, self.over, is_mean=self.is_mean)


def as_now(standing: Standing) -> Then:
    return then_of(standing, standing.status, standing.now)


def then_of(standing: Standing, status: course.Status, now: Now) -> Then:
    return Then(status, now.value, now.on, standing.unit, now.over, standing.is_mean)


def stood_on(found: Sequence[Standing], day: date) -> dict[int, Then]:
    """For each KPI whose term had begun by that day: two queries for any number, and two or three more where some are
    judged by their weeks."""
    begun = [standing for standing in found if standing.kpi.starts_on <= day]
    values = last_values([standing.series.pk for standing in begun if standing.series], day)
    weeks = weeks_to([standing for standing in begun if standing.series and standing.kpi.over == WEEK], day)
    chances = last_chances([standing.kpi.pk for standing in begun], day)
    return {
        standing.kpi.pk: judged(standing, day, now_then(standing, values, weeks), chances.get(standing.kpi.pk))
        for standing in begun
    }


def now_then(standing: Standing, values: Mapping[int, tuple[date, Decimal]], weeks: Mapping[int, Now]) -> Now:
    """As the board of that day would have had it."""
    series = standing.series
    if series is None:
        return Now()
    if series.pk in weeks and standing.kpi.over == WEEK:
        return weeks[series.pk]
    on, value = values.get(series.pk, (None, None))
    return Now(value, on, is_noise=standing.kpi.over == WEEK and value is not None)


def judged(standing: Standing, day: date, now: Now, chance: float | None) -> Then:
    is_gone = standing.retired_on is not None and standing.retired_on <= day
    situation = replace(
        standing.situation,
        today=day,
        current=now.judged,
        current_on=now.on,
        source_lost=standing.is_retired and is_gone,
        chance=chance,
    )
    return then_of(standing, course.judge(situation), now)


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


def last_values(series_ids: Sequence[int], day: date) -> dict[int, tuple[date, Decimal]]:
    """The last number of each series by that day; an older one than that says nothing of it."""
    span = (day - timedelta(days=course.STALE_AFTER), day)
    points = Point.objects.filter(series__in=series_ids, day__range=span, value__isnull=False).order_by("day")
    return {series_id: (on, value) for series_id, on, value in points.values_list("series_id", "day", "value")}


def last_chances(kpi_ids: Sequence[int], day: date) -> dict[int, float]:
    days = ForecastDay.objects.filter(kpi__in=kpi_ids, day__range=(day - CHANCE_STANDS, day)).order_by("day")
    return dict(days.filter(chance__isnull=False).values_list("kpi_id", "chance"))
