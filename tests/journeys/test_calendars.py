"""Calendars: one's own settings on both devices, and an answer without a login."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from meetings.answers import address_for
from meetings.feeds import renew_feed
from meetings.models import CalendarAccount, CalendarSubscription
from tests.builders import make_meeting
from tests.journeys.conftest import DESK, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("size, language, dark", [(DESK, "en", False), (PHONE, "ru", True)])
def test_the_settings_of_calendars_are_read_on_both_devices(cast, visit, size, language, dark):
    key = {"server": "https://x.example/", "login": "anna", "password": "secret"}
    found = [{"address": f"https://x.example/{name}/", "name": name} for name in ("Work", "Family")]
    account = CalendarAccount.objects.create(person=cast.manager, provider="yandex", key=key, found=found)
    later = timezone.now() + timedelta(days=1)
    CalendarSubscription.objects.create(
        person=cast.manager,
        account=account,
        name="Work",
        address=found[0]["address"],
        trouble="login",
        next_read_at=later,
    )
    renew_feed(cast.manager)
    manager = visit(cast.manager, size, language=language, dark=dark)
    for path in ("/settings/availability/", account.get_absolute_url(), "/settings/calendar/"):
        manager.go(path)


def test_a_guest_answers_on_a_phone_without_a_login(cast, visit):
    starts = timezone.now() + timedelta(days=2)
    meeting = make_meeting(cast, starts_at=starts, ends_at=starts + timedelta(hours=1), place="https://zoom.us/j/1")
    seat = meeting.attendances.get(person=cast.decider)
    guest = visit(size=PHONE)
    page = guest.go(address_for(seat).removeprefix("http://portal.example"))
    page.get_by_role("button", name="I can’t").click()
    expect(page.get_by_role("status")).to_contain_text("you can’t come")
    manager = visit(cast.manager)
    expect(manager.go(meeting.get_absolute_url()).get_by_text("can’t come")).to_be_visible()
