"""How many requests may be under way at once, kept by all workers together.

A request takes a lease before it leaves and gives it back with its answer; the lease of a worker that died runs out by
itself. The leases live in Redis, or in a table where there is none.
"""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from uuid import uuid4
from weakref import WeakValueDictionary

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from redis import Redis, RedisError

from kpis.limits import ONCE_BEGUN, PATIENCE, Held
from kpis.models import Allowance, Lease

log = logging.getLogger(__name__)

#: Longer than the longest wait for the other limits with the request after it.
LASTS = ONCE_BEGUN + 40
LOOK_AGAIN = 0.05
COME_BACK_IN = 5.0


@dataclass(frozen=True, slots=True)
class AtOnce:
    """One limit: at most `most` leases of this key at once."""

    key: str
    most: int
    patience: float = PATIENCE


# --- Where the leases live ------------------------------------------------------------------------------------------

TAKE = """
local clock = redis.call('TIME')
local now = clock[1] + clock[2] / 1000000
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[1]) then
    return 0
end
redis.call('ZADD', KEYS[1], now + tonumber(ARGV[3]), ARGV[2])
redis.call('EXPIRE', KEYS[1], math.ceil(tonumber(ARGV[3])))
return 1
"""


class RedisLeases:
    """The leases in Redis: a set by the moment at which each runs out, by Redis's own clock."""

    in_database = False

    def __init__(self, url: str) -> None:
        self._client = Redis.from_url(url, socket_connect_timeout=1, socket_timeout=2)
        self._take = self._client.register_script(TAKE)

    def take(self, limit: AtOnce, lease: str) -> bool:
        return bool(self._take(keys=[limit.key], args=[limit.most, lease, LASTS]))

    def give_back(self, limit: AtOnce, lease: str) -> None:
        self._client.zrem(limit.key, lease)


class TableLeases:
    """The leases in the database; whoever takes one holds the key's row meanwhile."""

    in_database = True

    @transaction.atomic
    def take(self, limit: AtOnce, lease: str) -> bool:
        now = timezone.now()
        until = now + timedelta(seconds=LASTS)
        Allowance.objects.bulk_create([Allowance(key=limit.key, expires_at=until)], ignore_conflicts=True)
        Allowance.objects.select_for_update().get(key=limit.key)
        Lease.objects.filter(key=limit.key, expires_at__lte=now).delete()
        if Lease.objects.filter(key=limit.key).count() >= limit.most:
            return False
        Lease.objects.create(key=limit.key, name=lease, expires_at=until)
        Allowance.objects.filter(key=limit.key).update(expires_at=until)
        return True

    def give_back(self, limit: AtOnce, lease: str) -> None:
        Lease.objects.filter(key=limit.key, name=lease).delete()


@lru_cache(maxsize=4)
def _store(url: str) -> RedisLeases | TableLeases:
    return RedisLeases(url) if url else TableLeases()


def store() -> RedisLeases | TableLeases:
    return _store(settings.REDIS_URL)


# --- Waiting for a place --------------------------------------------------------------------------------------------

#: Runs one of the store's two methods where it may block.
Reach = Callable[..., Awaitable[bool | None]]


async def in_thread(work: Callable[..., bool | None], *args: object) -> bool | None:
    """Ask Redis. While it is away the limit is kept by each event loop for itself only."""
    try:
        return await asyncio.to_thread(work, *args)
    except RedisError as error:
        log.warning("leases are not shared: Redis is away", extra={"error": type(error).__name__})
        return True


class Leases:
    """The leases of one event loop; of those who wait for one key a single one asks the store."""

    def __init__(self, reach: Reach) -> None:
        self._reach = reach
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    @asynccontextmanager
    async def held(self, limits: Sequence[AtOnce]) -> AsyncIterator[None]:
        """Hold a lease of each. Raises Held when there is none soon enough."""
        async with AsyncExitStack() as stack:
            for limit in limits:
                await stack.enter_async_context(self._one(limit))
            yield

    @asynccontextmanager
    async def _one(self, limit: AtOnce) -> AsyncIterator[None]:
        lease = uuid4().hex
        await self._take(limit, lease)
        try:
            yield
        finally:
            await asyncio.shield(self._reach(store().give_back, limit, lease))

    async def _take(self, limit: AtOnce, lease: str) -> None:
        ends = time.monotonic() + limit.patience
        async with self._turn(limit):
            while not await self._reach(store().take, limit, lease):
                if time.monotonic() > ends:
                    raise Held(COME_BACK_IN)
                await asyncio.sleep(LOOK_AGAIN)

    @asynccontextmanager
    async def _turn(self, limit: AtOnce) -> AsyncIterator[None]:
        turn = self._turns.setdefault(limit.key, asyncio.Lock())
        try:
            await asyncio.wait_for(turn.acquire(), limit.patience)
        except TimeoutError:
            raise Held(COME_BACK_IN) from None
        try:
            yield
        finally:
            turn.release()
