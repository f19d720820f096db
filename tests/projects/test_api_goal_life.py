"""The same life through the API."""

import pytest

from projects import actions
from projects.models import BusinessGoal, Goal
from tests.builders import make_business_goal, make_conclusion, make_goal, make_running_goal

GOALS = "/api/v1/goals/"


def url(goal: Goal, noun: str) -> str:
    return f"{GOALS}{goal.pk}/{noun}/"


def test_a_goal_says_whose_it_is_and_how_it_stands(cast, api):
    goal = make_running_goal(cast, client_owner=cast.contact, business_goal=make_business_goal(cast))
    actions.say_confidence(goal, value=8, by=cast.manager)
    said = api(cast.viewer).get(f"{GOALS}{goal.pk}/").json()
    wanted = ("status", "business_goal", "client_owner", "agency_owner", "confidence", "progress", "tasks")
    assert {name: said[name] for name in wanted} == {
        "status": "active",
        "business_goal": goal.business_goal_id,
        "client_owner": cast.contact.pk,
        "agency_owner": None,
        "confidence": {"client": None, "agency": 8, "apart": False},
        "progress": {"done": None, "unknown": None, "kpis": 0},
        "tasks": {"all": 0, "done": 0},
    }


def test_a_goal_lives_through_the_api(cast, api):
    goal = make_running_goal(cast, status="agreed", begun_at=None, begun_by=None)
    manager, decider = api(cast.manager), api(cast.decider)
    begun = manager.post(url(goal, "start"), {}, format="json")
    assert (begun.status_code, begun.json()["status"]) == (201, "active")
    ending = {"outcome": "missed", "reason": "We began late.", "lesson": "Begin in August"}
    said = decider.post(url(goal, "conclusion"), ending, format="json")
    assert (said.status_code, said.json()["lesson"], said.json()["by"]) == (201, "Begin in August", cast.decider.pk)
    assert manager.delete(f"{url(goal, 'conclusion')}?reason=Budget").status_code == 204
    [kept] = manager.get(url(goal, "conclusions")).json()["results"]
    assert (kept["outcome"], kept["reopened_because"]) == ("missed", "Budget")
    assert manager.get(f"{GOALS}{goal.pk}/").json()["status"] == "active"


@pytest.mark.parametrize(
    ("sent", "status", "kind"),
    [({"outcome": "missed"}, 409, "urn:portal:no-reason"), ({"outcome": "lost"}, 400, None), ({}, 400, None)],
)
def test_an_ending_that_says_nothing_is_refused(cast, api, sent, status, kind):
    answer = api(cast.manager).post(url(make_running_goal(cast), "conclusion"), sent, format="json")
    assert answer.status_code == status
    assert kind in (None, answer.json()["type"])


def test_going_on_without_a_reason_is_refused(cast, api):
    goal = make_conclusion(cast).goal
    assert api(cast.manager).delete(url(goal, "conclusion")).status_code == 409
    assert api(cast.manager).delete(url(goal, "conclusion"), {"reason": "Budget"}, format="json").status_code == 204


def test_confidence_is_said_and_read_back(cast, api):
    goal = make_running_goal(cast)
    said = api(cast.contact).post(url(goal, "confidence"), {"value": 3, "note": "No photos yet"}, format="json")
    assert (said.status_code, said.json()["side"]) == (201, "client")
    assert api(cast.manager).post(url(goal, "confidence"), {"value": 11}, format="json").status_code == 400
    api(cast.manager).post(url(goal, "confidence"), {"value": 9}, format="json")
    rows = api(cast.viewer).get(url(goal, "confidence")).json()["results"]
    assert [(row["side"], row["value"], row["note"]) for row in rows] == [
        ("agency", 9, ""),
        ("client", 3, "No photos yet"),
    ]
    assert api(cast.viewer).get(f"{GOALS}{goal.pk}/").json()["confidence"]["apart"] is True


def test_sending_it_again_with_the_same_key_says_it_once(cast, api):
    goal, client = make_running_goal(cast), api(cast.manager)
    sent = [client.post(url(goal, "confidence"), {"value": 9}, format="json", HTTP_IDEMPOTENCY_KEY="k1") for _ in "ab"]
    assert (sent[0].json(), goal.confidences.count()) == (sent[1].json(), 1)


def test_place_is_patched_without_a_revision_and_words_are_not(cast, api):
    goal = make_goal(cast)
    client = api(cast.manager)
    placed = client.patch(f"{GOALS}{goal.pk}/", {"agency_owner": cast.specialist.pk}, format="json")
    assert (placed.status_code, placed.json()["agency_owner"], placed.json()["revision"]) == (
        200,
        cast.specialist.pk,
        1,
    )
    assert client.patch(f"{GOALS}{goal.pk}/", {"statement": "Ten"}, format="json").status_code == 400
    both = {"statement": "Ten", "revision": 1, "client_owner": cast.contact.pk}
    assert client.patch(f"{GOALS}{goal.pk}/", both, format="json").json()["revision"] == 2


@pytest.mark.parametrize("who", ["stranger", "neighbour"])
def test_somebody_unseen_is_nobody(cast, api, who):
    goal = make_goal(cast)
    answer = api(cast.manager).patch(f"{GOALS}{goal.pk}/", {"client_owner": getattr(cast, who).pk}, format="json")
    assert answer.status_code in (400, 409)
    goal.refresh_from_db()
    assert goal.client_owner is None


def test_business_goals_are_kept_through_the_api(cast, api):
    client = api(cast.contact)
    made = client.post("/api/v1/business-goals/", {"project": cast.project.pk, "text": "Orders"}, format="json").json()
    second = client.post("/api/v1/business-goals/", {"project": cast.project.pk, "text": "Fame"}, format="json").json()
    moved = client.patch(f"/api/v1/business-goals/{second['id']}/", {"position": 1, "text": "Glory"}, format="json")
    assert moved.json() == {
        "id": second["id"],
        "project": cast.project.pk,
        "text": "Glory",
        "position": 1,
        "from_version": None,
        "from_key": "",
    }
    goal = make_goal(cast, business_goal_id=made["id"])
    assert client.get(f"{GOALS}?business_goal={made['id']}").json()["results"][0]["id"] == goal.pk
    assert client.delete(f"/api/v1/business-goals/{made['id']}/").status_code == 409
    assert client.delete(f"/api/v1/business-goals/{second['id']}/").status_code == 204
    assert api(cast.stranger).get("/api/v1/business-goals/").json()["results"] == []
    assert BusinessGoal.objects.count() == 1


def test_another_projects_business_goal_is_refused(cast, api):
    other = actions.create_project(cast.agency, client=cast.other_client, name="Tea", by=cast.manager)
    foreign = make_business_goal(cast, project=other)
    sent = {"project": cast.project.pk, "statement": "x", "business_goal": foreign.pk}
    assert api(cast.decider).post(GOALS, sent, format="json").status_code == 400
    assert api(cast.manager).post(GOALS, sent, format="json").status_code == 409
