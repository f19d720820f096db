"""Asking platforms: within their limits, counted in the ledger, and with the breaker told how it went."""

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import cached_property
from typing import TypeVar
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from yarl import URL

from kpis import breaker, limits
from kpis.connectors.contract import Connector, ConnectorError, Credentials, RateLimited, Steps, Transient
from kpis.limits import Held, Limiter
from kpis.models import PlatformDay
from smmportal.bridge import Bridge, run_across
from smmportal.http import Answer, Request, Session, drive, open_session

Result = TypeVar("Result")
Clock = Callable[[], datetime]
#: A person who waits for the answer waits at most so long for our turn.
PERSONS_PATIENCE = 5.0


# --- The ledger -----------------------------------------------------------------------------------------------------


@dataclass
class Ledger:
    """What was asked since it was last written down. It belongs to one event loop."""

    lines: dict[tuple[str, date], Counter[str]] = field(default_factory=dict)
    visits: dict[str, Counter[str]] = field(default_factory=dict)

    def count(self, connector: Connector, now: datetime, **numbers: int) -> None:
        line = self.lines.setdefault((connector.code, ledger_day(connector, now)), Counter())
        line.update(numbers)

    def note_visit(self, platform: str, *, failed: bool, is_probe: bool) -> None:
        visits = self.visits.setdefault(platform, Counter())
        visits.update(asked=1, failed=failed, **({"probe_failed" if failed else "probe_well": 1} if is_probe else {}))

    def take(self) -> "Ledger":
        """What there is, leaving this one empty."""
        taken = Ledger(self.lines, self.visits)
        self.lines, self.visits = {}, {}
        return taken

    def __bool__(self) -> bool:
        return bool(self.lines or self.visits)


def ledger_day(connector: Connector, now: datetime) -> date:
    """The day of the platform's own quota."""
    zone = next((daily.zone for daily in connector.limits.daily), "UTC")
    return now.astimezone(UTC if zone == "UTC" else ZoneInfo(zone)).date()


@transaction.atomic
def write_down(ledger: Ledger, now: datetime) -> None:
    """Add what was counted to the rows that everybody reads."""
    PlatformDay.objects.bulk_create(
        [PlatformDay(platform=platform, day=day) for platform, day in sorted(ledger.lines)], ignore_conflicts=True
    )
    for (platform, day), line in sorted(ledger.lines.items()):
        added = {name: F(name) + number for name, number in line.items() if number}
        if added:
            PlatformDay.objects.filter(platform=platform, day=day).update(**added)
    if ledger.visits:
        breaker.note({platform: outcomes_of(visits) for platform, visits in ledger.visits.items()}, now)


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
        return result

    async def note(self, asking: "Asking", error: ConnectorError | None, *, is_probe: bool) -> None:
        """Tell the breaker how it went; a platform that asks us to wait is left in peace by everybody."""
        failed = isinstance(error, Transient)
        self.ledger.note_visit(asking.connector.code, failed=failed, is_probe=is_probe)
        if failed:
            self.ledger.count(asking.connector, self.clock(), errors=1)
        if isinstance(error, RateLimited):
            self.ledger.count(asking.connector, self.clock(), slowed=1)
            self.limiter.forget(asking.to_park)
            await park(self.bridge, asking.to_park, error.retry_after)


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
    has_begun: bool = False

    @cached_property
    def rates(self) -> tuple[limits.Ask, ...]:
        return limits.asks_of(self.connector, self.credentials, self.token_kind, patience=self.patience)

    @cached_property
    def rates_once_begun(self) -> tuple[limits.Ask, ...]:
        return tuple(replace(ask, patience=self.patience_once_begun) for ask in self.rates)

    @cached_property
    def token(self) -> str:
        return limits.token_key(self.connector, self.credentials)

    @property
    def to_park(self) -> tuple[limits.Ask, ...]:
        """What belongs to this token alone; the whole platform only where nothing does."""
        own = tuple(ask for ask in self.rates if f":{self.token}:" in ask.key)
        return own or self.rates

    async def exchange(self, request: Request) -> Answer:
        daily = self.connector.limits.daily
        now = self.desk.clock()
        units = limits.units_of(self.connector, self.token, URL(request.url).path, now) if daily else ()
        await self.desk.limiter.admit((*(self.rates_once_begun if self.has_begun else self.rates), *units))
        self.has_begun = True
        cost = max((ask.cost for ask in units), default=1)
        self.desk.ledger.count(self.connector, now, calls=1, units=cost)
        return await self.desk.session.exchange(request)


async def park(bridge: Bridge, asks: Sequence[limits.Ask], seconds: float) -> None:
    """Let nobody use these limits for so long."""
    if not asks:
        return
    if limits.store().in_database:
        await bridge.call(limits.store().park, asks, seconds)
    else:
        await limits.park_in_thread(asks, seconds)


def reserve_for(bridge: Bridge) -> limits.Reserve:
    """How a limiter of this loop reaches the shared store: the database across the bridge, Redis from a thread."""

    async def across(asks: Sequence[tuple[limits.Ask, int]]) -> list[limits.Grant]:
        return await bridge.call(limits.store().reserve, asks)

    return across if limits.store().in_database else limits.reserve_in_thread


def at_desk(work: Callable[[Desk], Awaitable[Result]], *, clock: Clock = timezone.now) -> Result:
    """Run the coroutine with a desk of its own; what was asked is in the ledger when it ends."""

    async def main(bridge: Bridge) -> Result:
        async with open_session() as session:
            desk = Desk(session, Limiter(reserve_for(bridge)), Ledger(), bridge, clock)
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
