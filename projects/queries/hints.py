"""The hints of a project's brief, read once for a page: its answers, its days, its goals and what it watches."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from projects.hints import GoalSaid, Hint, Plan, hints_of
from projects.models import BriefVersion, Contact, Goal, Project


@dataclass(frozen=True)
class Watched:
    """The platforms, in the coach's codes, that KPIs stand on and that sources are connected to."""

    kpis: frozenset[str] = frozenset()
    sources: frozenset[str] = frozenset()


#: Who knows of KPIs and sources says so here (`kpis.beginnings`).
WATCHES: list[Callable[[Project], Watched]] = []


def hints_for(project: Project, form: Mapping, answers: Mapping[str, Mapping]) -> list[Hint]:
    """`answers` by key, each with its `value` and whether it is `unknown`."""
    watched = [watch(project) for watch in WATCHES]
    goals = Goal.objects.filter(project=project).values_list("pk", "statement", "due_on")
    plan = Plan(
        form=form,
        known={key: said["value"] for key, said in answers.items() if not said.get("unknown") and said.get("value")},
        unknown=frozenset(key for key, said in answers.items() if said.get("unknown")),
        starts_on=project.starts_on,
        ends_on=project.ends_on,
        goals=tuple(GoalSaid(*goal) for goal in goals),
        kpi_platforms=frozenset().union(*(each.kpis for each in watched)),
        source_platforms=frozenset().union(*(each.sources for each in watched)),
        has_decider=Contact.objects.filter(project=project, duty=Contact.Duty.DECIDER).exists(),
    )
    return hints_of(plan)


def hints_of_version(version: BriefVersion) -> list[Hint]:
    return hints_for(version.brief.project, version.content["form"], version.content["answers"])


def hints_of_goal(goal: Goal) -> list[Hint]:
    """What concerns this goal in the latest brief."""
    versions = BriefVersion.objects.filter(brief__project=goal.project).select_related("brief")
    version = versions.first()
    if version is None:
        found = hints_for(goal.project, {"sections": []}, {})
    else:
        version.brief.project = goal.project
        found = hints_of_version(version)
    return [hint for hint in found if goal.pk in hint.goals]
