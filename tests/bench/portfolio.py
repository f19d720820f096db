"""The manager's portfolio: forty projects with twenty KPIs each, one, three and ten years of days behind them.

Three databases in which only the length of the history differs (points and the waterline by the day, meetings by the
week), and a process for each that asks the portal without a server between. They are asked in turns, with a bare page
of the same frame in every turn; a ratio is the middle of the turns'. Runs on PostgreSQL and on SQLite.

    BENCH_SIZE=10 python -m tests.bench.portfolio seed      one database by itself
"""

import json
import os
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from subprocess import PIPE

ROOT = Path(__file__).resolve().parents[2]
ENVIRONMENT = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.bench.settings", "LOG_LEVEL": "CRITICAL"}
PROJECTS, KPIS, TURNS = 40, 20, 9
SHORT, USUAL, LONG = "1", "3", "10"
WORKS = {"page": "/portfolio/", "API": "/api/v1/portfolio/", "floor": "/floor/page/"}


def run() -> list[dict]:
    try:
        for years in (SHORT, USUAL, LONG):
            arm("seed", years)
        with ExitStack() as open_ones:
            portals = {years: open_ones.enter_context(asked(years)) for years in (SHORT, USUAL, LONG)}
            return compare(portals)
    finally:
        for years in (SHORT, USUAL, LONG):
            arm("drop", years)


def compare(portals: dict[str, Callable]) -> list[dict]:
    facts = {work: portals[USUAL](work)[1] for work in WORKS}
    turns = [
        {(years, work): ask(work)[0] for years, ask in portals.items() for work in WORKS} for _turn in range(TURNS)
    ]
    rows = []
    for work in ("page", "API"):
        size = f"{facts[work]['queries']} queries, {facts[work]['bytes'] / 1000:.0f} KB"
        title = f"portfolio {work}, {PROJECTS} × {KPIS} × {USUAL} years ({size})"
        rows.append(row(title, turns, (USUAL, work), (USUAL, "floor"), "floor: a bare page of the same frame"))
        title = f"portfolio {work}, {LONG} years of history against {SHORT}"
        rows.append(row(title, turns, (LONG, work), (SHORT, work), "floor: one year"))
    return rows


def row(title: str, turns: list[dict], ours: tuple, floor: tuple, unit: str) -> dict:
    """Times a second; the ratio is the floor's time against ours, so that one is as good as the floor."""
    ratios = sorted(turn[floor] / turn[ours] for turn in turns)
    quarter = len(ratios) // 4
    middle = {key: statistics.median(turn[key] for turn in turns) for key in (ours, floor)}
    return {
        "name": title,
        "ours": 1 / middle[ours],
        "floor": 1 / middle[floor],
        "ratio": statistics.median(ratios),
        "unit": f"a second, {unit}",
        "aim": f"{'≥ 0.9' if floor[0] == SHORT else f'{middle[ours] * 1000:.0f} ms'}"
        f" ({ratios[quarter]:.3f}–{ratios[-quarter - 1]:.3f})",
    }


def arm(name: str, years: str) -> None:
    subprocess.run(command(name), env=environment(name, years), cwd=ROOT, check=True, stdout=sys.stderr)


@contextmanager
def asked(years: str) -> Iterator[Callable[[str], tuple[float, dict]]]:
    """A process that is told a kind of work, and says how many seconds it took, how many queries and bytes."""
    process = subprocess.Popen(
        command("answer"), env=environment("answer", years), cwd=ROOT, stdin=PIPE, stdout=PIPE, text=True
    )

    def ask(work: str) -> tuple[float, dict]:
        print(work, file=process.stdin, flush=True)
        seconds, facts = json.loads(process.stdout.readline())
        return seconds, facts

    try:
        yield ask
    finally:
        process.stdin.close()
        process.wait(30)


def command(name: str) -> list[str]:
    return [sys.executable, "-m", "tests.bench.portfolio", name]


def environment(name: str, years: str) -> dict[str, str]:
    return {**ENVIRONMENT, "BENCH_SIZE": years, "BENCH_SERVES": "" if name == "seed" else "1"}


# --- The arms, each in a process of its own -------------------------------------------------------------------------


def seed() -> None:
    from django.core.management import call_command
    from django.db import connection

    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    call_command("createcachetable", verbosity=0)
    from tests.builders import make_cast

    cast = make_cast()
    cast.project.delete()
    make_projects(cast, random.Random(7))
    make_history(int(os.environ["BENCH_SIZE"]) * 365)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")
        cursor.execute("ANALYZE")


def make_projects(cast, luck: random.Random) -> None:
    from projects.models import Project
    from smmportal.people.models import Organisation, Side
    from tests.builders import make_rhythm, make_task

    for number in range(PROJECTS):
        client = Organisation.objects.create(name=f"Client {number}", kind=Side.CLIENT, agency=cast.agency)
        fields = {"agency": cast.agency, "client": client, "created_by": cast.manager}
        cast.project = Project.objects.create(name=f"Project {number:02}", **fields)
        cast.project.team.set([cast.manager, cast.specialist])
        cast.made.clear()
        make_rhythm(cast)
        make_kpis(cast, luck)
        for task in range(5):
            make_task(cast, title=f"Task {task}", assignee=None)


