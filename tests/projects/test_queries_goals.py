"""Goals in lists: under what they are for, with confidence, progress and tasks, at a constant cost."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from projects import actions, queries
from projects.models import Goal
from smmportal.people.models import Role, Side
from tests.builders import make_brief, make_business_goal, make_goal, make_kpi, make_running_goal, make_task

LONG_AGO, AHEAD = date(2020, 1, 1), date(2099, 1, 1)


def busy_goal(cast, above=None) -> Goal:
    goal = make_running_goal(cast, business_goal=above, client_owner=cast.contact, due_on=AHEAD)
    make_task(cast, goal=goal)
    make_task(cast, goal=goal, done_at=timezone.now())
    make_kpi(cast, goal=goal)
    for person, value in ((cast.manager, 9), (cast.decider, 4)):
        actions.say_confidence(goal, value=value, by=person)
    return goal


def test_a_line_says_it_all(cast):
    [line] = queries.lines_of([busy_goal(cast)])
    assert (line.confidence, line.is_apart, line.tasks, line.tasks_done, line.progress.kpis, line.is_late) == (
        {"agency": 9, "client": 4},
        True,
        2,
        1,
        1,
        False,
    )


@pytest.mark.parametrize(
    ("status", "due_on", "late"),
    [
        ("active", LONG_AGO, True),
        ("agreed", LONG_AGO, True),
        ("active", AHEAD, False),
        ("proposed", LONG_AGO, False),
        ("missed", LONG_AGO, False),
        ("active", None, False),
    ],
)
def test_late_is_what_runs_past_its_day(cast, status, due_on, late):
    [line] = queries.lines_of([make_goal(cast, status=status, due_on=due_on)])
    assert line.is_late is late


def test_goals_stand_under_what_they_are_for(cast):
    fame, orders = make_business_goal(cast, text="Fame", position=2), make_business_goal(cast, text="Orders")
    under, free = make_goal(cast, business_goal=orders), make_goal(cast)
    groups = [(group.above, [line.goal for line in group.lines]) for group in queries.groups_of(cast.project)]
    assert groups == [(orders, [under]), (fame, []), (None, [free])]


def test_another_projects_goals_are_not_among_them(cast):
    other = actions.create_project(cast.agency, client=cast.client, name="Tea", by=cast.manager)
    make_goal(cast, project=other)
    make_business_goal(cast, project=other)
    assert queries.groups_of(cast.project) == []


def test_each_side_has_its_last_word_and_those_before(cast):
    goal = make_goal(cast)
    for value in (4, 6):
        actions.say_confidence(goal, value=value, by=cast.manager)
    said = [(voice.side, voice.latest and voice.latest.value, len(voice.earlier)) for voice in queries.voices_of(goal)]
    assert said == [(Side.AGENCY, 6, 1), (Side.CLIENT, None, 0)]


def cost(ask) -> int:
    ask()
    with CaptureQueriesContext(connection) as queries_made:
        assert ask().status_code == 200
    return len(queries_made)


@pytest.mark.parametrize("address", ["/projects/{}/goals/", "/api/v1/goals/?project={}"])
def test_twenty_goals_with_their_tasks_cost_as_much_as_one(cast, browse, api, address):
    above = make_business_goal(cast)
    busy_goal(cast, above)
    client = api(cast.manager) if "/api/" in address else browse(cast.manager)
    one = cost(lambda: client.get(address.format(cast.project.pk)))
    for _index in range(19):
        busy_goal(cast, above)
    assert cost(lambda: client.get(address.format(cast.project.pk))) == one


def waiting(cast) -> list[tuple]:
    make_brief(cast)
    lines = [line for line in queries.waiting([cast.project]) if "goal" in line.url]
    return [(line.side, line.roles, line.sentence, line.url) for line in lines]


def test_a_goal_past_its_day_asks_the_deciders_of_both_sides(cast):
    goal = make_running_goal(cast, due_on=LONG_AGO)
    sentence = "The day of this goal has passed. Say how it ended: “Twelve thousand followers by 1 March”"
    url = f"/goals/{goal.pk}/conclusion/"
    assert waiting(cast) == [
        (Side.AGENCY, (Role.OWNER, Role.MANAGER), sentence, url),
        (Side.CLIENT, (Role.DECIDER,), sentence, url),
    ]


@pytest.mark.parametrize(("status", "due_on"), [("active", AHEAD), ("missed", LONG_AGO), ("draft", LONG_AGO)])
def test_others_ask_nobody(cast, status, due_on):
    make_goal(cast, status=status, due_on=due_on)
    assert waiting(cast) == []


@pytest.mark.parametrize(
    ("goals", "step"),
    [
        ([("active", LONG_AGO), ("proposed", AHEAD)], ("at_risk", "to conclude")),
        ([("active", AHEAD), ("proposed", AHEAD)], ("no_target", "to agree")),
        ([("active", AHEAD), ("draft", AHEAD)], ("on_track", "under way")),
        ([("agreed", AHEAD), ("draft", AHEAD)], ("no_target", "in draft")),
        ([("achieved", LONG_AGO), ("agreed", AHEAD)], ("on_track", "agreed")),
        ([("achieved", LONG_AGO), ("missed", LONG_AGO)], ("on_track", "concluded")),
    ],
)
def test_the_spine_says_where_the_goals_are(cast, goals, step):
    make_brief(cast)
    for status, due_on in goals:
        make_goal(cast, status=status, due_on=due_on)
    found = queries.spine_states([cast.project])[cast.project.pk]["goals"]
    assert (found.status, found.word) == step
