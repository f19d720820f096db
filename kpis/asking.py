"""Asking platforms: within their limits, counted in the ledger, and with the breaker told how it went."""

from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import cached_property, partial
from typing import TypeVar
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Model
from yarl import URL

from kpis import breaker, leases, limits
from kpis.connectors.contract import Connector, ConnectorError, Credentials, RateLimited, Steps, Transient
from kpis.leases import Leases
from kpis.limits import Held, Limiter, park_in_thread, reserve_in_thread
from kpis.models import AgencyDay, PlatformDay
from kpis.timing import utc_now
from smmportal.bridge import Bridge, run_across
from smmportal.http import Answer, Request, Session, drive, open_session

Result = TypeVar("Result")
Clock = Callable[[], datetime]
#: A person who waits for the answer waits at most so long for our turn.
PERSONS_PATIENCE = 5.0
#: What a line of the ledger counts.
COUNTED = ("calls", "units", "slowed", "errors")


# --- The ledger -----------------------------------------------------------------------------------------------------


@dataclass
class Ledger:
    """What was asked since it was last written down. It belongs to one event loop."""

    lines: defaultdict[tuple[int | None, str, date], Counter[str]] = field(
        default_factory=partial(defaultdict, Counter)
    )
    visits: defaultdict[str, Counter[str]] = field(default_factory=partial(defaultdict, Counter))

    def count(self, connector: Connector, now: datetime, agency_id: int | None = None, **numbers: int) -> None:
        line = self.lines[agency_id, connector.code, ledger_day(connector, now)]
        for name, number in numbers.items():
            line[name] += number

    def note_visit(self, platform: str, *, failed: bool, is_probe: bool) -> None:
        visits = self.visits[platform]
        visits["asked"] += 1
        visits["failed"] += failed
        if is_probe:
            visits["probe_failed" if failed else "probe_well"] += 1

    def take(self) -> "Ledger":
        """What there is, leaving this one empty."""
        taken = Ledger(self.lines, self.visits)
        self.lines, self.visits = defaultdict(Counter), defaultdict(Counter)
        return taken

    def __bool__(self) -> bool:
        return bool(self.lines or self.visits)


def ledger_day(connector: Connector, now: datetime) -> date:
    """The day of the platform's own quota."""
    daily = connector.limits.daily
    return now.astimezone(ZoneInfo(daily[0].zone) if daily else UTC).date()


@transaction.atomic
def write_down(ledger: Ledger, now: datetime) -> None:
    """Add what was counted to the rows that everybody reads."""
    everybody: defaultdict[tuple[str, date], Counter[str]] = defaultdict(Counter)
    for (_agency_id, *platform_day), line in ledger.lines.items():
        everybody[*platform_day].update(line)
    add_lines(PlatformDay, ("platform", "day"), everybody)
    own = {key: line for key, line in ledger.lines.items() if key[0] is not None}
    add_lines(AgencyDay, ("agency_id", "platform", "day"), own)
    if ledger.visits:
        breaker.note({platform: outcomes_of(visits) for platform, visits in ledger.visits.items()}, now)


def add_lines(model: type[Model], keys: Sequence[str], lines: Mapping[tuple, Counter[str]]) -> None:
    """Add to the rows of these keys, the day being the last, in one statement and in one order for all workers."""
    if not lines:
        return
    table, columns = model._meta.db_table, ", ".join((*keys, *COUNTED))
    as_day = connection.ops.adapt_datefield_value
    rows = [[*key, as_day(day), *map(line.__getitem__, COUNTED)] for (*key, day), line in sorted(lines.items())]
    places = ", ".join([f"({', '.join(['%s'] * len(rows[0]))})"] * len(rows))
    added = ", ".join(f"{name} = {table}.{name} + excluded.{name}" for name in COUNTED)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({columns}) VALUES {places} "  # noqa: S608 - our own names
            f"ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {added}",
            [value for row in rows for value in row],
        )


def outcomes_of(visits: Mapping[str, int]) -> breaker.Outcomes:
    probed = visits.get("probe_well") or visits.get("probe_failed")
    well = bool(visits.get("probe_well")) if probed else None
    return breaker.Outcomes(visits.get("asked", 0), visits.get("failed", 0), well)


# --- Asking ---------------------------------------------------------------------------------------------------------


