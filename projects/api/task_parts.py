"""What stands around a task, as JSON: its checklist, hours, and what it waits for."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from projects import actions, queries
from projects.api.common import SeenField, read
from projects.api.tasks import ChecklistItemSerializer, TaskSerializer, find_task, tasks_seen_by, told
from projects.models import ChecklistItem, Effort, Task
from smmportal.api import EmptySerializer


def find_part(request: Request, model: type, pk: int):
    return get_object_or_404(queries.parts_of_tasks(model, request.user), pk=pk)


class Checklist(APIView):
    @extend_schema(request=ChecklistItemSerializer, responses={201: ChecklistItemSerializer})
    def post(self, request: Request, pk: int) -> Response:
        """One more line at the end of the task's checklist."""
        task = find_task(request, pk)
        item = actions.add_step(task, by=request.user, **read(ChecklistItemSerializer, request))
        return Response(ChecklistItemSerializer(item).data, status=status.HTTP_201_CREATED)


class ChecklistEditSerializer(serializers.Serializer):
    text = serializers.CharField(max_length=300, required=False)
    position = serializers.IntegerField(min_value=1, max_value=ChecklistItem.MOST, required=False)


class ChecklistLine(APIView):
    @extend_schema(request=ChecklistEditSerializer, responses=ChecklistItemSerializer)
    def patch(self, request: Request, pk: int) -> Response:
        """Say it in other words, or move it to another place (from 1)."""
        item, wanted = find_part(request, ChecklistItem, pk), read(ChecklistEditSerializer, request)
        if "text" in wanted:
            item = actions.edit_step(item, text=wanted["text"], by=request.user)
        if "position" in wanted:
            item = actions.move_step(item, position=wanted["position"], by=request.user)
        return Response(ChecklistItemSerializer(item).data)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        actions.remove_step(find_part(request, ChecklistItem, pk), by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


class ChecklistTick(APIView):
    @extend_schema(request=EmptySerializer, responses={201: ChecklistItemSerializer})
    def post(self, request: Request, pk: int) -> Response:
        item = actions.tick_step(find_part(request, ChecklistItem, pk), by=request.user)
        return Response(ChecklistItemSerializer(item).data, status=status.HTTP_201_CREATED)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        actions.untick_step(find_part(request, ChecklistItem, pk), by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


class EffortSerializer(serializers.ModelSerializer):
    """Hours as a string in decimal notation; below zero they correct an earlier row. Without `on` it is today."""

    class Meta:
        model = Effort
        fields = ["id", "task", "by", "on", "hours", "note", "created_at"]
        read_only_fields = ["task", "by", "created_at"]
        extra_kwargs = {"on": {"required": False}}


class Efforts(generics.ListCreateAPIView):
    serializer_class = EffortSerializer
    queryset = Effort.objects.none()

    def task(self) -> Task:
        return find_task(self.request, self.kwargs["pk"])

    def get_queryset(self):
        return self.task().efforts.all()

    def perform_create(self, serializer) -> None:
        serializer.instance = actions.spend(self.task(), by=self.request.user, **serializer.validated_data)


class EffortLine(APIView):
    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        """Take back one's own hours on the day they were written."""
        actions.take_back_effort(find_part(request, Effort, pk), by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


class DependencySerializer(serializers.Serializer):
    first = SeenField(tasks_seen_by)


class Dependencies(APIView):
    @extend_schema(request=DependencySerializer, responses={201: TaskSerializer})
    def post(self, request: Request, pk: int) -> Response:
        """Let the task wait until another of its project is done."""
        task = find_task(request, pk)
        actions.wait_for(task, by=request.user, **read(DependencySerializer, request))
        return told(request, task, code=status.HTTP_201_CREATED)


class DependencyLine(APIView):
    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: int, first: int) -> Response:
        actions.stop_waiting_for(find_task(request, pk), first=find_task(request, first), by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)
