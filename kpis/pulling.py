"""Taking a source's numbers: claim, ask, record, say when to come again.

The row is the job. `next_pull_at` says when it is due; one conditional update moves it `CLAIMED_FOR` ahead, and whoever
moved it has the claim (`claimed_at`). Everything that a pull writes is written only while the claim still stands, so a
worker that dies leaves a claim that runs out, and two workers never write the same pull.

When we come again: every three hours of the account's own day, the last time half an hour before its midnight, because
what is told only for the present moment (followers) counts as that day's number; platforms that tell only finished days
are asked every six hours. Each source has its own minutes, so that they do not all come at once.

How far back: on the first pull 90 days, then the rest of the history in pieces of a year, until the platform's own
limit, the account's first day (told, or seen by the silence before it), or three years.
"""

import logging
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import override

from kpis.access import access_for
from kpis.connectors import connector_for
from kpis.connectors.contract import (
    Account,
    Capabilities,
    ConnectorError,
    NotReady,
    RateLimited,
    Reading,
    Reauthorise,
    Transient,
    Window,
)
from kpis.models import PlatformLogin, Source
from kpis.recording import record_reading
from kpis.spending import pay
from projects.models import Project
from smmportal.audit import record
from smmportal.http import run
from smmportal.notifications.actions import announce
from smmportal.people.models import Side

log = logging.getLogger(__name__)

FIRST_DAYS = 90
HISTORY_PIECE = 365
HISTORY_AT_MOST = 3 * 365
#: A piece of history that is silent for so long at its beginning holds the account's first day.
EMPTY_BEGINNING = timedelta(days=30)
ROUND_THE_DAY = (
    time(2, 30),
    time(5, 30),
    time(8, 30),
    time(11, 30),
    time(14, 30),
    time(17, 30),
    time(20, 30),
    time(23, 30),
)
FINISHED_DAYS = (time(5, 30), time(11, 30), time(17, 30), time(23, 30))
SPREAD_MINUTES = 25
NOT_SOONER_THAN = timedelta(minutes=30)
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=6)
#: Asking again soon will not mend these; a person or another day may.
SLOW_PAUSE = timedelta(hours=12)

Clock = Callable[[], datetime]
Chance = Callable[[], float]


@dataclass(frozen=True)
class Pulled:
    """How one pull went. `changed` counts points; `error` is what broke it off."""

    changed: int = 0
    error: ConnectorError | None = None


def pull_source(source: Source, *, clock: Clock = timezone.now, chance: Chance = random.random) -> Pulled | None:
    """Pull the source if it is due and nobody else is at it; None when there was nothing to do.

    `chance` gives numbers from 0 to 1 that spread the pauses after an error.
    """
    claimed_at = claim(source, clock())
    if claimed_at is None:
        return None
    pull = Pull(source, claimed_at, clock)
    try:
        pull.take()
    except ClaimLost:
        log.warning("pull given up: the claim ran out", extra={"source": source.pk})
        return Pulled(pull.changed)
    except ConnectorError as error:
        pull.error = error
    finish(pull, clock(), chance)
    return Pulled(pull.changed, pull.error)


def claim(source: Source, now: datetime) -> datetime | None:
    """Take the due row for ourselves, in one conditional update; None when somebody else has it or it is not due."""
    taken = Source.objects.due(now).filter(pk=source.pk)
    if not taken.update(next_pull_at=now + Source.CLAIMED_FOR, claimed_at=now, last_attempt_at=now):
        return None
    source.refresh_from_db()
    return now


def due_ids(now: datetime, *, at_most: int = 1000) -> list[int]:
    return list(Source.objects.due(now).order_by("next_pull_at").values_list("pk", flat=True)[:at_most])


class ClaimLost(Exception):
    """The claim ran out while we were asking, and another worker has taken the source: what we brought is dropped."""


class Pull:
    """One claimed pull: what is fresh first, then as much history as is left."""

    def __init__(self, source: Source, claimed_at: datetime, clock: Clock) -> None:
        self.source = source
        self.claimed_at = claimed_at
        self.clock = clock
        self.connector = connector_for(source.platform)
        self.changed = 0
        self.error: ConnectorError | None = None

    def take(self) -> None:
        """Ask and record, piece by piece. Raises ConnectorError and ClaimLost; what was recorded stays."""
        now = self.clock()
        window = fresh_window(self.source, self.connector.capabilities, now)
        reading = self._ask(window, self.connector.capabilities.codes)
        complete = {} if reading.error else {"last_success_at": reading.taken_at}
        if self.source.history_from is None:
            complete["history_from"] = window.first
        self._keep(reading, window, self.connector.capabilities.codes, **complete)
        if reading.error:
            raise reading.error
        while piece := history_piece(self.source, self.connector.capabilities, now):
            self._take_history(piece)

    def _take_history(self, piece: Window) -> None:
        metrics = [ability.code for ability in self.connector.capabilities.metrics if not ability.only_now]
        reading = self._ask(piece, metrics)
        if reading.error:
            self._keep(reading, piece, metrics)
            raise reading.error
        if not reading.points:
            self._update(is_history_complete=True)
            return
        oldest = min(point.day for point in reading.points)
        if oldest - piece.first > EMPTY_BEGINNING:
            self._keep(reading, piece, metrics, history_from=oldest, is_history_complete=True)
        else:
            self._keep(reading, piece, metrics, history_from=piece.first)

    def _ask(self, window: Window, metrics: Sequence[str]) -> Reading:
        credentials = access_for(self.source, self.clock())
        pay(self.connector, credentials, self.source.external_id, now=self.clock())
        return run(
            self.connector.read(
                credentials=credentials,
                account=account_of(self.source),
                window=window,
                metrics=metrics,
                taken_at=self.clock(),
            )
        )

    @transaction.atomic
    def _keep(self, reading: Reading, window: Window, metrics: Sequence[str], **fields: object) -> None:
        self._update(**fields)
        part = window.until(reading.taken_at.astimezone(self.source.zone).date()) or window
        self.changed += record_reading(self.source, reading, window=part, metrics=metrics).changed

    def _update(self, **fields: object) -> None:
        """Write on the row as long as it is still ours; the row stays locked to the end of the transaction."""
        if not still_ours(self.source, self.claimed_at).update(claimed_at=self.claimed_at, **fields):
            raise ClaimLost
        for name, value in fields.items():
            setattr(self.source, name, value)


