"""Taking sources' numbers: claim those that are due, ask all their platforms at once, store what came in bulk.

The row is the job. `next_pull_at` says when it is due; one conditional update moves it `CLAIMED_FOR` ahead, and whoever
moved it has the claim (`claimed_at`). Everything that a pull writes is written only while the claim still stands, so a
worker that dies leaves a claim that runs out, and two workers never write the same pull.

One event loop drives hundreds of pulls (`kpis.asking`); the thread that started it claims and stores, so no query ever
waits inside the loop, and while one lot is being stored the next gathers.
"""

import asyncio
import gc
import logging
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.translation import override

from kpis import breaker
from kpis.access import Access, accesses_of, keep_renewed
from kpis.asking import Asking, Clock, Desk, at_desk, write_down
from kpis.breaker import Gate
from kpis.connectors import CONNECTORS
from kpis.connectors.contract import (
    Account,
    Connector,
    ConnectorError,
    Outage,
    Permanent,
    Reading,
    Reauthorise,
    Unreadable,
    Window,
)
from kpis.limits import Held
from kpis.models import PlatformLogin, Source
from kpis.recording import Visit
from kpis.spending import pay
from kpis.storing import ClaimLost, Write, store
from kpis.timing import (
    EMPTY_BEGINNING,
    FIRST_PAUSE,
    Chance,
    fresh_window,
    history_piece,
    next_pull_after,
    next_regular_pull,
)

log = logging.getLogger(__name__)

#: So many sources are claimed in one go, and so many are in flight at most, asked or waiting to be written: those that
#: hang must not hold up the rest, and while one lot is written the loop must have something to ask.
BATCH = 500
IN_FLIGHT = 2000
#: A round takes on no more sources after so many seconds; the timetable starts the next one.
ROUND_TAKES = 25.0
LEDGER_EVERY = 2.0
#: While some are slow to answer, others may have become due.
LOOK_AGAIN = 1.0
USUAL_COLLECTIONS = gc.get_threshold()


@dataclass(frozen=True)
class Pulled:
    """How one pull went. `changed` counts points; `error` is what broke it off."""

    changed: int = 0
    error: ConnectorError | None = None


@dataclass(frozen=True)
class Claimed:
    """A source that is ours until the claim runs out, with the access to ask with."""

    source: Source
    at: datetime
    access: Access
    gate: Gate


def pull_source(source: Source, *, clock: Clock = timezone.now, chance: Chance = random.random) -> Pulled | None:
    """Pull the source if it is due and nobody else is at it; None when there was nothing to do.

    `chance` gives numbers from 0 to 1 that spread the pauses after an error.
    """
    claimed = claim_due(clock(), only=source.pk)
    return pull_claimed(claimed, clock=clock, chance=chance)[source.pk] if claimed else None


def pull_claimed(
    claimed: Sequence[Claimed], *, clock: Clock = timezone.now, chance: Chance = random.random
) -> dict[int, Pulled]:
    """Pull these and no others; how each went, by source."""
    rest = [claimed]
    done: dict[int, Pulled] = {}
    run_round(lambda _number: rest.pop() if rest else [], clock=clock, chance=chance, done=done)
    return done


def pull_due(
    *, clock: Clock = timezone.now, chance: Chance = random.random, seconds: float = ROUND_TAKES
) -> Counter[str]:
    """Pull whatever is due until nothing is, or the time is up. Returns how many went well («ok») or how else."""
    ends = time.monotonic() + seconds

    def more(number: int) -> list[Claimed]:
        return claim_due(clock(), at_most=number) if time.monotonic() < ends else []

    with few_collections():
        return run_round(more, clock=clock, chance=chance)


@contextmanager
def few_collections() -> Iterator[None]:
    """Hundreds of pulls in flight keep growing and shedding objects; what the process had before is not looked through
    for garbage again and again meanwhile, which took a third of the time."""
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    try:
        yield
    finally:
        gc.set_threshold(*USUAL_COLLECTIONS)
        gc.unfreeze()


# --- Claims ---------------------------------------------------------------------------------------------------------

