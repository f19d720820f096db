"""Series of meetings as JSON: begin, read, change from a day on, end; days that need another time."""

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import generics, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from meetings import queries, rules
from meetings.api import MeetingSerializer, PeopleField, SeenMixin, TakenSerializer
from meetings.models import Availability, Meeting, OpenDay, Series
from meetings.recurrence import Rule, Unreadable, read_rule
from meetings.series import (
    begin_series,
    change_people,
    change_series,
    drop_day,
    end_series,
    leave_out,
    people_on,
    settle_day,
    today_of,
)
from smmportal.people.models import check_time_zone
from smmportal.refusals import demand

COUNTRIES = [code for code in Availability.Country.values if code]


class OpenDaySerializer(serializers.ModelSerializer):
    """A day whose time was taken: `start` is when the series wanted it, `names` whose time it was."""

    start = serializers.DateTimeField(source="starts_at")

    class Meta:
        model = OpenDay
        fields = ("id", "day", "start", "names", "meeting", "since")


class MeetingSeriesSerializer(serializers.ModelSerializer):
    """`rule` is of RFC 5545, without its end; `people` take part now; `needs_time` are days without a time."""

    people = serializers.SerializerMethodField()
    needs_time = serializers.SerializerMethodField()

    class Meta:
        model = Series
        fields = (
            "id",
            "project",
            "title",
            "place",
            "rule",
            "starts_on",
            "time",
            "zone",
            "minutes",
            "until",
            "count",
            "day_off",
            "countries",
            "people",
            "needs_time",
            "continues",
            "is_running",
            "ended_at",
            "end_reason",
        )
        extra_kwargs = {"countries": {"help_text": "Codes of countries whose public holidays count."}}

    @extend_schema_field(serializers.ListField(child=serializers.IntegerField()))
    def get_people(self, series: Series) -> list[int]:
        return sorted(person.pk for person in people_on(series, max(series.starts_on, today_of(series))))

    @extend_schema_field(OpenDaySerializer(many=True))
    def get_needs_time(self, series: Series) -> list[dict]:
        return OpenDaySerializer(queries.open_days([series.project_id]).filter(series=series), many=True).data


class RuleField(serializers.CharField):
    def to_internal_value(self, value) -> Rule:
        try:
            return read_rule(super().to_internal_value(value)[:200])
        except Unreadable as error:
            raise serializers.ValidationError(
                _("This is no rule that a series may have. Please write one like FREQ=WEEKLY;INTERVAL=2;BYDAY=TU.")
            ) from error


class SeriesWriteSerializer(serializers.Serializer):
    title = serializers.CharField(max_length=200)
    rule = RuleField(help_text="FREQ=WEEKLY;BYDAY=TU, FREQ=MONTHLY;BYDAY=-1FR;COUNT=6, …")
    starts_on = serializers.DateField()
    time = serializers.TimeField()
    zone = serializers.CharField(max_length=64, required=False, validators=[check_time_zone])
    minutes = serializers.IntegerField(min_value=5, max_value=24 * 60, default=60)
    place = serializers.CharField(max_length=500, allow_blank=True, default="")
    day_off = serializers.ChoiceField(choices=Series.DayOff.choices, default=Series.DayOff.SKIP)
    countries = serializers.MultipleChoiceField(choices=COUNTRIES, default=list)
    people = PeopleField(many=True, allow_empty=False, required=False, help_text="Ids; the project's people by default")


class SeriesChangeSerializer(serializers.Serializer):
    from_day = serializers.DateField(required=False, help_text="A day of the rule; all to come by default")
    title = serializers.CharField(max_length=200, required=False)
    place = serializers.CharField(max_length=500, allow_blank=True, required=False)
    starts_on = serializers.DateField(required=False, help_text="The day that the first of the changed ones moves to")
    time = serializers.TimeField(required=False)
    minutes = serializers.IntegerField(min_value=5, max_value=24 * 60, required=False)
    people = PeopleField(many=True, allow_empty=False, required=False)


class SeriesEndSerializer(serializers.Serializer):
    reason = serializers.CharField(max_length=500)
    from_day = serializers.DateField(required=False)


