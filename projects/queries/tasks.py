"""Tasks as pages, the API and the letters read them: whose they are, when they are due, what they cost."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from functools import reduce
from operator import or_
from zoneinfo import ZoneInfo

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum
from django.utils import timezone

from projects.measures import Progress, measures
from projects.models import Absence, Dependency, Effort, Goal, Priority, Project, State, Task
from smmportal.audit import AuditEntry
from smmportal.people.models import Membership, Role, Side, User

GROUPS = ("overdue", "today", "week", "later", "undated")
SORTS = ("due", "priority", "person", "newest")
NEVER = date.max


def tasks_of(user: User) -> QuerySet[Task]:
    """The tasks that this person sees, each with what is told of it everywhere."""
    rows = Task.objects.visible_to(user).select_related("project__agency", "project__client", "assignee", "goal")
    return rows.with_waiting().with_spent()


def told_in_full(rows: QuerySet[Task]) -> QuerySet[Task]:
    """With what stands around them: the checklist and what they wait for."""
    return rows.select_related("recurrence").prefetch_related("checklist__done_by", "dependencies__first")


def parts_of_tasks(model: type, user: User) -> QuerySet:
    """The lines of checklists, or the hours, that this person sees."""
    return model.objects.visible_to(user).select_related("task__project__agency", "task__project__client")


# --- Whose they are -------------------------------------------------------------------------------------------------


def organisations_acted_for(user: User) -> QuerySet:
    return Membership.objects.filter(user=user).exclude(role=Role.VIEWER).values("organisation")


def of_sides(user: User) -> Q:
    """Tasks of the side on which the person stands and acts."""
    own = organisations_acted_for(user)
    return Q(side=Side.AGENCY, project__agency__in=own) | Q(side=Side.CLIENT, project__client__in=own)


def acting_in(user: User, tasks: Iterable[Task]) -> list[Task]:
    """The tasks, each with `may_act`: whether this person does more in its project than look on."""
    own, tasks = set(organisations_acted_for(user).values_list("organisation", flat=True)), list(tasks)
    for task in tasks:
        task.may_act = bool(own & {task.project.agency_id, task.project.client_id})
    return tasks


def of_other_sides(user: User) -> Q:
    own = organisations_acted_for(user)
    return Q(side=Side.AGENCY, project__client__in=own) | Q(side=Side.CLIENT, project__agency__in=own)


def standing_in(user: User, today: date) -> Exists:
    """Tasks of a colleague who is away on the day they are due, and for whom this person stands in."""
    absences = Absence.objects.not_over(today).filter(substitute=user, person=OuterRef("assignee"))
    return Exists(absences.filter(starts_on__lte=OuterRef("due_on"), ends_on__gte=OuterRef("due_on")))


def mine(rows: QuerySet[Task], user: User) -> QuerySet[Task]:
    """What this person has to do: their own, their side's that is nobody's yet, what a colleague who is away left to
    them, and what the other side asks them to look at. Each with `is_stand_in`."""
    rows = rows.annotate(is_stand_in=standing_in(user, timezone.localdate()))
    own = of_sides(user) & (Q(assignee=None) | Q(is_stand_in=True))
    to_look_at = of_other_sides(user) & Q(review_at__isnull=False)
    return rows.filter(Q(assignee=user) | own | to_look_at)


def people_in(projects: Iterable[Project]) -> QuerySet[User]:
    """Everybody who may have tasks in these projects."""
    tasks = Task.objects.open().filter(project__in=projects)
    return User.objects.filter(pk__in=tasks.values("assignee")).order_by("name", "id")


# --- When -----------------------------------------------------------------------------------------------------------


def overdue(rows: QuerySet[Task]) -> QuerySet[Task]:
    """Those whose day is over where their project is."""
    zones = Project.objects.order_by().values_list("timezone", flat=True).distinct()
    days = (Q(project__timezone=zone, due_on__lt=timezone.localdate(timezone=ZoneInfo(zone))) for zone in zones)
    return rows.open().filter(reduce(or_, days, Q(pk=None)))


def rank_of(task: Task) -> int:
    return Priority(task.priority).rank


ORDERS = {
    "due": lambda task: (task.due_on or NEVER, rank_of(task), task.pk),
    "priority": lambda task: (rank_of(task), task.due_on or NEVER, task.pk),
    "person": lambda task: (str(task.assignee or ""), task.due_on or NEVER, rank_of(task), task.pk),
    "newest": lambda task: -task.pk,
}


def in_order(tasks: Iterable[Task], sort: str = "due") -> list[Task]:
    return sorted(tasks, key=ORDERS[sort])


def group_of(task: Task, today: date) -> str:
    """Which part of the list a task stands in; a week ends on Sunday."""
    if task.due_on is None:
        return "undated"
    if task.due_on < today:
        return "overdue"
    if task.due_on == today:
        return "today"
    return "week" if task.due_on <= today + timedelta(days=6 - today.weekday()) else "later"


def by_date(tasks: Iterable[Task], sort: str = "due") -> list[tuple[str, list[Task]]]:
    """The groups that are not empty, in order; today is that of each task's project."""
    groups: dict[str, list[Task]] = {name: [] for name in GROUPS}
    for task in in_order(tasks, sort):
        groups[group_of(task, task.project.today)].append(task)
    return [(name, found) for name, found in groups.items() if found]


