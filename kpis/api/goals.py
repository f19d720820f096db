"""The KPIs of a goal and how far it is by their weights."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from kpis.api.kpis import KpiSerializer, marked
from kpis.queries.progress import Part, parts_of_goal, progress_of_parts
from projects.api.goals import GoalProgressSerializer, progress_said, share
from projects.models import Goal


class GoalKpiSerializer(KpiSerializer):
    """A KPI with its share of the goal, from 0 to 1, and how much of its own way is done; null when nobody can tell."""

    share = serializers.CharField()
    done = serializers.CharField(allow_null=True)


class GoalKpisSerializer(serializers.Serializer):
    goal = serializers.IntegerField()
    progress = GoalProgressSerializer()
    kpis = GoalKpiSerializer(many=True)


class GoalKpisView(APIView):
    @extend_schema(operation_id="goals_kpis", responses=GoalKpisSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """What the goal's page shows of its KPIs. One without data counts as unknown, never as zero."""
        goal = get_object_or_404(Goal.objects.visible_to(request.user), pk=pk)
        parts = parts_of_goal(goal)
        progress = progress_said(progress_of_parts(parts))
        marks = marked([part.standing for part in parts])
        return Response({"goal": goal.pk, "progress": progress, "kpis": [said(part, marks) for part in parts]})


def said(part: Part, marks: dict) -> dict:
    return {**KpiSerializer(part.standing, context=marks).data, "share": share(part.share), "done": share(part.done)}
