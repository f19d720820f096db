"""The project dashboard behind gunicorn with two sync workers: 20 KPIs, three years of daily points each.

Each figure is the median of the rounds' ratios to a floor that is measured in turns in the same server, by requests a
second and, because a machine may be busy with other things, by the workers' own processor time for a request.
"""

import json
import os
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from tests.bench.load import requests_a_second

ROOT = Path(__file__).resolve().parents[2]
KPIS, DAYS = 20, 365 * int(os.environ.get("BENCH_YEARS", "3"))
ROUNDS, SECONDS = int(os.environ.get("BENCH_ROUNDS", "5")), 3
ENVIRONMENT = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.bench.settings"}


def run() -> list[dict]:
    seeded = json.loads(python("tests.bench.board", "seed").splitlines()[-1])
    port = free_port()
    server = start_server(port)
    try:
        return measure(f"http://127.0.0.1:{port}", seeded, server.pid)
    finally:
        server.terminate()
        server.wait(60)


def python(*module: str) -> str:
    return subprocess.run(
        [sys.executable, "-m", *module], env=ENVIRONMENT, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True
    ).stdout


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def start_server(port: int) -> subprocess.Popen:
    command = ["-m", "gunicorn", "--workers=2", f"--bind=127.0.0.1:{port}", "--no-control-socket", "--log-level=error"]
    server = subprocess.Popen(
        [sys.executable, *command, "smmportal.wsgi"], env={**ENVIRONMENT, "BENCH_SERVES": "1"}, cwd=ROOT
    )
    for _try in range(100):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=1)
            return server
        except OSError:
            time.sleep(0.2)
    raise RuntimeError("gunicorn did not start")


def measure(base: str, seeded: dict, server: int) -> list[dict]:
    cookie = {"Cookie": f"sessionid={seeded['session']}"}
    project = seeded["project"]
    board, data = f"{base}/projects/{project}/board/", f"{base}/api/v1/projects/{project}/board/"
    packed, page = f"{base}/floor/packed/{project}/{seeded['month']}/", f"{base}/floor/page/{project}/"
    etag, _size = fetch(data, cookie)
    _etag, size = fetch(board, cookie)
    not_new = {**cookie, "If-None-Match": etag}
    works = {
        f"dashboard page, {KPIS} KPIs ({size / 1000:.1f} KB, < 60)": (board, cookie, page, "≥ 0.5 of a bare template"),
        f"dashboard data, {KPIS} × 90 days as JSON": (data, cookie, packed, "≥ 0.7 of packed by hand"),
        "unchanged dashboard data, 304": (data, not_new, f"{base}/floor/", "≥ 0.5 of a bare view, one query"),
    }
    rounds: dict[str, list] = {name: [] for name in works}
    for _round in range(ROUNDS):
        for name, (url, headers, floor, _aim) in works.items():
            pair = (timed(url, headers, server), timed(floor, {}, server))
            rounds[name].append(pair)
    return [line for name, work in works.items() for line in rows(name, rounds[name], work[-1])]


def timed(url: str, headers: dict, server: int) -> tuple[float, float]:
    """Requests a second of the clock, and of the workers' processor time."""
    before = cpu_of(server)
    speed = requests_a_second(url, headers, seconds=SECONDS)
    spent = cpu_of(server) - before
    return speed, speed * SECONDS / spent if spent else 0.0


def cpu_of(server: int) -> float:
    """Seconds of processor time that the server's workers have used so far; 0 where the system does not tell."""
    children = Path(f"/proc/{server}/task/{server}/children")
    if not children.exists():
        return 0.0
    stats = [Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split() for pid in children.read_text().split()]
    return sum(int(stat[11]) + int(stat[12]) for stat in stats) / os.sysconf("SC_CLK_TCK")


