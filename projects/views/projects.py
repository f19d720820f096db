from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from projects import actions, queries, rules
from projects.forms import NewProjectForm, ProjectForm, agencies_run_by
from projects.models import Project
from projects.views.pages import find_project, show
from smmportal.people.models import Organisation
from smmportal.refusals import carried_out, demand

PAGE = 50


@login_required
@require_GET
def project_list(request: HttpRequest) -> HttpResponse:
    seen = Project.objects.visible_to(request.user).select_related("agency", "client")
    shown = seen.exclude(closed_at=None) if request.GET.get("show") == "closed" else seen.open()
    page = Paginator(shown, PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "lines": lines_of(request, list(page)),
        "tabs": [("open", _("Open")), ("closed", _("Closed"))],
        "show": "closed" if request.GET.get("show") == "closed" else "open",
        "may_open": agencies_run_by(request.user).exists(),
    }
    return render(request, "projects/list.html", context)


def lines_of(request: HttpRequest, projects: list[Project]) -> list[dict]:
    """For each project its stage and the next thing that somebody has to do."""
    standings = queries.standings(projects)
    steps = queries.spine_states(projects, standings)
    waiting = queries.waiting(projects, standings)
    return [
        {
            "project": project,
            "stage": queries.stage_of(project, steps[project.pk]),
            "next": next((line for line in waiting if line.project_id == project.pk), None),
        }
        for project in projects
    ]


@login_required
@require_http_methods(["GET", "POST"])
def new_project(request: HttpRequest) -> HttpResponse:
    agencies = agencies_run_by(request.user)
    demand(agencies.exists(), _("Only an owner or a manager of the agency opens projects."))
    initial = {"team": [request.user.pk], "timezone": request.user.timezone}
    form = NewProjectForm(request.POST or None, agencies=agencies, initial=initial)
    if form.is_valid():
        project = carried_out(form, actions.create_project, by=request.user, **form.cleaned_data)
        if project:
            messages.success(request, _("The project is open. Its brief waits for the client."))
            return redirect(project)
    return render(request, "projects/new.html", {"form": form}, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def edit_project(request: HttpRequest, pk: int) -> HttpResponse:
    project = find_project(request, pk)
    demand(rules.runs(request.user, project), _("Only the agency's owner or manager changes the project."))
    agencies = Organisation.objects.filter(pk=project.agency_id)
    form = ProjectForm(request.POST or None, instance=project, agencies=agencies)
    if form.is_valid() and carried_out(
        form, actions.edit_project, project=project, by=request.user, **form.cleaned_data
    ):
        messages.success(request, _("The project is changed."))
        return redirect(project)
    return show(request, "edit.html", find_project(request, pk), "", form=form, status=422 if form.errors else 200)


@login_required
@require_POST
def closure(request: HttpRequest, pk: int) -> HttpResponse:
    actions.close_project(get_object_or_404(Project.objects.visible_to(request.user), pk=pk), by=request.user)
    messages.success(request, _("The project is closed: everything in it can still be read."))
    return redirect("projects:list")


@login_required
@require_POST
def reopening(request: HttpRequest, pk: int) -> HttpResponse:
    project = actions.reopen_project(find_project(request, pk), by=request.user)
    messages.success(request, _("The project is open again."))
    return redirect(project)
