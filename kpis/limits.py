"""Every platform's limits, kept by all workers together.

A rate is kept by GCRA: one number a key says from when the limit is free again, and each call moves it on by the
interval. Workers reserve calls ahead in small pieces, those of many keys in one round trip, so thousands of calls a
second don't each cost one. A platform that asks us to wait parks its key for everybody. Days with a quota of units are
counters. The numbers live in Redis, or in a table where there is none.
"""

import asyncio
import logging
import time
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from hashlib import blake2b
from math import ceil, floor
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from redis import Redis, RedisError

from kpis.connectors.contract import Connector, Credentials, Holder, Rate
from kpis.models import Allowance

log = logging.getLogger(__name__)

#: A visit whose first call must wait longer than this is put back instead; once begun it is worth a longer wait, or a
#: crowd of first calls would keep every second one from ever being made.
PATIENCE = 10.0
ONCE_BEGUN = 120.0
#: Calls for so many seconds are reserved at once where a key is busy.
AHEAD = 0.25
#: Between two machines calls drift together on the way; so much wider is every interval.
MARGIN = 1.1
KEPT_AFTER = 60


class Held(Exception):
    """The limit leaves no room soon enough; `seconds` until it does."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"{seconds:.1f} s")
        self.seconds = seconds


@dataclass(frozen=True, slots=True)
class Ask:
    """One limit that a call must pass: a rate (`interval`, `at_once`), or the units of a day (`most`, `cost`).

    `patience`: how many seconds it may wait.
    """

    key: str
    interval: float = 0.0
    at_once: int = 1
    most: int = 0
    cost: int = 1
    ends_in: float = 0.0
    patience: float = PATIENCE

    @property
    def is_rate(self) -> bool:
        return self.interval > 0


@dataclass(frozen=True, slots=True)
class Grant:
    """How many calls (or units) were reserved; `wait` seconds until the first, or until it could be."""

    count: int
    wait: float = 0.0


def take_rate(free_at: float, now: float, ask: Ask, wanted: int) -> tuple[Grant, float]:
    """GCRA: how many of the wanted calls fit into the patience, and from when the limit is free then.

    Call number i of them may leave after `wait + i * interval` seconds. The script below says the same.
    """
    start = max(free_at, now)
    wait = start - (ask.at_once - 1) * ask.interval - now
    count = min(wanted, max(0, floor((ask.patience - wait) / ask.interval) + 1))
    return Grant(count, wait), start + count * ask.interval


def parked(now: float, ask: Ask, seconds: float) -> float:
    """From when the limit is free if nobody may call for so many seconds, and then not in one go."""
    return now + seconds + (ask.at_once - 1) * ask.interval


# --- Where the numbers live -----------------------------------------------------------------------------------------

RESERVE = """
local clock = redis.call('TIME')
local now, said = clock[1] + clock[2] / 1000000, {}
for place, key in ipairs(KEYS) do
    local interval, room = tonumber(ARGV[place * 5 - 4]), tonumber(ARGV[place * 5 - 3])
    local wanted, kept = tonumber(ARGV[place * 5 - 2]), tonumber(ARGV[place * 5 - 1])
    local patience = tonumber(ARGV[place * 5])
    local value = tonumber(redis.call('GET', key) or '0')
    local wait, count
    if interval > 0 then
        local start = math.max(value, now)
        wait = start - (room - 1) * interval - now
        count = math.min(wanted, math.max(0, math.floor((patience - wait) / interval) + 1))
        value = start + count * interval
        kept = kept + math.max(0, value - now)
    else
        wait, count = 0, math.max(0, math.min(wanted, room - value))
        value = value + count
    end
    if count > 0 then
        redis.call('SET', key, string.format('%.6f', value), 'EX', math.ceil(kept))
    end
    said[place] = string.format('%d %.6f', count, wait)
end
return said
"""

PARK = """
local clock = redis.call('TIME')
local now = clock[1] + clock[2] / 1000000
for place, key in ipairs(KEYS) do
    local until_ = now + tonumber(ARGV[place])
    if until_ > tonumber(redis.call('GET', key) or '0') then
        redis.call('SET', key, string.format('%.6f', until_), 'EX', math.ceil(until_ - now) + 60)
    end
end
"""


class RedisStore:
    """The numbers in Redis, each change in one script; moments are Redis's own, so that clocks may differ."""

    in_database = False

    def __init__(self, url: str) -> None:
        client = Redis.from_url(url, socket_connect_timeout=1, socket_timeout=2)
        self._reserve, self._park = client.register_script(RESERVE), client.register_script(PARK)

    def reserve(self, asks: Sequence[tuple[Ask, int]]) -> list[Grant]:
        args: list[float] = []
        for ask, wanted in asks:
            room = ask.at_once if ask.is_rate else ask.most
            args += [ask.interval, room, wanted, KEPT_AFTER + ask.ends_in, ask.patience]
        said = self._reserve(keys=[ask.key for ask, _wanted in asks], args=args)
        return [Grant(int(count), float(wait)) for count, wait in (line.split() for line in said)]

    def park(self, asks: Sequence[tuple[Ask, float]]) -> None:
        self._park(keys=[ask.key for ask, _seconds in asks], args=[parked(0, ask, seconds) for ask, seconds in asks])