#: The rows are chosen once and for all: a subquery that skips locked rows would be run again for each row, without end.
CLAIM = """
WITH due AS MATERIALIZED (
    SELECT id FROM kpis_source WHERE paused_at IS NULL AND next_pull_at <= %s {only}
    ORDER BY next_pull_at LIMIT %s {lock}
)
UPDATE kpis_source SET next_pull_at = %s, claimed_at = %s, last_attempt_at = %s
WHERE id IN (SELECT id FROM due) AND paused_at IS NULL AND next_pull_at <= %s
RETURNING *
"""


def claim_due(now: datetime, *, at_most: int = BATCH, only: int | None = None) -> list[Claimed]:
    """Take due rows for ourselves in one conditional update, those that have waited longest first.

    Rows that somebody else is claiming at the moment are passed over.
    """
    sources = claim(now, at_most=at_most, only=only)
    access = accesses_of((source.login_id for source in sources), now)
    gates = breaker.gates({source.platform for source in sources}, now)
    claimed = []
    for source in sources:
        gate = gates[source.platform]
        claimed.append(Claimed(source, now, access[source.login_id], gate))
        if gate.is_probe:
            gates[source.platform] = Gate(gate.opens_at)
    return claimed


def claim(now: datetime, *, at_most: int = BATCH, only: int | None = None) -> list[Source]:
    """The rows that were due and are ours now, with nothing of the access or the platform looked up yet."""
    lock = "FOR UPDATE SKIP LOCKED" if connection.vendor == "postgresql" else ""
    statement = CLAIM.format(only="" if only is None else "AND id = %s", lock=lock)
    moment = connection.ops.adapt_datetimefield_value
    due, until = moment(now), moment(now + Source.CLAIMED_FOR)
    chosen = [] if only is None else [only]
    return list(Source.objects.raw(statement, [due, *chosen, at_most, until, due, due, due]))


# --- One pull -------------------------------------------------------------------------------------------------------


