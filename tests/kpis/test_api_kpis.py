from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kpis.actions.agreements import prepare_agreement, sign_agreement
from kpis.models import Kpi, MetricSeries, Source
from kpis.queries.standings import today_of
from tests.builders import make_goal, make_kpi, make_points, make_series, make_source

KPIS = "/api/v1/kpis/"


@pytest.fixture
def api(api):
    def speak_english(person):
        client = api(person)
        client.credentials(**client._credentials, HTTP_ACCEPT_LANGUAGE="en")
        return client

    return speak_english


@pytest.fixture
def today(cast) -> date:
    return today_of(cast.project)


@pytest.fixture
def kpi(cast, today) -> Kpi:
    """From 10,000 thirty days ago to 12,000 in seventy days; 10,600 yesterday, provisional."""
    series = make_series(cast)
    yesterday = today - timedelta(days=1)
    make_points(series, ["10590", None, "10595.5", "10600"], last=yesterday)
    series.points.filter(day=yesterday).update(final=False)
    MetricSeries.objects.update(final_through=yesterday - timedelta(days=1))
    return make_kpi(cast, starts_on=today - timedelta(days=30), due_on=today + timedelta(days=70))


def test_a_kpi_says_everything_that_was_promised(cast, api, kpi, today):
    assert api(cast.viewer).get(f"{KPIS}{kpi.pk}/").json() == {
        "id": kpi.pk,
        "project": cast.project.pk,
        "goal": kpi.goal_id,
        "name": "Followers, VK",
        "source": kpi.source_id,
        "metric": "followers",
        "unit": "count",
        "kind": "increase_to",
        "baseline": "10000",
        "baseline_on": "2026-11-01",
        "baseline_provenance": "measured",
        "target": "12000",
        "change": None,
        "weight": 1,
        "owner": None,
        "cadence": "weekly",
        "tolerance": 0,
        "guardrail": None,
        "guardrail_waived_because": "",
        "starts_on": str(today - timedelta(days=30)),
        "due_on": str(today + timedelta(days=70)),
        "current": "10600",
        "current_on": str(today - timedelta(days=1)),
        "current_over": 1,
        "over": 1,
        "final_through": str(today - timedelta(days=2)),
        "status": "on_track",
        "signed": False,
        "agreement": None,
        "retired_on": None,
        "bridge": None,
        "replaces": None,
        "brief_version": None,
        "from_version": None,
        "from_key": "",
        "from_row": None,
        "review": {"owed": None, "reviewed_through": None, "unexplained_dips": 0},
    }


def test_the_list_is_of_ones_own_projects_and_can_be_narrowed(cast, api, kpi):
    def seen(person, query=""):
        return [row["id"] for row in api(person).get(KPIS + query).json()["results"]]

    assert (seen(cast.decider), seen(cast.stranger), seen(cast.neighbour)) == ([kpi.pk], [], [])
    assert (seen(cast.decider, f"?project={cast.project.pk}"), seen(cast.decider, "?project=0")) == ([kpi.pk], [])
    assert [seen(cast.decider, f"?project={odd}") for odd in ("x", "9" * 30)] == [[], []]


def queries(client, address) -> int:
    with CaptureQueriesContext(connection) as caught:
        assert client.get(address).status_code == 200
    return len(caught)


@pytest.mark.parametrize("address", [KPIS, "/api/v1/projects/{}/board/", "/api/v1/agreements/"])
def test_lists_cost_the_same_with_one_and_with_thirty(cast, api, kpi, today, address):
    client, address = api(cast.manager), address.format(cast.project.pk)
    client.get(address)
    one = queries(client, address)
    for _number in range(29):
        source = make_source(cast)
        make_points(make_series(cast, source=source), [1, 2, 3], last=today)
        make_kpi(cast, source=source, goal=make_goal(cast))
    agreement = prepare_agreement(cast.project, by=cast.manager)
    sign_agreement(agreement, by=cast.manager, seen_hash=agreement.content_hash, proof="password")
    client.get(address)
    few = queries(client, address)
    assert few <= one + (2 if "agreements" in address else 0)
    assert few <= 8


