"""A task's history, in words."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import translation

from projects import actions
from projects.queries import history_of
from projects.trail import SENTENCES, SPECIAL, sentence_of
from smmportal.audit import AuditEntry, record
from tests.builders import make_goal, make_task


def history(task, language: str = "en") -> list[str]:
    with translation.override(language):
        return [sentence_of(entry).replace("\u00a0", " ") for entry in reversed(history_of(task))]


@pytest.fixture
def lived(cast, project, manager, contact, decider):
    """A task to which everything has happened."""
    task = actions.add_task(project, title="Logo", side="client", assignee=contact, by=manager)
    other = make_task(cast, title="Draw it")
    actions.edit_task(
        task,
        by=manager,
        title="The logo",
        due_on=date(2026, 12, 5),
        priority="urgent",
        estimate=Decimal("2.50"),
        goal=make_goal(cast),
        assignee=decider,
    )
    step = actions.add_step(task, text="Find it", by=contact)
    actions.tick_step(step, by=contact)
    actions.untick_step(step, by=contact)
    actions.edit_step(step, text="Look for it", by=contact)
    actions.remove_step(step, by=contact)
    actions.wait_for(task, first=other, by=manager)
    actions.stop_waiting_for(task, first=other, by=manager)
    effort = actions.spend(task, hours=Decimal("1.5"), on=date(2026, 11, 2), by=contact)
    actions.take_back_effort(effort, by=contact)
    actions.hand_over([task], to=contact, by=decider)
    actions.move_task(task, state="review", by=contact)
    actions.finish_task(task, by=manager)
    actions.reopen_task(task, by=manager)
    return task


def test_everything_that_happened_is_told(lived):
    assert history(lived) == [
        "The task was added.",
        "What is to be done: rewritten; Who does it: Katya → Dmitry; Priority: Normal → Urgent; "
        "How many hours it takes: — → 2.5 h; By when: — → 5 December 2026; "
        "Which goal it serves: — → Twelve thousand followers by 1 March",
        "Added to the checklist: Find it",
        "Ticked off: Find it",
        "No longer ticked off: Find it",
        "In the checklist “Find it” became “Look for it”.",
        "Taken off the checklist: Look for it",
        "Now waits for: Draw it",
        "No longer waits for: Draw it",
        "1.5 h written down for 2 November 2026.",
        "1.5 h of 2 November 2026 taken back.",
        "Handed over: Dmitry → Katya.",
        "Moved to “For review”.",
        "The task was finished.",
        "The task was reopened.",
    ]


def test_and_in_russian(lived):
    assert history(lived, "ru")[1:3] == [
        "Что нужно сделать: новый текст; Кто делает: Katya → Dmitry; Важность: Обычная → Срочная; "
        "Сколько часов займёт: — → 2,5 ч; К какому дню: — → 5 декабря 2026; "
        "Какой цели служит: — → Twelve thousand followers by 1 March",
        "Новый шаг: Find it",
    ]


def test_every_verb_about_a_task_has_a_sentence(lived):
    verbs = set(AuditEntry.objects.values_list("verb", flat=True)) - {"project.closed"}
    assert verbs - SENTENCES.keys() - SPECIAL.keys() == set()


def test_a_verb_of_another_time_stays_as_it_is(cast, manager):
    task = make_task(cast)
    record("task.painted", about=task, by=manager, project=cast.project, colour="100 %")
    record("task.edited", about=task, by=manager, project=cast.project)
    assert history(task) == ["task.painted", "The task was changed."]


def test_the_history_is_that_of_the_task_and_of_no_other(cast, lived, manager):
    other = make_task(cast)
    actions.finish_task(other, by=manager)
    assert history(other) == ["The task was finished."]
