from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kpis.actions.amendments import keep_as_signed
from kpis.forms.amendments import KeepingForm
from kpis.models import AmendmentProposal
from kpis.queries.amendments import amendment_page, for_amendments
from smmportal.refusals import carried_out


@login_required
@require_safe
def show_amendment(request: HttpRequest, pk: int) -> HttpResponse:
    return show(request, find(request, pk), KeepingForm())


def show(request: HttpRequest, proposal: AmendmentProposal, form: KeepingForm) -> HttpResponse:
    context = amendment_page(proposal, request.user)
    status = 422 if form.errors else 200
    return render(request, "kpis/amendment.html", {**context, "form": form}, status=status)


@login_required
@require_POST
def keep(request: HttpRequest, pk: int) -> HttpResponse:
    """Leave it as signed, with a reason."""
    proposal, form = find(request, pk), KeepingForm(request.POST)
    if form.is_valid() and carried_out(form, keep_as_signed, proposal=proposal, by=request.user, **form.cleaned_data):
        messages.success(request, _("The signed terms stay. Both sides have been told why."))
        return redirect(proposal)
    return show(request, proposal, form)


def find(request: HttpRequest, pk: int) -> AmendmentProposal:
    return get_object_or_404(for_amendments(AmendmentProposal.objects.visible_to(request.user)), pk=pk)
