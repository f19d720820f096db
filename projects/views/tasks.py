"""The plan of a project: its list of tasks, and a task's own page."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from projects import actions, queries, rules
from projects.forms import doers
from projects.models import Project, State, Task
from projects.task_forms import EffortForm, ManyForm, NewTaskForm, SightForm, StepForm, TaskForm
from projects.trail import sentence_of
from projects.views.pages import find_project, show
from smmportal.people.models import Side
from smmportal.refusals import carried_out, demand, page_before

#: More than anyone reads; who looks for one of them narrows the list.
SHOWN = 500
DONE_SHOWN = 50
HISTORY_SHOWN = 100
#: Whom «Undo» concerns, kept in the session from the finishing to the next list.
FINISHED = "finished_tasks"


def find_task(request: HttpRequest, pk: int) -> Task:
    return get_object_or_404(queries.with_origin(queries.tasks_of(request.user)), pk=pk)


def back(request: HttpRequest, task: Task) -> HttpResponse:
    """To where the person came from; to the plan when that is not known."""
    if "Referer" not in request.headers:
        return redirect("projects:tasks", task.project_id)
    return redirect(page_before(request))


@login_required
@require_http_methods(["GET", "POST"])
def tasks(request: HttpRequest, pk: int) -> HttpResponse:
    """What waits on whom; a POST adds a task."""
    project = find_project(request, pk)
    if request.method == "GET":
        return show_tasks(request, project, NewTaskForm(project=project, initial={"side": Side.AGENCY}))
    demand(rules.acts_in(request.user, project), _("Viewers look on. Ask a colleague to add the task."))
    form = NewTaskForm(request.POST, project=project)
    if form.is_valid() and carried_out(form, actions.add_task, project=project, by=request.user, **form.cleaned_data):
        messages.success(request, _("The task is on the list."))
        return redirect("projects:tasks", pk)
    return show_tasks(request, project, form, status=422)


def show_tasks(request: HttpRequest, project: Project, form: NewTaskForm, *, status: int = 200) -> HttpResponse:
    people, goals = list(doers(project)), list(project.goals.all())
    sight = SightForm(request.GET, people=people, goals=goals)
    rows = sight.choose(queries.tasks_of(request.user).filter(project=project))
    wants_done = sight.wanted.get("state") == State.DONE
    done = rows.filter(done_at__isnull=False).select_related("done_by").order_by("-done_at")
    open_tasks = list(rows.open()[:SHOWN])
    return show(
        request,
        "tasks.html",
        project,
        "tasks",
        status=status,
        form=form,
        sight=sight,
        groups=queries.by_date(open_tasks, sight.order),
        done=done[: SHOWN if wants_done else DONE_SHOWN],
        wants_done=wants_done,
        side_tabs=[
            ("", _("All")),
            (Side.CLIENT.value, _("Waits on the client")),
            (Side.AGENCY.value, _("Waits on the agency")),
        ],
        waits_on=sight.wanted.get("side", ""),
        is_cut=len(open_tasks) == SHOWN,
        many=ManyForm(people=people, goals=goals),
        just_finished=just_finished(request),
        view="list",
    )


def just_finished(request: HttpRequest) -> list[Task]:
    """What this person has finished a moment ago, to be undone with one press."""
    ids = request.session.pop(FINISHED, [])
    return list(Task.objects.visible_to(request.user).exclude(done_at=None).filter(pk__in=ids)) if ids else []


@login_required
@require_GET
def task(request: HttpRequest, pk: int) -> HttpResponse:
    return show_task(request, find_task(request, pk))


def show_task(request: HttpRequest, found: Task, *, status: int = 200, **forms: object) -> HttpResponse:
    history = queries.history_of(found)[:HISTORY_SHOWN]
    efforts = list(found.efforts.select_related("by"))
    for effort in efforts:
        effort.may_take_back = rules.wrote_effort(request.user, effort) and effort.is_of_today(found.project)
    usual = {
        "step_form": StepForm(auto_id="step_%s"),
        "effort_form": EffortForm(auto_id="effort_%s", initial={"on": found.project.today}),
    }
    return show(
        request,
        "task.html",
        found.project,
        "tasks",
        status=status,
        task=found,
        steps=list(found.checklist.select_related("done_by")),
        dependencies=list(found.dependencies.select_related("first")),
        dependents=list(found.dependents.select_related("task").filter(task__done_at=None)),
        could_wait_for=list(queries.could_wait_for(found)),
        efforts=efforts,
        states=State.choices,
        events=[{"at": entry.at, "by": entry.by, "sentence": sentence_of(entry)} for entry in history],
        **(usual | forms),
    )


@login_required
@require_http_methods(["GET", "POST"])
def edit_task(request: HttpRequest, pk: int) -> HttpResponse:
    found = find_task(request, pk)
    demand(rules.acts_in(request.user, found.project), _("Viewers look on. Ask a colleague to change the task."))
    form = TaskForm(request.POST or None, instance=found, project=found.project)
    if form.is_valid() and carried_out(form, actions.edit_task, task=found, by=request.user, **form.cleaned_data):
        messages.success(request, _("The task is changed."))
        return redirect(found)
    status = 422 if form.errors else 200
    return show(request, "task_form.html", found.project, "tasks", form=form, task=found, status=status)


@login_required
@require_POST
def completion(request: HttpRequest, pk: int) -> HttpResponse:
    found = actions.finish_task(find_task(request, pk), by=request.user)
    request.session[FINISHED] = [found.pk]
    return back(request, found)


@login_required
@require_POST
def reopening(request: HttpRequest, pk: int) -> HttpResponse:
    return back(request, actions.reopen_task(find_task(request, pk), by=request.user))
