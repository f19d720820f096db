from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from projects import actions, queries, rules
from projects.forms import BusinessGoalForm
from projects.models import BusinessGoal
from projects.views.pages import find_project, show
from smmportal.inputs import whole_number
from smmportal.refusals import carried_out, demand


@login_required
@require_http_methods(["GET", "POST"])
def business_goals(request: HttpRequest, pk: int) -> HttpResponse:
    """What the business wants, in order of importance; POST writes down one more."""
    project = find_project(request, pk)
    form = BusinessGoalForm(request.POST or None)
    if request.method == "POST":
        allowed = rules.acts_in(request.user, project)
        demand(allowed, _("Viewers look on. Ask a colleague to write the business goal."))
    if form.is_valid():
        text = form.cleaned_data["text"]
        if carried_out(form, actions.name_business_goal, project=project, text=text, by=request.user):
            messages.success(request, _("Written down. Goals can stand under it now."))
            return redirect("projects:goals", project.pk)
    status = 422 if form.errors else 200
    context = {"rows": project.business_goals.all(), "offered": queries.task_of_brief(project), "form": form}
    return show(request, "business_goals.html", project, "goals", status=status, **context)


@login_required
@require_http_methods(["GET", "POST"])
def business_goal(request: HttpRequest, pk: int) -> HttpResponse:
    """Other words for it."""
    found = find(request, pk)
    demand(
        rules.acts_in(request.user, found.project), _("Viewers look on. Ask a colleague to write the business goal.")
    )
    form = BusinessGoalForm(request.POST or None, instance=found)
    if form.is_valid():
        text = form.cleaned_data["text"]
        if carried_out(form, actions.reword_business_goal, above=found, text=text, by=request.user):
            messages.success(request, _("Saved."))
            return redirect("projects:goals", found.project_id)
    status = 422 if form.errors else 200
    return show(request, "business_goal_form.html", found.project, "goals", above=found, form=form, status=status)


@login_required
@require_POST
def position(request: HttpRequest, pk: int) -> HttpResponse:
    found = find(request, pk)
    place = whole_number(request.POST.get("position", ""), longest=4) or 1
    actions.place_business_goal(found, position=place, by=request.user)
    return redirect("projects:business_goals", found.project_id)


@login_required
@require_POST
def removal(request: HttpRequest, pk: int) -> HttpResponse:
    found = find(request, pk)
    actions.remove_business_goal(found, by=request.user)
    messages.success(request, _("The business goal is gone."))
    return redirect("projects:goals", found.project_id)


def find(request: HttpRequest, pk: int) -> BusinessGoal:
    rows = BusinessGoal.objects.visible_to(request.user).select_related("project__agency", "project__client")
    return get_object_or_404(rows, pk=pk)
