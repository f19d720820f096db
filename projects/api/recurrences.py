"""Tasks that come again, as JSON."""

from decimal import Decimal

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from projects import actions
from projects.api.common import SeenField, people_seen_by, projects_of, read
from projects.api.tasks import goals_seen_by
from projects.models import Recurrence
from smmportal.api import EmptySerializer, IdFilter


class RecurrenceSerializer(serializers.ModelSerializer):
    """Weekdays are numbers, Monday is 0; `month_day` is 1 to 31, or -1 for the last day of the month."""

    project = serializers.IntegerField(source="project_id", min_value=1)
    goal = SeenField(goals_seen_by, required=False, allow_null=True)
    assignee = SeenField(people_seen_by, required=False, allow_null=True)
    estimate = serializers.DecimalField(
        max_digits=6, decimal_places=2, min_value=Decimal("0.01"), required=False, allow_null=True
    )
    weekdays = serializers.ListField(
        child=serializers.IntegerField(min_value=0, max_value=6), max_length=7, required=False
    )
    month_day = serializers.ChoiceField(choices=[Recurrence.LAST_DAY, *range(1, 32)], required=False, allow_null=True)

    class Meta:
        model = Recurrence
        fields = ["id", "project", "title", "description", "side", "assignee", "priority", "estimate", "goal"]
        fields += ["frequency", "interval", "weekdays", "month_day", "starts_on", "ends_on", "ended_at"]
        read_only_fields = ["ended_at"]

    def validate_weekdays(self, days: list[int]) -> list[int]:
        return sorted(set(days))


class RecurrenceEditSerializer(RecurrenceSerializer):
    project = None

    class Meta(RecurrenceSerializer.Meta):
        fields = [name for name in RecurrenceSerializer.Meta.fields if name not in ("id", "project", "ended_at")]


class RecurrenceFilter(filters.FilterSet):
    project = IdFilter()
    ended = filters.BooleanFilter(field_name="ended_at", lookup_expr="isnull", exclude=True)

    class Meta:
        model = Recurrence
        fields = ["project", "ended"]


def recurrences_of(request: Request) -> QuerySet:
    rows = Recurrence.objects.visible_to(request.user)
    return rows.select_related("project__agency", "project__client", "assignee", "goal")


class RecurrenceList(generics.ListCreateAPIView):
    serializer_class = RecurrenceSerializer
    filterset_class = RecurrenceFilter
    queryset = Recurrence.objects.none()

    def get_queryset(self):
        return recurrences_of(self.request)

    def perform_create(self, serializer) -> None:
        words = dict(serializer.validated_data)
        project = get_object_or_404(projects_of(self.request), pk=words.pop("project_id"))
        serializer.instance = actions.begin_recurrence(project, by=self.request.user, **words)


class RecurrenceDetail(APIView):
    @extend_schema(responses=RecurrenceSerializer)
    def get(self, request: Request, pk: int) -> Response:
        return Response(RecurrenceSerializer(get_object_or_404(recurrences_of(request), pk=pk)).data)

    @extend_schema(request=RecurrenceEditSerializer, responses=RecurrenceSerializer)
    def patch(self, request: Request, pk: int) -> Response:
        found = get_object_or_404(recurrences_of(request), pk=pk)
        words = read(RecurrenceEditSerializer, request, instance=found, partial=True)
        return Response(RecurrenceSerializer(actions.edit_recurrence(found, by=request.user, **words)).data)


class RecurrenceEnding(APIView):
    @extend_schema(request=EmptySerializer, responses={201: RecurrenceSerializer})
    def post(self, request: Request, pk: int) -> Response:
        """Let it come no more; the tasks that are there stay."""
        found = actions.end_recurrence(get_object_or_404(recurrences_of(request), pk=pk), by=request.user)
        return Response(RecurrenceSerializer(found).data, status=status.HTTP_201_CREATED)
