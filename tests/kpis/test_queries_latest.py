"""The latest of many projects' KPIs, as a list of projects reads them."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kpis.actions.forecasts import foresee
from kpis.models import Dip, Forecast, Point, Source
from kpis.queries.latest import (
    Drops,
    OpenAlerts,
    broken_sources,
    explained_lately,
    latest_standings,
    open_alerts,
    owed_reviews,
    unexplained_drops,
)
from kpis.queries.money import about_money, month_of
from kpis.queries.standings import for_standing, standings
from projects.models import Project
from smmportal.demo.clock import moved_to
from tests.builders import (
    make_agreement,
    make_alert,
    make_dip,
    make_formula,
    make_kpi,
    make_points,
    make_review,
    make_series,
    make_source,
)

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
YESTERDAY = date(2026, 11, 22)


@pytest.fixture(autouse=True)
def monday():
    with moved_to(NOW):
        yield


def kpi_with_days(cast, values, **fields):
    source = make_source(cast)
    make_points(make_series(cast, source=source), values, last=YESTERDAY)
    return make_kpi(cast, source=source, **fields)


def test_they_stand_as_on_the_dashboard(cast):
    """With a forecast, a guardrail and a formula among them."""
    formula = make_formula(cast)
    cheap = make_source(cast)
    make_points(make_series(cast, source=cheap, metric="reach"), [800], last=YESTERDAY)
    grows = kpi_with_days(
        cast,
        range(10000, 10021),
        guardrail_source=cheap,
        guardrail_metric="reach",
        guardrail_baseline=1000,
        target=10100,
    )
    late = kpi_with_days(cast, [10010])
    counted = make_kpi(cast, source=formula.source, metric=formula.source.series.get().metric)
    foresee([grows, late, counted])
    board = standings(for_standing(cast.project.kpis.standing()))
    found = latest_standings([cast.project])[cast.project.pk]
    assert {one.kpi.pk: (one.status, one.shade, one.chance, one.fingerprint) for one in found} == {
        one.kpi.pk: (one.status, one.shade, one.chance, one.fingerprint) for one in board
    }
    assert [one.kpi.pk for one in found] == [one.kpi.pk for one in sorted(board, key=lambda one: one.urgency)]


def test_a_chance_that_was_worked_out_before_is_told_until_there_is_a_newer_one(cast):
    kpi = kpi_with_days(cast, [10900])
    Forecast.objects.create(kpi=kpi, rests_on="-", chance=0.1)
    [standing] = latest_standings([cast.project])[cast.project.pk]
    assert (standing.chance, standing.status) == (0.1, "at_risk")


def test_no_day_of_history_is_read_and_thirty_kpis_cost_as_much_as_one(cast):
    def ask() -> list[str]:
        with CaptureQueriesContext(connection) as queries:
            latest_standings([cast.project])
        return [query["sql"] for query in queries]

    kpi_with_days(cast, [10000] * 3)
    few = ask()
    for _number in range(29):
        kpi_with_days(cast, [10000] * 3)
    many = ask()
    assert len(many) == len(few)
    assert [sql for sql in many if "kpis_point" in sql] == []


def test_a_review_is_owed_for_what_is_signed_only(cast):
    fields = {"starts_on": date(2026, 11, 1), "due_on": date(2027, 3, 1)}
    signed = kpi_with_days(cast, [10000], signed_in=make_agreement(cast), **fields)
    kpi_with_days(cast, [10000], **fields)
    owed = owed_reviews(latest_standings([cast.project]).values())
    assert {pk: (period.first, period.last) for pk, period in owed.items()} == {
        signed.pk: (date(2026, 11, 15), date(2026, 11, 21))
    }
    make_review(cast, kpi=signed, first=date(2026, 11, 15), last=date(2026, 11, 21))
    assert owed_reviews(latest_standings([cast.project]).values()) == {}


def test_drops_are_counted_with_the_oldest_clock(cast):
    first, second = kpi_with_days(cast, [1]), kpi_with_days(cast, [1])
    long_ago = make_dip(cast, kpi=first, day=date(2026, 11, 2))
    Dip.objects.filter(pk=long_ago.pk).update(found_at=NOW - timedelta(days=9))
    make_dip(cast, kpi=first, day=date(2026, 11, 9))
    make_dip(cast, kpi=second, day=date(2026, 11, 9))
    make_dip(cast, kpi=second, day=date(2026, 11, 1), explained_at=NOW, explained_by=cast.manager)
    found = unexplained_drops([cast.project])
    assert found == {cast.project.pk: Drops(3, NOW - timedelta(days=9), frozenset({first.pk, second.pk}))}


def test_only_what_a_person_must_mend_is_broken(cast):
    make_source(cast, error_kind="reauthorise")
    make_source(cast, error_kind="rate_limited")
    make_source(cast, error_kind="permanent", paused_at=NOW)
    make_source(cast, error_kind="permanent", platform=Source.MANUAL)
    assert broken_sources([cast.project]) == {cast.project.pk: 1}


def test_alerts_count_until_they_are_closed(cast):
    make_alert(cast)
    make_alert(cast, subject="kpi:2", weight="cliff", state="seen")
    make_alert(cast, subject="kpi:3", state="closed", closed_at=NOW)
    assert open_alerts([cast.project]) == {cast.project.pk: OpenAlerts(2, 1, 2, 1)}


def test_the_agencys_own_alerts_are_counted_apart(cast):
    make_alert(cast, kind="silent", subject="source:1", weight="cliff")
    make_alert(cast, kind="access_ending", subject="source:2", side="client")
    make_alert(cast, subject="kpi:3", weight="cliff")
    make_alert(cast, kind="access_ending", subject="source:4")
    assert open_alerts([cast.project]) == {cast.project.pk: OpenAlerts(4, 2, 2, 1)}


def test_the_newest_explanation_comes_first_and_an_old_one_not_at_all(cast):
    kpi = kpi_with_days(cast, [1])
    for number, days in enumerate((20, 3, 1), 1):
        said = {"explanation": f"said {days} days ago", "explained_by": cast.manager}
        make_dip(cast, kpi=kpi, day=date(2026, 11, number), explained_at=NOW - timedelta(days=days), **said)
    make_dip(cast, kpi=kpi, day=date(2026, 11, 9))
    told = [dip.explanation for dip in explained_lately([cast.project], now=NOW)]
    assert told == ["said 1 days ago", "said 3 days ago"]


# --- Money ----------------------------------------------------------------------------------------------------------


def spend(cast, values, *, metric="spend", **fields):
    source = make_source(cast, **fields)
    make_points(make_series(cast, source=source, metric=metric), values, last=YESTERDAY)
    return source


def test_money_is_the_months_and_says_how_many_days_it_knows(cast):
    vk = spend(cast, [900, *[100] * 10, None, *[100] * 11])  # begins on 31 October
    [month] = month_of([cast.project])[cast.project.pk]
    assert (month.source, month.metric, month.total, month.known, month.days, month.last, month.is_typed) == (
        vk,
        "spend",
        Decimal(2100),
        21,
        22,
        YESTERDAY,
        False,
    )


def test_two_sources_are_never_added_up(cast):
    spend(cast, [100])
    spend(cast, [7])
    spend(cast, [5000], metric="revenue")
    told = [(month.metric, month.total) for month in month_of([cast.project])[cast.project.pk]]
    assert told == [("spend", Decimal(100)), ("spend", Decimal(7)), ("revenue", Decimal(5000))]


def test_numbers_that_somebody_typed_are_said_to_be(cast):
    source = spend(cast, [100, 200])
    Point.objects.filter(series__source=source, day=YESTERDAY).update(provenance="manual")
    assert [month.is_typed for month in month_of([cast.project])[cast.project.pk]] == [True]


def test_where_nothing_is_known_of_money_nothing_is_told(cast):
    spend(cast, [None, None])
    spend(cast, [10], metric="followers")
    assert (month_of([cast.project]), month_of([])) == ({}, {})


def test_kpis_about_money_are_those_that_count_it(cast):
    paid = make_kpi(cast, source=spend(cast, [100]), metric="spend", kind="stay_below", target=3000)
    kpi_with_days(cast, [1])
    found = about_money(latest_standings([cast.project])[cast.project.pk])
    assert [standing.kpi for standing in found] == [paid]


def test_another_projects_numbers_are_its_own(cast):
    other = Project.objects.create(name="Tea", agency=cast.agency, client=cast.client, created_by=cast.manager)
    kpi_with_days(cast, [1])
    make_alert(cast)
    spend(cast, [100])
    assert (latest_standings([other]), open_alerts([other]), month_of([other])) == ({}, {}, {})
