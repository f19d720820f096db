"""Several tasks at once: all of them or none."""

from datetime import date

import pytest

from projects import actions
from projects.models import Task
from smmportal.refusals import Refused
from tests.builders import make_goal, make_task
from tests.projects.test_actions_projects import create


def dates() -> list:
    return list(Task.objects.order_by("id").values_list("due_on", flat=True))


def test_all_get_the_same(cast, manager, decider):
    goal = make_goal(cast)
    tasks = [make_task(cast) for _index in range(3)]
    actions.change_tasks(
        tasks, by=manager, assignee=decider, due_on=date(2027, 1, 1), priority="urgent", goal=goal, state="doing"
    )
    rows = Task.objects.values_list("assignee", "due_on", "priority", "goal", "started_by")
    assert list(rows) == [(decider.pk, date(2027, 1, 1), "urgent", goal.pk, manager.pk)] * 3


def test_one_that_can_not_stops_all_and_is_named(cast, manager, decider):
    tasks = [make_task(cast), make_task(cast, title="Draw it", side="agency", assignee=None), make_task(cast)]
    with pytest.raises(Refused) as refusal:
        actions.change_tasks(tasks, by=manager, assignee=decider, due_on=date(2027, 1, 1))
    assert str(refusal.value) == (
        "Nothing was changed. “Draw it”: Dmitry does not work on that side of the project. Choose somebody who does."
    )
    assert refusal.value.extra == {"tasks": [tasks[1].pk]}
    assert dates() == [date(2026, 12, 1)] * 3


def test_of_very_many_a_few_are_named(cast, manager, decider):
    tasks = [make_task(cast, title=f"T{index}", side="agency", assignee=None) for index in range(7)]
    with pytest.raises(Refused, match=r"“T4”.*; and 2 more$"):
        actions.change_tasks(tasks, by=manager, assignee=decider)


def test_a_project_where_one_only_looks_on_stops_all(cast, viewer):
    with pytest.raises(Refused, match=r"“Send the logo”: Viewers look on\. Ask a colleague to finish the task\."):
        actions.finish_tasks([make_task(cast)], by=viewer)


def test_all_are_finished_and_undone(cast, manager):
    tasks = [make_task(cast), make_task(cast, project=create(cast))]
    actions.finish_tasks(tasks, by=manager)
    assert Task.objects.open().count() == 0
    actions.reopen_tasks(tasks, by=manager)
    assert Task.objects.open().count() == 2


def test_one_closed_project_stops_all(cast, manager):
    closed = create(cast)
    tasks = [make_task(cast), make_task(cast, project=closed)]
    actions.close_project(closed, by=manager)
    with pytest.raises(Refused, match="This project is closed"):
        actions.finish_tasks(tasks, by=manager)
    assert Task.objects.open().count() == 2


def test_something_has_to_be_chosen(cast, manager):
    with pytest.raises(Refused, match="at least one task"):
        actions.finish_tasks([], by=manager)
    with pytest.raises(Refused, match="Choose what to change"):
        actions.change_tasks([make_task(cast)], by=manager)
