"""How fast points are recorded, as a ratio to the bare way: COPY into a temporary table and one upsert.

Ours keeps the answer verbatim and compressed, chains its hash, holds the rule of what replaces what, and leaves the
latest value beside each series. The floor writes the same rows to the same table and does nothing else.
"""

import io
import json
import os
import statistics
import time
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from django.db import connection, transaction

AIM = 0.8
SERIES, DAYS, ROUNDS = 20, 1_000, 5
LAST = date(2026, 11, 22)
TAKEN_AT = datetime(2026, 11, 23, 9, tzinfo=UTC)

FLOOR = """
INSERT INTO kpis_point (series_id, day, value, provenance, final, reason, snapshot_id)
SELECT series_id, day, value, 'measured', final, '', NULL FROM incoming
ON CONFLICT (series_id, day) DO UPDATE SET value = excluded.value, final = excluded.final
WHERE (kpis_point.value, kpis_point.final) IS DISTINCT FROM (excluded.value, excluded.final)
"""


def run() -> list[dict]:
    """The rows of the bench; none, and a line that says so, where there is no PostgreSQL."""
    if not os.environ.get("DATABASE_URL", "").startswith(("postgres", "psql")):
        print("ingest: not run, DATABASE_URL names no PostgreSQL")
        return []
    with scratch_database():
        from tests.builders import make_cast

        cast = make_cast()
        return [measure("points recorded anew", cast, again=False), measure("points recorded again", cast, again=True)]


@contextmanager
def scratch_database():
    from django.test.utils import setup_databases, teardown_databases

    made = setup_databases(verbosity=0, interactive=False)
    try:
        yield
    finally:
        teardown_databases(made, verbosity=0)


def measure(name: str, cast, *, again: bool) -> dict:
    from tests.builders import make_source

    ours, floor = [], []
    reading, window, metrics = make_reading()
    for _round in range(ROUNDS):
        for seconds, arm in ((floor, write_bare), (ours, write_ours)):
            source = make_source(cast)
            prepare(source, metrics)
            if again:
                arm(source, reading, window, metrics)
            began = time.perf_counter()
            arm(source, reading, window, metrics)
            seconds.append(time.perf_counter() - began)
    points = len(reading.points)
    ratios = sorted(bare / own for own, bare in zip(ours, floor, strict=True))
    return {
        "name": f"{name} ({ratios[0]:.2f}–{ratios[-1]:.2f})",
        "ours": points / statistics.median(ours),
        "floor": points / statistics.median(floor),
        "ratio": statistics.median(ratios),
        "unit": "points/s",
        "aim": AIM,
    }


def make_reading():
    """A visit that brought 20,000 numbers, with an answer of the size that platforms send for so many."""
    from kpis.connectors.contract import Exchange, Measured, Reading, Window

    metrics = [f"metric_{number}" for number in range(SERIES)]
    days = [LAST - timedelta(days=number) for number in range(DAYS)]
    points = tuple(
        Measured(metric, day, Decimal(1000 + (place * 7919 + day.toordinal() * 31) % 9000), final=True)
        for place, metric in enumerate(metrics)
        for day in days
    )
    rows = [[str(day), [str(point.value) for point in points[place::DAYS]]] for place, day in enumerate(days)]
    body = json.dumps({"response": rows}).encode()
    exchange = Exchange("POST https://platform.example/stats", 200, body)
    return Reading(points, (), (exchange,), TAKEN_AT), Window(days[-1], days[0]), metrics


def prepare(source, metrics) -> None:
    from kpis.points import series_ids

    series_ids((source.pk, metric) for metric in metrics)


def write_ours(source, reading, window, metrics) -> None:
    from kpis.recording import record_reading

    record_reading(source, reading, window=window, metrics=metrics)


def write_bare(source, reading, window, metrics) -> None:
    ids = dict(source.series.values_list("metric", "pk"))
    lines = [f"{ids[point.metric]}\t{point.day}\t{point.value}\t{point.final}\n" for point in reading.points]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE incoming (series_id bigint, day date, value numeric, final boolean) ON COMMIT DROP"
        )
        cursor.copy_expert("COPY incoming FROM STDIN", io.StringIO("".join(lines)))
        cursor.execute(FLOOR)
