"""What is judged by its last seven days is foretold by them: the band speaks of the very number that will be judged."""

import random
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpis.forecast import BY_WEEKS, FEWEST, Lookout, Outlook, Unforeseen, rolled
from kpis.models import Kpi, MetricSeries
from kpis.queries.outlooks import prospects_of
from kpis.queries.standings import for_standing, prospect_of, standings, today_of
from kpis.weeks import week_ending
from tests.builders import make_formula, make_kpi, make_points, make_series

FIRST = date(2026, 9, 7)


def seen(values, kind=BY_WEEKS) -> Lookout:
    return Lookout(FIRST, rolled(values), kind, days=values)


def jumpy(days: int, *, seed: int = 1, level: int = 100) -> list[int]:
    chance = random.Random(seed)
    return [chance.randint(level // 2, level * 2) for _day in range(days)]


numbers = st.lists(st.one_of(st.none(), st.floats(min_value=-50, max_value=1e6)), min_size=5, max_size=50)


@settings(max_examples=100, deadline=None)
@given(numbers, st.lists(st.floats(min_value=-100, max_value=2e6), min_size=2, max_size=6))
def test_whatever_the_days_are_a_harder_target_is_never_likelier(values, targets):
    lookout = seen(values)
    outlook = lookout.on(lookout.last + timedelta(days=14))
    if isinstance(outlook, Unforeseen):
        return
    assert sum(value is not None for value in values) >= FEWEST
    chances = [outlook.chance(target) for target in sorted(targets)]
    assert chances == sorted(chances, reverse=True)
    assert outlook.low80 <= outlook.median <= outlook.high80


@pytest.mark.parametrize("days", [FEWEST - 1, FEWEST, 20])
def test_days_are_counted_and_not_weeks(days):
    lookout = seen(jumpy(days))
    outlook = lookout.on(lookout.last + timedelta(days=7))
    assert (outlook == Unforeseen("too_few", 13, 13)) if days < FEWEST else isinstance(outlook, Outlook)


def test_the_mean_day_of_a_week_is_surer_than_a_day():
    values = jumpy(90)
    day, week = Lookout(FIRST, values, "flow"), seen(values)
    on = day.last + timedelta(days=14)
    wide = [outlook.high80 - outlook.low80 for outlook in (day.on(on), week.on(on))]
    assert wide[1] < wide[0] / 2


def test_what_falls_below_zero_has_a_band_there():
    outlook = seen([-value for value in jumpy(60)]).on(FIRST + timedelta(days=80))
    assert outlook.high80 < 0


def test_the_last_rolled_value_is_the_mean_of_the_week():
    values = [None, 1.0, 2.0, 3.0, None, 4.0, 5.0, None, 6.0]
    assert rolled(values) == [None, None, None, None, None, None, 3.0, None, 4.0]


# --- From the days that are kept --------------------------------------------------------------------------------------


@pytest.fixture
def last(cast) -> date:
    return today_of(cast.project) - timedelta(days=1)


def tell(cast, last: date, **values) -> None:
    for metric, days in values.items():
        make_points(make_series(cast, metric=metric), days, last=last)


def prospect(kpi: Kpi):
    [standing] = standings(for_standing(Kpi.objects.filter(pk=kpi.pk)))
    return prospect_of(standing)


def weekly(cast, last: date, **fields) -> Kpi:
    return make_kpi(cast, **{"over": 7, "due_on": last + timedelta(days=20), "target": Decimal(100), **fields})


def test_the_forecast_begins_where_the_kpi_stands(cast, last):
    tell(cast, last, views=jumpy(60))
    lookout = prospect(weekly(cast, last, metric="views")).lookout
    kept = MetricSeries.objects.get().week_value
    assert (lookout.values[-1], lookout.usable) == (pytest.approx(float(kept)), 60)


def test_a_share_told_by_the_platform_is_foretold_from_both_parts(cast, last):
    tell(cast, last, visits=jumpy(60), bounce_rate=jumpy(60, seed=2, level=20))
    lookout = prospect(weekly(cast, last, metric="bounce_rate")).lookout
    series = MetricSeries.objects.get(metric="bounce_rate")
    weeks = [float(week_ending(series, last - timedelta(days=back)).value) for back in (0, 9, 30)]
    assert [lookout.values[-1 - back] for back in (0, 9, 30)] == pytest.approx(weeks)


def test_a_formula_too_and_a_day_without_a_part_counts_for_neither(cast, last):
    likes = jumpy(60, level=10)
    likes[-3] = None
    tell(cast, last, likes=likes, followers=range(1000, 1060), views=jumpy(60, seed=3))
    for expression in ("likes / views * 100", "likes / followers * 100 + 1", "followers / views"):
        formula = make_formula(cast, expression)
        kpi = weekly(cast, last, source=formula.source, metric="formula")
        series = formula.source.series.get()
        assert prospect(kpi).lookout.values[-1] == pytest.approx(float(series.week_value), rel=1e-5)


def test_by_the_day_and_by_weeks_are_kept_apart(cast, last, django_assert_num_queries):
    tell(cast, last, visits=jumpy(60), bounce_rate=jumpy(60, seed=2, level=20))
    kpis = [weekly(cast, last, metric="bounce_rate", target=Decimal(30), over=over) for over in (1, 7, 7, 7)]
    series = MetricSeries.objects.select_related("source__formula", "computed").get(metric="bounce_rate")
    with django_assert_num_queries(2):
        found = prospects_of([(kpi, series) for kpi in kpis])
    assert [len(found[kpi.pk].lookout.values) for kpi in kpis] == [60, 56, 56, 56]
    assert found[kpis[0].pk].chance != found[kpis[1].pk].chance
    with django_assert_num_queries(0):
        prospects_of([(kpi, series) for kpi in kpis])


def test_thirteen_days_are_too_few_for_a_share(cast, last):
    tell(cast, last, visits=jumpy(60), bounce_rate=[None] * 47 + jumpy(13, level=20))
    assert prospect(weekly(cast, last, metric="bounce_rate")).reason == "too_few"
