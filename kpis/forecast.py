"""Where a daily number is heading: a chance of reaching a target by a day, and the band that holds 80 % of outcomes.

Pure, deterministic, in floating point. The way was chosen by measuring on real daily series (`tests.bench.forecast`):

1. Flows and rates are taken by their logarithms and without their weekdays; stocks as they are. What is judged by its
   last seven days is looked at by weeks (`rolled`): a flow by its mean day, a rate by the ratio of the two weeks' sums,
   numerator and denominator together.
2. A few simple ways of going on (for a stock the mean change of the last week, of the last month, a damped trend; for
   the rest smoothed levels, from sluggish to quick) look ahead from every past day. How far each was off, at just this
   distance, is known: that is the back-test, and at the same time the spread of what may come.
3. They are blended by how well they did; their errors, the older the lighter, laid around the blend, are the outlook.

Provisional days are left out by the caller. Fewer than `FEWEST` numbers, or more than `MOST_GAPS` of the days missing:
no outlook, and the reason.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property, lru_cache
from itertools import accumulate
from typing import Literal, NamedTuple

Values = Sequence[float | None]
Reason = Literal["too_few", "too_many_gaps", "no_days_left"]

FEWEST = 14
MOST_GAPS = 0.3
#: Older days say nothing about the months to come, and cost time.
LONGEST = 730
#: A weekday's habit is believed when there are three weeks of it.
ENOUGH_FOR_WEEKDAYS = 21
WEEKDAY_PRIOR = 1.5
#: Days after which an error counts for half.
HALF_LIFE = 90.0
#: Errors at a distance that the series is too short for are taken at the longest one that leaves so many of them.
FEWEST_ERRORS = 10
#: The errors of a first few days are those of a way that knows nothing yet.
WARMING_UP = {"stock": 3, "flow": 5, "week": 3}
#: How the spread grows with distance where it could not be seen: by this power of it.
GROWTH = {"stock": 1.0, "flow": 0.05, "week": 0.3}
#: By so much the blend's own bias is believed.
BIAS = {"stock": 0.3, "flow": 0.6, "week": 0.5}
WIDTH = {"stock": 0.8, "flow": 0.95, "week": 1.0}
#: Errors at a distance overlap: so many of them, by this power of the distance, say no more than one.
OVERLAP = {"stock": 1.0, "flow": 0.5, "week": 1.0}
#: And weeks that end a day apart are nearly the same week.
LEAST_OVERLAP = {"stock": 1, "flow": 1, "week": 7}
#: Few independent errors understate the spread.
FEW_ERRORS = 0.4
SHARPNESS = 3
#: Share of the errors' spread that smooths the chance.
SMOOTHING = 0.2
LEAST, MOST = 0.01, 0.99
#: What is judged by weeks is foretold by weeks: so many days, of which so many must have a number.
WEEK, ENOUGH = 7, 5
BY_WEEKS = "week"


class Way(NamedTuple):
    """A simple way of going on. `days` > 0: the mean change of so many days; else smoothing with `level`, `trend`.

    What it takes for a day's change fades by `fade` with every day ahead.
    """

    days: int = 0
    level: float = 1.0
    trend: float = 0.0
    fade: float = 1.0


WAYS = {
    "stock": (Way(days=7, fade=0.99), Way(days=28), Way(level=1.0, trend=0.1, fade=0.99)),
    "flow": (Way(level=0.05), Way(level=0.15), Way(level=0.35), Way(level=0.7)),
    "week": (Way(level=0.03), Way(level=0.1), Way(level=1.0)),
}


@dataclass(frozen=True)
class Unforeseen:
    """No outlook; `usable` of `days` have a number."""

    reason: Reason
    usable: int = 0
    days: int = 0


@dataclass(frozen=True)
class Outlook:
    """What may be on one day. `errors` are sorted, each with its weight, around `centre`; all on the inner scale."""

    on: date
    centre: float
    errors: tuple[tuple[float, float], ...]
    is_logarithmic: bool

    @property
    def median(self) -> float:
        return self.quantile(0.5)

    @property
    def low80(self) -> float:
        return self.quantile(0.1)

    @property
    def high80(self) -> float:
        return self.quantile(0.9)

    def quantile(self, share: float) -> float:
        return outside(self.centre + weighted_quantile(self.errors, self._total * share), self.is_logarithmic)

    def chance(self, target: float, *, above: bool = True) -> float:
        """The probability of being at the target or beyond it, above or below; never quite 0 or 1."""
        distance = inside(target, self.is_logarithmic) - self.centre
        wide = max(self._spread * SMOOTHING, 1e-9) * math.sqrt(2)
        reached = sum(weight * math.erfc((distance - error) / wide) for error, weight in self.errors) / 2 / self._total
        return min(max(reached if above else 1 - reached, LEAST), MOST)

    @cached_property
    def _total(self) -> float:
        return sum(weight for _error, weight in self.errors)

    @cached_property
    def _spread(self) -> float:
        return math.sqrt(sum(weight * error * error for error, weight in self.errors) / self._total)


@dataclass(frozen=True)
class TrackRecord:
    """How often the band of earlier outlooks, made of what was known then, held what came."""

    made: int
    held: int


class Lookout:
    """Looks ahead from the last of `values`, one a day from `first` on; None where a day has no number.

    `kind` is that of the metric: «stock», «week» for what is judged by the last seven days (`rolled`), or anything
    else. `days`: what was known of each day, where the values are not those of single days.
    """

    def __init__(self, first: date, values: Values, kind: str, *, days: Values | None = None) -> None:
        known = [place for place, value in enumerate(values) if value is not None]
        #: The last day that has a number.
        self.last = first + timedelta(days=known[-1] if known else 0)
        begins, ends = (max(known[0], known[-1] + 1 - LONGEST), known[-1] + 1) if known else (0, 0)
        self.values = list(values[begins:ends])
        self.days = self.values if days is None else list(days[max(begins - WEEK + 1, 0) : ends])
        self.first = self.last - timedelta(days=max(len(self.values) - 1, 0))
        self.kind = kind
        self.habit = kind if kind in WAYS else "flow"
        self.is_logarithmic = kind != "stock" and all(value >= 0 for value in self.values if value is not None)

    @property
    def usable(self) -> int:
        """Days that have a number."""
        return sum(value is not None for value in self.days)

    @cached_property
    def unforeseen(self) -> Unforeseen | None:
        """Why nothing can be said."""
        if self.usable < FEWEST:
            return Unforeseen("too_few", self.usable, len(self.days))
        if len(self.days) - self.usable > MOST_GAPS * len(self.days):
            return Unforeseen("too_many_gaps", self.usable, len(self.days))
        if not any(way.look(1) for way in self._paths):  # hardly a week of them lies together
            return Unforeseen("too_few", self.usable, len(self.days))
        return None

    def on(self, day: date) -> Outlook | Unforeseen:
        """What may be on that day."""
        if self.unforeseen:
            return self.unforeseen
        distance = (day - self.last).days
        if distance < 1:
            return Unforeseen("no_days_left", self.usable, len(self.days))
        return self._at(distance)

    def band(self, until: date, *, steps: int = 8) -> list[Outlook]:
        """Outlooks for some days up to that one, the nearest first; none where nothing can be said."""
        days = (until - self.last).days
        if self.unforeseen or days < 1:
            return []
        distances = sorted({1, *(round(days * step / steps) or 1 for step in range(1, steps + 1))})
        return [self._at(distance) for distance in distances]

    def track_record(self, distance: int, *, most: int = 12) -> TrackRecord:
        """The same forecast made on earlier days of this very series, each knowing only what was known then."""
        ends = range(len(self.values) - distance, FEWEST, -max(distance // 2, 1))[:most]
        held = [verdict for end in ends if (verdict := self._held(end, distance)) is not None]
        return TrackRecord(len(held), sum(held))

    def _held(self, end: int, distance: int) -> bool | None:
        came = self.values[end + distance - 1]
        lead = len(self.days) - len(self.values)
        then = Lookout(self.first, self.values[:end], self.kind, days=self.days[: lead + end])
        outlook = then.on(self.first + timedelta(days=end + distance - 1))
        if came is None or isinstance(outlook, Unforeseen):
            return None
        return outlook.low80 <= came <= outlook.high80

    # --- the work -----------------------------------------------------------------------------------------------------

    def _at(self, distance: int) -> Outlook:
        looks = [look for way in self._paths if (look := way.look(distance))]
        best = min(look.miss for look in looks)
        shares = [((best + 1e-12) / (look.miss + 1e-12)) ** SHARPNESS for look in looks]
        total = sum(shares)
        centre = sum(look.centre * share for look, share in zip(looks, shares, strict=True)) / total
        errors = [
            (error, w * share / total) for look, share in zip(looks, shares, strict=True) for error, w in look.errors
        ]
        nearest = looks[[look.miss for look in looks].index(best)]
        on = self.last + timedelta(days=distance)
        errors = around(errors, BIAS[self.habit], WIDTH[self.habit] * self._widening(nearest))
        return Outlook(on, centre + self._weekdays[on.weekday()], errors, self.is_logarithmic)

    def _widening(self, look: "Look") -> float:
        """Of errors that overlap only a few are independent, and few understate the spread."""
        total = sum(weight for _error, weight in look.errors)
        apart = max(look.seen_at, LEAST_OVERLAP[self.habit]) ** OVERLAP[self.habit]
        independent = total * total / sum(weight * weight for _error, weight in look.errors) / apart
        return 1 + FEW_ERRORS / max(independent, 0.5)

    @cached_property
    def _inner(self) -> list[float | None]:
        return [None if value is None else inside(value, self.is_logarithmic) for value in self.values]

    @cached_property
    def _weekdays(self) -> list[float]:
        if self.habit != "flow" or self.usable < ENOUGH_FOR_WEEKDAYS:
            return [0.0] * 7
        return weekday_effects(self._inner, self.first.weekday())

    @cached_property
    def _paths(self) -> "list[Followed]":
        start, effects = self.first.weekday(), self._weekdays
        plain = [
            None if value is None else value - effects[(start + place) % 7] for place, value in enumerate(self._inner)
        ]
        return [Followed(way, plain, WARMING_UP[self.habit], GROWTH[self.habit]) for way in WAYS[self.habit]]


@dataclass(frozen=True)
class Look:
    """One way's word about a distance: the value, its mean miss, its errors there with their weights.

    `seen_at` is the distance at which the errors were seen.
    """

    centre: float
    miss: float
    errors: list[tuple[float, float]]
    seen_at: int


class Followed:
    """A way along a whole series: what it knew after each day."""

    def __init__(self, way: Way, values: Values, warming_up: int, growth: float) -> None:
        self.way, self.values, self.growth = way, values, growth
        self.warming_up = warming_up
        self.levels, self.changes = mean_changes(values, way.days) if way.days else smoothed(values, way)

    def look(self, distance: int) -> Look | None:
        seen_at = next((at for at in self._distances(distance) if self._count(at) >= FEWEST_ERRORS or at == 1), 1)
        errors = list(self._errors(seen_at))
        if not errors:
            return None
        wider = (distance / seen_at) ** self.growth
        total = sum(weight for _error, weight in errors)
        miss = sum(abs(error) * weight for error, weight in errors) / total * wider
        centre = self.levels[-1] + faded(self.way.fade, distance) * self.changes[-1]
        return Look(centre, miss, [(error * wider, weight) for error, weight in errors], seen_at)

    def _distances(self, distance: int) -> range:
        longest = min(distance, max(len(self.values) - self.warming_up - FEWEST_ERRORS, 1))
        return range(longest, 0, -1)

    def _count(self, distance: int) -> int:
        return sum(value is not None for value in self.values[self.warming_up + distance :])

    def _errors(self, distance: int) -> Iterator[tuple[float, float]]:
        reach, last = faded(self.way.fade, distance), len(self.values)
        for place in range(self.warming_up, last - distance):
            level, came = self.levels[place], self.values[place + distance]
            if level is not None and came is not None:
                age = last - distance - place
                yield came - level - reach * self.changes[place], 0.5 ** (age / HALF_LIFE)


def mean_changes(values: Values, days: int) -> tuple[list[float | None], list[float]]:
    """After each day: the level, and the mean daily change over the last `days`."""
    levels: list[float | None] = []
    changes: list[float] = []
    known: list[tuple[int, float]] = []
    begin = 0
    for place, value in enumerate(values):
        if value is not None:
            known.append((place, value))
        while begin < len(known) - 1 and known[begin + 1][0] <= place - days:
            begin += 1
        (since, was), (at, now) = (known[begin], known[-1]) if known else ((0, 0.0), (0, 0.0))
        change = (now - was) / (at - since) if at > since else 0.0
        levels.append(now + change * (place - at) if known else None)
        changes.append(change)
    return levels, changes


def smoothed(values: Values, way: Way) -> tuple[list[float | None], list[float]]:
    """After each day: the smoothed level and change; a day without a number is passed as if it went on."""
    levels: list[float | None] = []
    changes: list[float] = []
    level: float | None = None
    change = 0.0
    for value in values:
        if level is None:
            level = value
        else:
            expected, change = level + way.fade * change, way.fade * change
            miss = 0.0 if value is None else value - expected
            level, change = expected + way.level * miss, change + way.level * way.trend * miss
        levels.append(level)
        changes.append(change)
    return levels, changes


def rolled(values: Values) -> list[float | None]:
    """For each day the mean of the seven that end on it; None where the day itself or too many of the others have no
    number. A ratio of sums is the ratio of two such means over the same days."""
    return [
        None if value is None else mean_day(values[max(place - WEEK + 1, 0) : place + 1])
        for place, value in enumerate(values)
    ]


def mean_day(values: Values) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if len(known) >= ENOUGH else None


def weekday_effects(values: Values, first_weekday: int) -> list[float]:
    """How far each weekday lies from the week around it, drawn towards nothing while there are few of them."""
    sums, counts = [0.0] * 7, [0] * 7
    for place in range(3, len(values) - 3):
        value, week = values[place], [known for known in values[place - 3 : place + 4] if known is not None]
        if value is not None and len(week) >= 6:
            sums[(first_weekday + place) % 7] += value - sum(week) / len(week)
            counts[(first_weekday + place) % 7] += 1
    effects = [total / (count + WEEKDAY_PRIOR) for total, count in zip(sums, counts, strict=True)]
    return [effect - sum(effects) / 7 for effect in effects]


def around(errors: list[tuple[float, float]], bias: float, width: float) -> tuple[tuple[float, float], ...]:
    """The errors without a part of their bias, mirrored, as wide as they should be, and sorted."""
    total = sum(weight for _error, weight in errors)
    mean = sum(error * weight for error, weight in errors) / total
    moved = [((error - mean * bias) * width, weight) for error, weight in errors]
    return tuple(sorted([*moved, *((-error, weight) for error, weight in moved)]))


def weighted_quantile(errors: Sequence[tuple[float, float]], wanted: float) -> float:
    """The error below which so much of the weight lies, between two of them in proportion."""
    before: tuple[float, float] | None = None
    for (error, weight), gone in zip(errors, accumulate(weight for _error, weight in errors), strict=True):
        middle = gone - weight / 2
        if middle >= wanted:
            if before is None or middle <= before[1]:
                return error
            return before[0] + (error - before[0]) * (wanted - before[1]) / (middle - before[1])
        before = (error, middle)
    return errors[-1][0]


@lru_cache(maxsize=1024)
def faded(fade: float, distance: int) -> float:
    """So many days' changes are left of that many days ahead."""
    return float(distance) if fade == 1 else fade * (1 - fade**distance) / (1 - fade)


def inside(value: float, is_logarithmic: bool) -> float:
    return math.log1p(max(value, 0.0)) if is_logarithmic else value


def outside(value: float, is_logarithmic: bool) -> float:
    return max(math.expm1(min(value, 700.0)), 0.0) if is_logarithmic else value