class Pull:
    """One claimed pull: what is fresh first, then as much history as is left."""

    def __init__(self, claimed: Claimed, clock: Clock, chance: Chance) -> None:
        self.source = claimed.source
        self.claimed_at = claimed.at
        self.access = claimed.access
        self.gate = claimed.gate
        self.clock = clock
        self.chance = chance
        self.changed = 0

    async def carry_out(self, round_: "Round") -> Pulled:
        """Ask and store, piece by piece. What was stored stays, whatever comes after."""
        error: ConnectorError | None
        try:
            error = await self._take(round_)
        except ClaimLost:
            log.warning("pull given up: the claim ran out", extra={"source": self.source.pk})
            return Pulled(self.changed)
        except Held as held:
            error = None
            await self._give_back(round_, self._put_back(timedelta(seconds=held.seconds)))
        except ConnectorError as problem:
            error = problem
            await self._give_back(round_, self.ending(error))
        except Exception as problem:
            log.exception("a pull failed through our own mistake", extra={"source": self.source.pk})
            error = Unreadable(f"{type(problem).__name__}: {problem}"[:200])
            await self._give_back(round_, self.ending(error))
        return Pulled(self.changed, error)

    async def _take(self, round_: "Round") -> ConnectorError | None:
        """Raises ConnectorError, Held and ClaimLost; returns the error after which something had come all the same."""
        connector = self._connector()
        if not self.gate.is_open and not self.gate.is_probe:
            raise Outage("the breaker is open")
        asking = Asking(round_.desk, connector, await round_.credentials_of(self), self.access.token_kind)
        now = self.clock()
        window = fresh_window(self.source, connector.capabilities, now)
        reading = await self._ask(asking, window, connector.capabilities.codes)
        fields: dict[str, Any] = {} if reading.error else {"last_success_at": reading.taken_at}
        if self.source.history_from is None:
            fields["history_from"] = window.first
        visit = self._visit(reading, window, connector.capabilities.codes)
        while piece := None if reading.error else self._next_piece(connector, now, fields):
            await self._write(round_, visit, fields)
            reading, visit, fields = await self._take_history(asking, piece)
        await self._write(round_, visit, {**fields, **self.ending(reading.error)})
        return reading.error

    def _connector(self) -> Connector:
        if self.source.platform not in CONNECTORS:
            raise Permanent(f"no connector for {self.source.platform}")
        return CONNECTORS[self.source.platform]

    def _next_piece(self, connector: Connector, now: datetime, fields: dict[str, Any]) -> Window | None:
        for name, value in fields.items():
            setattr(self.source, name, value)
        return history_piece(self.source, connector.capabilities, now)

    async def _take_history(self, asking: Asking, piece: Window) -> tuple[Reading, Visit | None, dict[str, Any]]:
        """The next piece of history, and what it says of how far back there is more."""
        metrics = [ability.code for ability in asking.connector.capabilities.metrics if not ability.only_now]
        reading = await self._ask(asking, piece, metrics)
        visit = self._visit(reading, piece, metrics)
        if reading.error:
            return reading, visit, {}
        if not reading.points:
            return reading, None, {"is_history_complete": True}
        oldest = min(point.day for point in reading.points)
        if oldest - piece.first > EMPTY_BEGINNING:
            return reading, visit, {"history_from": oldest, "is_history_complete": True}
        return reading, visit, {"history_from": piece.first}

    async def _ask(self, asking: Asking, window: Window, metrics: Sequence[str]) -> Reading:
        if asking.connector.monthly_budget is not None:
            whom, call = self.source.external_id, asking.desk.bridge.call
            await call(partial(pay, asking.connector, asking.credentials, whom, now=self.clock()))
        steps = asking.connector.read(
            credentials=asking.credentials,
            account=account_of(self.source),
            window=window,
            metrics=metrics,
            taken_at=self.clock(),
        )
        return await asking.desk.visit(asking, steps, is_probe=self.gate.is_probe)

    def _visit(self, reading: Reading, window: Window, metrics: Sequence[str]) -> Visit:
        part = window.until(reading.taken_at.astimezone(self.source.zone).date()) or window
        return Visit(self.source, reading, part, metrics)

    async def _write(self, round_: "Round", visit: Visit | None, fields: dict[str, Any], **more: Any) -> None:
        """Have it written with the others; raises ClaimLost when the row is no longer ours."""
        self.changed += await round_.write(Write(self.source, self.claimed_at, fields, visit, **more))

    async def _give_back(self, round_: "Round", fields: dict[str, Any]) -> None:
        lost = self.clock() if fields.get("error_kind") == Reauthorise.kind else None
        try:
            await self._write(round_, None, fields, lost_access=lost)
        except ClaimLost:
            log.warning("pull given up: the claim ran out", extra={"source": self.source.pk})

    # --- What the row says in the end ---

    def ending(self, error: ConnectorError | None) -> dict[str, Any]:
        """Give the claim back and say when to come again."""
        now = self.clock()
        if error is None:
            again = next_regular_pull(self.source, CONNECTORS[self.source.platform].capabilities, now)
            clean = {"error_kind": "", "error_detail": "", "error_words": "", "attempts": 0}
            return {"claimed_at": None, "next_pull_at": again, **clean}
        if isinstance(error, Outage):
            return {**self._put_back((self.gate.opens_at or now) - now), **words_of(error)}
        attempts = self.source.attempts + 1
        again = next_pull_after(error, attempts, now, self.chance)
        return {"claimed_at": None, "next_pull_at": again, "attempts": attempts, **words_of(error)}

    def _put_back(self, pause: timedelta) -> dict[str, Any]:
        """Not asked at all: what the row says of the last time stays."""
        return {"claimed_at": None, "next_pull_at": self.clock() + pause + FIRST_PAUSE * self.chance()}


def account_of(source: Source) -> Account:
    return Account(source.external_id, source.title, source.url, source.timezone, began_on=source.began_on)


def words_of(error: ConnectorError) -> dict[str, str]:
    """The error as it is kept on the row; its sentence untranslated, because its readers speak different languages."""
    with override(None):
        sentence = str(error.sentence)
    return {"error_kind": error.kind, "error_detail": error.detail[:500], "error_words": sentence[:500]}


# --- Many pulls -----------------------------------------------------------------------------------------------------

More = Callable[[int], Sequence[Claimed]]


def run_round(more: More, *, clock: Clock, chance: Chance, done: dict[int, Pulled] | None = None) -> Counter[str]:
    """Pull what `more(number)` claims, until it brings nothing and everything is written."""

    async def work(desk: Desk) -> Counter[str]:
        return await Round(desk, more, clock, chance, done).run()

    return at_desk(work, clock=clock)


