"""The dashboard's numbers as columns: one start, one step, one list of values a KPI. An unchanged board costs a 304."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.translation import get_language
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response
from rest_framework.views import APIView

from kpis.actions.board_views import arrange_board, reset_board
from kpis.api.kpis import FigureField
from kpis.course import GUARDRAIL_STATUSES, STATUSES
from kpis.kept import Kept
from kpis.models import BoardView as BoardViewRow
from kpis.queries.board_views import arrangement_of
from kpis.queries.lines import SHOWN_DAYS, lines_of
from kpis.queries.stamps import Stamp, stamp_of
from kpis.queries.standings import Standing, for_standing, standings, today_of
from kpis.terms import plain
from projects.models import Project
from smmportal.middleware import LARGEST_ID

#: About 4 KB a column.
COLUMNS: Kept[dict] = Kept(at_most=1000)
#: Some 25 KB for twenty columns.
ANSWERS: Kept["Told"] = Kept(at_most=200)


class ColumnSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    name = serializers.CharField()
    metric = serializers.CharField()
    unit = serializers.CharField()
    status = serializers.ChoiceField(choices=STATUSES)
    target = FigureField(allow_null=True)
    guardrail = serializers.ChoiceField(choices=GUARDRAIL_STATUSES, allow_null=True)
    final_through = serializers.DateField(allow_null=True)
    values = serializers.ListField(child=FigureField(allow_null=True))


class BoardSerializer(serializers.Serializer):
    """`values[i]` is the value of the day `start` + i × `step` days; null is a gap."""

    project = serializers.IntegerField()
    start = serializers.DateField()
    step = serializers.IntegerField(help_text="Days between neighbouring values.")
    kpis = ColumnSerializer(many=True)


class BoardView(APIView):
    def dispatch(self, request, *args, **kwargs):
        """A browser that is logged in and asks for what has been told already gets it at the door."""
        told = told_before(request, kwargs["pk"]) if is_plain(request) else None
        return super().dispatch(request, *args, **kwargs) if told is None else told

    @extend_schema(operation_id="project_board", responses=BoardSerializer)
    def get(self, request, pk: int):
        """The last 90 days of every KPI of a project, as columns. `If-None-Match` tells that nothing changed."""
        stamp = stamp_of(request.user, pk)
        if stamp is None:
            raise Http404
        return answer_to(request, told_of(stamp))


@dataclass(frozen=True)
class Told:
    """The answer of one board as it goes out."""

    etag: str
    body: bytes


def told_of(stamp: Stamp) -> Told:
    """The answer, made anew only when something it rests on has changed. Two boards that say the same have one ETag,
    whatever else changed in their rows."""
    key = stamp, get_language()
    told = ANSWERS.get(key)
    if told is None:
        project = Project.objects.get(pk=stamp.project)
        found = standings(for_standing(project.kpis.standing()))
        told = Told(quote_etag(fingerprint(found)), JSONRenderer().render(columns(project, found)))
        ANSWERS.put(key, told)
    return told


def answer_to(request, told: Told) -> HttpResponse:
    answer = get_conditional_response(request, etag=told.etag)
    if answer is None:
        answer = HttpResponse(told.body, content_type="application/json")
    answer["ETag"], answer["Cache-Control"] = told.etag, "private, no-cache"
    answer["Vary"] = "Accept, Cookie"
    return answer


def is_plain(request) -> bool:
    """A GET with a session and nothing that would have to be negotiated: the rest is the framework's to answer."""
    accepts = request.headers.get("Accept", "*/*")
    return (
        request.method == "GET"
        and "Authorization" not in request.headers
        and ("*/*" in accepts or "application/json" in accepts)
        and not request.GET
    )


def told_before(request, project: int) -> HttpResponse | None:
    stamp = stamp_of(request.user, project)
    told = ANSWERS.get((stamp, get_language())) if stamp else None
    return told and answer_to(request, told)


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
        "guardrail": standing.guardrail and standing.guardrail.status,
        "final_through": standing.final_through,
        "values": [plain(day.value) for day in line],
    }


class ArrangementSerializer(serializers.Serializer):
    """Your own view of a project's dashboard: ids of KPIs in your order, those that you hid, and the days that are
    shown at first. KPIs that `order` does not name stand before the others."""

    order = serializers.ListField(child=serializers.IntegerField(min_value=1, max_value=LARGEST_ID), max_length=1000)
    hidden = serializers.ListField(child=serializers.IntegerField(min_value=1, max_value=LARGEST_ID), max_length=1000)
    range = serializers.ChoiceField(choices=BoardViewRow.Range.choices)


class BoardArrangementView(APIView):
    @extend_schema(operation_id="project_board_view", responses=ArrangementSerializer)
    def get(self, request, pk: int):
        """How you see the dashboard."""
        project = find_project(request, pk)
        return Response(ArrangementSerializer(arrangement_of(request.user, project.pk)).data)

    @extend_schema(operation_id="project_board_arrange", request=ArrangementSerializer, responses=ArrangementSerializer)
    def patch(self, request, pk: int):
        """Arrange it; what is not sent stays. Nobody else sees any of it."""
        project = find_project(request, pk)
        asked = ArrangementSerializer(data=request.data, partial=True)
        asked.is_valid(raise_exception=True)
        arrange_board(project, by=request.user, **asked.validated_data)
        return Response(ArrangementSerializer(arrangement_of(request.user, project.pk)).data)

    @extend_schema(operation_id="project_board_reset", responses={204: None})
    def delete(self, request, pk: int):
        """See it again as everybody does at first."""
        reset_board(find_project(request, pk), by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


def find_project(request, pk: int) -> Project:
    return get_object_or_404(Project.objects.visible_to(request.user), pk=pk)
