"""The value of a metric over several days is a ratio of sums, and what can't be told honestly is not told."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from kpis.models import MetricSeries, Source
from kpis.queries.periods import denominators_of, value_over, values_over, weeks_between
from tests.builders import make_formula, make_points, make_series

MONDAY = date(2026, 11, 16)
SUNDAY = date(2026, 11, 22)


@pytest.fixture
def source(cast):
    return cast.get(Source)


def series_of(cast, source, metric, values) -> MetricSeries:
    series = make_series(cast, source=source, metric=metric)
    make_points(series, values, last=MONDAY + timedelta(days=len(values) - 1))
    return series


def told(over) -> tuple:
    return (over.value, over.reason, over.days, over.length)


def test_a_flow_is_the_sum_of_its_days(cast, source):
    series = series_of(cast, source, "likes", [1, 2, 3, 4, 5, 6, 7])
    assert told(value_over(series, MONDAY, SUNDAY)) == (28, "", 7, 7)


def test_a_sum_of_which_a_day_is_missing_is_not_told(cast, source):
    series = series_of(cast, source, "likes", [1, 2, None, 4, 5, 6, 7])
    assert told(value_over(series, MONDAY, SUNDAY)) == (None, "days_missing", 6, 7)


def test_of_a_stock_the_last_day_counts(cast, source):
    series = series_of(cast, source, "followers", [100, 110, 120])
    assert told(value_over(series, MONDAY, SUNDAY)) == (120, "", 3, 7)


def test_different_people_are_told_for_single_days_only(cast, source):
    series = series_of(cast, source, "reach", [100, 110])
    assert told(value_over(series, MONDAY, MONDAY)) == (100, "", 1, 1)
    assert told(value_over(series, MONDAY, SUNDAY)) == (None, "not_over_days", 2, 7)


def test_a_platforms_own_share_is_weighted_by_its_denominator(cast, source):
    series_of(cast, source, "visits", [1, 99])
    rate = series_of(cast, source, "bounce_rate", [100, 0])
    assert told(value_over(rate, MONDAY, MONDAY + timedelta(days=1))) == (1, "", 2, 2)


def test_a_day_without_its_denominator_counts_on_neither_side(cast, source):
    series_of(cast, source, "visits", [10, None, 30])
    rate = series_of(cast, source, "bounce_rate", [40, 90, 20])
    assert told(value_over(rate, MONDAY, MONDAY + timedelta(days=2))) == (25, "", 2, 3)


def test_a_share_without_a_known_denominator_is_told_for_single_days_only(cast, source):
    rate = series_of(cast, source, "bounce_rate", [40, 60])
    assert told(value_over(rate, MONDAY, MONDAY)) == (40, "", 1, 1)
    assert value_over(rate, MONDAY, MONDAY + timedelta(days=1)).value is None


def test_a_share_of_different_people_is_not_told_over_days(cast, source):
    series_of(cast, source, "reach", [100, 100])
    rate = series_of(cast, source, "engagement_rate", [5, 6])
    assert told(value_over(rate, MONDAY, MONDAY + timedelta(days=1))) == (None, "not_over_days", 2, 2)


def test_a_formula_is_a_ratio_of_the_sums_of_its_operands(cast, source):
    series_of(cast, source, "clicks", [1, 0])
    series_of(cast, source, "views", [1, 99])
    formula = make_formula(cast, "clicks / views * 100")
    series = MetricSeries.objects.get(source=formula.source)
    assert told(value_over(series, MONDAY, MONDAY + timedelta(days=1))) == (1, "", 2, 2)
    assert denominators_of(series, SUNDAY) == {MONDAY: Decimal(1), MONDAY + timedelta(days=1): Decimal(99)}


def test_a_week_without_a_number_says_so(cast, source):
    series = series_of(cast, source, "likes", [1])
    over = value_over(series, MONDAY - timedelta(days=7), MONDAY - timedelta(days=1))
    assert told(over) == (None, "days_empty", 0, 7)


def test_thirty_weeks_cost_as_many_queries_as_one(cast, source, django_assert_num_queries):
    series = series_of(cast, source, "likes", [1] * 7)
    series = MetricSeries.objects.select_related("computed", "source__formula").get(pk=series.pk)
    for count in (1, 30):
        spans = [(MONDAY - timedelta(days=7 * number), SUNDAY - timedelta(days=7 * number)) for number in range(count)]
        with django_assert_num_queries(1):
            assert values_over(series, spans)[0].value == 7


def test_only_whole_weeks_are_weeks():
    assert weeks_between(MONDAY - timedelta(days=3), SUNDAY + timedelta(days=6)) == [(MONDAY, SUNDAY)]
    assert weeks_between(MONDAY, MONDAY + timedelta(days=5)) == []
