from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kpis.actions.successors import accept_successor, choose_successor, dismiss_successor
from kpis.forms.successors import DismissalForm, SuccessorForm
from kpis.models import SuccessorProposal
from kpis.queries.successors import for_successors, successor_page
from smmportal.refusals import carried_out


@login_required
@require_safe
def show_successor(request: HttpRequest, pk: int) -> HttpResponse:
    return show(request, find(request, pk))


def show(request: HttpRequest, proposal: SuccessorProposal, **forms) -> HttpResponse:
    """The page with its two forms; one that came back with errors takes its own place."""
    context = successor_page(proposal, request.user)
    fresh = {"choice": SuccessorForm(proposal=proposal), "dismissal": DismissalForm()}
    return render(request, "kpis/successor.html", {**context, **fresh, **forms}, status=422 if forms else 200)


@login_required
@require_POST
def choose(request: HttpRequest, pk: int) -> HttpResponse:
    """Another number than the one proposed."""
    proposal = find(request, pk)
    form = SuccessorForm(request.POST, proposal=proposal)
    if form.is_valid() and carried_out(form, choose_successor, proposal=proposal, by=request.user, **form.chosen):
        return redirect(proposal)
    return show(request, proposal, choice=form)


@login_required
@require_POST
def accept(request: HttpRequest, pk: int) -> HttpResponse:
    newer = accept_successor(find(request, pk), by=request.user)
    messages.success(request, _("The terms are carried over. They count when both sides have signed them."))
    return redirect(newer)


@login_required
@require_POST
def dismiss(request: HttpRequest, pk: int) -> HttpResponse:
    proposal, form = find(request, pk), DismissalForm(request.POST)
    if form.is_valid() and carried_out(
        form, dismiss_successor, proposal=proposal, by=request.user, **form.cleaned_data
    ):
        messages.success(request, _("Nothing takes its place. Both sides have been told why."))
        return redirect(proposal)
    return show(request, proposal, dismissal=form)


def find(request: HttpRequest, pk: int) -> SuccessorProposal:
    return get_object_or_404(for_successors(SuccessorProposal.objects.visible_to(request.user)), pk=pk)
