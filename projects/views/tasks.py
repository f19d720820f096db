from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from projects import actions, rules
from projects.forms import TaskForm
from projects.models import Project, Task
from projects.views.pages import find_project, show
from smmportal.people.models import Side
from smmportal.refusals import carried_out, demand

DONE_SHOWN = 50


def find_task(request: HttpRequest, pk: int) -> Task:
    rows = Task.objects.visible_to(request.user).select_related("project__agency", "project__client", "assignee")
    return get_object_or_404(rows, pk=pk)


@login_required
@require_http_methods(["GET", "POST"])
def tasks(request: HttpRequest, pk: int) -> HttpResponse:
    """What waits on whom; a POST adds a task."""
    project = find_project(request, pk)
    if request.method == "GET":
        return show_tasks(request, project, TaskForm(project=project, initial={"side": Side.AGENCY}))
    demand(rules.acts_in(request.user, project), _("Viewers look on. Ask a colleague to add the task."))
    form = TaskForm(request.POST, project=project)
    if form.is_valid() and carried_out(form, actions.add_task, project=project, by=request.user, **form.cleaned_data):
        messages.success(request, _("The task is on the list."))
        return redirect("projects:tasks", pk)
    return show_tasks(request, project, form, status=422)


def show_tasks(request: HttpRequest, project: Project, form: TaskForm, *, status: int = 200) -> HttpResponse:
    rows = project.tasks.select_related("assignee", "goal", "done_by")
    waiting = list(rows.open())
    own = project.side_of(request.user) or Side.AGENCY
    lists = [(side, [task for task in waiting if task.side == side]) for side in (own, own.other)]
    done = rows.exclude(done_at=None).order_by("-done_at")[:DONE_SHOWN]
    today = timezone.localdate()
    return show(request, "tasks.html", project, "tasks", status=status, form=form, lists=lists, done=done, today=today)


@login_required
@require_http_methods(["GET", "POST"])
def edit_task(request: HttpRequest, pk: int) -> HttpResponse:
    task = find_task(request, pk)
    demand(rules.acts_in(request.user, task.project), _("Viewers look on. Ask a colleague to change the task."))
    form = TaskForm(request.POST or None, instance=task, project=task.project)
    if form.is_valid() and carried_out(form, actions.edit_task, task=task, by=request.user, **form.cleaned_data):
        messages.success(request, _("The task is changed."))
        return redirect("projects:tasks", task.project_id)
    status = 422 if form.errors else 200
    return show(request, "task_form.html", task.project, "tasks", form=form, task=task, status=status)


@login_required
@require_POST
def completion(request: HttpRequest, pk: int) -> HttpResponse:
    task = actions.finish_task(find_task(request, pk), by=request.user)
    return redirect("projects:tasks", task.project_id)


@login_required
@require_POST
def reopening(request: HttpRequest, pk: int) -> HttpResponse:
    task = actions.reopen_task(find_task(request, pk), by=request.user)
    return redirect("projects:tasks", task.project_id)
