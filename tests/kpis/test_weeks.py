"""The number of the last seven final days: kept beside the series, and always what a fresh look at the days says."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kpis.actions.kpis import capture_baseline, draft_kpi
from kpis.computing import begin_from_catalogue, follow
from kpis.models import Kpi, MetricSeries, Source
from kpis.points import put_many
from kpis.queries.standings import for_standing, standings, today_of
from kpis.recording import record_given_points
from kpis.terms import say_term, term_of
from kpis.told import Cell, Told
from kpis.weeks import over_for, week_ending, with_ways, wrong_weeks
from kpis.wording import freshness, headline
from tests.builders import make_formula, make_kpi, make_points, make_series, make_source

LAST = date(2026, 11, 22)
KPIS = "/api/v1/kpis/"


@pytest.fixture
def source(cast) -> Source:
    return cast.get(Source)


@pytest.fixture
def today(cast) -> date:
    return today_of(cast.project)


def tell(source: Source, metric: str, values: list, *, last: date = LAST, **fields) -> None:
    """Days that end on `last`; None is a day without a row."""
    first = last - timedelta(days=len(values) - 1)
    cells = [
        Cell(metric, first + timedelta(days=place), Decimal(value), **fields)
        for place, value in enumerate(values)
        if value is not None
    ]
    told = [Told(source, cells)]
    follow(told, put_many(told))


def week(source: Source, metric: str) -> tuple:
    row = MetricSeries.objects.get(source=source, metric=metric)
    return row.week_value, row.week_days


def test_a_flow_comes_to_its_mean_day(source):
    tell(source, "views", [900, 10, 20, 30, 40, 50, 60, 70])
    assert week(source, "views") == (Decimal(40), 7)


def test_five_days_of_seven_are_enough_and_four_are_not(source):
    tell(source, "views", [10, None, 20, 30, None, 40, 50])
    tell(source, "likes", [10, None, 20, None, None, 40, 50])
    assert (week(source, "views"), week(source, "likes")) == ((Decimal(30), 5), (None, 4))


def test_what_may_still_change_does_not_count(source):
    tell(source, "views", [10] * 7, last=LAST - timedelta(days=1))
    tell(source, "views", [999], final=False)
    assert week(source, "views") == (Decimal(10), 7)
    tell(source, "views", [80])
    assert week(source, "views") == (Decimal(20), 7)


def test_a_zero_counts_and_a_gap_does_not(source):
    tell(source, "views", [70, 0, 0, 0, 0, 0, None])
    assert week(source, "views") == (Decimal("11.666667"), 6)


@pytest.mark.parametrize("metric", ["followers", "reach", "visitors", "response_time"])
def test_stocks_and_people_are_not_put_together(source, metric):
    tell(source, metric, [10] * 10)
    assert week(source, metric) == (None, None)


def test_a_share_is_a_ratio_of_sums(source):
    tell(source, "visits", [100] * 6 + [1000])
    tell(source, "bounce_rate", [10] * 6 + [50])
    assert week(source, "bounce_rate") == (Decimal("35.0"), 7)


def test_a_share_without_its_denominator_stays_alone(source):
    tell(source, "bounce_rate", [10] * 7)
    assert week(source, "bounce_rate") == (None, None)


def test_a_share_moves_with_its_denominator_alone(source):
    tell(source, "visits", [100] * 7)
    tell(source, "bounce_rate", [10] * 6 + [50])
    before = MetricSeries.objects.get(metric="bounce_rate").changed_at
    tell(source, "visits", [1000])
    assert week(source, "bounce_rate") == (Decimal("35.0"), 7)
    assert MetricSeries.objects.get(metric="bounce_rate").changed_at > before


def test_what_is_counted_moves_with_its_parts(source):
    tell(source, "clicks", [1] * 7)
    tell(source, "impressions", [100] * 7)
    begin_from_catalogue(source, "ctr")
    assert week(source, "ctr") == (Decimal(1), 7)
    tell(source, "clicks", [10])
    tell(source, "impressions", [1000])
    assert week(source, "ctr") == (Decimal(1), 7)
    tell(source, "clicks", [94], last=LAST + timedelta(days=1))
    tell(source, "impressions", [1400], last=LAST + timedelta(days=1))
    assert week(source, "ctr") == (Decimal("3.758621"), 7)


def test_a_formula_over_a_stock_keeps_the_size_of_a_day(cast, source):
    """Likes are the mean day's, followers the last day's: seven days of likes over one day's followers are no share."""
    tell(source, "likes", [10] * 7)
    tell(source, "followers", [200] * 6 + [400])
    formula = make_formula(cast, "likes / followers * 100")
    assert week(formula.source, "formula") == (Decimal("2.5"), 7)


