"""What stands above a project's dashboard: waterline, goals, the next meeting and who waits for whom. It reads from all
the apps, so the dashboard, which may not look up at them, loads it by its address."""

from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

import meetings.queries
from meetings.models import Meeting
from projects.measures import Progress, measures
from projects.models import Goal, Project
from smmportal.pages import everything_waiting, oldest_first, visible_projects
from smmportal.people.models import Side, User
from smmportal.waiting import Waiting
from smmportal.waterline.api import PointsField
from smmportal.waterline.models import Reading


@dataclass(frozen=True)
class Line:
    """A goal with how far it is by its KPIs."""

    goal: Goal
    progress: Progress


@dataclass(frozen=True)
class Queue:
    """What waits for one side, the oldest first."""

    side: Side
    lines: list[Waiting]

    @property
    def first(self) -> Waiting | None:
        return self.lines[0] if self.lines else None


@dataclass(frozen=True)
class Now:
    reading: Reading | None
    goals: list[Line]
    meeting: Meeting | None
    queues: list[Queue]


def now_in(project: Project, reader: User) -> Now:
    """The number of queries does not depend on how much there is."""
    waiting = everything_waiting([project])
    goals = list(Goal.objects.filter(project=project, status__in=Goal.RUNNING).order_by("id"))
    progress = measures().progress_of(goals)
    mine = project.side_of(reader)
    return Now(
        reading=Reading.objects.filter(project=project).order_by("-day").first(),
        goals=[Line(goal, progress.get(goal.pk, Progress())) for goal in goals],
        meeting=next(iter(meetings.queries.next_meetings([project])), None),
        queues=[
            Queue(side, oldest_first(line for line in waiting if line.side == side))
            for side in sorted(Side, key=lambda side: side != mine)
        ],
    )


@login_required
@require_safe
def project_now(request: HttpRequest, pk: int) -> HttpResponse:
    """As a part of the dashboard; without a script, a page of its own."""
    project = get_object_or_404(visible_projects(request.user), pk=pk)
    context = {"project": project, "section": "board", "now": now_in(project, request.user)}
    context["my_side"] = project.side_of(request.user)
    return render(request, "_project_now.html" if request.htmx else "project_now.html", context)


class WaterNowSerializer(serializers.Serializer):
    day = serializers.DateField()
    score = PointsField(allow_null=True, help_text="0 to 100; null while too little is known.")
    level = serializers.ChoiceField(choices=Reading.Level.choices)


class GoalNowSerializer(serializers.Serializer):
    """`done` and `unknown` are shares of the way, in percent; both null for a goal without KPIs."""

    id = serializers.IntegerField(source="goal.pk")
    statement = serializers.CharField(source="goal.statement")
    done = serializers.SerializerMethodField()
    unknown = serializers.SerializerMethodField()

    def get_done(self, line: Line) -> int | None:
        return round(line.progress.percent_done) if line.progress.kpis else None

    def get_unknown(self, line: Line) -> int | None:
        return round(line.progress.percent_unknown) if line.progress.kpis else None


class MeetingNowSerializer(serializers.Serializer):
    id = serializers.IntegerField(source="pk")
    title = serializers.CharField()
    start = serializers.DateTimeField(source="starts_at")


class WaitingNowSerializer(serializers.Serializer):
    sentence = serializers.CharField()
    url = serializers.CharField()
    since = serializers.DateTimeField(allow_null=True)
    due_on = serializers.DateField(allow_null=True)


class QueueSerializer(serializers.Serializer):
    side = serializers.ChoiceField(choices=Side.choices)
    lines = WaitingNowSerializer(many=True)


class NowSerializer(serializers.Serializer):
    """Where the project stands: the latest waterline, goals, the next meeting, and what waits for each side."""

    waterline = WaterNowSerializer(source="reading", allow_null=True)
    goals = GoalNowSerializer(many=True)
    meeting = MeetingNowSerializer(allow_null=True)
    waiting = QueueSerializer(source="queues", many=True)


class ProjectNowView(APIView):
    @extend_schema(operation_id="project_now", responses=NowSerializer)
    def get(self, request, pk: int):
        """Waterline, goals, the next meeting, and what waits for whom."""
        project = get_object_or_404(visible_projects(request.user), pk=pk)
        return Response(NowSerializer(now_in(project, request.user)).data)
