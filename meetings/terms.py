"""How long a side has to answer, and how well a project kept to its rhythm: days only, no Django."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

SATURDAY = 5


def last_day_to_answer(published_on: date, working_days: int) -> date:
    """The last day on which published minutes may be answered: so many days from Monday to Friday after the day of
    publication, which itself does not count. Public holidays are not taken out."""
    day, left = published_on, working_days
    while left:
        day += timedelta(days=1)
        left -= day.weekday() < SATURDAY
    return day


@dataclass(frozen=True)
class Kept:
    """Of `due` meetings that the rhythm wanted so far, `kept` came in time."""

    kept: int
    due: int


def cadence_kept(agreed_on: date, met_on: Sequence[date], today: date, step: relativedelta) -> Kept:
    """Each meeting is due one step after the one before it, the first one step after the rhythm was agreed on. A
    meeting in time is kept and a later one is not; when none came by today, the one that is due is not kept either.

    Days of `met_on` before `agreed_on` or after `today` do not count.
    """
    last, kept, due = agreed_on, 0, 0
    for day in sorted({day for day in met_on if agreed_on <= day <= today}):
        kept, due, last = kept + (day <= last + step), due + 1, day
    return Kept(kept, due + (today > last + step))
