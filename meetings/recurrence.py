"""When a series of meetings comes again: rules of RFC 5545, days off, clock changes. Pure: no database, no clock.

A rule gives days on the wall calendar of the series' zone; `moment_of` makes moments of them, so that 10:00 stays 10:00
through every clock change. Two hours of a year are odd, and RFC 5545 (3.3.5) settles both: an hour that the clocks skip
moves forward by as much as they do (02:30 becomes 03:30), and of an hour that they repeat the first one is meant.
A monthly day that a month does not have (the 31st of April) is no day of the rule, as the RFC says: whoever means the
month's last day says so with -1.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import takewhile
from typing import Literal, get_args
from zoneinfo import ZoneInfo

from dateutil.rrule import MO, MONTHLY, WEEKLY, rrule, weekday

DayOff = Literal["skip", "move", "keep"]
DAY_OFF: tuple[DayOff, ...] = get_args(DayOff)
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
FREQUENCIES = {"WEEKLY": WEEKLY, "MONTHLY": MONTHLY}
#: A rule that names a day that never comes is looked for no longer than this.
LAST_YEAR = 2200
MOST_INTERVAL, MOST_COUNT = 24, 1000
#: The last of the month.
LAST = -1
SATURDAY = 5
#: No country rests longer than this at a time.
LONGEST_REST = 31

IsOff = Callable[[date], bool]


class Unreadable(ValueError):
    """What is written is no rule of ours; `text` is the part that is not understood."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


@dataclass(frozen=True)
class Rule:
    """Every `interval` weeks on `weekdays` (Monday is 0), or every `interval` months on `month_day` (1–31; -1 is the
    last) or on the `nth` (1–4; -1 is the last) of one weekday. It ends after `until`, or after `count` days of it
    (those that are skipped count too), or never."""

    monthly: bool = False
    interval: int = 1
    weekdays: tuple[int, ...] = ()
    nth: int | None = None
    month_day: int | None = None
    until: date | None = None
    count: int | None = None

    @property
    def is_open(self) -> bool:
        return self.until is None and self.count is None


@dataclass(frozen=True)
class Planned:
    """One day of a rule, and the day it is held on: another one, or none, when the first is a day off."""

    day: date
    held_on: date | None


# --- Days -----------------------------------------------------------------------------------------------------------


def days_of(rule: Rule, starts_on: date) -> Iterator[date]:
    """The days of the rule from `starts_on` on, in order; without end when the rule has none."""
    until = rule.until and datetime.combine(rule.until, time())
    bounds = (
        {"count": rule.count} if rule.count else {"until": until or datetime.combine(date(LAST_YEAR, 12, 31), time())}
    )
    start = datetime.combine(starts_on, time())
    frequency = MONTHLY if rule.monthly else WEEKLY
    for moment in rrule(frequency, dtstart=start, interval=rule.interval, wkst=MO, **bounds, **parts_of(rule)):
        if moment.year > LAST_YEAR:
            return
        yield moment.date()


def parts_of(rule: Rule) -> dict:
    if rule.monthly and rule.nth is not None:
        return {"byweekday": [weekday(day)(rule.nth) for day in rule.weekdays]}
    return {"bymonthday": rule.month_day} if rule.monthly else {"byweekday": list(rule.weekdays)}


def first_day(rule: Rule, starts_on: date) -> date | None:
    """The rule's own first day: RFC 5545 wants a series to begin on one."""
    return next(days_of(replace(rule, count=None), starts_on), None)


def is_day_of(rule: Rule, starts_on: date, day: date) -> bool:
    return day in takewhile(lambda each: each <= day, days_of(rule, starts_on))


def plan(
    rule: Rule, starts_on: date, last: date, *, off: DayOff = "keep", is_off: IsOff | None = None
) -> list[Planned]:
    """The days up to `last` and where each is held. `move` takes the next working day, unless the rule's own next day
    comes no later: two meetings of a series never share a day, and then the first is skipped."""
    found: list[Planned] = []
    days = days_of(rule, starts_on)
    day, following = next(days, None), next(days, None)
    while day is not None and day <= last:
        found.append(Planned(day, held_on(day, following, off, is_off)))
        day, following = following, next(days, None)
    return found


def held_on(day: date, following: date | None, off: DayOff, is_off: IsOff | None) -> date | None:
    if off == "keep" or is_off is None or not is_off(day):
        return day
    if off == "skip":
        return None
    working = next_working_day(day, is_off)
    return working if working and (following is None or working < following) else None


def next_working_day(day: date, is_off: IsOff) -> date | None:
    later = (day + timedelta(days=number) for number in range(1, LONGEST_REST + 1))
    return next((each for each in later if each.weekday() < SATURDAY and not is_off(each)), None)


