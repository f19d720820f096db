"""A goal from its first day to its last: begun, judged by both sides, concluded, taken up again."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from projects import actions, rules
from projects.forms import ConclusionForm, ConfidenceForm, ReopeningForm
from projects.views.goals import find_goal, goal_page
from projects.views.pages import show
from smmportal.refusals import carried_out, demand


@login_required
@require_POST
def start(request: HttpRequest, pk: int) -> HttpResponse:
    found = actions.begin_goal(find_goal(request, pk), by=request.user)
    messages.success(request, _("The goal is under way: both sides have been told."))
    return redirect(found)


@login_required
@require_http_methods(["GET", "POST"])
def conclusion(request: HttpRequest, pk: int) -> HttpResponse:
    found = find_goal(request, pk)
    allowed = rules.concludes_goal(request.user, found.project)
    demand(allowed, _("How a goal ended is said by a manager or a decision-maker."))
    form = ConclusionForm(request.POST or None, goal=found)
    if form.is_valid() and carried_out(form, actions.conclude_goal, goal=found, by=request.user, **form.cleaned_data):
        messages.success(request, _("Written down. The other side has been told."))
        return redirect(found)
    status = 422 if form.errors else 200
    return show(request, "goal_conclusion.html", found.project, "goals", goal=found, form=form, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def reopening(request: HttpRequest, pk: int) -> HttpResponse:
    found = find_goal(request, pk)
    allowed = rules.concludes_goal(request.user, found.project)
    demand(allowed, _("A goal is reopened by a manager or a decision-maker."))
    form = ReopeningForm(request.POST or None)
    if form.is_valid() and carried_out(form, actions.reopen_goal, goal=found, by=request.user, **form.cleaned_data):
        messages.success(request, _("The goal goes on. The other side has been told."))
        return redirect(found)
    status = 422 if form.errors else 200
    return show(request, "goal_reopening.html", found.project, "goals", goal=found, form=form, status=status)


@login_required
@require_POST
def confidence(request: HttpRequest, pk: int) -> HttpResponse:
    found = find_goal(request, pk)
    form = ConfidenceForm(request.POST)
    if form.is_valid() and carried_out(form, actions.say_confidence, goal=found, by=request.user, **form.cleaned_data):
        messages.success(request, _("Your side’s confidence is written down."))
        return redirect(f"{found.get_absolute_url()}#confidence")
    return goal_page(request, found, confidence_form=form, status=422)
