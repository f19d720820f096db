"""A series as calendar programs have it: one event that comes again, the days it leaves out, and those that differ."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import date, datetime, timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from meetings import ics, recurrence
from meetings.availability import holidays_of
from meetings.models import Meeting, OpenDay, Series
from meetings.recurrence import Planned, Rule

#: How far ahead days off are told of before the meetings are made.
TOLD_AHEAD = timedelta(days=366)
MOMENTS = ("starts_at", "ends_at", "stamp", "stands_for")


def events_of(
    series: Series, meetings: Iterable[Meeting], *, first: date | None = None, leaves_on: date | None = None
) -> list[ics.Event]:
    """The series for one reader, who has `meetings` of it and the days from `first` up to and without `leaves_on`."""
    rule = bounded(series, first, leaves_on)
    starts_on = recurrence.first_day(rule, max(first or series.starts_on, series.starts_on)) if rule else None
    if rule is None or starts_on is None or (rule.until and rule.until < starts_on):
        return [called_off(series)]
    made = {meeting.series_day: meeting for meeting in meetings}
    found = [each for each in told_days(series, rule) if each.day >= starts_on]
    left_out = tuple(series.moment_on(each.day) for each in found if is_left_out(series, each, made))
    differ = [event for each in found if (event := other_event(series, each, made))]
    return [main_event(series, starts_on, rule=recurrence.ended(rule, series.clock_zone), left_out=left_out), *differ]


def bounded(series: Series, first: date | None, leaves_on: date | None) -> Rule | None:
    """The rule within the reader's days. A count that begins later is told as the day it comes to."""
    rule, ends = series.recurs, []
    if rule.count and (leaves_on or (first and first > series.starts_on) or not series.project.is_open):
        ends = list(recurrence.days_of(rule, series.starts_on))[-1:]
        rule = Rule(**{**vars(rule), "count": None})
    if not series.project.is_open:
        ends.append(series.made_until)
    if leaves_on:
        ends.append(leaves_on - timedelta(days=1))
    ends += [rule.until] if rule.until else []
    return Rule(**{**vars(rule), "until": min(ends)}) if ends else rule


def told_days(series: Series, rule: Rule) -> list[Planned]:
    today = timezone.localdate(timezone=series.clock_zone)
    last = max(series.made_until or today, today + TOLD_AHEAD)
    found = recurrence.plan(series.recurs, series.starts_on, last, off=series.day_off, is_off=off_days(series))
    return [each for each in found if rule.until is None or each.day <= rule.until]


def off_days(series: Series) -> recurrence.IsOff:
    return lambda day: any(day in holidays_of(country, day.year) for country in series.countries)


def is_left_out(series: Series, planned: Planned, made: dict[date, Meeting]) -> bool:
    """A day off, a day that waits for another time, one taken out by hand, one that the reader does not sit in."""
    if planned.day in made:
        return False
    dropped = {each.day for each in series.open_days.all() if each.is_dropped}
    return planned.held_on is None or planned.day in dropped or planned.day <= (series.made_until or planned.day)


def other_event(series: Series, planned: Planned, made: dict[date, Meeting]) -> ics.Event | None:
    """What is not as the rule has it: moved, called off, in other words; or moved by a day off and not made yet."""
    meeting = made.get(planned.day)
    stands_for = series.moment_on(planned.day)
    if meeting is None:
        if planned.held_on in (None, planned.day) or is_left_out(series, planned, made):
            return None
        return main_event(series, planned.held_on, stands_for=stands_for)
    told = (meeting.starts_at, meeting.ends_at, meeting.title, meeting.place, meeting.cancelled_at is not None)
    if told == (stands_for, stands_for + series.length, series.title, series.place, False):
        return None
    return event_of_meeting(series, meeting)


def event_of_meeting(series: Series, meeting: Meeting) -> ics.Event:
    return ics.Event(
        uid=str(series.uid),
        sequence=series.sequence + meeting.sequence,
        title=meeting.title,
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        stamp=max(meeting.changed_at, series.changed_at),
        zone=series.zone,
        place=meeting.place,
        words=_("Project: %(project)s") % {"project": series.project.name},
        url=settings.PUBLIC_URL + meeting.get_absolute_url(),
        is_cancelled=meeting.cancelled_at is not None,
        stands_for=series.moment_on(meeting.series_day),
    )


def main_event(series: Series, day: date, **fields: object) -> ics.Event:
    starts_at = series.moment_on(day)
    return ics.Event(
        uid=str(series.uid),
        sequence=series.sequence,
        title=series.title,
        starts_at=starts_at,
        ends_at=starts_at + series.length,
        stamp=series.changed_at,
        zone=series.zone,
        place=series.place,
        words=_("Project: %(project)s") % {"project": series.project.name},
        url=settings.PUBLIC_URL + series.get_absolute_url(),
        **fields,
    )


def called_off(series: Series) -> ics.Event:
    return main_event(series, series.starts_on, is_cancelled=True)


# --- In letters -----------------------------------------------------------------------------------------------------


def facts_of(series: Series, first: date, leaves_on: date | None, open_days: Sequence[OpenDay]) -> dict[str, object]:
    """The facts of a letter about a series to somebody with these days of it."""
    days = [each for each in series.meetings.select_related("project") if first <= each.series_day]
    events = events_of(series, days, first=first, leaves_on=leaves_on)
    coming = min((each.starts_at for each in days if not each.cancelled_at and not each.has_begun), default=None)
    return {
        "title": series.title,
        "project": series.project.name,
        "place": series.place,
        "reason": series.end_reason,
        "starts_at": (coming or events[0].starts_at).isoformat(),
        "has_left": leaves_on is not None,
        "open_days": [each.starts_at.isoformat() for each in open_days],
        "series": [as_json(event) for event in events],
    }


def as_json(event: ics.Event) -> dict[str, object]:
    said = asdict(event)
    for name in MOMENTS:
        said[name] = said[name] and said[name].isoformat()
    return said | {"left_out": [moment.isoformat() for moment in event.left_out]}


def from_json(said: dict) -> ics.Event:
    moments = {name: said[name] and datetime.fromisoformat(said[name]) for name in MOMENTS}
    left_out = tuple(datetime.fromisoformat(text) for text in said["left_out"])
    return ics.Event(**{**said, **moments, "left_out": left_out})
