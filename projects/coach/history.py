"""Is a change within reach? The needed pace against what the number itself did in the past. Pure.

A number is looked at as a *level*, one value a day:

- a stock (followers) is its own level;
- what is counted through the day (visits, leads) is taken as the mean of a day over the four weeks that end on it, so
  that a Monday is not compared with a Sunday; the same for a rate (engagement, cost of a lead).

A *window* is as long as the goal has left, and asks what the level did from its first day to its last. Windows begin
every third of their length (a week apart at least), counted back from the last final day through the past year, or
through twice the goal's own time when that is longer: they overlap, because a year holds only four quarters, and four
are too few to judge by. A total («100 leads in two months») asks how much came in the window; a level to hold asks
whether the window's mean (of a stock: its worst day) was on the right side of it.

A gap is no zero: only final days with a value count, a level needs three quarters of its days, and a window without
them is left out. The verdict: within reach when one window in four did as well, out of reach when none did, and not
sure in between or with fewer than four windows.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import accumulate
from typing import Literal

Shape = Literal["stock", "flow", "people", "rate"]
Verdict = Literal["enough", "rare", "never", "short", "reached"]

FEWEST_WINDOWS = 4
#: One window in four did as well: within reach.
ENOUGH = Fraction(1, 4)
YEAR = 365
#: What is counted through the day is smoothed over so many days; shorter goals use a week.
SMOOTHED = 28
WEEK = 7
#: The share of days that must have been measured for a mean to stand for all of them.
MEASURED_SHARE = Fraction(3, 4)
#: A stock that was not taken on the very day is taken from at most so many days before.
NEAR = 3


@dataclass(frozen=True, slots=True)
class Number:
    """One number that a source gives. `shape` says how its days go together: a stock is a level of its own, a flow
    is summed, people are counted anew each day and can't be summed, a rate is averaged.

    `key` is known to whoever gave it; `platform` is the coach's name of it, None for a file. `good` is where good
    lies, `decimals` how exactly it is said.
    """

    key: int
    metric: str
    platform: str | None
    place: str
    shape: Shape
    good: Literal["up", "down"] = "up"
    unit: str = "count"
    decimals: int = 0
    current: Decimal | None = None
    current_on: date | None = None


@dataclass(frozen=True, slots=True)
class Measured:
    """One day; `weight` is the denominator of a share, so that days together are a ratio of sums."""

    day: date
    value: Decimal
    weight: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True)
class Need:
    """What has to happen in `days` days: the level changes by `value` (percent when it is relative), so much comes in
    all (total), or the level is kept on the right side of `value` (hold)."""

    kind: Literal["relative", "absolute", "total", "hold"]
    up: bool
    value: Decimal
    days: int


@dataclass(frozen=True, slots=True)
class Judgement:
    """`good` of `windows` did as well; `history` is how many days there are, `wanted` how many it takes."""

    verdict: Verdict
    need: Need
    good: int = 0
    windows: int = 0
    history: int = 0
    wanted: int = 0

    @property
    def ok(self) -> bool | None:
        return {"enough": True, "reached": True, "never": False}.get(self.verdict)


class History:
    """The measured past of one number."""

    def __init__(self, points: Sequence[Measured], shape: Shape):
        self.points = sorted(points, key=lambda point: point.day)
        self.days = [point.day for point in self.points]
        self.sums = [Decimal(0), *accumulate(point.value * point.weight for point in self.points)]
        self.weights = [Decimal(0), *accumulate(point.weight for point in self.points)]
        self.shape = shape

    @property
    def length(self) -> int:
        """Days from the first measured one to the last, both included."""
        return (self.days[-1] - self.days[0]).days + 1 if self.days else 0

    def between(self, first: date, last: date) -> slice:
        return slice(bisect_left(self.days, first), bisect_right(self.days, last))

    def mean(self, last: date, days: int) -> Decimal | None:
        """The mean of a day over the days that end on `last`, each by its weight; None when too few of them were
        measured."""
        part = self.between(last - timedelta(days=days - 1), last)
        count = part.stop - part.start
        weight = self.weights[part.stop] - self.weights[part.start]
        if weight == 0 or count < days * MEASURED_SHARE:
            return None
        return (self.sums[part.stop] - self.sums[part.start]) / weight

    def level(self, day: date, smoothed: int) -> Decimal | None:
        if self.shape != "stock":
            return self.mean(day, smoothed)
        place = bisect_right(self.days, day) - 1
        if place < 0 or (day - self.days[place]).days > NEAR:
            return None
        return self.points[place].value

    def worst(self, last: date, days: int, up: bool) -> Decimal | None:
        """The worst day of a window; None when too few of its days were measured."""
        part = self.points[self.between(last - timedelta(days=days - 1), last)]
        if not part or len(part) < days * MEASURED_SHARE:
            return None
        return (min if up else max)(point.value for point in part)


def smoothing(days: int) -> int:
    return SMOOTHED if days >= SMOOTHED else WEEK


def step_of(days: int) -> int:
    return max(WEEK, days // 3)


def days_wanted(need: Need, shape: Shape) -> int:
    """How long a history must be for the fewest windows."""
    lead = smoothing(need.days) if shape != "stock" and need.kind in ("relative", "absolute") else 1
    return need.days + (FEWEST_WINDOWS - 1) * step_of(need.days) + lead


def window_ends(history: History, days: int) -> list[date]:
    """The last days of the windows, the latest first."""
    if not history.days:
        return []
    last, step = history.days[-1], step_of(days)
    earliest = max(history.days[0], last - timedelta(days=max(YEAR, 2 * days)))
    count = ((last - earliest).days - days) // step + 1
    return [last - timedelta(days=step * number) for number in range(max(count, 0))]


def judge(history: History, need: Need) -> Judgement:
    """How many of the past windows did what is needed."""
    did_well = TESTS[need.kind]
    answers = [did_well(history, need, end) for end in window_ends(history, need.days)]
    known = [answer for answer in answers if answer is not None]
    good = sum(known)
    facts = {"need": need, "good": good, "windows": len(known), "history": history.length}
    if len(known) < FEWEST_WINDOWS:
        return Judgement("short", **facts, wanted=days_wanted(need, history.shape))
    if good >= ENOUGH * len(known):
        return Judgement("enough", **facts)
    return Judgement("rare" if good else "never", **facts)


def change_in(history: History, need: Need, end: date) -> tuple[Decimal, Decimal] | None:
    """The level before the window and at its end."""
    smoothed = smoothing(need.days)
    before, after = history.level(end - timedelta(days=need.days), smoothed), history.level(end, smoothed)
    return None if before is None or after is None else (before, after)


def relative_test(history: History, need: Need, end: date) -> bool | None:
    levels = change_in(history, need, end)
    if levels is None or levels[0] <= 0:
        return None
    change = (levels[1] / levels[0] - 1) * 100
    return change >= need.value if need.up else change <= -need.value


def absolute_test(history: History, need: Need, end: date) -> bool | None:
    levels = change_in(history, need, end)
    if levels is None:
        return None
    change = levels[1] - levels[0]
    return change >= need.value if need.up else change <= -need.value


def total_test(history: History, need: Need, end: date) -> bool | None:
    mean = history.mean(end, need.days)
    if mean is None:
        return None
    total = mean * need.days
    return total >= need.value if need.up else total <= need.value


def hold_test(history: History, need: Need, end: date) -> bool | None:
    is_stock = history.shape == "stock"
    level = history.worst(end, need.days, need.up) if is_stock else history.mean(end, need.days)
    if level is None:
        return None
    return level >= need.value if need.up else level <= need.value


TESTS: dict[str, Callable[[History, Need, date], bool | None]] = {
    "relative": relative_test,
    "absolute": absolute_test,
    "total": total_test,
    "hold": hold_test,
}


def pace_of_best_quarter(history: History, days: int, *, up: bool) -> Decimal | None:
    """The change in whole percent that one past window in four reached; None when it is less than one percent or there
    are too few windows."""
    need = Need("relative", up, Decimal(0), days)
    levels = [change_in(history, need, end) for end in window_ends(history, days)]
    changes = [(after / before - 1) * 100 for before, after in filter(None, levels) if before > 0]
    if len(changes) < FEWEST_WINDOWS:
        return None
    towards = sorted((change if up else -change for change in changes), reverse=True)
    enough = -(-len(towards) * ENOUGH.numerator // ENOUGH.denominator)
    percent = towards[enough - 1].quantize(Decimal(1), rounding=ROUND_DOWN)
    return percent if percent >= 1 else None


def rounded(value: Decimal, decimals: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
