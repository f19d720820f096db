"""Which project needs a hand first. Pure.

A project has one of four levels, the worst that any of its facts asks for:

- off_track: the waterline says «sinking», a KPI is off course, or a sharp alert stands open;
- at_risk: the waterline says «listing», a KPI or its guardrail is at risk, a drop has no explanation, a review is
  overdue, an approval is stalled, a source is broken, the meeting is late by the agreed rhythm, or any alert is open;
- no_data: nothing of that, but somebody does not know: no reading of the waterline, no KPI, or one nobody can judge;
- on_track: everything is known and everything is on course. Unknown is never green.

Inside a level the heavier project comes first: each fact weighs POINTS a piece, up to CAPS pieces, so that no pile of
one thing hides the others. Equal weights: the lower waterline first, the one nobody measured before the measured ones;
then the name. A worse fact never makes a project lighter.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Level = Literal["off_track", "at_risk", "no_data", "on_track"]
LEVELS: tuple[Level, ...] = ("off_track", "at_risk", "no_data", "on_track")
Reason = Literal[
    "sinking",
    "listing",
    "fall",
    "off_track",
    "at_risk",
    "guardrail",
    "unknown",
    "drops",
    "unexplained",
    "reviews",
    "approvals",
    "sources",
    "meeting",
    "cliffs",
    "alerts",
]
POINTS: dict[Reason, int] = {
    "sinking": 40,
    "listing": 20,
    "fall": 1,  # a point of the waterline in a week
    "off_track": 8,
    "at_risk": 4,
    "guardrail": 4,
    "unknown": 1,
    "drops": 6,
    "unexplained": 1,  # a day of the longest clock
    "reviews": 3,
    "approvals": 4,
    "sources": 5,
    "meeting": 1,  # a day
    "cliffs": 8,
    "alerts": 2,
}
CAPS: dict[Reason, int] = {
    "sinking": 1,
    "listing": 1,
    "fall": 20,
    "off_track": 5,
    "at_risk": 5,
    "guardrail": 3,
    "unknown": 5,
    "drops": 3,
    "unexplained": 14,
    "reviews": 5,
    "approvals": 3,
    "sources": 3,
    "meeting": 14,
    "cliffs": 3,
    "alerts": 5,
}
URGENT = ("sinking", "off_track", "cliffs")
WORRYING = ("listing", "at_risk", "guardrail", "drops", "reviews", "approvals", "sources", "meeting", "alerts")


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a project this moment. Numbers of things, and days where a name says so."""

    #: «afloat», «listing», «sinking», or anything else while nobody knows.
    water: str = "unknown"
    score: int | None = None
    #: Points of the waterline against a week ago; None when one of the two is not known.
    change: int | None = None
    off_track: int = 0
    at_risk: int = 0
    unknown: int = 0
    on_course: int = 0
    guardrails: int = 0
    drops: int = 0
    #: Since the first drop that has no explanation.
    drop_days: int = 0
    overdue_reviews: int = 0
    stalled_approvals: int = 0
    broken_sources: int = 0
    #: By how many days the next meeting is late.
    meeting_days: int = 0
    #: Open alerts, and how many of them are sharp ones.
    alerts: int = 0
    cliffs: int = 0


@dataclass(frozen=True, slots=True)
class Risk:
    level: Level
    points: int
    #: The heaviest first.
    reasons: tuple[Reason, ...]


def weigh(facts: Facts) -> Risk:
    pieces = {reason: min(count, CAPS[reason]) for reason, count in counted(facts) if count > 0}
    weights = {reason: count * POINTS[reason] for reason, count in pieces.items()}
    heaviest = sorted(weights, key=lambda reason: -weights[reason])
    return Risk(level_of(facts, pieces.keys()), sum(weights.values()), tuple(heaviest))


def counted(facts: Facts) -> Iterator[tuple[Reason, int]]:
    yield "sinking", int(facts.water == "sinking")
    yield "listing", int(facts.water == "listing")
    yield "fall", max(0, -(facts.change or 0))
    yield "off_track", facts.off_track
    yield "at_risk", facts.at_risk
    yield "guardrail", facts.guardrails
    yield "unknown", facts.unknown
    yield "drops", facts.drops
    yield "unexplained", facts.drop_days if facts.drops else 0
    yield "reviews", facts.overdue_reviews
    yield "approvals", facts.stalled_approvals
    yield "sources", facts.broken_sources
    yield "meeting", facts.meeting_days
    yield "cliffs", facts.cliffs
    yield "alerts", facts.alerts - facts.cliffs


def level_of(facts: Facts, reasons) -> Level:
    if any(reason in reasons for reason in URGENT):
        return "off_track"
    if any(reason in reasons for reason in WORRYING):
        return "at_risk"
    everything_known = facts.water == "afloat" and facts.on_course and not facts.unknown
    return "on_track" if everything_known else "no_data"


def order(risk: Risk, facts: Facts, name: str) -> tuple:
    """Smaller comes first."""
    return LEVELS.index(risk.level), -risk.points, -1 if facts.score is None else facts.score, name.casefold()
