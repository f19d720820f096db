"""The number of the last seven final days, kept beside each series: what a KPI on a jumpy daily number is judged by.

A single day of visits or of a click-through rate says little. Put together per day, sums come to their mean day and
shares to a ratio of sums (never a mean of ratios); both can be compared with a target that is said of a day. Stocks are
what they are, and different people are never put together: of those the latest number counts, as before.

Only final days count. The week ends on the last of them, and `ENOUGH` of the seven must have every number that is
needed; else there is no number of the week, and a KPI that is judged by weeks is unknown rather than judged by noise.
"""

from collections.abc import Collection, Iterable
from datetime import date, timedelta

from django.db.models import Avg, Count, OuterRef, Subquery
from django.utils import timezone

from kpis.metrics import PEOPLE, RATIOS, SUMS
from kpis.models import MetricSeries, Operand, Point, Source
from kpis.queries.periods import ENOUGH, WEEK, Over, Way, can_be_weekly, final_numbers, way_of, ways_of, week_over

__all__ = ["ENOUGH", "WEEK", "over_for", "refresh_weeks", "week_ending", "wrong_weeks"]

#: Windows that end in these days are read together; the few older ones by themselves.
RECENT = timedelta(days=69)
KEPT = ("week_value", "week_days")


def refresh_weeks(changed: Collection[int], sources: Collection[int]) -> None:
    """Put the number of the last seven final days beside the series that changed and what is counted from them.

    `sources` are those of the series: a share may have changed with its denominator, though its own days did not.
    """
    refresh_ratios({*ratios_in(sources), *counted_from(changed)})


def put_mean_days(series: Collection[int], *, since: date | None = None) -> None:
    """Beside series that may be summed: their mean day. Without a look at days before `since`."""
    days = Point.objects.filter(
        series=OuterRef("pk"),
        day__lte=OuterRef("final_through"),
        day__gt=OuterRef("final_through") - timedelta(days=WEEK),
        final=True,
        value__isnull=False,
    )
    if since:
        days = days.filter(day__gte=since - timedelta(days=WEEK))
    week = days.order_by().values("series").annotate(mean=Avg("value"), known=Count("day"))
    MetricSeries.objects.filter(pk__among=series).update(
        week_value=Subquery(week.filter(known__gte=ENOUGH).values("mean")),
        week_days=Subquery(week.values("known")),
    )


def ratios_in(sources: Collection[int]) -> set[int]:
    rows = MetricSeries.objects.filter(source__among=sources, metric__in=RATIOS)
    return set(rows.order_by().values_list("pk", flat=True))


def counted_from(series: Collection[int]) -> set[int]:
    rows = Operand.objects.filter(series__among=series, computed__series__metric__in=RATIOS)
    return set(rows.order_by().values_list("computed__series", flat=True))


def refresh_ratios(series: Collection[int]) -> None:
    """Beside series that are divided: the ratio of the sums. The same few queries, however many they are."""
    if not series:
        return
    found = list(wrong_weeks(with_ways(MetricSeries.objects.filter(pk__among=series))))
    for row, value, days in found:
        row.week_value, row.week_days, row.changed_at = value, days, timezone.now()
    MetricSeries.objects.bulk_update([row for row, _value, _days in found], [*KEPT, "changed_at"])


def with_ways(series):
    return series.select_related("computed", "source__formula").order_by("pk")


def wrong_weeks(series: Iterable[MetricSeries]) -> Iterable[tuple[MetricSeries, object, int | None]]:
    """Each whose kept week is not what its days say, with the value and the days that they do say."""
    since = timezone.localdate() - RECENT
    rows = list(series)
    recent = [row for row in rows if row.final_through and row.final_through >= since]
    for group in (recent, [row for row in rows if row not in recent]):
        for row, week in weeks_of(group):
            value = week.value if week and week.days >= ENOUGH else None
            days = week.days if week else None
            if (row.week_value, row.week_days) != (value, days):
                yield row, value, days


def weeks_of(series: Collection[MetricSeries]) -> list[tuple[MetricSeries, Over | None]]:
    """Each with its last seven final days put together; None for what can't be."""
    ways = ways_of(series)
    ends = [row.final_through for row in series if row.final_through]
    numbers = final_numbers(ways.values(), min(ends) - timedelta(days=WEEK), max(ends)) if ends else {}
    return [
        (row, week_over(ways[row.pk], numbers, row.final_through) if has_week(row, ways[row.pk]) else None)
        for row in series
    ]


def has_week(series: MetricSeries, way: Way) -> bool:
    return series.final_through is not None and can_be_weekly(way)


# --- What a KPI takes -------------------------------------------------------------------------------------------------


def over_for(source: Source, metric: str) -> int:
    """Of how many days a KPI on this number is: 7 where its days jump and can be put together, else 1.

    Numbers that come by the week or the month stand for their own days already.
    """
    if source.typed_every in (Source.Cadence.WEEKLY, Source.Cadence.MONTHLY):
        return 1
    series = with_ways(MetricSeries.objects.filter(source=source, metric=metric)).first()
    if series is None:
        return WEEK if may_be_weekly(source, metric) else 1
    way = way_of(series)
    stands_alone = not source.is_pulled and days_to(way, series.final_through) == 1
    return WEEK if can_be_weekly(way) and not stands_alone else 1


def may_be_weekly(source: Source, metric: str) -> bool:
    """Before the first number has come."""
    known = source.metric(metric)
    weight = known.weighted_by if known else ""
    return metric in SUMS or (weight in source.told and weight not in PEOPLE)


def days_to(way: Way, last: date | None) -> int:
    return week_to(way, last).days if last else 0


def week_ending(series: MetricSeries, last: date) -> Over:
    """The seven days that end on `last`, final ones only, put together."""
    return week_to(way_of(series), last)


def week_to(way: Way, last: date) -> Over:
    return week_over(way, final_numbers([way], last - timedelta(days=WEEK - 1), last), last)
