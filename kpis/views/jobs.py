from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from kpis.actions.jobs import demand_to_see_jobs
from kpis.queries.jobs import jobs_of
from smmportal.people.models import Organisation


@login_required
@require_safe
def show_jobs(request: HttpRequest, pk: int) -> HttpResponse:
    agency = get_object_or_404(Organisation.objects.visible_to(request.user), pk=pk)
    demand_to_see_jobs(request.user, agency)
    return render(request, "kpis/jobs.html", {"agency": agency, "jobs": jobs_of(agency, request.user)})