class TableStore:
    """The numbers in the database, for an installation without Redis. The rows are locked while they are changed."""

    in_database = True

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self.clock = clock

    @transaction.atomic
    def reserve(self, asks: Sequence[tuple[Ask, int]]) -> list[Grant]:
        now, rows = self.clock(), self._rows([ask for ask, _wanted in asks])
        grants = []
        for ask, wanted in asks:
            row = rows[ask.key]
            grant, row.value = self._take(ask, row.value, now, wanted)
            row.expires_at = _moment(max(row.value if ask.is_rate else 0, now + ask.ends_in) + KEPT_AFTER)
            grants.append(grant)
        Allowance.objects.bulk_update(rows.values(), ["value", "expires_at"])
        return grants

    @transaction.atomic
    def park(self, asks: Sequence[tuple[Ask, float]]) -> None:
        now, rows = self.clock(), self._rows([ask for ask, _seconds in asks])
        for ask, seconds in asks:
            row = rows[ask.key]
            row.value = max(row.value, parked(now, ask, seconds))
            row.expires_at = _moment(row.value + KEPT_AFTER)
        Allowance.objects.bulk_update(rows.values(), ["value", "expires_at"])

    def _take(self, ask: Ask, value: float, now: float, wanted: int) -> tuple[Grant, float]:
        if ask.is_rate:
            return take_rate(value, now, ask, wanted)
        count = int(max(0, min(wanted, ask.most - value)))
        return Grant(count), value + count

    def _rows(self, asks: Sequence[Ask]) -> dict[str, Allowance]:
        keys = sorted({ask.key for ask in asks})
        fresh = [Allowance(key=key, expires_at=_moment(self.clock())) for key in keys]
        Allowance.objects.bulk_create(fresh, ignore_conflicts=True)
        return {row.key: row for row in Allowance.objects.select_for_update().filter(key__in=keys).order_by("key")}


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


@lru_cache(maxsize=4)
def _store(url: str) -> RedisStore | TableStore:
    return RedisStore(url) if url else TableStore()


def store() -> RedisStore | TableStore:
    return _store(settings.REDIS_URL)


def forget_old_allowances() -> int:
    return Allowance.objects.filter(expires_at__lt=timezone.now()).delete()[0]


# --- What a call must pass ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Holders:
    """Whose limits a call counts towards; a token and an application are named only by a keyed hash."""

    token: str
    client: str = ""
    account: str = ""
    app: str = "app"

    def of(self, per: Holder) -> str:
        return getattr(self, per) or self.token


def holders_of(connector: Connector, credentials: Credentials, account: str = "") -> Holders:
    client = next((credentials[name] for name in connector.client_fields if credentials.get(name)), "")
    return Holders(token_key(connector, credentials), _hashed(client) if client else "", account[:60])


def asks_of(
    connector: Connector, holders: Holders, token_kind: str = "", *, patience: float = PATIENCE
) -> tuple[Ask, ...]:
    """The rates that a call must pass."""
    if not settings.PLATFORM_LIMITS:
        return ()
    return tuple(
        Ask(f"limits:{connector.code}:{holders.of(per)}:{name}", interval, at_once, patience=patience)
        for per, name, interval, at_once in _named(connector.limits.rates_for(token_kind))
    )


@lru_cache(maxsize=200)
def _named(rates: tuple[Rate, ...]) -> list[tuple[Holder, str, float, int]]:
    """Each rate: whom it is for, its name, its interval, how many at once."""
    return [(rate.per, f"{rate.calls}/{rate.seconds:g}", rate.interval * MARGIN, rate.at_once) for rate in rates]


def token_key(connector: Connector, credentials: Credentials) -> str:
    secrets = "\n".join(credentials.get(field.name, "") for field in connector.fields if field.secret)
    return _hashed(secrets)


def _hashed(secrets: str) -> str:
    return blake2b(secrets.encode(), key=_hash_key(settings.SECRET_KEY), digest_size=10).hexdigest()


@lru_cache(maxsize=4)
def _hash_key(secret: str) -> bytes:
    return salted_hmac("kpis.limits", "tokens", secret, algorithm="sha256").digest()


def units_of(connector: Connector, holders: Holders, path: str, now: datetime) -> tuple[Ask, ...]:
    """The daily quotas that a call to this path draws on."""
    asks = []
    for daily in connector.limits.daily if settings.PLATFORM_LIMITS else ():
        here = now.astimezone(ZoneInfo(daily.zone))
        midnight = datetime.combine(here.date() + timedelta(days=1), datetime.min.time(), here.tzinfo)
        key = f"limits:{connector.code}:{holders.of(daily.per)}:{here.date()}"
        ends_in = (midnight - now).total_seconds()
        asks.append(Ask(key, most=daily.units, cost=daily.cost(path), ends_in=ends_in))
    return tuple(asks)


