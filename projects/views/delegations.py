"""Asking a colleague to answer a section of the brief: the side of who asks."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from projects import actions, queries, rules
from projects.forms import DelegationForm
from projects.models import Brief, Delegation
from projects.views.briefs import find_brief
from projects.views.pages import show
from smmportal.refusals import carried_out


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def delegations(request: HttpRequest, pk: int) -> HttpResponse:
    """The links of this brief and a form for one more. A new link is shown in this answer and nowhere else."""
    brief = find_brief(request, pk)
    if request.method == "GET":
        initial = {"section": request.GET.get("section", ""), "language": request.user.language}
        return show_delegations(request, brief, DelegationForm(brief=brief, initial=initial))
    actions.demand_filling(brief, by=request.user)
    form = DelegationForm(request.POST, brief=brief)
    made = form.is_valid() and carried_out(
        form, actions.delegate_section, brief=brief, by=request.user, **form.cleaned_data
    )
    if not made:
        return show_delegations(request, brief, form, status=422)
    return show_delegations(request, brief, DelegationForm(brief=brief), made=made[0], address=made[1])


def show_delegations(
    request: HttpRequest, brief: Brief, form: DelegationForm, *, status: int = 200, **made: object
) -> HttpResponse:
    return show(
        request,
        "delegations.html",
        brief.project,
        "brief",
        status=status,
        form=form,
        delegations=queries.delegations_of(brief),
        can_fill=rules.fills_brief(request.user, brief.project) and brief.project.is_open,
        **made,
    )


@login_required
@require_POST
def revocation(request: HttpRequest, pk: int, delegation: int) -> HttpResponse:
    seen = Delegation.objects.visible_to(request.user).select_related("brief__project")
    found = get_object_or_404(seen, brief__project=pk, pk=delegation)
    actions.revoke_delegation(found, by=request.user)
    messages.success(
        request, _("The link of %(name)s no longer works. What is answered by it stays.") % {"name": found.name}
    )
    return redirect("projects:delegations", pk)
