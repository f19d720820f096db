"""How projects stand and what waits for whom, for any number of projects in a constant number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from projects.models import (
    Absence,
    Brief,
    BriefVersion,
    Debrief,
    DebriefRemark,
    Goal,
    MaterialRequest,
    Project,
    Task,
)
from projects.queries.tasks import waiting_pairs
from smmportal.people.models import Role, Side
from smmportal.waiting import Kind, Waiting

FILLING = (Role.DECIDER, Role.CONTACT)
ACTING = tuple(role for role in Role if role != Role.VIEWER)
GOAL_FACTS = ("id", "project_id", "status", "statement", "proposed_side", "proposed_at", "due_on")
DECIDING = {Side.CLIENT: (Role.DECIDER,), Side.AGENCY: (Role.OWNER, Role.MANAGER)}


@dataclass(frozen=True)
class Step:
    """How far one step of the project's spine is: a status code of the look, a word, and the page."""

    status: str
    word: str
    url: str


@dataclass
class Standing:
    """Everything about one project that its lines and steps are told from."""

    project: Project
    today: date
    questions: int = 0
    answered: int = 0
    required: int = 0
    version: dict | None = None
    debrief: dict | None = None
    remarked_at: datetime | None = None
    goals: list[dict] = field(default_factory=list)
    tasks: list[dict] = field(default_factory=list)
    #: Ids of the tasks that wait for another, and for that other's id the title of one that waits.
    blocked: set[int] = field(default_factory=set)
    holds_up: dict[int, str] = field(default_factory=dict)
    absences: list[dict] = field(default_factory=list)
    materials: list[dict] = field(default_factory=list)

    @property
    def is_understood(self) -> bool:
        return bool(self.debrief and self.debrief["confirmed_at"])


def standings(projects: Sequence[Project]) -> dict[int, Standing]:
    """Nine queries, whatever the number of projects."""
    found = {project.pk: Standing(project, project.today) for project in projects}
    read_briefs(found)
    read_debriefs(found)
    of_projects = Q(project__in=list(found))
    for goal in Goal.objects.filter(of_projects).order_by("id").values(*GOAL_FACTS):
        found[goal["project_id"]].goals.append(goal)
    read_tasks(found)
    for material in MaterialRequest.objects.awaited().filter(of_projects).values():
        found[material["project_id"]].materials.append(material)
    return found


def read_tasks(found: dict[int, Standing]) -> None:
    tasks = list(Task.objects.open().filter(project__in=list(found)).values())
    people = {task["assignee_id"] for task in tasks}
    absences = list(Absence.objects.filter(person__in=people).values())
    for standing in found.values():
        standing.absences = absences
    for task in tasks:
        found[task["project_id"]].tasks.append(task)
    for row in waiting_pairs(list(found)):
        standing = found[row["task__project_id"]]
        standing.blocked.add(row["task_id"])
        standing.holds_up[row["first_id"]] = row["task__title"]


def read_briefs(found: dict[int, Standing]) -> None:
    briefs = Brief.objects.filter(project__in=list(found))
    for project_id, *counts in briefs.values_list("project_id", "question_count", "answered_count", "open_count"):
        found[project_id].questions, found[project_id].answered, found[project_id].required = counts


def read_debriefs(found: dict[int, Standing]) -> None:
    versions = BriefVersion.objects.filter(brief__project__in=list(found)).order_by("number")
    for version in versions.values("pk", "number", "submitted_at", "brief__project_id"):
        found[version["brief__project_id"]].version = version
    latest = {standing.version["pk"]: standing for standing in found.values() if standing.version}
    debriefs = {}
    for debrief in Debrief.objects.filter(version__in=list(latest)).values():
        debriefs[debrief["id"]] = latest[debrief["version_id"]]
        debriefs[debrief["id"]].debrief = debrief
    remarks = DebriefRemark.objects.filter(debrief__in=list(debriefs), answered_at=None).order_by("-id")
    for debrief_id, at in remarks.values_list("debrief_id", "at"):
        debriefs[debrief_id].remarked_at = at


# --- What waits -----------------------------------------------------------------------------------------------------


def waiting(projects: Sequence[Project], known: dict[int, Standing] | None = None) -> list[Waiting]:
    """What each side has to do in these projects, in the order of the guide within each of them."""
    lines = []
    for standing in (standings(projects) if known is None else known).values():
        if standing.project.is_open:
            lines += [*brief_lines(standing), *goal_lines(standing), *task_lines(standing), *material_lines(standing)]
    return lines


