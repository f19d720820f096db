"""What a form takes, and what it says to what it does not take."""

from datetime import date

import pytest

from projects.forms import ConclusionForm, GoalForm, NewProjectForm, agencies_run_by, doers
from projects.models import Goal
from projects.task_forms import TaskForm
from smmportal.people.models import Role, Side
from tests.builders import join, make_goal
from tests.projects.test_actions_projects import create

HUGE = "9" * 30


def new_project(cast, **fields) -> NewProjectForm:
    typed = {"name": "Tea at home", "client": cast.client.pk, "timezone": "Europe/Moscow", **fields}
    return NewProjectForm(typed, agencies=agencies_run_by(cast.manager))


def test_the_only_agency_need_not_be_chosen(cast):
    form = new_project(cast, team=[cast.manager.pk], starts_on="2026-12-01")
    assert form.is_valid(), form.errors
    team = list(form.cleaned_data.pop("team"))
    assert (form.cleaned_data, team) == (
        {
            "name": "Tea at home",
            "agency": cast.agency,
            "client": cast.client,
            "template": "quick",
            "starts_on": date(2026, 12, 1),
            "ends_on": None,
            "timezone": "Europe/Moscow",
        },
        [cast.manager],
    )


def test_a_new_clients_name_takes_the_place_of_a_client(cast):
    form = new_project(cast, client="", client_name="Tea house")
    assert (form.is_valid(), form.cleaned_data["client"]) == (True, "Tea house")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "a\x00b"),
        ("name", "x" * 10_000),
        ("timezone", "Moon/Tranquillity"),
        ("starts_on", "2026-02-30"),
        ("team", [HUGE]),
        ("team", ["²"]),
        ("team", ["x"]),
        ("client", HUGE),
    ],
)
def test_nonsense_is_told_at_its_field(cast, field, value):
    form = new_project(cast, **{field: value})
    assert (form.is_valid(), list(form.errors)) == (False, [field])


def test_people_and_clients_of_another_agency_are_no_choices(cast):
    form = new_project(cast, team=[cast.stranger.pk])
    assert (form.is_valid(), list(form.errors)) == (False, ["team"])
    assert set(form.fields["client"].queryset) == {cast.client, cast.other_client}


def test_a_goal_may_have_gaps_but_not_no_words(project):
    assert list(GoalForm({"revision": 1}, project=project).errors) == ["statement"]
    typed = {"revision": 1, "statement": "  12,000 people read us  ", "due_on": "2027-03-01"}
    form = GoalForm(typed, project=project)
    assert (form.is_valid(), form.words) == (
        True,
        {
            "statement": "12,000 people read us",
            "due_on": date(2027, 3, 1),
            **dict.fromkeys(Goal.CRITERIA, ""),
            **dict.fromkeys(["business_goal", "client_owner", "agency_owner"]),
        },
    )


def test_a_goal_is_answered_for_by_people_of_each_side(cast, project):
    form = GoalForm(project=project)
    offered = {
        name: [str(person) for person in form.fields[name].queryset] for name in ("client_owner", "agency_owner")
    }
    assert offered == {"client_owner": ["Dmitry", "Katya"], "agency_owner": ["Maxim", "Sonya"]}


def test_a_goal_that_was_not_begun_can_only_be_dropped(cast):
    agreed, begun = make_goal(cast, status="agreed"), make_goal(cast, status="active")
    assert [value for value, _label in ConclusionForm(goal=agreed).fields["outcome"].choices] == ["dropped"]
    outcomes = [value for value, _label in ConclusionForm(goal=begun).fields["outcome"].choices]
    assert outcomes == ["achieved", "missed", "dropped"]


def test_a_task_is_for_people_of_the_project_who_do_things(cast, project):
    assert [person.name for person in doers(project)] == ["Dmitry", "Katya", "Maxim", "Sonya"]


@pytest.mark.parametrize("who", ["viewer", "stranger", "neighbour", "colleague"])
def test_nobody_else_is_given_one(cast, project, who):
    form = TaskForm(
        {"title": "x", "priority": "low", "side": "agency", "assignee": getattr(cast, who).pk}, project=project
    )
    assert list(form.errors) == ["assignee"]


def test_a_goal_of_another_project_is_no_choice(cast, project):
    form = TaskForm(
        {"title": "x", "priority": "low", "side": "client", "goal": make_goal(cast, project=create(cast)).pk},
        project=project,
    )
    assert list(form.errors) == ["goal"]


@pytest.mark.parametrize("field", ["assignee", "goal"])
def test_an_id_that_no_database_holds_is_no_choice(cast, project, field):
    assert list(TaskForm({"title": "x", "priority": "low", "side": "client", field: HUGE}, project=project).errors) == [
        field
    ]


def test_a_task_has_words_and_a_side(project):
    assert sorted(TaskForm({}, project=project).errors) == ["priority", "side", "title"]
    assert list(TaskForm({"title": "a\x00b", "priority": "low", "side": "client"}, project=project).errors) == ["title"]


def test_who_only_looks_on_elsewhere_still_does_things_here(cast, project):
    join(cast.contact, cast.other_client, Role.VIEWER)
    assert set(doers(project)) == {*project.people_of(Side.AGENCY), cast.decider, cast.contact}
