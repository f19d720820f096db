"""When everybody is free. Pure arithmetic over moments: no database, no request, no clock.

All moments are aware. The work is done in UTC, so a slot lasts as long as it says on the days when clocks change;
only where a working day opens and closes is looked up on the wall clock of its zone.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from heapq import nsmallest
from itertools import chain
from typing import NamedTuple


class Slot(NamedTuple):
    """From `start`, up to but without `end`."""

    start: datetime
    end: datetime


@dataclass(frozen=True)
class Hours:
    """Working hours on the wall clock of a zone; `weekdays` count from Monday, 0. Hours that end at midnight or
    earlier than they begin run into the next day."""

    zone: tzinfo
    begins: time = time(9)
    ends: time = time(18)
    weekdays: frozenset[int] = frozenset(range(5))

    def on(self, day: date) -> Slot | None:
        """The working day in UTC. A wall-clock time that a clock change skips is taken as the moment of the change;
        of two that it repeats the day opens at the first and closes at the second."""
        if day.weekday() not in self.weekdays:
            return None
        last_day = day if self.ends > self.begins else day + timedelta(days=1)
        opens = moment_at(day, self.begins, self.zone, fold=0)
        closes = moment_at(last_day, self.ends, self.zone, fold=1)
        return Slot(opens, closes) if closes > opens else None


def moment_at(day: date, clock: time, zone: tzinfo, *, fold: int) -> datetime:
    """The UTC moment of a wall-clock time; one that does not exist is the moment when the clocks jump over it."""
    moment = datetime.combine(day, clock, zone).replace(fold=fold).astimezone(UTC)
    if moment.astimezone(zone).time() == clock:
        return moment
    return end_of_gap(datetime.combine(day, clock, zone))


def end_of_gap(skipped: datetime) -> datetime:
    """In a gap the earlier reading of the wall clock (fold 1) and the later (fold 0) stand around the change."""
    before, after = (skipped.replace(fold=fold).astimezone(UTC) for fold in (1, 0))
    zone = skipped.tzinfo
    offset = before.astimezone(zone).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = before + (after - before) / 2
        before, after = (middle, after) if middle.astimezone(zone).utcoffset() == offset else (before, middle)
    return after.replace(microsecond=0)


def free_slots(
    busy: Iterable[Iterable[tuple[datetime, datetime]]],
    hours: Hours,
    *,
    first: datetime,
    last: datetime,
    minutes: int,
    step: int = 30,
) -> list[Slot]:
    """Times of `minutes` between `first` and `last`, inside working hours, when nobody is busy.

    `busy` holds one list of intervals a person, in any order, overlapping or not. Starts stand on a grid of `step`
    minutes from the opening of each working day.
    """
    if minutes <= 0 or step <= 0:
        raise ValueError("A slot and its step last at least a minute.")
    taken = merge(chain.from_iterable(busy))
    lasts, apart = timedelta(minutes=minutes), timedelta(minutes=step)
    found: list[Slot] = []
    reached = 0
    for opens, closes in working_days(hours, first, last):
        start = on_grid(opens, first, apart)
        first = max(first, closes)
        while start + lasts <= min(closes, last):
            while reached < len(taken) and taken[reached].end <= start:
                reached += 1
            if reached < len(taken) and taken[reached].start < start + lasts:
                start = on_grid(opens, taken[reached].end, apart)
                continue
            found.append(Slot(start, start + lasts))
            start += apart
    return found


def nearest(slots: Iterable[Slot], moment: datetime, *, count: int = 5) -> list[Slot]:
    """The few slots that start closest to `moment`, in the order of time."""
    return sorted(nsmallest(count, slots, key=lambda slot: (abs(slot.start - moment), slot.start)))


def merge(intervals: Iterable[tuple[datetime, datetime]]) -> list[Slot]:
    """The same time as sorted intervals that neither touch nor overlap; empty and backward ones are dropped."""
    merged: list[Slot] = []
    for start, end in sorted((start.astimezone(UTC), end.astimezone(UTC)) for start, end in intervals if start < end):
        if merged and start <= merged[-1].end:
            merged[-1] = Slot(merged[-1].start, max(end, merged[-1].end))
        else:
            merged.append(Slot(start, end))
    return merged


def working_days(hours: Hours, first: datetime, last: datetime) -> Iterator[Slot]:
    """Every working day that touches the window, also one that began the evening before it."""
    day = first.astimezone(hours.zone).date() - timedelta(days=1)
    final = last.astimezone(hours.zone).date()
    while day <= final:
        working = hours.on(day)
        if working and working.end > first:
            yield working
        day += timedelta(days=1)


def on_grid(opens: datetime, moment: datetime, apart: timedelta) -> datetime:
    """The first point of the grid that is not before `moment`."""
    behind = moment.astimezone(UTC) - opens
    return opens if behind <= timedelta(0) else opens + apart * -(-behind // apart)