def shifted(rule: Rule, was: date, becomes: date) -> Rule:
    """The same rhythm after its day `was` became `becomes`: Tuesdays become Wednesdays, the second Tuesday that moved
    into the third week the third Wednesday."""
    if rule.monthly and rule.nth is not None:
        return replace(rule, weekdays=(becomes.weekday(),), nth=nth_of(becomes, was_last=rule.nth == LAST))
    if rule.monthly:
        stays_last = rule.month_day == LAST and is_last_day(becomes)
        return replace(rule, month_day=LAST if stays_last else becomes.day)
    step = becomes.weekday() - was.weekday()
    return replace(rule, weekdays=tuple(sorted((day + step) % 7 for day in rule.weekdays)))


def nth_of(day: date, *, was_last: bool = False) -> int:
    """Which of its weekday in the month this day is; the fifth is always the last."""
    number = (day.day - 1) // 7 + 1
    is_last = (day + timedelta(days=7)).month != day.month
    return LAST if number == 5 or (was_last and is_last) else number


def is_last_day(day: date) -> bool:
    return (day + timedelta(days=1)).month != day.month


# --- Moments --------------------------------------------------------------------------------------------------------


def moment_of(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """That wall-clock time of that day, in UTC; see above for the two odd hours."""
    return datetime.combine(day, clock.replace(fold=0), tzinfo=zone).astimezone(UTC)


# --- As RFC 5545 writes it ------------------------------------------------------------------------------------------


def written(rule: Rule) -> str:
    """Without its end, which `ended` adds: «FREQ=WEEKLY;INTERVAL=2;BYDAY=TU»."""
    parts = [f"FREQ={'MONTHLY' if rule.monthly else 'WEEKLY'}"]
    if rule.interval > 1:
        parts.append(f"INTERVAL={rule.interval}")
    if rule.month_day is not None:
        parts.append(f"BYMONTHDAY={rule.month_day}")
    else:
        parts.append("BYDAY=" + ",".join(f"{rule.nth or ''}{DAYS[day]}" for day in rule.weekdays))
    return ";".join(parts)


def ended(rule: Rule, zone: ZoneInfo) -> str:
    """As calendars read it: the last moment is in UTC, as RFC 5545 wants it beside a start with a zone."""
    if rule.count:
        return f"{written(rule)};COUNT={rule.count}"
    if rule.until:
        return f"{written(rule)};UNTIL={moment_of(rule.until, time(23, 59, 59), zone):%Y%m%dT%H%M%SZ}"
    return written(rule)


def read_rule(text: str) -> Rule:
    """A rule as RFC 5545 writes it, of those that a series may have. Raises Unreadable with the part that is not."""
    parts = dict(pair_of(part) for part in text.strip().removeprefix("RRULE:").split(";") if part)
    frequency = parts.pop("FREQ", "")
    if frequency not in FREQUENCIES:
        raise Unreadable(f"FREQ={frequency}")
    monthly = frequency == "MONTHLY"
    rule = Rule(
        monthly=monthly,
        interval=number_in(parts.pop("INTERVAL", "1"), 1, MOST_INTERVAL),
        until=read_until(parts.pop("UNTIL", "")),
        count=number_in(parts.pop("COUNT"), 1, MOST_COUNT) if "COUNT" in parts else None,
        **read_days(parts, monthly=monthly),
    )
    if parts.pop("WKST", "MO") != "MO" or parts or (rule.until and rule.count):
        raise Unreadable(text)
    return rule


def pair_of(part: str) -> tuple[str, str]:
    name, _sign, value = part.upper().partition("=")
    if not value:
        raise Unreadable(part)
    return name.strip(), value.strip()


def number_in(text: str, least: int, most: int) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 6 and least <= int(text) <= most):
        raise Unreadable(text)
    return int(text)


def read_until(text: str) -> date | None:
    """A day, or a moment of which the day counts."""
    if not text:
        return None
    try:
        return datetime.strptime(text[:8], "%Y%m%d").replace(tzinfo=UTC).date()
    except ValueError as error:
        raise Unreadable(text) from error


def read_days(parts: dict[str, str], *, monthly: bool) -> dict:
    by_day, by_month_day = parts.pop("BYDAY", ""), parts.pop("BYMONTHDAY", "")
    if not monthly:
        if by_month_day or not by_day:
            raise Unreadable(by_month_day or "BYDAY")
        return {"weekdays": tuple(sorted({read_weekday(day) for day in by_day.split(",")}))}
    if bool(by_day) == bool(by_month_day):
        raise Unreadable(by_day or "BYDAY")
    if by_month_day:
        return {"month_day": LAST if by_month_day == "-1" else number_in(by_month_day, 1, 31)}
    nth = by_day[:-2].removeprefix("+")
    return {"weekdays": (read_weekday(by_day[-2:]),), "nth": LAST if nth == "-1" else number_in(nth, 1, 4)}


def read_weekday(text: str) -> int:
    if text not in DAYS:
        raise Unreadable(text)
    return DAYS.index(text)
