"""Changes of the brief under signed KPIs, as JSON."""

from django.shortcuts import get_object_or_404
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from kpis.actions.amendments import keep_as_signed
from kpis.models import AmendmentProposal
from projects.api.common import read
from smmportal.api import IdFilter


class AmendmentSerializer(serializers.ModelSerializer):
    """`version` is the number of the brief's version that says something else than the signed terms."""

    project = serializers.IntegerField(source="kpi.project_id")
    version = serializers.IntegerField(source="version.number")
    settled_by = serializers.CharField(source="settled_by.name", allow_null=True, default=None)

    class Meta:
        model = AmendmentProposal
        fields = [
            "id",
            "project",
            "kpi",
            "key",
            "version",
            "opened_at",
            "settled_at",
            "settled_by",
            "outcome",
            "reason",
        ]


class KeepingSerializer(serializers.Serializer):
    reason = serializers.CharField(max_length=1000)


class AmendmentFilter(filters.FilterSet):
    project = IdFilter(field_name="kpi__project")
    open = filters.BooleanFilter(field_name="settled_at", lookup_expr="isnull")


def seen_by(request: Request):
    rows = AmendmentProposal.objects.visible_to(request.user)
    rows = rows.select_related("kpi__project__agency", "kpi__project__client", "version", "settled_by")
    return rows.defer("version__content")


class AmendmentListView(generics.ListAPIView):
    """What the brief has changed under signed KPIs, settled or not."""

    serializer_class = AmendmentSerializer
    filterset_class = AmendmentFilter
    queryset = AmendmentProposal.objects.none()

    def get_queryset(self):
        return seen_by(self.request)


class AmendmentView(APIView):
    @extend_schema(responses=AmendmentSerializer)
    def get(self, request: Request, pk: int) -> Response:
        return Response(AmendmentSerializer(get_object_or_404(seen_by(request), pk=pk)).data)


class AmendmentSettlementView(APIView):
    """Leave the terms as signed. To amend them, draft a KPI that `replaces` this one and sign a new agreement."""

    @extend_schema(request=KeepingSerializer, responses={201: AmendmentSerializer})
    def post(self, request: Request, pk: int) -> Response:
        proposal = get_object_or_404(seen_by(request), pk=pk)
        proposal = keep_as_signed(proposal, by=request.user, **read(KeepingSerializer, request))
        return Response(AmendmentSerializer(proposal).data, status=status.HTTP_201_CREATED)
