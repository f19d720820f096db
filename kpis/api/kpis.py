"""KPIs through the API: the list, one, drafting, editing, the daily series and what pace is needed."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.generics import GenericAPIView
from rest_framework.response import Response
from rest_framework.views import APIView

from kpis.actions.kpis import (
    demand_drafting,
    draft_kpi,
    drop_kpi,
    edit_kpi,
    foresee_target,
)
from kpis.course import GUARDRAIL_STATUSES, STATUSES
from kpis.downloads import DOWNLOADS, as_file
from kpis.forms.kpis import LONGEST_SPAN
from kpis.metrics import METRICS
from kpis.models import Kpi, Source
from kpis.queries.board import card_of, page_card_of
from kpis.queries.comparisons import COMPARED_BY, Comparison, comparison_of
from kpis.queries.lines import SHOWN_DAYS, lines_of, say_reason
from kpis.queries.marks import NOTHING, Mark, marks_of
from kpis.queries.outlooks import Prospect
from kpis.queries.periods import Over
from kpis.queries.revisions import revisions_of
from kpis.queries.standings import Standing, for_standing, prospect_of, standings, today_of
from kpis.terms import plain
from kpis.wording import figure_of, why_no_forecast
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


class GuardrailSerializer(serializers.Serializer):
    """The number that must not get worse meanwhile: where it was on the first day, where it is, and whether it held."""

    source = serializers.IntegerField()
    metric = serializers.CharField()
    baseline = FigureField(allow_null=True)
    baseline_on = serializers.DateField(source="kpi.guardrail_baseline_on", allow_null=True)
    current = FigureField(allow_null=True)
    current_on = serializers.DateField(allow_null=True)
    current_over = serializers.IntegerField()
    status = serializers.ChoiceField(choices=GUARDRAIL_STATUSES)


class ReviewPeriodSerializer(serializers.Serializer):
    """Both days belong to it; a review until `review_by` is in time."""

    first = serializers.DateField()
    last = serializers.DateField()
    review_by = serializers.DateField()


class ReviewStateSerializer(serializers.Serializer):
    """Whether the latest finished period is reviewed, and how many drops nobody has explained."""

    owed = ReviewPeriodSerializer(allow_null=True)
    reviewed_through = serializers.DateField(allow_null=True)
    unexplained_dips = serializers.SerializerMethodField()

    def get_unexplained_dips(self, mark: Mark) -> int:
        return len(mark.dips)


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
    change = FigureField(
        source="kpi.change", allow_null=True, help_text="In percent of the baseline; only of `change_by`."
    )
    weight = serializers.IntegerField(source="kpi.weight")
    owner = serializers.IntegerField(source="kpi.owner_id", allow_null=True)
    cadence = serializers.ChoiceField(source="kpi.cadence", choices=Kpi.Cadence.choices)
    tolerance = serializers.IntegerField(source="kpi.tolerance")
    guardrail = GuardrailSerializer(allow_null=True)
    guardrail_waived_because = serializers.CharField(source="kpi.guardrail_waived_because", allow_blank=True)
    starts_on = serializers.DateField(source="kpi.starts_on")
    due_on = serializers.DateField(source="kpi.due_on")
    current = FigureField(allow_null=True)
    current_on = serializers.DateField(allow_null=True)
    current_over = serializers.IntegerField(
        help_text="Of how many days `current` is: 1, or 7 up to `current_on` (a mean day, or a ratio of sums)."
    )
    over = serializers.IntegerField(
        source="kpi.over",
        help_text="Of how many days the KPI is, as agreed: 1 or 7. Where it is 7 and `current_over` is 1, too few days "
        "have numbers: the latest is shown, and the status is `no_data`.",
    )
    final_through = serializers.DateField(allow_null=True)
    status = serializers.ChoiceField(choices=STATUSES)
    signed = serializers.BooleanField(source="kpi.is_signed")
    agreement = serializers.IntegerField(source="kpi.signed_in_id", allow_null=True)
    retired_on = serializers.DateField(
        allow_null=True, help_text="Since when the platform no longer gives this number; null while it does."
    )
    bridge = serializers.JSONField(
        source="kpi.bridge", allow_null=True, help_text="How the terms were carried over from a retired number."
    )
    replaces = serializers.IntegerField(source="kpi.replaces_id", allow_null=True)
    brief_version = serializers.IntegerField(source="kpi.brief_version.number", allow_null=True)
    from_version = serializers.IntegerField(source="kpi.from_version.number", allow_null=True)
    from_key = serializers.CharField(source="kpi.from_key", allow_blank=True)
    from_row = serializers.IntegerField(source="kpi.from_row", allow_null=True)
    review = serializers.SerializerMethodField()

    @extend_schema_field(ReviewStateSerializer)
    def get_review(self, standing: Standing) -> dict:
        return ReviewStateSerializer(self.context["marks"].get(standing.kpi.pk, NOTHING)).data


class GuardrailTermsSerializer(serializers.Serializer):
    source = serializers.PrimaryKeyRelatedField(queryset=Source.objects.none())
    metric = serializers.CharField(max_length=40)

    def get_fields(self) -> dict:
        fields = super().get_fields()
        if request := self.context.get("request"):
            fields["source"].queryset = Source.objects.visible_to(request.user)
        return fields

    def validate(self, guardrail: dict) -> dict:
        """Whole, even where the rest is sent in part."""
        missing = {name: _("This field is required.") for name in ("source", "metric") if name not in guardrail}
        if missing:
            raise serializers.ValidationError(missing)
        return guardrail


class TermsSerializer(serializers.Serializer):
    """What a person says of a KPI. The baseline is taken from the source; send one only when the source has none.

    A KPI of the kind `change_by` takes `change` instead of `target`: percent of the baseline, 20 up, −15 down. One that
    grows must say what must not get worse meanwhile (`guardrail`), or why it goes without (`guardrail_waived_because`).
    """

    goal = serializers.PrimaryKeyRelatedField(queryset=Goal.objects.none(), required=False, allow_null=True)
    name = serializers.CharField(max_length=160, required=False, allow_blank=True)
    source = serializers.PrimaryKeyRelatedField(queryset=Source.objects.none())
    metric = serializers.ChoiceField(choices=list(METRICS))
    kind = serializers.ChoiceField(choices=Kpi.Kind.choices)
    target = FigureField(required=False, allow_null=True)
    change = FigureField(required=False, allow_null=True)
    weight = serializers.IntegerField(min_value=1, max_value=100, required=False)
    owner = SeenField(people_seen_by, required=False, allow_null=True)
    cadence = serializers.ChoiceField(choices=Kpi.Cadence.choices, required=False)
    tolerance = serializers.IntegerField(min_value=0, max_value=Kpi.MOST_TOLERANCE, required=False)
    guardrail = GuardrailTermsSerializer(required=False, allow_null=True)
    guardrail_waived_because = serializers.CharField(max_length=500, required=False, allow_blank=True)
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
        return fields


def as_terms(said: dict) -> dict:
    """What was said, as `draft_kpi` and `edit_kpi` take it."""
    if "guardrail" not in said:
        return dict(said)
    guardrail = said["guardrail"] or {"source": None, "metric": ""}
    rest = {name: value for name, value in said.items() if name != "guardrail"}
    return {**rest, "guardrail_source": guardrail["source"], "guardrail_metric": guardrail["metric"]}


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


class RecordSerializer(serializers.Serializer):
    """How many earlier bands of the same series there are, and how many of them held what came."""

    made = serializers.IntegerField()
    held = serializers.IntegerField()


class ForecastSerializer(serializers.Serializer):
    """`on` is the due day, of which the median and the band of 80 % speak; `p_hit` is null with a `reason`."""

    on = serializers.DateField()
    p_hit = serializers.FloatField(allow_null=True)
    median = FigureField(allow_null=True)
    low80 = FigureField(allow_null=True)
    high80 = FigureField(allow_null=True)
    needed_per_day = FigureField(allow_null=True)
    record = RecordSerializer(allow_null=True)
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
        return self.get_paginated_response(KpiSerializer(page, many=True, context=marked(page)).data)

    @extend_schema(operation_id="kpis_create", request=DraftSerializer, responses={201: KpiSerializer})
    def post(self, request):
        """Draft a KPI."""
        asked = DraftSerializer(data=request.data, context={"request": request})
        asked.is_valid(raise_exception=True)
        words = as_terms(asked.validated_data)
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
        kpi = find(request, pk)
        asked = TermsSerializer(kpi, data=request.data, partial=True, context={"request": request})
        asked.is_valid(raise_exception=True)
        return Response(represent(edit_kpi(kpi, by=request.user, **as_terms(asked.validated_data))))

    @extend_schema(operation_id="kpis_drop", responses={204: None})
    def delete(self, request, pk: int):
        """Throw an unsigned draft away."""
        drop_kpi(find(request, pk), by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


class AskedChangeSerializer(serializers.Serializer):
    """A change in percent of one number of one source; `baseline` only where the source has no number."""

    source = SeenField(lambda user: Source.objects.visible_to(user))
    metric = serializers.ChoiceField(choices=list(METRICS))
    starts_on = serializers.DateField()
    change = FigureField()
    baseline = FigureField(required=False)


class ForeseenSerializer(serializers.Serializer):
    baseline = FigureField()
    baseline_on = serializers.DateField()
    target = FigureField()


class KpiTargetView(APIView):
    @extend_schema(operation_id="project_kpi_target", parameters=[AskedChangeSerializer], responses=ForeseenSerializer)
    def get(self, request, pk: int):
        """Where a change in percent would lead from the source's own baseline; nothing is kept."""
        project = get_object_or_404(Project.objects.visible_to(request.user), pk=pk)
        demand_drafting(request.user, project)
        asked = AskedChangeSerializer(data=request.query_params, context={"request": request})
        asked.is_valid(raise_exception=True)
        return Response(ForeseenSerializer(foresee_target(project, **asked.validated_data)).data)


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


