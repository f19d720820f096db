"""The project dashboard behind gunicorn with two sync workers: 20 KPIs, three years of daily points each.

Each figure is the median of the rounds' ratios to a bare view with one query, measured in turns in the same server.
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
KPIS, DAYS, ROUNDS, SECONDS = 20, 3 * 365, 5, 3
ENVIRONMENT = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.bench.settings"}


def run() -> list[dict]:
    seeded = json.loads(python("tests.bench.board", "seed").splitlines()[-1])
    port = free_port()
    server = start_server(port)
    try:
        return measure(f"http://127.0.0.1:{port}", seeded)
    finally:
        server.terminate()
        server.wait(10)


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


def measure(base: str, seeded: dict) -> list[dict]:
    cookie = {"Cookie": f"sessionid={seeded['session']}"}
    board, data = f"{base}/projects/{seeded['project']}/board/", f"{base}/api/v1/projects/{seeded['project']}/board/"
    etag, _size = fetch(data, cookie)
    _etag, page_size = fetch(board, cookie)
    works = {
        f"dashboard page, {KPIS} KPIs ({page_size / 1000:.0f} KB)": (board, cookie, "≥ 0.5 of a bare template page"),
        f"dashboard data, {KPIS} × 90 days as JSON": (data, cookie, ""),
        "unchanged dashboard data, 304": (data, {**cookie, "If-None-Match": etag}, "≥ 0.5"),
    }
    rounds = {name: [] for name in works}
    for _round in range(ROUNDS):
        for name, (url, headers, _aim) in works.items():
            floor = requests_a_second(f"{base}/floor/", {}, seconds=SECONDS)
            rounds[name].append((requests_a_second(url, headers, seconds=SECONDS), floor))
    return [row(name, rounds[name], aim) for name, (_url, _headers, aim) in works.items()]


def row(name: str, figures: list[tuple[float, float]], aim: str) -> dict:
    ratios = sorted(ours / floor for ours, floor in figures)
    return {
        "name": name,
        "ours": statistics.median(ours for ours, _floor in figures),
        "floor": statistics.median(floor for _ours, floor in figures),
        "ratio": statistics.median(ratios),
        "unit": "requests a second, floor: a bare view with one query",
        "aim": f"{aim} ({ratios[0]:.2f}–{ratios[-1]:.2f} in {ROUNDS} rounds)".strip(),
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
    made = {"project": cast.project.pk, "session": log_in(cast.manager)}
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
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def log_in(person) -> str:
    from django.test import Client

    client = Client()
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client.cookies["sessionid"].value


if __name__ == "__main__" and sys.argv[1:] == ["seed"]:
    print(json.dumps(seed()))
