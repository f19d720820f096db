"""KPIs through the API: the list, one, drafting, editing, the daily series and what pace is needed."""

from datetime import date, timedelta

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.generics import GenericAPIView
from rest_framework.response import Response
from rest_framework.views import APIView

from kpis.actions.kpis import draft_kpi, drop_kpi, edit_kpi
from kpis.course import STATUSES
from kpis.forms.kpis import LONGEST_SPAN
from kpis.metrics import METRICS
from kpis.models import Kpi, Source
from kpis.queries.lines import SHOWN_DAYS, lines_of, say_reason
from kpis.queries.revisions import revisions_of
from kpis.queries.standings import Standing, for_standing, standings, today_of
from kpis.terms import plain
from projects.api.common import SeenField, people_seen_by
from projects.api.origins import OriginSerializer, take_origin
from projects.models import Goal, Project

SPAN = [
    OpenApiParameter("from", OpenApiTypes.DATE, description="First day; 90 days back when it is left out."),
    OpenApiParameter("to", OpenApiTypes.DATE, description="Last day; today when it is left out."),
]


class FigureField(serializers.DecimalField):
    """A number as a string in plain decimal notation."""

    def __init__(self, **kwargs):
        super().__init__(max_digits=24, decimal_places=6, **kwargs)

    def to_representation(self, value):
        return plain(value)


class KpiSerializer(serializers.Serializer):
    """A KPI as it stands today."""

    id = serializers.IntegerField(source="kpi.pk")
    project = serializers.IntegerField(source="kpi.project_id")
    goal = serializers.IntegerField(source="kpi.goal_id", allow_null=True)
    name = serializers.CharField(source="kpi.__str__")
    source = serializers.IntegerField(source="kpi.source_id")
    metric = serializers.CharField(source="kpi.metric")
    unit = serializers.CharField()
    kind = serializers.ChoiceField(source="kpi.kind", choices=Kpi.Kind.choices)
    baseline = FigureField(source="kpi.baseline", allow_null=True)
    baseline_on = serializers.DateField(source="kpi.baseline_on", allow_null=True)
    baseline_provenance = serializers.CharField(source="kpi.baseline_provenance", allow_blank=True)
    target = FigureField(source="kpi.target", allow_null=True)
    weight = serializers.IntegerField(source="kpi.weight")
    owner = serializers.IntegerField(source="kpi.owner_id", allow_null=True)
    cadence = serializers.ChoiceField(source="kpi.cadence", choices=Kpi.Cadence.choices)
    tolerance = serializers.IntegerField(source="kpi.tolerance")
    guardrail_source = serializers.IntegerField(source="kpi.guardrail_source_id", allow_null=True)
    guardrail_metric = serializers.CharField(source="kpi.guardrail_metric", allow_blank=True)
    starts_on = serializers.DateField(source="kpi.starts_on")
    due_on = serializers.DateField(source="kpi.due_on")
    current = FigureField(allow_null=True)
    current_on = serializers.DateField(allow_null=True)
    final_through = serializers.DateField(allow_null=True)
    status = serializers.ChoiceField(choices=STATUSES)
    signed = serializers.BooleanField(source="kpi.is_signed")
    agreement = serializers.IntegerField(source="kpi.signed_in_id", allow_null=True)
    replaces = serializers.IntegerField(source="kpi.replaces_id", allow_null=True)
    brief_version = serializers.IntegerField(source="kpi.brief_version.number", allow_null=True)
    from_version = serializers.IntegerField(source="kpi.from_version.number", allow_null=True)
    from_key = serializers.CharField(source="kpi.from_key", allow_blank=True)
    from_row = serializers.IntegerField(source="kpi.from_row", allow_null=True)