def terms(cast, **fields) -> dict:
    said = {
        "project": cast.project.pk,
        "source": cast.get(Source).pk,
        "metric": "followers",
        "kind": "increase_to",
        "target": "12000.5",
        "guardrail": None,
        "guardrail_waived_because": "We only begin.",
        "starts_on": "2026-11-22",
        "due_on": "2027-03-01",
    }
    return {**said, **fields}


def test_a_kpi_is_drafted_with_the_sources_own_baseline(cast, api):
    make_points(make_series(cast), [10000], last=date(2026, 11, 22))
    answer = api(cast.manager).post(KPIS, terms(cast), format="json")
    said = answer.json()
    assert (answer.status_code, said["baseline"], said["baseline_on"], said["target"]) == (
        201,
        "10000",
        "2026-11-22",
        "12000.5",
    )


@pytest.mark.parametrize(
    ("fields", "status", "where"),
    [
        ({"source": 0}, 400, "source"),
        ({"metric": "beauty"}, 400, "metric"),
        ({"target": "many"}, 400, "target"),
        ({"target": "NaN"}, 400, "target"),
        ({"target": "1e30"}, 400, "target"),
        ({"kind": "double"}, 400, "kind"),
        ({"starts_on": "2026-13-01"}, 400, "starts_on"),
        ({"project": 0}, 400, "project"),
        ({"name": "a\x00b"}, 400, "name"),
        ({"due_on": "2026-11-22"}, 409, "deadline-before-start"),
    ],
)
def test_wrong_terms_are_refused_by_field_or_in_a_sentence(cast, api, fields, status, where):
    answer = api(cast.manager).post(KPIS, terms(cast, **fields), format="json")
    said = answer.json()
    place = next(iter(said["errors"])) if status == 400 else said["type"].removeprefix("urn:portal:")
    assert (answer.status_code, place, answer["Content-Type"]) == (status, where, "application/problem+json")


def test_what_is_sent_is_changed_and_the_rest_stays(cast, api, kpi):
    answer = api(cast.manager).patch(f"{KPIS}{kpi.pk}/", {"target": "13000"}, format="json")
    kpi.refresh_from_db()
    assert (answer.json()["target"], kpi.target, kpi.kind) == ("13000", Decimal(13000), "increase_to")


def test_signed_terms_answer_409_with_a_sentence(cast, api, kpi):
    agreement = prepare_agreement(cast.project, by=cast.manager)
    for person in (cast.manager, cast.decider):
        sign_agreement(agreement, by=person, seen_hash=agreement.content_hash, proof="password")
    answer = api(cast.manager).patch(f"{KPIS}{kpi.pk}/", {"target": "13000"}, format="json")
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:portal:kpi-signed")
    assert api(cast.manager).delete(f"{KPIS}{kpi.pk}/").status_code == 409
    said = api(cast.decider).get(f"{KPIS}{kpi.pk}/").json()
    assert (said["signed"], said["agreement"]) == (True, agreement.pk)


# --- The series -----------------------------------------------------------------------------------------------------


def test_a_series_has_every_day_and_its_gaps_say_why(cast, api, kpi, today):
    first = today - timedelta(days=5)
    answer = api(cast.viewer).get(f"{KPIS}{kpi.pk}/series/?from={first}&to={today}")
    days = [str(first + timedelta(days=number)) for number in range(6)]
    measured = {"provenance": "measured", "final": True}
    assert answer.json() == [
        {
            "day": days[0],
            "value": None,
            "provenance": "",
            "final": False,
            "reason": "Before the first number of the source.",
        },
        {"day": days[1], "value": "10590", **measured},
        {"day": days[2], "value": None, **measured, "reason": "The platform gave no number for this day."},
        {"day": days[3], "value": "10595.5", **measured},
        {"day": days[4], "value": "10600", "provenance": "measured", "final": False},
        {
            "day": days[5],
            "value": None,
            "provenance": "",
            "final": False,
            "reason": "The number for this day has not come yet.",
        },
    ]


