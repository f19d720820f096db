from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kpis import exporting
from kpis.actions.agreements import prepare_agreement, withdraw_agreement
from kpis.actions.signing import prove_and_sign, send_code
from kpis.forms.agreements import SigningForm
from kpis.models import Agreement
from kpis.queries.agreements import agreement_page, agreements_page
from projects.models import Project
from smmportal.refusals import carried_out


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def list_agreements(request: HttpRequest, pk: int) -> HttpResponse:
    """The project's agreements; POST prepares the next one."""
    project = get_object_or_404(Project.objects.visible_to(request.user), pk=pk)
    if request.method == "POST":
        return redirect(prepare_agreement(project, by=request.user))
    return render(request, "kpis/agreements.html", agreements_page(project, request.user))


@login_required
@require_safe
def show_agreement(request: HttpRequest, pk: int) -> HttpResponse:
    return show(request, find(request, pk))


def show(request: HttpRequest, agreement: Agreement, form: SigningForm | None = None) -> HttpResponse:
    form = form or SigningForm(person=request.user, initial={"hash": agreement.content_hash})
    context = {**agreement_page(agreement, request.user), "form": form}
    return render(request, "kpis/agreement.html", context, status=422 if form.errors else 200)


@login_required
@require_safe
def print_agreement(request: HttpRequest, pk: int) -> HttpResponse:
    return render(request, "kpis/agreement_print.html", agreement_page(find(request, pk), request.user))


@login_required
@require_safe
def agreement_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The protocol in both languages; where no PDF can be made, the page that prints."""
    agreement = find(request, pk)
    made = exporting.as_pdf(agreement)
    if made is None:
        messages.info(request, _("This machine can’t make PDF files. Print the page instead."))
        return redirect("kpis:agreement_print", agreement.pk)
    return exporting.as_file(made, agreement)


@login_required
@require_POST
@sensitive_post_parameters("password", "code")
def sign(request: HttpRequest, pk: int) -> HttpResponse:
    agreement, form = find(request, pk), SigningForm(request.POST, person=request.user)
    if form.is_valid() and carried_out(form, prove_and_sign, agreement=agreement, by=request.user, **form.proof):
        return redirect(agreement)
    return show(request, agreement, form)


@login_required
@require_POST
def ask_for_code(request: HttpRequest, pk: int) -> HttpResponse:
    """A one-time code by e-mail, for who has no password."""
    agreement = find(request, pk)
    send_code(agreement, by=request.user)
    messages.success(request, _("The code is on its way to %(address)s.") % {"address": request.user.email})
    return redirect(agreement)


@login_required
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    return redirect(withdraw_agreement(find(request, pk), by=request.user))


def find(request: HttpRequest, pk: int) -> Agreement:
    seen = Agreement.objects.visible_to(request.user).select_related("project__agency", "project__client")
    return get_object_or_404(seen, pk=pk)
