from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from projects import rules
from projects.actions.projects import demand_open, facts_of
from projects.models import Goal, Project, Task
from projects.origins import Place, claim
from projects.wording import label_of
from smmportal.audit import record
from smmportal.notifications.actions import announce
from smmportal.people.models import Role, Side, User
from smmportal.refusals import Refused, demand

EDITABLE = ("title", "side", "assignee", "due_on", "goal")


@transaction.atomic
def add_task(
    project: Project,
    *,
    title: str,
    side: Side | str,
    by: User,
    assignee: User | None = None,
    due_on: date | None = None,
    goal: Goal | None = None,
    origin: Place | None = None,
) -> Task:
    """Write down what a side has to do; either side gives tasks to both."""
    demand(rules.acts_in(by, project), _("Viewers look on. Ask a colleague to add the task."))
    demand_open(project)
    check_task(project, side=Side(side), assignee=assignee, goal=goal)
    fields = {"title": title, "side": side, "assignee": assignee, "due_on": due_on, "goal": goal}
    task = Task.objects.create(project=project, created_by=by, **fields, **claim("task", origin))
    record("task.added", about=task, by=by, project=project, title=title, side=side)
    tell_assignee(task, by=by)
    return task


def ask_client(place: Place, *, by: User) -> Task:
    """What the client does not know becomes a task of theirs: find it out."""
    if place.piece is not None:
        raise Refused(_("This question is answered, so there is nothing to find out."), code="answered")
    title = shorten(_("Find out: %(question)s") % {"question": label_of(place.question)}, 300)
    return add_task(place.version.brief.project, title=title, side=Side.CLIENT, by=by, origin=place)


def shorten(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"


@transaction.atomic
def edit_task(task: Task, *, by: User, **fields: object) -> Task:
    demand(rules.acts_in(by, task.project), _("Viewers look on. Ask a colleague to change the task."))
    demand_open(task.project)
    assert set(fields) <= set(EDITABLE), fields
    was = task.assignee_id
    for name, value in fields.items():
        setattr(task, name, value)
    check_task(task.project, side=Side(task.side), assignee=task.assignee, goal=task.goal)
    task.save(update_fields=list(fields))
    record("task.edited", about=task, by=by, project=task.project, fields=sorted(fields))
    if task.assignee_id != was:
        tell_assignee(task, by=by)
    return task


def check_task(project: Project, *, side: Side, assignee: User | None, goal: Goal | None) -> None:
    if assignee and (project.side_of(assignee) is not side or project.role_of(assignee) is Role.VIEWER):
        sentence = _("%(person)s does not work on that side of the project. Choose somebody who does.")
        raise Refused(sentence % {"person": assignee}, code="not-of-this-side")
    if goal and goal.project_id != project.pk:
        raise Refused(_("This goal belongs to another project."), code="foreign-goal")


def tell_assignee(task: Task, *, by: User) -> None:
    if task.assignee:
        due = task.due_on.isoformat() if task.due_on else ""
        facts = facts_of(task.project, task=task.title, due_on=due)
        announce("task.assigned", to=[task.assignee], about=task, by=by, facts=facts)


@transaction.atomic
def finish_task(task: Task, *, by: User) -> Task:
    """Tick it off; who was second finds it done."""
    demand(rules.acts_in(by, task.project), _("Viewers look on. Ask a colleague to finish the task."))
    demand_open(task.project)
    if Task.objects.open().filter(pk=task.pk).update(done_at=timezone.now(), done_by=by):
        record("task.finished", about=task, by=by, project=task.project)
    task.refresh_from_db(fields=["done_at", "done_by"])
    return task


@transaction.atomic
def reopen_task(task: Task, *, by: User) -> Task:
    demand(rules.acts_in(by, task.project), _("Viewers look on. Ask a colleague to reopen the task."))
    demand_open(task.project)
    if Task.objects.exclude(done_at=None).filter(pk=task.pk).update(done_at=None, done_by=None):
        record("task.reopened", about=task, by=by, project=task.project)
    task.refresh_from_db(fields=["done_at", "done_by"])
    return task
