"""Who comes: answered on the portal, by a program, by the link in the letter and by a calendar's mail."""

import io
import logging
import re
from datetime import timedelta
from email.message import EmailMessage

import icalendar
import pytest
import vobject
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from meetings import actions, answers
from meetings.models import Attendance, Meeting
from meetings.replies import NotAReply, read_reply
from smmportal.audit import AuditEntry
from smmportal.notifications.actions import deliver_due
from smmportal.notifications.models import Notification
from smmportal.refusals import Refused
from tests.meetings.moments import AHEAD, HOUR
from tests.smmportal.notifications.conftest import mailbox  # noqa: F401


@pytest.fixture
def booked(cast) -> Meeting:
    people = [cast.manager, cast.decider]
    return actions.book_meeting(
        cast.project, title="Weekly call", starts_at=AHEAD, ends_at=AHEAD + HOUR, people=people, by=cast.manager
    )


def said(meeting: Meeting) -> dict[str, tuple[str, str]]:
    return {str(seat.person): (seat.answer, seat.answered_by) for seat in meeting.attendances.select_related("person")}


def test_whoever_books_comes_and_the_others_are_asked(cast, booked):
    assert said(booked) == {str(cast.manager): ("accepted", "page"), str(cast.decider): ("", "")}


def test_answered_on_the_page_and_shown_there(cast, browse, booked):
    page = browse(cast.decider)
    page.post(reverse("meetings:answer", args=[booked.pk]), {"answer": "tentative"})
    assert said(booked)[str(cast.decider)] == ("tentative", "page")
    assert "may come" in browse(cast.contact).get(booked.get_absolute_url()).content.decode()


def test_answered_by_a_program(cast, api, booked):
    answered = api(cast.decider).post(
        reverse("api:meeting_answer", args=[booked.pk]), {"answer": "accepted"}, format="json"
    )
    told = {row["person"]: row["answer"] for row in answered.json()["answers"]}
    assert told == {cast.manager.pk: "accepted", cast.decider.pk: "accepted"}


def test_who_is_not_asked_has_nothing_to_answer(cast, browse, booked):
    sent = browse(cast.contact).post(reverse("meetings:answer", args=[booked.pk]), {"answer": "accepted"})
    assert sent.status_code == 403


@pytest.mark.parametrize("fate, code", [("cancelled", "cancelled"), ("over", "over")])
def test_what_is_called_off_or_over_is_not_answered(cast, booked, fate, code):
    if fate == "cancelled":
        actions.cancel_meeting(booked, reason="Ill", by=cast.manager)
    else:
        past = timezone.now() - timedelta(days=1)
        Meeting.objects.update(starts_at=past, ends_at=past + HOUR)
    with pytest.raises(Refused) as refusal:
        answers.answer(booked, person=cast.decider, answer="accepted", way="page")
    assert refusal.value.code == code


def test_a_no_tells_whoever_booked_with_the_nearest_free_times(cast, booked):
    answers.answer(booked, person=cast.decider, answer="declined", way="page")
    answers.answer(booked, person=cast.decider, answer="declined", way="page")
    (told,) = Notification.objects.filter(event="meeting.declined")
    free = told.facts["free"]
    assert (told.to, told.url, told.by_name) == (
        cast.manager,
        reverse("meetings:move", args=[booked.pk]),
        str(cast.decider),
    )
    assert (len(free) > 0, AHEAD.isoformat() in free) == (True, False)
    assert AuditEntry.objects.filter(verb="meeting.answered").count() == 1


def test_another_time_asks_anew_and_another_title_does_not(cast, booked):
    answers.answer(booked, person=cast.decider, answer="accepted", way="page")
    actions.describe_meeting(booked, title="Call", place="", by=cast.manager)
    assert said(booked)[str(cast.decider)] == ("accepted", "page")
    actions.move_meeting(booked, starts_at=AHEAD + HOUR, ends_at=AHEAD + 2 * HOUR, by=cast.manager)
    assert said(booked)[str(cast.decider)] == ("", "")


# --- The link in the letter -----------------------------------------------------------------------------------------


def path_in(letter) -> str:
    (found,) = set(re.findall(r"http://portal\.example(/answer/\S+/)", letter.get_body(("plain",)).get_content()))
    return found


