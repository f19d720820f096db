"""Goals as their pages and the API show them: constant queries, however many there are."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from zoneinfo import ZoneInfo

from django.db.models import Count, Max, Q
from django.utils import timezone

from projects.measures import Progress, measures
from projects.models import BriefVersion, BusinessGoal, Confidence, Goal, Project, Task
from projects.questionnaire import find_question
from projects.wording import speak_choice
from smmportal.people.models import Side


@dataclass(frozen=True)
class OfferedTask:
    """The business task that the brief names, and where it stands."""

    version: BriefVersion
    key: str
    text: str


def task_of_brief(project: Project) -> OfferedTask | None:
    """«Which business problem must social media solve?» in the reader's words, from the latest submitted brief."""
    version = BriefVersion.objects.filter(brief__project=project).first()
    answer = version.content["answers"].get("D1") if version else None
    question = find_question(version.content["form"], "D1") if answer else None
    value = answer.get("value") if question else None
    if not value:
        return None
    chosen, note = value.get("choice", ""), value.get("note", "")
    text = note if chosen in ("", "other") else speak_choice(question, chosen)
    return OfferedTask(version, "D1", " ".join(text.split())[:300]) if text else None


def latest_confidences(goal_ids: Iterable[int]) -> dict[int, dict[str, int]]:
    """For each goal the latest word of each side: `{goal: {"client": 4, "agency": 8}}`, in one query."""
    latest = Confidence.objects.filter(goal__in=list(goal_ids)).order_by().values("goal", "side")
    rows = Confidence.objects.filter(pk__in=latest.annotate(last=Max("pk")).values("last"))
    found: dict[int, dict[str, int]] = defaultdict(dict)
    for goal_id, side, value in rows.values_list("goal_id", "side", "value"):
        found[goal_id][side] = value
    return dict(found)


def is_wide(values: Mapping[str, int]) -> bool:
    """Whether both sides have spoken and see it too differently."""
    return len(values) == len(Side) and abs(values["client"] - values["agency"]) >= Confidence.WIDE


@dataclass
class GoalLine:
    """A goal in a list."""

    goal: Goal
    today: date
    confidence: Mapping[str, int]
    progress: Progress
    tasks: int = 0
    tasks_done: int = 0

    @property
    def is_apart(self) -> bool:
        return is_wide(self.confidence)

    @property
    def is_late(self) -> bool:
        """Past its day, and nobody has said how it ended."""
        return self.goal.is_running and self.goal.due_on is not None and self.goal.due_on < self.today


@dataclass
class GoalGroup:
    """The goals under one business goal; those under none stand last."""

    above: BusinessGoal | None
    lines: list[GoalLine] = field(default_factory=list)


def lines_of(goals: Sequence[Goal]) -> list[GoalLine]:
    """The goals with all that their lines say: three queries and those of the KPIs, however many goals."""
    ids = [goal.pk for goal in goals]
    confidences, progress, tasks = latest_confidences(ids), measures().progress_of(goals), tasks_of(ids)
    return [
        GoalLine(
            goal,
            today_of(goal.project),
            confidences.get(goal.pk, {}),
            progress.get(goal.pk, Progress()),
            *tasks.get(goal.pk, (0, 0)),
        )
        for goal in goals
    ]


def tasks_of(goal_ids: Sequence[int]) -> dict[int, tuple[int, int]]:
    """For each goal how many tasks it has, and how many of them are done."""
    rows = Task.objects.filter(goal__in=goal_ids).order_by().values("goal")
    counted = rows.annotate(all=Count("pk"), done=Count("pk", filter=Q(done_at__isnull=False)))
    return {row["goal"]: (row["all"], row["done"]) for row in counted}


def groups_of(project: Project) -> list[GoalGroup]:
    """The project's goals under what they are for; an empty business goal is shown, to be filled."""
    goals = list(project.goals.select_related("client_owner", "agency_owner"))
    for goal in goals:
        goal.project = project
    groups = {above.pk: GoalGroup(above) for above in project.business_goals.all()}
    rest = GoalGroup(None)
    for line in lines_of(goals):
        groups.get(line.goal.business_goal_id, rest).lines.append(line)
    return [*groups.values(), *([rest] if rest.lines else [])]


def today_of(project: Project) -> date:
    """The project's own day."""
    return timezone.localdate(timezone=ZoneInfo(project.timezone))


@dataclass(frozen=True)
class Voice:
    """What one side last said of its confidence, and everything it said before."""

    side: Side
    latest: Confidence | None
    earlier: tuple[Confidence, ...] = ()


def voices_of(goal: Goal) -> list[Voice]:
    said = list(goal.confidences.select_related("by"))
    by_side = {side: [row for row in said if row.side == side] for side in Side}
    return [Voice(side, next(iter(rows), None), tuple(rows[1:])) for side, rows in by_side.items()]
