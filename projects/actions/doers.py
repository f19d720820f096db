"""Who does a task: whether they may, and telling them."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from projects import rules
from projects.actions.projects import check_person, facts_of
from projects.models import Absence, Goal, Project, Task
from smmportal.notifications.actions import announce
from smmportal.people.models import Side, User
from smmportal.refusals import Refused


def check_task(project: Project, *, side: Side, assignee: User | None, goal: Goal | None) -> None:
    check_person(project, side, assignee)
    if goal and goal.project_id != project.pk:
        raise Refused(_("This goal belongs to another project."), code="foreign-goal")


def one_project_each(tasks: Iterable[Task]) -> list[Task]:
    """The tasks with one and the same object for the same project, which then reads its people once."""
    tasks = list(tasks)
    known: dict[int, Project] = {}
    for task in tasks:
        task.project = known.setdefault(task.project_id, task.project)
    return tasks


def doers_of(task: Task) -> list[User]:
    """Whom the task concerns: its person and who stands in on its day; with no person, everybody of its side."""
    if task.assignee is None:
        return task.project.people_of(Side(task.side))
    return [task.assignee, *stand_ins(task)]


def stand_ins(task: Task) -> list[User]:
    """Who stands in for the task's person on the day it is due, and may act in its project."""
    if task.due_on is None:
        return []
    rows = Absence.objects.filter(person=task.assignee, starts_on__lte=task.due_on, ends_on__gte=task.due_on)
    people = [absence.substitute for absence in rows.select_related("substitute")]
    return [person for person in people if rules.works_for(person, task.project, Side(task.side))]


def tell_assignee(task: Task, *, by: User | None) -> None:
    if task.assignee:
        announce("task.assigned", to=doers_of(task), about=task, by=by, facts=facts_of_task(task))


def facts_of_task(task: Task, **more: object) -> dict:
    """What every message about a task says."""
    due_on = task.due_on.isoformat() if task.due_on else ""
    return facts_of(task.project, task=task.title, due_on=due_on, **more)