def by_state(tasks: Iterable[Task]) -> list[tuple[State, list[Task]]]:
    """The board's columns, all four."""
    columns: dict[State, list[Task]] = {state: [] for state in State}
    for place, task in enumerate(in_order(tasks, "priority")):
        #: By which a card finds its place in another column; compared as text.
        task.order = f"{place:05}"
        columns[task.state].append(task)
    return list(columns.items())


# --- Around one task ------------------------------------------------------------------------------------------------


def could_wait_for(task: Task) -> QuerySet[Task]:
    """What else of its project it may be told to wait for; circles are refused when they are tried."""
    taken = task.dependencies.values("first")
    return task.project.tasks.open().exclude(pk=task.pk).exclude(pk__in=taken)


def history_of(task: Task) -> QuerySet[AuditEntry]:
    kind = ContentType.objects.get_for_model(Task)
    return AuditEntry.objects.filter(about_type=kind, about_id=task.pk).select_related("by")


def waiting_pairs(projects: list[int]) -> QuerySet:
    """In these projects every open task that waits, with the open task that it waits for."""
    rows = Dependency.objects.filter(task__project__in=projects, task__done_at=None, first__done_at=None)
    return rows.values("task_id", "task__project_id", "task__title", "first_id")


# --- Effort against progress ----------------------------------------------------------------------------------------


@dataclass
class GoalEffort:
    """What a goal cost so far, and how far its tasks are. `goal` is None for tasks that serve no goal."""

    goal: Goal | None
    total: int = 0
    done: int = 0
    #: Hours; an estimate is None when no task of the goal has one.
    estimate: Decimal | None = None
    spent: Decimal = field(default_factory=Decimal)
    #: Tasks without an estimate: the sum says nothing of them.
    unestimated: int = 0
    #: How far the goal itself is, by its KPIs.
    progress: Progress = field(default_factory=Progress)


def effort_by_goal(project: Project) -> list[GoalEffort]:
    """Three queries and those of the KPIs, whatever the number of goals; what serves no goal comes last, if there is
    any."""
    goals = list(project.goals.all())
    progress = measures().progress_of(goals)
    found: dict[int | None, GoalEffort] = {
        goal.pk: GoalEffort(goal, progress=progress.get(goal.pk, Progress())) for goal in goals
    }
    found[None] = GoalEffort(None)
    tasks = Task.objects.filter(project=project).order_by().values("goal")
    counted = tasks.annotate(
        total=Count("pk"),
        done=Count("pk", filter=Q(done_at__isnull=False)),
        sum=Sum("estimate"),
        unestimated=Count("pk", filter=Q(estimate=None)),
    )
    for row in counted:
        line = found[row["goal"]]
        line.total, line.done, line.estimate = row["total"], row["done"], row["sum"]
        line.unestimated = row["unestimated"]
    efforts = Effort.objects.filter(task__project=project).order_by().values("task__goal")
    for row in efforts.annotate(sum=Sum("hours")):
        found[row["task__goal"]].spent = row["sum"]
    return [line for line in found.values() if line.goal or line.total]
