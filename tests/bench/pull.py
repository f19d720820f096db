"""Sources pulled a second, as a ratio to the bare way: asyncio and aiohttp fetch, one statement a batch stores.

Both ask a stand-in that answers in 50 ms (in a process of its own) and leave the same number of rows: the answer, the
point, the series' latest value, the source's next moment. Ours also claims, keeps the platform's limits (one token a
source), chains hashes, holds the rule of what replaces what. Each arm runs in a process of its own, in turns.

The floor is one process: on two cores the stand-in and PostgreSQL have the other. Ours by two processes shares both
cores with them. On a machine that does something else besides, look at the processor's time a source, which is that of
our processes and of their PostgreSQL backends.

    python -m tests.bench.pull floor 1000      one arm by itself
"""

import asyncio
import json
import os
import resource
import statistics
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ENVIRONMENT = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.bench.settings", "LOG_LEVEL": "CRITICAL"}
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "5"))
AIM = "≥ 0.7, < 200 MB"
ANSWERS_IN = 0.05
HANG = 30.0
#: How long each backend of PostgreSQL has worked for this process.
BACKENDS: dict[int, float] = {}


def run() -> list[dict]:
    """The rows of the bench; none, and a line that says so, where there is no PostgreSQL."""
    if not os.environ.get("DATABASE_URL", "").startswith(("postgres", "psql")):
        print("pull: not run, DATABASE_URL names no PostgreSQL")
        return []
    sizes = [int(size) for size in os.environ.get("BENCH_SOURCES", "1000,20000").split(",")]
    with stand_in() as address:
        ways = {"by one process": "ours", "by two": "pair"}
        rows = [compare(name, how, size, address) for size in sizes for name, how in ways.items()]
        return [*rows, with_trouble(sizes[-1], address)]


def compare(name: str, how: str, size: int, address: str) -> dict:
    arm("seed", size, address)
    arm(how, size, address)
    rounds = [(arm(how, size, address), arm("floor", size, address)) for _round in range(ROUNDS)]
    ratios = sorted(ours["rate"] / floor["rate"] for ours, floor in rounds)
    memory = max(ours["megabytes"] for ours, _floor in rounds)
    spent = {
        who: f"{statistics.median(arm['microseconds'] for arm in arms):.0f}"
        f" + {statistics.median(arm['database'] for arm in arms):.0f} µs"
        for who, arms in (("ours", [ours for ours, _floor in rounds]), ("floor", [floor for _ours, floor in rounds]))
    }
    print(f"pull: {size:,} {name}: processor and PostgreSQL a source {spent['ours']}, the floor {spent['floor']}")
    return {
        "name": f"{size:,} sources pulled {name}, {memory:.0f} MB ({ratios[0]:.2f}–{ratios[-1]:.2f})",
        "ours": statistics.median(ours["rate"] for ours, _floor in rounds),
        "floor": statistics.median(floor["rate"] for _ours, floor in rounds),
        "ratio": statistics.median(ratios),
        "unit": "sources/s",
        "aim": AIM,
    }


def with_trouble(size: int, address: str) -> dict:
    """The healthy ones among 5 % of 429s and 1 % of hangs: how soon the last of them is stored, against the same
    sources when all are healthy."""
    rounds = []
    for _round in range(3):
        arm("seed", size, address, "trouble")
        trouble = arm("ours", size, address)
        arm("seed", size, address)
        rounds.append((trouble, arm("ours", size, address)))
    ratios = sorted(calm["until"] / trouble["until"] for trouble, calm in rounds)
    return {
        "name": f"{size:,} with 5 % of 429s and 1 % of hangs ({ratios[0]:.2f}–{ratios[-1]:.2f})",
        "ours": statistics.median(trouble["healthy"] for trouble, _calm in rounds),
        "floor": statistics.median(calm["healthy"] for _trouble, calm in rounds),
        "ratio": statistics.median(ratios),
        "unit": "healthy sources/s",
        "aim": "≥ 0.95 as soon",
    }


def arm(name: str, size: int, address: str, *more: str) -> dict:
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.pull", name, str(size), address, *more],
        env={**ENVIRONMENT, "TELEGRAM_API_URL": address},
        cwd=ROOT,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return json.loads(done.stdout.splitlines()[-1])


# --- The stand-in ---------------------------------------------------------------------------------------------------


