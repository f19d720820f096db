"""Tasks that come again and again."""

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from projects import actions
from projects.models import Recurrence, Task
from projects.tasks import continue_recurrences
from smmportal.demo.clock import moved_to
from smmportal.notifications.models import Notification
from smmportal.people.models import Membership
from smmportal.refusals import Refused
from tests.builders import make_goal, make_recurrence, make_step, make_task
from tests.projects.test_actions_projects import create


def on(day: str, hour: int = 9):
    return moved_to(datetime.fromisoformat(f"{day}T{hour:02}:00:00").replace(tzinfo=UTC))


def begin(project, by, **fields) -> Recurrence:
    usual = {"title": "Content plan", "side": "agency", "weekdays": [0], "starts_on": date(2026, 11, 23)}
    return actions.begin_recurrence(project, by=by, **{**usual, **fields})


def days(recurrence: Recurrence | None = None) -> list[str]:
    return [day.isoformat() for day in Task.objects.order_by("occurs_on").values_list("occurs_on", flat=True)]


def test_the_first_task_is_there_at_once(project, manager, specialist):
    with on("2026-11-20"):
        recurrence = begin(project, manager, assignee=specialist, priority="high", estimate=2, description="Monthly.")
    task = Task.objects.get()
    assert (task.recurrence, task.title, task.description, task.side, task.assignee, task.priority) == (
        recurrence,
        "Content plan",
        "Monthly.",
        "agency",
        specialist,
        "high",
    )
    assert (task.due_on, task.occurs_on, task.estimate, task.created_by) == (
        date(2026, 11, 23),
        date(2026, 11, 23),
        2,
        manager,
    )
    assert list(Notification.objects.values_list("to__name", "event")) == [("Sonya", "task.assigned")]


def test_the_next_one_comes_when_the_last_is_done(project, manager):
    with on("2026-11-20"):
        begin(project, manager)
        actions.finish_task(Task.objects.get(), by=manager)
    assert days() == ["2026-11-23", "2026-11-30"]


def test_the_next_one_comes_when_its_day_does(project, manager):
    with on("2026-11-20"):
        begin(project, manager)
    with on("2026-11-22"):
        assert continue_recurrences() == 0
    with on("2026-11-23"):
        assert (continue_recurrences(), continue_recurrences()) == (1, 0)
    assert days() == ["2026-11-23", "2026-11-30"]


def test_the_day_is_that_of_the_project(project, manager):
    """At 20:00 in UTC it is not yet Monday in Moscow; at 22:00 it is."""
    with on("2026-11-20"):
        begin(project, manager)
    with on("2026-11-22", 20):
        assert continue_recurrences() == 0
    with on("2026-11-22", 22):
        assert continue_recurrences() == 1


def test_what_passed_while_nobody_looked_is_left_out(project, manager):
    with on("2026-11-20"):
        begin(project, manager)
    with on("2026-12-16"):
        continue_recurrences()
    assert days() == ["2026-11-23", "2026-12-21"]


def test_done_late_it_does_not_come_twice(project, manager):
    with on("2026-11-20"):
        begin(project, manager)
    with on("2026-11-25"):
        continue_recurrences()
        actions.finish_task(Task.objects.order_by("id")[0], by=manager)
    assert days() == ["2026-11-23", "2026-11-30"]


def test_done_undone_and_done_again_it_comes_once(project, manager):
    with on("2026-11-20"):
        begin(project, manager)
        task = Task.objects.get()
        for _time in range(2):
            actions.finish_task(task, by=manager)
            actions.reopen_task(task, by=manager)
    assert days() == ["2026-11-23", "2026-11-30"]


def test_a_beginning_in_the_past_does_not_bring_the_past_back(project, manager):
    with on("2026-12-16"):
        begin(project, manager, starts_on=date(2026, 1, 5))
    assert days() == ["2026-12-21"]


def test_a_moved_date_does_not_disturb_the_rhythm(project, manager):
    with on("2026-11-20"):
        begin(project, manager)
        task = actions.edit_task(Task.objects.get(), by=manager, due_on=date(2026, 12, 5))
        actions.finish_task(task, by=manager)
    assert days() == ["2026-11-23", "2026-11-30"]


