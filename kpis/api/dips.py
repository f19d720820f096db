"""Drops of KPIs through the API, with their two clocks."""

from datetime import datetime

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from kpis.actions.dips import demand_explaining, explain_dip, notice_dips
from kpis.api.kpis import FigureField
from kpis.api.reviews import find_kpi
from kpis.models import Dip
from kpis.queries.dips import in_full
from projects.api.common import read
from projects.models import Project
from smmportal.api import EmptySerializer


class DipSerializer(serializers.Serializer):
    """Days in a row outside the band in which they were expected; the number and the band are those of the first.

    `seconds_to_notice` and `seconds_to_explain` count from `found_at`; null while nobody did. `revised_at`: the
    platform counted the days again, and nothing fell.
    """

    id = serializers.IntegerField(source="pk")
    project = serializers.IntegerField(source="kpi.project_id")
    kpi = serializers.IntegerField(source="kpi_id")
    day = serializers.DateField()
    until = serializers.DateField()
    value = FigureField()
    low = FigureField()
    high = FigureField()
    found_at = serializers.DateTimeField()
    noticed_at = serializers.DateTimeField(allow_null=True)
    noticed_by = serializers.IntegerField(source="noticed_by_id", allow_null=True)
    explanation = serializers.CharField(allow_blank=True)
    explained_at = serializers.DateTimeField(allow_null=True)
    explained_by = serializers.IntegerField(source="explained_by_id", allow_null=True)
    revised_at = serializers.DateTimeField(allow_null=True)
    seconds_to_notice = serializers.SerializerMethodField()
    seconds_to_explain = serializers.SerializerMethodField()

    def get_seconds_to_notice(self, dip: Dip) -> int | None:
        return seconds(dip, dip.noticed_at)

    def get_seconds_to_explain(self, dip: Dip) -> int | None:
        return seconds(dip, dip.explained_at)


def seconds(dip: Dip, until: datetime | None) -> int | None:
    return None if until is None else int((until - dip.found_at).total_seconds())


class DipExplanationSerializer(serializers.Serializer):
    explanation = serializers.CharField(max_length=2000)


def find(request: Request, pk: int) -> Dip:
    return get_object_or_404(in_full(Dip.objects.visible_to(request.user)), pk=pk)


class KpiDipsView(generics.ListAPIView):
    """A KPI's drops, the newest first. Reading them here stops no clock: `noticing` does."""

    serializer_class = DipSerializer
    queryset = Dip.objects.none()
    filter_backends = ()

    def get_queryset(self):
        if getattr(self, "swagger_fake_view", False):
            return Dip.objects.none()
        return in_full(find_kpi(self.request, self.kwargs["pk"]).dips.all())


class ProjectDipsView(generics.ListAPIView):
    """The drops of all KPIs of a project, the newest first."""

    serializer_class = DipSerializer
    queryset = Dip.objects.none()
    filter_backends = ()

    def get_queryset(self):
        if getattr(self, "swagger_fake_view", False):
            return Dip.objects.none()
        project = get_object_or_404(Project.objects.visible_to(self.request.user), pk=self.kwargs["pk"])
        return in_full(Dip.objects.filter(kpi__project=project))


class DipView(APIView):
    @extend_schema(operation_id="dips_read", responses=DipSerializer)
    def get(self, request: Request, pk: int) -> Response:
        return Response(DipSerializer(find(request, pk)).data)


class DipNoticingView(APIView):
    @extend_schema(operation_id="dips_notice", request=EmptySerializer, responses={201: DipSerializer})
    def post(self, request: Request, pk: int) -> Response:
        """Somebody of the agency has seen it; once more changes nothing."""
        dip = find(request, pk)
        demand_explaining(request.user, dip.kpi.project)
        notice_dips(Dip.objects.filter(pk=dip.pk), by=request.user, project=dip.kpi.project)
        return Response(DipSerializer(find(request, pk)).data, status=status.HTTP_201_CREATED)


class DipExplanationView(APIView):
    @extend_schema(operation_id="dips_explain", request=DipExplanationSerializer, responses={201: DipSerializer})
    def post(self, request: Request, pk: int) -> Response:
        """Say what it was; better words may follow."""
        dip = explain_dip(find(request, pk), by=request.user, **read(DipExplanationSerializer, request))
        return Response(DipSerializer(dip).data, status=status.HTTP_201_CREATED)
