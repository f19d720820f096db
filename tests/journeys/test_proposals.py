"""A time is found: the agency proposes at a desk, the client answers from a phone by a link, the agency books."""

import pytest

from meetings.models import Meeting
from smmportal.notifications.models import Notification
from tests.journeys.conftest import DESK, PHONE
from tests.meetings.moments import AHEAD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_propose_counter_and_book(cast, visit):
    type(cast.decider).objects.filter(pk=cast.decider.pk).update(language="ru")
    manager, decider = visit(cast.manager, DESK), visit(size=PHONE, language="ru", dark=True)
    manager.go(f"/projects/{cast.project.pk}/meetings/")
    manager.follow("Propose times")
    manager.fill(title="Plan for March", start_1="2040-01-03T10:00", start_2="2040-01-04T10:00", start_3="")
    for name in ("Olga", "Sonya", "Katya"):
        box = manager.page.locator("#id_people").get_by_label(name)
        if box.count():
            box.uncheck()
    manager.press("Propose these times")
    manager.sees("The times are proposed and held", "We wait for: Dmitry")
    link = Notification.objects.get(event="proposal.made").secret_url
    decider.go(link.removeprefix("http://portal.example"))
    decider.sees("Какое время вам подходит?")
    decider.page.get_by_text("Предложить другое время").click()
    decider.fill(start_1="2040-01-05T15:00")
    decider.press("Отправить ответ")
    decider.sees("Ваш ответ сохранён")
    manager.go("/")
    manager.page.get_by_role("link", name="Choose a time").first.click()
    manager.look()
    manager.page.get_by_role("button", name="Only this one").last.click()
    manager.page.wait_for_url("**/meetings/*/")
    manager.sees("The meeting is booked: this time suits everybody.")
    decider.forgives = ("410",)
    assert decider.page.reload().status == 410
    decider.sees("Встреча назначена")
    meeting = Meeting.objects.get()
    assert (meeting.starts_at - AHEAD).total_seconds() == (2 * 24 + 5) * 3600
    assert set(meeting.people.all()) == {cast.manager, cast.decider}
