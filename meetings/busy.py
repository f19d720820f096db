"""Busy times out of a calendar that somebody else's program wrote (RFC 5545). Pure.

Only times come out: neither titles nor people are read. What recurs is laid out for the window that is asked for, with
its exceptions; what is marked as free, called off or only a note on a day is no busy time.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from math import prod

import icalendar
import recurring_ical_events
import x_wr_timezone

from meetings.slots import Slot, merge, moment_at

MOST_EVENTS = 10_000
#: A rule that comes round more often than so many times a day is nobody's calendar.
MOST_A_DAY = 24
TOO_OFTEN = ("SECONDLY", "MINUTELY", "HOURLY")
#: What the libraries raise at text that is no calendar.
WRONG = (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError)


class NotACalendar(ValueError):
    """What was read is no calendar, or one that no person keeps."""


def busy_times(text: bytes, *, first: datetime, last: datetime, zone: tzinfo) -> list[Slot]:
    """The busy times that touch the window, merged. `zone` is where days and times without a zone are meant."""
    calendar = read(text)
    try:
        events = recurring_ical_events.of(calendar, skip_bad_series=True).between(first, last)
    except WRONG as error:
        raise NotACalendar("The calendar can't be laid out.") from error
    found = [slot for event in events if counts(event) and (slot := slot_of(event, zone))]
    return [slot for slot in merge(found) if slot.end > first and slot.start < last]


def read(text: bytes) -> icalendar.Calendar:
    try:
        calendar = x_wr_timezone.to_standard(icalendar.Calendar.from_ical(text))
    except WRONG as error:
        raise NotACalendar("This is no calendar.") from error
    if not isinstance(calendar, icalendar.Calendar) or len(calendar.subcomponents) > MOST_EVENTS:
        raise NotACalendar("This is no calendar that a person keeps.")
    calendar.subcomponents = [part for part in calendar.subcomponents if not is_flood(part)]
    return calendar


def is_flood(component: icalendar.Component) -> bool:
    """Whether its rule would never end being laid out, or is none."""
    rules = component.get("RRULE", [])
    return any(
        not isinstance(rule, icalendar.vRecur) or comes_too_often(rule)
        for rule in (rules if isinstance(rules, list) else [rules])
    )


def comes_too_often(rule: icalendar.vRecur) -> bool:
    times = prod(max(1, len(rule.get(part, []))) for part in ("BYHOUR", "BYMINUTE", "BYSECOND"))
    return times > MOST_A_DAY or any(str(each).upper() in TOO_OFTEN for each in rule.get("FREQ", []))


def counts(event: icalendar.Component) -> bool:
    if event.name != "VEVENT" or str(event.get("STATUS", "")).upper() == "CANCELLED":
        return False
    return str(event.get("TRANSP", "")).upper() != "TRANSPARENT"


def slot_of(event: icalendar.Component, zone: tzinfo) -> Slot | None:
    """None for an event without a length, or one whose times can't be read: the others still count."""
    try:
        slot = Slot(moment_of(event.start, zone), moment_of(event.end, zone))
    except WRONG:
        return None
    return slot if slot.end > slot.start else None


def moment_of(value: date, zone: tzinfo) -> datetime:
    """A day begins at the midnight of the zone; a time without a zone is on its wall clock."""
    if not isinstance(value, datetime):
        return moment_at(value, time(), zone, fold=0)
    if value.tzinfo is None:
        return moment_at(value.date(), value.time(), zone, fold=0)
    return value.astimezone(UTC)


def in_pieces(slots: list[Slot], longest: timedelta = timedelta(days=31)) -> Iterator[Slot]:
    """The same time in pieces that an index by their start finds."""
    for start, end in slots:
        while end - start > longest:
            yield Slot(start, start + longest)
            start += longest
        yield Slot(start, end)
