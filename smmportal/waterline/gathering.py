"""The facts that the gauge looks at, for any number of projects in a constant number of queries."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from fractions import Fraction
from zoneinfo import ZoneInfo

from django.utils import timezone

import kpis.models
from kpis.queries.health import Health, first_review_by, health_of, missing_signatures, state_of_source
from meetings.pace import Pace, pace_of
from projects.models import Goal, Project
from projects.queries.clarity import Clarity, clarity_of, missing_letters, short_name
from projects.queries.standings import shorten
from smmportal.people.models import Side
from smmportal.waterline import rules


def facts_of(projects: Sequence[Project]) -> dict[int, rules.Facts]:
    """For each project's id what is known of it now."""
    clarities, healths, paces = clarity_of(projects), health_of(projects), pace_of(projects)
    return {
        project.pk: facts_for(project, clarities[project.pk], healths[project.pk], paces[project.pk])
        for project in projects
    }


def facts_for(project: Project, clarity: Clarity, health: Health, pace: Pace) -> rules.Facts:
    on = Calendar(project, clarity.today)
    goals = goals_of(clarity, health)
    return rules.Facts(
        today=clarity.today,
        begun_on=on.day_of(project.activated_at),
        brief=rules.Brief(
            questions=clarity.questions,
            answered=clarity.answered,
            open=clarity.open,
            stage=clarity.stage,
            submitted_on=on.day_of(clarity.submitted_at),
            unknown=tuple(sorted(set(clarity.unknown) - pace.taken_up)),
        ),
        goals=goals,
        decider=rules.Decider(clarity.deciders, clarity.named),
        kpis=tuple(kpi_of(kpi, health, clarity.today) for kpi in health.kpis),
        agreement=agreement_of(health),
        sources=tuple(source_of(source, health) for source in health.sources),
        dips=tuple(
            rules.Late("dip", dip.pk, str(dip.kpi), "agency", on.since(dip.found_at), of=dip.kpi_id)
            for dip in health.dips
        ),
        meetings=rules.Meetings(
            pace.cadence, on.day_of(pace.agreed_at), on.day_of(pace.last_at), on.day_of(pace.next_at)
        ),
        overdue=tuple(overdue_tasks(clarity)),
        waiting=tuple(late for late in waiting_things(clarity, health, on) if late.days > 0),
    )


class Calendar:
    """Moments as days of the project's own zone."""

    def __init__(self, project: Project, today: date) -> None:
        self.zone, self.today = ZoneInfo(project.timezone), today

    def day_of(self, moment: datetime | None) -> date | None:
        return None if moment is None else timezone.localdate(moment, self.zone)

    def since(self, moment: datetime) -> int:
        return (self.today - self.day_of(moment)).days


# --- Goals and KPIs -------------------------------------------------------------------------------------------------


def goals_of(clarity: Clarity, health: Health) -> tuple[rules.Goal, ...]:
    with_kpi = {kpi.goal_id for kpi in health.kpis}
    measured = {kpi.goal_id for kpi in health.kpis if kpi.is_signed}
    return tuple(
        rules.Goal(
            id=goal["id"],
            name=short_name(goal),
            missing=missing_letters(goal, clarity.today, is_measured=goal["id"] in measured),
            is_running=goal["status"] in Goal.RUNNING,
            has_kpi=goal["id"] in with_kpi,
            side=goal["proposed_side"] or "agency",
            confidence=tuple(clarity.confidences.get(goal["id"], {}).get(side) for side in ("agency", "client")),
        )
        for goal in clarity.goals
    )


def kpi_of(kpi: kpis.models.Kpi, health: Health, today: date) -> rules.Kpi:
    if kpi.pk not in health.standings:
        return rules.Kpi(kpi.pk, str(kpi), is_signed=False, has_target=kpi.target is not None)
    standing, by = health.standings[kpi.pk], first_review_by(kpi)
    return rules.Kpi(
        kpi.pk,
        str(kpi),
        has_target=kpi.target is not None,
        status=standing.status,
        is_over=kpi.due_on <= today,
        chance=None if standing.chance is None else Fraction(str(round(standing.chance, 2))),
        guardrail=standing.guardrail.status if standing.guardrail else "",
        review_late=review_late(kpi, health, today),
        first_review_on=None if by < today or kpi.pk in health.reviewed else by,
        goal=kpi.goal_id,
    )


def review_late(kpi: kpis.models.Kpi, health: Health, today: date) -> int | None:
    """By how many days the latest period's review is late. While nothing was ever reviewed it counts from the first
    period, and None says that the first review is still to come."""
    if kpi.pk in health.reviewed:
        period = health.owed.get(kpi.pk)
        return max((today - period.review_by).days, 0) if period else 0
    late = (today - first_review_by(kpi)).days
    return late if late > 0 else None


def agreement_of(health: Health) -> rules.Agreement | None:
    found = health.agreement
    return found and rules.Agreement(found.pk, found.number, missing_signatures(found))


def source_of(source: kpis.models.Source, health: Health) -> rules.Source:
    lost = any(each.lost_operand for each in health.standings.values() if each.kpi.source_id == source.pk)
    side = "client" if source.from_client else "agency"
    return rules.Source(source.pk, str(source), state_of_source(source, lost_operand=lost), side)


# --- What waits -----------------------------------------------------------------------------------------------------


def overdue_tasks(clarity: Clarity) -> Iterator[rules.Late]:
    for task in clarity.tasks:
        if is_overdue(task, clarity.today):
            days = (clarity.today - task["due_on"]).days
            yield rules.Late("task", task["id"], shorten(task["title"], 100), task["waits_on"], days)


def is_overdue(task: dict, today: date) -> bool:
    return task["due_on"] is not None and task["due_on"] < today


def waiting_things(clarity: Clarity, health: Health, on: Calendar) -> Iterator[rules.Late]:
    """What the other side waits for: `days` beyond what patience allows."""
    for task in clarity.tasks:
        if task["review_at"] and not is_overdue(task, clarity.today):
            days = on.since(task["review_at"]) - rules.PATIENCE
            yield rules.Late("review", task["id"], shorten(task["title"], 100), task["waits_on"], days)
    for goal in clarity.goals:
        if goal["status"] == Goal.Status.PROPOSED:
            days = on.since(goal["proposed_at"]) - rules.PATIENCE
            yield rules.Late("goal", goal["id"], short_name(goal), Side(goal["proposed_side"]).other.value, days)
    for material in clarity.materials:
        yield rules.Late(
            "material", material["id"], shorten(material["what"], 100), material["side"], material_late(material, on)
        )
    yield from waiting_terms(health, on)


def material_late(material: dict, on: Calendar) -> int:
    if material["due_on"]:
        return (on.today - material["due_on"]).days
    return on.since(material["created_at"]) - rules.PATIENCE_FOR_MATERIALS


def waiting_terms(health: Health, on: Calendar) -> Iterator[rules.Late]:
    """Changed terms; those of KPIs that were never signed are counted by their signatures."""
    for proposal in health.amendments:
        days = on.since(proposal.opened_at) - rules.PATIENCE
        yield rules.Late("amendment", proposal.pk, str(proposal.kpi), "agency", days)
    if health.agreement and all(kpi.is_signed for kpi in health.kpis):
        days, name = on.since(health.agreement.prepared_at) - rules.PATIENCE, str(health.agreement.number)
        for side in missing_signatures(health.agreement):
            yield rules.Late("agreement", health.agreement.pk, name, side, days)
