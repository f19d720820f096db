"""When one can be met, as JSON."""

from datetime import time

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import generics, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from meetings import accounts, subscriptions
from meetings import availability as verbs
from meetings.accounts import PROVIDERS
from meetings.clock import MOST_SPANS, as_json, from_json
from meetings.models import Availability, CalendarAccount, CalendarSubscription, OtherHours
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


class FoundCalendarSerializer(serializers.Serializer):
    number = serializers.IntegerField(help_text="In the order of the server, from 0")
    name = serializers.CharField()
    is_busy = serializers.BooleanField(help_text="Whether it counts as busy times")


class CalendarAccountSerializer(serializers.ModelSerializer):
    """A login to a CalDAV server; neither the login nor the password is ever shown again."""

    provider = serializers.ChoiceField(choices=list(PROVIDERS))
    login = serializers.CharField(max_length=200, write_only=True)
    password = serializers.CharField(max_length=200, write_only=True)
    server = serializers.CharField(
        max_length=500, write_only=True, required=False, default="", help_text="For `nextcloud` and `other`"
    )
    calendars = serializers.SerializerMethodField()

    class Meta:
        model = CalendarAccount
        fields = ["id", "provider", "login", "password", "server", "calendars", "added_at"]
        read_only_fields = ["added_at"]

    @extend_schema_field(FoundCalendarSerializer(many=True))
    def get_calendars(self, account: CalendarAccount) -> list[dict]:
        busy = {each.address for each in account.subscriptions.all()}
        return [
            {"number": number, "name": each["name"], "is_busy": each["address"] in busy}
            for number, each in enumerate(account.found)
        ]


class AccountsView(generics.ListCreateAPIView):
    """Your calendar accounts; a POST tries the login and finds the calendars behind it."""

    serializer_class = CalendarAccountSerializer
    queryset = CalendarAccount.objects.none()

    def get_queryset(self):
        return CalendarAccount.objects.visible_to(self.request.user).prefetch_related("subscriptions")

    def perform_create(self, serializer) -> None:
        serializer.instance = accounts.connect(self.request.user, **serializer.validated_data)


class ChosenCalendarsSerializer(serializers.Serializer):
    busy = serializers.ListField(
        child=serializers.IntegerField(min_value=0), max_length=50, help_text="Numbers of the calendars that count"
    )


class AccountView(APIView):
    @extend_schema(
        operation_id="choose_calendars",
        summary="Choose which calendars count as busy",
        request=ChosenCalendarsSerializer,
        responses=CalendarAccountSerializer,
    )
    def put(self, request: Request, pk: int) -> Response:
        account = get_object_or_404(CalendarAccount.objects.visible_to(request.user), pk=pk)
        numbers = read(ChosenCalendarsSerializer, request)["busy"]
        wanted = [each["address"] for number, each in enumerate(account.found) if number in numbers]
        accounts.choose(account, addresses=wanted, by=request.user)
        return Response(CalendarAccountSerializer(account).data)

    @extend_schema(operation_id="disconnect_calendars", summary="Forget a calendar account", responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        account = get_object_or_404(CalendarAccount.objects.visible_to(request.user), pk=pk)
        accounts.disconnect(account, by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)