def test_the_checklist_comes_again_with_nothing_ticked(cast, project, manager):
    with on("2026-11-20"):
        begin(project, manager)
        task = Task.objects.get()
        for text in ("Numbers", "Words"):
            actions.tick_step(make_step(cast, task=task, text=text), by=manager)
        actions.finish_task(task, by=manager)
    again = Task.objects.order_by("occurs_on").last()
    assert list(again.checklist.values_list("text", "position", "done_at")) == [
        ("Numbers", 1, None),
        ("Words", 2, None),
    ]


def test_it_comes_no_more_after_its_end(project, manager):
    with on("2026-11-20"):
        begin(project, manager, ends_on=date(2026, 11, 29))
        actions.finish_task(Task.objects.get(), by=manager)
    assert days() == ["2026-11-23"]


def test_ended_by_hand_it_comes_no_more_and_what_is_there_stays(project, manager, decider):
    with on("2026-11-20"):
        recurrence = begin(project, manager)
        actions.end_recurrence(recurrence, by=decider)
        assert actions.end_recurrence(recurrence, by=manager).ended_by == decider
        actions.finish_task(Task.objects.get(), by=manager)
    with on("2027-01-01"):
        assert continue_recurrences() == 0
    assert days() == ["2026-11-23"]


def test_an_ended_one_does_not_change(project, manager):
    recurrence = actions.end_recurrence(begin(project, manager), by=manager)
    with pytest.raises(Refused, match="Begin a new one"):
        actions.edit_recurrence(recurrence, by=manager, title="x")


def test_a_change_is_for_what_comes_next(project, manager):
    with on("2026-11-20"):
        recurrence = begin(project, manager)
        actions.edit_recurrence(recurrence, by=manager, title="Report", frequency="monthly", month_day=-1)
        actions.finish_task(Task.objects.get(), by=manager)
    assert list(Task.objects.order_by("id").values_list("title", "due_on")) == [
        ("Content plan", date(2026, 11, 23)),
        ("Report", date(2026, 11, 30)),
    ]


def test_a_closed_project_rests(project, manager):
    with on("2026-11-20"):
        begin(project, manager)
        actions.close_project(project, by=manager)
    with on("2026-11-24"):
        assert continue_recurrences() == 0


def test_whoever_has_left_gets_no_more_tasks(cast, project, manager, specialist):
    with on("2026-11-20"):
        begin(project, manager, assignee=specialist)
    Membership.objects.filter(user=specialist).delete()
    with on("2026-11-23"):
        continue_recurrences()
    assert list(Task.objects.order_by("occurs_on").values_list("assignee__name", flat=True)) == ["Sonya", None]


def test_the_database_holds_one_task_a_day_of_it(cast):
    recurrence = make_recurrence(cast)
    fields = {"recurrence": recurrence, "occurs_on": date(2026, 11, 23)}
    make_task(cast, **fields)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_task(cast, **fields)


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"weekdays": [6], "ends_on": date(2026, 11, 28)}, "before it comes for the first time"),
        ({"assignee": "contact"}, "does not work on that side"),
        ({"goal": "foreign"}, "another project"),
    ],
)
def test_what_can_not_come_is_refused(cast, project, manager, fields, why):
    if "assignee" in fields:
        fields = {"assignee": cast.contact}
    if "goal" in fields:
        fields = {"goal": make_goal(cast, project=create(cast))}
    with pytest.raises(Refused, match=why):
        begin(project, manager, **fields)
    assert not Recurrence.objects.exists()


def test_viewers_look_on(cast, project, viewer):
    recurrence = make_recurrence(cast)
    verbs = [
        lambda: begin(project, viewer),
        lambda: actions.edit_recurrence(recurrence, by=viewer, title="x"),
        lambda: actions.end_recurrence(recurrence, by=viewer),
    ]
    for verb in verbs:
        with pytest.raises(PermissionDenied, match="Viewers look on"):
            verb()
