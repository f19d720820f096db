"""Is a KPI on its course? One pure judgement that page, API, home page and reports share.

A way to a target (grow to, bring down to) is judged by the pace it needs from now on, against the pace that was planned
when it was signed. That is patient in the beginning, when little time has gone, and strict near the end:

- the target is reached: ahead; on the deadline and after it: on_track;
- needed pace up to 0.8 of the planned one: ahead; up to 1.1: on_track; up to 1.5: at_risk; more: off_track;
- the deadline has come and the target is not reached: off_track.

A level to hold is kept (on_track), missed by at most a twentieth of it (at_risk), or missed (off_track).

Where the signed terms name a tolerance, a number that far behind the plan (or below the level) is still on_track.

Green needs a chance: where the forecast gives the target less than UNLIKELY, a pace that looks fit is at_risk.

A guardrail, the number that must not get worse meanwhile, is judged beside the KPI and changes nothing of its course:
held, or worse than on the first day (by more than the tolerance of the terms), or unknown.

Unknown is never green: a source that lost its access is source_lost, whatever its last number was; then no_target;
then no_data, which is also a number older than STALE_AFTER days and a way without a baseline.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from kpis.series import Path

Status = Literal["ahead", "on_track", "at_risk", "off_track", "no_target", "no_data", "source_lost"]
STATUSES: tuple[Status, ...] = ("off_track", "at_risk", "source_lost", "no_data", "no_target", "on_track", "ahead")

#: A number this many days old no longer says where the KPI stands.
STALE_AFTER = 14
AHEAD_UP_TO = Decimal("0.8")
ON_TRACK_UP_TO = Decimal("1.1")
AT_RISK_UP_TO = Decimal("1.5")
#: How far a level may be missed, as a share of it, before it is off course.
LEVEL_SLACK = Decimal("0.05")
UNLIKELY = 0.2

GuardrailStatus = Literal["held", "worse", "unknown"]
GUARDRAIL_STATUSES: tuple[GuardrailStatus, ...] = ("held", "worse", "unknown")


@dataclass(frozen=True)
class Situation:
    """All that the judgement looks at. `kind` is one of Kpi.Kind's; `today` is the project's day."""

    kind: str
    starts_on: date
    due_on: date
    today: date
    target: Decimal | None = None
    baseline: Decimal | None = None
    current: Decimal | None = None
    current_on: date | None = None
    source_lost: bool = False
    #: Percent of the planned value (of the level, where one is held) that may be missing and still be on course.
    tolerance: int = 0
    #: The probability of being there on the due day, when there is a forecast.
    chance: float | None = None

    @property
    def holds_a_level(self) -> bool:
        return self.kind in ("stay_above", "stay_below")

    @property
    def path(self) -> Path | None:
        """The way to the target, when there is one to go."""
        if self.holds_a_level or self.baseline is None or self.target is None:
            return None
        return Path(self.starts_on, self.baseline, self.due_on, self.target)

    @property
    def is_stale(self) -> bool:
        return self.current_on is None or (min(self.today, self.due_on) - self.current_on).days > STALE_AFTER


def judge(situation: Situation) -> Status:
    """The status of a KPI, by the rules above."""
    if situation.source_lost:
        return "source_lost"
    if situation.target is None:
        return "no_target"
    if situation.current is None or situation.is_stale:
        return "no_data"
    if situation.holds_a_level:
        return judge_level(situation)
    if not situation.path:
        return "no_data"
    return doubted(judge_pace(situation), situation)


def doubted(status: Status, situation: Situation) -> Status:
    """Less than that a green light does not stand; a target that is reached, or a day that has come, is past doubt."""
    is_settled = situation.path.is_reached(situation.current) or situation.today >= situation.due_on
    is_unlikely = situation.chance is not None and situation.chance < UNLIKELY
    return "at_risk" if status in ("ahead", "on_track") and is_unlikely and not is_settled else status


def judge_level(situation: Situation) -> Status:
    above = situation.kind == "stay_above"
    missed_by = (situation.target - situation.current) * (1 if above else -1)
    if missed_by <= abs(situation.target) * situation.tolerance / 100:
        return "on_track"
    return "at_risk" if missed_by <= abs(situation.target) * LEVEL_SLACK else "off_track"


def judge_pace(situation: Situation) -> Status:
    path = situation.path
    over = situation.today >= situation.due_on
    if path.is_reached(situation.current):
        return "on_track" if over else "ahead"
    needed = path.needed_per_day(situation.current, situation.current_on)
    if is_tolerated(situation):
        return "on_track"
    if over or needed is None or not path.distance:
        return "off_track"
    strain = needed / path.planned_per_day
    if strain <= AHEAD_UP_TO:
        return "ahead"
    if strain <= ON_TRACK_UP_TO:
        return "on_track"
    return "at_risk" if strain <= AT_RISK_UP_TO else "off_track"


def is_tolerated(situation: Situation) -> bool:
    """Behind the plan by no more than the signed terms allow."""
    if not situation.tolerance:
        return False
    planned = situation.path.expected(situation.current_on)
    behind = (planned - situation.current) * (1 if situation.path.distance >= 0 else -1)
    return 0 < behind <= abs(planned) * situation.tolerance / 100


def needed_per_day(situation: Situation) -> Decimal | None:
    """The daily change that still leads to the target in time; None when there is no way to judge or no day left."""
    if situation.path is None or situation.current is None or situation.today >= situation.due_on:
        return None
    return situation.path.needed_per_day(situation.current, situation.current_on)


@dataclass(frozen=True)
class Guarded:
    """All that the judgement of a guardrail looks at. `direction` is where good lies for its metric; `until` is today,
    or the last day of the KPI when that is over; `tolerance` is in percent of the baseline."""

    direction: Literal["up", "down"]
    until: date
    baseline: Decimal | None = None
    current: Decimal | None = None
    current_on: date | None = None
    source_lost: bool = False
    tolerance: int = 0


def judge_guardrail(guarded: Guarded) -> GuardrailStatus:
    """Whether the guardrail is where it was. What nobody can tell (no number, an old one, no baseline, a lost source)
    is unknown."""
    if guarded.source_lost or guarded.baseline is None or guarded.current is None:
        return "unknown"
    if guarded.current_on is None or (guarded.until - guarded.current_on).days > STALE_AFTER:
        return "unknown"
    lost = (guarded.baseline - guarded.current) * (1 if guarded.direction == "up" else -1)
    return "worse" if lost > abs(guarded.baseline) * guarded.tolerance / 100 else "held"
