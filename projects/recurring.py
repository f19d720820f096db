"""The days on which something comes again. Pure: days in, days out.

Weeks begin on Monday. A monthly day that a month does not have (the 31st of April, the 29th of February) is that
month's last day, so that nothing is left out.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from dateutil.rrule import MO, MONTHLY, WEEKLY, rrule

#: The month's last day, whichever that is.
LAST_DAY = -1
SHORTEST_MONTH = 28


@dataclass(frozen=True)
class Rule:
    """Every `interval` weeks on `weekdays` (Monday is 0), or every `interval` months on `month_day`."""

    monthly: bool
    interval: int
    weekdays: tuple[int, ...]
    month_day: int | None
    starts_on: date
    ends_on: date | None = None


def first_day(rule: Rule) -> date | None:
    return next_after(rule, rule.starts_on - timedelta(days=1))


def next_after(rule: Rule, day: date) -> date | None:
    """The first day of the rule after `day`; None when the rule has come to its end."""
    found = days_of(rule).after(datetime.combine(day, time()))
    if found is None or (rule.ends_on and found.date() > rule.ends_on):
        return None
    return found.date()


def days_of(rule: Rule) -> rrule:
    start = datetime.combine(rule.starts_on, time())
    if not rule.monthly:
        days = list(rule.weekdays) or [rule.starts_on.weekday()]
        return rrule(WEEKLY, dtstart=start, interval=rule.interval, byweekday=days, wkst=MO)
    return rrule(MONTHLY, dtstart=start, interval=rule.interval, **day_of_month(rule.month_day or rule.starts_on.day))


def day_of_month(day: int) -> dict:
    """The day itself, or the last of the month's days up to it."""
    if day <= SHORTEST_MONTH:
        return {"bymonthday": day}
    return {"bymonthday": range(SHORTEST_MONTH, day + 1), "bysetpos": -1}
