"""Limits: the arithmetic, the two stores, what happens in line, and two workers that share one limit."""

import asyncio
import json
import os
import subprocess
import sys
import threading
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from django.conf import settings
from django.db import connections
from redis import Redis

from kpis import limits
from kpis.connectors import CONNECTORS, connector_for
from kpis.connectors.contract import DailyUnits, Limits, Rate
from kpis.limits import (
    Ask,
    Grant,
    Held,
    Holders,
    Limiter,
    RedisStore,
    TableStore,
    asks_of,
    holders_of,
    take_rate,
    units_of,
)
from kpis.models import Allowance

HOUR = 3600.0


def ask(calls=5, seconds=1.0, at_once=1, key="limits:test", patience=60.0) -> Ask:
    return Ask(key, interval=Rate(calls, seconds, at_once=at_once).interval, at_once=at_once, patience=patience)


def moments(rate: Rate, *, seconds: float) -> list[float]:
    """When calls leave if somebody always wants one more."""
    now = free_at = 0.0
    left: list[float] = []
    while now < seconds:
        grant, free_at = take_rate(free_at, now, ask(rate.calls, rate.seconds, rate.at_once, patience=HOUR), 1)
        now += max(0.0, grant.wait)
        left.append(now)
    return left


@pytest.mark.parametrize("rate", [Rate(3), Rate(20), Rate(200, 300, at_once=50), Rate(600, 60, at_once=100)], ids=str)
def test_no_window_ever_holds_more_calls_than_the_platform_allows(rate):
    times = moments(rate, seconds=rate.seconds * 3)
    fullest = max(sum(start <= other < start + rate.seconds - 1e-6 for other in times) for start in times)
    assert fullest <= rate.calls
    assert fullest >= rate.calls * 0.9


def test_a_grant_says_how_many_fit_and_when_the_first_may_leave():
    grant, free_at = take_rate(100.0, 98.0, ask(calls=2, patience=3.0), 10)
    assert (grant, free_at) == (Grant(3, 2.0), 101.5)


def test_nothing_is_reserved_where_the_wait_is_too_long():
    assert take_rate(200.0, 100.0, ask(calls=1, patience=10.0), 5) == (Grant(0, 100.0), 200.0)


def test_unknown_tokens_get_the_strictest_of_all_kinds():
    vk = connector_for("vk")
    assert [rate.calls for rate in vk.limits.rates_for("user")] == [3]
    assert [rate.calls for rate in vk.limits.rates_for("")] == [3, 20, 5]


def test_a_platform_that_names_no_limit_is_asked_politely():
    assert Limits().rates == (Rate(10),)


@pytest.mark.parametrize("connector", CONNECTORS.values(), ids=lambda one: one.code)
def test_every_connector_declares_limits_that_can_be_kept(connector):
    for rate in connector.limits.rates:
        assert (rate.interval > 0, 1 <= rate.at_once <= rate.calls) == (True, True)
        assert set(rate.token_kinds) <= set(connector.capabilities.token_kinds)
    for daily in connector.limits.daily:
        assert (daily.units > 0, all(cost > 0 for cost in daily.costs.values())) == (True, True)
    assert connector.limits.rates_for("")


def test_keys_do_not_hold_tokens(settings):
    settings.PLATFORM_LIMITS = True
    vk = connector_for("vk")
    first, again, other = (
        asks_of(vk, holders_of(vk, {"token": token}), "user") for token in ("secret", "secret", "another")
    )
    assert first == again != other
    assert "secret" not in first[0].key


def test_a_days_units_end_at_the_platforms_own_midnight(settings):
    settings.PLATFORM_LIMITS = True
    metrika = connector_for("metrika")
    [units] = units_of(metrika, Holders("token"), "/stat/v1/data", datetime(2026, 11, 23, 20, 30, tzinfo=UTC))
    assert (units.most, units.cost, units.ends_in) == (5000, 1, 30 * 60)
    assert units.key.endswith("token:2026-11-23")


def test_dear_calls_cost_more():
    daily = DailyUnits(10_000, costs={"/search": 100})
    assert [daily.cost(path) for path in ("/youtube/v3/search", "/youtube/v3/channels")] == [100, 1]


# --- The stores -----------------------------------------------------------------------------------------------------


@pytest.fixture(params=["table", pytest.param("redis", marks=pytest.mark.redis)])
def shared(request, db):
    """A store with nothing in it, and a hand on its clock where it has one of ours."""
    if request.param == "table":
        return TableStore()
    client = Redis.from_url(settings.REDIS_URL)
    for key in client.scan_iter("limits:test*"):
        client.delete(key)
    return RedisStore(settings.REDIS_URL)


def test_a_store_hands_calls_out_one_after_another(shared):
    first, second = shared.reserve([(ask(), 3)])[0], shared.reserve([(ask(), 2)])[0]
    assert (first.count, second.count) == (3, 2)
    assert second.wait - first.wait == pytest.approx(0.6, abs=0.1)


def test_a_store_answers_for_many_keys_at_once(shared):
    asks = [(ask(key=f"limits:test:{number}"), 1) for number in range(50)]
    assert [grant.count for grant in shared.reserve(asks)] == [1] * 50


def test_a_parked_key_is_parked_for_everybody(shared):
    shared.park([(ask(at_once=3), 30)])
    grant = shared.reserve([(ask(at_once=3, patience=10.0), 1)])[0]
    assert grant.count == 0
    assert grant.wait == pytest.approx(30, abs=0.5)


def test_parking_never_shortens_a_wait(shared):
    shared.park([(ask(), 30)])
    shared.park([(ask(), 5)])
    assert shared.reserve([(ask(), 1)])[0].wait == pytest.approx(30, abs=0.5)


