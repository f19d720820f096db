"""The dashboard's numbers as columns: one start, one step, one list of values a KPI. An unchanged board costs a 304."""

import hashlib
from datetime import timedelta

from django.shortcuts import get_object_or_404
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from kpis.api.kpis import FigureField
from kpis.course import STATUSES
from kpis.kept import Kept
from kpis.queries.lines import SHOWN_DAYS, lines_of
from kpis.queries.standings import Standing, for_standing, standings, today_of
from kpis.terms import plain
from projects.models import Project

#: About 4 KB a column.
COLUMNS: Kept[dict] = Kept(at_most=1000)


class ColumnSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    name = serializers.CharField()
    metric = serializers.CharField()
    unit = serializers.CharField()
    status = serializers.ChoiceField(choices=STATUSES)
    target = FigureField(allow_null=True)
    final_through = serializers.DateField(allow_null=True)
    values = serializers.ListField(child=FigureField(allow_null=True))


class BoardSerializer(serializers.Serializer):
    """`values[i]` is the value of the day `start` + i × `step` days; null is a gap."""

    project = serializers.IntegerField()
    start = serializers.DateField()
    step = serializers.IntegerField(help_text="Days between neighbouring values.")
    kpis = ColumnSerializer(many=True)


class BoardView(APIView):
    @extend_schema(operation_id="project_board", responses=BoardSerializer)
    def get(self, request, pk: int):
        """The last 90 days of every KPI of a project, as columns. `If-None-Match` tells that nothing changed."""
        project = get_object_or_404(Project.objects.visible_to(request.user), pk=pk)
        found = standings(for_standing(project.kpis.standing()))
        etag = quote_etag(fingerprint(found))
        unchanged = get_conditional_response(request, etag=etag)
        answer = Response(columns(project, found)) if unchanged is None else unchanged
        answer["ETag"], answer["Cache-Control"] = etag, "private, no-cache"
        return answer


def fingerprint(found: list[Standing]) -> str:
    """What the answer depends on, without reading a single point."""
    return hashlib.sha256(repr([standing.fingerprint for standing in found]).encode()).hexdigest()[:32]


def columns(project: Project, found: list[Standing]) -> dict:
    last = today_of(project)
    first = last - timedelta(days=SHOWN_DAYS - 1)
    kept = {standing.kpi.pk: COLUMNS.get(standing.fingerprint) for standing in found}
    new = [standing for standing in found if kept[standing.kpi.pk] is None]
    lines = lines_of(new, first=first, last=last)
    for standing in new:
        kept[standing.kpi.pk] = column(standing, lines[standing.kpi.pk])
        COLUMNS.put(standing.fingerprint, kept[standing.kpi.pk])
    return {"project": project.pk, "start": first.isoformat(), "step": 1, "kpis": list(kept.values())}


def column(standing: Standing, line: list) -> dict:
    kpi = standing.kpi
    return {
        "id": kpi.pk,
        "name": str(kpi),
        "metric": kpi.metric,
        "unit": standing.unit,
        "status": standing.status,
        "target": plain(kpi.target),
        "final_through": standing.final_through,
        "values": [plain(day.value) for day in line],
    }
