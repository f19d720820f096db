from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kpis.actions.agreements import prepare_agreement, sign_agreement, withdraw_agreement
from kpis.models import Agreement
from kpis.queries.agreements import agreement_page, agreements_page
from projects.models import Project


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
    return render(request, "kpis/agreement.html", agreement_page(find(request, pk), request.user))


@login_required
@require_safe
def print_agreement(request: HttpRequest, pk: int) -> HttpResponse:
    return render(request, "kpis/agreement_print.html", agreement_page(find(request, pk), request.user))


@login_required
@require_POST
def sign(request: HttpRequest, pk: int) -> HttpResponse:
    agreement = find(request, pk)
    sign_agreement(agreement, by=request.user, seen_hash=request.POST.get("hash", ""))
    return redirect(agreement)


@login_required
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    return redirect(withdraw_agreement(find(request, pk), by=request.user))


def find(request: HttpRequest, pk: int) -> Agreement:
    seen = Agreement.objects.visible_to(request.user).select_related("project__agency", "project__client")
    return get_object_or_404(seen, pk=pk)
