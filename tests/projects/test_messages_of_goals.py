"""What people are told of a goal, in their own language."""

from datetime import date

import pytest

from projects import actions
from projects.models import Goal
from smmportal.notifications.models import Delivery
from smmportal.notifications.wording import message_for
from smmportal.people.models import User
from tests.builders import make_conclusion, make_running_goal


def told(event: str, language: str) -> tuple[str, str]:
    """The subject and the body of what the client's contact was told."""
    User.objects.filter(email="contact@client.example").update(language=language)
    of_contact = Delivery.objects.select_related("notification__to")
    found = of_contact.filter(notification__event=event, notification__to__email="contact@client.example").first()
    message = message_for(found)
    return message.subject, message.body.replace("\xa0", " ")


@pytest.fixture
def running(cast) -> Goal:
    return make_running_goal(cast, due_on=date(2027, 3, 1))


@pytest.mark.parametrize(
    ("outcome", "english", "russian"),
    [
        ("achieved", "is achieved", "достигнута"),
        ("missed", "is missed", "не достигнута"),
        ("dropped", "is dropped", "снята"),
    ],
)
def test_an_ending_is_told_with_its_reason(cast, running, manager, outcome, english, russian):
    actions.conclude_goal(running, outcome=outcome, reason="We began late.", by=manager)
    subject, body = told("goal.concluded", "en")
    assert subject == f"A goal in “Coffee at home” {english}: Twelve thousand followers by 1 March"
    assert ("We began late." in body, f"Maxim says that this goal {english}." in body) == (True, True)
    assert told("goal.concluded", "ru")[0] == (
        f"Цель в проекте «Coffee at home» {russian}: Twelve thousand followers by 1 March"
    )


def test_a_gap_is_told_with_both_figures(cast, running):
    for person, value in ((cast.manager, 9), (cast.decider, 4)):
        actions.say_confidence(running, value=value, by=person)
    assert "The client’s confidence is 4 of 10, the agency’s 9." in told("goal.apart", "en")[1]
    assert "Клиент уверен на 4 из 10, агентство — на 9." in told("goal.apart", "ru")[1]


def test_going_on_is_told_with_its_reason(cast, manager):
    actions.reopen_goal(make_conclusion(cast).goal, reason="A new budget", by=manager)
    assert "A new budget" in told("goal.reopened", "ru")[1]


def test_a_beginning_is_told_with_its_day(cast, manager):
    agreed = make_running_goal(cast, status="agreed", begun_at=None, due_on=date(2027, 3, 1))
    actions.begin_goal(agreed, by=manager)
    assert "Срок: 1 марта 2027" in told("goal.begun", "ru")[1]


def test_an_owner_is_told_what_is_theirs(cast, running, manager):
    actions.edit_goal(running, by=manager, client_owner=cast.contact)
    assert told("goal.entrusted", "ru")[0] == (
        "Вы отвечаете за цель в проекте «Coffee at home»: Twelve thousand followers by 1 March"
    )
