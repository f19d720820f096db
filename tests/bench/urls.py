"""The portal's own addresses and bare views beside them: the floors that every page is measured against."""

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import engines
from django.urls import include, path

from kpis.models import Kpi

PACKED = "SELECT series, days FROM bench_packed WHERE project = %s AND month >= %s ORDER BY series, month"
#: A page as a tutorial would write it: a head, a heading, a card of six facts for each row.
PAGE = engines["django"].from_string(
    """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>KPIs</title></head><body><h1>KPIs</h1>
{% for kpi in kpis %}<article><h2><a href="/kpis/{{ kpi.pk }}/">{{ kpi.name }}</a></h2>
<dl><dt>Metric</dt><dd>{{ kpi.metric }}</dd><dt>Baseline</dt><dd>{{ kpi.baseline }}</dd><dt>Target</dt>
<dd>{{ kpi.target }}</dd><dt>From</dt><dd>{{ kpi.starts_on }}</dd><dt>By</dt><dd>{{ kpi.due_on }}</dd></dl></article>
{% endfor %}</body></html>"""
)


def floor(_request: HttpRequest) -> HttpResponse:
    """One query, a short answer."""
    return HttpResponse(str(Kpi.objects.values_list("target", flat=True).first()))


def floor_page(request: HttpRequest) -> HttpResponse:
    """The frame of every page around nothing."""
    return render(request, "base.html")


urlpatterns = [path("floor/", floor), path("floor/page/", floor_page), path("", include("smmportal.urls"))]


def packed(_request: HttpRequest, project: int, month: str) -> HttpResponse:
    """The same numbers as the dashboard's data, packed by hand: a row a series and month, text that is JSON already;
    nobody asks who wants them."""
    lines: dict[int, list[str]] = {}
    with connection.cursor() as cursor:
        cursor.execute(PACKED, [project, month])
        for series, days in cursor.fetchall():
            lines.setdefault(series, []).append(days)
    kpis = ",".join(f'{{"id":{series},"values":[{",".join(days)}]}}' for series, days in lines.items())
    return HttpResponse(f'{{"project":{project},"kpis":[{kpis}]}}', content_type="application/json")


def page(request: HttpRequest, project: int) -> HttpResponse:
    """One query and a template; nobody is logged in, and nothing is drawn."""
    return HttpResponse(PAGE.render({"kpis": Kpi.objects.filter(project=project)}, request))


urlpatterns = [
    path("floor/", floor),
    path("floor/packed/<int:project>/<str:month>/", packed),
    path("floor/page/<int:project>/", page),
    path("", include("smmportal.urls")),
]
