"""`manage.py rebuild_points` over sources with a year of twenty metrics each: no difference, and memory that stays.

The floor only reads the points and does not look into the answers they came from.
"""

import random
import time
import tracemalloc
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import StringIO

from tests.bench.ingest import scratch_database

FEW, MANY, METRICS, DAYS = 4, 24, 20, 365
LAST = date(2026, 11, 22)


def run() -> list[dict]:
    with scratch_database():
        from tests.builders import make_cast

        cast = make_cast()
        peaks = []
        for count in (FEW, MANY - FEW):
            make_history(cast, count)
            peaks.append(peak_of(rebuild))
        found = rebuild()
        assert found == "Every point is what the answers say.\n", found
        return [speed(), memory(*peaks)]


def make_history(cast, count: int) -> None:
    from kpis.recording import record_given_points
    from tests.builders import make_source

    luck, days = random.Random(7), [LAST - timedelta(days=back) for back in range(DAYS)]
    for _number in range(count):
        source = make_source(cast)
        for number in range(METRICS):
            values = {day: Decimal(luck.randint(0, 9000)) for day in days}
            moment = datetime(2026, 11, 23, tzinfo=UTC)
            record_given_points(source, f"metric_{number}", values, taken_at=moment, by=cast.manager)


def rebuild() -> str:
    from django.core.management import call_command

    said = StringIO()
    call_command("rebuild_points", stdout=said)
    return said.getvalue()


def read() -> None:
    from kpis.models import Source
    from kpis.recording import kept_points

    for source in Source.objects.all():
        kept_points(source)


def peak_of(work: Callable[[], object]) -> int:
    """The most bytes that Python held for it at one moment."""
    tracemalloc.start()
    work()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


def seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def speed() -> dict:
    points = MANY * METRICS * DAYS
    ours, floor = points / seconds(rebuild), points / seconds(read)
    row = {"name": f"{points:,} points read again from the answers", "ours": ours, "floor": floor}
    return {**row, "ratio": ours / floor, "unit": "points/s", "aim": ""}


def memory(few: int, many: int) -> dict:
    row = {"name": f"its memory, KB: {FEW} sources as floor, {MANY}", "ours": many / 1000, "floor": few / 1000}
    return {**row, "ratio": few / many, "unit": "KB", "aim": "≥ 0.9"}
