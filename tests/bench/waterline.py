"""The gauges of a manager's forty projects of twenty KPIs each, against only telling how those KPIs stand, which is
what their board costs. In a process of its own, on a database of its own."""

import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROJECTS, KPIS, ROUNDS = 40, 20, 7
ENVIRONMENT = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.bench.settings"}


def run() -> list[dict]:
    said = subprocess.run(
        [sys.executable, "-m", "tests.bench.waterline", "measure"],
        env=ENVIRONMENT,
        cwd=ROOT,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    ).stdout
    return json.loads(said.splitlines()[-1])


def measure() -> list[dict]:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    call_command("createcachetable", verbosity=0)
    seed()
    rows = [row_for(1), row_for(PROJECTS)]
    connection.close()
    return rows


def row_for(count: int) -> dict:
    """Projects a second, the gauges and the standings in turns."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from kpis.models import Kpi
    from kpis.queries.standings import for_standing, standings
    from projects.models import Project
    from smmportal.waterline.queries import gauges_of

    found = list(Project.objects.order_by("pk")[:count])
    kpis = Kpi.objects.filter(project__in=found)
    with CaptureQueriesContext(connection) as cold:
        gauges_of(found)
    queries = len(cold)
    rounds = [
        (seconds(lambda: gauges_of(found)), seconds(lambda: standings(for_standing(kpis.all()))))
        for _round in range(ROUNDS)
    ]
    ours, floor = (statistics.median(figures) for figures in zip(*rounds, strict=True))
    return {
        "name": f"waterline: {count} × {KPIS} KPIs, {queries} queries, {ours * 1000:.0f} ms",
        "ours": count / ours,
        "floor": count / floor,
        "ratio": floor / ours,
        "unit": "projects a second, floor: the standings of their KPIs alone",
        "aim": "queries as for one" if count > 1 else "",
    }


def seconds(work) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


# --- The rows -------------------------------------------------------------------------------------------------------


def seed() -> None:
    from django.db import connection

    from projects.models import Project
    from tests.builders import make_cast
    from tests.smmportal.waterline.conftest import make_sound

    cast = make_cast()
    for number in range(PROJECTS):
        if number:
            cast.project = Project.objects.create(
                name=f"Project {number}", agency=cast.agency, client=cast.client, created_by=cast.manager
            )
            cast.made = {}
        make_sound(cast)
        make_busy(cast)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def make_busy(cast) -> None:
    """Nineteen KPIs more, each with a forecast that was worked out ahead, and some things that wait."""
    from copy import copy
    from datetime import timedelta

    from kpis.models import Forecast, Kpi, MetricSeries
    from kpis.queries.outlooks import rests_on
    from tests.builders import make_dip, make_material, make_source, make_task

    first = cast.made[Kpi]
    shape = first.source.series.get(metric=first.metric)
    for number in range(KPIS - 1):
        source = make_source(cast)
        series = copy(shape)
        series.pk, series.source = None, source
        MetricSeries.objects.bulk_create([series])
        kpi = copy(first)
        kpi.pk, kpi.source, kpi.name = None, source, f"Number {number}"
        Kpi.objects.bulk_create([kpi])
        Forecast.objects.create(kpi=kpi, chance=number / KPIS, rests_on=rests_on(kpi, source.series.get()))
    for number in range(10):
        make_task(cast, title=f"Task {number}", due_on=cast.project.today - timedelta(days=number + 1))
        make_material(cast, what=f"Material {number}", due_on=cast.project.today - timedelta(days=number))
    make_dip(cast, kpi=first)


if __name__ == "__main__" and sys.argv[1:] == ["measure"]:
    print(json.dumps(measure()))
