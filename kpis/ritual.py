"""The periods in which a KPI is looked at together, from its first day to its last. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from dateutil.relativedelta import relativedelta

STEPS = {
    "weekly": relativedelta(weeks=1),
    "biweekly": relativedelta(weeks=2),
    "monthly": relativedelta(months=1),
}
#: How many days after a period's end its review counts as in time.
GRACE = 3


@dataclass(frozen=True, slots=True)
class Period:
    """Both days belong to it."""

    first: date
    last: date

    @property
    def review_by(self) -> date:
        return self.last + timedelta(days=GRACE)

    def is_over(self, today: date) -> bool:
        return self.last < today

    def is_overdue(self, today: date) -> bool:
        return self.review_by < today


def periods(starts_on: date, due_on: date, cadence: str) -> Iterator[Period]:
    """The periods in order, counted from the first day; the last one ends on the due day, however short it is."""
    first, number = starts_on, 1
    while first <= due_on:
        following = starts_on + STEPS[cadence] * number
        yield Period(first, min(following - timedelta(days=1), due_on))
        first, number = following, number + 1


@lru_cache(maxsize=4096)
def last_over(starts_on: date, due_on: date, cadence: str, today: date) -> Period | None:
    """The latest period that is over; None while the first one runs."""
    over = None
    for period in periods(starts_on, due_on, cadence):
        if not period.is_over(today):
            break
        over = period
    return over
