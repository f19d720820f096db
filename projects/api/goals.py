"""Goals as JSON."""

from decimal import Decimal

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import generics, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from projects import actions, queries
from projects.api.common import SeenField, people_seen_by, projects_of, read
from projects.api.origins import ORIGIN, OriginSerializer, take_origin
from projects.measures import Progress
from projects.models import BusinessGoal, Goal
from smmportal.api import EmptySerializer, IdFilter
from smmportal.people.models import Side, User


def business_goals_seen_by(user: User) -> QuerySet:
    return BusinessGoal.objects.visible_to(user)


class GoalConfidenceSerializer(serializers.Serializer):
    """The latest word of each side, from 1 to 10; `apart` when they differ by three or more."""

    client = serializers.IntegerField(allow_null=True)
    agency = serializers.IntegerField(allow_null=True)
    apart = serializers.BooleanField()


class GoalProgressSerializer(serializers.Serializer):
    """Shares of the KPIs' weight, from 0 to 1: how much of the way is behind, and for how much of the weight nobody
    can tell. Null without KPIs."""

    done = serializers.CharField(allow_null=True)
    unknown = serializers.CharField(allow_null=True)
    kpis = serializers.IntegerField()


class GoalTasksSerializer(serializers.Serializer):
    all = serializers.IntegerField()
    done = serializers.IntegerField()


class GoalSerializer(OriginSerializer, serializers.ModelSerializer):
    project = serializers.IntegerField(source="project_id", min_value=1)
    brief_version = serializers.IntegerField(
        source="brief_version.number", read_only=True, allow_null=True, default=None
    )
    missing = serializers.ListField(source="missing_criteria", child=serializers.CharField(), read_only=True)
    side_to_agree = serializers.ChoiceField(choices=Side.choices, allow_null=True, read_only=True)
    business_goal = SeenField(business_goals_seen_by, required=False, allow_null=True)
    client_owner = SeenField(people_seen_by, required=False, allow_null=True)
    agency_owner = SeenField(people_seen_by, required=False, allow_null=True)
    confidence = serializers.SerializerMethodField()
    progress = serializers.SerializerMethodField()
    tasks = serializers.SerializerMethodField()

    class Meta:
        model = Goal
        fields = ["id", "project", "statement", *Goal.CRITERIA, "due_on", "status", "revision", "brief_version"]
        fields += ["missing", "side_to_agree", "proposed_at", "agreed_at", "begun_at"]
        fields += ["business_goal", "client_owner", "agency_owner", "confidence", "progress", "tasks", *ORIGIN]
        read_only_fields = ["status", "revision", "proposed_at", "agreed_at", "begun_at"]

    def line_of(self, goal: Goal) -> queries.GoalLine:
        """The goal's line among those of its page: they are read together, once."""
        lines = self.context.setdefault("lines", {})
        if goal.pk not in lines:
            rows = self.parent.instance if self.parent else [goal]
            lines.update({line.goal.pk: line for line in queries.lines_of(rows)})
        return lines[goal.pk]

    @extend_schema_field(GoalConfidenceSerializer)
    def get_confidence(self, goal: Goal) -> dict:
        line = self.line_of(goal)
        return {**{side.value: line.confidence.get(side) for side in Side}, "apart": line.is_apart}

    @extend_schema_field(GoalProgressSerializer)
    def get_progress(self, goal: Goal) -> dict:
        return progress_said(self.line_of(goal).progress)

    @extend_schema_field(GoalTasksSerializer)
    def get_tasks(self, goal: Goal) -> dict:
        line = self.line_of(goal)
        return {"all": line.tasks, "done": line.tasks_done}


def share(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:.4f}"


def progress_said(known: Progress) -> dict:
    return {"done": share(known.done), "unknown": share(known.unknown), "kpis": known.kpis}


class GoalEditSerializer(serializers.ModelSerializer):
    """`revision` is that of the goal as it was read; whose goal it is and what it is for change without it."""

    PLACE = ("business_goal", "client_owner", "agency_owner")
    revision = serializers.IntegerField(min_value=0)
    business_goal = SeenField(business_goals_seen_by, required=False, allow_null=True)
    client_owner = SeenField(people_seen_by, required=False, allow_null=True)
    agency_owner = SeenField(people_seen_by, required=False, allow_null=True)

    class Meta:
        model = Goal
        fields = ["statement", *Goal.CRITERIA, "due_on", "revision"]
        fields += ["business_goal", "client_owner", "agency_owner"]

    def validate(self, attrs: dict) -> dict:
        if "revision" not in attrs and not (attrs and set(attrs) <= set(self.PLACE)):
            raise serializers.ValidationError({"revision": self.fields["revision"].error_messages["required"]})
        return attrs


class GoalAgreementSerializer(serializers.Serializer):
    revision = serializers.IntegerField(min_value=0, help_text="Of the goal as it was read.")


def goals_of(request: Request) -> QuerySet:
    rows = Goal.objects.visible_to(request.user).select_related("project__agency", "project__client", "brief_version")
    return queries.with_origin(rows.defer("brief_version__content"))


class GoalFilter(filters.FilterSet):
    project = IdFilter()
    business_goal = IdFilter()

    class Meta:
        model = Goal
        fields = ["project", "status", "business_goal"]


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
        actions.edit_goal(goal, by=request.user, **words)
        return Response(GoalSerializer(get_object_or_404(goals_of(request), pk=pk)).data)

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
