"""What goes wrong between people and machines: nothing typed is lost, nothing happens twice."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from kpis.actions.agreements import prepare_agreement
from kpis.models import Kpi, Signature
from meetings.models import Meeting
from projects import actions
from projects.models import Answer, Brief, BriefVersion
from projects.questionnaire import new_form, questions_of
from smmportal.audit import AuditEntry
from tests.builders import PASSWORD
from tests.journeys.conftest import DESK, PHONE, let_in
from tests.projects.conftest import sample

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MINE = "We roast coffee in small batches."
THEIRS = "We are a roastery with a school."


@pytest.fixture
def brief(cast) -> Brief:
    return Brief.objects.create(project=cast.project, form=new_form())


@pytest.fixture
def section(brief) -> str:
    return f"/projects/{brief.project_id}/brief/sections/A/"


def write(visitor, text: str) -> None:
    visitor.page.fill("#A1-input", text)
    visitor.page.locator("#A1-input").blur()


def state(visitor):
    return visitor.page.locator("[data-save-state=A1]")


def test_a_session_that_ends_in_the_middle_loses_no_word(cast, visit, section):
    contact = visit(cast.contact, PHONE)
    contact.forgives = ("Failed to load resource",)
    contact.go(section)
    contact.page.context.clear_cookies(name="sessionid")
    write(contact, MINE)
    expect(state(contact)).to_have_text(
        "You have been logged out. Your text is kept in this browser: log in again and it will be saved."
    )
    contact.look()
    assert not Answer.objects.exists()
    let_in(contact.page.context, cast.contact, contact.base)
    contact.go(section)
    expect(contact.page.locator("#A1-input")).to_have_value(MINE)
    expect(state(contact)).to_have_text("Saved")
    assert Answer.objects.get().value == MINE


def test_a_lost_connection_loses_no_word(cast, visit, section):
    contact = visit(cast.contact, PHONE)
    contact.forgives = ("Failed to load resource",)
    contact.go(section)
    contact.page.route("**/sections/A/", lambda route: route.abort())
    write(contact, MINE)
    expect(state(contact)).to_have_text(
        "There is no connection. Your text is kept in this browser and will be saved as soon as it is back."
    )
    contact.look()
    contact.page.unroute("**/sections/A/")
    expect(state(contact)).to_have_text("Saved")
    assert Answer.objects.get().value == MINE


def test_two_people_at_one_answer_see_both_texts(cast, visit, section):
    contact, decider = visit(cast.contact, PHONE), visit(cast.decider, DESK)
    contact.forgives = ("409",)
    contact.go(section)
    decider.go(section)
    write(decider, THEIRS)
    expect(state(decider)).to_have_text("Saved")
    write(contact, MINE)
    conflict = contact.page.locator("[data-conflict=A1]")
    expect(conflict).to_contain_text(MINE)
    expect(conflict).to_contain_text(THEIRS)
    contact.look()
    conflict.get_by_role("button", name="Keep mine").click()
    expect(state(contact)).to_have_text("Saved")
    assert Answer.objects.get().value == MINE


def press_twice(visitor, name: str, *, then: str) -> None:
    visitor.page.locator("main").get_by_role("button", name=name).last.dblclick()
    visitor.sees(then)
    visitor.page.wait_for_load_state("networkidle")
    visitor.look()


def test_a_double_click_signs_once(cast, visit):
    cast.get(Kpi)
    cast.project.activated_at = timezone.now()
    cast.project.save()
    agreement = prepare_agreement(cast.project, by=cast.manager)
    decider = visit(cast.decider, PHONE)
    decider.go(agreement.get_absolute_url())
    decider.fill(password=PASSWORD)
    press_twice(decider, "Sign for Roast No. 7", then="Dmitry has signed for Roast No. 7")
    assert [signature.by for signature in Signature.objects.all()] == [cast.decider]


def test_a_double_click_submits_once(cast, visit, brief):
    for question in questions_of(brief.form):
        actions.save_answer(brief, question["key"], value=sample(question), revision=0, by=cast.contact)
    contact = visit(cast.contact, PHONE)
    contact.go(f"/projects/{brief.project_id}/brief/")
    press_twice(contact, "Submit the brief", then="The brief is submitted as version 1.")
    assert (BriefVersion.objects.count(), AuditEntry.objects.filter(verb="brief.submitted").count()) == (1, 1)


def test_a_double_click_books_once(cast, visit):
    contact = visit(cast.contact, PHONE)
    contact.go(f"/projects/{cast.project.pk}/meetings/new/")
    contact.follow("Next week")
    contact.follow(re.compile("^10:00"))
    contact.fill(title="First review")
    press_twice(contact, "Book the meeting", then="How this meeting came about")
    assert [meeting.title for meeting in Meeting.objects.all()] == ["First review"]