def make_kpis(cast, luck: random.Random) -> None:
    from kpis.metrics import METRICS
    from kpis.models import Agreement, Forecast, MetricSeries, Source
    from kpis.queries.standings import today_of
    from tests.builders import make_agreement, make_alert, make_dip, make_kpi, make_source

    today, agreement = today_of(cast.project), make_agreement(cast)
    Agreement.objects.filter(pk=agreement.pk).update(in_force_at=agreement.prepared_at)
    term = {"starts_on": today - timedelta(days=60), "due_on": today + timedelta(days=60), "signed_in": agreement}
    for number in range(KPIS):
        source = make_source(cast) if number % 5 == 0 else cast.project.sources.latest("pk")
        metric = list(METRICS)[number]
        value, seen = 10_000, {"latest_on": today - timedelta(days=1), "final_through": today - timedelta(days=1)}
        now = value + luck.randint(-300, 900)
        MetricSeries.objects.create(source=source, metric=metric, latest_value=now, **seen)
        kpi = make_kpi(cast, source=source, metric=metric, baseline=value, target=value + 1000, **term)
        Forecast.objects.create(kpi=kpi, rests_on="-", chance=luck.random())
        if luck.random() < 0.1:
            make_dip(cast, kpi=kpi)
            make_alert(cast, subject=f"kpi:{kpi.pk}", kpi=kpi)
    Source.objects.filter(project=cast.project).update(error_kind="reauthorise" if luck.random() < 0.1 else "")


def make_history(days: int) -> None:
    """Points and readings by the day, meetings with their minutes by the week: rows that nobody of the portfolio asks
    for."""
    from django.db import connection
    from django.utils import timezone

    today, now = timezone.localdate() - timedelta(days=1), timezone.now() - timedelta(days=3)
    day, week = BACK[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(POINTS.format(day=day), [days - 1, today])
        cursor.execute(READINGS.format(day=day), [days - 1, today, now])
        cursor.execute(MEETINGS.format(starts=week, ends=week), [days // 7, now, now + timedelta(hours=1), now])
        cursor.execute(MINUTES, [now, now])


#: So many days, and so many weeks, before a moment.
BACK = {
    "postgresql": ("%s::date - told.number::int", "%s::timestamptz - told.number * interval '7 days'"),
    "sqlite": ("date(%s, '-' || told.number || ' days')", "datetime(%s, '-' || (told.number * 7) || ' days')"),
}
NUMBERS = "WITH RECURSIVE told (number) AS (SELECT 0 UNION ALL SELECT number + 1 FROM told WHERE number < %s) "
POINTS = (
    "INSERT INTO kpis_point (series_id, day, value, provenance, final, reason) "
    + NUMBERS
    + "SELECT series.id, {day}, 9000 + (series.id * 7919 + told.number * 31) %% 2000, 'measured', true, '' "
    "FROM told CROSS JOIN kpis_metricseries AS series"
)
READINGS = (
    "INSERT INTO waterline_reading (project_id, day, score, clarity, kpis, rhythm, unknown, level, losses, made_at) "
    + NUMBERS
    + "SELECT project.id, {day}, 50 + (project.id * 17 + told.number) %% 40, 20, 20, 20, 0, 'afloat', '[]', %s "
    "FROM told CROSS JOIN projects_project AS project"
)
MEETINGS = (
    "INSERT INTO meetings_meeting (project_id, title, starts_at, ends_at, place, booked_by_id, booked_side, booked_at, "
    "cancel_reason) "
    + NUMBERS
    + "SELECT project.id, 'Weekly call', {starts}, {ends}, '', project.created_by_id, 'agency', %s, '' "
    "FROM told CROSS JOIN projects_project AS project"
)
MINUTES = (
    "INSERT INTO meetings_minutes (meeting_id, text, revision, written_by_id, written_at, published_at, "
    "published_by_id) "
    "SELECT meeting.id, 'We met.', 1, meeting.booked_by_id, %s, %s, meeting.booked_by_id "
    "FROM meetings_meeting AS meeting"
)


def answer() -> None:
    """Ask the portal for what each line of the input names."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from smmportal.people.models import User

    client = Client()
    client.force_login(User.objects.get(name="Maxim"), "allauth.account.auth_backends.AuthenticationBackend")
    for address in WORKS.values():
        client.get(address), client.get(address)
    for line in sys.stdin:
        began = time.perf_counter()
        told = client.get(WORKS[line.strip()])
        seconds = time.perf_counter() - began
        assert told.status_code == 200, told.content[:500]
        with CaptureQueriesContext(connection) as queries:
            client.get(WORKS[line.strip()])
        print(json.dumps([seconds, {"queries": len(queries), "bytes": len(told.content)}]), flush=True)


def drop() -> None:
    from django.db import connection

    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        return Path(name).unlink(missing_ok=True)
    with connection._nodb_cursor() as cursor:
        return cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')


if __name__ == "__main__":
    import django

    django.setup()
    {"seed": seed, "answer": answer, "drop": drop}[sys.argv[1]]()
