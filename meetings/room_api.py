"""The room's door for programs: the same verbs and the same reads as its page."""

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.response import Response
from rest_framework.views import APIView

from meetings import room, rules
from meetings.api import AgendaItemSerializer, ConflictSerializer, MinutesSerializer, PeopleField, SeenMixin
from meetings.models import AgendaItem, Attendance
from meetings.room_queries import held, seats_of
from smmportal.api import EmptySerializer
from smmportal.refusals import demand


class RoomSerializer(serializers.Serializer):
    """`now` is the server's clock, against which the others are to be read."""

    now = serializers.DateTimeField()
    opened_at = serializers.DateTimeField(allow_null=True)
    item = serializers.IntegerField(source="item.pk", allow_null=True, default=None, help_text="The present line")
    item_since = serializers.DateTimeField(allow_null=True)
    agenda = AgendaItemSerializer(many=True)
    notes = serializers.CharField(source="text")
    revision = serializers.IntegerField()


class TogetherSerializer(serializers.Serializer):
    text = serializers.CharField(max_length=room.LONGEST_NOTES, allow_blank=True, trim_whitespace=False)
    base = serializers.CharField(
        allow_blank=True, trim_whitespace=False, max_length=room.LONGEST_NOTES, help_text="The text that was read"
    )


class AttendanceSerializer(serializers.ModelSerializer):
    class Meta:
        model = Attendance
        fields = ("person", "state", "marked_at")


class MarkSerializer(serializers.Serializer):
    person = PeopleField()
    state = serializers.ChoiceField(choices=Attendance.State.choices, allow_blank=True)


class RoomView(SeenMixin, APIView):
    @extend_schema(responses={200: RoomSerializer})
    def get(self, request, pk: int) -> Response:
        """The clock, the present line, the agenda and the notes."""
        return Response(RoomSerializer(held(self.meeting(), request.user)).data)

    @extend_schema(request=EmptySerializer, responses={200: RoomSerializer})
    def post(self, request, pk: int) -> Response:
        """Start the clock. Once it runs, a second time changes nothing."""
        meeting = self.own_meeting()
        room.open_room(meeting, by=request.user)
        return Response(RoomSerializer(held(meeting, request.user)).data)


class RoomNotesView(SeenMixin, APIView):
    @extend_schema(request=TogetherSerializer, responses={200: MinutesSerializer, 409: ConflictSerializer})
    def put(self, request, pk: int) -> Response:
        """Save what was written over `base`, put together with what others wrote over it meanwhile; 409 with the other
        text where both changed the same lines."""
        meeting = self.own_meeting()
        saved = room.write_together(meeting, by=request.user, **self.read(TogetherSerializer))
        return Response(MinutesSerializer(saved).data)


class AttendanceView(SeenMixin, APIView):
    @extend_schema(responses={200: AttendanceSerializer(many=True)}, operation_id="meetings_attendance_list")
    def get(self, request, pk: int) -> Response:
        """Who was asked to come, and who came."""
        return Response(AttendanceSerializer([seat for seat, _side in seats_of(self.meeting())], many=True).data)

    @extend_schema(request=MarkSerializer, responses={200: AttendanceSerializer})
    def put(self, request, pk: int) -> Response:
        """Say of one person whether they came; an empty state takes the mark back."""
        meeting = self.own_meeting()
        given = self.read(MarkSerializer, project=meeting.project)
        return Response(AttendanceSerializer(room.mark_attendance(meeting, by=request.user, **given)).data)


class LineView(APIView):
    """One line of the agenda, as a resource of its own."""

    def item(self) -> AgendaItem:
        seen = AgendaItem.objects.visible_to(self.request.user).select_related("meeting__project", "meeting__minutes")
        item = get_object_or_404(seen, pk=self.kwargs["pk"])
        demand(rules.can_run(self.request.user, item.meeting), _("You can look at this meeting, but not change it."))
        return item


class TalkView(LineView):
    @extend_schema(request=EmptySerializer, responses={200: RoomSerializer}, operation_id="agenda_talk")
    def post(self, request, pk: int) -> Response:
        """Make it the present line; the meeting's clock starts if it does not run yet."""
        item = self.item()
        room.talk_about(item, by=request.user)
        return Response(RoomSerializer(held(item.meeting, request.user)).data)


class TickView(LineView):
    @extend_schema(request=EmptySerializer, responses={200: RoomSerializer}, operation_id="agenda_tick")
    def post(self, request, pk: int) -> Response:
        """It was talked about. Where it was the present line, the next one follows."""
        item = self.item()
        room.tick_off(item, by=request.user)
        return Response(RoomSerializer(held(item.meeting, request.user)).data)

    @extend_schema(responses={204: None}, operation_id="agenda_untick")
    def delete(self, request, pk: int) -> Response:
        room.untick(self.item(), by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)