@contextmanager
def stand_in():
    server = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.pull", "stand-in"], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    try:
        yield server.stdout.readline().strip()
    finally:
        server.terminate()
        server.wait(10)


class StandIn(asyncio.Protocol):
    """As little of an HTTP server as will do: it reads the path and answers in 50 ms."""

    number = 10_000

    def connection_made(self, transport) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        path = data.split(b" ", 2)[1]
        if b"-hang-" in path:
            return
        status, body = b"200 OK", b'{"ok":true,"result":%d}' % StandIn.number
        StandIn.number += 1
        if b"-slow-" in path:
            status = b"429 Too Many Requests"
            body = b'{"ok":false,"error_code":429,"description":"Too Many Requests","parameters":{"retry_after":900}}'
        head = b"HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % (status, len(body))
        asyncio.get_running_loop().call_later(ANSWERS_IN, self.transport.write, head + body)


async def serve() -> None:
    server = await asyncio.get_running_loop().create_server(StandIn, "127.0.0.1", 0, backlog=2048)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    await server.serve_forever()


# --- The arms, each in a process of its own -------------------------------------------------------------------------


def seed(size: int, trouble: bool) -> dict:
    """A fresh database with so many channels, each with a bot of its own."""
    from django.core.management import call_command
    from django.db import connection

    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    forget_limits()
    call_command("createcachetable", verbosity=0)
    from kpis.models import PlatformLogin, Source
    from tests.builders import make_cast

    cast = make_cast()
    logins = PlatformLogin.objects.bulk_create(
        PlatformLogin(
            organisation=cast.agency,
            platform="telegram",
            granted_by=cast.manager,
            token_kind="bot",
            credentials={"token": f"1{number:07}:{mood(number, trouble)}bench"},
        )
        for number in range(size)
    )
    due = datetime.now(UTC) - timedelta(hours=1)
    Source.objects.bulk_create(
        Source(
            project=cast.project,
            platform="telegram",
            external_id=f"@channel_{number}",
            title=f"Channel {number}",
            timezone="Europe/Moscow",
            login=login,
            connected_by=cast.specialist,
            next_pull_at=due,
        )
        for number, login in enumerate(logins)
    )
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bare_answer (id bigserial PRIMARY KEY, source bigint, body text)")
        cursor.execute("CREATE TABLE bare_point (series bigint, day date, value numeric, PRIMARY KEY (series, day))")
        cursor.execute("CREATE TABLE bare_series (id bigint PRIMARY KEY, latest numeric)")
        cursor.execute("CREATE TABLE bare_source (id bigint PRIMARY KEY, next_at timestamptz)")
        for table in ("bare_series", "bare_source"):
            cursor.execute(f"INSERT INTO {table} (id) SELECT id FROM kpis_source")
        cursor.execute("ANALYZE")
    return {}


def forget_limits() -> None:
    """The tokens are the same in every arm: who was told to wait in one must not wait in the next."""
    from django.conf import settings
    from redis import Redis

    if settings.REDIS_URL:
        client = Redis.from_url(settings.REDIS_URL)
        for keys in batched(client.scan_iter("limits:telegram:*", count=5000), 5000):
            client.delete(*keys)


def batched(items, size: int):
    while lot := list(islice(items, size)):
        yield lot


def mood(number: int, trouble: bool) -> str:
    if not trouble or number % 100 > 5:
        return ""
    return "-hang-" if number % 100 == 0 else "-slow-"


def make_due() -> None:
    from django.db import connection

    from kpis.models import Source

    Source.objects.update(next_pull_at=datetime.now(UTC) - timedelta(hours=1), claimed_at=None)
    connection.close()  # what follows has a backend of its own, whose work is counted


def ours(size: int) -> dict:
    from kpis import pulling

    make_due()
    finished: list[float] = []
    settle = pulling.Round.write

    async def timed(self, write):
        changed = await settle(self, write)
        if write.fields.get("error_kind") == "":
            finished.append(time.perf_counter())
        return changed

    pulling.Round.write = timed
    began, spent = time.perf_counter(), time.process_time()
    counts = pulling.pull_due(seconds=600)
    took, spent = time.perf_counter() - began, time.process_time() - spent
    assert len(finished) == counts["ok"] == size - sum(map(counts.__getitem__, ("transient", "rate_limited"))), counts
    return {
        "rate": size / took,
        "healthy": len(finished) / (max(finished) - began),
        "until": max(finished) - began,
        "megabytes": peak(),
        **costs(spent, note_backend(), size),
        "counts": dict(counts),
    }


