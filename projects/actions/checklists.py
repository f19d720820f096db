from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from projects import rules
from projects.actions.projects import demand_open
from projects.models import ChecklistItem, Task
from smmportal.audit import record
from smmportal.people.models import User
from smmportal.refusals import Refused, demand


def lock_task(task: Task, *, by: User) -> Task:
    """The task's row, so that two who change its list do it one after the other."""
    demand(rules.acts_in(by, task.project), _("Viewers look on. Ask a colleague to change the task."))
    demand_open(task.project)
    return Task.objects.select_for_update(of=("self",)).get(pk=task.pk)


@transaction.atomic
def add_step(task: Task, *, text: str, by: User) -> ChecklistItem:
    """One more line at the end of the checklist."""
    count = lock_task(task, by=by).checklist.count()
    if count >= ChecklistItem.MOST:
        raise Refused(_("A checklist has at most 100 lines. Make a task of its own from the rest."), code="too-many")
    item = task.checklist.create(text=text, position=count + 1)
    record("step.added", about=task, by=by, project=task.project, text=text)
    return item


@transaction.atomic
def tick_step(item: ChecklistItem, *, by: User) -> ChecklistItem:
    """Done; who was second finds it ticked."""
    task = item.task
    lock_task(task, by=by)
    if ChecklistItem.objects.filter(pk=item.pk, done_at=None).update(done_at=timezone.now(), done_by=by):
        record("step.ticked", about=task, by=by, project=task.project, text=item.text)
    item.refresh_from_db(fields=["done_at", "done_by"])
    return item


@transaction.atomic
def untick_step(item: ChecklistItem, *, by: User) -> ChecklistItem:
    task = item.task
    lock_task(task, by=by)
    if ChecklistItem.objects.filter(pk=item.pk).exclude(done_at=None).update(done_at=None, done_by=None):
        record("step.unticked", about=task, by=by, project=task.project, text=item.text)
    item.refresh_from_db(fields=["done_at", "done_by"])
    return item


@transaction.atomic
def edit_step(item: ChecklistItem, *, text: str, by: User) -> ChecklistItem:
    lock_task(item.task, by=by)
    was, item.text = item.text, text
    if text != was:
        item.save(update_fields=["text"])
        record("step.edited", about=item.task, by=by, project=item.task.project, was=was, text=text)
    return item


@transaction.atomic
def move_step(item: ChecklistItem, *, position: int, by: User) -> ChecklistItem:
    """Put the line at this place, from 1; those between move by one."""
    steps = lock_task(item.task, by=by).checklist
    item.refresh_from_db(fields=["position"])
    position = min(max(position, 1), steps.count())
    if position < item.position:
        steps.filter(position__gte=position, position__lt=item.position).update(position=F("position") + 1)
    elif position > item.position:
        steps.filter(position__gt=item.position, position__lte=position).update(position=F("position") - 1)
    item.position = position
    item.save(update_fields=["position"])
    return item


@transaction.atomic
def remove_step(item: ChecklistItem, *, by: User) -> None:
    """Take a line off; done twice, it is done once."""
    task = item.task
    lock_task(task, by=by)
    found = task.checklist.filter(pk=item.pk).first()
    if found is None:
        return
    found.delete()
    task.checklist.filter(position__gt=found.position).update(position=F("position") - 1)
    record("step.removed", about=task, by=by, project=task.project, text=found.text)
