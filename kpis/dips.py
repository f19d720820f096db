"""Days on which a daily number fell out of the band in which it was expected, on the wrong side of it. Pure.

What is expected of a day comes from the days before it alone, so a day that was judged once is judged alike for ever,
unless the numbers themselves change:

- a flow or a rate is held against the same weekday of the last weeks (their median, by the logarithm where nothing is
  below zero), moved by how the last week went against its own weekdays;
- of a stock the day's change is held against the changes of the last weeks.

The band is as wide as such misses usually are: their median distance from nothing, times `WIDTH`, and never narrower
than the smallest step that the series takes. The caller leaves provisional days out, and a gap is no dip. Fewer than
`FEWEST` misses: no word. Days in a row outside the band are one dip.

Measured on real daily series in `tests.bench.dips`.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from statistics import median

Values = Sequence[float | None]

#: Weeks whose same weekday says what to expect, and how many of them must have a number.
WEEKS, FEWEST_WEEKS = 6, 3
#: Days whose misses say how wide the band is, and how many of them must have one.
REMEMBERED, FEWEST = 56, 14
#: From a median distance to a normal spread.
NORMAL = 1.4826
WIDTH = 3.5
#: A flow's band is at least this wide on the logarithm: a tenth less than usual is no news.
LEAST = 0.1
#: A stock that was not seen for longer is not held against what it was before.
LONGEST_GAP = 7
#: By so much a last week that went above or below its weekdays moves what is expected.
FOLLOWS = 0.7
#: Days before the first judged one that its judgement may rest on.
REACH = 7 * WEEKS + REMEMBERED + 8


@dataclass(frozen=True, slots=True)
class Fall:
    """`day` to `until` lie outside; `value` and the band are those of the first day."""

    day: date
    until: date
    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Judged:
    """One day against its band."""

    place: int
    value: float
    low: float
    high: float

    def is_out(self, *, down: bool) -> bool:
        return self.value < self.low if down else self.value > self.high


def falls(first: date, values: Values, *, kind: str, down: bool = True, since: date | None = None) -> list[Fall]:
    """The dips of `values`, one a day from `first` on, that begin on `since` or later, the oldest first. `kind` is the
    metric's («stock» or anything else); `down` says that lower is worse."""
    found: list[Fall] = []
    judge = stock_days if kind == "stock" else flow_days
    known = [place for place, value in enumerate(values) if value is not None]
    before = {place: earlier for earlier, place in pairwise(known)}
    last_out = -1
    for day in judge(values):
        if not day.is_out(down=down):
            continue
        on = first + timedelta(days=day.place)
        if found and last_out == before.get(day.place):
            found[-1] = Fall(found[-1].day, on, found[-1].value, found[-1].low, found[-1].high)
        else:
            found.append(Fall(on, on, day.value, day.low, day.high))
        last_out = day.place
    return [fall for fall in found if since is None or fall.until >= since]


# --- Flows and rates ------------------------------------------------------------------------------------------------


def flow_days(values: Values) -> Iterator[Judged]:
    is_logarithmic = all(value is None or value >= 0 for value in values)
    inner = [value if value is None or not is_logarithmic else math.log1p(value) for value in values]
    usual = [usual_of(inner, place) for place in range(len(inner))]
    misses: list[float | None] = [None] * len(inner)
    for place, value in enumerate(inner):
        expected = drifted(usual[place], inner, usual, place)
        if value is None or expected is None:
            continue
        spread = spread_of(misses, place)
        if spread is not None:
            wide = max(WIDTH * spread, LEAST if is_logarithmic else smallest_step(values, place))
            low, high = (outside(expected + side * wide, is_logarithmic) for side in (-1, 1))
            yield Judged(place, values[place], low, high)
        misses[place] = value - expected


def usual_of(inner: Values, place: int) -> float | None:
    """The median of the same weekday in the weeks before."""
    same = [inner[at] for at in range(place - 7, max(place - 7 * WEEKS, 0) - 1, -7) if inner[at] is not None]
    return median(same) if len(same) >= FEWEST_WEEKS else None


def drifted(expected: float | None, inner: Values, usual: Values, place: int) -> float | None:
    if expected is None:
        return None
    last_week = [
        inner[at] - usual[at]
        for at in range(max(place - 7, 0), place)
        if inner[at] is not None and usual[at] is not None
    ]
    return expected + FOLLOWS * median(last_week) if len(last_week) >= 4 else expected


def outside(value: float, is_logarithmic: bool) -> float:
    return max(math.expm1(min(value, 700.0)), 0.0) if is_logarithmic else value


# --- Stocks ---------------------------------------------------------------------------------------------------------


def stock_days(values: Values) -> Iterator[Judged]:
    changes: list[float | None] = [None] * len(values)
    before: int | None = None
    for place, now in enumerate(values):
        if now is None:
            continue
        days = LONGEST_GAP + 2 if before is None else place - before
        known = [change for change in changes[max(place - REMEMBERED, 0) : place] if change is not None]
        if days <= LONGEST_GAP + 1 and len(known) >= FEWEST:
            middle = median(known)
            spread = NORMAL * median(abs(change - middle) for change in known)
            wide = max(WIDTH * spread, 1.5 * smallest_step(values, place))
            low, high = (values[before] + (middle + side * wide) * days for side in (-1, 1))
            yield Judged(place, now, low, high)
        if days == 1:
            changes[place] = now - values[before]
        before = place


# --- Both -----------------------------------------------------------------------------------------------------------


def spread_of(misses: Values, place: int) -> float | None:
    known = [abs(miss) for miss in misses[max(place - REMEMBERED, 0) : place] if miss is not None]
    return NORMAL * median(known) if len(known) >= FEWEST else None


def smallest_step(values: Values, place: int) -> float:
    """The least by which two of the days before differ: a platform that rounds takes no smaller one."""
    lately = values[max(place - REMEMBERED, 0) : place]
    steps = (
        abs(after - before)
        for before, after in pairwise(lately)
        if before is not None and after is not None and after != before
    )
    return min(steps, default=0.0)
