"""The same verb for several tasks: for all of them or for none."""

from collections.abc import Callable, Iterable

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from projects.actions.doers import one_project_each
from projects.actions.tasks import edit_task, finish_task, move_task, reopen_task
from projects.models import State, Task
from smmportal.people.models import User
from smmportal.refusals import Refused

#: So many are named in the sentence that says why nothing was done.
NAMED = 5


def finish_tasks(tasks: Iterable[Task], *, by: User) -> list[Task]:
    return for_all(tasks, lambda task: finish_task(task, by=by))


def reopen_tasks(tasks: Iterable[Task], *, by: User) -> list[Task]:
    return for_all(tasks, lambda task: reopen_task(task, by=by))


def change_tasks(tasks: Iterable[Task], *, by: User, state: State | str = "", **fields: object) -> list[Task]:
    """Give all of them the same values and, when `state` is given, the same column."""
    if not state and not fields:
        raise Refused(_("Choose what to change: the person, the date, the priority, the state or the goal."))

    def change(task: Task) -> Task:
        changed = edit_task(task, by=by, **fields) if fields else task
        return move_task(changed, state=state, by=by) if state else changed

    return for_all(tasks, change)


@transaction.atomic
def for_all(tasks: Iterable[Task], verb: Callable[[Task], Task]) -> list[Task]:
    tasks = one_project_each(tasks)
    if not tasks:
        raise Refused(_("Choose at least one task."), code="none-chosen")
    changed, refused = [], []
    for task in tasks:
        try:
            changed.append(verb(task))
        except (Refused, PermissionDenied) as error:
            refused.append((task.pk, task.title, str(error)))
    if refused:
        raise Refused(sentence_about(refused), code="not-all", tasks=[pk for pk, _title, _why in refused])
    return changed


def sentence_about(refused: list[tuple[int, str, str]]) -> str:
    named = "; ".join(_("“%(task)s”: %(why)s") % {"task": title, "why": why} for _pk, title, why in refused[:NAMED])
    left = len(refused) - NAMED
    if left > 0:
        named += ngettext("; and %(count)s more", "; and %(count)s more", left) % {"count": left}
    return _("Nothing was changed. %(named)s") % {"named": named}
