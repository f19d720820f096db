"""How clear projects are to both sides, and what in them waits too long: for any number of projects in a constant
number of queries."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache

from django.db.models import Max, Q

from projects.coach import check
from projects.models import Answer, Brief, BriefVersion, Contact, Debrief, DebriefRemark, Goal, MaterialRequest, Task
from projects.models.project import Project
from projects.queries.goals import latest_confidences
from projects.queries.standings import shorten
from smmportal.people.models import Membership, Role, Side

GOAL_FACTS = (
    "id",
    "project_id",
    "status",
    "statement",
    *Goal.CRITERIA,
    "due_on",
    "business_goal_id",
    "proposed_side",
    "proposed_at",
)


@dataclass
class Clarity:
    """What is read of one project. `stage` is how far the brief is on its way to the confirmed debrief."""

    project: Project
    today: date
    questions: int = 0
    answered: int = 0
    open: int = 0
    stage: str = "filling"
    submitted_at: datetime | None = None
    #: Keys of the questions that are answered with «don't know» and became no task.
    unknown: list[str] = field(default_factory=list)
    #: Those that both sides talk about: proposed, agreed, under way.
    goals: list[dict] = field(default_factory=list)
    confidences: dict[int, dict[str, int]] = field(default_factory=dict)
    #: The client's people who decide, and those named as deciding in «What we know».
    deciders: int = 0
    named: int = 0
    #: Open tasks that are past their day or laid before the other side, with the side whose move it is (`waits_on`).
    tasks: list[dict] = field(default_factory=list)
    materials: list[dict] = field(default_factory=list)


def clarity_of(projects: Sequence[Project]) -> dict[int, Clarity]:
    """For each project's id; thirteen queries."""
    found = {project.pk: Clarity(project, project.today) for project in projects}
    read_briefs(found)
    read_unknown(found)
    read_goals(found)
    read_deciders(found)
    read_waiting(found)
    return found


def read_briefs(found: dict[int, Clarity]) -> None:
    counted = Brief.objects.filter(project__in=list(found)).values_list("project_id", *Brief.COUNTS)
    for project_id, *counts in counted:
        found[project_id].questions, found[project_id].answered, found[project_id].open = counts
    latest = BriefVersion.objects.filter(brief__project__in=list(found)).order_by().values("brief")
    rows = BriefVersion.objects.filter(pk__in=latest.annotate(last=Max("pk")).values("last"))
    versions = {}
    for version, project_id, at in rows.values_list("pk", "brief__project_id", "submitted_at"):
        versions[version] = found[project_id]
        found[project_id].submitted_at, found[project_id].stage = at, "submitted"
    read_debriefs(versions)


def read_debriefs(versions: dict[int, Clarity]) -> None:
    remarked = DebriefRemark.objects.filter(debrief__version__in=list(versions), answered_at=None)
    open_ones = set(remarked.values_list("debrief", flat=True))
    debriefs = Debrief.objects.filter(version__in=list(versions), shared_at__isnull=False)
    for pk, version, confirmed_at in debriefs.values_list("pk", "version", "confirmed_at"):
        stage = "confirmed" if confirmed_at else "remarked" if pk in open_ones else "shared"
        versions[version].stage = stage


def read_unknown(found: dict[int, Clarity]) -> None:
    """«Don't know» of a brief that was submitted is an open question until it is answered or became a task."""
    tasks = Task.objects.filter(project__in=list(found)).exclude(from_key="").values_list("project_id", "from_key")
    taken = set(tasks)
    unknown = Answer.objects.filter(brief__project__in=list(found), unknown=True).values_list(
        "brief__project_id", "key"
    )
    for project_id, key in unknown:
        if found[project_id].submitted_at and (project_id, key) not in taken:
            found[project_id].unknown.append(key)


def read_goals(found: dict[int, Clarity]) -> None:
    talked_about = (Goal.Status.PROPOSED, *Goal.RUNNING)
    goals = Goal.objects.filter(project__in=list(found), status__in=talked_about).order_by("id")
    for goal in goals.values(*GOAL_FACTS):
        found[goal["project_id"]].goals.append(goal)
    said = latest_confidences(goal["id"] for clarity in found.values() for goal in clarity.goals)
    for clarity in found.values():
        clarity.confidences = said


def read_deciders(found: dict[int, Clarity]) -> None:
    clients = {clarity.project.client_id for clarity in found.values()}
    seats = Membership.objects.filter(organisation__in=clients, role=Role.DECIDER, user__is_active=True)
    people: dict[int, int] = defaultdict(int)
    for client in seats.values_list("organisation_id", flat=True):
        people[client] += 1
    for clarity in found.values():
        clarity.deciders = people[clarity.project.client_id]
    named = Contact.objects.filter(project__in=list(found), duty=Contact.Duty.DECIDER, side=Side.CLIENT)
    for project_id in named.values_list("project_id", flat=True):
        found[project_id].named += 1


def read_waiting(found: dict[int, Clarity]) -> None:
    latest = max((clarity.today for clarity in found.values()), default=date.min)
    late = Task.objects.open().filter(Q(due_on__lt=latest) | Q(review_at__isnull=False), project__in=list(found))
    for task in late.with_waiting().values("id", "project_id", "title", "due_on", "review_at", "waits_on"):
        found[task["project_id"]].tasks.append(task)
    awaited = MaterialRequest.objects.awaited().filter(project__in=list(found))
    for material in awaited.values("id", "project_id", "what", "side", "due_on", "created_at"):
        found[material["project_id"]].materials.append(material)


# --- The coach on stored goals --------------------------------------------------------------------------------------


def missing_letters(goal: dict, today: date, *, is_measured: bool) -> tuple[str, ...]:
    """The letters of SMART that a stored goal lacks. A signed KPI says what, how much and by when; without one the
    coach looks for them in the goal's own words."""
    return tuple(letter for letter in Goal.CRITERIA if not has_letter(goal, letter, today, is_measured))


def has_letter(goal: dict, letter: str, today: date, is_measured: bool) -> bool:
    if letter == "achievable":
        return bool(goal["achievable"].strip())
    if letter == "relevant":
        return bool(goal["relevant"].strip() or goal["business_goal_id"])
    if is_measured or (letter == "time_bound" and goal["due_on"]):
        return True
    return any(letter in letters_found(text, today) for text in texts_of(goal, letter))


def texts_of(goal: dict, letter: str) -> Iterator[str]:
    yield goal["statement"]
    if goal[letter].strip():
        yield goal[letter]


@lru_cache(maxsize=4000)
def letters_found(text: str, today: date) -> frozenset[str]:
    """What the coach reads in a text by itself; the same words of the same day are read once."""
    return frozenset(name for name, criterion in check(text, today).criteria.items() if criterion.ok)


def short_name(goal: dict) -> str:
    return shorten(goal["statement"], 100)
