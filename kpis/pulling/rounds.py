"""Many pulls in one event loop: their places at the table, their writes gathered, their renewals shared."""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any, ClassVar

from kpis.access import keep_renewed
from kpis.asking import Asking, Clock, Desk, write_down
from kpis.connectors import CONNECTORS
from kpis.connectors.contract import Connector, Credentials
from kpis.models import PlatformLogin
from kpis.pulling.claims import BATCH, Claimed
from kpis.pulling.pull import Pull, Pulled
from kpis.storing import store
from kpis.timing import Chance

log = logging.getLogger(__name__)

#: So many are written in one go at most, and so many are in flight, asked or waiting to be written: while one lot is
#: written the loop must have something to ask.
LOT = 1000
#: A lot costs as many statements as a single one: so many are waited for, but no longer than so many seconds, and not
#: when everybody else has come.
ENOUGH = 250
GATHERS = 0.1
IN_FLIGHT = 2000
#: So many are asked side by side. Whoever is slower than `SLOW_AFTER` seconds gives its place away and goes on, so
#: that platforms that hang hold up nobody else.
PLACES = 400
SLOW_AFTER = 1.0
LEDGER_EVERY = 2.0
#: While some are slow to answer, others may have become due.
LOOK_AGAIN = 1.0

More = Callable[[int], Sequence[Claimed]]


class Places:
    """Places at the table of one event loop, kept for a moment only."""

    def __init__(self, number: int = PLACES, seconds: float = SLOW_AFTER) -> None:
        self.free, self.seconds = number, seconds
        self._freed: asyncio.Event | None = None

    async def take(self) -> Callable[[], None]:
        """Wait for a free place; what gives it back, once, is called by itself when the time is over."""
        while self.free <= 0:
            self._freed = asyncio.Event()
            await self._freed.wait()
        self.free -= 1
        timer = asyncio.get_running_loop().call_later(self.seconds, self._give_back)
        return partial(self._leave, timer)

    def _leave(self, timer: asyncio.TimerHandle) -> None:
        if not timer.cancelled() and timer.when() > asyncio.get_running_loop().time():
            timer.cancel()
            self._give_back()

    def _give_back(self) -> None:
        self.free += 1
        if self._freed:
            self._freed.set()


@dataclass
class Round:
    """Many pulls in one event loop: what is pulled of each, and how what came is stored, may be another's to say."""

    pull: ClassVar[type[Pull]] = Pull
    store: ClassVar[Callable[[list[Any]], list[int | Exception]]] = staticmethod(store)

    desk: Desk
    more: More
    clock: Clock
    chance: Chance
    done: dict[int, Pulled] | None = None
    counts: Counter[str] = field(default_factory=Counter)
    places: Places = field(default_factory=Places)
    _running: set[asyncio.Task[None]] = field(default_factory=set)
    _writes: list[tuple[Any, asyncio.Future[int]]] = field(default_factory=list)
    _renewals: dict[int, asyncio.Future[dict[str, str]]] = field(default_factory=dict)
    _writer: asyncio.Task[None] | None = None
    _gathered: asyncio.Event = field(default_factory=asyncio.Event)
    _room: asyncio.Event = field(default_factory=asyncio.Event)
    _room_at: int = 0

    async def run(self) -> Counter[str]:
        """Keep the loop full: take on more whenever a batch of them has room, and while some are slow to answer."""
        ledger = asyncio.create_task(self._keep_ledger())
        try:
            while True:
                claimed = await self.desk.bridge.call(self.more, BATCH)
                for each in claimed:
                    self._start(each, await self.places.take())
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

    def _start(self, claimed: Claimed, leave: Callable[[], None]) -> None:
        task = asyncio.create_task(self._pull(claimed, leave))
        self._running.add(task)
        task.add_done_callback(self._end)

    def _end(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        if len(self._running) <= self._room_at:
            self._room.set()
        self._look_who_came()

    async def _pull(self, claimed: Claimed, leave: Callable[[], None]) -> None:
        try:
            pulled = await self.pull(claimed, self.clock, self.chance, leave).carry_out(self)
        except Exception:
            log.exception("a claim was left to run out", extra={"source": claimed.source.pk})
            return
        finally:
            leave()
        self.counts[pulled.outcome] += 1
        if self.done is not None:
            self.done[claimed.source.pk] = pulled

    # --- Writing together ---

    async def write(self, write: Any) -> int:
        """Written with whatever else has gathered; how many points changed. Raises what kept it from being written."""
        place: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._writes.append((write, place))
        self._look_who_came()
        if self._writer is None:
            self._writer = asyncio.create_task(self._write_all())
        return await place

    def _look_who_came(self) -> None:
        if len(self._writes) >= min(ENOUGH, len(self._running)):
            self._gathered.set()

    async def _write_all(self) -> None:
        try:
            while self._writes:
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._gathered.wait(), GATHERS)
                self._gathered.clear()
                lot, self._writes = self._writes[:LOT], self._writes[LOT:]
                self._look_who_came()
                outcomes = await self.desk.bridge.call(self.store, [write for write, _place in lot])
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
            renewal = asyncio.ensure_future(self._renew(pull, access.login, CONNECTORS[pull.source.platform]))
            self._renewals[access.login.pk] = renewal
        return dict(await self._renewals[access.login.pk])

    def asking_for(self, pull: Pull, connector: Connector, credentials: Credentials, token_kind: str) -> Asking:
        agency_id = getattr(pull.source, "agency_id", None)  # the claim brings it along
        return Asking(
            self.desk, connector, credentials, token_kind, account=pull.source.external_id, agency_id=agency_id
        )

    async def _renew(self, pull: Pull, login: PlatformLogin, connector: Connector) -> dict[str, str]:
        fresh = None
        try:
            asking = self.asking_for(pull, connector, login.credentials, login.token_kind)
            fresh = await self.desk.visit(asking, connector.renew(login.credentials))
        finally:
            await self.desk.bridge.call(keep_renewed, login, fresh)
        return login.credentials
