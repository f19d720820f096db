"""The number that must not get worse meanwhile: pinned with the terms, judged beside the KPI, shown wherever it is."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from kpis.actions.agreements import prepare_agreement
from kpis.actions.kpis import draft_kpi, edit_kpi
from kpis.course import GUARDRAIL_STATUSES, Guarded, judge_guardrail
from kpis.models import Kpi, MetricSeries, Source
from kpis.queries import spine_states
from kpis.queries.agreements import says_what_stands
from kpis.queries.standings import for_standing, standings, today_of
from kpis.terms import say_term, term_of
from tests.builders import make_kpi, make_points, make_series, make_snapshot, make_source

NOV, MARCH = date(2026, 11, 1), date(2027, 3, 1)
VIEWS = Guarded("up", NOV, Decimal(300), Decimal(300), NOV)
KPIS = "/api/v1/kpis/"


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({}, "held"),
        ({"current": Decimal(301)}, "held"),
        ({"current": Decimal("299.9")}, "worse"),
        ({"current": Decimal(270), "tolerance": 10}, "held"),
        ({"current": Decimal(269), "tolerance": 10}, "worse"),
        ({"direction": "down", "current": Decimal(300)}, "held"),
        ({"direction": "down", "current": Decimal(301)}, "worse"),
        ({"direction": "down", "current": Decimal(200)}, "held"),
        ({"direction": "down", "current": Decimal(330), "tolerance": 10}, "held"),
        ({"direction": "down", "current": Decimal(331), "tolerance": 10}, "worse"),
        ({"current": Decimal(0)}, "worse"),
        ({"baseline": Decimal(0), "current": Decimal(0)}, "held"),
        ({"baseline": Decimal(-10), "current": Decimal(-11), "tolerance": 10}, "held"),
        ({"current": None}, "unknown"),
        ({"current_on": None}, "unknown"),
        ({"baseline": None}, "unknown"),
        ({"source_lost": True}, "unknown"),
        ({"until": NOV + timedelta(days=14)}, "held"),
        ({"until": NOV + timedelta(days=15)}, "unknown"),
    ],
)
def test_the_guardrail_in_every_situation(change, status):
    assert judge_guardrail(replace(VIEWS, **change)) == status


def test_unknown_is_one_of_three():
    assert GUARDRAIL_STATUSES == ("held", "worse", "unknown")


# --- What is pinned -------------------------------------------------------------------------------------------------


@pytest.fixture
def today(cast) -> date:
    return today_of(cast.project)


@pytest.fixture
def numbers(cast, today) -> Source:
    """Followers on their way; views 300 a day in the week before the first day, and 250 in the last one."""
    source, last = cast.get(Source), today - timedelta(days=1)
    make_points(make_series(cast, source=source), [10000, *[11000] * 6, 11900], last=last)
    make_points(make_series(cast, source=source, metric="views"), [*[300] * 7, *[250] * 7], last=last)
    return source


def drafted(cast, source, today, **fields) -> Kpi:
    terms = {"metric": "followers", "kind": "increase_to", "target": Decimal(12000), "guardrail_metric": "views"}
    days = {"starts_on": today - timedelta(days=8), "due_on": today + timedelta(days=97)}
    return draft_kpi(
        cast.project, by=cast.manager, source=source, **{**terms, **days, "guardrail_source": source, **fields}
    )


def test_its_baseline_is_taken_at_the_same_moment_with_its_snapshot(cast, numbers, today):
    snapshot = make_snapshot(cast, source=numbers)
    numbers.series.get(metric="views").points.update(snapshot=snapshot)
    kpi = drafted(cast, numbers, today)
    pinned = term_of(Kpi.objects.get(pk=kpi.pk))["guardrail"]
    assert (pinned["metric"]["code"], pinned["direction"], pinned["baseline"]) == (
        "views",
        "up",
        {
            "value": "300",
            "on": str(today - timedelta(days=8)),
            "provenance": "measured",
            "snapshot": snapshot.content_hash,
        },
    )


def test_it_follows_the_choice_of_the_guardrail_and_of_the_first_day(cast, numbers, today):
    kpi = drafted(cast, numbers, today)
    later = edit_kpi(kpi, by=cast.manager, starts_on=today - timedelta(days=1))
    assert (later.guardrail_baseline, later.guardrail_baseline_on) == (250, today - timedelta(days=1))
    without = {"guardrail_source": None, "guardrail_metric": "", "guardrail_waived_because": "It misleads us."}
    gone = edit_kpi(kpi, by=cast.manager, **without)
    assert (gone.guardrail_baseline, gone.guardrail_snapshot, gone.guardrail_waived_because) == (
        None,
        None,
        "It misleads us.",
    )
    back = edit_kpi(kpi, by=cast.manager, guardrail_source=numbers, guardrail_metric="views")
    assert (back.guardrail_baseline, back.guardrail_waived_because) == (250, "")


@pytest.mark.parametrize(
    ("metric", "baseline", "words"),
    [
        ("views", 300, "Guardrail: “Views” (Roast No. 7 on VK) must not fall below 300, as on 1\u00a0November 2026"),
        (
            "unfollows",
            12,
            "Guardrail: “Lost followers” (Roast No. 7 on VK) must not rise above 12, as on 1\u00a0November 2026",
        ),
        (
            "views",
            None,
            "Guardrail: “Views” (Roast No. 7 on VK) must not get worse than it was on 1\u00a0November 2026",
        ),
    ],
)
def test_the_signed_text_says_where_it_stood(cast, metric, baseline, words):
    on = None if baseline is None else NOV
    guardrail = {"guardrail_metric": metric, "guardrail_baseline": baseline, "guardrail_baseline_on": on}
    kpi = make_kpi(cast, guardrail_source=cast.get(Source), **guardrail)
    with translation.override("en"):
        assert say_term(term_of(kpi)).lines[-1] == words


def test_the_signed_text_says_why_there_is_none(cast):
    with translation.override("en"):
        assert say_term(term_of(make_kpi(cast, guardrail_waived_because="We only begin."))).lines[-1] == (
            "Guardrail: none; the sides agree to grow without one, because: We only begin."
        )


@pytest.mark.parametrize("change", [{"guardrail_baseline": 299}, {"guardrail_snapshot": None}])
def test_a_change_of_it_leaves_the_prepared_text_behind(cast, numbers, today, change):
    numbers.series.get(metric="views").points.update(snapshot=make_snapshot(cast, source=numbers))
    kpi = drafted(cast, numbers, today)
    cast.project.activated_at = kpi.created_at
    cast.project.save()
    agreement = prepare_agreement(cast.project, by=cast.manager)
    assert says_what_stands(agreement)
    Kpi.objects.filter(pk=kpi.pk).update(**change)
    assert not says_what_stands(agreement)


# --- What is shown --------------------------------------------------------------------------------------------------


def judged(cast) -> list[tuple]:
    found = standings(for_standing(cast.project.kpis.standing()))
    return [(standing.status, standing.guardrail and standing.guardrail.status) for standing in found]


def test_a_kpi_keeps_its_course_and_its_guardrail_is_judged_beside(cast, numbers, today):
    drafted(cast, numbers, today)
    drafted(cast, numbers, today, tolerance=20)
    drafted(cast, numbers, today, guardrail_metric="likes")
    drafted(cast, numbers, today, guardrail_source=None, guardrail_metric="", guardrail_waived_because="No.")
    assert judged(cast) == [("ahead", "worse"), ("ahead", "held"), ("ahead", "unknown"), ("ahead", None)]


def test_a_guardrail_of_another_source_is_judged_by_its_own_numbers(cast, numbers, today):
    other = make_source(cast)
    make_points(
        make_series(cast, source=other, metric="views"), [*[300] * 7, *[310] * 7], last=today - timedelta(days=1)
    )
    drafted(cast, numbers, today, guardrail_source=other)
    assert judged(cast) == [("ahead", "held")]


def test_a_lost_source_of_the_guardrail_makes_it_unknown(cast, numbers, today):
    other = make_source(cast, error_kind="reauthorise")
    make_points(make_series(cast, source=other, metric="views"), [300] * 14, last=today - timedelta(days=1))
    drafted(cast, numbers, today, guardrail_source=other)
    assert judged(cast) == [("ahead", "unknown")]


def test_the_project_is_not_green_when_a_guardrail_fell(cast, numbers, today):
    drafted(cast, numbers, today, tolerance=20)
    assert spine_states([cast.project])[cast.project.pk]["board"]["status"] == "ahead"
    drafted(cast, numbers, today)
    board = spine_states([cast.project])[cast.project.pk]["board"]
    assert (board["status"], str(board["word"])) == ("at_risk", "guardrail worse: 1 of 2")


def test_page_and_board_wear_its_mark(cast, numbers, today, browse):
    kpi = drafted(cast, numbers, today)
    for address in (kpi.get_absolute_url(), f"/projects/{cast.project.pk}/board/"):
        page = browse(cast.viewer).get(address).content.decode().replace("\u00a0", " ")
        assert (
            "guardrail worse" in page,
            "Views (Roast No. 7 on VK): 250 over the last 7 days, and 300 over the 7 days to" in page,
        ) == (True, True)


def test_on_the_board_it_comes_before_what_is_green_and_is_not_green_itself(cast, numbers, today, browse):
    held = drafted(cast, numbers, today, tolerance=20)
    fell = drafted(cast, numbers, today)
    board = browse(cast.viewer).get(f"/projects/{cast.project.pk}/board/").context["board"]
    assert [(card.kpi, card.standing.shade) for card in board.cards] == [(fell, "at_risk"), (held, "ahead")]
    assert board.state["word"] == "guardrail worse: 1 of 2"


def test_the_board_draws_anew_when_the_guardrail_moves(cast, numbers, today, browse):
    drafted(cast, numbers, today)
    address = f"/projects/{cast.project.pk}/board/"
    assert "guardrail worse" in browse(cast.viewer).get(address).content.decode()
    MetricSeries.objects.filter(metric="views").update(week_value=310)
    assert "guardrail holds" in browse(cast.viewer).get(address).content.decode()


def test_the_goals_page_wears_it_too(cast, numbers, today, browse):
    kpi = drafted(cast, numbers, today, goal=make_kpi(cast).goal)
    page = browse(cast.viewer).get(f"/goals/{kpi.goal_id}/kpis/").content.decode()
    assert page.count("guardrail worse") == 1


def test_the_api_says_it(cast, numbers, today, api):
    kpi = drafted(cast, numbers, today)
    said = api(cast.viewer).get(f"{KPIS}{kpi.pk}/").json()
    assert said["guardrail"] == {
        "source": numbers.pk,
        "metric": "views",
        "baseline": "300",
        "baseline_on": str(today - timedelta(days=8)),
        "current": "250",
        "current_on": str(today - timedelta(days=1)),
        "current_over": 7,
        "status": "worse",
    }
    [column] = api(cast.viewer).get(f"/api/v1/projects/{cast.project.pk}/board/").json()["kpis"]
    assert column["guardrail"] == "worse"


def queries(client, address) -> int:
    with CaptureQueriesContext(connection) as caught:
        assert client.get(address).status_code == 200
    return len(caught)


@pytest.mark.parametrize("address", ["/projects/{}/board/", "/api/v1/projects/{}/board/", KPIS])
def test_thirty_guardrails_cost_no_more_queries_than_one(cast, numbers, today, browse, api, address):
    client, address = (api if "api" in address else browse)(cast.viewer), address.format(cast.project.pk)
    drafted(cast, numbers, today)
    client.get(address)
    one = queries(client, address)
    for _number in range(29):
        other = make_source(cast)
        make_points(make_series(cast, source=other, metric="views"), [*[300] * 7, *[200] * 7], last=today)
        drafted(cast, numbers, today, guardrail_source=other)
    client.get(address)
    assert queries(client, address) == one


# --- What is asked --------------------------------------------------------------------------------------------------


def body(cast, **fields) -> dict:
    said = {"project": cast.project.pk, "source": cast.get(Source).pk, "metric": "followers", "kind": "increase_to"}
    return {**said, "target": "12000", "starts_on": "2026-11-01", "due_on": "2027-03-01", **fields}


@pytest.mark.parametrize(
    ("fields", "status", "where"),
    [
        ({}, 400, ["guardrail"]),
        ({"guardrail_waived_because": " "}, 400, ["guardrail"]),
        ({"guardrail": None}, 400, ["guardrail"]),
        ({"guardrail": None, "guardrail_waived_because": ""}, 400, ["guardrail"]),
        ({"guardrail_waived_because": "We only begin."}, 201, []),
        ({"guardrail": None, "guardrail_waived_because": "We only begin."}, 201, []),
        ({"guardrail": {"source": "own", "metric": "views"}}, 201, []),
        ({"kind": "change_by", "target": None, "change": "20", "baseline": "100"}, 400, ["guardrail"]),
        ({"kind": "change_by", "target": None, "change": "-20", "baseline": "100"}, 201, []),
        ({"kind": "stay_above"}, 201, []),
    ],
)
def test_a_program_is_asked_what_growth_may_cost(cast, api, fields, status, where):
    sent = body(cast, **fields)
    if sent.get("guardrail"):
        sent["guardrail"] = {**sent["guardrail"], "source": sent["source"]}
    answer = api(cast.manager).post(KPIS, sent, format="json")
    assert (answer.status_code, list(answer.json().get("errors", {}))) == (status, where)


def test_a_kpi_that_turns_to_growth_is_asked_too(cast, api):
    kpi = make_kpi(cast, kind="stay_above")
    address = f"{KPIS}{kpi.pk}/"
    refused = api(cast.manager).patch(address, {"kind": "increase_to"}, format="json")
    assert (refused.status_code, list(refused.json()["errors"])) == (400, ["guardrail"])
    said = {"kind": "increase_to", "guardrail_waived_because": "We only begin."}
    assert api(cast.manager).patch(address, said, format="json").status_code == 200
    assert api(cast.manager).patch(address, {"target": "13000"}, format="json").status_code == 200
