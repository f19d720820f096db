"""When a series comes again: against days counted by hand, against two other libraries, and on odd days of zones."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import islice, pairwise
from zoneinfo import ZoneInfo

import icalendar
import pytest
import recurring_ical_events
from hypothesis import given, settings
from hypothesis import strategies as st

from meetings import recurrence
from meetings.recurrence import LAST, Planned, Rule, Unreadable, days_of, ended, moment_of, plan, read_rule, written

ZONES = [
    "UTC",
    "Europe/Moscow",
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "Africa/Casablanca",
    "Asia/Kathmandu",
    "Asia/Tehran",
    "America/Santiago",
    "Pacific/Apia",
]
ORDINAL = [1, 2, 3, 4, LAST]

weeks = st.builds(
    Rule,
    interval=st.integers(1, 4),
    weekdays=st.sets(st.integers(0, 6), min_size=1).map(lambda days: tuple(sorted(days))),
)
by_weekday = st.builds(
    Rule,
    monthly=st.just(True),
    interval=st.integers(1, 4),
    weekdays=st.integers(0, 6).map(lambda day: (day,)),
    nth=st.sampled_from(ORDINAL),
)
by_date = st.builds(
    Rule, monthly=st.just(True), interval=st.integers(1, 4), month_day=st.sampled_from([*range(1, 32), LAST])
)
rules = st.one_of(weeks, by_weekday, by_date)
days = st.dates(date(2010, 1, 1), date(2035, 12, 31))
clocks = st.times().map(lambda clock: clock.replace(second=0, microsecond=0, fold=0))
zones = st.sampled_from(ZONES).map(ZoneInfo)


def first(rule: Rule, starts_on: date, number: int) -> list[date]:
    return list(islice(days_of(rule, starts_on), number))


def text_of(days: list[date]) -> list[str]:
    return [day.isoformat() for day in days]


# --- Days -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "starts_on", "expected"),
    [
        ("FREQ=WEEKLY;BYDAY=TU", "2026-12-01", ["2026-12-01", "2026-12-08", "2026-12-15"]),
        ("FREQ=WEEKLY;BYDAY=TU,TH", "2026-12-02", ["2026-12-03", "2026-12-08", "2026-12-10"]),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO", "2026-12-07", ["2026-12-07", "2026-12-21", "2027-01-04"]),
        ("FREQ=MONTHLY;BYDAY=2TU", "2026-12-08", ["2026-12-08", "2027-01-12", "2027-02-09"]),
        ("FREQ=MONTHLY;BYDAY=-1FR", "2026-12-01", ["2026-12-25", "2027-01-29", "2027-02-26"]),
        ("FREQ=MONTHLY;BYMONTHDAY=31", "2027-01-31", ["2027-01-31", "2027-03-31", "2027-05-31"]),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", "2028-01-31", ["2028-01-31", "2028-02-29", "2028-03-31"]),
        ("FREQ=MONTHLY;BYMONTHDAY=29", "2027-01-29", ["2027-01-29", "2027-03-29", "2027-04-29"]),
        ("FREQ=WEEKLY;BYDAY=TU;COUNT=2", "2026-12-01", ["2026-12-01", "2026-12-08"]),
        ("FREQ=WEEKLY;BYDAY=TU;UNTIL=20261208", "2026-12-01", ["2026-12-01", "2026-12-08"]),
        ("FREQ=WEEKLY;BYDAY=TU;UNTIL=20261208T205959Z", "2026-12-01", ["2026-12-01", "2026-12-08"]),
    ],
)
def test_the_days_of_a_rule(rule, starts_on, expected):
    assert text_of(first(read_rule(rule), date.fromisoformat(starts_on), 3)) == expected


def counted_by_hand(rule: Rule, starts_on: date, last: date) -> list[date]:
    """Every day of the calendar asked whether it is one, straight from the words of RFC 5545."""
    found, day = [], starts_on
    monday = starts_on - timedelta(days=starts_on.weekday())
    while day <= last and (rule.count is None or len(found) < rule.count):
        if is_one(rule, starts_on, monday, day) and (rule.until is None or day <= rule.until):
            found.append(day)
        day += timedelta(days=1)
    return found


def is_one(rule: Rule, starts_on: date, monday: date, day: date) -> bool:
    if not rule.monthly:
        return ((day - monday).days // 7) % rule.interval == 0 and day.weekday() in rule.weekdays
    if ((day.year - starts_on.year) * 12 + day.month - starts_on.month) % rule.interval:
        return False
    tomorrow, in_a_week = day + timedelta(days=1), day + timedelta(days=7)
    if rule.month_day is not None:
        return tomorrow.day == 1 if rule.month_day == LAST else day.day == rule.month_day
    if day.weekday() not in rule.weekdays:
        return False
    return in_a_week.month != day.month if rule.nth == LAST else (day.day + 6) // 7 == rule.nth


@settings(max_examples=2000, deadline=None)
@given(rules, days, st.integers(0, 900), st.one_of(st.none(), st.integers(1, 60)))
def test_two_thousand_rules_against_days_counted_by_hand(rule, starts_on, length, count):
    last = starts_on + timedelta(days=length)
    bounded = Rule(**{**vars(rule), "count": count, "until": None if count else last})
    found = [each.day for each in plan(bounded, starts_on, last)]
    assert found == counted_by_hand(bounded, starts_on, last)


def test_a_day_that_never_comes_ends_the_search():
    rule = Rule(monthly=True, interval=12, month_day=31)
    assert first(rule, date(2026, 4, 1), 1) == []
    assert recurrence.first_day(rule, date(2026, 4, 1)) is None


# --- As RFC 5545 writes it ------------------------------------------------------------------------------------------


@settings(deadline=None)
@given(rules, st.one_of(st.none(), st.integers(1, 1000)))
def test_what_is_written_is_read_back(rule, count):
    text = f"{written(rule)};COUNT={count}" if count else written(rule)
    assert read_rule(text) == Rule(**{**vars(rule), "count": count})


@pytest.mark.parametrize(
    "text",
    [
        "",
        "weekly",
        "FREQ=DAILY",
        "FREQ=WEEKLY",
        "FREQ=WEEKLY;BYDAY=XX",
        "FREQ=WEEKLY;BYDAY=2TU",
        "FREQ=WEEKLY;BYDAY=TU;BYMONTHDAY=3",
        "FREQ=WEEKLY;INTERVAL=0;BYDAY=TU",
        "FREQ=WEEKLY;INTERVAL=²;BYDAY=TU",
        "FREQ=WEEKLY;BYDAY=TU;BYHOUR=3",
        "FREQ=WEEKLY;BYDAY=TU;WKST=SU",
        "FREQ=WEEKLY;BYDAY=TU;UNTIL=soon",
        "FREQ=WEEKLY;BYDAY=TU;COUNT=0",
        "FREQ=WEEKLY;BYDAY=TU;COUNT=",
        "FREQ=WEEKLY;BYDAY=TU;COUNT=3;UNTIL=20270101",
        "FREQ=MONTHLY;BYDAY=5TU",
        "FREQ=MONTHLY;BYDAY=TU",
        "FREQ=MONTHLY;BYMONTHDAY=32",
        "FREQ=MONTHLY;BYMONTHDAY=1;BYDAY=2TU",
    ],
)
def test_what_is_no_rule_of_ours_is_said_so(text):
    with pytest.raises(Unreadable):
        read_rule(text)


@given(st.text(max_size=60))
def test_nonsense_is_unreadable_and_nothing_worse(text):
    with pytest.raises(Unreadable):
        read_rule(text)


# --- Moments --------------------------------------------------------------------------------------------------------


def local(day: str, clock: str, zone: str) -> str:
    moment = moment_of(date.fromisoformat(day), time.fromisoformat(clock), ZoneInfo(zone))
    return moment.astimezone(ZoneInfo(zone)).isoformat(timespec="minutes")


@pytest.mark.parametrize(
    ("day", "clock", "zone", "expected"),
    [
        ("2026-03-29", "02:30", "Europe/Berlin", "2026-03-29T03:30+02:00"),  # skipped: forward
        ("2026-10-25", "02:30", "Europe/Berlin", "2026-10-25T02:30+02:00"),  # doubled: the first
        ("2026-10-04", "02:15", "Australia/Lord_Howe", "2026-10-04T02:45+11:00"),  # half an hour skipped
        ("2026-04-05", "01:45", "Australia/Lord_Howe", "2026-04-05T01:45+11:00"),  # half an hour doubled
        ("2026-02-15", "10:00", "Africa/Casablanca", "2026-02-15T10:00+00:00"),  # Ramadan has another clock
        ("2026-06-15", "10:00", "Africa/Casablanca", "2026-06-15T10:00+01:00"),
        ("2026-06-15", "10:00", "Asia/Kathmandu", "2026-06-15T10:00+05:45"),
        ("2011-12-30", "10:00", "Pacific/Apia", "2011-12-31T10:00+14:00"),  # a whole day skipped
    ],
)
def test_odd_days_of_zones(day, clock, zone, expected):
    assert local(day, clock, zone) == expected


def offsets(text: str, starts_on: date, zone: str, number: int) -> list[str]:
    found = first(read_rule(text), starts_on, number)
    moments = [moment_of(day, time(10), ZoneInfo(zone)).astimezone(ZoneInfo(zone)) for day in found]
    assert {moment.time() for moment in moments} == {time(10)}
    return [f"{moment:%m-%d %z}" for moment in moments]


def test_countries_that_gave_their_clock_change_up():
    monthly = "FREQ=MONTHLY;BYMONTHDAY=27"
    assert offsets(monthly, date(2014, 9, 27), "Europe/Moscow", 3) == ["09-27 +0400", "10-27 +0300", "11-27 +0300"]
    assert offsets(monthly, date(2015, 2, 27), "Europe/Moscow", 3) == ["02-27 +0300", "03-27 +0300", "04-27 +0300"]
    assert offsets(monthly, date(2022, 8, 27), "Asia/Tehran", 2) == ["08-27 +0430", "09-27 +0330"]
    assert offsets(monthly, date(2023, 2, 27), "Asia/Tehran", 3) == ["02-27 +0330", "03-27 +0330", "04-27 +0330"]


@settings(max_examples=500, deadline=None)
@given(days, clocks, zones)
def test_a_moment_has_the_wall_clock_asked_for_or_a_later_one(day, clock, zone):
    moment = moment_of(day, clock, zone)
    wall = moment.astimezone(zone).replace(tzinfo=None, fold=0)
    asked = datetime.combine(day, clock)
    assert wall >= asked
    if wall != asked:  # then nothing of that zone ever reads what was asked for
        around = (moment + timedelta(minutes=number) for number in range(-1600, 1600))
        assert asked not in {each.astimezone(zone).replace(tzinfo=None, fold=0) for each in around}
    else:  # of two the first
        assert moment.astimezone(zone).fold == 0


# --- Days off -------------------------------------------------------------------------------------------------------

NEW_YEAR = {date(2027, 1, day) for day in range(1, 9)}


def held(off: str, text: str = "FREQ=WEEKLY;BYDAY=FR", starts_on: date = date(2026, 12, 25)) -> list[str]:
    found = plan(read_rule(text), starts_on, date(2027, 1, 20), off=off, is_off=NEW_YEAR.__contains__)
    return [each.held_on.isoformat()[5:] if each.held_on else "-" for each in found]


def test_what_falls_on_a_day_off():
    assert held("keep") == ["12-25", "01-01", "01-08", "01-15"]
    assert held("skip") == ["12-25", "-", "-", "01-15"]
    # The first would be moved past the second, which is moved to the same Monday: the first is skipped.
    assert held("move") == ["12-25", "-", "01-11", "01-15"]


def test_a_day_off_in_a_month_is_moved_to_the_working_day_after():
    found = plan(
        read_rule("FREQ=MONTHLY;BYMONTHDAY=1"),
        date(2026, 12, 1),
        date(2027, 1, 31),
        off="move",
        is_off=NEW_YEAR.__contains__,
    )
    assert found == [
        Planned(date(2026, 12, 1), date(2026, 12, 1)),
        Planned(date(2027, 1, 1), date(2027, 1, 11)),
    ]


@settings(max_examples=300, deadline=None)
@given(rules, days, st.sets(st.integers(0, 400), max_size=200), st.sampled_from(recurrence.DAY_OFF))
def test_no_two_meetings_of_a_series_share_a_day(rule, starts_on, numbers, off):
    closed = {starts_on + timedelta(days=number) for number in numbers}
    found = plan(rule, starts_on, starts_on + timedelta(days=400), off=off, is_off=closed.__contains__)
    kept = [each.held_on for each in found if each.held_on]
    assert all(earlier < later for earlier, later in pairwise(kept))
    if off != "keep":
        assert closed.isdisjoint(kept)
    assert [each.day for each in found] == [each.day for each in plan(rule, starts_on, starts_on + timedelta(days=400))]


# --- Moved rules ----------------------------------------------------------------------------------------------------


@settings(max_examples=300, deadline=None)
@given(rules, days, st.integers(-6, 6))
def test_a_moved_rule_begins_on_the_day_it_moved_to(rule, starts_on, step):
    was = recurrence.first_day(rule, starts_on)
    if was is None:
        return
    becomes = was + timedelta(days=step)
    assert recurrence.first_day(recurrence.shifted(rule, was, becomes), becomes) == becomes


# --- Another library ------------------------------------------------------------------------------------------------


@settings(max_examples=1000, deadline=None)
@given(rules, days, clocks, zones, st.one_of(st.none(), st.integers(1, 20)))
def test_a_thousand_series_as_another_library_reads_them(rule, starts_on, clock, zone, count):
    """recurring-ical-events reads what we write: the same moments, through every change of clocks."""
    starts_on = recurrence.first_day(rule, starts_on)
    if starts_on is None:
        return
    bounded = Rule(**{**vars(rule), "count": count})
    ours = [moment_of(each.day, clock, zone) for each in plan(bounded, starts_on, starts_on + timedelta(days=300))]
    event = icalendar.Event()
    event.add("uid", "x")
    event.add("dtstart", datetime.combine(starts_on, clock, tzinfo=zone))
    event["rrule"] = icalendar.vRecur.from_ical(ended(bounded, zone))
    event.add("duration", timedelta(minutes=30))
    calendar = icalendar.Calendar()
    calendar.add_component(event)
    last = datetime.combine(starts_on + timedelta(days=301), time(), tzinfo=UTC)
    begun = datetime.combine(starts_on - timedelta(days=2), time(), tzinfo=UTC)
    theirs = sorted(each.start.astimezone(UTC) for each in recurring_ical_events.of(calendar).between(begun, last))
    shortest = min(len(ours), len(theirs))
    assert ours[:shortest] == theirs[:shortest]
    assert abs(len(ours) - len(theirs)) <= 1  # the window's last day, in another zone