@dataclass
class Round:
    """Many pulls in one event loop."""

    desk: Desk
    more: More
    clock: Clock
    chance: Chance
    done: dict[int, Pulled] | None = None
    counts: Counter[str] = field(default_factory=Counter)
    _running: set[asyncio.Task[None]] = field(default_factory=set)
    _writes: list[tuple[Write, asyncio.Future[int]]] = field(default_factory=list)
    _renewals: dict[int, asyncio.Future[dict[str, str]]] = field(default_factory=dict)
    _writer: asyncio.Task[None] | None = None
    _room: asyncio.Event = field(default_factory=asyncio.Event)
    _room_at: int = 0

    async def run(self) -> Counter[str]:
        """Keep the loop full: take on more whenever a batch of them has room, and while some are slow to answer."""
        ledger = asyncio.create_task(self._keep_ledger())
        try:
            while True:
                claimed = await self.desk.bridge.call(self.more, BATCH)
                for each in claimed:
                    self._start(each)
                if not self._running:
                    break
                await self._until_running(IN_FLIGHT - BATCH if claimed else 0, None if claimed else LOOK_AGAIN)
        finally:
            ledger.cancel()
        return self.counts

    async def _until_running(self, at_most: int, seconds: float | None) -> None:
        """Wait until no more than so many are in flight, or for so long."""
        if len(self._running) <= at_most:
            return
        self._room_at, self._room = at_most, asyncio.Event()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._room.wait(), seconds)

    def _start(self, claimed: Claimed) -> None:
        task = asyncio.create_task(self._pull(claimed))
        self._running.add(task)
        task.add_done_callback(self._end)

    def _end(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        if len(self._running) <= self._room_at:
            self._room.set()

    async def _pull(self, claimed: Claimed) -> None:
        try:
            pulled = await Pull(claimed, self.clock, self.chance).carry_out(self)
        except Exception:
            log.exception("a claim was left to run out", extra={"source": claimed.source.pk})
            return
        self.counts[pulled.error.kind if pulled.error else "ok"] += 1
        if self.done is not None:
            self.done[claimed.source.pk] = pulled

    # --- Writing together ---

    async def write(self, write: Write) -> int:
        """Written with whatever else has gathered; how many points changed. Raises what kept it from being written."""
        place: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._writes.append((write, place))
        if self._writer is None:
            self._writer = asyncio.create_task(self._write_all())
        return await place

    async def _write_all(self) -> None:
        try:
            while self._writes:
                lot, self._writes = self._writes[:BATCH], self._writes[BATCH:]
                outcomes = await self.desk.bridge.call(store, [write for write, _place in lot])
                for (_write, place), outcome in zip(lot, outcomes, strict=True):
                    if isinstance(outcome, Exception):
                        place.set_exception(outcome)
                    else:
                        place.set_result(outcome)
        finally:
            self._writer = None

    async def _keep_ledger(self) -> None:
        while True:
            await asyncio.sleep(LEDGER_EVERY)
            if self.desk.ledger:
                await self.desk.bridge.call(write_down, self.desk.ledger.take(), self.clock())

    # --- Access ---

    async def credentials_of(self, pull: Pull) -> dict[str, str]:
        """What to ask with, renewed once for all sources of the login. Raises ConnectorError."""
        access = pull.access
        if access.problem:
            raise access.problem
        if access.login is None or not (access.renew or access.login.pk in self._renewals):
            return dict(access.credentials)
        if access.login.pk not in self._renewals:
            renewal = asyncio.ensure_future(self._renew(access.login, CONNECTORS[pull.source.platform]))
            self._renewals[access.login.pk] = renewal
        return dict(await self._renewals[access.login.pk])

    async def _renew(self, login: PlatformLogin, connector: Connector) -> dict[str, str]:
        fresh = None
        try:
            asking = Asking(self.desk, connector, login.credentials, login.token_kind)
            fresh = await self.desk.visit(asking, connector.renew(login.credentials))
        finally:
            await self.desk.bridge.call(keep_renewed, login, fresh)
        return login.credentials
