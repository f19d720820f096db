"""Links to an issued report: the side of who makes them."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from kpis.actions import report_links as actions
from kpis.forms.reports import ReportLinkForm
from kpis.models import Report, ReportLink
from kpis.queries import reports as queries
from kpis.report_words import say_period
from kpis.views.reports import find
from smmportal.refusals import carried_out


@never_cache
@login_required
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def report_links(request: HttpRequest, pk: int) -> HttpResponse:
    """The report's links with who opened them, and a form for one more. A new link is shown in this answer only."""
    report = find(request, pk)
    actions.demand_sharing(report.project, by=request.user)
    blank = {"initial": {"language": request.user.language, "days": ReportLink.USUALLY_LASTS}}
    if request.method != "POST":
        return show_links(request, report, ReportLinkForm(**blank))
    form = ReportLinkForm(request.POST)
    made = form.is_valid() and carried_out(
        form, actions.make_report_link, report=report, by=request.user, **form.cleaned_data
    )
    if not made:
        return show_links(request, report, form, status=422)
    return show_links(request, report, ReportLinkForm(**blank), made=made[0], address=made[1])


def show_links(
    request: HttpRequest, report: Report, form: ReportLinkForm, *, status: int = 200, **made: object
) -> HttpResponse:
    context = {
        "project": report.project,
        "section": "reports",
        "report": report,
        "period": say_period(report.first, report.last),
        "form": form,
        "links": queries.links_of(report),
        **made,
    }
    return render(request, "kpis/report_links.html", context, status=status)


@login_required
@require_POST
def report_link_revocation(request: HttpRequest, pk: int, link: int) -> HttpResponse:
    seen = ReportLink.objects.visible_to(request.user).filter(report=pk)
    found = get_object_or_404(seen.select_related("report__project"), pk=link)
    actions.revoke_report_link(found, by=request.user)
    messages.success(request, _("The link of %(name)s no longer works.") % {"name": found.name})
    return redirect("kpis:report_links", pk)
