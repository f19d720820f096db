"""The periods that reports tell of. Pure."""

from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from kpis.ritual import Period

WEEK = timedelta(days=7)
LONGEST = 366


def period_with(day: date, cadence: str) -> Period:
    """The calendar week (Monday to Sunday) or month that a day lies in."""
    if cadence == "weekly":
        monday = day - timedelta(days=day.weekday())
        return Period(monday, monday + timedelta(days=6))
    first = day.replace(day=1)
    return Period(first, first + relativedelta(months=1) - timedelta(days=1))


def following(period: Period, cadence: str) -> Period:
    return period_with(period.last + timedelta(days=1), cadence)


def last_over(today: date, cadence: str) -> Period:
    """The latest whole week or month that is over."""
    return period_with(period_with(today, cadence).first - timedelta(days=1), cadence)


def before(first: date, last: date) -> Period:
    """What a period is compared with: the month before a whole month, otherwise as many days before it."""
    if period_with(first, "monthly") == Period(first, last):
        return period_with(first - timedelta(days=1), "monthly")
    return Period(first - (last - first) - timedelta(days=1), first - timedelta(days=1))
