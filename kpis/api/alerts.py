"""Alerts, the levels that fire them, and how a chance went, as JSON."""

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from kpis.actions import alerts as actions
from kpis.actions import thresholds
from kpis.alert_words import kind_name, sentence_of
from kpis.alerts import KINDS
from kpis.api.kpis import FigureField
from kpis.models import Alert, AlertThreshold, ForecastDay, Kpi
from kpis.queries.alerts import forecast_days, with_words
from projects.api.common import SeenField, people_seen_by, read
from smmportal.api import EmptySerializer, IdFilter
from smmportal.people.models import Side


class AlertSerializer(serializers.ModelSerializer):
    """One thing that needs a look, however often it fired. `evidence` holds the days and numbers that it rests on,
    `sentence` says it in your language; `closed_by` is null where it passed by itself."""

    sentence = serializers.SerializerMethodField()
    kind_name = serializers.SerializerMethodField()
    internal = serializers.BooleanField(source="is_internal", read_only=True)
    seen_by = serializers.CharField(source="seen_by.name", allow_null=True, default=None)
    explained_by = serializers.CharField(source="explained_by.name", allow_null=True, default=None)
    closed_by = serializers.CharField(source="closed_by.name", allow_null=True, default=None)

    class Meta:
        model = Alert
        fields = [
            "id",
            "project",
            "kind",
            "kind_name",
            "subject",
            "kpi",
            "source",
            "weight",
            "side",
            "internal",
            "owner",
            "state",
            "sentence",
            "evidence",
            "url",
            "times",
            "first_at",
            "last_at",
            "seen_by",
            "seen_at",
            "explanation",
            "explained_by",
            "explained_at",
            "closed_by",
            "closed_at",
            "closed_because",
        ]

    def get_sentence(self, alert: Alert) -> str:
        return sentence_of(alert)

    def get_kind_name(self, alert: Alert) -> str:
        return kind_name(alert.kind)


class AlertFilter(filters.FilterSet):
    project = IdFilter(field_name="project")
    kpi = IdFilter(field_name="kpi")
    kind = filters.ChoiceFilter(choices=[(code, code) for code in KINDS])
    state = filters.ChoiceFilter(choices=Alert.State.choices)
    side = filters.ChoiceFilter(choices=Side.choices)
    standing = filters.BooleanFilter(field_name="closed_at", lookup_expr="isnull", help_text="Not closed yet.")
    mine = filters.BooleanFilter(method="keep_mine", help_text="Yours, and your side’s that nobody owns.")

    def keep_mine(self, rows: QuerySet, _name: str, is_mine: bool) -> QuerySet:
        return rows.of(self.request.user) if is_mine else rows


def seen_by(request: Request) -> QuerySet[Alert]:
    return with_words(Alert.objects.visible_to(request.user))


def find(request: Request, pk: int) -> Alert:
    return get_object_or_404(seen_by(request), pk=pk)


def answer(request: Request, pk: int) -> dict:
    return AlertSerializer(find(request, pk)).data


class AlertListView(generics.ListAPIView):
    """Alerts of your projects, the newest first."""

    serializer_class = AlertSerializer
    filterset_class = AlertFilter
    queryset = Alert.objects.none()

    def get_queryset(self):
        return seen_by(self.request)


class AlertView(APIView):
    @extend_schema(responses=AlertSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """Reading it here does not count as having seen it: POST to its `sight`."""
        return Response(answer(request, pk))


class AlertSightView(APIView):
    @extend_schema(request=EmptySerializer, responses=AlertSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """You have looked at it; it counts from the side whose move it is."""
        actions.see(find(request, pk), by=request.user)
        return Response(answer(request, pk))


class ExplanationSerializer(serializers.Serializer):
    words = serializers.CharField(max_length=2000)


class AlertExplanationView(APIView):
    @extend_schema(request=ExplanationSerializer, responses={201: AlertSerializer})
    def post(self, request: Request, pk: int) -> Response:
        """Say what it is; both sides read it. Saying it again takes the place of what was said."""
        actions.explain(find(request, pk), by=request.user, **read(ExplanationSerializer, request))
        return Response(answer(request, pk), status=status.HTTP_201_CREATED)


class ClosingSerializer(serializers.Serializer):
    words = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")


class AlertClosingView(APIView):
    @extend_schema(request=ClosingSerializer, responses={201: AlertSerializer})
    def post(self, request: Request, pk: int) -> Response:
        """Close it by hand. Words are needed unless it is explained. It stays closed for a while, unless it gets
        worse."""
        actions.close(find(request, pk), by=request.user, **read(ClosingSerializer, request))
        return Response(answer(request, pk), status=status.HTTP_201_CREATED)


class OwnerSerializer(serializers.Serializer):
    to = SeenField(people_seen_by)


class AlertOwnerView(APIView):
    @extend_schema(request=OwnerSerializer, responses=AlertSerializer)
    def put(self, request: Request, pk: int) -> Response:
        """Hand it over to another person of the same side."""
        actions.hand_over(find(request, pk), by=request.user, **read(OwnerSerializer, request))
        return Response(answer(request, pk))


# --- Levels ---------------------------------------------------------------------------------------------------------


class ThresholdSerializer(serializers.ModelSerializer):
    """A level at whose crossing the agency is told at once: `is_above` true, when the number is above it."""

    value = FigureField()
    set_by = serializers.CharField(source="set_by.name", read_only=True)

    class Meta:
        model = AlertThreshold
        fields = ["id", "kpi", "is_above", "value", "set_by", "set_at"]
        read_only_fields = ["kpi", "set_at"]


class ThresholdsView(APIView):
    @extend_schema(operation_id="thresholds", responses=ThresholdSerializer(many=True))
    def get(self, request: Request, pk: int) -> Response:
        kpi = get_object_or_404(Kpi.objects.visible_to(request.user), pk=pk)
        return Response(ThresholdSerializer(kpi.thresholds.select_related("set_by"), many=True).data)

    @extend_schema(operation_id="set_threshold", request=ThresholdSerializer, responses={201: ThresholdSerializer})
    def post(self, request: Request, pk: int) -> Response:
        kpi = get_object_or_404(Kpi.objects.visible_to(request.user).select_related("project"), pk=pk)
        made = thresholds.set_threshold(kpi, by=request.user, **read(ThresholdSerializer, request))
        return Response(ThresholdSerializer(made).data, status=status.HTTP_201_CREATED)


class ThresholdView(APIView):
    @extend_schema(operation_id="take_threshold_away", responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        rows = AlertThreshold.objects.visible_to(request.user).select_related("kpi__project")
        thresholds.take_threshold_away(get_object_or_404(rows, pk=pk), by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


# --- How the chance went --------------------------------------------------------------------------------------------


class ForecastDaySerializer(serializers.ModelSerializer):
    """A day whose last forecast said something else than the one before it. Null is no forecast, never zero; `reason`
    is then the code of why."""

    p_hit = serializers.FloatField(source="chance", allow_null=True)

    class Meta:
        model = ForecastDay
        fields = ["day", "p_hit", "median", "low80", "high80", "reason"]


class ForecastHistoryView(APIView):
    @extend_schema(operation_id="kpi_forecast_history", responses=ForecastDaySerializer(many=True))
    def get(self, request: Request, pk: int) -> Response:
        """How the forecast went, oldest first; between two days nothing changed."""
        kpi = get_object_or_404(Kpi.objects.visible_to(request.user), pk=pk)
        return Response(ForecastDaySerializer(forecast_days(kpi), many=True).data)
