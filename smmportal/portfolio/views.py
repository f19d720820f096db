"""The portfolio as a page. Every filter, the order and what is unfolded live in the address."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from smmportal.inputs import whole_number
from smmportal.portfolio.desk import demand_desk, desk_of, projects_of, sight_of
from smmportal.portfolio.rows import rows_of
from smmportal.portfolio.sight import heads


@login_required
@require_safe
def show_portfolio(request: HttpRequest) -> HttpResponse:
    demand_desk(request.user)
    desk = desk_of(request.user, sight_of(request.user, request.GET))
    unfolded = {whole_number(said) for said in request.GET.getlist("open")}
    return render(
        request,
        "portfolio/page.html",
        {
            "desk": desk,
            "heads": heads(desk.sight.order, column_words()),
            "words": dict(column_words()),
            "unfolded": unfolded,
            "here": request.get_full_path(),
        },
    )


@login_required
@require_safe
def show_kpis(request: HttpRequest, pk: int) -> HttpResponse:
    """The KPIs of one row, as they are put under it; without a script, the portfolio with that row unfolded."""
    demand_desk(request.user)
    project = get_object_or_404(projects_of(request.user), pk=pk)
    if not request.htmx:
        return redirect(f"{reverse('portfolio')}?open={pk}#project-{pk}")
    [row] = rows_of([project])
    return render(request, "portfolio/_kpis.html", {"row": row})


def column_words() -> list[tuple[str, str]]:
    return [
        ("risk", _("How it stands")),
        ("project", _("Project")),
        ("client", _("Client")),
        ("waterline", _("Waterline")),
        ("change", _("In a week")),
        ("kpis", _("KPIs")),
        ("drops", _("Drops")),
        ("reviews", _("Reviews")),
        ("approvals", _("Approvals")),
        ("sources", _("Sources")),
        ("meeting", _("Meeting")),
        ("alerts", _("Alerts")),
        ("move", _("Whose move")),
    ]
