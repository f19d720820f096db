from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from projects import recurring, rules
from projects.actions.doers import check_task, tell_assignee
from projects.actions.projects import demand_open
from projects.models import ChecklistItem, Project, Recurrence, Task
from smmportal.audit import record
from smmportal.people.models import Side, User
from smmportal.refusals import Refused, demand

OF_TASK = ("title", "description", "side", "assignee", "priority", "estimate", "goal")
EDITABLE = (*OF_TASK, "frequency", "interval", "weekdays", "month_day", "starts_on", "ends_on")


@transaction.atomic
def begin_recurrence(project: Project, *, by: User, **fields: object) -> Recurrence:
    """A task that comes again and again; its first task is there at once."""
    demand(rules.acts_in(by, project), _("Viewers look on. Ask a colleague to add the task."))
    demand_open(project)
    assert set(fields) <= set(EDITABLE), fields
    recurrence = Recurrence(project=project, created_by=by, **fields)
    check_recurrence(recurrence)
    recurrence.save()
    record("recurrence.begun", about=recurrence, by=by, project=project, title=recurrence.title)
    continue_recurrence(recurrence)
    return recurrence


@transaction.atomic
def edit_recurrence(recurrence: Recurrence, *, by: User, **fields: object) -> Recurrence:
    """Change what comes next; the tasks that are there already stay as they are."""
    demand(rules.acts_in(by, recurrence.project), _("Viewers look on. Ask a colleague to change the task."))
    demand_open(recurrence.project)
    assert set(fields) <= set(EDITABLE), fields
    if recurrence.ended_at:
        raise Refused(_("This task does not repeat any more. Begin a new one."), code="ended")
    changed = [name for name, value in fields.items() if getattr(recurrence, name) != value]
    if not changed:
        return recurrence
    for name in changed:
        setattr(recurrence, name, fields[name])
    check_recurrence(recurrence)
    recurrence.save(update_fields=changed)
    record("recurrence.edited", about=recurrence, by=by, project=recurrence.project, fields=sorted(changed))
    return recurrence


def check_recurrence(recurrence: Recurrence) -> None:
    side = Side(recurrence.side)
    check_task(recurrence.project, side=side, assignee=recurrence.assignee, goal=recurrence.goal)
    if recurring.first_day(recurrence.rule) is None:
        raise Refused(_("No day fits: it would end before it comes for the first time."), code="no-day")


@transaction.atomic
def end_recurrence(recurrence: Recurrence, *, by: User) -> Recurrence:
    """Let it come no more; the tasks that are there stay."""
    demand(rules.acts_in(by, recurrence.project), _("Viewers look on. Ask a colleague to change the task."))
    demand_open(recurrence.project)
    if Recurrence.objects.filter(pk=recurrence.pk, ended_at=None).update(ended_at=timezone.now(), ended_by=by):
        record("recurrence.ended", about=recurrence, by=by, project=recurrence.project)
    recurrence.refresh_from_db(fields=["ended_at", "ended_by"])
    return recurrence


@transaction.atomic
def continue_recurrence(recurrence: Recurrence) -> Task | None:
    """The next task, if it is time for it. Safe to call at any moment and from anywhere."""
    rows = Recurrence.objects.select_related("project__agency", "project__client", "assignee", "goal", "created_by")
    recurrence = rows.select_for_update(of=("self",)).get(pk=recurrence.pk)
    if recurrence.ended_at or not recurrence.project.is_open:
        return None
    day = next_day(recurrence, recurrence.project.today)
    return appear(recurrence, day) if day else None


def next_day(recurrence: Recurrence, today: date) -> date | None:
    """The day of the task that should appear now. What passed unseen before today is left out."""
    last = recurrence.tasks.order_by("-occurs_on").first()
    if last is None:
        first = max(recurrence.starts_on, today)
        return recurring.next_after(recurrence.rule, first - timedelta(days=1))
    if last.done_at is None and last.occurs_on > today:
        return None
    return recurring.next_after(recurrence.rule, max(last.occurs_on, today - timedelta(days=1)))


def appear(recurrence: Recurrence, day: date) -> Task:
    fields = {name: getattr(recurrence, name) for name in OF_TASK}
    if recurrence.assignee and not rules.works_for(recurrence.assignee, recurrence.project, Side(recurrence.side)):
        fields["assignee"] = None  # they have left meanwhile: whoever of that side comes first
    last = recurrence.tasks.order_by("-occurs_on").first()
    task, is_new = Task.objects.get_or_create(
        recurrence=recurrence,
        occurs_on=day,
        defaults={**fields, "project": recurrence.project, "due_on": day, "created_by": recurrence.created_by},
    )
    if is_new:
        repeat_steps(last, task)
        record("task.came_again", about=task, project=recurrence.project, recurrence=recurrence.pk)
        tell_assignee(task, by=None)
    return task


def repeat_steps(last: Task | None, task: Task) -> None:
    """The checklist of the task before, with nothing ticked off yet."""
    steps = last.checklist.all() if last else []
    ChecklistItem.objects.bulk_create(
        ChecklistItem(task=task, text=step.text, position=step.position) for step in steps
    )


def continue_all() -> int:
    """The next task of everything whose time has come; for the timetable."""
    due = Recurrence.objects.running()
    return sum(1 for recurrence in due.iterator() if continue_recurrence(recurrence))
