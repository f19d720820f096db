"""Two people in the room of one meeting at once, one at a desk and one on a phone: nobody's word is lost."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from meetings import actions
from meetings.models import Minutes
from tests.builders import make_meeting
from tests.journeys.conftest import DESK, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def meeting(cast):
    """It began five minutes ago."""
    began = timezone.now() - timedelta(minutes=5)
    meeting = make_meeting(cast, starts_at=began, ends_at=began + timedelta(hours=1))
    actions.add_lines(meeting, ["How the month went", "Budget"], by=cast.manager)
    return meeting


def test_two_people_write_in_the_room_at_once(cast, meeting, visit):
    address = f"/meetings/{meeting.pk}/room/"
    manager = visit(cast.manager, DESK)
    decider = visit(cast.decider, PHONE, language="ru", dark=True)
    manager.go(address)
    manager.press("Start the clock")
    expect(manager.page.locator(".room-present")).to_contain_text("How the month went")
    decider.go(address)

    at_desk, on_phone = (each.page.locator("#notes-text") for each in (manager, decider))
    at_desk.press_sequentially("The month went well.")
    on_phone.press_sequentially("Бюджет вырастет.")
    expect(manager.page.locator("[data-room-notes] [data-save-state]")).to_have_text("Saved")
    both = re.compile(r"^(The month went well\.\nБюджет вырастет\.|Бюджет вырастет\.\nThe month went well\.)$")
    for notes in (at_desk, on_phone):
        expect(notes).to_have_value(both)


def test_decisions_and_actions_come_by_a_key_and_reach_the_other_screen(cast, meeting, visit):
    address = f"/meetings/{meeting.pk}/room/"
    manager, decider = visit(cast.manager, DESK), visit(cast.decider, PHONE, language="ru")
    manager.go(address)
    decider.go(address)
    page = manager.page
    page.locator("h1").click()
    page.keyboard.press("d")
    page.keyboard.type("Post daily.")
    page.get_by_role("button", name="Write the decision down").click()
    expect(page.locator("#room-decisions")).to_contain_text("Post daily.")
    page.keyboard.press("Escape")
    page.locator("h1").click()
    page.keyboard.press("a")
    page.keyboard.type("Send photographs")
    page.locator("#action-who").select_option("client")
    page.get_by_role("button", name="Assign").click()
    expect(page.locator("#room-actions")).to_contain_text("Send photographs")
    page.get_by_role("button", name=re.compile("Tick off.*How the month went")).click()
    expect(page.locator(".agenda")).to_contain_text("talked about")
    expect(decider.page.locator("#room-decisions")).to_contain_text("Post daily.")
    expect(decider.page.locator("#room-actions")).to_contain_text("Send photographs")
    decider.look()
    assert (meeting.decisions.get().by, meeting.action_items.get().task.title) == (cast.manager, "Send photographs")


def test_without_a_script_the_room_is_forms(cast, meeting, visit):
    decider = visit(cast.decider, PHONE, java_script_enabled=False)
    address = f"/meetings/{meeting.pk}/room/"
    decider.page.goto(decider.base + address)
    decider.page.fill("#notes-text", "We met.")
    decider.page.get_by_role("button", name="Save the notes").click()
    expect(decider.page.locator("#notes-text")).to_have_value("We met.")
    decider.page.get_by_role("button", name=re.compile("Tick off.*Budget")).click()
    expect(decider.page.locator("#room-agenda")).to_contain_text("talked about")
    assert Minutes.objects.get().text == "We met."
