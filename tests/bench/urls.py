"""The portal's own addresses and one bare view beside them: the floor that every page is measured against."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from kpis.models import Kpi


def floor(_request: HttpRequest) -> HttpResponse:
    """One query, a short answer."""
    return HttpResponse(str(Kpi.objects.values_list("target", flat=True).first()))


urlpatterns = [path("floor/", floor), path("", include("smmportal.urls"))]
