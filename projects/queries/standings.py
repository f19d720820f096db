"""How projects stand and what waits for whom, for any number of projects in a constant number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from projects.models import Brief, BriefVersion, Debrief, DebriefRemark, Goal, MaterialRequest, Project, Task
from smmportal.people.models import Role, Side
from smmportal.waiting import Waiting

FILLING = (Role.DECIDER, Role.CONTACT)
GOAL_FACTS = ("id", "project_id", "status", "statement", "proposed_side", "proposed_at")
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
    materials: list[dict] = field(default_factory=list)

    @property
    def is_understood(self) -> bool:
        return bool(self.debrief and self.debrief["confirmed_at"])


def standings(projects: Sequence[Project]) -> dict[int, Standing]:
    """Seven queries, whatever the number of projects."""
    found = {
        project.pk: Standing(project, timezone.localdate(timezone=ZoneInfo(project.timezone))) for project in projects
    }
    read_briefs(found)
    read_debriefs(found)
    of_projects = Q(project__in=list(found))
    for goal in Goal.objects.filter(of_projects).order_by("id").values(*GOAL_FACTS):
        found[goal["project_id"]].goals.append(goal)
    for task in Task.objects.open().filter(of_projects).values():
        found[task["project_id"]].tasks.append(task)
    for material in MaterialRequest.objects.awaited().filter(of_projects).values():
        found[material["project_id"]].materials.append(material)
    return found


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
        return [debrief_line(standing, Side.AGENCY, sentence, _("Write"), since)]
    if standing.remarked_at:
        sentence = _("Answer the client's remarks on how the brief was understood.")
        return [debrief_line(standing, Side.AGENCY, sentence, _("Answer"), standing.remarked_at)]
    sentence = _("Read how the agency understood the brief, and confirm it or remark.")
    return [debrief_line(standing, Side.CLIENT, sentence, _("Read"), debrief["shared_at"])]


def debrief_line(standing: Standing, side: Side, sentence: str, button: str, since: datetime) -> Waiting:
    return line(standing, side, sentence, button, "projects:debrief", since=since, roles=DECIDING[side])


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
    return line(standing, Side.CLIENT, sentence, _("Open the brief"), "projects:brief", since=since, roles=FILLING)


def goal_lines(standing: Standing) -> list[Waiting]:
    if standing.is_understood and not standing.goals:
        sentence = _("The brief is confirmed: write the first goal.")
        since = standing.debrief["confirmed_at"]
        roles = DECIDING[Side.AGENCY]
        return [
            line(standing, Side.AGENCY, sentence, _("Write a goal"), "projects:goals", since=since, roles=roles),
        ]
    return [goal_to_agree(standing, goal) for goal in standing.goals if goal["status"] == Goal.Status.PROPOSED]


def goal_to_agree(standing: Standing, goal: dict) -> Waiting:
    side = Side(goal["proposed_side"]).other
    sentence = _("Read the goal that is proposed: «%(goal)s»") % {"goal": shorten(goal["statement"])}
    url = reverse("projects:goal", args=[goal["id"]])
    since = goal["proposed_at"]
    return line(standing, side, sentence, _("Read the goal"), "", url=url, since=since, roles=DECIDING[side])


def task_lines(standing: Standing) -> list[Waiting]:
    return [
        line(
            standing,
            Side(task["side"]),
            shorten(task["title"]),
            _("Open the task"),
            "projects:tasks",
            since=task["created_at"],
            due_on=task["due_on"],
            person_id=task["assignee_id"],
            roles=() if task["assignee_id"] else tuple(Role(role) for role in Role.values if role != Role.VIEWER),
        )
        for task in standing.tasks
    ]


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
    if Goal.Status.PROPOSED in statuses:
        return Step("no_target", _("to agree"), url)
    if statuses == {Goal.Status.AGREED}:
        return Step("on_track", _("agreed"), url)
    return Step("no_target", _("in draft"), url)


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
