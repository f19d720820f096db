"""The forecast on series that it has not seen, against «as it is now» and against a straight line.

`FORECAST_SERIES` names a CSV of real daily numbers (columns: series, kind, day, value); without it the series are made
up. Printed besides the ratios of the pinball loss: how much of what came lay in the band of 80 %.
"""

import csv
import math
import os
import random
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import pairwise
from statistics import NormalDist, fmean

from kpis.forecast import BY_WEEKS, Lookout, Outlook, rolled

Quantile = Callable[[float], float]
Case = tuple[date, list[float], str, int, float]
SHARES = (0.1, 0.5, 0.9)
NORMAL = NormalDist()
FIRST = date(2025, 1, 6)


def run() -> list[dict]:
    rows = []
    found = list(cases())
    for days in (7, 14, 28):
        chosen = [case for case in found if case[3] == days]
        ours, coverage = losses(chosen, lookout)
        print(f"  {days} days ahead: {len(chosen)} outlooks, {coverage:.1%} in the band of 80 %")
        for name, way in (("as it is now", as_it_is), ("a straight line", straight)):
            floor, _held = losses(chosen, way)
            row = {"name": f"forecast: pinball loss {days} days ahead, against {name}", "aim": "≤ 1"}
            rows.append({**row, "ours": ours * 1000, "floor": floor * 1000, "ratio": ours / floor})
    return [*rows, *weeks(), speed(), speed_of_weeks()]


def weeks() -> list[dict]:
    """Shares judged by their last seven days: numerator and denominator together, against the daily share as it was
    foretold before, and against «as it is now»."""
    rows, found = [], list(cases_of_rates())
    for days in (7, 14, 28):
        chosen = [case for case in found if case[4] == days]
        ways = {"by weeks": by_weeks, "by the day": by_the_day, "as it is now": WeekAsItIs}
        told = {name: scores(chosen, way) for name, way in ways.items()}
        for name, (loss, held, brier) in told.items():
            print(f"  shares {days} days ahead, {name}: pinball {loss:.3f}, {held:.1%} in the band, Brier {brier:.3f}")
        ours = told.pop("by weeks")[0]
        for name, (floor, *_rest) in told.items():
            row = {"name": f"forecast: pinball loss of a share {days} days ahead, against {name}", "aim": "≤ 1"}
            rows.append({**row, "ours": ours * 1000, "floor": floor * 1000, "ratio": ours / floor})
    return rows


def scores(chosen: list, way: Callable) -> tuple[float, float, float]:
    """The mean pinball loss in units of the week's mean daily change, the share in the band, the Brier score."""
    lost, held, missed = [], [], []
    for first, parts, ratios, came, days in chosen:
        outlook = way(first, parts, ratios, days)
        told, known = [outlook.quantile(share) for share in SHARES], [one for one in ratios if one is not None]
        step = fmean(abs(after - before) for before, after in pairwise(known)) or 1.0
        pairs = zip(SHARES, told, strict=True)
        lost.append(fmean(max(share * (came - one), (share - 1) * (came - one)) for share, one in pairs) / step)
        held.append(told[0] <= came <= told[2])
        targets = [known[-1] * times for times in (0.85, 1.0, 1.15)]
        missed += [(outlook.chance(target) - (came >= target)) ** 2 for target in targets]
    return fmean(lost), fmean(held), fmean(missed)


def ratios_of(parts: list[tuple[float, float]]) -> list[float | None]:
    """In percent, as the portal keeps shares."""
    tops, bottoms = (rolled([pair[side] for pair in parts]) for side in (0, 1))
    return [
        top / bottom * 100 if top is not None and bottom else None for top, bottom in zip(tops, bottoms, strict=True)
    ]


def by_weeks(first: date, parts: list, ratios: list, days: int) -> Outlook:
    seen = Lookout(first, ratios, BY_WEEKS, days=[above for above, _below in parts])
    return seen.on(seen.last + timedelta(days=days))


def by_the_day(first: date, parts: list, _ratios: list, days: int) -> Outlook:
    seen = Lookout(first, [above / below * 100 if below else None for above, below in parts], "rate")
    return seen.on(first + timedelta(days=len(parts) - 1 + days))


class WeekAsItIs:
    def __init__(self, _first: date, _parts: list, ratios: list, days: int) -> None:
        known = [one for one in ratios if one is not None]
        self.now = known[-1]
        self.wide = math.sqrt(fmean((after - before) ** 2 for before, after in pairwise(known)) * days) or 1e-9

    def quantile(self, share: float) -> float:
        return self.now + self.wide * NORMAL.inv_cdf(share)

    def chance(self, target: float) -> float:
        return min(max(1 - NORMAL.cdf((target - self.now) / self.wide), 0.01), 0.99)


def losses(chosen: list[Case], way: Callable[[date, list[float], str, int], Quantile]) -> tuple[float, float]:
    """The mean loss in units of the series' mean daily change, and the share that lay in the band."""
    lost, held = [], []
    for first, values, kind, days, came in chosen:
        quantile = way(first, values, kind, days)
        told = [quantile(share) for share in SHARES]
        step = fmean(abs(after - before) for before, after in pairwise(values)) or 1.0
        pinball = (
            max(share * (came - one), (share - 1) * (came - one)) for share, one in zip(SHARES, told, strict=True)
        )
        lost.append(fmean(pinball) / step)
        held.append(told[0] <= came <= told[2])
    return fmean(lost), fmean(held)


def lookout(first: date, values: list[float], kind: str, days: int) -> Quantile:
    seen = Lookout(first, values, kind)
    outlook = seen.on(seen.last + timedelta(days=days))
    assert isinstance(outlook, Outlook)
    return outlook.quantile


