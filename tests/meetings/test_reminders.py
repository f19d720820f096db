"""Reminders: right, once, and by the meeting as it stands."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone, translation

from meetings import actions, answers, reminders
from meetings.models import Meeting, MeetingReminder
from smmportal.notifications.actions import choose_hours, deliver_due
from smmportal.notifications.models import Delivery, Notification
from tests.builders import make_meeting
from tests.smmportal.notifications.conftest import mailbox  # noqa: F401

#: A Tuesday: 13:00 in Moscow.
STARTS = datetime(2026, 12, 1, 10, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def coming(cast) -> Meeting:
    """The manager and the decider sit in it; it was booked long before."""
    return make_meeting(cast, starts_at=STARTS, ends_at=STARTS + HOUR, changed_at=STARTS - 9 * DAY)


def look(moment: datetime) -> list[str]:
    """Who is reminded when the worker looks at this moment."""
    known = set(Notification.objects.values_list("pk", flat=True))
    with time_machine.travel(moment, tick=False):
        reminders.send_due()
    told = Notification.objects.filter(event="meeting.reminder").exclude(pk__in=known)
    return sorted(told.values_list("to__email", flat=True))


def both(cast) -> list[str]:
    return sorted([cast.manager.email, cast.decider.email])


def test_a_day_and_an_hour_before_and_once_each(cast, coming):
    looks = [STARTS - DAY - HOUR, STARTS - DAY, STARTS - DAY + HOUR, STARTS - HOUR, STARTS - HOUR / 2, STARTS]
    assert [look(moment) for moment in looks] == [[], both(cast), [], both(cast), [], []]


def test_each_person_chooses_how_long_before(cast, coming, api):
    chosen = api(cast.manager).put(reverse("api:reminder_times"), {"minutes": [15, 180]}, format="json").json()
    reminders.choose_times(cast.decider, [])
    assert chosen == {"minutes": [180, 15]}
    told = [look(STARTS - timedelta(minutes=minutes)) for minutes in (1440, 180, 60, 15)]
    assert told == [[], [cast.manager.email], [], [cast.manager.email]]


def test_the_page_chooses_too(cast, browse):
    browse(cast.manager).post(reverse("meetings:reminder_times"), {"minutes": ["60", "2880"]})
    assert reminders.times_of(cast.manager) == [2880, 60]
    assert reminders.times_of(cast.decider) == [1440, 60]


def test_after_a_stop_only_the_nearest_is_sent(cast, coming):
    assert look(STARTS - HOUR / 2) == both(cast)
    assert set(MeetingReminder.objects.values_list("minutes", flat=True)) == {60}


def test_what_was_booked_a_moment_ago_needs_no_reminder(cast, coming):
    Meeting.objects.update(changed_at=STARTS - 2 * HOUR)
    assert [look(STARTS - HOUR * 1.5), look(STARTS - HOUR)] == [[], both(cast)]


def test_a_moved_meeting_reminds_of_its_new_time_only(cast, coming):
    assert look(STARTS - HOUR) == both(cast)
    with time_machine.travel(STARTS - HOUR / 2, tick=False):
        actions.move_meeting(
            coming, starts_at=STARTS + 2 * DAY, ends_at=STARTS + 2 * DAY + HOUR, reason="Ill", by=cast.manager
        )
    assert look(STARTS - HOUR / 4) == []
    assert look(STARTS + 2 * DAY - HOUR) == both(cast)


def test_what_is_called_off_or_declined_reminds_nobody(cast, coming):
    with time_machine.travel(STARTS - 2 * DAY, tick=False):
        answers.answer(coming, person=cast.decider, answer="declined", way="page")
        assert look(STARTS - DAY) == [cast.manager.email]
        actions.cancel_meeting(coming, reason="Ill", by=cast.manager)
    assert look(STARTS - HOUR) == []


def test_the_letter_is_made_when_it_is_sent(cast, coming, mailbox):  # noqa: F811
    """In the reader's language and zone, with the link as it is by then, the agenda and what they owe."""
    cast.decider.timezone, cast.decider.language = "Asia/Yekaterinburg", "en"
    cast.decider.save()
    coming.agenda.create(position=1, title="Budget of December", added_by=cast.manager)
    before = make_meeting(cast, starts_at=STARTS - 9 * DAY, ends_at=STARTS - 9 * DAY + HOUR)
    actions.assign_action(
        before, title="Send the photos", side="client", assignee=cast.decider, due_on=date(2026, 12, 1), by=cast.manager
    )
    with time_machine.travel(STARTS - HOUR, tick=False):
        reminders.send_due()
        Meeting.objects.filter(pk=coming.pk).update(place="https://telemost.yandex.ru/j/77")
        deliver_due()
    (letter,) = [
        each for each in mailbox.letters if each["To"] == cast.decider.email and "Coming up" in each["Subject"]
    ]
    text = letter.get_body(("plain",)).get_content()
    words = [
        "15:00–16:00 (+05)",
        "https://telemost.yandex.ru/j/77 (Яндекс Телемост)",
        "— Budget of December",
        "— Send the photos",
        "/answer/",
    ]
    assert [line for line in words if line not in text] == []


@pytest.mark.parametrize("fate", ["moved", "cancelled", "begun"])
def test_a_letter_that_waited_for_the_morning_is_not_sent_when_it_is_no_longer_true(cast, coming, fate, mailbox):  # noqa: F811
    for person in (cast.manager, cast.decider):
        choose_hours(person, digest_at=time(9), quiet_from=time(11), quiet_to=time(14))
    waits = Delivery.objects.filter(notification__event="meeting.reminder", channel="email")
    with time_machine.travel(STARTS - HOUR, tick=False):
        reminders.send_due()
        deliver_due()
        assert (waits.filter(sent_at=None).count(), mailbox.letters) == (2, [])
        if fate == "moved":
            actions.move_meeting(
                coming, starts_at=STARTS + DAY, ends_at=STARTS + DAY + HOUR, reason="Ill", by=cast.manager
            )
        elif fate == "cancelled":
            actions.cancel_meeting(coming, reason="Ill", by=cast.manager)
    with time_machine.travel(STARTS + 2 * HOUR, tick=False):
        deliver_due()
    told = [letter["Subject"] for letter in mailbox.letters]
    assert ([line for line in told if "Coming up" in line or "Скоро" in line], waits.filter(sent_at=None).count()) == (
        [],
        2,
    )


def test_the_number_of_queries_does_not_grow_with_the_meetings(cast, coming, django_assert_max_num_queries):
    look(STARTS - HOUR)
    with time_machine.travel(STARTS - HOUR, tick=False), django_assert_max_num_queries(3):
        reminders.send_due()


def test_a_meeting_gets_the_projects_usual_link(cast, browse):
    page = browse(cast.manager)
    page.post(reverse("meetings:call_link", args=[cast.project.pk]), {"address": "https://meet.jit.si/room"})
    starts = timezone.now() + 3 * DAY
    fields = {"starts_at": starts, "ends_at": starts + HOUR, "people": [cast.manager], "by": cast.manager}
    with translation.override("en"):
        meeting = actions.book_meeting(cast.project, title="Call", **fields)
    assert (meeting.place, meeting.call) == ("https://meet.jit.si/room", "Jitsi Meet")
    moved = actions.move_meeting(meeting, starts_at=starts + DAY, ends_at=starts + DAY + HOUR, by=cast.manager)
    assert moved.place == "https://meet.jit.si/room"