def letters_to(box, person) -> list:
    return [letter for letter in box.letters if letter["To"] == person.email]


def test_the_letter_lets_answer_without_a_password(cast, browse, booked, mailbox):  # noqa: F811
    deliver_due()
    (letter,) = letters_to(mailbox, cast.decider)
    path, reader = path_in(letter), browse()
    for _look in range(2):
        assert reader.get(path).status_code == 200
    assert said(booked)[str(cast.decider)] == ("", "")
    assert reader.post(path, {"answer": "accepted"}).status_code == 302
    assert said(booked)[str(cast.decider)] == ("accepted", "link")
    shown = reader.get(path + "?lang=en")
    assert ("Your answer: you come." in shown.content.decode(), shown["Referrer-Policy"]) == (True, "no-referrer")


def test_the_link_ends_with_the_meeting_and_cannot_be_guessed(cast, browse, booked):
    seat = booked.attendances.get(person=cast.decider)
    path = answers.address_for(seat).removeprefix("http://portal.example")
    forged = path.replace(f"/answer/{seat.pk}:", f"/answer/{booked.attendances.get(person=cast.manager).pk}:")
    actions.cancel_meeting(booked, reason="Ill", by=cast.manager)
    assert [browse().get(each).status_code for each in (path, forged, "/answer/x/")] == [410, 404, 404]


def test_who_left_the_project_answers_by_no_link(cast, browse, booked):
    path = answers.address_for(booked.attendances.get(person=cast.decider)).removeprefix("http://portal.example")
    cast.decider.memberships.all().delete()
    assert browse().post(path, {"answer": "accepted"}).status_code == 410


# --- What calendars send --------------------------------------------------------------------------------------------


def calendar_of(meeting: Meeting, address: str, partstat: str = "ACCEPTED", **fields) -> str:
    """What another program answers: written by a library that no one here wrote."""
    calendar = vobject.iCalendar()
    calendar.add("method").value = fields.get("method", "REPLY")
    event = calendar.add("vevent")
    event.add("uid").value = fields.get("uid", str(meeting.uid))
    event.add("sequence").value = str(fields.get("sequence", meeting.sequence))
    event.add("dtstamp").value = fields.get("stamp", timezone.now()).astimezone(vobject.icalendar.utc)
    event.add("dtstart").value = meeting.starts_at.astimezone(vobject.icalendar.utc)
    guest = event.add("attendee")
    guest.value = f"MAILTO:{address}"
    guest.params["PARTSTAT"] = [partstat]
    return calendar.serialize()


def letter_of(text: str, sender: str) -> bytes:
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = sender, "portal@portal.example", "Re: Weekly call"
    letter.set_content("I'll be there")
    letter.add_alternative(text, subtype="calendar", params={"method": "REPLY"})
    return letter.as_bytes()


def receive(letter: bytes, monkeypatch) -> None:
    """As a mail server pipes it in."""
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(letter)))
    call_command("receive_mail")


@pytest.mark.parametrize(
    "partstat, answer", [("ACCEPTED", "accepted"), ("DECLINED", "declined"), ("TENTATIVE", "tentative")]
)
def test_a_calendars_answer_is_understood(cast, booked, monkeypatch, partstat, answer):
    address = cast.decider.email
    receive(letter_of(calendar_of(booked, address, partstat), f"Oleg <{address.upper()}>"), monkeypatch)
    assert said(booked)[str(cast.decider)] == (answer, "mail")


def test_an_invitation_turned_into_a_reply_by_another_library(cast, booked, mailbox, monkeypatch):  # noqa: F811
    """What came in the letter, sent back as RFC 5546 asks: the same event, the answer in its attendee."""
    deliver_due()
    (letter,) = letters_to(mailbox, cast.decider)
    (part,) = [each for each in letter.walk() if each.get_content_type() == "text/calendar" and not each.get_filename()]
    calendar = icalendar.Calendar.from_ical(part.get_content())
    asked = calendar.events[0]["ATTENDEE"].params
    assert (asked["RSVP"], asked["PARTSTAT"]) == ("TRUE", "NEEDS-ACTION")
    calendar["METHOD"] = "REPLY"
    calendar.events[0]["ATTENDEE"].params["PARTSTAT"] = "ACCEPTED"
    calendar.events[0]["DTSTAMP"] = icalendar.vDatetime(timezone.now())
    receive(letter_of(calendar.to_ical().decode(), cast.decider.email), monkeypatch)
    assert said(booked)[str(cast.decider)] == ("accepted", "mail")