def test_ninety_days_when_nothing_is_asked(cast, api, kpi, today):
    days = [row["day"] for row in api(cast.viewer).get(f"{KPIS}{kpi.pk}/series/").json()]
    assert (len(days), days[-1]) == (90, str(today))


@pytest.mark.parametrize(
    "query", ["?from=2026-02-01&to=2026-01-01", "?from=1900-01-01&to=2026-01-01", "?from=monday", "?to=2026-02-30"]
)
def test_a_span_that_is_none_is_a_400(cast, api, kpi, query):
    assert api(cast.viewer).get(f"{KPIS}{kpi.pk}/series/{query}").status_code == 400


def test_the_first_day_of_all_is_no_accident(cast, api, kpi):
    assert api(cast.viewer).get(f"{KPIS}{kpi.pk}/series/?to=0001-01-05").status_code == 200


# --- The forecast ---------------------------------------------------------------------------------------------------


def test_the_forecast_admits_what_it_does_not_know(cast, api, kpi, today):
    assert api(cast.viewer).get(f"{KPIS}{kpi.pk}/forecast/").json() == {
        "on": str(today + timedelta(days=70)),
        "p_hit": None,
        "median": None,
        "low80": None,
        "high80": None,
        "needed_per_day": "19.71831",
        "record": None,
        "reason": "A forecast needs 14 final days with a number; there are 2 so far.",
    }


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"target": None}, "A forecast needs a target."),
        ({"metric": "views"}, "A forecast needs numbers, and the source has given none yet."),
    ],
)
def test_the_forecast_says_what_it_needs(cast, api, kpi, fields, reason):
    Kpi.objects.update(**fields)
    said = api(cast.viewer).get(f"{KPIS}{kpi.pk}/forecast/").json()
    assert (said["needed_per_day"], said["reason"]) == (None, reason)


# --- The board as columns -------------------------------------------------------------------------------------------


def test_the_board_is_columns_of_ninety_days(cast, api, kpi, today):
    said = api(cast.viewer).get(f"/api/v1/projects/{cast.project.pk}/board/").json()
    [column] = said.pop("kpis")
    assert said == {"project": cast.project.pk, "start": str(today - timedelta(days=89)), "step": 1}
    assert (len(column["values"]), column["values"][-6:]) == (90, [None, "10590", None, "10595.5", "10600", None])
    assert {name: column[name] for name in ("id", "status", "target", "final_through")} == {
        "id": kpi.pk,
        "status": "on_track",
        "target": "12000",
        "final_through": str(today - timedelta(days=2)),
    }


def test_another_language_is_another_board(cast, api, kpi):
    address, client = f"/api/v1/projects/{cast.project.pk}/board/", api(cast.viewer)
    etag = client.get(address)["ETag"]
    cast.viewer.language = "ru"
    cast.viewer.save()
    client.credentials(**{**client._credentials, "HTTP_ACCEPT_LANGUAGE": "ru"})
    russian = client.get(address, headers={"If-None-Match": etag})
    assert (russian.status_code, russian.json()["kpis"][0]["name"]) == (200, "Подписчики, ВКонтакте")


def test_an_unchanged_board_is_a_304_and_a_changed_one_is_not(cast, api, kpi):
    address, client = f"/api/v1/projects/{cast.project.pk}/board/", api(cast.viewer)
    etag = client.get(address)["ETag"]
    unchanged = client.get(address, headers={"If-None-Match": etag})
    assert (unchanged.status_code, unchanged.content, unchanged["ETag"]) == (304, b"", etag)
    MetricSeries.objects.get().save()
    assert client.get(address, headers={"If-None-Match": etag}).status_code == 200
    etag = client.get(address)["ETag"]
    Kpi.objects.update(target=Decimal(20000))
    assert client.get(address, headers={"If-None-Match": etag}).status_code == 200
