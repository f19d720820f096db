"""What twenty million points cost that one million does not: a board's lines, latest values, numbers that come in.

Two databases with the same three years, months and days, in which only the number of series differs, and a process for
each. They are asked in turns, one question and then the same of the other; the ratio is the middle of the turns'.
`BENCH_POINTS` names the two sizes.

    BENCH_SIZE=20000000 python -m tests.bench.storage seed      one database by itself
"""

import json
import os
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from subprocess import PIPE

ROOT = Path(__file__).resolve().parents[2]
ENVIRONMENT = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.bench.settings", "LOG_LEVEL": "CRITICAL"}
DAYS, SHOWN, KPIS, TURNS = 3 * 365, 90, 20, 120
LAST = date(2026, 11, 22)
#: Dashboards that are looked at again and again.
BOARDS = 20
AIMS = {
    "a board's 20 × 90 days": "≥ 0.9",
    "the same through the portal's own reading": "≥ 0.9",
    "latest of 900 series": "≥ 0.9",
    "a day of 900 series": "",
}

POINTS = """
INSERT INTO kpis_point (series_id, day, value, provenance, final, reason)
SELECT series.id, told.day, nullif(1000 + (series.id * 7919 + told.number * 31) %% 9000, 1313), 'measured', true, ''
FROM generate_series(%s::date, %s::date, '1 day') WITH ORDINALITY AS told (day, number)
CROSS JOIN kpis_metricseries AS series ORDER BY told.number, series.id
"""


def run() -> list[dict]:
    """The rows of the bench; none, and a line that says so, where there is no PostgreSQL."""
    if not os.environ.get("DATABASE_URL", "").startswith(("postgres", "psql")):
        print("storage: not run, DATABASE_URL names no PostgreSQL")
        return []
    small, large = os.environ.get("BENCH_POINTS", "1000000,20000000").split(",")
    try:
        sizes = {size: arm("seed", size) for size in (small, large)}
        rows = compare(small, large)
    finally:
        for size in (small, large):
            arm("drop", size)
    heap, index = (sizes[large][name] / sizes[large]["points"] for name in ("heap", "index"))
    print(f"storage: {sizes[large]['points']:,} points, {heap:.0f} bytes each and {index:.0f} in the index")
    return rows


def compare(small: str, large: str) -> list[dict]:
    with asked(large) as many, asked(small) as few:
        return [row(f"{name}, {int(large):,} points", name, in_turns(many, few, name)) for name in AIMS]


def in_turns(many: Callable, few: Callable, name: str) -> list[tuple[float, float]]:
    """Seconds of each turn, with many points and with few."""
    for turn in range(BOARDS):
        many(name, turn), few(name, turn)
    return [(many(name, turn), few(name, turn)) for turn in range(TURNS)]


def row(title: str, name: str, turns: list[tuple[float, float]]) -> dict:
    ratios = sorted(few / many for many, few in turns)
    quarter = len(ratios) // 4
    return {
        "name": f"{title} ({ratios[quarter]:.2f}–{ratios[-quarter - 1]:.2f})",
        "ours": 1 / statistics.median(many for many, _few in turns),
        "floor": 1 / statistics.median(few for _many, few in turns),
        "ratio": statistics.median(ratios),
        "unit": "a second, floor: a million points",
        "aim": AIMS[name],
    }


def arm(name: str, size: str) -> dict:
    done = subprocess.run(command(name), env=environment(name, size), cwd=ROOT, check=True, stdout=PIPE, text=True)
    return json.loads(done.stdout.splitlines()[-1])


@contextmanager
def asked(size: str) -> Iterator[Callable[[str, int], float]]:
    """A process that is told a kind of work and its turn, and says how many seconds it took."""
    process = subprocess.Popen(
        command("answer"), env=environment("answer", size), cwd=ROOT, stdin=PIPE, stdout=PIPE, text=True
    )

    def ask(name: str, turn: int) -> float:
        print(json.dumps([name, turn]), file=process.stdin, flush=True)
        return json.loads(process.stdout.readline())

    try:
        yield ask
    finally:
        process.stdin.close()
        process.wait(30)


def command(name: str) -> list[str]:
    return [sys.executable, "-m", "tests.bench.storage", name]


def environment(name: str, size: str) -> dict[str, str]:
    return {**ENVIRONMENT, "BENCH_SIZE": size, "BENCH_SERVES": "" if name == "seed" else "1"}


# --- The arms, each in a process of its own -------------------------------------------------------------------------


