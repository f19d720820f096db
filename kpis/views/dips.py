from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from kpis import rules
from kpis.actions.dips import demand_explaining, explain_dip, notice_dips
from kpis.forms.reviews import ExplanationForm
from kpis.models import Dip
from kpis.queries.dips import in_full
from kpis.queries.rituals import ShownDip
from projects.models import Project
from smmportal.refusals import carried_out

A_PAGE = 30


@login_required
@require_safe
def list_dips(request: HttpRequest, pk: int) -> HttpResponse:
    """Every drop of a project's KPIs, those without a word first. Whoever of the agency opens it has noticed them."""
    seen = Project.objects.visible_to(request.user).select_related("agency", "client")
    project = get_object_or_404(seen, pk=pk)
    dips = Dip.objects.filter(kpi__project=project)
    notice_dips(dips, by=request.user, project=project)
    may_explain = project.is_open and rules.can_explain(request.user, project)
    page = Paginator(in_full(dips.order_by("-day", "-pk")), A_PAGE).get_page(request.GET.get("page"))
    context = {
        "project": project,
        "section": "board",
        "page": page,
        "dips": [ShownDip(dip, may_explain) for dip in page],
        "waiting": dips.unexplained().count(),
    }
    return render(request, "kpis/dips.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def explain(request: HttpRequest, pk: int) -> HttpResponse:
    seen = in_full(Dip.objects.visible_to(request.user)).select_related("kpi__project__agency", "kpi__project__client")
    dip = get_object_or_404(seen, pk=pk)
    demand_explaining(request.user, dip.kpi.project)
    form = ExplanationForm(request.POST or None, initial={"explanation": dip.explanation})
    if form.is_valid() and carried_out(form, explain_dip, dip=dip, by=request.user, **form.cleaned_data):
        messages.success(request, _("The client reads your explanation beside the number."))
        return redirect(dip)
    context = {"project": dip.kpi.project, "section": "board", "shown": ShownDip(dip), "form": form}
    return render(request, "kpis/dip_explanation.html", context, status=422 if form.errors else 200)
