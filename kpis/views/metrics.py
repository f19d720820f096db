from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kpis.queries.catalogue import catalogue


@login_required
@require_safe
def list_metrics(request: HttpRequest) -> HttpResponse:
    return render(request, "kpis/metrics.html", {"entries": catalogue()})
