"""Two workers ask every platform as hard as they can; the stand-in says that no platform's own limit was passed."""

import os
import subprocess
import sys
import time
from collections import defaultdict

import pytest
from django.conf import settings
from django.db import connection

from kpis.connectors import CONNECTORS
from kpis.connectors.contract import Connector
from tests.kpis.hammer import token_of
from tests.kpis.test_pulling_together import database_url

pytestmark = pytest.mark.django_db(transaction=True)

SECONDS = 2
SLOW = 0.3
#: The first and the last call may be delivered late, on a busy machine.
LATE = 2
#: Named by the platform, and hard enough to be passed within the seconds that the workers have.
SHARP = ("x", "vk", "metrika", "ga4")


class Log(list):
    """What the stand-in was asked, by token, each with its moment."""

    def __init__(self) -> None:
        self.moments: dict[str, list[float]] = defaultdict(list)

    def append(self, asked) -> None:
        self.moments[asked["token"]].append(time.monotonic())


def hammered(monkeypatch, sandbox, store: str, **extra: str) -> dict[str, list[float]]:
    """When each platform was asked by two workers together."""
    monkeypatch.setattr(sandbox, "requests", Log())
    monkeypatch.setattr(sandbox, "slow_seconds", SLOW)
    name = f"{store}-{time.time_ns()}"
    addresses = {**sandbox.urls, "DATABASE_URL": database_url(connection.settings_dict)}
    environment = {**os.environ, **addresses, "DJANGO_SETTINGS_MODULE": "tests.settings", "LOG_LEVEL": "ERROR", **extra}
    command = [sys.executable, "-m", "tests.kpis.hammer", str(SECONDS), name]
    workers = [subprocess.Popen(command, env=environment, cwd=settings.BASE_DIR) for _worker in range(2)]
    assert [worker.wait() for worker in workers] == [0, 0]
    return {code: sandbox.requests.moments[token_of(code, name)] for code in CONNECTORS}


def passed(connector: Connector, moments: list[float]) -> list[str]:
    """The limits that these calls did not keep."""
    span = max(moments) - min(moments)
    rates = [
        rate for rate in connector.limits.rates_for("") if len(moments) > rate.at_once + span / rate.interval + LATE
    ]
    under_way = max(sum(start <= one < start + SLOW * 0.9 for one in moments) for start in moments)
    return [str(one) for one in (*rates, *(each for each in connector.limits.parallel if under_way > each.most))]


@pytest.mark.parametrize("store", ["table", pytest.param("redis", marks=pytest.mark.redis)])
def test_two_workers_together_pass_no_platforms_limit(monkeypatch, sandbox, store):
    extra = {"PORTAL_TESTS_KEEP_LIMITS": "1", **({} if store == "redis" else {"REDIS_URL": ""})}
    asked = hammered(monkeypatch, sandbox, store, **extra)
    assert [code for code, moments in asked.items() if len(moments) < 3] == []
    assert {code: passed(CONNECTORS[code], moments) for code, moments in asked.items()} == {code: [] for code in asked}


def test_without_limits_they_are_passed(monkeypatch, sandbox):
    """The control: the same workers, not held back."""
    asked = hammered(monkeypatch, sandbox, "nobody")
    assert [code for code in SHARP if not passed(CONNECTORS[code], asked[code])] == []