def line(standing: Standing, side: Side, sentence: str, button: str, page: str, **more: object) -> Waiting:
    project = standing.project
    url = more.pop("url", None) or reverse(page, args=[project.pk])
    return Waiting(
        project_id=project.pk,
        project_name=project.name,
        side=side,
        sentence=sentence,
        button=button,
        url=url,
        **more,
    )


def brief_lines(standing: Standing) -> list[Waiting]:
    if not standing.version:
        return [brief_to_fill(standing)]
    if standing.is_understood:
        return []
    debrief = standing.debrief
    if not debrief or not debrief["shared_at"]:
        sentence = _("Write how the brief was understood: the client waits to hear it.")
        since = standing.version["submitted_at"]
        return [debrief_line(standing, Side.AGENCY, sentence, _("Write"), since, kind="answer")]
    if standing.remarked_at:
        sentence = _("Answer the client's remarks on how the brief was understood.")
        return [debrief_line(standing, Side.AGENCY, sentence, _("Answer"), standing.remarked_at, kind="answer")]
    sentence = _("Read how the agency understood the brief, and confirm it or remark.")
    return [debrief_line(standing, Side.CLIENT, sentence, _("Read"), debrief["shared_at"], kind="approve")]


def debrief_line(standing: Standing, side: Side, sentence: str, button: str, since: datetime, *, kind: Kind) -> Waiting:
    return line(standing, side, sentence, button, "projects:debrief", since=since, roles=DECIDING[side], kind=kind)


def brief_to_fill(standing: Standing) -> Waiting:
    left = standing.questions - standing.answered
    if not left:
        sentence = _("The brief is filled in: submit it, and the agency can begin.")
    elif not standing.answered:
        sentence = _("Fill in the brief: it is what the whole project rests on.")
    elif not standing.required:
        sentence = _("All the brief needs is answered: submit it, or add what you like first.")
    else:
        sentence = ngettext(
            "Finish the brief: %(count)s question is left.", "Finish the brief: %(count)s questions are left.", left
        ) % {"count": left}
    since = standing.project.created_at
    more = {"since": since, "roles": FILLING, "kind": "answer"}
    return line(standing, Side.CLIENT, sentence, _("Open the brief"), "projects:brief", **more)


def goal_lines(standing: Standing) -> list[Waiting]:
    if standing.is_understood and not standing.goals:
        sentence = _("The brief is confirmed: write the first goal.")
        since = standing.debrief["confirmed_at"]
        roles = DECIDING[Side.AGENCY]
        return [
            line(standing, Side.AGENCY, sentence, _("Write a goal"), "projects:goals", since=since, roles=roles),
        ]
    proposed = [goal_to_agree(standing, goal) for goal in standing.goals if goal["status"] == Goal.Status.PROPOSED]
    late = [goal for goal in standing.goals if is_past_and_running(standing, goal)]
    return proposed + [goal_to_conclude(standing, goal, side) for goal in late for side in Side]


def is_past_and_running(standing: Standing, goal: dict) -> bool:
    return goal["status"] in Goal.RUNNING and goal["due_on"] is not None and goal["due_on"] < standing.today


def goal_to_conclude(standing: Standing, goal: dict, side: Side) -> Waiting:
    sentence = _("The day of this goal has passed. Say how it ended: “%(goal)s”") % {"goal": shorten(goal["statement"])}
    url = reverse("projects:goal_conclusion", args=[goal["id"]])
    facts = {"url": url, "due_on": goal["due_on"], "roles": DECIDING[side], "kind": "answer"}
    return line(standing, side, sentence, _("Say how it ended"), "", **facts)


def goal_to_agree(standing: Standing, goal: dict) -> Waiting:
    side = Side(goal["proposed_side"]).other
    sentence = _("Read the proposed goal: “%(goal)s”") % {"goal": shorten(goal["statement"])}
    url = reverse("projects:goal", args=[goal["id"]])
    facts = {"url": url, "since": goal["proposed_at"], "roles": DECIDING[side], "kind": "approve"}
    return line(standing, side, sentence, _("Read the goal"), "", **facts)


def task_lines(standing: Standing) -> list[Waiting]:
    """A task that waits for another is nobody's move: the other one has its own line and names it."""
    return [task_line(standing, task) for task in standing.tasks if task["id"] not in standing.blocked]


def task_line(standing: Standing, task: dict) -> Waiting:
    side, title = Side(task["side"]), shorten(task["title"])
    to_look_at = task["review_at"] is not None
    return line(
        standing,
        side.other if to_look_at else side,
        _("Look at what is done: %(task)s") % {"task": title}
        if to_look_at
        else title + what_it_holds_up(standing, task),
        _("Open the task"),
        "",
        url=reverse("projects:task", args=[task["id"]]),
        since=task["review_at"] or task["created_at"],
        due_on=task["due_on"],
        person_id=None if to_look_at else task["assignee_id"],
        stand_in_ids=() if to_look_at else stand_ins(standing, task),
        roles=ACTING if to_look_at or not task["assignee_id"] else (),
        kind="approve" if to_look_at else "do",
    )


