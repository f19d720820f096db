from datetime import date

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from projects.api.common import read
from projects.models import Project
from smmportal.people.models import Organisation, Side
from smmportal.waterline import actions, queries
from smmportal.waterline.models import Reading, Weights
from smmportal.waterline.rules import RULES
from smmportal.waterline.wording import lines_of

SIDES = ("agency", "client", "both")


class PointsField(serializers.FloatField):
    """Points, in tenths."""


class WeightsSerializer(serializers.Serializer):
    """What each rule counts, from 15 to 60; together 100."""

    clarity = serializers.IntegerField(default=30)
    kpis = serializers.IntegerField(default=40)
    rhythm = serializers.IntegerField(default=30)


class ShareSerializer(serializers.Serializer):
    """Of `most` points `had` are there, `lost` are lost, and of `unknown` nobody can tell; they add up."""

    rule = serializers.ChoiceField(choices=RULES)
    part = serializers.CharField()
    most = PointsField()
    had = PointsField()
    lost = PointsField()
    unknown = PointsField()


class CauseSerializer(serializers.Serializer):
    """`side`: whose move it is; `subject`: the record it hangs on; `url`: the page where `button` mends it."""

    rule = serializers.ChoiceField(choices=RULES)
    code = serializers.CharField()
    points = PointsField()
    side = serializers.ChoiceField(choices=SIDES)
    subject = serializers.CharField()
    sentence = serializers.CharField()
    button = serializers.CharField()
    url = serializers.CharField()


class WaterlineSerializer(serializers.Serializer):
    """`had` + `lost` + `unknown` is 100. `score` is `had`, or null while too much is unknown."""

    project = serializers.IntegerField()
    as_of = serializers.DateTimeField()
    score = PointsField(allow_null=True)
    level = serializers.ChoiceField(choices=Reading.Level.choices)
    had = PointsField()
    lost = PointsField()
    unknown = PointsField()
    weights = WeightsSerializer()
    rules = ShareSerializer(many=True)
    parts = ShareSerializer(many=True)
    losses = CauseSerializer(many=True)
    unknowns = CauseSerializer(many=True)


class ReadingSerializer(serializers.ModelSerializer):
    score, unknown = PointsField(allow_null=True), PointsField()
    clarity, kpis, rhythm = PointsField(), PointsField(), PointsField()
    losses = serializers.SerializerMethodField()

    class Meta:
        model = Reading
        fields = ["day", "score", "level", *RULES, "unknown", "losses"]

    def get_losses(self, reading: Reading) -> list[dict[str, str]]:
        return [{name: loss[name] for name in ("code", "points", "side", "subject")} for loss in reading.losses]


class DaysSerializer(serializers.Serializer):
    """A span of days, both of them in it."""

    def get_fields(self):
        return {"from": serializers.DateField(required=False), "to": serializers.DateField(required=False)}


def find_project(request: Request, pk: int) -> Project:
    return get_object_or_404(Project.objects.visible_to(request.user), pk=pk)


class WaterlineView(APIView):
    @extend_schema(operation_id="project_waterline", responses=WaterlineSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """Where the project's water stands now, with every cause; both sides get the same."""
        project = find_project(request, pk)
        gauge = queries.gauge_of(project)
        answer = {
            "project": project.pk,
            "as_of": timezone.now(),
            **{name: getattr(gauge, name) for name in ("score", "level", "had", "lost", "unknown", "rules", "parts")},
            "weights": dict(zip(RULES, gauge.weights, strict=True)),
            "losses": lines_of(gauge.losses, project),
            "unknowns": lines_of(gauge.greys, project, are_grey=True),
        }
        return Response(WaterlineSerializer(answer).data)


DAYS = [OpenApiParameter(name, date, required=False) for name in ("from", "to")]


class HistoryView(APIView):
    @extend_schema(operation_id="waterline_history", parameters=DAYS, responses=ReadingSerializer(many=True))
    def get(self, request: Request, pk: int) -> Response:
        """The last reading of each day, oldest first."""
        project = find_project(request, pk)
        span = DaysSerializer(data=request.query_params)
        span.is_valid(raise_exception=True)
        days = span.validated_data
        readings = queries.history_of(project, first=days.get("from"), last=days.get("to"))
        return Response(ReadingSerializer(readings, many=True).data)


class WeightsView(APIView):
    def find(self, request: Request, pk: int) -> Organisation:
        return get_object_or_404(Organisation.objects.visible_to(request.user).filter(kind=Side.AGENCY), pk=pk)

    @extend_schema(operation_id="waterline_weights", responses=WeightsSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """What each rule of the waterline counts in the agency's projects."""
        return Response(WeightsSerializer(queries.weights_for(self.find(request, pk))).data)

    @extend_schema(operation_id="set_waterline_weights", request=WeightsSerializer, responses=WeightsSerializer)
    def patch(self, request: Request, pk: int) -> Response:
        """Set what the rules count; what is not sent stays. The agency's owner only."""
        agency = self.find(request, pk)
        now = queries.weights_for(agency)
        said = read(WeightsSerializer, request, partial=True)
        weights: Weights = actions.set_weights(
            agency, by=request.user, **{name: said.get(name, getattr(now, name)) for name in RULES}
        )
        return Response(WeightsSerializer(weights).data)