class TermsSerializer(serializers.Serializer):
    """What a person says of a KPI. The baseline is taken from the source; send one only when the source has none."""

    goal = serializers.PrimaryKeyRelatedField(queryset=Goal.objects.none(), required=False, allow_null=True)
    name = serializers.CharField(max_length=160, required=False, allow_blank=True)
    source = serializers.PrimaryKeyRelatedField(queryset=Source.objects.none())
    metric = serializers.ChoiceField(choices=list(METRICS))
    kind = serializers.ChoiceField(choices=Kpi.Kind.choices)
    target = FigureField(required=False, allow_null=True)
    weight = serializers.IntegerField(min_value=1, max_value=100, required=False)
    owner = SeenField(people_seen_by, required=False, allow_null=True)
    cadence = serializers.ChoiceField(choices=Kpi.Cadence.choices, required=False)
    tolerance = serializers.IntegerField(min_value=0, max_value=Kpi.MOST_TOLERANCE, required=False)
    guardrail_source = serializers.PrimaryKeyRelatedField(
        queryset=Source.objects.none(), required=False, allow_null=True
    )
    guardrail_metric = serializers.CharField(max_length=40, required=False, allow_blank=True)
    starts_on = serializers.DateField()
    due_on = serializers.DateField()
    baseline = FigureField(required=False, allow_null=True)
    baseline_on = serializers.DateField(required=False, allow_null=True)

    def get_fields(self) -> dict:
        """Only what the person may see can be named; what they may not see does not exist."""
        fields = super().get_fields()
        if request := self.context.get("request"):
            fields["goal"].queryset = Goal.objects.visible_to(request.user)
            fields["source"].queryset = Source.objects.visible_to(request.user)
            fields["guardrail_source"].queryset = Source.objects.visible_to(request.user)
        return fields


class DraftSerializer(OriginSerializer, TermsSerializer):
    project = serializers.PrimaryKeyRelatedField(queryset=Project.objects.none())
    replaces = serializers.PrimaryKeyRelatedField(queryset=Kpi.objects.none(), required=False, allow_null=True)

    def get_fields(self) -> dict:
        fields = super().get_fields()
        if request := self.context.get("request"):
            fields["project"].queryset = Project.objects.visible_to(request.user)
            fields["replaces"].queryset = Kpi.objects.visible_to(request.user)
        return fields


class RevisedSerializer(serializers.Serializer):
    """The platform counted the day again after it was over."""

    before = FigureField()
    after = FigureField()
    at = serializers.DateTimeField()


class DaySerializer(serializers.Serializer):
    """One day of a series. `value` is null in a gap, and then `reason` says why.

    `revised` is there when the platform counted the day again after it was over: each time, the oldest first.
    """

    day = serializers.DateField()
    value = FigureField(allow_null=True)
    provenance = serializers.CharField(allow_blank=True)
    final = serializers.BooleanField()
    reason = serializers.CharField(required=False)
    revised = RevisedSerializer(many=True, required=False)


class ForecastSerializer(serializers.Serializer):
    on = serializers.DateField()
    p_hit = serializers.FloatField(allow_null=True)
    median = FigureField(allow_null=True)
    low80 = FigureField(allow_null=True)
    high80 = FigureField(allow_null=True)
    needed_per_day = FigureField(allow_null=True)
    reason = serializers.CharField(required=False)


class SpanSerializer(serializers.Serializer):
    """`?from=&to=`."""

    def __init__(self, *args, today: date, **kwargs):
        self.today = today
        super().__init__(*args, **kwargs)

    def get_fields(self) -> dict:
        return {"from": serializers.DateField(required=False), "to": serializers.DateField(required=False)}

    def validate(self, days: dict) -> dict:
        last = days.get("to") or max(self.today, days.get("from", self.today))
        first = days.get("from") or last - timedelta(days=min(SHOWN_DAYS - 1, (last - date.min).days))
        if last < first:
            raise serializers.ValidationError({"to": _("The last day comes before the first.")})
        if last - first > LONGEST_SPAN:
            raise serializers.ValidationError({"to": _("At most ten years can be shown at once.")})
        return {"first": first, "last": last}