def test_the_next_invitation_knows_the_answer(cast, booked, mailbox):  # noqa: F811
    answers.answer(booked, person=cast.decider, answer="tentative", way="page")
    actions.describe_meeting(booked, title="Call", place="", by=cast.manager)
    deliver_due()
    letter = letters_to(mailbox, cast.decider)[-1]
    (part,) = [each for each in letter.walk() if each.get_filename() == "invite.ics"]
    guest = vobject.readOne(part.get_content()).vevent.attendee
    assert guest.params["PARTSTAT"] == ["TENTATIVE"]


def odd_letters(cast, booked) -> dict[str, bytes]:
    mine, other = cast.decider.email, cast.contact.email
    day = timedelta(days=1)
    return {
        "nobody's seat": letter_of(calendar_of(booked, other), other),
        "another attendee": letter_of(calendar_of(booked, mine), other),
        "not one author": letter_of(calendar_of(booked, mine), f"{mine}, {other}"),
        "another version": letter_of(calendar_of(booked, mine, sequence=7), mine),
        "older than what is known": letter_of(calendar_of(booked, mine, stamp=timezone.now() - day), mine),
        "another method": letter_of(calendar_of(booked, mine, method="REQUEST"), mine),
        "no answer": letter_of(calendar_of(booked, mine, "DELEGATED"), mine),
        "unreadable": letter_of(calendar_of(booked, mine, uid="../../etc/passwd"), mine),
        "no calendar": b"From: " + mine.encode() + b"\r\nSubject: secret words\r\n\r\nHello",
        "too large": b"x" * (1024 * 1024 + 1),
    }


WHYS = sorted(
    [
        "nobody's seat",
        "another attendee",
        "not one author",
        "another version",
        "older than what is known",
        "another method",
        "no answer",
        "unreadable",
        "no calendar",
        "too large",
    ]
)


@pytest.mark.parametrize("why", WHYS)
def test_any_other_letter_is_passed_by_quietly(cast, booked, monkeypatch, caplog, why):
    caplog.set_level(logging.INFO)
    answers.answer(booked, person=cast.decider, answer="tentative", way="page")
    receive(odd_letters(cast, booked)[why], monkeypatch)
    lines = [line.getMessage() for line in caplog.records if line.name == "smmportal.mail"]
    assert (lines, said(booked)[str(cast.decider)]) == (
        [f"A letter was passed by: {why}"],
        ("tentative", "page"),
    )


def test_an_answer_to_the_time_before_is_passed_by(cast, booked, monkeypatch):
    late = letter_of(calendar_of(booked, cast.decider.email), cast.decider.email)
    actions.move_meeting(booked, starts_at=AHEAD + HOUR, ends_at=AHEAD + 2 * HOUR, by=cast.manager)
    receive(late, monkeypatch)
    assert said(booked)[str(cast.decider)] == ("", "")


def test_an_answer_to_the_title_before_still_counts(cast, booked, monkeypatch):
    late = letter_of(calendar_of(booked, cast.decider.email), cast.decider.email)
    actions.describe_meeting(booked, title="Call", place="", by=cast.manager)
    receive(late, monkeypatch)
    assert Attendance.objects.get(meeting=booked, person=cast.decider).answer == "accepted"


@given(st.binary(max_size=2000))
def test_no_bytes_make_the_reader_fall(letter):
    with pytest.raises(NotAReply):
        read_reply(letter)


@given(st.text(max_size=300))
def test_no_calendar_text_makes_the_reader_fall(text):
    letter = b"From: a@x.example\r\nContent-Type: text/calendar\r\n\r\nBEGIN:VCALENDAR\r\nMETHOD:REPLY\r\n"
    with pytest.raises(NotAReply):
        read_reply(letter + text.encode("utf-8", "replace") + b"\r\nEND:VCALENDAR\r\n")