def seed() -> dict:
    """A portal that has pulled every day for three years; what it takes on the disk."""
    from django.db import connection

    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    make_sources(int(os.environ["BENCH_SIZE"]) // DAYS)
    lay_out_months(LAST - timedelta(days=DAYS - 1))
    with connection.cursor() as cursor:
        fill(cursor)
        cursor.execute("VACUUM (ANALYZE)")
        cursor.execute(
            "SELECT count(*), sum(pg_table_size(inhrelid)), sum(pg_indexes_size(inhrelid)) "
            "FROM pg_inherits WHERE inhparent = 'kpis_point'::regclass"
        )
        _tables, heap, index = map(int, cursor.fetchone())
        cursor.execute("SELECT count(*) FROM kpis_point")
        points = cursor.fetchone()[0]
    return {"points": points, "heap": heap, "index": index}


def make_sources(series: int) -> None:
    from kpis.metrics import METRICS
    from kpis.models import MetricSeries, Source
    from tests.builders import make_cast, make_source

    first = make_source(make_cast())
    fields = {"project": first.project, "platform": "vk", "timezone": "UTC", "connected_by": first.connected_by}
    names = (f"page-{number}" for number in range(series // KPIS + 1))
    sources = Source.objects.bulk_create(Source(**fields, external_id=name, title=name) for name in names)
    keys = [(source, metric) for source in sources for metric in list(METRICS)[:KPIS]][:series]
    MetricSeries.objects.bulk_create(
        MetricSeries(source=source, metric=metric, latest_value=1, latest_on=LAST) for source, metric in keys
    )


def lay_out_months(first: date) -> None:
    """The months as they are where the portal began on this day."""
    from kpis import partitions

    partitions.run(*(f"DROP TABLE {name}" for name in partitions.tables()))
    partitions.make_beginning(first)
    for month in partitions.months(first, DAYS // 30):
        partitions.make_room(month)


def fill(cursor) -> None:
    """Month by month, in the order in which days come in."""
    from kpis.partitions import months, shift

    first = LAST - timedelta(days=DAYS - 1)
    for month in months(first, DAYS // 28):
        begins, ends = max(first, month), min(LAST, shift(month, 1) - timedelta(days=1))
        cursor.execute(POINTS, [begins, ends])


def answer() -> None:
    """Do what standard input names, and say how many seconds it took."""
    works = dict(zip(AIMS, make_works(), strict=True))
    for line in sys.stdin:
        name, turn = json.loads(line)
        began = time.perf_counter()
        works[name](turn)
        print(time.perf_counter() - began, flush=True)


def make_works() -> list[Callable[[int], None]]:
    from kpis.models import MetricSeries

    luck = random.Random(7)
    sources = sorted(MetricSeries.objects.values_list("source", flat=True).distinct())[:-1]
    boards = [list(MetricSeries.objects.filter(source=one).values_list("pk", flat=True)) for one in spread(sources)]
    series = luck.sample(sorted(MetricSeries.objects.values_list("pk", flat=True)), 900)
    return [
        lambda turn: read_rows(boards[turn % BOARDS]),
        lambda turn: read_days(boards[turn % BOARDS]),
        lambda _turn: read_latest(sources),
        lambda turn: write_day(series, turn),
    ]


def spread(sources: list[int]) -> list[int]:
    return [sources[place * len(sources) // BOARDS] for place in range(BOARDS)]


def read_rows(board: list[int]) -> None:
    """Only the database's part: the statement and its rows."""
    from django.db import connection

    from kpis.queries.lines import rows_of

    with connection.cursor() as cursor:
        cursor.execute(*rows_of(board, LAST - timedelta(days=SHOWN - 1), LAST).query.sql_with_params())
        assert len(cursor.fetchall()) == KPIS * SHOWN


def read_days(board: list[int]) -> None:
    from kpis.queries.lines import stored_days

    stored_days(board, LAST - timedelta(days=SHOWN - 1), LAST)


def read_latest(sources: list[int]) -> None:
    from kpis.models import MetricSeries

    rows = MetricSeries.objects.filter(source__in=sources[: 900 // KPIS]).order_by()
    list(rows.values_list("source", "metric", "latest_value", "latest_on"))


def write_day(series: list[int], turn: int) -> None:
    """The same day again and again, each time with other numbers."""
    from django.db import transaction

    from kpis.bulk import write_many
    from kpis.models import Source
    from kpis.told import Cell, Told

    told = Told(Source(pk=0), [Cell(str(number), LAST, Decimal(turn)) for number in series])
    with transaction.atomic():
        write_many([told], {(0, str(number)): number for number in series})


def drop() -> dict:
    from django.db import connection

    name = connection.settings_dict["NAME"]
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
    return {}


if __name__ == "__main__":
    import django

    django.setup()
    if sys.argv[1] == "answer":
        answer()
    else:
        print(json.dumps({"seed": seed, "drop": drop}[sys.argv[1]]()))