@dataclass
class Desk:
    """What the visits of one event loop share: the open client, the limits, the ledger."""

    session: Session
    limiter: Limiter
    leases: Leases
    ledger: Ledger
    bridge: Bridge
    clock: Clock

    async def visit(self, asking: "Asking", steps: Steps[Result], *, is_probe: bool = False) -> Result:
        """Carry a connector's generator to its end. Raises ConnectorError and Held."""
        try:
            result = await drive(asking, steps)
        except ConnectorError as error:
            await self.note(asking, error, is_probe=is_probe)
            raise
        await self.note(asking, getattr(result, "error", None), is_probe=is_probe)
        quota = getattr(result, "quota", None)
        if quota and quota.is_low and quota.resets_at:
            await self.limiter.park(asking.to_park, (quota.resets_at - self.clock()).total_seconds())
        return result

    async def note(self, asking: "Asking", error: ConnectorError | None, *, is_probe: bool) -> None:
        """Tell the breaker how it went; a platform that asks us to wait is left in peace by everybody."""
        failed = isinstance(error, Transient)
        self.ledger.note_visit(asking.connector.code, failed=failed, is_probe=is_probe)
        if failed:
            asking.count(self.clock(), errors=1)
        if isinstance(error, RateLimited):
            asking.count(self.clock(), slowed=1)
            await self.limiter.park(asking.to_park, error.retry_after)


@dataclass
class Asking:
    """One platform, asked with one token: every request waits for its turn and is counted.

    What has begun waits longer than what has not: there is something to lose.
    """

    desk: Desk
    connector: Connector
    credentials: Credentials = field(repr=False)
    token_kind: str = ""
    patience: float = limits.PATIENCE
    patience_once_begun: float = limits.ONCE_BEGUN
    account: str = ""
    agency_id: int | None = None
    has_begun: bool = False

    @cached_property
    def holders(self) -> limits.Holders:
        return limits.holders_of(self.connector, self.credentials, self.account)

    @cached_property
    def rates(self) -> tuple[limits.Ask, ...]:
        return limits.asks_of(self.connector, self.holders, self.token_kind, patience=self.patience)

    @cached_property
    def rates_once_begun(self) -> tuple[limits.Ask, ...]:
        return tuple(replace(ask, patience=self.patience_once_begun) for ask in self.rates)

    @property
    def at_once(self) -> list[leases.AtOnce]:
        """The limits on how many requests are under way at once."""
        declared = self.connector.limits.parallel if settings.PLATFORM_LIMITS else ()
        start, patience = f"limits:{self.connector.code}", self.patience_once_begun if self.has_begun else self.patience
        return [leases.AtOnce(f"{start}:{self.holders.of(one.per)}:at once", one.most, patience) for one in declared]

    @property
    def to_park(self) -> tuple[limits.Ask, ...]:
        """What belongs to this token alone; the whole platform only where nothing does."""
        own = tuple(ask for ask in self.rates if f":{self.holders.token}:" in ask.key)
        return own or self.rates

    async def exchange(self, request: Request) -> Answer:
        if not self.connector.limits.parallel:
            return await self._in_turn(request)
        async with self.desk.leases.held(self.at_once):
            return await self._in_turn(request)

    async def _in_turn(self, request: Request) -> Answer:
        daily = self.connector.limits.daily
        now = self.desk.clock()
        units = limits.units_of(self.connector, self.holders, URL(request.url).path, now) if daily else ()
        await self.desk.limiter.admit((*(self.rates_once_begun if self.has_begun else self.rates), *units))
        self.has_begun = True
        self.count(now, calls=1, units=max((ask.cost for ask in units), default=1))
        return await self.desk.session.exchange(request)

    def count(self, now: datetime, **numbers: int) -> None:
        self.desk.ledger.count(self.connector, now, self.agency_id, **numbers)


def limiter_for(bridge: Bridge) -> Limiter:
    """A limiter of this loop: it reaches the database across the bridge, Redis from a thread."""

    async def reserve(asks: Sequence[tuple[limits.Ask, int]]) -> list[limits.Grant]:
        return await bridge.call(limits.store().reserve, asks)

    async def park(asks: Sequence[tuple[limits.Ask, float]]) -> None:
        await bridge.call(limits.store().park, asks)

    return Limiter(reserve, park) if limits.store().in_database else Limiter(reserve_in_thread, park_in_thread)


def leases_for(bridge: Bridge) -> Leases:
    return Leases(bridge.call if leases.store().in_database else leases.in_thread)


def at_desk(work: Callable[[Desk], Awaitable[Result]], *, clock: Clock = utc_now) -> Result:
    """Run the coroutine with a desk of its own; what was asked is in the ledger when it ends."""

    async def main(bridge: Bridge) -> Result:
        async with open_session() as session:
            desk = Desk(session, limiter_for(bridge), leases_for(bridge), Ledger(), bridge, clock)
            try:
                return await work(desk)
            finally:
                if desk.ledger:
                    await bridge.call(write_down, desk.ledger.take(), clock())

    return run_across(main)


def ask_platform(
    connector: Connector, credentials: Credentials, steps: Steps[Result], *, token_kind: str = ""
) -> Result:
    """Ask while a person waits. Raises ConnectorError; where the limit leaves no room soon, RateLimited."""

    async def work(desk: Desk) -> Result:
        try:
            asking = Asking(desk, connector, credentials, token_kind, PERSONS_PATIENCE, PERSONS_PATIENCE)
            return await desk.visit(asking, steps)
        except Held as held:
            raise RateLimited("our own limit", retry_after=int(held.seconds) + 1) from None

    return at_desk(work)
