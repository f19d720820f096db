"""Business goals as JSON."""

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from projects import actions
from projects.api.common import projects_of, read
from projects.models import BusinessGoal
from smmportal.api import IdFilter


class BusinessGoalSerializer(serializers.ModelSerializer):
    """`from_version` and `from_key` say which answer of the brief it began as."""

    project = serializers.IntegerField(source="project_id", min_value=1)
    from_version = serializers.IntegerField(source="from_version.number", read_only=True, allow_null=True, default=None)

    class Meta:
        model = BusinessGoal
        fields = ["id", "project", "text", "position", "from_version", "from_key"]
        read_only_fields = ["position", "from_key"]


class BusinessGoalEditSerializer(serializers.ModelSerializer):
    position = serializers.IntegerField(min_value=1, max_value=1000)

    class Meta:
        model = BusinessGoal
        fields = ["text", "position"]


class BusinessGoalFilter(filters.FilterSet):
    project = IdFilter()

    class Meta:
        model = BusinessGoal
        fields = ["project"]


def rows_of(request: Request) -> QuerySet:
    rows = BusinessGoal.objects.visible_to(request.user)
    rows = rows.select_related("project__agency", "project__client", "from_version")
    return rows.defer("from_version__content")


class BusinessGoalList(generics.ListCreateAPIView):
    """What the business wants of the whole work; goals stand under it."""

    serializer_class = BusinessGoalSerializer
    filterset_class = BusinessGoalFilter
    queryset = BusinessGoal.objects.none()

    def get_queryset(self) -> QuerySet:
        return rows_of(self.request)

    def perform_create(self, serializer) -> None:
        words = dict(serializer.validated_data)
        project = get_object_or_404(projects_of(self.request), pk=words.pop("project_id"))
        serializer.instance = actions.name_business_goal(project, by=self.request.user, **words)


class BusinessGoalDetail(APIView):
    @extend_schema(responses=BusinessGoalSerializer)
    def get(self, request: Request, pk: int) -> Response:
        return Response(BusinessGoalSerializer(get_object_or_404(rows_of(request), pk=pk)).data)

    @extend_schema(request=BusinessGoalEditSerializer, responses=BusinessGoalSerializer)
    def patch(self, request: Request, pk: int) -> Response:
        """Other words, another place in the order, or both."""
        above = get_object_or_404(rows_of(request), pk=pk)
        asked = read(BusinessGoalEditSerializer, request, partial=True)
        actions.change_business_goal(above, by=request.user, **asked)
        return Response(BusinessGoalSerializer(get_object_or_404(rows_of(request), pk=pk)).data)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        actions.remove_business_goal(get_object_or_404(rows_of(request), pk=pk), by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)
