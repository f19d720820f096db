"""What stands around a task: its column, checklist, hours, and what it waits for."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from projects import actions
from projects.models import ChecklistItem, Dependency, Effort, State, Task
from projects.queries import tasks_of
from smmportal.audit import AuditEntry
from smmportal.demo.clock import moved_to
from smmportal.notifications.models import Notification
from smmportal.refusals import Refused
from tests.builders import make_dependency, make_effort, make_step, make_task
from tests.projects.test_actions_projects import create


def verbs() -> list[str]:
    return list(AuditEntry.objects.order_by("id").values_list("verb", flat=True))


def told(event: str) -> list[str]:
    return sorted(Notification.objects.filter(event=event).values_list("to__name", flat=True))


# --- The column -----------------------------------------------------------------------------------------------------


def test_a_state_is_who_did_what_when(cast, contact):
    task = actions.move_task(make_task(cast), state="doing", by=contact)
    assert (task.state, task.started_by, task.review_at, task.done_at) == (State.DOING, contact, None, None)
    task = actions.move_task(task, state="review", by=contact)
    assert (task.state, task.started_by, task.review_by) == (State.REVIEW, contact, contact)
    task = actions.move_task(task, state="done", by=contact)
    assert (task.state, task.done_by, task.review_by) == (State.DONE, contact, contact)
    task = actions.move_task(task, state="planned", by=contact)
    assert (task.state, task.started_at, task.review_at, task.done_at) == (State.PLANNED, None, None, None)


def test_undo_puts_it_where_it_stood(cast, contact):
    task = actions.move_task(make_task(cast), state="review", by=contact)
    actions.finish_task(task, by=contact)
    assert actions.reopen_task(task, by=contact).state is State.REVIEW


def test_moving_where_it_is_writes_nothing(cast, contact):
    actions.move_task(make_task(cast), state="planned", by=contact)
    assert verbs() == []


def test_for_review_asks_the_other_side(cast, contact):
    actions.move_task(make_task(cast, side="client"), state="review", by=contact)
    assert told("task.for_review") == ["Maxim", "Sonya"]


@pytest.mark.parametrize("state", list(State))
def test_every_column_finds_its_own(cast, contact, state):
    tasks = {each: actions.move_task(make_task(cast), state=each, by=contact) for each in State}
    assert list(Task.objects.in_state(state)) == [tasks[state]]


def waits_on(task, user) -> tuple:
    row = tasks_of(user).get(pk=task.pk)
    return (row.waits_on, row.is_blocked)


def test_it_waits_on_its_own_side_and_on_nobody_when_done(cast, contact):
    task = make_task(cast, side="client")
    assert waits_on(task, contact) == ("client", False)
    actions.finish_task(task, by=contact)
    assert waits_on(task, contact) == ("", False)


def test_on_review_it_waits_on_who_looks(cast, contact):
    task = make_task(cast, side="client")
    actions.move_task(task, state="review", by=contact)
    assert waits_on(task, contact) == ("agency", False)


# --- What it waits for ----------------------------------------------------------------------------------------------


def test_a_task_waits_on_the_side_of_what_has_to_be_first(cast, manager):
    post, logo = make_task(cast, side="agency", assignee=None), make_task(cast, side="client")
    actions.wait_for(post, first=logo, by=manager)
    assert waits_on(post, manager) == ("client", True)
    actions.finish_task(logo, by=manager)
    assert waits_on(post, manager) == ("agency", False)


def test_of_several_the_one_that_is_due_first_says_whose_move_it_is(cast, manager):
    post = make_task(cast, side="agency", assignee=None)
    for side, due_on in (("client", date(2026, 12, 9)), ("agency", date(2026, 12, 2)), ("client", None)):
        first = make_task(cast, side=side, assignee=None, due_on=due_on)
        actions.wait_for(post, first=first, by=manager)
    assert waits_on(post, manager) == ("agency", True)


def test_a_done_task_is_not_blocked(cast, manager):
    task = make_dependency(cast).task
    actions.finish_task(task, by=manager)
    assert waits_on(task, manager) == ("", False)


def test_a_circle_is_refused_in_words(cast, manager):
    logo, text, post = (make_task(cast, title=title) for title in ("Logo", "Text", "Post"))
    actions.wait_for(post, first=text, by=manager)
    actions.wait_for(text, first=logo, by=manager)
    with pytest.raises(Refused, match="“Post” itself waits for this task"):
        actions.wait_for(logo, first=post, by=manager)
    with pytest.raises(Refused, match="“Logo” itself waits"):
        actions.wait_for(logo, first=logo, by=manager)
    assert Dependency.objects.count() == 2


def test_only_tasks_of_one_project_wait_for_each_other(cast, manager):
    with pytest.raises(Refused, match="another of the same project"):
        actions.wait_for(make_task(cast), first=make_task(cast, project=create(cast)), by=manager)


def test_waiting_twice_is_waiting_once(cast, manager):
    task, first = make_task(cast), make_task(cast)
    for _time in range(2):
        actions.wait_for(task, first=first, by=manager)
    for _time in range(2):
        actions.stop_waiting_for(task, first=first, by=manager)
    assert verbs() == ["dependency.added", "dependency.removed"]


# --- The checklist --------------------------------------------------------------------------------------------------


@pytest.fixture
def steps(cast, contact) -> list[ChecklistItem]:
    task = make_task(cast)
    return [actions.add_step(task, text=text, by=contact) for text in ("A", "B", "C", "D")]


def order(task: Task) -> list[tuple]:
    return list(task.checklist.values_list("text", "position"))


@pytest.mark.parametrize(
    ("which", "place", "texts"),
    [(0, 3, "BCAD"), (3, 1, "DABC"), (1, 2, "ABCD"), (2, 99, "ABDC"), (1, 0, "BACD"), (0, 4, "BCDA")],
)
def test_a_line_finds_its_place(steps, contact, which, place, texts):
    actions.move_step(steps[which], position=place, by=contact)
    assert order(steps[0].task) == [(text, index) for index, text in enumerate(texts, 1)]


def test_a_line_taken_off_leaves_no_gap(steps, contact):
    actions.remove_step(steps[1], by=contact)
    actions.remove_step(steps[1], by=contact)
    assert order(steps[0].task) == [("A", 1), ("C", 2), ("D", 3)]
    assert actions.add_step(steps[0].task, text="E", by=contact).position == 4


def test_a_line_is_ticked_once_and_unticked_once(steps, contact, manager):
    item = steps[0]
    actions.tick_step(item, by=contact)
    assert actions.tick_step(item, by=manager).done_by == contact
    for _time in range(2):
        actions.untick_step(item, by=manager)
    assert verbs()[4:] == ["step.ticked", "step.unticked"]
    assert (item.done_at, item.done_by) == (None, None)


def test_a_line_in_other_words(steps, contact):
    actions.edit_step(steps[0], text="Find the file", by=contact)
    actions.edit_step(steps[0], text="Find the file", by=contact)
    assert order(steps[0].task)[0] == ("Find the file", 1)
    assert verbs()[4:] == ["step.edited"]


def test_a_checklist_has_an_end(cast, contact):
    task = make_task(cast)
    for _index in range(ChecklistItem.MOST):
        make_step(cast, task=task)
    with pytest.raises(Refused, match="at most 100 lines"):
        actions.add_step(task, text="One more", by=contact)


# --- Hours ----------------------------------------------------------------------------------------------------------


def spent(task, user) -> Decimal:
    return tasks_of(user).get(pk=task.pk).spent


def test_hours_are_added_up_by_person_and_day(cast, contact, manager):
    task = make_task(cast)
    actions.spend(task, hours=Decimal("1.5"), on=date(2026, 11, 2), note="Looked for it", by=contact)
    actions.spend(task, hours=Decimal("0.25"), by=manager)
    rows = list(Effort.objects.order_by("id").values_list("by__name", "on", "hours", "note"))
    assert rows == [
        ("Katya", date(2026, 11, 2), Decimal("1.5"), "Looked for it"),
        ("Maxim", task.project.today, Decimal("0.25"), ""),
    ]
    assert spent(task, contact) == Decimal("1.75")


def test_without_a_row_nothing_is_spent(cast, contact):
    assert spent(make_task(cast), contact) == Decimal(0)


def test_a_mistake_is_set_right_by_a_further_row(cast, contact):
    task = make_task(cast)
    actions.spend(task, hours=Decimal(3), by=contact)
    actions.spend(task, hours=Decimal(-1), by=contact)
    assert spent(task, contact) == Decimal(2)


@pytest.mark.parametrize(
    ("hours", "ahead", "why"),
    [(0, 0, "how many hours"), (-1, 0, "more hours than you wrote"), (1, 1, "has not come yet")],
)
def test_hours_that_can_not_be(cast, manager, hours, ahead, why):
    task = make_task(cast)
    make_effort(cast, task=task, hours=8)  # somebody else's: nobody takes those off
    with pytest.raises(Refused, match=why):
        actions.spend(task, hours=Decimal(hours), on=task.project.today + timedelta(days=ahead), by=manager)


def test_ones_own_row_is_taken_back_on_the_day_it_was_written(cast, contact):
    effort = make_effort(cast, on=date(2026, 11, 1))
    for _time in range(2):
        actions.take_back_effort(effort, by=contact)
    assert not Effort.objects.exists()
    assert verbs() == ["effort.taken_back"]


def test_what_a_correction_rests_on_is_not_taken_back(cast, contact):
    wrong = make_effort(cast, hours=Decimal(2))
    make_effort(cast, task=wrong.task, hours=Decimal(-2))
    with pytest.raises(Refused) as caught:
        actions.take_back_effort(wrong, by=contact)
    assert (caught.value.code, Effort.objects.count()) == ("below-zero", 2)


def test_nobody_takes_back_anothers(cast, manager):
    with pytest.raises(PermissionDenied, match="Only who wrote these hours"):
        actions.take_back_effort(make_effort(cast), by=manager)


def test_a_row_of_yesterday_stays(cast, contact):
    """The day ends at midnight where the project is, in Moscow: at nine in the evening in UTC."""
    with moved_to(datetime(2026, 11, 20, 20, 59, tzinfo=UTC)):
        effort = make_effort(cast, on=date(2026, 11, 20))
    with moved_to(datetime(2026, 11, 20, 21, 0, tzinfo=UTC)), pytest.raises(Refused, match="hours below zero"):
        actions.take_back_effort(effort, by=contact)


# --- Who may --------------------------------------------------------------------------------------------------------


def all_verbs(cast, by) -> list:
    step, row, effort = make_step(cast), make_dependency(cast), make_effort(cast)
    task = row.task
    return [
        lambda: actions.move_task(task, state="doing", by=by),
        lambda: actions.add_step(task, text="x", by=by),
        lambda: actions.edit_step(step, text="x", by=by),
        lambda: actions.tick_step(step, by=by),
        lambda: actions.untick_step(step, by=by),
        lambda: actions.move_step(step, position=1, by=by),
        lambda: actions.remove_step(step, by=by),
        lambda: actions.spend(task, hours=Decimal(1), by=by),
        lambda: actions.take_back_effort(effort, by=by),
        lambda: actions.wait_for(task, first=row.first, by=by),
        lambda: actions.stop_waiting_for(task, first=row.first, by=by),
    ]


@pytest.mark.parametrize("index", range(11))
def test_viewers_look_on(cast, viewer, index):
    with pytest.raises(PermissionDenied, match="Viewers look on"):
        all_verbs(cast, viewer)[index]()


@pytest.mark.parametrize("index", range(11))
def test_a_closed_project_stays_as_it_is(cast, project, contact, index):
    verb = all_verbs(cast, contact)[index]
    project.closed_at = timezone.now()
    project.save()
    with pytest.raises(Refused, match="This project is closed"):
        verb()