def rows(name: str, rounds: list, aim: str) -> list[dict]:
    clock = [(ours[0], floor[0]) for ours, floor in rounds]
    spent = [(ours[1], floor[1]) for ours, floor in rounds if ours[1] and floor[1]]
    by_clock = row(name, clock, aim, "requests a second")
    return (
        [by_clock, row(f"  … by processor time ({1000 / median_of(spent):.2f} ms)", spent, "", "")]
        if spent
        else [by_clock]
    )


def median_of(figures: list[tuple[float, float]]) -> float:
    return statistics.median(ours for ours, _floor in figures)


def row(name: str, figures: list[tuple[float, float]], aim: str, unit: str) -> dict:
    ratios = sorted(ours / floor for ours, floor in figures)
    return {
        "name": name,
        "ours": median_of(figures),
        "floor": statistics.median(floor for _ours, floor in figures),
        "ratio": statistics.median(ratios),
        "unit": unit or "requests a second of processor time",
        "aim": f"{aim} ({ratios[0]:.2f}–{ratios[-1]:.2f} in {len(ratios)} rounds)".strip(),
    }


def fetch(url: str, headers: dict) -> tuple[str, int]:
    with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=30) as answer:
        return answer.headers.get("ETag", ""), len(answer.read())


# --- In a process of its own: the rows ------------------------------------------------------------------------------


def seed() -> dict:
    """Twenty KPIs with three years of days each, and the manager logged in."""
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection

    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    call_command("createcachetable", verbosity=0)
    from tests.builders import make_cast

    cast = make_cast()
    make_board(cast)
    made = {"project": cast.project.pk, "session": log_in(cast.manager), "month": pack(cast)}
    connection.close()
    assert connection.settings_dict["NAME"] == settings.BENCH_NAME
    return made


def make_board(cast) -> None:
    import random
    from datetime import timedelta

    from django.db import connection

    from kpis.queries.standings import today_of
    from tests.builders import make_kpi, make_points, make_series, make_source

    luck, today = random.Random(7), today_of(cast.project)
    for _number in range(KPIS):
        source = make_source(cast)
        series = make_series(cast, source=source)
        values, value = [], 10_000
        for _day in range(DAYS):
            value += luck.randint(-5, 15)
            values.append(None if luck.random() < 0.01 else value)
        make_points(series, values, last=today - timedelta(days=1))
        term = {"starts_on": today - timedelta(days=60), "due_on": today + timedelta(days=60)}
        make_kpi(cast, source=source, baseline=value - 500, target=value + 800, **term)
    foretell()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def foretell() -> None:
    """As the timetable does: every forecast is worked out ahead."""
    from kpis.actions.forecasts import foresee_all

    foresee_all()


def pack(cast) -> str:
    """The same points by month, as text that is JSON already; answers the first month of the last ninety days."""
    from datetime import timedelta
    from itertools import groupby

    from django.db import connection

    from kpis.models import Point
    from kpis.queries.standings import today_of

    points = Point.objects.filter(series__source__project=cast.project).order_by("series", "day")
    months = groupby(points.values_list("series", "day", "value"), key=lambda point: (point[0], f"{point[1]:%Y-%m}"))
    rows = [
        (
            cast.project.pk,
            series,
            month,
            ",".join("null" if value is None else f'"{value.normalize():f}"' for *_, value in days),
        )
        for (series, month), days in months
    ]
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bench_packed")
        cursor.execute("CREATE TABLE bench_packed (project bigint, series bigint, month varchar(7), days text)")
        cursor.executemany("INSERT INTO bench_packed VALUES (%s, %s, %s, %s)", rows)
        cursor.execute("CREATE INDEX bench_packed_by_month ON bench_packed (project, month)")
    return f"{today_of(cast.project) - timedelta(days=89):%Y-%m}"


def as_json(value) -> str:
    return "null" if value is None else f'"{value.normalize():f}"'


def log_in(person) -> str:
    from django.test import Client

    client = Client()
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client.cookies["sessionid"].value


if __name__ == "__main__" and sys.argv[1:] == ["seed"]:
    print(json.dumps(seed()))
