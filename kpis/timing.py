"""Which days a pull asks for, and when it comes again.

When we come again: every three hours of the account's own day, the last time half an hour before its midnight, because
what is told only for the present moment (followers) counts as that day's number; platforms that tell only finished days
are asked every six hours. Each source has its own minutes, so that they do not all come at once.

How far back: on the first pull 90 days, then the rest of the history in pieces of a year, until the platform's own
limit, the account's first day (told, or seen by the silence before it), or three years.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from kpis.connectors.contract import (
    Capabilities,
    ConnectorError,
    NotReady,
    RateLimited,
    Reauthorise,
    Transient,
    Window,
)
from kpis.models import Source

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

Chance = Callable[[], float]


def utc_now() -> datetime:
    """Now. Django's own asks the settings first, which shows where hundreds of pulls ask several times each."""
    return datetime.now(UTC)


# --- Which days -----------------------------------------------------------------------------------------------------


def fresh_window(source: Source, capabilities: Capabilities, now: datetime) -> Window:
    """The days that may have news: since the last success, and those that the platform may still change."""
    today = now.astimezone(source.zone).date()
    if source.last_success_at:
        first = source.last_success_at.astimezone(source.zone).date() - timedelta(days=capabilities.changes_for)
    elif capabilities.knows_only_now:
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
    if source.is_history_complete or source.history_from is None or capabilities.knows_only_now:
        return None
    first_of_all = earliest_day(source, capabilities, now.astimezone(source.zone).date())
    last = source.history_from - timedelta(days=1)
    if last < first_of_all:
        return None
    return Window(max(first_of_all, last - timedelta(days=HISTORY_PIECE - 1)), last)


def next_regular_pull(source: Source, capabilities: Capabilities, now: datetime) -> datetime:
    """The next of the account's own hours, at the source's own minute."""
    hours = ROUND_THE_DAY if capabilities.tells_now else FINISHED_DAYS
    own = timedelta(minutes=source.pk * 7 % SPREAD_MINUTES)
    moments = _hours_from(now.astimezone(source.zone).date(), hours, source.timezone)
    return next(moment + own for moment in moments if moment + own >= now + NOT_SOONER_THAN)


@lru_cache(maxsize=500)
def _hours_from(today: date, hours: tuple[time, ...], zone: str) -> list[datetime]:
    """These hours of today and tomorrow."""
    days = (today, today + timedelta(days=1))
    return [datetime.combine(day, hour, ZoneInfo(zone)).astimezone(UTC) for day in days for hour in hours]


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
