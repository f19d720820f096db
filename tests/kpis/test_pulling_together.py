"""Two workers at one source, a worker killed in the middle, a broker that is away: nothing is lost or doubled."""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from datetime import date

import pytest
from django.conf import settings
from django.db import connection, connections
from django.utils import timezone

from kpis import pulling
from kpis.connectors import connector_for
from kpis.models import Point, Snapshot, Source
from kpis.recording import differences, record_reading, verify_snapshots
from kpis.tasks import pull_due
from kpis.timing import fresh_window
from smmportal.celery import app
from smmportal.http import run
from smmportal.jobs import ring
from tests.builders import make_cast
from tests.kpis.test_pulling import due_source, login_for
from tests.kpis.test_pulling_many import make_project

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def source(sandbox) -> Source:
    return due_source(make_cast(), next_pull_at=timezone.now())


def race(work, runners: int = 4) -> list:
    """Run the same work in several threads that start together; what each returned."""
    gate, results = threading.Barrier(runners), []

    def run():
        try:
            gate.wait()
            results.append(work())
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _number in range(runners)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def claims_of(source: Source, claim) -> int:
    return sum(bool(won) for won in race(lambda: claim(source, timezone.now())))


def claim_without_the_guard(source: Source, now) -> bool:
    """The control arm: look first, write after, the way that breaks."""
    is_due = Source.objects.due(now).filter(pk=source.pk).exists()
    time.sleep(0.2)
    if is_due:
        Source.objects.filter(pk=source.pk).update(next_pull_at=now + Source.CLAIMED_FOR, claimed_at=now)
    return is_due


def test_without_the_guard_the_race_happens(source):
    """If this fails, the test below proves nothing."""
    assert claims_of(source, claim_without_the_guard) > 1


def test_of_many_workers_one_gets_the_claim(source):
    assert claims_of(source, lambda source, now: pulling.claim(now, only=source.pk)) == 1


def test_workers_that_start_together_pull_once(source, sandbox):
    pulled = race(lambda: pulling.pull_source(Source.objects.get(pk=source.pk)))
    assert sum(one is not None for one in pulled) == 1
    asked = [request for request in sandbox.requests if request["path"].endswith("groups.getById")]
    assert (len(asked), Snapshot.objects.count()) == (1, 1)


def test_points_that_two_workers_write_at_once_are_the_same_points(source):
    """Even when a claim has run out and both write, each point is there once and the chain holds."""

    connector, now = connector_for("vk"), timezone.now()
    one = Source.objects.get(pk=source.pk)
    window = fresh_window(one, connector.capabilities, now)
    steps = connector.read(
        credentials={"token": "sandbox-user"},
        account=pulling.account_of(one),
        window=window,
        metrics=connector.capabilities.codes,
        taken_at=now,
    )
    reading = run(steps)

    def pull_regardless():
        return record_reading(one, reading, window=window, metrics=connector.capabilities.codes).changed

    changed = race(pull_regardless)
    assert sorted(changed)[:-1] == [0, 0, 0]
    assert sorted(changed)[-1] == Point.objects.count()
    assert verify_snapshots() == []


def test_a_worker_killed_in_the_middle_loses_and_doubles_nothing(source, sandbox):
    sandbox.misbehave("vk", "slow", after=1)
    worker = start_pull(sandbox)
    wait_until(lambda: len(sandbox.requests) >= 2)
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    source.refresh_from_db()
    assert (source.claimed_at is not None, Point.objects.count(), Snapshot.objects.count()) == (True, 0, 0)
    sandbox.reset()
    assert pulling.pull_source(source) is None
    later = source.next_pull_at
    assert pulling.pull_source(Source.objects.get(), clock=lambda: later).error is None
    assert Snapshot.objects.count() == 1
    assert list(differences(source)) == []


KILLS = int(os.environ.get("PORTAL_KILLS", "3"))


