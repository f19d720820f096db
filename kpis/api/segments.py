"""Segments through the API: by what a source can be narrowed down, the platform's own values, and a new segment."""

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.response import Response
from rest_framework.views import APIView

from kpis.actions import segments as actions
from kpis.actions.sources import demand_to_tend
from kpis.api.sources import ConditionSerializer, SourceSerializer, find
from kpis.connectors.filters import Condition


class ChoiceSerializer(serializers.Serializer):
    """One value, and what people call it."""

    value = serializers.CharField()
    title = serializers.CharField()


class FilterSerializer(serializers.Serializer):
    """One way to narrow a source down.

    With `choices` the value is one of them; `is_listed`: it is one of those under `values/`; else it is free text, and
    those are only suggested.
    """

    name = serializers.CharField()
    label = serializers.CharField()
    help = serializers.CharField()
    operators = serializers.ListField(child=serializers.CharField())
    choices = ChoiceSerializer(many=True)
    is_listed = serializers.BooleanField()


class SegmentSerializer(serializers.Serializer):
    """The conditions hold together, and with those of the source itself."""

    conditions = ConditionSerializer(many=True, allow_empty=False, max_length=10)


class SegmentsView(APIView):
    @extend_schema(operation_id="sources_filters", responses=FilterSerializer(many=True))
    def get(self, request, pk: int):
        """By what the source can still be narrowed down."""
        return Response(FilterSerializer(actions.filters_left(find(request, pk)), many=True).data)

    @extend_schema(operation_id="sources_add_segment", request=SegmentSerializer, responses={201: SourceSerializer})
    def post(self, request, pk: int):
        """A source over a part of this one. The same part again is the same source."""
        source = find(request, pk)
        demand_to_tend(request.user, source)
        asked = SegmentSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        conditions = [Condition(**one) for one in asked.validated_data["conditions"]]
        segment = actions.add_segment(source, conditions=conditions, by=request.user)
        return Response(SourceSerializer(segment).data, status=status.HTTP_201_CREATED)


class SegmentValuesView(APIView):
    @extend_schema(operation_id="sources_filter_values", responses=ChoiceSerializer(many=True))
    def get(self, request, pk: int, name: str):
        """What the platform itself lists for the filter; it is asked at once."""
        source = find(request, pk)
        demand_to_tend(request.user, source)
        filter = next((one for one in actions.filters_left(source) if one.name == name), None)
        if filter is None:
            raise Http404
        return Response(ChoiceSerializer(actions.values_of(source, filter, by=request.user), many=True).data)
