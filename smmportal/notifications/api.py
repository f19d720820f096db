from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from smmportal.api import EmptySerializer
from smmportal.notifications import actions
from smmportal.notifications.channels import CHANNELS
from smmportal.notifications.events import choices
from smmportal.notifications.models import Notification, Timetable
from smmportal.notifications.queries import preferences_of, timetable_of


class NotificationSerializer(serializers.ModelSerializer):
    sentence = serializers.CharField(read_only=True, help_text="What happened, in your language.")

    class Meta:
        model = Notification
        fields = ["id", "event", "sentence", "by_name", "url", "created_at", "read_at"]


class NotificationFilter(filters.FilterSet):
    unread = filters.BooleanFilter(field_name="read_at", lookup_expr="isnull", help_text="Only unread (or only read).")


@extend_schema(summary="What you were told, the newest first")
class NotificationsView(generics.ListAPIView):
    serializer_class = NotificationSerializer
    filterset_class = NotificationFilter

    def get_queryset(self):
        return Notification.objects.visible_to(self.request.user)


class ReadingView(APIView):
    @extend_schema(
        operation_id="read_notification",
        summary="Mark one notification as read",
        request=EmptySerializer,
        responses=NotificationSerializer,
    )
    def post(self, request: Request, pk: int) -> Response:
        found = get_object_or_404(Notification.objects.visible_to(request.user), pk=pk)
        actions.mark_read(request.user, ids=[found.pk])
        found.refresh_from_db()
        return Response(NotificationSerializer(found).data)


class ReadingsView(APIView):
    @extend_schema(
        operation_id="read_all_notifications",
        summary="Mark all notifications as read",
        request=EmptySerializer,
        responses={204: None},
    )
    def post(self, request: Request) -> Response:
        actions.mark_read(request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


class PreferencesField(serializers.DictField):
    """`{"goal.proposed": {"inapp": true, "email": false}}`"""

    child = serializers.DictField(child=serializers.BooleanField())


class PreferencesSerializer(serializers.Serializer):
    preferences = PreferencesField(help_text="For each event: by which channels you want to hear of it.")

    def validate_preferences(self, wanted: dict[str, dict[str, bool]]) -> dict[str, dict[str, bool]]:
        known = {event.code for event in choices()}
        errors = {
            event: [_("There is no such event or channel.")]
            for event, answers in wanted.items()
            if event not in known or set(answers) - set(CHANNELS)
        }
        if errors:
            raise serializers.ValidationError(errors)
        return wanted


class PreferencesView(APIView):
    @extend_schema(operation_id="preferences", summary="How you are told of what", responses=PreferencesSerializer)
    def get(self, request: Request) -> Response:
        return Response({"preferences": preferences_of(request.user)})

    @extend_schema(
        operation_id="choose_channels",
        summary="Choose how you are told of what",
        description="Events and channels that are left out stay as they were.",
        request=PreferencesSerializer,
        responses=PreferencesSerializer,
    )
    def put(self, request: Request) -> Response:
        serializer = PreferencesSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        actions.choose_channels(request.user, serializer.validated_data["preferences"])
        return self.get(request)


class HoursSerializer(serializers.ModelSerializer):
    """By the reader's own clock. Codes, new passwords and what is urgent come at any hour."""

    class Meta:
        model = Timetable
        fields = ["digest_at", "quiet_from", "quiet_to"]
        extra_kwargs = {name: {"format": "%H:%M", "required": True} for name in fields}


class HoursView(APIView):
    @extend_schema(operation_id="hours", summary="When you are told", responses=HoursSerializer)
    def get(self, request: Request) -> Response:
        return Response(HoursSerializer(timetable_of(request.user)).data)

    @extend_schema(
        operation_id="choose_hours",
        summary="Choose when you are told",
        description="`quiet_from` and `quiet_to` are both times, or both null for letters at any hour.",
        request=HoursSerializer,
        responses=HoursSerializer,
    )
    def put(self, request: Request) -> Response:
        serializer = HoursSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        return Response(HoursSerializer(actions.choose_hours(request.user, **serializer.validated_data)).data)
