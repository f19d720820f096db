"""When everybody is free. Pure arithmetic over moments: no database, no request, no clock.

All moments are aware. The work is done in UTC, so a slot lasts as long as it says on the days when clocks change;
only where a working day opens and closes is looked up on the wall clock of its zone.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
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


@dataclass(frozen=True)
class Diary:
    """When one person can be met: their hours, and what stands against them.

    `days` are the hours of single days, in place of the week's (none: closed). `closed` are days off on which no hours
    hold, whatever the week says. Around each of the `meetings` the person keeps `buffer` free, and on a day with
    `most_a_day` of them has no more. `busy` are other intervals, in any order, overlapping or not.
    """

    hours: tuple[Hours, ...]
    days: Mapping[date, tuple[Hours, ...]] = field(default_factory=dict)
    closed: frozenset[date] = frozenset()
    meetings: Sequence[tuple[datetime, datetime]] = ()
    busy: Sequence[tuple[datetime, datetime]] = ()
    buffer: timedelta = timedelta(0)
    most_a_day: int | None = None
    #: Nothing before this moment: whoever asks must ask in time.
    not_before: datetime | None = None

    def on(self, day: date) -> list[Slot]:
        """The open hours of a day in order, in UTC."""
        if day in self.closed:
            return []
        return merge(span for hours in self.days.get(day, self.hours) if (span := hours.on(day)))

    @property
    def zone(self) -> tzinfo:
        return self.hours[0].zone

    def taken(self) -> list[Slot]:
        """All that stands against a meeting inside the open hours."""
        meetings = [Slot(start - self.buffer, end + self.buffer) for start, end in self.meetings]
        return merge([*meetings, *self.busy, *self.full_days()])

    def full_days(self) -> Iterator[Slot]:
        if self.most_a_day is None:
            return
        counts = Counter(start.astimezone(self.zone).date() for start, _end in self.meetings)
        for day, count in counts.items():
            if count >= self.most_a_day:
                midnights = (moment_at(each, time(), self.zone, fold=0) for each in (day, day + timedelta(days=1)))
                yield Slot(*midnights)


def free_slots(
    diaries: Sequence[Diary], *, first: datetime, last: datetime, minutes: int, step: int = 30
) -> list[Slot]:
    """Times of `minutes` between `first` and `last` when everybody can be met.

    Starts stand on a grid of `step` minutes from each opening of the first diary.
    """
    if minutes <= 0 or step <= 0:
        raise ValueError("A slot and its step last at least a minute.")
    if not diaries:
        return []
    frame, *others = diaries
    first = max([first, *(diary.not_before for diary in diaries if diary.not_before)])
    closed = chain.from_iterable(gaps(openings(diary, first, last), first, last) for diary in others)
    taken = merge(chain(closed, *(diary.taken() for diary in diaries)))
    lasts, apart = timedelta(minutes=minutes), timedelta(minutes=step)
    found: list[Slot] = []
    reached = 0
    for opens, closes in openings(frame, first, last):
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


def free_spans(diary: Diary, first: datetime, last: datetime) -> list[Slot]:
    """All the time of the window in which this person can be met, whatever its length."""
    closed = [*gaps(openings(diary, first, last), first, last), *diary.taken()]
    begins = max(first, diary.not_before or first)
    return list(gaps(closed, begins, last)) if begins < last else []


def fits(slot: Slot, spans: Iterable[Slot]) -> bool:
    """Whether one of the spans holds all of the slot."""
    return any(span.start <= slot.start and slot.end <= span.end for span in spans)


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


def openings(diary: Diary, first: datetime, last: datetime) -> Iterator[Slot]:
    """All open hours that touch the window, also those that began the evening before it."""
    day = first.astimezone(diary.zone).date() - timedelta(days=1)
    final = last.astimezone(diary.zone).date()
    while day <= final:
        yield from (span for span in diary.on(day) if span.end > first)
        day += timedelta(days=1)


def gaps(spans: Iterable[Slot], first: datetime, last: datetime) -> Iterator[Slot]:
    """The time of the window that none of the spans holds."""
    reached = first
    for span in merge(spans):
        if span.start > reached:
            yield Slot(reached, span.start)
        reached = max(reached, span.end)
    if reached < last:
        yield Slot(reached, last)


def on_grid(opens: datetime, moment: datetime, apart: timedelta) -> datetime:
    """The first point of the grid that is not before `moment`."""
    behind = moment.astimezone(UTC) - opens
    return opens if behind <= timedelta(0) else opens + apart * -(-behind // apart)
