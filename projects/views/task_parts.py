"""What is done on a task's own page: its column, checklist, hours and what it waits for."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from projects import actions, queries
from projects.models import ChecklistItem, Effort, Task
from projects.task_forms import EffortForm, StepForm
from projects.views.tasks import find_task, show_task
from smmportal.inputs import whole_number
from smmportal.refusals import carried_out


def part(task: Task, anchor: str) -> HttpResponse:
    """The task's page, at this part of it."""
    return redirect(f"{task.get_absolute_url()}#{anchor}")


def find_part(request: HttpRequest, model: type, pk: int):
    return get_object_or_404(queries.parts_of_tasks(model, request.user), pk=pk)


@login_required
@require_POST
def add_step(request: HttpRequest, pk: int) -> HttpResponse:
    task = find_task(request, pk)
    form = StepForm(request.POST, auto_id="step_%s")
    if form.is_valid() and carried_out(form, actions.add_step, task=task, by=request.user, **form.cleaned_data):
        return part(task, "checklist")
    return show_task(request, task, status=422, step_form=form)


@login_required
@require_POST
def edit_step(request: HttpRequest, pk: int) -> HttpResponse:
    item, form = find_part(request, ChecklistItem, pk), StepForm(request.POST)
    if form.is_valid():
        actions.edit_step(item, by=request.user, **form.cleaned_data)
    return part(item.task, "checklist")


@login_required
@require_POST
def tick(request: HttpRequest, pk: int) -> HttpResponse:
    return part(actions.tick_step(find_part(request, ChecklistItem, pk), by=request.user).task, "checklist")


@login_required
@require_POST
def untick(request: HttpRequest, pk: int) -> HttpResponse:
    return part(actions.untick_step(find_part(request, ChecklistItem, pk), by=request.user).task, "checklist")


@login_required
@require_POST
def place_step(request: HttpRequest, pk: int) -> HttpResponse:
    """Move a line of the checklist: `position` counts from 1."""
    item = find_part(request, ChecklistItem, pk)
    actions.move_step(item, position=number_in(request, "position"), by=request.user)
    return part(item.task, "checklist")


@login_required
@require_POST
def remove_step(request: HttpRequest, pk: int) -> HttpResponse:
    item = find_part(request, ChecklistItem, pk)
    actions.remove_step(item, by=request.user)
    return part(item.task, "checklist")


@login_required
@require_POST
def add_effort(request: HttpRequest, pk: int) -> HttpResponse:
    task = find_task(request, pk)
    form = EffortForm(request.POST, auto_id="effort_%s")
    if form.is_valid() and carried_out(form, actions.spend, task=task, by=request.user, **form.cleaned_data):
        return part(task, "hours")
    return show_task(request, task, status=422, effort_form=form)


@login_required
@require_POST
def take_back_effort(request: HttpRequest, pk: int) -> HttpResponse:
    effort = find_part(request, Effort, pk)
    actions.take_back_effort(effort, by=request.user)
    return part(effort.task, "hours")


@login_required
@require_POST
def add_dependency(request: HttpRequest, pk: int) -> HttpResponse:
    task = find_task(request, pk)
    actions.wait_for(task, first=find_task(request, number_in(request, "first")), by=request.user)
    return part(task, "first")


@login_required
@require_POST
def remove_dependency(request: HttpRequest, pk: int, first: int) -> HttpResponse:
    task = find_task(request, pk)
    actions.stop_waiting_for(task, first=find_task(request, first), by=request.user)
    return part(task, "first")


def number_in(request: HttpRequest, name: str) -> int:
    """A number that a button sent; 0 for anything else."""
    return whole_number(request.POST.get(name, "")) or 0
