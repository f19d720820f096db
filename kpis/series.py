"""From stored points to a continuous daily line, and the arithmetic of a path to a target. Pure.

Missing is not zero and is not carried forward: a day without a number is a gap that says why.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

BEFORE_FIRST = "before_first"
NOT_TAKEN = "not_taken"
NOT_YET = "not_yet"


@dataclass(frozen=True, slots=True)
class Day:
    """One day of a line. `value` is None in a gap, and then `reason` is a code that says why."""

    day: date
    value: Decimal | None
    final: bool = True
    provenance: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Path:
    """A straight way from a baseline to a target between two days."""

    starts_on: date
    baseline: Decimal
    due_on: date
    target: Decimal

    @property
    def days(self) -> int:
        return (self.due_on - self.starts_on).days

    @property
    def distance(self) -> Decimal:
        """How far it is in all; negative on a way down."""
        return self.target - self.baseline

    @property
    def planned_per_day(self) -> Decimal:
        return self.distance / self.days

    def expected(self, day: date) -> Decimal:
        """The value that the path asks for on a day; the baseline before it starts, the target after it ends."""
        gone = min(max((day - self.starts_on).days, 0), self.days)
        return self.baseline + self.distance * gone / self.days

    def share_done(self, value: Decimal) -> Decimal:
        """How much of the way is behind: 0 at the baseline, 1 at the target; below 0 when it went the wrong way."""
        return (value - self.baseline) / self.distance if self.distance else Decimal(1)

    def is_reached(self, value: Decimal) -> bool:
        return value >= self.target if self.distance >= 0 else value <= self.target

    def needed_per_day(self, value: Decimal, on: date) -> Decimal | None:
        """The change a day that still leads to the target in time; None when no day is left, zero when it is there."""
        if self.is_reached(value):
            return Decimal(0)
        days = (self.due_on - max(on, self.starts_on)).days
        return (self.target - value) / days if days > 0 else None


def daily(days: Iterable[Day], *, first: date, last: date) -> list[Day]:
    """Every day from `first` to `last`, once and in order; a day that nobody stored becomes a gap with a reason."""
    stored = {day.day: day for day in days}
    known = [day.day for day in stored.values() if day.value is not None]
    begins, ends = (min(known), max(known)) if known else (None, None)
    span = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return [stored.get(day) or Day(day, None, False, reason=why_missing(day, begins, ends)) for day in span]


def why_missing(day: date, begins: date | None, ends: date | None) -> str:
    if ends is None or day > ends:
        return NOT_YET
    return BEFORE_FIRST if day < begins else NOT_TAKEN


def latest(line: Sequence[Day]) -> Day | None:
    """The last day that has a value."""
    return next((day for day in reversed(line) if day.value is not None), None)


def change_over(line: Sequence[Day], days: int) -> Decimal | None:
    """How much the last value differs from the one so many days before; None when either is missing."""
    now = latest(line)
    if now is None:
        return None
    before = next((day for day in line if day.day == now.day - timedelta(days=days)), None)
    return None if before is None or before.value is None else now.value - before.value
