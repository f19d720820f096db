from django.db import transaction
from django.utils.translation import gettext as _

from projects.actions.checklists import lock_task
from projects.chains import would_come_back
from projects.models import Dependency, Project, Task
from smmportal.audit import record
from smmportal.people.models import User
from smmportal.refusals import Refused


@transaction.atomic
def wait_for(task: Task, *, first: Task, by: User) -> Dependency:
    """`task` begins when `first` is done. Twice is once."""
    lock_task(task, by=by)
    Project.objects.select_for_update().get(pk=task.project_id)  # two halves of a circle can't be closed at once
    if first.project_id != task.project_id:
        raise Refused(_("A task waits for another of the same project."), code="foreign-task")
    pairs = Dependency.objects.filter(task__project=task.project_id).values_list("task", "first")
    if would_come_back(pairs, task=task.pk, first=first.pk):
        sentence = _("“%(first)s” itself waits for this task: they would wait for each other for ever.")
        raise Refused(sentence % {"first": first}, code="circle")
    dependency, is_new = task.dependencies.get_or_create(first=first)
    if is_new:
        record("dependency.added", about=task, by=by, project=task.project, first=first.title)
    return dependency


@transaction.atomic
def stop_waiting_for(task: Task, *, first: Task, by: User) -> None:
    """`task` need not wait any more."""
    lock_task(task, by=by)
    if task.dependencies.filter(first=first).delete()[0]:
        record("dependency.removed", about=task, by=by, project=task.project, first=first.title)
