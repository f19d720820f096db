"""The board: the same tasks in columns, moved by hand, by key or by a form."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from projects import actions, queries
from projects.autosave import saved, wants_json
from projects.forms import doers
from projects.models import State
from projects.task_forms import BoardSightForm
from projects.views.pages import find_project, show
from projects.views.tasks import DONE_SHOWN, back, find_task
from smmportal.refusals import Refused


@login_required
@require_GET
def board(request: HttpRequest, pk: int) -> HttpResponse:
    project = find_project(request, pk)
    sight = BoardSightForm(request.GET, people=list(doers(project)), goals=list(project.goals.all()))
    rows = sight.choose(queries.tasks_of(request.user).filter(project=project))
    done = rows.in_state(State.DONE).order_by("-done_at")[:DONE_SHOWN]
    columns = queries.by_state([*rows.open(), *done])
    context = {"sight": sight, "columns": columns, "states": State.choices, "view": "board"}
    return show(request, "task_board.html", project, "tasks", **context)


@login_required
@require_POST
def state(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a task into another column; a script is answered in JSON, a form goes back to where it was."""
    task, wanted = find_task(request, pk), request.POST.get("state", "")

    def move() -> object:
        if wanted not in State.values:
            raise Refused(_("There is no such column. Reload the page and try again."))
        return actions.move_task(task, state=wanted, by=request.user)

    if wants_json(request):
        return saved(move)
    move()
    return back(request, task)