def pair(size: int) -> dict:
    """Two processes out of one, as a worker's pool makes them."""
    from kpis import pulling

    make_due()
    began, pipe = time.perf_counter(), os.pipe()
    child = os.fork()
    spent = time.process_time()
    counted = sum(pulling.pull_due(seconds=600).values())
    mine = [counted, time.process_time() - spent, note_backend(), own_memory()]
    if not child:
        os.write(pipe[1], json.dumps(mine).encode())
        os._exit(0)
    theirs = json.loads(os.read(pipe[0], 1000))
    os.waitpid(child, 0)
    took = time.perf_counter() - began
    both, processor, database, memory = map(sum, zip(mine, theirs, strict=True))
    assert both == size, (mine, theirs)
    return {"rate": size / took, "megabytes": memory, "share": counted / size, **costs(processor, database, size)}


def note_backend() -> float:
    """For how many seconds PostgreSQL has worked for this thread's connection, when it is on this machine."""
    from django.db import connection

    pid = connection.connection.info.backend_pid
    with suppress(OSError):
        BACKENDS[pid] = int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e9
    return BACKENDS.get(pid, 0.0)


def costs(processor: float, database: float, size: int) -> dict:
    return {"microseconds": processor / size * 1e6, "database": database / size * 1e6}


def own_memory() -> float:
    """What this process holds, what it shares with the other counted by half."""
    lines = Path("/proc/self/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("Pss:"))


def floor(size: int, address: str) -> dict:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM bare_source ORDER BY id")
        ids = [row[0] for row in cursor.fetchall()]
    began, spent = time.perf_counter(), time.process_time()
    asyncio.run(bare(ids, address))
    took, spent = time.perf_counter() - began, time.process_time() - spent
    return {"rate": size / took, "megabytes": peak(), **costs(spent, sum(BACKENDS.values()), size)}


async def bare(ids: list[int], address: str) -> None:
    import aiohttp

    places, gathered, storing = asyncio.Semaphore(500), [], set()
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:

        async def fetch(number: int) -> None:
            async with places, session.get(f"{address}/bot{number}:bench/getChatMemberCount?chat_id=@c") as answer:
                body = await answer.text()
            gathered.append((number, body, json.loads(body)["result"]))
            if len(gathered) >= 500:
                lot, gathered[:] = gathered[:], []
                storing.add(asyncio.ensure_future(asyncio.to_thread(keep, lot)))

        await asyncio.gather(*map(fetch, ids))
        await asyncio.gather(*storing, asyncio.to_thread(keep, gathered))


def keep(lot: list[tuple[int, str, int]]) -> None:
    from django.db import connection, transaction

    if not lot:
        return
    ids, bodies, values = (list(column) for column in zip(*sorted(lot), strict=True))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO bare_answer (source, body) SELECT * FROM unnest(%s::bigint[], %s::text[])", [ids, bodies]
        )
        told = "unnest(%s::bigint[], %s::numeric[]) AS told (id, value)"
        cursor.execute(
            f"INSERT INTO bare_point (series, day, value) SELECT id, current_date, value FROM {told} "
            "ON CONFLICT (series, day) DO UPDATE SET value = excluded.value",
            [ids, values],
        )
        cursor.execute(f"UPDATE bare_series s SET latest = value FROM {told} WHERE s.id = told.id", [ids, values])
        cursor.execute("UPDATE bare_source SET next_at = now() WHERE id = ANY(%s)", [ids])
    note_backend()


def peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main(name: str, *args: str) -> None:
    if name == "stand-in":
        asyncio.run(serve())
        return
    os.environ["BENCH_SERVES"] = "" if name == "seed" else "1"
    import django

    django.setup()
    from django.conf import settings

    settings.PLATFORM_LIMITS = True
    size = int(args[0])
    arms = {
        "seed": lambda: seed(size, "trouble" in args),
        "ours": lambda: ours(size),
        "pair": lambda: pair(size),
        "floor": lambda: floor(size, args[1]),
    }
    print(json.dumps(arms[name]()))


if __name__ == "__main__":
    main(*sys.argv[1:])