# --- Waiting for one's turn -----------------------------------------------------------------------------------------

Reserve = Callable[[Sequence[tuple[Ask, int]]], Awaitable[list[Grant]]]
#: Lets nobody use these limits for so many seconds each.
Park = Callable[[Sequence[tuple[Ask, float]]], Awaitable[None]]


class Limiter:
    """Lets the calls of one event loop through. `reserve` and `park` ask the shared store; calls ask it together."""

    def __init__(
        self,
        reserve: Reserve,
        park: Park,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._ask_store, self._tell_store, self._clock, self._sleep = reserve, park, clock, sleep
        self._to_park: list[tuple[Ask, float]] = []
        self._parking: asyncio.Future[None] | None = None
        self._ready: dict[str, deque[float]] = {}
        self._waiting: dict[tuple[str, float], list[tuple[Ask, asyncio.Future[float]]]] = {}
        self._running: set[asyncio.Task[None]] = set()

    async def admit(self, asks: Sequence[Ask]) -> None:
        """Come back when every one of these limits lets a call through. Raises Held when that is too far away."""
        moment = 0.0
        for ask in asks:
            moment = max(moment, self._at_hand(ask) or await self._in_line(ask))
        pause = moment - self._clock()
        if pause > 0:
            await self._sleep(pause)

    async def park(self, asks: Sequence[Ask], seconds: float) -> None:
        """The platform asked to wait: drop what was reserved ahead, and let nobody use these limits for so long."""
        for ask in asks:
            self._ready.pop(ask.key, None)
        if not asks or seconds <= 0:
            return
        self._to_park += [(ask, seconds) for ask in asks]
        if self._parking is None:
            self._parking = asyncio.ensure_future(self._park_all())
        await self._parking

    async def _park_all(self) -> None:
        await asyncio.sleep(0)
        told, self._to_park, self._parking = self._to_park, [], None
        await self._tell_store(told)

    def _at_hand(self, ask: Ask) -> float | None:
        """A call that was reserved ahead and has not grown stale: stale ones would come in one go."""
        ready = self._ready.get(ask.key)
        oldest = self._clock() - ask.interval / 4
        while ready:
            moment = ready.popleft()
            if not ready:
                del self._ready[ask.key]
            if moment >= oldest:
                return moment
        return None

    async def _in_line(self, ask: Ask) -> float:
        loop = asyncio.get_running_loop()
        place: asyncio.Future[float] = loop.create_future()
        if not self._waiting:
            loop.call_soon(self._start)
        self._waiting.setdefault((ask.key, ask.patience), []).append((ask, place))
        return await place

    def _start(self) -> None:
        task = asyncio.get_running_loop().create_task(self._reserve())
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _reserve(self) -> None:
        lines, self._waiting = list(self._waiting.values()), {}
        wanted = [(line[0][0], _wanted(line)) for line in lines]
        try:
            grants = await self._ask_store(wanted)
        except Exception as error:
            for _ask, place in (one for line in lines for one in line):
                if not place.done():
                    place.set_exception(error)
            return
        now = self._clock()
        for line, grant in zip(lines, grants, strict=True):
            self._share(line, grant, now)

    def _share(self, line: list[tuple[Ask, asyncio.Future[float]]], grant: Grant, now: float) -> None:
        ask, left, moment = line[0][0], grant.count, now + grant.wait
        for each, place in line:
            if place.done():
                continue
            if left < each.cost:
                place.set_exception(Held(max(moment - now, 0.05) if ask.is_rate else ask.ends_in))
                continue
            place.set_result(max(moment, now) if ask.is_rate else now)
            left, moment = left - each.cost, moment + ask.interval
        if ask.is_rate and left > 0:
            ahead = self._ready.setdefault(ask.key, deque())
            ahead.extend(max(moment + number * ask.interval, now) for number in range(left))


def _wanted(line: list[tuple[Ask, asyncio.Future[float]]]) -> int:
    """As many as are in line; where several are, some for those who come next."""
    needed = sum(ask.cost for ask, _place in line)
    ask = line[0][0]
    return max(needed, ceil(AHEAD / ask.interval)) if ask.is_rate and len(line) > 1 else needed


async def reserve_in_thread(asks: Sequence[tuple[Ask, int]]) -> list[Grant]:
    """Ask Redis. While it is away calls are only spaced within this batch, which is better than none at all."""
    try:
        return await asyncio.to_thread(store().reserve, asks)
    except RedisError as error:
        log.warning("limits are not shared: Redis is away", extra={"error": type(error).__name__})
        return [Grant(wanted) for _ask, wanted in asks]


async def park_in_thread(asks: Sequence[tuple[Ask, float]]) -> None:
    try:
        await asyncio.to_thread(store().park, asks)
    except RedisError as error:
        log.warning("nobody else was told to wait: Redis is away", extra={"error": type(error).__name__})
