"""Numbers of signed KPIs that a platform retired, and what may take their place, as JSON."""

from django.shortcuts import get_object_or_404
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from kpis.actions.successors import accept_successor, choose_successor, dismiss_successor
from kpis.api.kpis import KpiSerializer, represent
from kpis.metrics import METRICS
from kpis.models import Source, SuccessorProposal
from kpis.queries.successors import Retired, for_successors
from kpis.terms import plain
from projects.api.common import SeenField, read
from smmportal.api import IdFilter


class RatioField(serializers.DecimalField):
    def __init__(self, **kwargs):
        super().__init__(max_digits=24, decimal_places=12, allow_null=True, **kwargs)

    def to_representation(self, value):
        return plain(value)


class SuccessorSerializer(serializers.ModelSerializer):
    """`source` and `metric` are what may take over; null and empty while nothing is proposed. `factor` leads from the
    old number to the new one over the `days` on which both are known; where it is null, `no_factor` says why. `low` and
    `high` are the smallest and the largest ratio of a single day. `named_by_platform`: the platform itself says so."""

    project = serializers.IntegerField(source="kpi.project_id")
    retired_source = serializers.IntegerField(source="kpi.source_id")
    retired_metric = serializers.CharField(source="kpi.metric")
    named_by_platform = serializers.SerializerMethodField()
    factor, low, high = RatioField(), RatioField(), RatioField()
    no_factor = serializers.SerializerMethodField()
    settled_by = serializers.CharField(source="settled_by.name", allow_null=True, default=None)

    class Meta:
        model = SuccessorProposal
        fields = [
            *("id", "project", "kpi", "retired_source", "retired_metric", "retired_on"),
            *("source", "metric", "named_by_platform", "first_day", "last_day", "days", "factor", "low", "high"),
            *("no_factor", "opened_at", "settled_at", "settled_by", "outcome", "reason"),
        ]

    def get_named_by_platform(self, proposal: SuccessorProposal) -> bool:
        return Retired(proposal).is_named

    def get_no_factor(self, proposal: SuccessorProposal) -> str:
        return Retired(proposal).why_no_factor


class CandidateSerializer(serializers.Serializer):
    source = SeenField(lambda user: Source.objects.visible_to(user))
    metric = serializers.ChoiceField(choices=list(METRICS))


class DismissalSerializer(serializers.Serializer):
    reason = serializers.CharField(max_length=1000)


class SuccessorFilter(filters.FilterSet):
    project = IdFilter(field_name="kpi__project")
    kpi = IdFilter(field_name="kpi")
    open = filters.BooleanFilter(field_name="settled_at", lookup_expr="isnull")


def seen_by(request: Request):
    return for_successors(SuccessorProposal.objects.visible_to(request.user))


def find(request: Request, pk: int) -> SuccessorProposal:
    return get_object_or_404(seen_by(request), pk=pk)


class SuccessorListView(generics.ListAPIView):
    """Retired numbers of signed KPIs, settled or not."""

    serializer_class = SuccessorSerializer
    filterset_class = SuccessorFilter
    queryset = SuccessorProposal.objects.none()

    def get_queryset(self):
        return seen_by(self.request)


class SuccessorView(APIView):
    @extend_schema(responses=SuccessorSerializer)
    def get(self, request: Request, pk: int) -> Response:
        return Response(SuccessorSerializer(find(request, pk)).data)


class SuccessorCandidateView(APIView):
    @extend_schema(request=CandidateSerializer, responses=SuccessorSerializer)
    def put(self, request: Request, pk: int) -> Response:
        """Propose another number that arrives; the bridge to it is reckoned anew."""
        proposal = choose_successor(find(request, pk), by=request.user, **read(CandidateSerializer, request))
        return Response(SuccessorSerializer(proposal).data)


class SuccessorAcceptanceView(APIView):
    @extend_schema(request=None, responses={201: KpiSerializer})
    def post(self, request: Request, pk: int) -> Response:
        """Draft a KPI on the successor that `replaces` the signed one, baseline and target carried over by the factor.
        It counts when a new agreement is signed by both sides."""
        newer = accept_successor(find(request, pk), by=request.user)
        return Response(represent(newer), status=status.HTTP_201_CREATED)


class SuccessorDismissalView(APIView):
    @extend_schema(request=DismissalSerializer, responses={201: SuccessorSerializer})
    def post(self, request: Request, pk: int) -> Response:
        """Leave the KPI without its number, and say why."""
        proposal = dismiss_successor(find(request, pk), by=request.user, **read(DismissalSerializer, request))
        return Response(SuccessorSerializer(proposal).data, status=status.HTTP_201_CREATED)
