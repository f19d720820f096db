"""What deserves a look, and how much of one: the kinds of alerts and the rules that fire them. Pure.

Every rule takes plain facts and answers with a weight, or None when there is nothing to say: «drift» is told in a
digest, «cliff» at once. What a rule rests on goes into the alert's evidence as plain values, so that the same alert can
be put in words in either language and compared with what it said before.

- threshold: the number is beyond a level that somebody set: a cliff, for that is what they asked for;
- pace: a signed KPI turned at risk (drift) or off course (cliff), by its pace alone: `kpis.course` without the chance;
- chance: the chance of hitting fell below DOUBTFUL (drift) or UNLIKELY (cliff). It rises RETURN above the level before
  that is taken back, so that a chance which trembles around a level is told of once;
- silent: no number for QUIET_HOURS beyond the metric's own lag (drift), for DEAD_TIMES as long (cliff); a source may
  have hours of its own;
- reach_flat: over the same SPAN days followers grew by GROWTH or more and the usual day's reach by no more than FLAT;
- access_lost, access_ending: a source lets us in no longer, or in so many days;
- stalled: the other side's yes is waited for STALLED_DAYS (drift), STUCK_DAYS (cliff);
- meeting_overdue: the agreed rhythm and its GRACE have passed since the last meeting and none is booked (drift); twice
  the rhythm (cliff);
- action_overdue: what a meeting gave somebody to do is LATE_DAYS (drift) or VERY_LATE_DAYS (cliff) past its day;
- anomaly, waterline: found elsewhere (`kpis.models.Dip`, `smmportal.waterline`), told of here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from statistics import median
from typing import Literal

Weight = Literal["drift", "cliff"]

DOUBTFUL, UNLIKELY, RETURN = 0.5, 0.2, 0.05
#: How far back a fall of the chance is told from.
FALL_DAYS = 7
QUIET_HOURS, DEAD_TIMES, MOST_QUIET_HOURS = 48, 3.5, 720
#: Days; shares of the value at the beginning; of the days of each week so many need a number.
SPAN, GROWTH, FLAT, ENOUGH_DAYS = 28, 0.05, 0.02, 4
STALLED_DAYS, STUCK_DAYS = 5, 14
LATE_DAYS, VERY_LATE_DAYS = 1, 7
#: Days between meetings, and how many more are borne.
RHYTHMS = {"weekly": (7, 3), "biweekly": (14, 4), "monthly": (31, 7)}


@dataclass(frozen=True, slots=True)
class Kind:
    """`rests`: how long one that was closed by hand stays closed unless it gets worse."""

    code: str
    rests: timedelta
    #: Of the agency's own housekeeping: the client's people don't see it.
    is_internal: bool = False
    #: The event itself was told of already, at once and with its own words.
    is_told_elsewhere: bool = False
    #: Somebody asked for it: its cliff does not wait for the end of anybody's quiet hours, as the others' do.
    is_urgent: bool = False


KINDS = {
    kind.code: kind
    for kind in (
        Kind("threshold", timedelta(days=1), is_urgent=True),
        Kind("pace", timedelta(days=3)),
        Kind("chance", timedelta(days=3)),
        Kind("silent", timedelta(days=1), is_internal=True),
        Kind("anomaly", timedelta(days=3), is_told_elsewhere=True),
        Kind("reach_flat", timedelta(days=14)),
        Kind("access_lost", timedelta(days=1), is_told_elsewhere=True),
        Kind("access_ending", timedelta(days=7), is_internal=True, is_told_elsewhere=True),
        Kind("stalled", timedelta(days=3)),
        Kind("meeting_overdue", timedelta(days=3)),
        Kind("action_overdue", timedelta(days=3), is_told_elsewhere=True),
        Kind("waterline", timedelta(days=1), is_told_elsewhere=True),
    )
}
#: Of a kind that nobody listed.
PLAIN = Kind("", timedelta(days=1))
INTERNAL = tuple(kind.code for kind in KINDS.values() if kind.is_internal)
LONGEST_REST = max(kind.rests for kind in KINDS.values())


def kind_of(code: str) -> Kind:
    return KINDS.get(code, PLAIN)


def is_worse(now: Weight, before: Weight) -> bool:
    return (before, now) == ("drift", "cliff")


@dataclass(frozen=True)
class Finding:
    """One thing that a rule found, about one subject of one project."""

    project: int
    kind: str
    subject: str
    weight: Weight
    url: str
    evidence: dict = field(default_factory=dict)
    side: str = "agency"
    kpi: int | None = None
    source: int | None = None
    owner: int | None = None

    @property
    def key(self) -> tuple[int, str, str]:
        return self.project, self.kind, self.subject


def rests_still(code: str, weight: Weight, closed_at: datetime, closed_as: Weight, now: datetime) -> bool:
    """Whether one that was closed by hand is left alone: its time is not over, and it did not get worse."""
    return now - closed_at < kind_of(code).rests and not is_worse(weight, closed_as)


# --- A KPI's number -------------------------------------------------------------------------------------------------


def beyond(value: Decimal | None, level: Decimal, *, is_above: bool) -> Weight | None:
    if value is None or value == level or (value > level) is not is_above:
        return None
    return "cliff"


def off_pace(status: str) -> Weight | None:
    weights: dict[str, Weight] = {"at_risk": "drift", "off_track": "cliff"}
    return weights.get(status)


def unlikely(chance: float | None, was: Weight | None = None) -> Weight | None:
    """`was` is the weight of the alert that stands: what was told is taken back only when the chance is well above."""
    if chance is None:
        return None
    if chance < UNLIKELY + (RETURN if was == "cliff" else 0):
        return "cliff"
    return "drift" if chance < DOUBTFUL + (RETURN if was else 0) else None


def fall(days: Sequence[tuple[date, float | None]], now: float, today: date) -> tuple[date, float] | None:
    """From where the chance fell: the highest of the last FALL_DAYS, and the latest day on which it was so high; where
    none of them has a forecast of its own, the last one before. `days` are oldest first."""
    told = [(round(chance, 2), day) for day, chance in days if chance is not None and day < today]
    recent = [each for each in told if today - each[1] <= timedelta(days=FALL_DAYS)] or told[-1:]
    if not recent:
        return None
    chance, day = max(recent)
    return (day, chance) if chance > round(now, 2) else None


# --- A source -------------------------------------------------------------------------------------------------------


def silent(last: datetime, lag_days: int, now: datetime, quiet_hours: int = QUIET_HOURS) -> Weight | None:
    """`last` is the end of the last day that has a number, or the moment from which one could be awaited."""
    late, borne = now - last - timedelta(days=lag_days), timedelta(hours=quiet_hours)
    if late < borne:
        return None
    return "cliff" if late >= DEAD_TIMES * borne else "drift"


def reach_flat(followers: Mapping[date, Decimal], reach: Mapping[date, Decimal], last: date) -> dict | None:
    """Followers up and reach flat over the same SPAN days up to `last`; None also when too few days have a number.

    Unique reach is never summed: the usual (median) day of the last week is held against that of the first.
    """
    first = last - timedelta(days=SPAN - 1)
    ends = [week_of(followers, first), week_of(followers, last - timedelta(days=6))]
    usual = [week_of(reach, first), week_of(reach, last - timedelta(days=6))]
    if not all(len(week) >= ENOUGH_DAYS for week in (*ends, *usual)):
        return None
    people, days = [week[-1] for week in ends], [median(week) for week in usual]
    if people[0] <= 0 or days[0] <= 0:
        return None
    if float(people[1] / people[0]) < 1 + GROWTH or float(days[1] / days[0]) > 1 + FLAT:
        return None
    return {
        "first_on": first.isoformat(),
        "last_on": last.isoformat(),
        "followers": [figure(value) for value in people],
        "reach": [figure(value) for value in days],
    }


def figure(value: Decimal) -> str:
    """In plain decimal notation."""
    return format(round(value, 2).normalize(), "f")


def week_of(values: Mapping[date, Decimal], first: date) -> list[Decimal]:
    days = (first + timedelta(days=offset) for offset in range(7))
    return [values[day] for day in days if day in values]


def ending(days_left: int) -> Weight:
    return "cliff" if days_left <= 1 else "drift"


# --- What waits -----------------------------------------------------------------------------------------------------


def stalled(days: int) -> Weight | None:
    if days < STALLED_DAYS:
        return None
    return "cliff" if days >= STUCK_DAYS else "drift"


def meeting_overdue(days: int, cadence: str, *, is_booked: bool) -> Weight | None:
    """`days` since the last meeting, or since the rhythm was agreed on when there was none."""
    every, grace = RHYTHMS[cadence]
    if is_booked or days <= every + grace:
        return None
    return "cliff" if days >= 2 * every + grace else "drift"


def action_overdue(days: int) -> Weight | None:
    if days < LATE_DAYS:
        return None
    return "cliff" if days >= VERY_LATE_DAYS else "drift"
