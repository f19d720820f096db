"""The days that are shown against as many days before them, by the metric's own way."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from kpis.models import Kpi
from kpis.queries.comparisons import comparison_of
from kpis.queries.standings import standings
from tests.builders import make_kpi, make_points, make_series, make_source

LAST = date(2026, 11, 20)


def watched(cast, metric: str, values: list) -> Kpi:
    source = make_source(cast)
    series = make_series(cast, source=source, metric=metric)
    make_points(series, values, last=LAST)
    return make_kpi(cast, source=source, metric=metric)


def compared(kpi: Kpi, days: int, last: date = LAST):
    [standing] = standings([kpi])
    return comparison_of(standing, LAST - timedelta(days=days - 1), last)


def told(comparison) -> tuple:
    return comparison.how, comparison.now.value, comparison.before.value, comparison.change, comparison.percent


def test_a_level_is_compared_at_the_ends(cast):
    kpi = watched(cast, "followers", [100, 110, 120, 130, 140, 150])
    assert told(compared(kpi, 3)) == ("last", Decimal(150), Decimal(120), Decimal(30), Decimal(25))


def test_what_adds_up_is_compared_by_its_sums(cast):
    kpi = watched(cast, "visits", [10, 10, 20, 20, 20, 10])
    assert told(compared(kpi, 3)) == ("sum", Decimal(50), Decimal(40), Decimal(10), Decimal(25))


def test_a_sum_that_lacks_a_day_is_never_told_its_mean_is(cast):
    kpi = watched(cast, "visits", [10, None, 20, 20, 20, 20])
    assert told(compared(kpi, 3)) == ("mean", Decimal(20), Decimal(15), Decimal(5), Decimal(5) / 15 * 100)


def test_different_people_are_never_added_up(cast):
    kpi = watched(cast, "reach", [10, 10, 10, 20, 20, 20])
    assert told(compared(kpi, 3))[:3] == ("mean", Decimal(20), Decimal(10))


def test_with_too_few_days_there_is_nothing_to_compare_and_the_page_says_why(cast):
    kpi = watched(cast, "visits", [10, None, None, 20, 20, 20])
    comparison = compared(kpi, 3)
    assert (comparison.change, comparison.words) == (
        None,
        "There is nothing to compare. Some of the days have no number, so there is no sum.",
    )


def test_days_that_are_not_known_yet_are_left_out_of_both_periods(cast):
    kpi = watched(cast, "visits", [1, 2, 3, 10, 20, 30])
    comparison = compared(kpi, 3, last=LAST + timedelta(days=3))
    assert (comparison.now.over.last, comparison.now.over.length, comparison.before.over.length) == (LAST, 3, 3)


def test_the_line_before_lies_on_the_days_it_is_compared_with(cast):
    kpi = watched(cast, "followers", [100, 110, 120, 130, 140, 150])
    days = [LAST - timedelta(days=2), LAST - timedelta(days=1), LAST]
    assert list(compared(kpi, 3).line) == list(zip(days, [100.0, 110.0, 120.0], strict=True))


def test_without_a_number_in_these_days_there_is_no_comparison(cast):
    kpi = watched(cast, "followers", [1, 2])
    [standing] = standings([kpi])
    assert comparison_of(standing, LAST + timedelta(days=1), LAST + timedelta(days=9)) is None


def test_the_words_name_both_numbers_and_the_change(cast):
    kpi = watched(cast, "visits", [10, 10, 20, 20, 20, 10])
    assert compared(kpi, 3).words == "In these 3 days: 50. In the 3 days before: 40. Change: +10 (+25%)."


def test_the_api_and_the_page_say_the_same(cast, api, browse):
    kpi = watched(cast, "visits", [10, 10, 20, 20, 20, 10])
    span = f"from={LAST - timedelta(days=2)}&to={LAST}"
    said = api(cast.viewer).get(f"/api/v1/kpis/{kpi.pk}/comparison/?{span}").json()
    page = browse(cast.viewer).get(f"/kpis/{kpi.pk}/?{span}&compare=1")
    assert said == {
        "how": "sum",
        "now": {"first": "2026-11-18", "last": "2026-11-20", "days": 3, "value": "50", "reason": ""},
        "before": {"first": "2026-11-15", "last": "2026-11-17", "days": 3, "value": "40", "reason": ""},
        "change": "10",
        "change_percent": "25",
        "words": page.context["card"].comparison.words,
    }
    assert ('class="chart-before"' in page.content.decode(), said["words"] in page.content.decode()) == (True, True)


@pytest.mark.parametrize("query", ["", "?range=30"])
def test_the_line_before_is_drawn_only_when_it_is_asked_for(cast, browse, query):
    kpi = watched(cast, "followers", list(range(100, 200)))
    assert 'class="chart-before"' not in browse(cast.viewer).get(f"/kpis/{kpi.pk}/{query}").content.decode()
