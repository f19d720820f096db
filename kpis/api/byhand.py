"""Places without an interface for programs, and the numbers that people type into them, through the API."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.response import Response
from rest_framework.views import APIView

from kpis.actions import byhand as actions
from kpis.actions.imports import demand_to_import
from kpis.actions.sources import demand_to_tend
from kpis.api.kpis import SPAN, DaySerializer, FigureField, SpanSerializer, represent_day
from kpis.api.sources import LARGEST_VALUE, MOST_POINTS, SentSerializer, SourceSerializer, find
from kpis.metrics import METRICS
from kpis.models import Source
from kpis.queries.byhand import changes_of
from kpis.queries.lines import stored_days
from kpis.queries.standings import today_of
from kpis.series import daily
from projects.api.common import SeenField, people_seen_by
from projects.api.origins import OriginSerializer, take_origin
from projects.models import Project


class PlanSerializer(serializers.Serializer):
    """Which numbers are typed, how often, and by whom."""

    metrics = serializers.ListField(
        child=serializers.ChoiceField(choices=list(METRICS)), allow_empty=False, max_length=actions.MOST_METRICS
    )
    every = serializers.ChoiceField(choices=Source.Cadence.choices)
    person = SeenField(people_seen_by)


class PlaceSerializer(OriginSerializer, PlanSerializer):
    name = serializers.CharField(max_length=200)


class TypedSerializer(serializers.Serializer):
    """One number of one day; null: nobody knows it, and what was typed is taken back.

    `seen` is what you saw there: where it says something else by now, nothing is saved (409, `changed-meanwhile`).
    """

    metric = serializers.ChoiceField(choices=list(METRICS))
    day = serializers.DateField()
    value = FigureField(allow_null=True, min_value=-LARGEST_VALUE, max_value=LARGEST_VALUE)
    seen = FigureField(allow_null=True, required=False)


class SourceLineSerializer(serializers.Serializer):
    metric = serializers.CharField()
    days = DaySerializer(many=True)


class TypedChangeSerializer(serializers.Serializer):
    """One number that a person typed: what stood there before, and what they put there. Null: nothing."""

    at = serializers.DateTimeField()
    who = serializers.CharField()
    metric = serializers.CharField()
    day = serializers.DateField()
    before = FigureField(allow_null=True)
    after = FigureField(allow_null=True)


class PlacesView(APIView):
    @extend_schema(operation_id="places_create", request=PlaceSerializer, responses={201: SourceSerializer})
    def post(self, request, pk: int):
        """Add a place whose numbers are typed by hand."""
        project = get_object_or_404(Project.objects.visible_to(request.user), pk=pk)
        demand_to_import(request.user, project)
        asked = PlaceSerializer(data=request.data, context={"request": request})
        asked.is_valid(raise_exception=True)
        words = dict(asked.validated_data)
        source = actions.add_place(project, by=request.user, origin=take_origin(words, project), **words)
        return Response(SourceSerializer(source).data, status=status.HTTP_201_CREATED)


class SourcePlanView(APIView):
    @extend_schema(operation_id="sources_plan", request=PlanSerializer, responses=SourceSerializer)
    def put(self, request, pk: int):
        """Change which numbers are typed, how often, and by whom."""
        source = find(request, pk)
        demand_to_tend(request.user, source)
        asked = PlanSerializer(data=request.data, context={"request": request})
        asked.is_valid(raise_exception=True)
        return Response(SourceSerializer(actions.change_plan(source, by=request.user, **asked.validated_data)).data)


class SourcePointsView(APIView):
    @extend_schema(operation_id="sources_points", parameters=SPAN, responses=SourceLineSerializer(many=True))
    def get(self, request, pk: int):
        """Every metric of the source, day by day: a value, or a gap with its reason."""
        source = find(request, pk)
        span = SpanSerializer(data=request.query_params, today=today_of(source.project))
        span.is_valid(raise_exception=True)
        days = span.validated_data
        kept = list(source.series.all())
        stored = stored_days({series.pk for series in kept}, **days)
        lines = [(series.metric, daily(stored[series.pk], **days)) for series in kept]
        return Response([{"metric": metric, "days": [represent_day(day) for day in line]} for metric, line in lines])

    @extend_schema(
        operation_id="sources_type_numbers", request=TypedSerializer(many=True), responses={201: SentSerializer}
    )
    def post(self, request, pk: int):
        """Type numbers into a source: provenance `manual`. All of them are kept, or none."""
        source = find(request, pk)
        demand_to_tend(request.user, source)
        asked = TypedSerializer(data=request.data, many=True, allow_empty=False, max_length=MOST_POINTS)
        asked.is_valid(raise_exception=True)
        numbers = [actions.Typed(**one) for one in asked.validated_data]
        recorded = actions.type_numbers(source, numbers=numbers, by=request.user)
        return Response({"received": len(numbers), "changed": recorded.changed}, status=status.HTTP_201_CREATED)


class SourceChangesView(APIView):
    @extend_schema(operation_id="sources_typed", responses=TypedChangeSerializer(many=True))
    def get(self, request, pk: int):
        """The newest numbers that people typed into the source: who, when, what stood there before."""
        return Response(TypedChangeSerializer(changes_of(find(request, pk)), many=True).data)
