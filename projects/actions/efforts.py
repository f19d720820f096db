from datetime import date
from decimal import Decimal

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from projects import rules
from projects.actions.checklists import lock_task
from projects.models import Effort, Task
from smmportal.audit import record
from smmportal.people.models import User
from smmportal.refusals import Refused, demand


@transaction.atomic
def spend(task: Task, *, hours: Decimal, by: User, on: date | None = None, note: str = "") -> Effort:
    """Write down hours spent on a task; hours below zero set an earlier row right."""
    lock_task(task, by=by)
    on = on or task.project.today
    if on > task.project.today:
        raise Refused(_("This day has not come yet. Choose today or an earlier day."), code="future-day")
    if not hours:
        raise Refused(_("Write how many hours it took: 0.5 or 2, say."), code="no-hours")
    demand_enough(task, hours, by=by)
    effort = task.efforts.create(by=by, on=on, hours=hours, note=note)
    record("effort.added", about=task, by=by, project=task.project, hours=hours, on=on)
    return effort


@transaction.atomic
def take_back_effort(effort: Effort, *, by: User) -> None:
    """Take back one's own row on the day it was written; afterwards a further row sets it right."""
    task = effort.task
    lock_task(task, by=by)
    demand(rules.wrote_effort(by, effort), _("Only who wrote these hours takes them back."))
    if not effort.is_of_today(task.project):
        sentence = _("These hours were written on an earlier day. Add a line with hours below zero to correct them.")
        raise Refused(sentence, code="not-today")
    rows = task.efforts.filter(pk=effort.pk)
    if not rows.exists():
        return
    demand_enough(task, -effort.hours, by=by)
    rows.delete()
    record("effort.taken_back", about=task, by=by, project=task.project, hours=effort.hours, on=effort.on)


def demand_enough(task: Task, hours: Decimal, *, by: User) -> None:
    """What a person wrote down on a task never sums up to less than nothing."""
    already = task.efforts.filter(by=by).aggregate(sum=Sum("hours"))["sum"] or Decimal(0)
    if already + hours < 0:
        raise Refused(_("You would take off more hours than you wrote down here."), code="below-zero")