class ExceptionSerializer(serializers.Serializer):
    day = serializers.DateField()
    reason = serializers.CharField(max_length=500, required=False)


class SettleSerializer(serializers.Serializer):
    start = serializers.DateTimeField(source="starts_at")
    end = serializers.DateTimeField(source="ends_at")


class SeriesMixin(SeenMixin):
    def series(self) -> Series:
        return get_object_or_404(
            Series.objects.visible_to(self.request.user).select_related("project"), pk=self.kwargs["pk"]
        )

    def own_series(self) -> Series:
        return self.owned(self.series())

    def owned(self, series: Series) -> Series:
        allowed = rules.can_book(self.request.user, series.project)
        demand(allowed, _("You can look at this meeting, but not change it."))
        return series

    def answer(self, pk: int, code: int = status.HTTP_200_OK) -> Response:
        return Response(MeetingSeriesSerializer(Series.objects.select_related("project").get(pk=pk)).data, status=code)


class ProjectSeriesView(SeriesMixin, generics.ListAPIView):
    """Series of one project, the newest first."""

    serializer_class = MeetingSeriesSerializer
    filterset_class = None
    filter_backends = ()

    def get_queryset(self):
        if getattr(self, "swagger_fake_view", False):
            return Series.objects.none()
        return Series.objects.filter(project=self.project()).select_related("project")

    @extend_schema(request=SeriesWriteSerializer, responses={201: MeetingSeriesSerializer})
    def post(self, request: Request, pk: int) -> Response:
        """Begin a series; days whose time is taken are in `needs_time`."""
        project = self.project()
        demand(rules.can_book(request.user, project), _("You can look at this project’s meetings, but not book one."))
        given = {"people": project.people, **self.read(SeriesWriteSerializer, project=project)}
        return self.answer(begin_series(project, by=request.user, **given).pk, status.HTTP_201_CREATED)


class SeriesView(SeriesMixin, APIView):
    @extend_schema(responses=MeetingSeriesSerializer)
    def get(self, request: Request, pk: int) -> Response:
        return self.answer(self.series().pk)

    @extend_schema(request=SeriesChangeSerializer, responses=MeetingSeriesSerializer)
    def patch(self, request: Request, pk: int) -> Response:
        """Change it from a day on; the answer is the series that goes on from there."""
        series = self.own_series()
        given = self.read(SeriesChangeSerializer, project=series.project)
        people, from_day = given.pop("people", None), given.pop("from_day", None)
        if given:
            series = change_series(series, by=request.user, from_day=from_day, **given)
            from_day = None if "starts_on" in given else from_day
        if people:
            change_people(series, people=people, from_day=from_day, by=request.user)
        return self.answer(series.pk)


class SeriesEndView(SeriesMixin, APIView):
    @extend_schema(request=SeriesEndSerializer, responses=MeetingSeriesSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Call off its meetings from a day on, or all to come. Once more changes nothing."""
        return self.answer(end_series(self.own_series(), by=request.user, **self.read(SeriesEndSerializer)).pk)


class SeriesExceptionsView(SeriesMixin, APIView):
    @extend_schema(request=ExceptionSerializer, responses=MeetingSeriesSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """No meeting on this day of the rule."""
        series = self.own_series()
        leave_out(series, by=request.user, **self.read(ExceptionSerializer))
        return self.answer(series.pk)


class OpenDayView(SeriesMixin, APIView):
    def day(self) -> OpenDay:
        seen = OpenDay.objects.visible_to(self.request.user).select_related("series__project")
        found = get_object_or_404(seen, pk=self.kwargs["pk"])
        self.owned(found.series)
        return found

    @extend_schema(request=SettleSerializer, responses={200: MeetingSerializer, 409: TakenSerializer})
    def put(self, request: Request, pk: int) -> Response:
        """Another time for the day."""
        meeting = settle_day(self.day(), by=request.user, **self.read(SettleSerializer))
        return Response(MeetingSerializer(queries.listed(Meeting.objects.filter(pk=meeting.pk)).get()).data)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        """Nothing is held in its place."""
        drop_day(self.day(), by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)