class WeekSerializer(serializers.Serializer):
    """One whole week, Monday to Sunday. Shares are ratios of sums; `value` is null with a reason where the days can't
    be put together. `days` of seven have every number that is needed."""

    first = serializers.DateField()
    last = serializers.DateField()
    value = FigureField(allow_null=True)
    days = serializers.IntegerField()
    reason = serializers.SerializerMethodField()

    def get_reason(self, week: Over) -> str:
        return say_reason(week.reason) if week.reason else ""


class KpiWeeksView(APIView):
    @extend_schema(operation_id="kpis_weeks", parameters=SPAN, responses=WeekSerializer(many=True))
    def get(self, request, pk: int):
        """The whole weeks of these days, newest first."""
        kpi = find(request, pk)
        span = SpanSerializer(data=request.query_params, today=today_of(kpi.project))
        span.is_valid(raise_exception=True)
        card = card_of(kpi, **span.validated_data)
        return Response(WeekSerializer(card.weeks, many=True).data)


class KpiForecastView(APIView):
    @extend_schema(operation_id="kpis_forecast", responses=ForecastSerializer)
    def get(self, request, pk: int):
        """Where the number may be on the due day, the chance that the target is reached then, and the pace it needs."""
        [standing] = standings([find(request, pk)])
        return Response(represent_prospect(prospect_of(standing), standing))


