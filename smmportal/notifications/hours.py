"""When a person is told: their quiet hours and the hour of their digest, by the clock on their own wall. Pure.

Wall clocks are put forward and back. An hour that the clock skips is the moment right after the skip; of one that comes
twice a digest takes the first, and quiet hours end at the first of the two that is still ahead.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Hours:
    """`quiet` is from and to, past midnight where the first is later; None: letters come at any hour."""

    zone: ZoneInfo
    digest: time
    quiet: tuple[time, time] | None = None


def is_quiet_at(clock: time, hours: Hours) -> bool:
    """Whether the wall clock that shows this stands in the quiet hours."""
    if hours.quiet is None:
        return False
    first, last = hours.quiet
    return first <= clock < last if first <= last else clock >= first or clock < last


def quiet_until(moment: datetime, hours: Hours) -> datetime | None:
    """When the quiet hours that hold this moment end; None outside of them."""
    if hours.quiet is None or not is_quiet_at(moment.astimezone(hours.zone).time(), hours):
        return None
    return next(at for at in moments_of(hours.quiet[1], moment, hours.zone, folds=(0, 1)) if at > moment)


def next_digest(moment: datetime, hours: Hours) -> datetime:
    """The first digest after this moment: one on each day of the wall clock."""
    return next(at for at in moments_of(hours.digest, moment, hours.zone) if at > moment)


def day_of(moment: datetime, hours: Hours) -> date:
    return moment.astimezone(hours.zone).date()


def moments_of(clock: time, around: datetime, zone: ZoneInfo, folds: tuple[int, ...] = (0,)) -> list[datetime]:
    """When the wall clock shows this time on the days around a moment, in order."""
    today = around.astimezone(zone).date()
    days = (today + DAY * offset for offset in (-1, 0, 1, 2))
    found = {datetime.combine(day, clock, zone).replace(fold=fold).astimezone(UTC) for day in days for fold in folds}
    return sorted(found)