def test_workers_killed_at_random_moments_leave_no_gap_no_double_and_no_stuck_claim(sandbox):
    """Each worker dies somewhere in the middle of a round of six sources; the last one is let live."""
    cast, luck = make_cast(), random.Random(os.environ.get("PORTAL_KILLS_SEED", "7"))
    sources = [a_source_with_history(cast, number) for number in range(6)]
    for _kill in range(KILLS):
        sandbox.requests.clear()
        worker = start_pull(sandbox)
        wait_until(lambda: len(sandbox.requests) >= luck.randint(1, 12) or worker.poll() is not None)  # noqa: B023
        time.sleep(luck.random() * 0.2)
        worker.send_signal(signal.SIGKILL)
        worker.wait()
        Source.objects.filter(claimed_at__isnull=False).update(next_pull_at=timezone.now())  # the claims run out
    control = a_source_with_history(cast, 6)
    pulling.pull_due()
    assert set(Source.objects.values_list("claimed_at", "error_kind", "is_history_complete")) == {(None, "", False)}
    assert [list(differences(source)) for source in sources] == [[]] * len(sources)
    assert verify_snapshots() == []
    untouched = points_of(control)
    assert len(untouched) > 1000
    assert [points_of(source) == untouched for source in sources] == [True] * len(sources)


def a_source_with_history(cast, number: int) -> Source:
    fields = {"title": f"Roast {number}", "began_on": date(2025, 1, 1), "next_pull_at": timezone.now()}
    return due_source(cast, project=make_project(cast, number), **fields)


def points_of(source: Source) -> list[tuple]:
    rows = Point.objects.filter(series__source=source).order_by("series__metric", "day")
    return list(rows.values_list("series__metric", "day", "value", "reason"))


class Stamped(deque):
    """What was asked, each with the moment it came."""

    def append(self, request: dict) -> None:
        super().append({**request, "at": time.monotonic()})


def start_pull(sandbox, *, arguments: tuple[str, ...] = (), **extra: str) -> subprocess.Popen:
    """A real `manage.py pull` on the tests' own database."""
    database = connection.settings_dict
    addresses = {**sandbox.urls, "DATABASE_URL": database_url(database), **extra}
    command = ("pull", *arguments)
    code = f"import django; django.setup(); from django.core.management import call_command; call_command(*{command!r})"
    environment = {**os.environ, **addresses, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    return subprocess.Popen([sys.executable, "-c", code], env=environment, cwd=settings.BASE_DIR)


def database_url(database: dict) -> str:
    if connection.vendor == "sqlite":
        return f"sqlite:///{database['NAME']}"
    who = f"{database['USER']}:{database['PASSWORD']}@" if database["USER"] else ""
    return f"postgres://{who}{database['HOST'] or '127.0.0.1'}:{database['PORT'] or 5432}/{database['NAME']}"


def wait_until(happened, seconds: float = 30) -> None:
    ends = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < ends, "it never happened"
        time.sleep(0.05)


@pytest.fixture
def no_broker(monkeypatch):
    """The broker's address leads to a port where nobody listens."""
    monkeypatch.setitem(app.conf.changes, "broker_write_url", "redis://127.0.0.1:9/0")
    monkeypatch.setattr(app, "_pool", None)
    monkeypatch.setattr(app.amqp, "_producer_pool", None)


def test_with_the_broker_away_the_row_waits_and_the_timetable_finds_it(source, no_broker):
    assert ring("kpis.pull_source", {"source_id": source.pk}) is False
    pull_due()
    source.refresh_from_db()
    assert (source.last_success_at is not None, source.claimed_at) == (True, None)


# --- One limit for all workers ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("store", ["table", pytest.param("redis", marks=pytest.mark.redis)])
def test_two_workers_together_keep_the_platforms_limit(sandbox, store, monkeypatch):
    """Two processes pull five sources with one token of three calls a second: the ten calls take three seconds, less
    what the first of them may be late on a busy machine. Each for itself the two would need half of that.
    """
    cast = make_cast()
    token = f"sandbox-user-{store}-{time.time()}"
    login = login_for(cast, token=token)
    for number in range(5):
        fields = {"began_on": timezone.localdate(), "is_history_complete": True, "login": login}
        due_source(cast, project=make_project(cast, number), next_pull_at=timezone.now(), **fields)
    monkeypatch.setattr(sandbox, "requests", Stamped())
    extra = {"PORTAL_TESTS_KEEP_LIMITS": "1", **({} if store == "redis" else {"REDIS_URL": ""})}
    workers = [start_pull(sandbox, **extra) for _worker in range(2)]
    assert [worker.wait() for worker in workers] == [0, 0]
    moments = [request["at"] for request in sandbox.requests]
    assert Source.objects.filter(error_kind="", last_success_at__isnull=False).count() == 5
    assert len(moments) == 10
    assert moments[-1] - moments[0] >= (len(moments) - 1) / 3 - 0.8
