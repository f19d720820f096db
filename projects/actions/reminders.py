from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Exists, OuterRef

from projects.actions.doers import doers_of, facts_of_task, one_project_each
from projects.models import Reminder, Task
from smmportal.notifications.actions import announce

#: Nobody is reminded before this hour of the project's day.
MORNING = 9
AHEAD = timedelta(days=1)


def remind(now: datetime) -> int:
    """Tell the people of each task that is due tomorrow or overdue, once for each date. How many were told of."""
    return sum(tell(task, kind) for task, kind in to_remind_of(now))


def to_remind_of(now: datetime) -> Iterator[tuple[Task, Reminder.Kind]]:
    told = Reminder.objects.filter(task=OuterRef("pk"), due_on=OuterRef("due_on"))
    near = Task.objects.open().filter(project__closed_at=None, due_on__lte=now.date() + 2 * AHEAD)
    near = near.exclude(Exists(told.filter(kind=Reminder.Kind.OVERDUE)))
    for task in one_project_each(near.select_related("project__agency", "project__client", "assignee")):
        kind = kind_at(task, now)
        if kind:
            yield task, kind


def kind_at(task: Task, now: datetime) -> Reminder.Kind | None:
    local = now.astimezone(ZoneInfo(task.project.timezone))
    if local.hour < MORNING:
        return None
    if task.due_on < local.date():
        return Reminder.Kind.OVERDUE
    return Reminder.Kind.TOMORROW if task.due_on == local.date() + AHEAD else None


@transaction.atomic
def tell(task: Task, kind: Reminder.Kind) -> bool:
    _row, is_new = Reminder.objects.get_or_create(task=task, kind=kind, due_on=task.due_on)
    if is_new:
        event = {Reminder.Kind.TOMORROW: "task.due_tomorrow", Reminder.Kind.OVERDUE: "task.overdue"}[kind]
        announce(event, to=doers_of(task), about=task, facts=facts_of_task(task))
    return is_new
