"""Leases: how many requests are under way at once, in both stores and for two workers together."""

import asyncio
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone
from redis import Redis

from kpis import leases
from kpis.leases import AtOnce, Leases, RedisLeases, TableLeases
from kpis.limits import Held
from kpis.models import Lease

THREE = AtOnce("limits:test:three", 3)


@pytest.fixture(params=["table", pytest.param("redis", marks=pytest.mark.redis)])
def shared(request, db):
    """A store with nothing in it."""
    if request.param == "table":
        return TableLeases()
    Redis.from_url(settings.REDIS_URL).delete(THREE.key)
    return RedisLeases(settings.REDIS_URL)


def test_so_many_and_no_more_are_taken(shared):
    assert [shared.take(THREE, f"lease {number}") for number in range(5)] == [True, True, True, False, False]


def test_what_is_given_back_is_taken_again(shared):
    for number in range(3):
        shared.take(THREE, f"lease {number}")
    shared.give_back(THREE, "lease 1")
    assert [shared.take(THREE, "fourth"), shared.take(THREE, "fifth")] == [True, False]


def test_another_key_is_another_matter(shared):
    for number in range(3):
        shared.take(THREE, f"lease {number}")
    assert shared.take(AtOnce("limits:test:three:other", 1), str(time.time())) is True
    shared.give_back(AtOnce("limits:test:three:other", 1), "nobody's")


def test_a_dead_workers_lease_runs_out(db):
    store = TableLeases()
    for number in range(3):
        store.take(THREE, f"lease {number}")
    Lease.objects.filter(name="lease 0").update(expires_at=timezone.now() - timedelta(seconds=1))
    assert [store.take(THREE, "fourth"), store.take(THREE, "fifth")] == [True, False]


@pytest.mark.redis
def test_a_dead_workers_lease_runs_out_in_redis(monkeypatch):
    monkeypatch.setattr(leases, "LASTS", 0.2)
    Redis.from_url(settings.REDIS_URL).delete(THREE.key)
    store = RedisLeases(settings.REDIS_URL)
    taken = [store.take(THREE, f"lease {number}") for number in range(4)]
    time.sleep(0.3)
    assert (taken, store.take(THREE, "fifth")) == ([True, True, True, False], True)


# --- In line --------------------------------------------------------------------------------------------------------


class Memory:
    """A store in memory, shared by event loops of one thread."""

    def __init__(self) -> None:
        self.held: set[str] = set()
        self.most_held = 0

    async def reach(self, work: Callable, limit: AtOnce, lease: str) -> bool | None:
        if work.__name__ == "give_back":
            self.held.discard(lease)
            return None
        if len(self.held) >= limit.most:
            return False
        self.held.add(lease)
        self.most_held = max(self.most_held, len(self.held))
        return True


def hold_all(memory: Memory, each_of: list[AtOnce], seconds: float) -> list:
    """Two workers hold these side by side; what came of each."""

    async def one(worker: Leases, each: AtOnce) -> None:
        async with worker.held([each]):
            await asyncio.sleep(seconds)

    async def main() -> list:
        workers = [Leases(memory.reach) for _worker in range(2)]
        tasks = [one(workers[number % 2], each) for number, each in enumerate(each_of)]
        return await asyncio.gather(*tasks, return_exceptions=True)

    return asyncio.run(main())


def test_two_workers_hold_no_more_than_the_limit_and_everyone_has_a_turn():
    memory = Memory()
    assert hold_all(memory, [THREE] * 12, 0.02) == [None] * 12
    assert (memory.most_held, memory.held) == (3, set())


def test_who_would_wait_too_long_is_put_back():
    memory = Memory()
    hasty = AtOnce(THREE.key, 1, patience=0.1)
    outcomes = hold_all(memory, [hasty] * 3, 0.5)
    assert sorted(type(one).__name__ for one in outcomes) == ["Held", "Held", "NoneType"]
    assert memory.held == set()


def test_a_failure_gives_the_lease_back():
    memory = Memory()

    async def main() -> None:
        async with Leases(memory.reach).held([THREE]):
            raise Held(1.0)

    with pytest.raises(Held):
        asyncio.run(main())
    assert memory.held == set()