class ComparedSerializer(serializers.Serializer):
    """One of the two periods, as far as it is known; `days` is how many of its days have a number."""

    first = serializers.DateField(source="over.first")
    last = serializers.DateField(source="over.last")
    days = serializers.IntegerField(source="over.days")
    value = FigureField(allow_null=True)
    reason = serializers.CharField(allow_blank=True)

    def to_representation(self, side) -> dict:
        said = super().to_representation(side)
        return {**said, "value": side.value and plain(round(side.value, 6))}


class ComparisonSerializer(serializers.Serializer):
    """`how` says what is compared: sums, means of the known days, last levels, or ratios of sums. `change_percent` is
    null for shares, whose change is in points. Everything is null while there is no number to compare."""

    how = serializers.ChoiceField(choices=COMPARED_BY, allow_null=True)
    now = ComparedSerializer(allow_null=True)
    before = ComparedSerializer(allow_null=True)
    change = FigureField(allow_null=True)
    change_percent = FigureField(allow_null=True)
    words = serializers.CharField()


class KpiComparisonView(APIView):
    @extend_schema(operation_id="kpis_comparison", parameters=SPAN, responses=ComparisonSerializer)
    def get(self, request, pk: int):
        """These days against as many days before them; of the days only those that are known already."""
        kpi = find(request, pk)
        span = SpanSerializer(data=request.query_params, today=today_of(kpi.project))
        span.is_valid(raise_exception=True)
        [standing] = standings([kpi])
        return Response(represent_comparison(comparison_of(standing, **span.validated_data)))


