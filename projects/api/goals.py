"""Goals as JSON."""

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
from projects.api.origins import ORIGIN, OriginSerializer, take_origin, with_origin
from projects.models import Goal
from smmportal.api import EmptySerializer, IdFilter
from smmportal.people.models import Side


class GoalSerializer(OriginSerializer, serializers.ModelSerializer):
    project = serializers.IntegerField(source="project_id", min_value=1)
    brief_version = serializers.IntegerField(
        source="brief_version.number", read_only=True, allow_null=True, default=None
    )
    missing = serializers.ListField(source="missing_criteria", child=serializers.CharField(), read_only=True)
    side_to_agree = serializers.ChoiceField(choices=Side.choices, allow_null=True, read_only=True)

    class Meta:
        model = Goal
        fields = ["id", "project", "statement", *Goal.CRITERIA, "due_on", "status", "revision", "brief_version"]
        fields += ["missing", "side_to_agree", "proposed_at", "agreed_at", *ORIGIN]
        read_only_fields = ["status", "revision", "proposed_at", "agreed_at"]


class GoalEditSerializer(serializers.ModelSerializer):
    """`revision` is that of the goal as it was read."""

    revision = serializers.IntegerField(min_value=0)

    class Meta:
        model = Goal
        fields = ["statement", *Goal.CRITERIA, "due_on", "revision"]

    def validate(self, attrs: dict) -> dict:
        if "revision" not in attrs:
            raise serializers.ValidationError({"revision": self.fields["revision"].error_messages["required"]})
        return attrs


class GoalAgreementSerializer(serializers.Serializer):
    revision = serializers.IntegerField(min_value=0, help_text="Of the goal as it was read.")


def goals_of(request: Request) -> QuerySet:
    rows = Goal.objects.visible_to(request.user).select_related("project__agency", "project__client", "brief_version")
    return with_origin(rows.defer("brief_version__content"))


class GoalFilter(filters.FilterSet):
    project = IdFilter()

    class Meta:
        model = Goal
        fields = ["project", "status"]


class GoalList(generics.ListCreateAPIView):
    serializer_class = GoalSerializer
    filterset_class = GoalFilter
    queryset = Goal.objects.none()

    def get_queryset(self):
        return goals_of(self.request)

    def perform_create(self, serializer) -> None:
        words = dict(serializer.validated_data)
        project = get_object_or_404(projects_of(self.request), pk=words.pop("project_id"))
        origin = take_origin(words, project)
        serializer.instance = actions.draft_goal(project, by=self.request.user, origin=origin, **words)


class GoalDetail(APIView):
    @extend_schema(responses=GoalSerializer)
    def get(self, request: Request, pk: int) -> Response:
        return Response(GoalSerializer(get_object_or_404(goals_of(request), pk=pk)).data)

    @extend_schema(request=GoalEditSerializer, responses=GoalSerializer)
    def patch(self, request: Request, pk: int) -> Response:
        goal = get_object_or_404(goals_of(request), pk=pk)
        words = read(GoalEditSerializer, request, instance=goal, partial=True)
        return Response(GoalSerializer(actions.edit_goal(goal, by=request.user, **words)).data)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        actions.delete_goal(get_object_or_404(goals_of(request), pk=pk), by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


class GoalProposal(APIView):
    @extend_schema(request=EmptySerializer, responses={201: GoalSerializer})
    def post(self, request: Request, pk: int) -> Response:
        goal = actions.propose_goal(get_object_or_404(goals_of(request), pk=pk), by=request.user)
        return Response(GoalSerializer(goal).data, status=status.HTTP_201_CREATED)


class GoalAgreement(APIView):
    @extend_schema(request=GoalAgreementSerializer, responses={201: GoalSerializer})
    def post(self, request: Request, pk: int) -> Response:
        goal = get_object_or_404(goals_of(request), pk=pk)
        goal = actions.agree_to_goal(goal, by=request.user, **read(GoalAgreementSerializer, request))
        return Response(GoalSerializer(goal).data, status=status.HTTP_201_CREATED)
