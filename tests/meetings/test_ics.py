"""Meetings in the calendar format, read back by programs that nobody here wrote."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
import vobject
from hypothesis import given
from hypothesis import strategies as st

from meetings.ics import Event, Person, feed, invitation

NINE = datetime(2026, 12, 1, 9, tzinfo=UTC)
WORDS = "Звонок о плане; что дальше, и «почему»"


def event(**fields) -> Event:
    usual = {
        "uid": "6a0f",
        "sequence": 2,
        "title": WORDS,
        "starts_at": NINE,
        "ends_at": NINE + timedelta(hours=1),
        "stamp": NINE - timedelta(days=3),
        "zone": "Europe/Moscow",
        "place": "https://telemost.example/j/1?a=b,c",
        "words": "Проект: Кофе домой",
        "url": "https://portal.example/meetings/1/",
    }
    return Event(**{**usual, **fields})


def test_an_invitation_read_by_another_library():
    text = invitation(event(), organiser=Person("Катя", "portal@x.example"), guest=Person("Oleg", "oleg@y.example"))
    calendar = vobject.readOne(text.decode())
    found = calendar.vevent
    assert {
        "method": calendar.method.value,
        "uid": found.uid.value,
        "sequence": found.sequence.value,
        "title": found.summary.value,
        "starts": found.dtstart.value.astimezone(UTC),
        "ends": found.dtend.value.astimezone(UTC),
        "place": found.location.value,
        "status": found.status.value,
        "organiser": (found.organizer.value, found.organizer.params["CN"]),
        "guests": [(guest.value, guest.params["CN"], guest.params["RSVP"]) for guest in found.attendee_list],
    } == {
        "method": "REQUEST",
        "uid": "6a0f",
        "sequence": "2",
        "title": WORDS,
        "starts": NINE,
        "ends": NINE + timedelta(hours=1),
        "place": "https://telemost.example/j/1?a=b,c",
        "status": "CONFIRMED",
        "organiser": ("mailto:portal@x.example", ["Катя"]),
        "guests": [("mailto:oleg@y.example", ["Oleg"], ["TRUE"])],
    }


def test_what_is_called_off_cancels():
    nobody = Person("x", "x@x.example")
    text = invitation(event(is_cancelled=True), organiser=nobody, guest=nobody)
    calendar = icalendar.Calendar.from_ical(text)
    assert (str(calendar["METHOD"]), str(calendar.events[0]["STATUS"])) == ("CANCEL", "CANCELLED")


@pytest.mark.parametrize("zone", ["Europe/Moscow", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC"])
def test_a_zone_is_written_out_for_the_days_around_and_no_further(zone):
    text = feed([event(zone=zone)], name="x").decode()
    found = vobject.readOne(text).vevent
    assert found.dtstart.value.astimezone(UTC) == NINE
    assert text.count("\r\nBEGIN:STANDARD") + text.count("\r\nBEGIN:DAYLIGHT") <= 2


@given(st.integers(0, 3 * 365 * 24 * 60), st.sampled_from(["Europe/Berlin", "Africa/Casablanca"]))
def test_a_moment_stays_the_moment_that_it_is(minutes, zone):
    starts_at = NINE + timedelta(minutes=minutes)
    text = feed([event(starts_at=starts_at, ends_at=starts_at + timedelta(minutes=30), zone=zone)], name="x")
    found = icalendar.Calendar.from_ical(text).events[0]
    # An hour that the clocks repeat can't be told apart in this format: then the first of the two is meant.
    wall = starts_at.astimezone(ZoneInfo(zone)).replace(fold=0)
    assert found.start.astimezone(UTC) == wall.astimezone(UTC)


def test_a_calendar_without_meetings_is_a_calendar():
    calendar = icalendar.Calendar.from_ical(feed([], name="Кофе домой"))
    assert (str(calendar["X-WR-CALNAME"]), calendar.events) == ("Кофе домой", [])


def test_long_words_are_folded_at_75_bytes():
    text = feed([event(title="ё" * 200)], name="x")
    assert max(len(line) for line in text.split(b"\r\n")) <= 75


def test_a_real_calendar_program_shows_it(tmp_path):
    (tmp_path / "meeting.ics").write_bytes(feed([event()], name="x"))
    (tmp_path / "collection").mkdir()
    (tmp_path / "config").write_text(
        f"[calendars]\n[[x]]\npath = {tmp_path}/collection\n"
        f"[sqlite]\npath = {tmp_path}/khal.db\n"
        "[locale]\nlocal_timezone = Europe/Moscow\ndefault_timezone = Europe/Moscow\n"
        "timeformat = %H:%M\ndateformat = %Y-%m-%d\nlongdateformat = %Y-%m-%d\n"
        "datetimeformat = %Y-%m-%d %H:%M\nlongdatetimeformat = %Y-%m-%d %H:%M\n"
    )
    command = [sys.executable, "-m", "khal", "-c", str(tmp_path / "config"), "printics", str(tmp_path / "meeting.ics")]
    told = subprocess.run(
        [*command, "--format", "{start-long-full} {end-time} {title} {location}"],
        capture_output=True,
        text=True,
        check=True,
        env={"HOME": str(tmp_path), "LC_ALL": "C.UTF-8", "PATH": "/usr/bin"},
    )
    assert f"2026-12-01 12:00 13:00 {WORDS} https://telemost.example/j/1?a=b,c" in told.stdout