def as_it_is(_first: date, values: list[float], _kind: str, days: int) -> Quantile:
    changes = [after - before for before, after in pairwise(values)]
    wide = math.sqrt(fmean(change * change for change in changes) * days) or 1e-9
    return lambda share: values[-1] + wide * NORMAL.inv_cdf(share)


def straight(_first: date, values: list[float], _kind: str, days: int) -> Quantile:
    """Least squares over the last sixty days, with its own prediction interval."""
    values = values[-60:]
    count, middle, level = len(values), (len(values) - 1) / 2, fmean(values)
    spread = sum((place - middle) ** 2 for place in range(count))
    slope = sum((place - middle) * (value - level) for place, value in enumerate(values)) / spread
    off = sum((value - level - slope * (place - middle)) ** 2 for place, value in enumerate(values))
    away = count - 1 + days - middle
    wide = math.sqrt(off / (count - 2) * (1 + 1 / count + away * away / spread)) or 1e-9
    return lambda share: level + slope * away + wide * NORMAL.inv_cdf(share)


def speed() -> dict:
    """Two years of a series: one outlook, as often as it fits into the thirty milliseconds that are promised."""
    values = made_up(731, seed=1, kind="flow")
    started = time.process_time()
    for _time in range(20):
        lookout(FIRST, values, "flow", 28)(0.5)
    took = (time.process_time() - started) / 20
    name = "forecast: outlooks over two years, a second"
    return {"name": name, "ours": 1 / took, "floor": 1 / 0.03, "ratio": 0.03 / took, "aim": "≥ 1 (30 ms each)"}


def speed_of_weeks() -> dict:
    """The same of a share, from its parts."""
    parts = made_up_share(731, seed=1)
    started = time.process_time()
    for _time in range(20):
        by_weeks(FIRST, parts, ratios_of(parts), 28).quantile(0.5)
    took = (time.process_time() - started) / 20
    name = "forecast: outlooks over two years of a share, a second"
    return {"name": name, "ours": 1 / took, "floor": 1 / 0.03, "ratio": 0.03 / took, "aim": "≥ 1 (30 ms each)"}


# --- Series ---------------------------------------------------------------------------------------------------------


def cases() -> Iterator[Case]:
    for first, values, kind in series():
        for end in range(30, len(values), 17):
            for days in (7, 14, 28):
                if end + days <= len(values):
                    yield first, values[max(end - 365, 0) : end], kind, days, values[end + days - 1]


def series() -> Iterator[tuple[date, list[float], str]]:
    if path := os.environ.get("FORECAST_SERIES"):
        yield from real_series(path)
        return
    for seed in range(60):
        kind = "stock" if seed % 2 else "flow"
        yield FIRST, made_up(60 + seed * 5, seed=seed, kind=kind), kind


def real_series(path: str) -> Iterator[tuple[date, list[float], str]]:
    """Only unbroken stretches: the other ways can't do with gaps."""
    told: dict[tuple[str, str], dict[date, float]] = defaultdict(dict)
    with open(path, newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            told[row["series"], row["kind"]][date.fromisoformat(row["day"])] = float(row["value"])
    for (_name, kind), days in told.items():
        stretch: list[date] = []
        for day in [*sorted(days), date.max]:
            if stretch and (day - stretch[-1]).days != 1:
                if len(stretch) > 37:
                    yield stretch[0], [days[one] for one in stretch], kind
                stretch = []
            stretch.append(day)


def made_up(days: int, *, seed: int, kind: str) -> list[float]:
    chance, values = random.Random(seed), []
    level, pace = math.log(chance.uniform(50, 5000)), chance.uniform(-5, 30)
    total = chance.uniform(1000, 90_000)
    for day in range(days):
        pace += chance.gauss(0, 0.5)
        level += chance.gauss(0, 0.02)
        total += pace + chance.gauss(0, 12)
        weekend = 0.6 if day % 7 >= 5 else 1.0
        values.append(total if kind == "stock" else round(math.exp(level + chance.gauss(0, 0.12)) * weekend))
    return values


def cases_of_rates() -> Iterator[tuple]:
    """First day, the parts that are known, the weeks of them, what came, how many days later."""
    for first, parts in shares():
        every = ratios_of(parts)
        for end in range(30, len(parts), 17):
            since = max(end - 365, 0)
            for days in (7, 14, 28):
                came = every[end + days - 1] if end + days <= len(parts) else None
                if came is not None and every[end - 1] is not None:
                    yield first + timedelta(days=since), parts[since:end], every[since:end], came, days


def shares() -> Iterator[tuple[date, list[tuple[float, float]]]]:
    if path := os.environ.get("FORECAST_RATES"):
        yield from real_shares(path)
        return
    for seed in range(30):
        yield FIRST, made_up_share(60 + seed * 10, seed=seed)


def real_shares(path: str) -> Iterator[tuple[date, list[tuple[float, float]]]]:
    told: dict[str, dict[date, tuple[float, float]]] = defaultdict(dict)
    with open(path, newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            told[row["series"]][date.fromisoformat(row["day"])] = float(row["above"]), float(row["below"])
    for days in told.values():
        if (max(days) - min(days)).days + 1 == len(days):
            yield min(days), [days[day] for day in sorted(days)]


def made_up_share(days: int, *, seed: int) -> list[tuple[float, float]]:
    """Visits, and those of them that did something; a day's share jumps, most on days of few visits."""
    chance, visits = random.Random(seed), made_up(days, seed=2 * seed, kind="flow")
    share, parts = chance.uniform(0.02, 0.3), []
    for below in visits:
        share = min(max(share * math.exp(chance.gauss(0, 0.03)), 0.005), 0.8)
        parts.append((round(below * min(max(chance.gauss(share, math.sqrt(share / max(below, 1))), 0), 1)), below))
    return parts
