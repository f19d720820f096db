"""Tomorrow and overdue: once for each date, in the morning of the project."""

from datetime import UTC, date, datetime

import pytest

from projects import actions
from projects.models import Reminder
from smmportal.notifications.models import Notification
from smmportal.notifications.wording import sentence
from tests.builders import make_absence, make_task

#: Ten in the morning in Moscow.
MORNING = datetime(2026, 11, 30, 7, tzinfo=UTC)


def told() -> list[tuple]:
    return list(Notification.objects.order_by("id").values_list("event", "to__name"))


def test_tomorrow(cast):
    make_task(cast, due_on=date(2026, 12, 1))
    assert [actions.remind(MORNING) for _time in range(2)] == [1, 0]
    assert told() == [("task.due_tomorrow", "Katya")]


def test_overdue_the_morning_after(cast):
    make_task(cast, due_on=date(2026, 11, 29))
    assert [actions.remind(MORNING) for _time in range(2)] == [1, 0]
    assert told() == [("task.overdue", "Katya")]


@pytest.mark.parametrize("day", [date(2026, 11, 30), date(2026, 12, 2), None])
def test_today_and_later_nobody_is_told(cast, day):
    make_task(cast, due_on=day)
    assert actions.remind(MORNING) == 0


def test_nobody_is_woken(cast):
    make_task(cast, due_on=date(2026, 11, 29))
    assert actions.remind(datetime(2026, 11, 30, 5, 59, tzinfo=UTC)) == 0
    assert actions.remind(datetime(2026, 11, 30, 6, 0, tzinfo=UTC)) == 1


def test_the_morning_is_that_of_the_project(cast, project):
    project.timezone = "Asia/Vladivostok"
    project.save()
    make_task(cast, due_on=date(2026, 12, 2))
    assert actions.remind(datetime(2026, 11, 30, 23, tzinfo=UTC)) == 1  # nine in the morning of 1 December there


def test_a_new_date_is_told_of_anew(cast, manager):
    task = make_task(cast, due_on=date(2026, 11, 29))
    actions.remind(MORNING)
    actions.edit_task(task, by=manager, due_on=date(2026, 12, 1))
    actions.remind(MORNING)
    assert list(Reminder.objects.values_list("kind", "due_on")) == [
        ("overdue", date(2026, 11, 29)),
        ("tomorrow", date(2026, 12, 1)),
    ]


def test_done_tasks_and_closed_projects_are_left_alone(cast, manager, project):
    actions.finish_task(make_task(cast, due_on=date(2026, 11, 29)), by=manager)
    make_task(cast, due_on=date(2026, 11, 29))
    actions.close_project(project, by=manager)
    assert actions.remind(MORNING) == 0


def test_a_task_of_nobody_reminds_its_side(cast):
    make_task(cast, assignee=None, due_on=date(2026, 12, 1))
    actions.remind(MORNING)
    assert sorted(told()) == [("task.due_tomorrow", "Dmitry"), ("task.due_tomorrow", "Katya")]


def test_who_stands_in_is_told_too(cast):
    make_absence(cast)
    make_task(cast, due_on=date(2026, 12, 1))
    actions.remind(MORNING)
    assert told() == [("task.due_tomorrow", "Katya"), ("task.due_tomorrow", "Dmitry")]


def test_the_sentence(cast):
    make_task(cast, due_on=date(2026, 12, 1))
    actions.remind(MORNING)
    assert sentence(Notification.objects.get()) == "Due tomorrow in “Coffee at home”: Send the logo"
