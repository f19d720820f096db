"""From an agenda to minutes that are final: the agency at its desk, the client on a phone."""

import re

import pytest

from meetings.models import Minutes
from tests.builders import make_meeting
from tests.journeys.conftest import DESK, PHONE
from tests.meetings.moments import AHEAD, BEHIND, HOUR

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_agenda_minutes_dispute_final_and_carry_over(cast, visit):
    held = make_meeting(cast, starts_at=BEHIND, ends_at=BEHIND + HOUR)
    make_meeting(cast, starts_at=AHEAD, ends_at=AHEAD + HOUR, title="Next call")
    for position, title in enumerate(["Summer", "Money", "Winter"], start=1):
        held.agenda.create(position=position, title=title, added_by=cast.manager)
    manager, client = visit(cast.manager, DESK), visit(cast.decider, PHONE, language="ru")

    manager.go(f"/meetings/{held.pk}/")
    for word, title in (("Discussed", "Summer"), ("Park", "Winter")):
        manager.page.get_by_role("button", name=re.compile(rf"^{word}\s*: {title}")).click()
        manager.page.locator("button[aria-pressed=true]", has_text=title).wait_for()
    manager.page.fill("#decision-text", "Post daily.")
    manager.page.get_by_role("button", name="Write the decision down").click()
    manager.page.get_by_role("button", name=re.compile("Take back")).wait_for()
    manager.page.fill("#notes-text", "We talked about the summer.")
    manager.press("Read over and publish")
    manager.sees("Goes to the next meeting", "Money", "3 working days")
    manager.press("Publish to both sides")
    manager.sees("Each side confirms them or objects by")

    client.go("/")
    client.sees("Подтвердите протокол встречи «Weekly call»")
    client.go(f"/meetings/{held.pk}/minutes/")
    client.follow("Что-то не так")
    client.fill(text="Два раза в день.")
    client.press("Возразить")
    client.sees("Пока без ответа", "оспорено")

    manager.go("/")
    manager.sees("objects to the minutes of “Weekly call”")
    manager.go(f"/meetings/{held.pk}/minutes/")
    manager.follow("Answer the objection")
    manager.page.get_by_label("Yes: add the correction below").check()
    manager.press("Record the answer")
    manager.sees("Corrections", "Два раза в день.")

    client.go(f"/meetings/{held.pk}/minutes/")
    client.press("Подтвердить протокол")
    client.sees("Окончательный с", "согласовано", "Исправления")
    assert Minutes.objects.get().final_at is not None
    client.go(f"/projects/{cast.project.pk}/decisions/?state=agreed")
    client.sees("Post daily.", "Dmitry")

    manager.go(f"/projects/{cast.project.pk}/meetings/")
    manager.follow("Next call")
    manager.sees("Money", "since 9 January, carried over 1 time")
    manager.go(f"/projects/{cast.project.pk}/meetings/parked/")
    manager.press(re.compile("To the next agenda"))
    manager.sees("It is on the agenda of “Next call”")
    client.go(f"/projects/{cast.project.pk}/meetings/history/")


def test_a_call_is_logged_in_two_taps_and_a_line(cast, visit):
    make_meeting(cast, starts_at=BEHIND, ends_at=BEHIND + HOUR)
    manager = visit(cast.manager, PHONE)
    manager.go(f"/projects/{cast.project.pk}/meetings/")
    manager.follow("Log a call that has happened")  # one tap
    manager.page.keyboard.type("Post weekly.")  # the field has the focus
    manager.press("Log the call")  # two
    manager.sees("The call is logged", "Post weekly.")
