"""When one can be met, as JSON."""

from datetime import time

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from meetings import availability as verbs
from meetings import subscriptions
from meetings.clock import MOST_SPANS, as_json, from_json
from meetings.models import Availability, CalendarSubscription, OtherHours
from projects.api.common import read

CLOCK = "%H:%M"


class SpanSerializer(serializers.Serializer):
    """Wall-clock times; hours that end at midnight or before they begin run into the next day."""

    begins = serializers.TimeField(format=CLOCK)
    ends = serializers.TimeField(format=CLOCK)

    def validate(self, given: dict) -> tuple[time, time]:
        return given["begins"], given["ends"]


class DayHoursSerializer(serializers.Serializer):
    weekday = serializers.IntegerField(min_value=0, max_value=6, help_text="From Monday, 0")
    hours = SpanSerializer(many=True, max_length=MOST_SPANS)


class AvailabilitySerializer(serializers.ModelSerializer):
    """`week` holds the days that have hours; a day that is not there is closed. Times are in the person's zone."""

    week = DayHoursSerializer(many=True, max_length=7)

    class Meta:
        model = Availability
        fields = ["week", "notice_hours", "buffer_minutes", "most_a_day", "country"]

    def to_representation(self, said: Availability) -> dict:
        week = [{"weekday": int(day), "hours": spans_as_json(spans)} for day, spans in said.hours.items()]
        plain = {name: getattr(said, name) for name in self.Meta.fields[1:]}
        return {"week": week, **plain}


def spans_as_json(spans: list[list[str]]) -> list[dict[str, str]]:
    return [{"begins": begins, "ends": ends} for begins, ends in as_json(from_json(spans))]


class AvailabilityView(APIView):
    @extend_schema(responses=AvailabilitySerializer)
    def get(self, request: Request) -> Response:
        """Your own; 404 while you have said nothing and each project's working hours hold for you."""
        return Response(AvailabilitySerializer(get_object_or_404(Availability.objects.visible_to(request.user))).data)

    @extend_schema(request=AvailabilitySerializer, responses=AvailabilitySerializer)
    def put(self, request: Request) -> Response:
        """Say it anew."""
        given = dict(read(AvailabilitySerializer, request))
        hours = {day["weekday"]: day["hours"] for day in given.pop("week")}
        said = verbs.say_hours(request.user, verbs.Said(hours=hours, **given))
        return Response(AvailabilitySerializer(said).data)

    @extend_schema(responses={204: None})
    def delete(self, request: Request) -> Response:
        """Each project's working hours hold again."""
        verbs.forget_hours(request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


class OtherHoursSerializer(serializers.ModelSerializer):
    """The hours of one day in place of the week's; an empty list is a day off."""

    hours = SpanSerializer(many=True, max_length=MOST_SPANS)

    class Meta:
        model = OtherHours
        fields = ["id", "day", "hours"]

    def to_representation(self, row: OtherHours) -> dict:
        return {"id": row.pk, "day": row.day.isoformat(), "hours": spans_as_json(row.hours)}


class OtherHoursView(generics.ListAPIView):
    serializer_class = OtherHoursSerializer

    def get_queryset(self):
        return OtherHours.objects.visible_to(self.request.user)

    @extend_schema(summary="Your days with other hours")
    def get(self, request: Request, *args, **kwargs) -> Response:
        return super().get(request, *args, **kwargs)

    @extend_schema(
        operation_id="say_other_hours",
        summary="Other hours on one day, or a day off",
        request=OtherHoursSerializer,
        responses={201: OtherHoursSerializer},
    )
    def post(self, request: Request) -> Response:
        row = verbs.say_other_hours(request.user, **read(OtherHoursSerializer, request))
        return Response(OtherHoursSerializer(row).data, status=status.HTTP_201_CREATED)


class OtherHoursDetailView(APIView):
    @extend_schema(operation_id="usual_hours", summary="The week's hours on that day again", responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        verbs.as_usual(get_object_or_404(OtherHours.objects.visible_to(request.user), pk=pk))
        return Response(status=status.HTTP_204_NO_CONTENT)


class SubscriptionSerializer(serializers.ModelSerializer):
    """A calendar kept elsewhere. Its address is a secret, and is never shown again."""

    address = serializers.CharField(max_length=2000, write_only=True)

    class Meta:
        model = CalendarSubscription
        fields = ["id", "name", "address", "added_at", "last_read_at", "trouble"]
        read_only_fields = ["added_at", "last_read_at", "trouble"]


class SubscriptionsView(generics.ListCreateAPIView):
    """The calendars of yours that the portal reads; a POST adds one and reads it at once."""

    serializer_class = SubscriptionSerializer
    queryset = CalendarSubscription.objects.none()

    def get_queryset(self):
        return CalendarSubscription.objects.visible_to(self.request.user)

    def perform_create(self, serializer) -> None:
        serializer.instance = subscriptions.subscribe(self.request.user, **serializer.validated_data)


class SubscriptionView(APIView):
    @extend_schema(operation_id="unsubscribe_calendar", summary="Read a calendar no more", responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        found = get_object_or_404(CalendarSubscription.objects.visible_to(request.user), pk=pk)
        subscriptions.unsubscribe(found, by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)
