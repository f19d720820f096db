"""Asking whoever holds the accounts to connect them: the side of who asks."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from kpis import rules
from kpis.actions import links as actions
from kpis.actions.sources import demand_to_connect
from kpis.forms.links import ConnectionLinkForm
from kpis.models import ConnectionLink
from kpis.queries.links import links_of
from kpis.views.sources import find_project, of
from projects.models import Project
from smmportal.refusals import carried_out


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def connection_links(request: HttpRequest, pk: int) -> HttpResponse:
    """The project's links and a form for one more. A new link is shown in this answer and nowhere else."""
    project = find_project(request, pk)
    demand_to_connect(request.user, project)
    either = rules.can_ask_for_either_side(request.user, project)
    blank = {"is_either_side": either, "initial": {"language": request.user.language}}
    if request.method != "POST":
        return show_links(request, project, ConnectionLinkForm(**blank))
    form = ConnectionLinkForm(request.POST, is_either_side=either)
    made = form.is_valid() and carried_out(
        form, actions.make_connection_link, project=project, by=request.user, **form.cleaned_data
    )
    if not made:
        return show_links(request, project, form, status=422)
    return show_links(request, project, ConnectionLinkForm(**blank), made=made[0], address=made[1])


def show_links(
    request: HttpRequest, project: Project, form: ConnectionLinkForm, *, status: int = 200, **made: object
) -> HttpResponse:
    context = {**of(project), "form": form, "links": links_of(project), **made}
    return render(request, "kpis/connection_links.html", context, status=status)


@login_required
@require_POST
def connection_revocation(request: HttpRequest, pk: int, link: int) -> HttpResponse:
    seen = ConnectionLink.objects.visible_to(request.user).filter(project=pk)
    found = get_object_or_404(seen.select_related("project__agency", "project__client"), pk=link)
    actions.revoke_connection_link(found, by=request.user)
    messages.success(
        request, _("The link of %(name)s no longer works. What is connected by it stays.") % {"name": found.name}
    )
    return redirect("kpis:connection_links", pk)