def represent_comparison(comparison: Comparison | None) -> dict:
    if comparison is None:
        empty = dict.fromkeys(("how", "now", "before", "change", "change_percent"))
        return {**empty, "words": _("There is no number in these days.")}
    change, percent = comparison.change, comparison.percent
    return {
        "how": comparison.how,
        "now": ComparedSerializer(comparison.now).data,
        "before": ComparedSerializer(comparison.before).data,
        "change": None if change is None else plain(round(change, 6)),
        "change_percent": None if percent is None else plain(round(percent, 2)),
        "words": comparison.words,
    }


class KpiExportView(APIView):
    @extend_schema(
        operation_id="kpis_export",
        parameters=[*SPAN, OpenApiParameter("kind", str, OpenApiParameter.PATH, enum=list(DOWNLOADS))],
        responses={(200, one.content_type.partition(";")[0]): OpenApiTypes.BINARY for one in DOWNLOADS.values()},
    )
    def get(self, request, pk: int, kind: str):
        """The days as a file: CSV, XLSX with where each number is from, or PNG of the chart."""
        if kind not in DOWNLOADS:
            raise Http404
        kpi = find(request, pk)
        span = SpanSerializer(data=request.query_params, today=today_of(kpi.project))
        span.is_valid(raise_exception=True)
        return as_file(page_card_of(kpi, **span.validated_data), kind)


def represent_prospect(prospect: Prospect, standing: Standing) -> dict:
    outlook, why = prospect.outlook, why_no_forecast(prospect)
    said = {
        "on": prospect.on,
        "p_hit": None if prospect.chance is None else round(prospect.chance, 3),
        "median": outlook and plain(figure_of(prospect, outlook.median)),
        "low80": outlook and plain(figure_of(prospect, outlook.low80)),
        "high80": outlook and plain(figure_of(prospect, outlook.high80)),
        "needed_per_day": pace_of(standing),
        "record": prospect.record and vars(prospect.record),
    }
    return {**said, "reason": why} if why else said


def pace_of(standing: Standing) -> str | None:
    needed = standing.needed_per_day
    return None if needed is None else plain(round(needed, 6))


def for_api(kpis):
    """With the numbers of the versions of the brief that each rests on and began from."""
    rows = for_standing(kpis).select_related("brief_version", "from_version")
    return rows.defer("brief_version__content", "from_version__content")


def represent(kpi: Kpi) -> dict:
    [standing] = standings(for_api(Kpi.objects.filter(pk=kpi.pk)))
    return KpiSerializer(standing, context=marked([standing])).data


def marked(found: Sequence[Standing]) -> dict:
    """What the serializer says of many KPIs in the queries of one."""
    return {"marks": marks_of([standing.kpi for standing in found])}


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
