"""The KPIs of a goal as a panel, as a page of their own, and through the API."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.builders import make_goal, make_kpi, make_points, make_series, make_source


@pytest.fixture
def goal(cast):
    """Two KPIs, one of which nobody can judge."""
    goal, today = make_goal(cast, status="active"), timezone.localdate()
    term = {"starts_on": today - timedelta(days=50), "due_on": today + timedelta(days=50), "goal": goal}
    known = make_source(cast, title="Known")
    make_points(make_series(cast, source=known), [11000], last=today - timedelta(days=1))
    make_kpi(cast, source=known, name="Readers", weight=3, **term)
    make_kpi(cast, source=make_source(cast, title="Silent"), name="Silent one", **term)
    return goal


def test_the_panel_says_shares_numbers_and_what_is_unknown(browse, viewer, goal):
    page = browse(viewer, headers={"HX-Request": "true"}).get(f"/goals/{goal.pk}/kpis/")
    text = " ".join(page.content.decode().split())
    assert "<html" not in text
    assert all(words in text for words in ("Readers", "75%", "11,000", "12,000", "Silent one", "25%"))
    assert "38% of the way is covered" in text
    assert "About 25% nobody can tell" in text


def test_without_a_script_it_is_a_page(browse, viewer, goal):
    text = browse(viewer).get(f"/goals/{goal.pk}/kpis/").content.decode()
    assert "<html" in text
    assert f'href="{goal.get_absolute_url()}"' in text


@pytest.mark.parametrize(("who", "offered"), [("specialist", True), ("decider", False), ("viewer", False)])
def test_the_agency_is_offered_another_kpi(cast, browse, goal, who, offered):
    text = browse(getattr(cast, who)).get(f"/goals/{goal.pk}/kpis/").content.decode()
    assert (f"?goal={goal.pk}" in text) is offered


def test_a_goal_without_kpis_says_so(cast, browse, manager):
    assert "No KPI shows yet" in browse(manager).get(f"/goals/{make_goal(cast).pk}/kpis/").content.decode()


def test_the_goals_page_asks_for_the_panel_and_links_to_it(browse, manager, goal):
    text = browse(manager).get(goal.get_absolute_url()).content.decode()
    assert f'hx-get="/goals/{goal.pk}/kpis/"' in text
    assert f'<a href="/goals/{goal.pk}/kpis/">' in text


def test_the_list_shows_the_way_and_its_unknown_part(browse, manager, goal):
    text = " ".join(browse(manager).get(f"/projects/{goal.project_id}/goals/").content.decode().split())
    assert "38% of the way, 25% unknown" in text


def test_the_api_says_the_same(api, viewer, goal):
    said = api(viewer).get(f"/api/v1/goals/{goal.pk}/kpis/").json()
    assert said["progress"] == {"done": "0.3750", "unknown": "0.2500", "kpis": 2}
    assert [(kpi["name"], kpi["share"], kpi["done"], kpi["current"]) for kpi in said["kpis"]] == [
        ("Readers", "0.7500", "0.5000", "11000"),
        ("Silent one", "0.2500", None, None),
    ]
    assert api(viewer).get(f"/api/v1/goals/{goal.pk}/").json()["progress"] == said["progress"]


def test_the_form_takes_a_weight_and_one_is_the_usual(cast, browse, manager, goal):
    kpi = goal.kpis.first()
    typed = {"measure": f"{kpi.source_id}:followers", "kind": "increase_to", "target": "15000", "goal": goal.pk}
    typed |= {"guardrail_waived_because": "We only begin."}
    typed |= {"starts_on": str(kpi.starts_on), "due_on": str(kpi.due_on)}
    for weight in ("5", ""):
        browse(manager).post(f"/projects/{cast.project.pk}/kpis/new/", {**typed, "weight": weight})
    assert list(goal.kpis.order_by("-pk").values_list("weight", flat=True)[:2]) == [1, 5]