def what_it_holds_up(standing: Standing, task: dict) -> str:
    waiting = standing.holds_up.get(task["id"])
    return _(" — “%(task)s” waits for it") % {"task": shorten(waiting, 60)} if waiting else ""


def stand_ins(standing: Standing, task: dict) -> tuple[int, ...]:
    """Who stands in for the task's person on the day it is due."""
    return tuple(
        absence["substitute_id"]
        for absence in standing.absences
        if task["due_on"]
        and absence["person_id"] == task["assignee_id"]
        and absence["starts_on"] <= task["due_on"] <= absence["ends_on"]
        and absence["ends_on"] >= standing.today
    )


def material_lines(standing: Standing) -> list[Waiting]:
    return [
        line(
            standing,
            Side(material["side"]),
            _("A material is awaited: %(what)s") % {"what": shorten(material["what"])},
            _("Open the materials"),
            "projects:materials",
            since=material["created_at"],
            due_on=material["due_on"],
            person_id=material["person_id"],
            roles=() if material["person_id"] else tuple(Role(role) for role in Role.values if role != Role.VIEWER),
            kind="send",
        )
        for material in standing.materials
    ]


def shorten(text: str, longest: int = 120) -> str:
    text = " ".join(text.split())
    return text if len(text) <= longest else f"{text[:longest].rstrip()}…"


# --- The spine ------------------------------------------------------------------------------------------------------


def spine_states(projects: Sequence[Project], known: dict[int, Standing] | None = None) -> dict[int, dict[str, Step]]:
    """For each project's id the steps brief, goals and tasks, in that order."""
    return {
        pk: {"brief": brief_step(standing), "goals": goals_step(standing), "tasks": tasks_step(standing)}
        for pk, standing in (standings(projects) if known is None else known).items()
    }


def brief_step(standing: Standing) -> Step:
    pk = standing.project.pk
    brief, debrief = reverse("projects:brief", args=[pk]), reverse("projects:debrief", args=[pk])
    if standing.is_understood:
        return Step("on_track", _("confirmed"), debrief)
    if standing.remarked_at:
        return Step("at_risk", _("remarks"), debrief)
    if standing.debrief and standing.debrief["shared_at"]:
        return Step("no_target", _("to confirm"), debrief)
    if standing.version:
        return Step("no_target", _("submitted"), debrief)
    if standing.answered:
        counts = {"done": standing.answered, "total": standing.questions}
        return Step("no_target", _("%(done)s of %(total)s") % counts, brief)
    return Step("no_data", _("not begun"), brief)


def goals_step(standing: Standing) -> Step:
    url = reverse("projects:goals", args=[standing.project.pk])
    statuses = {goal["status"] for goal in standing.goals}
    if not statuses:
        return Step("no_data", _("none yet"), url)
    if any(is_past_and_running(standing, goal) for goal in standing.goals):
        return Step("at_risk", _("to conclude"), url)
    if Goal.Status.PROPOSED in statuses:
        return Step("no_target", _("to agree"), url)
    if Goal.Status.ACTIVE in statuses:
        return Step("on_track", _("under way"), url)
    if Goal.Status.DRAFT in statuses:
        return Step("no_target", _("in draft"), url)
    return Step("on_track", _("agreed") if Goal.Status.AGREED in statuses else _("concluded"), url)


def tasks_step(standing: Standing) -> Step:
    url = reverse("projects:tasks", args=[standing.project.pk])
    overdue = sum(1 for task in standing.tasks if task["due_on"] and task["due_on"] < standing.today)
    if overdue:
        return Step("at_risk", ngettext("%(count)s overdue", "%(count)s overdue", overdue) % {"count": overdue}, url)
    if standing.tasks:
        count = len(standing.tasks)
        return Step("on_track", ngettext("%(count)s open", "%(count)s open", count) % {"count": count}, url)
    return Step("no_data", _("no open tasks"), url)


def stage_of(project: Project, steps: dict[str, Step]) -> Step:
    """The step at which the project is now, in words: the first that is not behind it."""
    if not project.is_open:
        return Step("no_target", _("Project closed"), project.get_absolute_url())
    names = {"brief": _("Brief: %(word)s"), "goals": _("Goals: %(word)s")}
    for key, name in names.items():
        if steps[key].status != "on_track":
            return Step(steps[key].status, name % {"word": steps[key].word}, steps[key].url)
    return Step("on_track", _("Under way"), project.get_absolute_url())