def test_a_revision_and_a_rebuild_say_the_same(cast, source, capsys):
    days = {LAST - timedelta(days=back): Decimal(10) for back in range(7)}
    for values in (days, {LAST: Decimal(80)}):
        record_given_points(source, "views", values, taken_at=timezone.now(), by=cast.manager)
    assert week(source, "views") == (Decimal(20), 7)
    MetricSeries.objects.update(week_value=5, week_days=3)
    with pytest.raises(CommandError, match="1 points differ"):
        call_command("rebuild_points")
    assert "the last seven days of views" in capsys.readouterr().out
    call_command("rebuild_points", write=True)
    assert week(source, "views") == (Decimal(20), 7)


steps = st.lists(
    st.tuples(
        st.sampled_from(["views", "likes", "comments", "shares", "visits", "bounce_rate", "followers"]),
        st.integers(min_value=0, max_value=11),
        st.integers(min_value=0, max_value=500),
        st.booleans(),
    ),
    min_size=1,
    max_size=60,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps)
def test_what_is_kept_is_what_a_fresh_look_says(source, steps):
    """Whatever comes, in whatever order, provisional or final, revised or not."""
    begin_from_catalogue(source, "engagement_by_views")
    for metric, back, value, final in steps:
        tell(source, metric, [value], last=LAST - timedelta(days=back), final=final)
    rows = list(with_ways(MetricSeries.objects.all()))
    assert [str(row) for row, _value, _days in wrong_weeks(rows)] == []


def test_a_batch_costs_the_same_however_many_shares_it_has(cast, source):
    def cost(count: int) -> int:
        told = []
        for _number in range(count):
            other = make_source(cast)
            cells = [Cell(metric, LAST, Decimal(50)) for metric in ("visits", "bounce_rate", "views")]
            told.append(Told(other, cells))
        with CaptureQueriesContext(connection) as caught:
            put_many(told)
        return len([query for query in caught if "kpis_metricseries" in query["sql"] or "kpis_operand" in query["sql"]])

    assert cost(1) == cost(12)


# --- What a KPI takes -------------------------------------------------------------------------------------------------


def test_a_jumpy_number_is_taken_over_a_week(cast, source):
    for metric, values in (("views", [5] * 9), ("followers", [5] * 9), ("reach", [5] * 9)):
        tell(source, metric, values)
    assert [over_for(source, metric) for metric in ("views", "followers", "reach", "sales")] == [7, 1, 1, 7]


@pytest.mark.parametrize(("every", "over"), [("daily", 7), ("weekly", 1), ("monthly", 1)])
def test_numbers_of_weeks_stand_for_their_days_already(cast, every, over):
    place = make_source(cast, platform="manual", typed_metrics=["views"], typed_every=every)
    assert over_for(place, "views") == over


def test_in_a_file_of_months_a_number_stands_alone(cast):
    file = make_source(cast, platform="file", login=None)
    tell(file, "views", [100] + [None] * 29 + [120])
    assert over_for(file, "views") == 1


def draft(cast, source: Source, metric: str = "views", **fields) -> Kpi:
    terms = {"kind": "increase_to", "target": Decimal(400), "guardrail_waived_because": "We only begin."}
    days = {"starts_on": LAST - timedelta(days=10), "due_on": LAST + timedelta(days=60)}
    return draft_kpi(cast.project, by=cast.manager, source=source, metric=metric, **{**terms, **days, **fields})


