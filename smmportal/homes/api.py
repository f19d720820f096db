"""The home page's letter through the API."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from kpis.api.kpis import FigureField
from kpis.course import STATUSES
from smmportal.homes.letters import READERS, letter_of
from smmportal.people.models import Side
from smmportal.portfolio.risk import LEVELS
from smmportal.waiting import KINDS
from smmportal.waterline.api import PointsField
from smmportal.waterline.models import Reading


class WaitingSerializer(serializers.Serializer):
    """One thing that one side has to do; `button` is the verb that opens `url`."""

    project = serializers.IntegerField(source="project_id")
    side = serializers.ChoiceField(choices=Side.choices)
    kind = serializers.ChoiceField(choices=KINDS)
    sentence = serializers.CharField()
    button = serializers.CharField()
    url = serializers.CharField()
    since = serializers.DateTimeField(allow_null=True)
    due_on = serializers.DateField(allow_null=True)


class CourseSerializer(serializers.Serializer):
    project = serializers.IntegerField(source="project.pk")
    name = serializers.CharField(source="project.name")
    status = serializers.ChoiceField(source="state.status", choices=STATUSES)
    sentence = serializers.CharField()
    risk = serializers.ChoiceField(source="row.shared_risk.level", choices=LEVELS)
    waterline = PointsField(source="water.score", allow_null=True)
    waterline_level = serializers.ChoiceField(source="water.level", choices=Reading.Level.choices)
    waterline_change = serializers.IntegerField(
        source="water.change", allow_null=True, help_text="Points against a week before."
    )


class MonthSerializer(serializers.Serializer):
    """One metric of one source since the month began. `known` of `days` have a number; nothing is filled in."""

    source = serializers.IntegerField(source="source.pk")
    metric = serializers.CharField()
    total = FigureField()
    known = serializers.IntegerField()
    days = serializers.IntegerField()
    last = serializers.DateField()
    is_typed = serializers.BooleanField()


class MoneyKpiSerializer(serializers.Serializer):
    id = serializers.IntegerField(source="kpi.pk")
    name = serializers.CharField(source="kpi.__str__")
    current = FigureField(allow_null=True)
    current_on = serializers.DateField(allow_null=True)
    current_over = serializers.IntegerField()
    target = FigureField(source="kpi.target", allow_null=True)
    due_on = serializers.DateField(source="kpi.due_on")
    status = serializers.ChoiceField(choices=STATUSES)


class MoneySerializer(serializers.Serializer):
    project = serializers.IntegerField(source="project.pk")
    month = MonthSerializer(many=True)
    kpis = MoneyKpiSerializer(many=True)


class NextMeetingSerializer(serializers.Serializer):
    id = serializers.IntegerField(source="pk")
    project = serializers.IntegerField(source="project_id")
    title = serializers.CharField()
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()


class ComingSerializer(serializers.Serializer):
    day = serializers.DateField()
    at = serializers.DateTimeField(allow_null=True)
    words = serializers.CharField()
    url = serializers.CharField()


class ExplainedSerializer(serializers.Serializer):
    kpi = serializers.IntegerField(source="kpi_id")
    name = serializers.CharField(source="kpi.__str__")
    day = serializers.DateField()
    explanation = serializers.CharField()
    explained_at = serializers.DateTimeField()
    explained_by = serializers.CharField(source="explained_by.__str__")


class LetterSerializer(serializers.Serializer):
    """`reader` says for whom the page is made; the API tells everybody everything that they may see."""

    reader = serializers.ChoiceField(choices=[*dict.fromkeys(READERS.values()), "contact"])
    waits_for_you = WaitingSerializer(source="mine", many=True)
    waits_for_the_other_side = WaitingSerializer(source="theirs", many=True)
    projects = CourseSerializer(source="courses", many=True)
    money = MoneySerializer(many=True)
    next_meeting = NextMeetingSerializer(allow_null=True)
    dates = ComingSerializer(many=True)
    explained = ExplainedSerializer(many=True)


class HomeView(APIView):
    @extend_schema(operation_id="home", responses=LetterSerializer)
    def get(self, request: Request) -> Response:
        """What the home page says: what waits for whom, how each project is going, money, what comes next."""
        return Response(LetterSerializer(letter_of(request.user)).data)
