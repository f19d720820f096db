from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from projects import rules
from projects.actions.checklists import lock_task
from projects.actions.doers import check_task, facts_of_task, tell_assignee
from projects.actions.projects import demand_open
from projects.actions.recurrences import continue_recurrence
from projects.models import Goal, Priority, Project, State, Task
from projects.origins import Place, claim
from projects.wording import label_of
from smmportal.audit import record
from smmportal.notifications.actions import announce
from smmportal.people.models import Side, User
from smmportal.refusals import Refused, demand


@transaction.atomic
def add_task(
    project: Project,
    *,
    title: str,
    side: Side | str,
    by: User,
    description: str = "",
    assignee: User | None = None,
    priority: str = Priority.NORMAL,
    estimate: Decimal | None = None,
    due_on: date | None = None,
    goal: Goal | None = None,
    came_of: str = Task.Origin.HAND,
    came_of_id: int | None = None,
    origin: Place | None = None,
) -> Task:
    """Write down what a side has to do; either side gives tasks to both. `came_of` says what it came from, with the
    number of that row, and `origin` which answer of the brief; `estimate` is in hours."""
    demand(rules.acts_in(by, project), _("Viewers look on. Ask a colleague to add the task."))
    demand_open(project)
    check_task(project, side=Side(side), assignee=assignee, goal=goal)
    task = Task.objects.create(
        project=project,
        title=title,
        description=description,
        side=side,
        assignee=assignee,
        priority=priority,
        estimate=estimate,
        due_on=due_on,
        goal=goal,
        origin=Task.Origin.BRIEF if origin else came_of,
        origin_id=came_of_id,
        created_by=by,
        **claim("task", origin),
    )
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
    """Give it other values; what somebody else changed meanwhile in its other fields stays."""
    assert set(fields) <= set(Task.EDITABLE), fields
    lock_task(task, by=by)
    task.refresh_from_db(fields=Task.EDITABLE)
    was = {name: getattr(task, name) for name in fields}
    for name, value in fields.items():
        setattr(task, name, value)
    check_task(task.project, side=Side(task.side), assignee=task.assignee, goal=task.goal)
    changed = [name for name in Task.EDITABLE if name in fields and fields[name] != was[name]]
    if not changed:
        return task
    task.save(update_fields=changed)
    changes = {name: [said(was[name]), said(fields[name])] for name in changed}
    record("task.edited", about=task, by=by, project=task.project, changes=changes)
    if "assignee" in changed:
        tell_assignee(task, by=by)
    return task


def said(value: object, longest: int = 200) -> str:
    """A field's value as the trail keeps it."""
    return "" if value is None else str(value)[:longest]


@transaction.atomic
def finish_task(task: Task, *, by: User) -> Task:
    """Tick it off; who was second finds it done. What comes again has its next task at once."""
    demand(rules.acts_in(by, task.project), _("Viewers look on. Ask a colleague to finish the task."))
    demand_open(task.project)
    if Task.objects.open().filter(pk=task.pk).update(done_at=timezone.now(), done_by=by):
        record("task.finished", about=task, by=by, project=task.project)
        if task.recurrence_id:
            continue_recurrence(task.recurrence)
    task.refresh_from_db(fields=["done_at", "done_by"])
    return task


@transaction.atomic
def reopen_task(task: Task, *, by: User) -> Task:
    """Undo: the task stands again where it stood before it was finished."""
    demand(rules.acts_in(by, task.project), _("Viewers look on. Ask a colleague to reopen the task."))
    demand_open(task.project)
    if Task.objects.exclude(done_at=None).filter(pk=task.pk).update(done_at=None, done_by=None):
        record("task.reopened", about=task, by=by, project=task.project)
    task.refresh_from_db(fields=["done_at", "done_by"])
    return task


@transaction.atomic
def move_task(task: Task, *, state: State | str, by: User) -> Task:
    """Put the task into another column of the board. «For review» is the other side's move: they are told."""
    demand(rules.acts_in(by, task.project), _("Viewers look on. Ask a colleague to move the task."))
    demand_open(task.project)
    state, project = State(state), task.project
    if state is State.DONE:
        return finish_task(task, by=by)
    task = Task.objects.select_for_update(of=("self",)).get(pk=task.pk)
    task.project = project
    if task.state is state:
        return task
    stand(task, state, by=by)
    record("task.moved", about=task, by=by, project=project, state=state)
    if state is State.REVIEW:
        to = project.people_of(Side(task.side).other)
        announce("task.for_review", to=to, about=task, by=by, facts=facts_of_task(task))
    return task


def stand(task: Task, state: State, *, by: User) -> None:
    """Write who did what when, so that the task is in this state."""
    now = timezone.now()
    task.done_at, task.done_by = None, None
    if state is State.PLANNED:
        task.started_at, task.started_by = None, None
    elif not task.started_at:
        task.started_at, task.started_by = now, by
    task.review_at, task.review_by = (now, by) if state is State.REVIEW else (None, None)
    task.save(update_fields=["done_at", "done_by", "started_at", "started_by", "review_at", "review_by"])
