"""An earlier day is judged by what was known by its end: counted again later, told later, and never told at all."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kpis.models import MetricSeries, Point, Revision, Source
from kpis.queries.back_then import stood_on
from kpis.queries.standings import standings
from smmportal.demo.clock import moved_to
from tests.builders import make_snapshot
from tests.kpis.reviewing import NOON, YESTERDAY, make_watched, series_of

#: A Tuesday, and the evening after which a number came too late for it.
DAY = date(2026, 11, 10)
EVENING = datetime(2026, 11, 10, 20, tzinfo=UTC)
NEXT_WEEK = EVENING + timedelta(days=7)
LINE = [10_000 + number for number in range(40)]


@pytest.fixture(autouse=True)
def on_monday():
    with moved_to(NOON):
        yield


@pytest.fixture
def kpi(cast):
    """Followers of 10,000 and one more a day, told by the evening of each day since a month before."""
    kpi = make_watched(cast, line=LINE)
    Source.objects.update(connected_at=EVENING - timedelta(days=30))
    told(cast, kpi, EVENING - timedelta(days=20), *Point.objects.values_list("day", flat=True))
    return kpi


def told(cast, kpi, at: datetime, *days: date) -> None:
    number = Point.objects.filter(snapshot__isnull=False).count()
    snapshot = make_snapshot(cast, source=kpi.source, taken_at=at, previous_hash=f"{number}-{at:%m%d}")
    series_of(kpi).points.filter(day__in=days).update(snapshot=snapshot)


def value_of(day: date) -> Decimal:
    return Decimal(LINE[len(LINE) - 1 - (YESTERDAY - day).days])


def stood(kpi) -> tuple:
    [then] = stood_on(standings([kpi]), DAY).values()
    return then.value, then.value_on, then.is_hindsight


def test_a_number_told_in_time_stands(kpi):
    assert stood(kpi) == (value_of(DAY), DAY, False)


def test_a_number_counted_again_later_stands_as_it_was(cast, kpi):
    series = series_of(kpi)
    for hours, before, after in ((24, 9_000, 9_500), (48, 9_500, value_of(DAY))):
        at = EVENING + timedelta(hours=hours)
        Revision.objects.create(series=series, day=DAY, before=before, after=after, at=at)
    told(cast, kpi, NEXT_WEEK, DAY)
    assert stood(kpi) == (Decimal(9_000), DAY, False)


def test_what_was_counted_again_before_the_day_was_over_is_no_news(kpi):
    series = series_of(kpi)
    Revision.objects.create(series=series, day=DAY, before=9_000, after=value_of(DAY), at=EVENING)
    assert stood(kpi) == (value_of(DAY), DAY, False)


def test_a_number_told_later_gives_way_to_the_last_that_was_known(cast, kpi):
    told(cast, kpi, NEXT_WEEK, DAY, DAY - timedelta(days=1))
    assert stood(kpi) == (value_of(DAY - timedelta(days=2)), DAY - timedelta(days=2), False)


def test_where_nothing_was_known_the_numbers_of_now_are_told_as_such(cast, kpi):
    told(cast, kpi, NEXT_WEEK, *Point.objects.values_list("day", flat=True))
    assert stood(kpi) == (value_of(DAY), DAY, True)


def test_before_a_source_was_connected_nothing_was_known(kpi):
    Source.objects.update(connected_at=NEXT_WEEK)
    series = series_of(kpi)
    Revision.objects.create(series=series, day=DAY, before=9_000, after=value_of(DAY), at=NEXT_WEEK)
    Point.objects.update(snapshot=None)
    assert stood(kpi) == (value_of(DAY), DAY, True)


def test_any_number_of_kpis_costs_the_same(cast, kpi):
    def ask(kpis) -> int:
        found = standings(kpis)
        with CaptureQueriesContext(connection) as queries:
            stood_on(found, DAY)
        return len(queries)

    for_one = ask([kpi])
    others = [make_watched(cast, line=LINE) for _number in range(5)]
    assert (MetricSeries.objects.count(), ask([kpi, *others])) == (6, for_one)
