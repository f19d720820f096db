"""Tasks as JSON."""

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
from projects.api.origins import ORIGIN, OriginSerializer, take_origin, with_origin
from projects.models import Goal, Task
from smmportal.api import EmptySerializer, IdFilter
from smmportal.people.models import Side, User


def goals_seen_by(user: User):
    return Goal.objects.visible_to(user)


class TaskSerializer(OriginSerializer, serializers.ModelSerializer):
    project = serializers.IntegerField(source="project_id", min_value=1)
    goal = SeenField(goals_seen_by, required=False, allow_null=True)
    assignee = SeenField(people_seen_by, required=False, allow_null=True)

    class Meta:
        model = Task
        fields = ["id", "project", "title", "side", "assignee", "due_on", "goal", "created_at", "done_at", *ORIGIN]
        read_only_fields = ["created_at", "done_at"]


class TaskEditSerializer(TaskSerializer):
    project = from_version = from_key = from_row = None

    class Meta(TaskSerializer.Meta):
        fields = ["title", "side", "assignee", "due_on", "goal"]


def tasks_of(request: Request) -> QuerySet:
    rows = Task.objects.visible_to(request.user)
    return with_origin(rows.select_related("project__agency", "project__client", "assignee", "goal"))


class TaskFilter(filters.FilterSet):
    project = IdFilter()
    side = filters.ChoiceFilter(choices=Side.choices)
    done = filters.BooleanFilter(field_name="done_at", lookup_expr="isnull", exclude=True)

    class Meta:
        model = Task
        fields = ["project", "side", "done"]


class TaskList(generics.ListCreateAPIView):
    serializer_class = TaskSerializer
    filterset_class = TaskFilter
    queryset = Task.objects.none()

    def get_queryset(self):
        return tasks_of(self.request)

    def perform_create(self, serializer) -> None:
        words = dict(serializer.validated_data)
        project = get_object_or_404(projects_of(self.request), pk=words.pop("project_id"))
        origin = take_origin(words, project)
        serializer.instance = actions.add_task(project, by=self.request.user, origin=origin, **words)


class TaskDetail(APIView):
    @extend_schema(responses=TaskSerializer)
    def get(self, request: Request, pk: int) -> Response:
        return Response(TaskSerializer(get_object_or_404(tasks_of(request), pk=pk)).data)

    @extend_schema(request=TaskEditSerializer, responses=TaskSerializer)
    def patch(self, request: Request, pk: int) -> Response:
        task = get_object_or_404(tasks_of(request), pk=pk)
        words = read(TaskEditSerializer, request, instance=task, partial=True)
        return Response(TaskSerializer(actions.edit_task(task, by=request.user, **words)).data)


class TaskCompletion(APIView):
    @extend_schema(request=EmptySerializer, responses={201: TaskSerializer})
    def post(self, request: Request, pk: int) -> Response:
        task = actions.finish_task(get_object_or_404(tasks_of(request), pk=pk), by=request.user)
        return Response(TaskSerializer(task).data, status=status.HTTP_201_CREATED)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        actions.reopen_task(get_object_or_404(tasks_of(request), pk=pk), by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)
