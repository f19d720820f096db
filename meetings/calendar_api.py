"""Calendar addresses as JSON."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from meetings import feeds, reminders
from meetings.models import CalendarFeed
from projects.api.common import read
from projects.models import Project


class CalendarFeedSerializer(serializers.ModelSerializer):
    """`project` is null for one's own meetings; `address` is a secret: whoever has it reads the calendar."""

    address = serializers.SerializerMethodField()

    class Meta:
        model = CalendarFeed
        fields = ["id", "project", "address", "made_at", "last_read_at"]

    def get_address(self, feed: CalendarFeed) -> str:
        return feeds.address_of(feed)


class WantedFeedSerializer(serializers.Serializer):
    project = serializers.IntegerField(required=False, allow_null=True, default=None)


class CalendarFeedsView(generics.ListAPIView):
    serializer_class = CalendarFeedSerializer

    def get_queryset(self):
        return CalendarFeed.objects.visible_to(self.request.user)

    @extend_schema(summary="Your calendar addresses")
    def get(self, request: Request, *args, **kwargs) -> Response:
        return super().get(request, *args, **kwargs)

    @extend_schema(
        operation_id="renew_calendar_feed",
        summary="Make a calendar address, or another in its place",
        request=WantedFeedSerializer,
        responses={201: CalendarFeedSerializer},
    )
    def post(self, request: Request) -> Response:
        wanted = read(WantedFeedSerializer, request)["project"]
        project = get_object_or_404(Project.objects.visible_to(request.user), pk=wanted) if wanted else None
        feed = feeds.renew_feed(request.user, project)
        return Response(CalendarFeedSerializer(feed).data, status=status.HTTP_201_CREATED)


class ReminderTimesSerializer(serializers.Serializer):
    """How long before a meeting you are reminded, in minutes; an empty list: never."""

    minutes = serializers.ListField(child=serializers.ChoiceField(choices=list(reminders.CHOICES)))


class ReminderTimesView(APIView):
    @extend_schema(operation_id="reminder_times", summary="When you are reminded", responses=ReminderTimesSerializer)
    def get(self, request: Request) -> Response:
        return Response({"minutes": reminders.times_of(request.user)})

    @extend_schema(
        operation_id="choose_reminder_times",
        summary="Choose when you are reminded",
        request=ReminderTimesSerializer,
        responses=ReminderTimesSerializer,
    )
    def put(self, request: Request) -> Response:
        said = reminders.choose_times(request.user, read(ReminderTimesSerializer, request)["minutes"])
        return Response({"minutes": said.minutes})


class CalendarFeedView(APIView):
    @extend_schema(operation_id="revoke_calendar_feed", summary="Revoke a calendar address", responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        feed = get_object_or_404(CalendarFeed.objects.visible_to(request.user), pk=pk)
        feeds.revoke_feed(feed, by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)
