"""How often the search for dips cries wolf on real series, and how many planted ones it finds.

`DIP_SERIES` (or `FORECAST_SERIES`) names a CSV of real daily numbers (columns: series, kind, day, value); without it
the series are made up. Every day that is told counts as false, though some real ones may be true: an upper bound.
Run by itself with `python -m tests.bench.dips`.
"""

import csv
import os
import random
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise

from kpis.dips import falls, flow_days, stock_days

Series = tuple[str, str, date, list[float | None]]
FIRST = date(2025, 1, 6)
AIM = 1 / 60


def run() -> list[dict]:
    found = list(series())
    judged = sum(len(days_judged(kind, values)) for _name, kind, _first, values in found)
    false = sum(days_told(kind, first, values) for _name, kind, first, values in found)
    print(f"  {judged} days judged, {false} told: one in {judged / max(false, 1):.0f}")
    for kind in sorted({kind for _name, kind, _first, _values in found}):
        print(f"  {kind}: {told_of(found, kind)}; {planted_of(found, kind)}")
    name = "dips: false days, against one in 60"
    return [
        {"name": name, "aim": "≤ 1", "ours": false / judged * 1000, "floor": AIM * 1000, "ratio": false / judged / AIM}
    ]


def told_of(found: list[Series], kind: str) -> str:
    own = [(first, values) for _name, one, first, values in found if one == kind]
    judged = sum(len(days_judged(kind, values)) for _first, values in own)
    false = sum(days_told(kind, first, values) for first, values in own)
    return f"{false} of {judged} days"


def planted_of(found: list[Series], kind: str, *, less: float = 0.5) -> str:
    """On every tenth judged day: half of a flow is gone, or three times a stock's largest change so far, downwards."""
    tried = seen = 0
    for _name, one, first, values in found:
        if one != kind:
            continue
        for place in days_judged(kind, values)[::10]:
            tried += 1
            fallen = [*values[:place], lowered(values, place, kind, less)]
            seen += any(fall.until == first + timedelta(days=place) for fall in falls(first, fallen, kind=kind))
    return f"{seen} of {tried} planted ones seen"


def lowered(values: list[float | None], place: int, kind: str, less: float) -> float:
    if kind != "stock":
        return values[place] * less
    changes = [
        abs(after - before) for before, after in pairwise(values[:place]) if before is not None and after is not None
    ]
    return values[place - 1] - 3 * max(changes)


def days_judged(kind: str, values: list[float | None]) -> list[int]:
    return [day.place for day in (stock_days if kind == "stock" else flow_days)(values)]


def days_told(kind: str, first: date, values: list[float | None]) -> int:
    return sum(day.is_out(down=True) for day in (stock_days if kind == "stock" else flow_days)(values))


def series() -> Iterator[Series]:
    name = os.environ.get("DIP_SERIES") or os.environ.get("FORECAST_SERIES")
    yield from read(name) if name else made_up()


def read(name: str) -> Iterator[Series]:
    rows: dict[tuple[str, str], dict[date, float]] = defaultdict(dict)
    with open(name, encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["value"]:
                rows[row["series"], row["kind"]][date.fromisoformat(row["day"])] = float(row["value"])
    for (one, kind), days in rows.items():
        first, last = min(days), max(days)
        yield one, kind, first, [days.get(first + timedelta(days=step)) for step in range((last - first).days + 1)]


def made_up() -> Iterator[Series]:
    chance = random.Random(7)
    for number in range(20):
        level = 200 * 2 ** (number / 4)
        week = [1 + 0.3 * chance.random() for _day in range(7)]
        flow = [round(level * week[day % 7] * chance.lognormvariate(0, 0.15)) for day in range(240)]
        yield f"flow {number}", "flow", FIRST, flow
        stock = [level * 50]
        for _day in range(239):
            stock.append(round(stock[-1] + chance.gauss(level / 20, level / 30)))
        yield f"stock {number}", "stock", FIRST, stock


if __name__ == "__main__":
    run()