class KpiListView(GenericAPIView):
    """The KPIs of your projects, each with its latest number and its status."""

    serializer_class = KpiSerializer
    queryset = Kpi.objects.none()

    @extend_schema(operation_id="kpis_list", parameters=[OpenApiParameter("project", int)])
    def get(self, request):
        kpis = for_api(Kpi.objects.visible_to(request.user).standing())
        project = request.query_params.get("project", "")
        if project:
            kpis = kpis.filter(project=int(project)) if project.isdecimal() and len(project) < 19 else kpis.none()
        page = standings(self.paginate_queryset(kpis))
        return self.get_paginated_response(KpiSerializer(page, many=True).data)

    @extend_schema(operation_id="kpis_create", request=DraftSerializer, responses={201: KpiSerializer})
    def post(self, request):
        """Draft a KPI."""
        asked = DraftSerializer(data=request.data, context={"request": request})
        asked.is_valid(raise_exception=True)
        words = dict(asked.validated_data)
        kpi = draft_kpi(by=request.user, origin=take_origin(words, words["project"]), **words)
        return Response(represent(kpi), status=status.HTTP_201_CREATED)


class KpiView(APIView):
    @extend_schema(operation_id="kpis_read", responses=KpiSerializer)
    def get(self, request, pk: int):
        """One KPI as it stands today."""
        return Response(represent(find(request, pk)))

    @extend_schema(operation_id="kpis_edit", request=TermsSerializer, responses=KpiSerializer)
    def patch(self, request, pk: int):
        """Change what is sent, while the terms are unsigned."""
        asked = TermsSerializer(data=request.data, partial=True, context={"request": request})
        asked.is_valid(raise_exception=True)
        return Response(represent(edit_kpi(find(request, pk), by=request.user, **asked.validated_data)))

    @extend_schema(operation_id="kpis_drop", responses={204: None})
    def delete(self, request, pk: int):
        """Throw an unsigned draft away."""
        drop_kpi(find(request, pk), by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


class KpiSeriesView(APIView):
    @extend_schema(operation_id="kpis_series", parameters=SPAN, responses=DaySerializer(many=True))
    def get(self, request, pk: int):
        """Every day from the first to the last: a value, or a gap with its reason."""
        kpi = find(request, pk)
        span = SpanSerializer(data=request.query_params, today=today_of(kpi.project))
        span.is_valid(raise_exception=True)
        [standing] = standings([kpi])
        line = lines_of([standing], **span.validated_data)[kpi.pk]
        revised = revisions_of(standing.series.pk, **span.validated_data) if standing.series else {}
        return Response([represent_day(day, revised.get(day.day, ())) for day in line])


class KpiForecastView(APIView):
    @extend_schema(operation_id="kpis_forecast", responses=ForecastSerializer)
    def get(self, request, pk: int):
        """Where the KPI is heading: for now only the pace that still leads to the target."""
        [standing] = standings([find(request, pk)])
        return Response(
            {
                "on": standing.today,
                "p_hit": None,
                "median": None,
                "low80": None,
                "high80": None,
                "needed_per_day": pace_of(standing),
                "reason": say_why_unknown(standing),
            }
        )


def pace_of(standing: Standing) -> str | None:
    needed = standing.needed_per_day
    return None if needed is None else plain(round(needed, 6))


def say_why_unknown(standing: Standing) -> str:
    if standing.kpi.target is None:
        return _("A forecast needs a target.")
    if standing.current is None:
        return _("A forecast needs numbers, and the source has given none yet.")
    return _("The portal does not compute a probability yet; the pace that is needed is exact.")


def for_api(kpis):
    """With the numbers of the versions of the brief that each rests on and began from."""
    rows = for_standing(kpis).select_related("brief_version", "from_version")
    return rows.defer("brief_version__content", "from_version__content")


def represent(kpi: Kpi) -> dict:
    [standing] = standings(for_api(Kpi.objects.filter(pk=kpi.pk)))
    return KpiSerializer(standing).data


def represent_day(day, revisions=()) -> dict:
    """One day, by hand: a serializer for every point costs more than the whole answer."""
    said = {
        "day": day.day.isoformat(),
        "value": plain(day.value),
        "provenance": day.provenance,
        "final": day.final,
    }
    if revisions:
        said["revised"] = [RevisedSerializer(revision).data for revision in revisions]
    return said if day.value is not None else {**said, "reason": say_reason(day.reason)}


def find(request, pk: int) -> Kpi:
    return get_object_or_404(for_api(Kpi.objects.visible_to(request.user)), pk=pk)
