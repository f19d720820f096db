from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from projects import rules
from projects.actions.doers import one_project_each
from projects.models import Absence, Task
from smmportal.audit import record
from smmportal.formatting import format_day
from smmportal.notifications.actions import announce
from smmportal.people.models import Side, User
from smmportal.people.rules import are_colleagues
from smmportal.refusals import Refused, demand

#: So many titles stand in the letter of a hand-over.
TOLD = 20


@transaction.atomic
def go_away(person: User, *, substitute: User, starts_on: date, ends_on: date) -> Absence:
    """Say that one is away and who stands in: what is due meanwhile is shown to them too, and they are told of it."""
    if ends_on < starts_on:
        raise Refused(_("You would be back before you leave. Please check the dates."), code="dates-reversed")
    if person == substitute or not are_colleagues(person, substitute):
        raise Refused(_("Choose a colleague of your own organisation to stand in."), code="not-a-colleague")
    refuse_second_absence(person, starts_on, ends_on)
    absence = Absence.objects.create(person=person, substitute=substitute, starts_on=starts_on, ends_on=ends_on)
    facts = {"starts_on": starts_on.isoformat(), "ends_on": ends_on.isoformat()}
    record("absence.begun", about=absence, by=person, substitute=str(substitute), **facts)
    announce("absence.begun", to=[substitute], about=absence, by=person, facts=facts)
    return absence


def refuse_second_absence(person: User, starts_on: date, ends_on: date) -> None:
    User.objects.select_for_update(of=("self",)).get(pk=person.pk)
    known = Absence.objects.filter(person=person, starts_on__lte=ends_on, ends_on__gte=starts_on).first()
    if known:
        sentence = _("You are away already from %(first)s to %(last)s. Call that off first, or choose other days.")
        days = {"first": format_day(known.starts_on), "last": format_day(known.ends_on)}
        raise Refused(sentence % days, code="away-already")


@transaction.atomic
def call_off_absence(absence: Absence, *, by: User) -> None:
    """One is here after all."""
    demand(absence.person == by, _("Only the person themselves calls their absence off."))
    record("absence.called_off", about=absence, by=by, starts_on=absence.starts_on, ends_on=absence.ends_on)
    absence.delete()


@dataclass
class HandedOver:
    moved: list[Task] = field(default_factory=list)
    #: What stayed where it was, and why.
    left: list[tuple[Task, str]] = field(default_factory=list)


@transaction.atomic
def hand_over(tasks: Iterable[Task], *, to: User, by: User) -> HandedOver:
    """Give these tasks to one person. A task they can't take stays with its person and is named."""
    result = HandedOver()
    for task in one_project_each(tasks):
        why_not = obstacle(task, to=to, by=by)
        if why_not:
            result.left.append((task, why_not))
        elif task.assignee_id != to.pk:
            give(task, to=to, by=by)
            result.moved.append(task)
    if result.moved:
        titles = [task.title for task in result.moved]
        facts = {"count": len(titles), "tasks": titles[:TOLD], "left": max(len(titles) - TOLD, 0)}
        url = reverse("projects:my_tasks")
        announce("task.handed_over", to=[to], about=result.moved[0], by=by, facts=facts, url=url)
    return result


def obstacle(task: Task, *, to: User, by: User) -> str:
    """Why this task can't go to this person; empty when it can."""
    if not task.project.is_open:
        return _("the project is closed")
    if task.done_at:
        return _("it is done already")
    if not rules.acts_in(by, task.project):
        return _("viewers only look on in this project")
    if not rules.works_for(to, task.project, Side(task.side)):
        return _("%(person)s does not work on this project") % {"person": to}
    return ""


def give(task: Task, *, to: User, by: User) -> None:
    was, task.assignee = task.assignee, to
    task.save(update_fields=["assignee"])
    record("task.handed_over", about=task, by=by, project=task.project, was=str(was or ""), became=str(to))
