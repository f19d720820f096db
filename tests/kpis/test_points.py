"""What replaces what: the rule in Python and the statement in SQL say the same, and the latest value follows."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import product

import pytest
from django.utils import timezone

from kpis.models import Point
from kpis.points import close_days, put_points, refresh_latest
from kpis.recording import kept_points
from kpis.told import Cell, replaces
from tests.builders import make_series, make_snapshot, make_source

DAY = date(2026, 11, 20)


def cell(value, *, final=True, reason="", provenance="measured", day=DAY, metric="followers") -> Cell:
    return Cell(metric, day, None if value is None else Decimal(value), final, reason, provenance)


SHAPES = [
    cell(None, reason="not_given"),
    cell(None, reason="not_ready", final=False),
    *(
        cell(value, final=final, provenance=provenance)
        for value, final, provenance in product(["0", "5"], [True, False], ["measured", "imported", "manual"])
    ),
]


@pytest.fixture
def source(cast):
    return make_source(cast)


@pytest.mark.parametrize("old", SHAPES, ids=str)
def test_sql_and_python_agree_on_what_replaces_what(cast, source, old):
    for new in SHAPES:
        Point.objects.all().delete()
        put_points(source, [old], snapshot=None)
        changed = put_points(source, [new], snapshot=None)
        point = Point.objects.get()
        now = Cell("followers", point.day, point.value, point.final, point.reason, point.provenance)
        assert (changed, now) == ((1, new) if replaces(new, old) else (0, old))


def test_a_gap_never_overwrites_a_number_not_even_zero(source):
    put_points(source, [cell("0")], snapshot=None)
    put_points(source, [cell(None, reason="not_given")], snapshot=None)
    assert kept_points(source) == {("followers", DAY): cell("0.000000")}


def test_a_final_number_replaces_a_provisional_one_and_never_the_reverse(source):
    put_points(source, [cell("10", final=False)], snapshot=None)
    put_points(source, [cell("12")], snapshot=None)
    put_points(source, [cell("11", final=False)], snapshot=None)
    assert kept_points(source) == {("followers", DAY): cell("12")}


def test_a_file_never_overwrites_what_the_platform_measured(source):
    put_points(source, [cell("10")], snapshot=None)
    assert put_points(source, [cell("99", provenance="imported")], snapshot=None) == 0


def test_the_latest_value_skips_gaps_and_provisional_days_are_not_final(source):
    put_points(
        source,
        [
            cell("10", day=date(2026, 11, 18)),
            cell("11", day=date(2026, 11, 19), final=False),
            cell(None, day=date(2026, 11, 20), reason="not_ready", final=False),
        ],
        snapshot=None,
    )
    series = source.series.get()
    assert (series.latest_value, series.latest_on, series.final_through) == (
        Decimal(11),
        date(2026, 11, 19),
        date(2026, 11, 18),
    )


@pytest.mark.parametrize(
    ("metric", "final", "latest"),
    [("visits", False, 10), ("bounce_rate", False, 10), ("followers", False, 3), ("visits", True, 3)],
)
def test_what_is_counted_through_the_day_does_not_stand_before_its_evening(source, metric, final, latest):
    """Three visits at six in the morning are no fall; three followers are."""
    today = timezone.localdate(timezone=source.zone)
    put_points(
        source,
        [
            cell("10", metric=metric, day=today - timedelta(days=1), final=False),
            cell("3", metric=metric, day=today, final=final),
        ],
        snapshot=None,
    )
    assert source.series.get().latest_value == Decimal(latest)


def test_an_older_day_that_comes_late_is_not_the_latest(source):
    put_points(source, [cell("10", day=date(2026, 11, 20))], snapshot=None)
    put_points(source, [cell("7", day=date(2026, 11, 1))], snapshot=None)
    assert source.series.get().latest_value == Decimal(10)


def test_what_says_the_same_changes_nothing(cast, source):
    first, second = (make_snapshot(cast, source=source, previous_hash=link) for link in ("", "1"))
    put_points(source, [cell("10")], snapshot=first)
    before = source.series.get().changed_at
    assert put_points(source, [cell("10")], snapshot=second) == 0
    assert (source.series.get().changed_at, Point.objects.get().snapshot) == (before, first)


def test_other_series_keep_their_last_change(source):
    put_points(source, [cell("1"), cell("2", metric="reach")], snapshot=None)
    before = source.series.get(metric="reach").changed_at
    put_points(source, [cell("9"), cell("2", metric="reach")], snapshot=None)
    assert source.series.get(metric="reach").changed_at == before


def test_once_a_day_is_over_its_last_number_is_final(source):
    yesterday, today = date(2026, 11, 19), date(2026, 11, 20)
    put_points(source, [cell("10", final=False, day=yesterday), cell("11", final=False, day=today)], snapshot=None)
    refresh_latest(close_days([source.series.get().pk], before=today))
    assert list(Point.objects.values_list("day", "final")) == [(yesterday, True), (today, False)]
    assert source.series.get().final_through == yesterday


def test_numbers_keep_six_decimals(source):
    put_points(source, [cell("3.1234567")], snapshot=None)
    assert Point.objects.get().value == Decimal("3.123457")


def test_the_series_of_two_sources_are_their_own(cast, source):
    other = make_series(cast, source=make_source(cast))
    put_points(source, [cell("10")], snapshot=None)
    other.refresh_from_db()
    assert other.latest_value is None
