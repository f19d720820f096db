"""A project in which everything is as it should be, and everything that can be worse in it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

from smmportal.waterline.rules import (
    Agreement,
    Brief,
    Decider,
    Facts,
    Goal,
    Kpi,
    Late,
    Meetings,
    Source,
)

TODAY = date(2026, 11, 23)


def days_ago(days: int) -> date:
    return TODAY - timedelta(days=days)


GOAL = Goal(1, "Twelve thousand followers", is_running=True, confidence=(7, 8))
KPI = Kpi(1, "Followers", status="on_track", chance=Fraction(9, 10), guardrail="held", review_late=0)
WELL = Facts(
    today=TODAY,
    begun_on=days_ago(60),
    brief=Brief(questions=14, answered=14, stage="confirmed", submitted_on=days_ago(62)),
    goals=(GOAL,),
    decider=Decider(people=1),
    kpis=(KPI,),
    sources=(Source(1, "VK"),),
    meetings=Meetings("weekly", agreed_on=days_ago(60), last_on=days_ago(3), next_on=TODAY + timedelta(days=4)),
)
NEW = Facts(today=TODAY, brief=Brief(questions=14), decider=Decider(people=1))


def with_brief(facts: Facts, **fields) -> Facts:
    return replace(facts, brief=replace(facts.brief, **fields))


def with_goal(facts: Facts = WELL, **fields) -> Facts:
    return replace(facts, goals=(replace(GOAL, **fields),))


def with_kpi(facts: Facts = WELL, **fields) -> Facts:
    return replace(facts, kpis=(replace(KPI, **fields),))


def with_kpis(count: int, facts: Facts = WELL, **fields) -> Facts:
    """The first as the fields say, the others well."""
    others = tuple(replace(KPI, id=number + 2, name=f"Number {number + 2}") for number in range(count - 1))
    return replace(facts, kpis=(replace(KPI, **fields), *others))


def with_source(state: str, side: str = "agency") -> Facts:
    return replace(WELL, sources=(Source(1, "VK", state, side),))


def with_meetings(**fields) -> Facts:
    return replace(WELL, meetings=replace(WELL.meetings, **fields))


def late(kind: str, days: int, side: str = "client", number: int = 1) -> Late:
    return Late(kind, number, f"{kind} {number}", side, days)


Step = Callable[[Facts], Facts]


def first_goal(facts: Facts, **fields) -> Facts:
    return replace(facts, goals=(replace(facts.goals[0], **fields), *facts.goals[1:])) if facts.goals else facts


def first_kpi(facts: Facts, **fields) -> Facts:
    return replace(facts, kpis=(replace(facts.kpis[0], **fields), *facts.kpis[1:])) if facts.kpis else facts


def first_source(facts: Facts, **fields) -> Facts:
    return replace(facts, sources=(replace(facts.sources[0], **fields), *facts.sources[1:])) if facts.sources else facts


def lower_chance(facts: Facts) -> Facts:
    if not facts.kpis or facts.kpis[0].chance is None:
        return facts
    return first_kpi(facts, chance=max(facts.kpis[0].chance - Fraction(1, 5), Fraction(0)))


def one_more_letter_missing(facts: Facts) -> Facts:
    if not facts.goals:
        return facts
    missing = facts.goals[0].missing
    rest = [name for name in ("specific", "measurable", "achievable", "relevant", "time_bound") if name not in missing]
    return first_goal(facts, missing=(*missing, *rest[:1]))


def further_apart(facts: Facts) -> Facts:
    if not facts.goals or None in facts.goals[0].confidence:
        return facts
    agency, client = facts.goals[0].confidence
    low, high = sorted((agency, client))
    return first_goal(facts, confidence=(max(low - 1, 1), min(high + 1, 10)))


STAGES = ("confirmed", "shared", "remarked", "submitted", "filling")


def a_stage_back(facts: Facts) -> Facts:
    return with_brief(facts, stage=STAGES[min(STAGES.index(facts.brief.stage) + 1, 4)])


def fewer_answers(facts: Facts) -> Facts:
    return with_brief(facts, answered=max(facts.brief.answered - 1, 0), open=facts.brief.open + 1)


def older_meeting(facts: Facts) -> Facts:
    last_on = facts.meetings.last_on
    return replace(facts, meetings=replace(facts.meetings, last_on=last_on and last_on - timedelta(days=5)))


def older_brief(facts: Facts) -> Facts:
    submitted_on = facts.brief.submitted_on
    return with_brief(facts, submitted_on=submitted_on and submitted_on - timedelta(days=50))


def later_review(facts: Facts) -> Facts:
    if not facts.kpis or facts.kpis[0].review_late is None:
        return facts
    return first_kpi(facts, review_late=facts.kpis[0].review_late + 2)


#: Each makes one fact worse, or nothing where the fact is not there.
WORSE: dict[str, Step] = {
    "fewer answers": fewer_answers,
    "a stage back": a_stage_back,
    "an older brief": older_brief,
    "a letter missing": one_more_letter_missing,
    "no decider": lambda facts: replace(facts, decider=Decider()),
    "two deciders": lambda facts: replace(facts, decider=Decider(people=2)) if facts.decider.people == 1 else facts,
    "another question open": lambda facts: with_brief(
        facts, unknown=(*facts.brief.unknown, f"Q{len(facts.brief.unknown)}")
    ),
    "a lower chance": lower_chance,
    "off course": lambda facts: first_kpi(facts, status="off_track", chance=Fraction(0)),
    "not signed": lambda facts: first_kpi(facts, is_signed=False),
    "no numbers": lambda facts: first_kpi(facts, status="no_data"),
    "source lost": lambda facts: first_kpi(facts, status="source_lost"),
    "a guardrail worse": lambda facts: first_kpi(facts, guardrail="worse"),
    "a guardrail unknown": lambda facts: first_kpi(facts, guardrail="unknown"),
    "a later review": later_review,
    "a source refused": lambda facts: first_source(facts, state="refused"),
    "a source paused": lambda facts: first_source(facts, state="paused"),
    "a dip": lambda facts: replace(facts, dips=(*facts.dips, late("dip", 3, "agency", len(facts.dips)))),
    "no rhythm": lambda facts: replace(facts, meetings=replace(facts.meetings, cadence=None)),
    "an older meeting": older_meeting,
    "nothing booked": lambda facts: replace(facts, meetings=replace(facts.meetings, next_on=None)),
    "a task overdue": lambda facts: replace(
        facts, overdue=(*facts.overdue, late("task", 5, number=len(facts.overdue)))
    ),
    "a material late": lambda facts: replace(
        facts, waiting=(*facts.waiting, late("material", 5, number=len(facts.waiting)))
    ),
    "further apart": further_apart,
    "nothing said of confidence": lambda facts: first_goal(facts, confidence=(None, None)),
    "no KPIs": lambda facts: replace(facts, kpis=()),
    "a goal without a KPI": lambda facts: first_goal(facts, has_kpi=False),
}

AGREEMENT = Agreement(5, 2, ("agency", "client"))
