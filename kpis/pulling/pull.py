"""One claimed pull: what is asked, in which order, and what the row says in the end."""

import logging
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from django.utils.translation import override

from kpis.asking import Asking, Clock
from kpis.connectors import CONNECTORS
from kpis.connectors.contract import (
    Account,
    Capabilities,
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
from kpis.models import Source
from kpis.pulling.claims import Claimed
from kpis.recording import Visit
from kpis.spending import pay
from kpis.storing import ClaimLost, Write
from kpis.timing import (
    EMPTY_BEGINNING,
    FIRST_PAUSE,
    Chance,
    fresh_window,
    history_piece,
    next_pull_after,
    next_regular_pull,
)

if TYPE_CHECKING:
    from kpis.pulling.rounds import Round

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Pulled:
    """How one pull went. `changed` counts points; `error` is what broke it off.

    `held`: our own limits left no room, so that it was put back.
    """

    changed: int = 0
    error: ConnectorError | None = None
    held: bool = False

    @property
    def outcome(self) -> str:
        if self.held:
            return "held"
        return self.error.kind if self.error else "ok"


class Pull:
    """One claimed pull: what is fresh first, then as much history as is left."""

    def __init__(self, claimed: Claimed, clock: Clock, chance: Chance, leave: Callable[[], None]) -> None:
        self.leave = leave
        self.source = claimed.source
        self.claimed_at = claimed.at
        self.access = claimed.access
        self.gate = claimed.gate
        self.clock = clock
        self.chance = chance
        self.changed = 0
        self.marked = claimed.retired
        self.retired: tuple[str, ...] = ()

    async def carry_out(self, round_: "Round") -> Pulled:
        """Ask and store, piece by piece. What was stored stays, whatever comes after."""
        error: ConnectorError | None
        try:
            error = await self._take(round_)
        except ClaimLost:
            log.warning("pull given up: the claim ran out", extra={"source": self.source.pk})
            return Pulled(self.changed)
        except Held as held:
            await self._give_back(round_, self._put_back(timedelta(seconds=held.seconds)))
            return Pulled(self.changed, held=True)
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
        asking = round_.asking_for(self, connector, await round_.credentials_of(self), self.access.token_kind)
        now = self.clock()
        told = self.source.capabilities
        window = fresh_window(self.source, told, now)
        self.retired = left_alone(self.marked, told.codes, self.source, now)
        metrics = self._wanted(told.codes)
        reading = await self._ask(asking, window, metrics)
        fields: dict[str, Any] = {} if reading.error else {"last_success_at": reading.taken_at}
        if self.source.history_from is None:
            fields["history_from"] = window.first
        visit = self._visit(reading, window, metrics)
        while piece := None if reading.error else self._next_piece(told, now, fields):
            await self._write(round_, visit, fields)
            reading, visit, fields = await self._take_history(asking, piece)
        await self._write(round_, visit, {**fields, **self.ending(reading.error)})
        return reading.error

    def _wanted(self, codes: Sequence[str]) -> list[str]:
        return [code for code in codes if code not in self.retired] if self.retired else list(codes)

    def _connector(self) -> Connector:
        if self.source.platform not in CONNECTORS:
            raise Permanent(f"no connector for {self.source.platform}")
        return CONNECTORS[self.source.platform]

    def _next_piece(self, told: Capabilities, now: datetime, fields: dict[str, Any]) -> Window | None:
        for name, value in fields.items():
            setattr(self.source, name, value)
        return history_piece(self.source, told, now)

    async def _take_history(self, asking: Asking, piece: Window) -> tuple[Reading, Visit | None, dict[str, Any]]:
        """The next piece of history, and what it says of how far back there is more."""
        abilities = self.source.capabilities.metrics
        metrics = self._wanted([ability.code for ability in abilities if not ability.only_now])
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
        return Visit(self.source, reading, part, metrics, self.retired)

    async def _write(self, round_: "Round", visit: Visit | None, fields: dict[str, Any], **more: Any) -> None:
        """Have it written with the others; raises ClaimLost when the row is no longer ours."""
        self.leave()
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
            again = next_regular_pull(self.source, self.source.capabilities, now)
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


def left_alone(retired: Collection[str], codes: Sequence[str], source: Source, now: datetime) -> tuple[str, ...]:
    """The retired metrics that are not asked for: only a day's first pull asks whether they have come back.

    None where it would be all of them: then asking is the only way to learn anything.
    """
    last = source.last_success_at
    if not retired or last is None or last.astimezone(source.zone).date() < now.astimezone(source.zone).date():
        return ()
    known = tuple(code for code in codes if code in retired)
    return known if len(known) < len(codes) else ()


def account_of(source: Source) -> Account:
    return Account(
        source.external_id,
        source.title,
        source.url,
        source.timezone,
        began_on=source.began_on,
        conditions=source.conditions,
    )


def words_of(error: ConnectorError) -> dict[str, str]:
    """The error as it is kept on the row; its sentence untranslated, because its readers speak different languages."""
    with override(None):
        sentence = str(error.sentence)
    return {"error_kind": error.kind, "error_detail": error.detail[:500], "error_words": sentence[:500]}