def stand(kpi: Kpi):
    [standing] = standings(for_standing(Kpi.objects.filter(pk=kpi.pk)))
    return standing


def test_the_baseline_is_of_the_week_before(cast, source):
    tell(source, "views", [999, 100, 300, 100, 300, 100, 300, 200] + [350] * 10)
    kpi = draft(cast, source)
    assert (kpi.over, kpi.baseline, kpi.baseline_on, kpi.baseline_provenance) == (
        7,
        Decimal("200.000000"),
        LAST - timedelta(days=10),
        "measured",
    )


def test_it_is_as_sure_as_the_least_sure_day(cast, source):
    tell(source, "views", [200] * 20)
    source.series.get().points.filter(day=LAST - timedelta(days=12)).update(provenance="imported")
    assert draft(cast, source).baseline_provenance == "imported"


def test_without_a_week_before_the_first_week_is_taken(cast, source):
    tell(source, "views", [50, 150] * 3 + [700])
    kpi = draft(cast, source)
    assert (kpi.baseline.quantize(Decimal("0.01")), kpi.baseline_on) == (Decimal("185.71"), LAST)


def test_with_four_days_there_is_no_baseline_yet(cast, source):
    tell(source, "views", [100] * 4)
    kpi = draft(cast, source)
    assert (kpi.baseline, kpi.over) == (None, 7)
    tell(source, "views", [100] * 9)
    assert capture_baseline(kpi, by=cast.manager).baseline == 100


def test_one_bad_day_does_not_sink_it(cast, source, today):
    last = today - timedelta(days=1)
    tell(source, "views", [400] * 13 + [50], last=last)
    kpi = draft(cast, source, kind="stay_above", target=Decimal(340), starts_on=last - timedelta(days=7))
    standing = stand(kpi)
    assert (standing.status, standing.current, standing.current_over, standing.current_on) == (
        "on_track",
        Decimal(350),
        7,
        last,
    )
    assert headline(standing) == "350 a day on average over 7 days: at or above the agreed 340"
    assert freshness(standing).startswith("a day on average over the 7 days to ")


def test_too_few_days_are_unknown_and_the_latest_is_shown(cast, source, today):
    last = today - timedelta(days=1)
    tell(source, "views", [400, None, None, None, 410, 420, 430], last=last)
    standing = stand(draft(cast, source, kind="stay_above", target=Decimal(340)))
    assert (standing.status, standing.current, standing.current_over) == ("no_data", Decimal(430), 1)
    assert headline(standing).endswith("4 final days of the last seven have a number; five are needed to judge.")


def test_the_api_says_of_how_many_days(cast, api, source, today):
    tell(source, "views", [100] * 13 + [800], last=today - timedelta(days=1))
    said = api(cast.viewer).get(f"{KPIS}{draft(cast, source, target=Decimal(900)).pk}/").json()
    names = ("baseline", "current", "current_on", "current_over", "over", "final_through")
    yesterday = str(today - timedelta(days=1))
    assert tuple(said[name] for name in names) == ("100", "200", yesterday, 7, 7, yesterday)


def test_what_was_drafted_by_the_day_stays_by_the_day(cast, source, today):
    make_points(make_series(cast, metric="views"), [100] * 13 + [800], last=today - timedelta(days=1))
    standing = stand(make_kpi(cast, metric="views"))
    assert (standing.current, standing.current_over) == (Decimal(800), 1)


def test_the_terms_say_how_the_number_is_taken(cast, source):
    tell(source, "views", [200] * 30)
    term = term_of(draft(cast, source))
    with translation.override("en"):
        lines = say_term(term).lines
    assert term["over"] == {"days": 7, "as": "mean"}
    assert lines[2:4] == (
        "The number is the mean day of the last 7 final days, at least five of them known",
        "Baseline: 200 a day on average over the 7 days to 12\u00a0November 2026, measured by the source",
    )


def test_a_week_of_days_gone_by(cast, source):
    tell(source, "views", [10] * 7 + [20] * 7)
    series = MetricSeries.objects.get()
    found = week_ending(series, LAST - timedelta(days=7))
    assert (found.value, found.days) == (Decimal(10), 7)
