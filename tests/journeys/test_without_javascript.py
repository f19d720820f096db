"""The portal without JavaScript: the ways are longer, and every one of them leads there."""

import re

import pytest
from playwright.sync_api import expect

from meetings.models import Meeting
from projects.models import Answer, Brief, Goal
from projects.questionnaire import new_form
from tests.builders import PASSWORD, make_goal
from tests.journeys.conftest import PHONE, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


class PlainVisitor(Visitor):
    """Without scripts there is no axe to run either; the same pages are looked at in the other journeys."""

    def look(self) -> None:
        assert self.complaints == [], self.where

    glance = look


@pytest.fixture
def plain(visit):
    """`plain(person)` is that person's browser with JavaScript turned off, at the login page."""

    def arrive(person) -> PlainVisitor:
        page = visit(size=PHONE, java_script_enabled=False).page
        return PlainVisitor(page, re.match(r"http://[^/]+", log_in(page, person))[0], "plain")

    def log_in(page, person) -> str:
        page.goto(visit().base + "/")
        page.get_by_label("Email").fill(person.email)
        page.get_by_label("Password").fill(PASSWORD)
        page.locator("main").get_by_role("button", name="Log in").click()
        expect(page.get_by_role("heading", name="Waiting for you")).to_be_visible()
        return page.url

    return arrive


def test_an_answer_is_saved_by_the_button(cast, plain):
    Brief.objects.create(project=cast.project, form=new_form())
    contact = plain(cast.contact)
    page = contact.go(f"/projects/{cast.project.pk}/brief/sections/B/")
    page.fill("#B1-input", "The subscription, because it brings customers back.")
    contact.press("Save and continue")
    contact.sees("Audience")
    kept = Answer.objects.get()
    assert (kept.key, kept.value) == ("B1", "The subscription, because it brings customers back.")


def test_a_goal_is_proposed(cast, plain):
    goal = make_goal(cast)
    manager = plain(cast.manager)
    manager.go(f"/goals/{goal.pk}/")
    manager.press("Propose it to the client")
    manager.sees("Waits for the client’s decision-maker.")
    assert Goal.objects.get().status == "proposed"


def test_a_meeting_is_booked_and_its_agenda_grows(cast, plain):
    contact = plain(cast.contact)
    contact.go(f"/projects/{cast.project.pk}/meetings/new/")
    contact.follow("Next week")
    contact.follow(re.compile("^10:00"))
    contact.fill(title="First review")
    contact.press("Book the meeting")
    contact.page.get_by_label("What to talk about").fill("What the numbers say")
    contact.press("Add to the agenda")
    contact.sees("What the numbers say")
    assert [item.title for item in Meeting.objects.get().agenda.all()] == ["What the numbers say"]
