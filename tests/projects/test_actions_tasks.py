from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from projects import actions
from smmportal.audit import AuditEntry
from smmportal.notifications.models import Notification
from smmportal.people.models import Side
from smmportal.refusals import Refused
from tests.builders import make_goal, make_task
from tests.projects.test_actions_projects import create


def told() -> list[tuple]:
    return list(
        Notification.objects.filter(event="task.assigned").values_list("to__name", "facts__task", "facts__due_on")
    )


def test_a_task_says_whose_it_is_and_by_when(project, manager, contact):
    task = actions.add_task(
        project, title="Send the logo", side=Side.CLIENT, assignee=contact, due_on=date(2026, 12, 1), by=manager
    )
    assert (task.side, task.assignee, task.due_on, task.created_by) == ("client", contact, date(2026, 12, 1), manager)
    assert told() == [("Katya", "Send the logo", "2026-12-01")]


def test_nobody_is_told_of_their_own_task(project, contact):
    actions.add_task(project, title="Send the logo", side=Side.CLIENT, assignee=contact, by=contact)
    assert told() == []


@pytest.mark.parametrize(
    ("side", "who"), [("client", "manager"), ("agency", "contact"), ("client", "viewer"), ("agency", "stranger")]
)
def test_the_person_works_on_that_side(cast, project, side, who):
    with pytest.raises(Refused, match="does not work on that side"):
        actions.add_task(project, title="x", side=side, assignee=getattr(cast, who), by=cast.manager)


def test_the_goal_is_of_the_same_project(cast, project, manager):
    goal = make_goal(cast, project=create(cast))
    with pytest.raises(Refused, match="another project"):
        actions.add_task(project, title="x", side="client", goal=goal, by=manager)


@pytest.mark.parametrize("verb", [actions.finish_task, actions.reopen_task, actions.edit_task])
def test_viewers_look_on(cast, viewer, verb):
    with pytest.raises(PermissionDenied, match="Viewers look on"):
        verb(make_task(cast), by=viewer)


def test_finishing_twice_keeps_the_first(cast, contact, manager):
    task = make_task(cast)
    first = actions.finish_task(task, by=contact).done_at
    again = actions.finish_task(task, by=manager)
    assert (again.done_at, again.done_by) == (first, contact)


def test_undo(cast, contact):
    task = actions.finish_task(make_task(cast), by=contact)
    assert actions.reopen_task(task, by=contact).done_at is None


def test_a_task_goes_to_somebody_else(cast, decider, manager):
    task = actions.edit_task(make_task(cast), by=manager, assignee=decider, due_on=None)
    assert (task.assignee, task.due_on) == (decider, None)
    assert told() == [("Dmitry", "Send the logo", "")]


def test_a_task_moved_to_the_other_side_needs_a_person_of_it(cast, manager):
    with pytest.raises(Refused, match="does not work on that side"):
        actions.edit_task(make_task(cast), by=manager, side="agency")


def trail(project) -> list[tuple]:
    return list(AuditEntry.objects.filter(project=project).order_by("id").values_list("verb", "by__name"))


def test_the_trail_remembers_each_step_once(cast, project, contact, manager):
    task = actions.add_task(project, title="Send the logo", side=Side.CLIENT, by=manager)
    actions.edit_task(task, by=manager, title="Send the new logo")
    for verb in (actions.finish_task, actions.finish_task, actions.reopen_task, actions.reopen_task):
        verb(task, by=contact)
    assert trail(project) == [
        ("task.added", "Maxim"),
        ("task.edited", "Maxim"),
        ("task.finished", "Katya"),
        ("task.reopened", "Katya"),
    ]


def test_a_closed_project_takes_no_tasks(cast, project, manager):
    task = make_task(cast)
    actions.close_project(project, by=manager)
    task.project.refresh_from_db()
    project.refresh_from_db()
    verbs = [
        lambda: actions.add_task(project, title="x", side="client", by=manager),
        lambda: actions.edit_task(task, by=manager, title="x"),
        lambda: actions.finish_task(task, by=manager),
        lambda: actions.reopen_task(task, by=manager),
    ]
    for verb in verbs:
        with pytest.raises(Refused, match="This project is closed"):
            verb()


def test_who_had_a_task_already_is_not_told_again(cast, contact, manager):
    task = make_task(cast, assignee=contact, side="client")
    actions.edit_task(task, by=manager, title="Send the new logo")
    assert told() == []


def test_a_specialist_is_given_nothing_outside_their_teams(cast, project, contact):
    with pytest.raises(Refused, match="does not work on that side"):
        actions.add_task(project, title="x", side=Side.AGENCY, assignee=cast.colleague, by=cast.manager)
    with pytest.raises(Refused, match="does not work on that side"):
        actions.ask_for_material(project, what="x", side=Side.AGENCY, person=cast.colleague, by=contact)
    assert told() == []


def test_two_who_edit_a_task_at_once_lose_nothing(cast, manager, contact):
    task, decider = make_task(cast, assignee=contact), cast.decider
    stale = type(task).objects.get()
    actions.edit_task(task, by=manager, assignee=decider, title="Send the logo in vectors")
    actions.edit_task(stale, by=contact, priority="high")
    task = type(task).objects.get()
    assert (task.assignee, task.title, task.priority) == (decider, "Send the logo in vectors", "high")


def test_what_was_changed_meanwhile_can_be_changed_back(cast, manager, contact):
    task = make_task(cast)
    stale = type(task).objects.get()
    actions.edit_task(task, by=manager, title="Send the logo in vectors")
    actions.edit_task(stale, by=contact, title="Send the logo")
    entry = AuditEntry.objects.filter(verb="task.edited").order_by("-id")[0]
    assert (type(task).objects.get().title, entry.facts["changes"]) == (
        "Send the logo",
        {"title": ["Send the logo in vectors", "Send the logo"]},
    )


def test_a_side_that_was_changed_meanwhile_counts(cast, manager, contact):
    task = make_task(cast, assignee=None)
    stale = type(task).objects.get()
    actions.edit_task(task, by=manager, side=Side.AGENCY)
    with pytest.raises(Refused, match="does not work on that side"):
        actions.edit_task(stale, by=manager, assignee=contact)
