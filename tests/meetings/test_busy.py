"""Busy times out of other people's calendars."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetings.busy import NotACalendar, busy_times
from meetings.slots import Slot

MOSCOW, BERLIN = ZoneInfo("Europe/Moscow"), ZoneInfo("Europe/Berlin")
FIRST = datetime(2026, 10, 19, tzinfo=UTC)


def calendar(*events: str, head: str = "") -> bytes:
    body = "".join(f"BEGIN:VEVENT\nUID:{number}\n{event}\nEND:VEVENT\n" for number, event in enumerate(events))
    return f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\n{head}{body}END:VCALENDAR\n".replace("\n", "\r\n").encode()


def busy(*events: str, head: str = "", zone=MOSCOW, days: int = 14) -> list[str]:
    found = busy_times(calendar(*events, head=head), first=FIRST, last=FIRST + timedelta(days=days), zone=zone)
    return [f"{start.astimezone(zone):%d %H:%M}–{end.astimezone(zone):%d %H:%M}" for start, end in found]


def test_a_plain_event_in_utc():
    assert busy("DTSTART:20261020T060000Z\nDTEND:20261020T070000Z") == ["20 09:00–20 10:00"]


def test_an_event_with_a_length():
    assert busy("DTSTART:20261020T060000Z\nDURATION:PT45M") == ["20 09:00–20 09:45"]


def test_a_time_without_a_zone_is_on_the_readers_clock():
    assert busy("DTSTART:20261020T090000\nDTEND:20261020T100000") == ["20 09:00–20 10:00"]


def test_an_all_day_event_takes_the_readers_whole_days():
    assert busy("DTSTART;VALUE=DATE:20261020\nDTEND;VALUE=DATE:20261022") == ["20 00:00–22 00:00"]


def test_a_weekly_event_is_seen_every_week_and_stays_on_its_wall_clock():
    """Berlin puts its clocks back on 25 October."""
    weekly = "DTSTART;TZID=Europe/Berlin:20260907T100000\nDURATION:PT1H\nRRULE:FREQ=WEEKLY;BYDAY=MO"
    assert busy(weekly, zone=BERLIN) == ["19 10:00–19 11:00", "26 10:00–26 11:00"]


def test_exceptions_are_left_out_and_moved_ones_are_where_they_moved():
    moved = "UID:0\nRECURRENCE-ID:20261021T060000Z\nDTSTART:20261021T120000Z\nDURATION:PT1H"
    daily = "DTSTART:20261019T060000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=4\nEXDATE:20261020T060000Z"
    text = calendar(daily).replace(b"END:VCALENDAR", f"BEGIN:VEVENT\n{moved}\nEND:VEVENT\nEND:VCALENDAR".encode())
    found = busy_times(text, first=FIRST, last=FIRST + timedelta(days=14), zone=MOSCOW)
    assert [f"{start.astimezone(MOSCOW):%d %H}" for start, _end in found] == ["19 09", "21 15", "22 09"]


@pytest.mark.parametrize("extra", ["TRANSP:TRANSPARENT", "STATUS:CANCELLED"])
def test_what_is_free_or_called_off_is_no_busy_time(extra):
    assert busy(f"DTSTART:20261020T060000Z\nDURATION:PT1H\n{extra}") == []


def test_an_event_without_a_length_takes_no_time():
    assert busy("DTSTART:20261020T060000Z") == []


def test_a_zone_that_stands_only_in_the_head_is_heard():
    assert busy("DTSTART:20261020T060000Z\nDURATION:PT1H", head="X-WR-TIMEZONE:Asia/Yekaterinburg\n") == [
        "20 09:00–20 10:00"
    ]


def test_a_rule_that_never_ends_being_laid_out_is_passed_over():
    flood = "DTSTART:20261020T060000Z\nDURATION:PT1S\nRRULE:FREQ=SECONDLY"
    other = "DTSTART:20261020T080000Z\nDURATION:PT1H"
    minutes = ",".join(map(str, range(60)))
    third = f"DTSTART:20261020T060000Z\nDURATION:PT1S\nRRULE:FREQ=DAILY;BYMINUTE={minutes}"
    assert busy(flood, other, third) == ["20 11:00–20 12:00"]


def test_no_title_and_no_person_comes_out():
    text = calendar("DTSTART:20261020T060000Z\nDURATION:PT1H\nSUMMARY:Secret\nATTENDEE:mailto:a@b.example")
    found = busy_times(text, first=FIRST, last=FIRST + timedelta(days=14), zone=MOSCOW)
    hour = datetime(2026, 10, 20, 6, tzinfo=UTC)
    assert found == [Slot(hour, hour + timedelta(hours=1))]


@pytest.mark.parametrize(
    "text", [b"", b"<html>", b"BEGIN:VCALENDAR", b"BEGIN:VEVENT\r\nEND:VEVENT\r\n", b"\xff\xfe\x00"]
)
def test_what_is_no_calendar_says_so(text):
    with pytest.raises(NotACalendar):
        busy_times(text, first=FIRST, last=FIRST + timedelta(days=1), zone=MOSCOW)


LINES = [
    "DTSTART:20261020T060000Z",
    "DTSTART;VALUE=DATE:20261020",
    "DTEND:x",
    "RRULE:FREQ=DAILY",
    "RRULE:FREQ=",
    "EXDATE:20261020",
    "DURATION:PT1H",
    "DURATION:P",
    "RDATE:20261021T060000Z",
    "RECURRENCE-ID:20261020T060000Z",
]


@given(st.lists(st.lists(st.sampled_from(LINES), max_size=5).map("\n".join), max_size=3))
def test_whatever_is_written_gives_times_or_a_refusal(events):
    try:
        found = busy_times(calendar(*events), first=FIRST, last=FIRST + timedelta(days=30), zone=MOSCOW)
    except NotACalendar:
        return
    assert all(start < end for start, end in found)
