"""Effort of the goals as JSON."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from projects import queries
from projects.api.common import projects_of
from projects.api.goals import GoalProgressSerializer, progress_said


class GoalEffortSerializer(serializers.Serializer):
    """Hours as strings in decimal notation. `goal` is null for the tasks that serve none; `estimate` is null when no
    task has one, and says nothing of the `unestimated` ones. `progress` is how far the goal is by its KPIs."""

    goal = serializers.IntegerField(source="goal.pk", allow_null=True, default=None)
    total = serializers.IntegerField()
    done = serializers.IntegerField()
    estimate = serializers.DecimalField(max_digits=10, decimal_places=2, allow_null=True)
    unestimated = serializers.IntegerField()
    spent = serializers.DecimalField(max_digits=10, decimal_places=2)
    progress = serializers.SerializerMethodField()

    @extend_schema_field(GoalProgressSerializer)
    def get_progress(self, line: queries.GoalEffort) -> dict:
        return progress_said(line.progress)


class ProjectEffort(APIView):
    @extend_schema(responses=GoalEffortSerializer(many=True))
    def get(self, request: Request, pk: int) -> Response:
        """What each goal costs in hours, how many of its tasks are done, and how far it is."""
        project = get_object_or_404(projects_of(request), pk=pk)
        return Response(GoalEffortSerializer(queries.effort_by_goal(project), many=True).data)