def test_a_days_units_run_out(shared):
    day = Ask("limits:test:day", most=10, ends_in=HOUR)
    assert [shared.reserve([(day, wanted)])[0].count for wanted in (7, 7, 1)] == [7, 3, 0]


def test_what_is_free_again_is_forgotten(db):
    TableStore(clock=lambda: 1000.0).reserve([(ask(), 1)])
    assert Allowance.objects.count() == 1
    assert limits.forget_old_allowances() == 1


# --- In line --------------------------------------------------------------------------------------------------------


class Bench:
    """A store in memory that counts round trips, and a clock that only sleep moves."""

    def __init__(self) -> None:
        self.now, self.trips, self.free_at = 0.0, 0, {}

    async def reserve(self, asks):
        self.trips += 1
        grants = []
        for one, wanted in asks:
            grant, free_at = (
                take_rate(self.free_at.get(one.key, 0.0), self.now, one, wanted)
                if one.is_rate
                else (Grant(min(wanted, one.most)), 0.0)
            )
            self.free_at[one.key] = free_at
            grants.append(grant)
        return grants

    async def park(self, asks):
        self.trips += 1

    async def sleep(self, seconds):
        self.slept = [*getattr(self, "slept", []), round(self.now + seconds, 3)]

    def limiter(self) -> Limiter:
        return Limiter(self.reserve, self.park, clock=lambda: self.now, sleep=self.sleep)


def admit_many(bench: Bench, asks_of_each: list) -> list:
    async def main():
        limiter = bench.limiter()
        return await asyncio.gather(*(limiter.admit(asks) for asks in asks_of_each), return_exceptions=True)

    return asyncio.run(main())


def test_calls_in_line_leave_an_interval_apart():
    bench = Bench()
    admit_many(bench, [[ask()]] * 4)
    assert bench.slept == [0.2, 0.4, 0.6]


def test_hundreds_of_keys_cost_one_round_trip():
    bench = Bench()
    admit_many(bench, [[ask(key=f"k{number}")] for number in range(500)])
    assert bench.trips == 1


def test_calls_reserved_ahead_cost_none():
    bench = Bench()

    async def main():
        limiter = bench.limiter()
        fast = ask(calls=1000)
        await asyncio.gather(*(limiter.admit([fast]) for _number in range(2)))
        for _number in range(100):
            await limiter.admit([fast])

    asyncio.run(main())
    assert bench.trips == 1


def test_what_was_reserved_and_grew_stale_is_not_spent_in_one_go():
    bench = Bench()

    async def main():
        limiter = bench.limiter()
        await asyncio.gather(*(limiter.admit([ask(calls=100)]) for _number in range(2)))
        bench.now = 60.0
        await limiter.admit([ask(calls=100)])

    asyncio.run(main())
    assert bench.trips == 2


def test_who_would_wait_too_long_is_told_for_how_long():
    held = admit_many(Bench(), [[ask(calls=1, patience=2.0)]] * 5)
    assert [type(one) for one in held] == [type(None)] * 3 + [Held] * 2
    assert held[3].seconds == 3.0


def test_what_has_begun_is_worth_a_longer_wait():
    """Twenty first calls must not keep the second call of those that were let through from ever being made."""
    first, second = ask(calls=1, patience=2.0), ask(calls=1, patience=100.0)
    held = admit_many(Bench(), [[first]] * 20 + [[second]] * 3)
    assert [type(one) for one in held] == [type(None)] * 3 + [Held] * 17 + [type(None)] * 3


def test_a_spent_day_holds_until_midnight():
    day = Ask("day", most=2, ends_in=HOUR)
    held = admit_many(Bench(), [[day]] * 3)
    assert [getattr(one, "seconds", None) for one in held] == [None, None, HOUR]


def test_every_limit_of_a_call_is_kept():
    bench = Bench()
    admit_many(bench, [[ask(calls=100, key="app"), ask(calls=2, key="token")]] * 3)
    assert bench.slept == [0.5, 1.0]


# --- Two workers ----------------------------------------------------------------------------------------------------

WORKER = """
import asyncio, json, sys, time
import django
django.setup()
from django.conf import settings
from kpis.limits import Ask, Limiter, park_in_thread, reserve_in_thread
async def main():
    limiter, left = Limiter(reserve_in_thread, park_in_thread), []
    async def call():
        await limiter.admit([Ask("limits:test:two", interval=1 / 50)])
        left.append(time.time())
    await asyncio.gather(*(call() for _number in range(40)))
    print(json.dumps(left))
asyncio.run(main())
"""


@pytest.mark.redis
def test_two_workers_share_one_limit():
    Redis.from_url(settings.REDIS_URL).delete("limits:test:two")
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    workers = [
        subprocess.Popen(
            [sys.executable, "-c", WORKER], env=environment, cwd=settings.BASE_DIR, stdout=subprocess.PIPE, text=True
        )
        for _number in range(2)
    ]
    left = sorted(moment for worker in workers for moment in json.loads(worker.communicate()[0]))
    assert len(left) == 80
    fullest = max(sum(start <= moment < start + 1 for moment in left) for start in left)
    assert fullest <= 52  # fifty, and one or two that the scheduler let leave late


@pytest.mark.django_db(transaction=True)
def test_threads_share_one_limit_through_the_table():
    grants, gate = [], threading.Barrier(4)

    def work():
        try:
            gate.wait()
            grants.extend(TableStore().reserve([(ask(calls=10), 5)]))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    waits = sorted(grant.wait for grant in grants)
    assert [grant.count for grant in grants] == [5] * 4
    assert all(later - earlier > 0.3 for earlier, later in pairwise(waits))
