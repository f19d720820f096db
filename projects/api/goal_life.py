"""A goal's start, its end and each side's confidence, as JSON."""

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, OpenApiTypes, extend_schema
from rest_framework import generics, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from projects import actions
from projects.api.common import read
from projects.api.goals import GoalSerializer, goals_of
from projects.models import Conclusion, Confidence
from smmportal.api import EmptySerializer

REASON = OpenApiParameter("reason", OpenApiTypes.STR, required=True, description="Why the goal goes on.")


class ConclusionSerializer(serializers.ModelSerializer):
    """How a goal ended. `reason` is needed for missed and dropped; one that was taken back says why."""

    class Meta:
        model = Conclusion
        fields = ["id", "goal", "outcome", "reason", "worked", "failed", "lesson", "by", "at"]
        fields += ["reopened_by", "reopened_at", "reopened_because"]
        read_only_fields = ["goal", "by", "at", "reopened_by", "reopened_at", "reopened_because"]


class ReopeningSerializer(serializers.Serializer):
    reason = serializers.CharField(max_length=10_000, allow_blank=True)


class ConfidenceSerializer(serializers.ModelSerializer):
    value = serializers.IntegerField(min_value=1, max_value=10)

    class Meta:
        model = Confidence
        fields = ["id", "goal", "side", "value", "note", "by", "at"]
        read_only_fields = ["goal", "side", "by", "at"]


class GoalStart(APIView):
    @extend_schema(request=EmptySerializer, responses={201: GoalSerializer})
    def post(self, request: Request, pk: int) -> Response:
        """Begin a goal that both sides agreed to."""
        goal = actions.begin_goal(get_object_or_404(goals_of(request), pk=pk), by=request.user)
        return Response(GoalSerializer(goal).data, status=status.HTTP_201_CREATED)


class GoalConclusion(APIView):
    @extend_schema(request=ConclusionSerializer, responses={201: ConclusionSerializer})
    def post(self, request: Request, pk: int) -> Response:
        """Say how the goal ended."""
        goal = get_object_or_404(goals_of(request), pk=pk)
        said = actions.conclude_goal(goal, by=request.user, **read(ConclusionSerializer, request))
        return Response(ConclusionSerializer(said).data, status=status.HTTP_201_CREATED)

    @extend_schema(parameters=[REASON], responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        """Take the goal up again; the reason comes in the address or in the body."""
        goal = get_object_or_404(goals_of(request), pk=pk)
        body = request.data if isinstance(request.data, dict) else {}
        asked = ReopeningSerializer(data={"reason": request.query_params.get("reason") or body.get("reason", "")})
        asked.is_valid(raise_exception=True)
        actions.reopen_goal(goal, by=request.user, **asked.validated_data)
        return Response(status=status.HTTP_204_NO_CONTENT)


class GoalConclusions(generics.ListAPIView):
    """Every ending the goal had, the newest first; those that were taken back too."""

    serializer_class = ConclusionSerializer
    queryset = Conclusion.objects.none()

    def get_queryset(self) -> QuerySet:
        goal = get_object_or_404(goals_of(self.request), pk=self.kwargs["pk"])
        return Conclusion.objects.filter(goal=goal)


class GoalConfidence(generics.ListAPIView):
    """Every word of both sides, the newest first."""

    serializer_class = ConfidenceSerializer
    queryset = Confidence.objects.none()

    def get_queryset(self) -> QuerySet:
        goal = get_object_or_404(goals_of(self.request), pk=self.kwargs["pk"])
        return Confidence.objects.filter(goal=goal)

    @extend_schema(request=ConfidenceSerializer, responses={201: ConfidenceSerializer})
    def post(self, request: Request, pk: int) -> Response:
        """How sure one's own side is, from 1 to 10."""
        goal = get_object_or_404(goals_of(request), pk=pk)
        said = actions.say_confidence(goal, by=request.user, **read(ConfidenceSerializer, request))
        return Response(ConfidenceSerializer(said).data, status=status.HTTP_201_CREATED)
