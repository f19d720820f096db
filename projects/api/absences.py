"""Being away and handing over, as JSON."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from projects import actions, queries
from projects.api.common import SeenField, people_seen_by, read
from projects.api.tasks import IdField, chosen
from projects.models import Absence


class AbsenceSerializer(serializers.ModelSerializer):
    substitute = SeenField(people_seen_by)

    class Meta:
        model = Absence
        fields = ["id", "person", "substitute", "starts_on", "ends_on"]
        read_only_fields = ["person"]


class AbsenceList(generics.ListCreateAPIView):
    """Who of one's colleagues is away and who stands in; a POST says that the sender is."""

    serializer_class = AbsenceSerializer
    queryset = Absence.objects.none()

    def get_queryset(self):
        return Absence.objects.visible_to(self.request.user)

    def perform_create(self, serializer) -> None:
        serializer.instance = actions.go_away(self.request.user, **serializer.validated_data)


class AbsenceDetail(APIView):
    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        """Call it off: one is here after all."""
        rows = Absence.objects.visible_to(request.user).select_related("person")
        actions.call_off_absence(get_object_or_404(rows, pk=pk), by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


class HandOverSerializer(serializers.Serializer):
    """Without `tasks` it is everything open that is the sender's."""

    to = SeenField(people_seen_by)
    tasks = serializers.ListField(child=IdField(), max_length=200, required=False)


class LeftSerializer(serializers.Serializer):
    task = serializers.IntegerField()
    why = serializers.CharField()


class HandedOverSerializer(serializers.Serializer):
    moved = serializers.ListField(child=serializers.IntegerField())
    left = LeftSerializer(many=True)


class HandOver(APIView):
    @extend_schema(request=HandOverSerializer, responses={201: HandedOverSerializer})
    def post(self, request: Request) -> Response:
        """Give tasks to one person. What they can't take stays where it is and comes back under `left`."""
        wanted = read(HandOverSerializer, request)
        mine = queries.tasks_of(request.user).open().filter(assignee=request.user, project__closed_at=None)
        tasks = chosen(request, wanted["tasks"]) if "tasks" in wanted else mine
        result = actions.hand_over(tasks, to=wanted["to"], by=request.user)
        left = [{"task": task.pk, "why": why} for task, why in result.left]
        said = {"moved": [task.pk for task in result.moved], "left": left}
        return Response(HandedOverSerializer(said).data, status=status.HTTP_201_CREATED)