def still_ours(source: Source, claimed_at: datetime):
    return Source.objects.filter(pk=source.pk, claimed_at=claimed_at)


def account_of(source: Source) -> Account:
    return Account(source.external_id, source.title, source.url, source.timezone, began_on=source.began_on)


# --- Which days -----------------------------------------------------------------------------------------------------


def fresh_window(source: Source, capabilities: Capabilities, now: datetime) -> Window:
    """The days that may have news: since the last success, and those that the platform may still change."""
    today = now.astimezone(source.zone).date()
    revised = max(ability.revision_days + ability.lag_days for ability in capabilities.metrics) + 1
    if source.last_success_at:
        first = source.last_success_at.astimezone(source.zone).date() - timedelta(days=revised)
    elif all(ability.only_now for ability in capabilities.metrics):
        first = today
    else:
        first = today - timedelta(days=FIRST_DAYS - 1)
    return Window(min(today, max(first, earliest_day(source, capabilities, today))), today)


def earliest_day(source: Source, capabilities: Capabilities, today: date) -> date:
    """The first day of which the platform can be asked."""
    limits = [today - timedelta(days=HISTORY_AT_MOST)]
    if capabilities.history_days is not None:
        limits.append(today - timedelta(days=capabilities.history_days))
    if source.began_on:
        limits.append(source.began_on)
    return max(limits)


def history_piece(source: Source, capabilities: Capabilities, now: datetime) -> Window | None:
    """The next piece of history to read, going back; None when there is no more."""
    if source.is_history_complete or source.history_from is None:
        return None
    first_of_all = earliest_day(source, capabilities, now.astimezone(source.zone).date())
    last = source.history_from - timedelta(days=1)
    if last < first_of_all or all(ability.only_now for ability in capabilities.metrics):
        return None
    return Window(max(first_of_all, last - timedelta(days=HISTORY_PIECE - 1)), last)


# --- When again -----------------------------------------------------------------------------------------------------


@transaction.atomic
def finish(pull: Pull, now: datetime, chance: Chance) -> None:
    """Give the claim back and say when to come again. Asked for meanwhile or taken over: that stays as it is."""
    source, error = pull.source, pull.error
    if error is None:
        fields = {"error_kind": "", "error_detail": "", "error_words": "", "attempts": 0}
        next_pull_at = next_regular_pull(source, pull.connector.capabilities, now)
    else:
        fields = {**words_of(error), "attempts": F("attempts") + 1}
        next_pull_at = next_pull_after(error, source.attempts + 1, now, chance)
    done = still_ours(source, pull.claimed_at).update(claimed_at=None, next_pull_at=next_pull_at, **fields)
    if done and isinstance(error, Reauthorise):
        tell_of_lost_access(source, now)


def words_of(error: ConnectorError) -> dict[str, str]:
    """The error as it is kept on the row; its sentence untranslated, because its readers speak different languages."""
    with override(None):
        sentence = str(error.sentence)
    return {"error_kind": error.kind, "error_detail": error.detail[:500], "error_words": sentence[:500]}


def next_regular_pull(source: Source, capabilities: Capabilities, now: datetime) -> datetime:
    """The next of the account's own hours, at the source's own minute."""
    hours = ROUND_THE_DAY if any(ability.only_now for ability in capabilities.metrics) else FINISHED_DAYS
    own = timedelta(minutes=source.pk * 7 % SPREAD_MINUTES)
    today = now.astimezone(source.zone).date()
    moments = [
        datetime.combine(day, hour, source.zone).astimezone(now.tzinfo) + own
        for day in (today, today + timedelta(days=1))
        for hour in hours
    ]
    return next(moment for moment in moments if moment >= now + NOT_SOONER_THAN)


def next_pull_after(error: ConnectorError, attempts: int, now: datetime, chance: Chance) -> datetime | None:
    """When to try again: never before the platform allows; never at all when only a person can mend it."""
    if isinstance(error, Reauthorise):
        return None
    if isinstance(error, RateLimited):
        return error.retry_at(now) + FIRST_PAUSE * chance()
    if isinstance(error, Transient | NotReady):
        pause = min(FIRST_PAUSE * 2 ** min(attempts - 1, 12), LONGEST_PAUSE)
        return now + pause * (0.75 + 0.5 * chance())
    return now + SLOW_PAUSE * (0.75 + 0.5 * chance())


def tell_of_lost_access(source: Source, now: datetime) -> None:
    """Write on the login that it was refused, and tell the project's team, once for each time it is lost."""
    PlatformLogin.objects.filter(pk=source.login_id, refused_at=None).update(refused_at=now)
    project = Project.objects.get(pk=source.project_id)
    record("source.access_lost", about=source, project=project, platform=source.platform, title=source.title)
    announce(
        "source.access_lost",
        to=project.people_of(Side.AGENCY),
        about=source,
        facts={"project": project.name, "source": source.title, "platform": source.platform},
    )
