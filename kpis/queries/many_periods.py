"""Many series over the same few periods, in as many queries as one; `kpis.queries.periods` says what is counted how."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from kpis.models import MetricSeries, Point
from kpis.queries.periods import Over, Span, Way, over, ways_of

Days = Mapping[date, Mapping[str, Decimal]]


def values_of_many(found: Sequence[MetricSeries], spans: Sequence[Span]) -> dict[int, list[Over]]:
    """For each series' id one value for each span; at most three queries."""
    ways = ways_of(found)
    days = days_of_many(ways, min(first for first, _last in spans), max(last for _first, last in spans))
    return {pk: [over(way, days[pk], first, last) for first, last in spans] for pk, way in ways.items()}


def days_of_many(ways: Mapping[int, Way], first: date, last: date) -> dict[int, Days]:
    """What is known of each day, by the names of each way."""
    wanted = {series for way in ways.values() for series in way.series.values()}
    known: dict[int, list[tuple[date, Decimal]]] = defaultdict(list)
    rows = Point.objects.filter(series__in=wanted, day__range=(first, last), value__isnull=False).order_by()
    for series_id, day, value in rows.values_list("series_id", "day", "value") if wanted else ():
        known[series_id].append((day, value))
    return {pk: days_of_way(way, known) for pk, way in ways.items()}


def days_of_way(way: Way, known: Mapping[int, Sequence[tuple[date, Decimal]]]) -> Days:
    days: dict[date, dict[str, Decimal]] = defaultdict(dict)
    for name, series_id in way.series.items():
        for day, value in known.get(series_id, ()):
            days[day][name] = value
    return days
