"""Tasks that come again and again."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from projects import actions, rules
from projects.models import Project, Recurrence, Task
from projects.speech import speak_rule
from projects.task_forms import RecurrenceForm
from projects.views.pages import find_project, show
from smmportal.inputs import whole_number
from smmportal.people.models import Side
from smmportal.refusals import carried_out, demand


def find_recurrence(request: HttpRequest, pk: int) -> Recurrence:
    rows = Recurrence.objects.visible_to(request.user)
    return get_object_or_404(rows.select_related("project__agency", "project__client", "assignee", "goal"), pk=pk)


@login_required
@require_GET
def recurrences(request: HttpRequest, pk: int) -> HttpResponse:
    project = find_project(request, pk)
    found = list(project.recurrences.select_related("assignee").order_by("ended_at", "id"))
    for recurrence in found:
        recurrence.words = speak_rule(recurrence)
    return show(request, "recurrences.html", project, "tasks", recurrences=found, view="repeating")


@login_required
@require_http_methods(["GET", "POST"])
def new_recurrence(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin one; `?from=` a task begins it with that task's words."""
    project = find_project(request, pk)
    demand(rules.acts_in(request.user, project), _("Viewers look on. Ask a colleague to add the task."))
    form = RecurrenceForm(request.POST or None, project=project, initial=beginning(request, project))
    if form.is_valid():
        begun = carried_out(form, actions.begin_recurrence, project=project, by=request.user, **form.cleaned_data)
        if begun:
            messages.success(request, _("It will come again. Its first task is on the list."))
            return redirect("projects:recurrences", pk)
    return show(request, "recurrence_form.html", project, "tasks", form=form, status=422 if form.errors else 200)


def beginning(request: HttpRequest, project: Project) -> dict:
    """What the form says at first."""
    task = Task.objects.filter(project=project, pk=whole_number(request.GET.get("from", ""))).first()
    initial = {"starts_on": project.today, "side": Side.AGENCY}
    if task:
        names = ("title", "description", "side", "assignee", "priority", "estimate", "goal")
        initial |= {name: getattr(task, name) for name in names}
        initial["starts_on"] = max(task.due_on or project.today, project.today)
    return initial


@login_required
@require_http_methods(["GET", "POST"])
def recurrence(request: HttpRequest, pk: int) -> HttpResponse:
    found = find_recurrence(request, pk)
    demand(rules.acts_in(request.user, found.project), _("Viewers look on. Ask a colleague to change the task."))
    form = RecurrenceForm(request.POST or None, project=found.project, instance=found)
    if form.is_valid() and carried_out(
        form, actions.edit_recurrence, recurrence=found, by=request.user, **form.cleaned_data
    ):
        messages.success(request, _("Changed. The tasks that are there already stay as they are."))
        return redirect("projects:recurrences", found.project_id)
    context = {"form": form, "recurrence": found, "status": 422 if form.errors else 200}
    return show(request, "recurrence_form.html", found.project, "tasks", **context)


@login_required
@require_POST
def ending(request: HttpRequest, pk: int) -> HttpResponse:
    found = actions.end_recurrence(find_recurrence(request, pk), by=request.user)
    messages.success(request, _("It will come no more. The tasks that are there already stay."))
    return redirect("projects:recurrences", found.project_id)
