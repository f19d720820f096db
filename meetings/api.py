"""The meetings' door for programs: the same actions and the same reads as the pages."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import OpenApiParameter, OpenApiTypes, extend_schema, extend_schema_field
from rest_framework import generics, serializers, status
from rest_framework.response import Response
from rest_framework.views import APIView

from kpis.api.kpis import FigureField
from kpis.course import GUARDRAIL_STATUSES, STATUSES
from kpis.queries.rituals import Concern
from meetings import actions, answers, board, queries, rules
from meetings.models import ActionItem, AgendaItem, Attendance, Decision, Meeting, Minutes
from projects.models import Project
from smmportal.api import EmptySerializer, IdFilter, ProblemSerializer
from smmportal.people.models import Side, User
from smmportal.refusals import demand

LONGEST_WINDOW = timedelta(days=62)


class SlotSerializer(serializers.Serializer):
    start = serializers.DateTimeField()
    end = serializers.DateTimeField()


class SlotChoiceSerializer(SlotSerializer):
    busy = serializers.ListField(
        child=serializers.IntegerField(), required=False, help_text="Who of the `optional` can’t come then"
    )


class TakenSerializer(ProblemSerializer):
    """409: the time was taken meanwhile; `slots` are the nearest free ones."""

    slots = SlotSerializer(many=True, required=False)


class ConflictSerializer(ProblemSerializer):
    """409: somebody saved meanwhile; `current` is their text."""

    current = serializers.CharField(required=False)
    revision = serializers.IntegerField(required=False)


class SeatSerializer(serializers.ModelSerializer):
    """What one person said of coming; `answer` is empty while they said nothing."""

    answer = serializers.ChoiceField(choices=Attendance.Answer.choices, read_only=True)

    class Meta:
        model = Attendance
        fields = ("person", "answer", "answered_at")


class AnswerSerializer(serializers.Serializer):
    answer = serializers.ChoiceField(choices=[choice for choice in Attendance.Answer.choices if choice[0]])


class MeetingSerializer(serializers.ModelSerializer):
    start = serializers.DateTimeField(source="starts_at")
    end = serializers.DateTimeField(source="ends_at")
    people = serializers.SerializerMethodField()
    answers = SeatSerializer(source="attendances", many=True, read_only=True)
    optional = serializers.SerializerMethodField()
    published_at = serializers.SerializerMethodField()

    class Meta:
        model = Meeting
        fields = (
            "id",
            "project",
            "title",
            "start",
            "end",
            "place",
            "people",
            "answers",
            "optional",
            "booked_by",
            "booked_side",
            "booked_at",
            "cancelled_at",
            "cancelled_by",
            "cancel_reason",
            "published_at",
        )

    @extend_schema_field(serializers.ListField(child=serializers.IntegerField()))
    def get_people(self, meeting: Meeting) -> list[int]:
        """Who must be there."""
        return sorted(seat.person_id for seat in meeting.attendances.all() if seat.is_required)

    @extend_schema_field(serializers.ListField(child=serializers.IntegerField()))
    def get_optional(self, meeting: Meeting) -> list[int]:
        """Who may come, but need not."""
        return sorted(seat.person_id for seat in meeting.attendances.all() if not seat.is_required)

    @extend_schema_field(serializers.DateTimeField(allow_null=True))
    def get_published_at(self, meeting: Meeting) -> str | None:
        if not meeting.is_published:
            return None
        return serializers.DateTimeField().to_representation(meeting.minutes.published_at)


@extend_schema_field(OpenApiTypes.INT)
class PeopleField(serializers.PrimaryKeyRelatedField):
    """People of the project that the view has found; anybody else is as good as nobody."""

    def get_queryset(self):
        project = self.context.get("project")
        return queries.people_to_invite(project) if project else User.objects.none()


class BookingSerializer(serializers.Serializer):
    start = serializers.DateTimeField(source="starts_at")
    end = serializers.DateTimeField(source="ends_at")
    title = serializers.CharField(max_length=200)
    people = PeopleField(many=True, allow_empty=False, required=False, help_text="Ids; the project's people by default")
    optional = PeopleField(many=True, default=list, help_text="Ids of who may come, but need not")
    place = serializers.CharField(max_length=500, allow_blank=True, default="")
    agenda = serializers.ListField(child=serializers.CharField(max_length=300), max_length=100, default=list)


class MeetingChangeSerializer(serializers.Serializer):
    start = serializers.DateTimeField(source="starts_at", required=False)
    end = serializers.DateTimeField(source="ends_at", required=False)
    title = serializers.CharField(max_length=200, required=False)
    place = serializers.CharField(max_length=500, allow_blank=True, required=False)
    reason = serializers.CharField(
        max_length=500, allow_blank=True, required=False, help_text="Why it moves; asked for after the agreed notice"
    )


class CancellationSerializer(serializers.Serializer):
    reason = serializers.CharField(
        max_length=500, allow_blank=True, default="", help_text="Why; asked for after the agreed notice"
    )


class AgendaStandingSerializer(serializers.Serializer):
    """The KPI of a line as the board has it now, in the board's own words."""

    status = serializers.ChoiceField(choices=STATUSES)
    headline = serializers.CharField()
    guardrail = serializers.ChoiceField(choices=GUARDRAIL_STATUSES, source="standing.guardrail.status", default=None)
    review_owed = serializers.SerializerMethodField()
    unexplained_dips = serializers.SerializerMethodField()

    def get_review_owed(self, concern: Concern) -> bool:
        return concern.mark.owed is not None

    def get_unexplained_dips(self, concern: Concern) -> int:
        return len(concern.mark.dips)


class AgendaItemSerializer(serializers.ModelSerializer):
    """`title` of a line that came by itself is in the reader's language, as are `why` and `proposal`."""

    standing = serializers.SerializerMethodField()
    why = serializers.ListField(child=serializers.CharField(), read_only=True, default=list)
    url = serializers.CharField(read_only=True, default="", help_text="The page of the evidence")
    proposal = serializers.CharField(read_only=True, default="", help_text="What might be decided about it")
    takes = serializers.IntegerField(read_only=True, default=None, help_text="Minutes, by hand or of its kind")
    fits = serializers.BooleanField(read_only=True, default=True, help_text="False: only if there is time")
    only_own_side = serializers.BooleanField(source="is_private", default=False, write_only=True)

    class Meta:
        model = AgendaItem
        fields = (
            *("id", "position", "title", "minutes", "goal", "kpi", "standing", "added_by", "kind", "why", "url"),
            *("proposal", "takes", "fits", "owner", "only_for", "only_own_side", "settled_at"),
            *("ticked_at", "ticked_by", "outcome", "first_on", "carried_times", "carried_from"),
        )
        read_only_fields = (
            *("position", "goal", "kpi", "added_by", "kind", "owner", "only_for", "settled_at", "ticked_at"),
            *("ticked_by", "outcome", "first_on", "carried_times", "carried_from"),
        )

    def to_representation(self, item: AgendaItem) -> dict:
        return super().to_representation(item) | {"title": getattr(item, "heading", item.title)}

    @extend_schema_field(AgendaStandingSerializer(allow_null=True))
    def get_standing(self, item: AgendaItem) -> dict | None:
        concern = getattr(item, "concern", None)
        return AgendaStandingSerializer(concern).data if concern else None


class LineChangeSerializer(serializers.Serializer):
    position = serializers.IntegerField(min_value=1, max_value=1000, required=False)
    minutes = serializers.IntegerField(min_value=1, max_value=1440, required=False, allow_null=True)
    owner = PeopleField(required=False, allow_null=True)


class MinutesSerializer(serializers.ModelSerializer):
    class Meta:
        model = Minutes
        fields = ("text", "revision", "written_by", "written_at", "published_at", "published_by")
        fields += ("content_hash", "answer_by", "final_at", "final_hash")


class MinutesWriteSerializer(serializers.Serializer):
    text = serializers.CharField(max_length=10_000, allow_blank=True, trim_whitespace=False)
    revision = serializers.IntegerField(min_value=0, help_text="The revision that was read; 0 when there was none")


class DecisionSerializer(serializers.ModelSerializer):
    project = serializers.IntegerField(source="meeting.project_id", read_only=True)
    state = serializers.SerializerMethodField()

    class Meta:
        model = Decision
        fields = ("id", "meeting", "project", "text", "by", "at", "replaces", "state")
        read_only_fields = ("meeting", "by", "at")

    def get_extra_kwargs(self) -> dict:
        meeting = self.context.get("meeting")
        known = queries.replaceable(meeting) if meeting else Decision.objects.none()
        return super().get_extra_kwargs() | {"replaces": {"required": False, "queryset": known}}

    @extend_schema_field(serializers.ChoiceField(choices=Decision.State.choices))
    def get_state(self, decision: Decision) -> str:
        return getattr(decision, "state", Decision.State.PROPOSED)


class ActionItemSerializer(serializers.ModelSerializer):
    title = serializers.CharField(source="task.title", max_length=300)
    side = serializers.ChoiceField(source="task.side", choices=Side.choices)
    assignee = PeopleField(source="task.assignee", required=False, allow_null=True, default=None)
    due_on = serializers.DateField(source="task.due_on", required=False, allow_null=True, default=None)
    done_at = serializers.DateTimeField(source="task.done_at", read_only=True)

    class Meta:
        model = ActionItem
        fields = ("id", "meeting", "task", "title", "side", "assignee", "due_on", "done_at")
        read_only_fields = ("meeting", "task")


class SeenMixin:
    """Everything is fetched through the person who asks."""

    def project(self) -> Project:
        return get_object_or_404(Project.objects.visible_to(self.request.user), pk=self.kwargs["pk"])

    def meeting(self) -> Meeting:
        seen = Meeting.objects.visible_to(self.request.user).select_related("project", "minutes")
        return get_object_or_404(seen.prefetch_related("attendances"), pk=self.kwargs["pk"])

    def own_meeting(self) -> Meeting:
        """One that the person may not only look at."""
        meeting = self.meeting()
        demand(rules.can_run(self.request.user, meeting), _("You can look at this meeting, but not change it."))
        return meeting

    def read(self, serializer: type[serializers.Serializer], **context: object) -> dict:
        """The body of the request, valid."""
        given = serializer(data=self.request.data, context={"request": self.request, **context})
        given.is_valid(raise_exception=True)
        return given.validated_data

    def answer_meeting(self, pk: int, code: int = status.HTTP_200_OK) -> Response:
        found = queries.listed(Meeting.objects.filter(pk=pk)).get()
        return Response(MeetingSerializer(found).data, status=code)


class SlotsQuery(serializers.Serializer):
    """`from` and `to` are days of the project's zone, both included, or moments; `people` are ids."""

    minutes = serializers.IntegerField(min_value=5, max_value=24 * 60, default=60)

    def get_fields(self) -> dict:
        ends = {"from": serializers.CharField(required=False), "to": serializers.CharField(required=False)}
        return super().get_fields() | ends

    def validate(self, given: dict) -> dict:
        zone = ZoneInfo(self.context["project"].timezone)
        first = read_end(given.get("from"), zone, "from") or timezone.now()
        last = read_end(given.get("to"), zone, "to", whole_day=True) or first + timedelta(days=7)
        if last <= first:
            raise serializers.ValidationError({"to": _("The end comes after the beginning.")})
        if last - first > LONGEST_WINDOW:
            raise serializers.ValidationError({"to": _("Please ask for at most 62 days at once.")})
        return {"first": first, "last": last, "minutes": given["minutes"]}


def read_end(text: str | None, zone: ZoneInfo, name: str, *, whole_day: bool = False) -> datetime | None:
    if not text:
        return None
    # A plus sign that was not escaped in an address arrives as a space.
    text = text.strip().replace(" ", "+")
    try:
        day, moment = parse_date(text), parse_datetime(text)
    except ValueError:
        day = moment = None
    if day is not None:
        moment = datetime.combine(day + timedelta(days=1 if whole_day else 0), datetime.min.time())
    if moment is None or not 2000 <= moment.year <= 2200:
        raise serializers.ValidationError({name: _("Please write a day (2026-12-31) or a moment with its offset.")})
    return moment if timezone.is_aware(moment) else moment.replace(tzinfo=zone)


class SlotsView(SeenMixin, APIView):
    @extend_schema(
        parameters=[
            OpenApiParameter("from", str, description="A day of the project's zone or an ISO moment; now by default"),
            OpenApiParameter("to", str, description="A day (included) or a moment; a week later by default"),
            OpenApiParameter("minutes", int, description="How long, 5 to 1440; 60 by default"),
            OpenApiParameter(
                "people", int, many=True, description="Ids, repeated or with commas; everybody by default"
            ),
            OpenApiParameter("optional", int, many=True, description="Ids of who may come, but need not"),
        ],
        responses={200: SlotChoiceSerializer(many=True)},
    )
    def get(self, request, pk: int) -> Response:
        """Times when everyone asked is free, inside the hours that each keeps."""
        project = self.project()
        query = SlotsQuery(data=request.query_params, context={"project": project})
        query.is_valid(raise_exception=True)
        people = read_people(request.query_params.getlist("people"), project)
        free = queries.free_times(project, people, **query.validated_data)
        asked_too = request.query_params.getlist("optional")
        if not any(asked_too):
            return Response(SlotSerializer(free, many=True).data)
        busy = queries.busy_at(project, read_people(asked_too, project), free)
        return Response([{**SlotSerializer(slot).data, "busy": ids} for slot, ids in zip(free, busy, strict=True)])


def read_people(texts: list[str], project: Project) -> list[User]:
    ids = [text for text in ",".join(texts).split(",") if text.strip()]
    if not ids:
        return project.people
    field = serializers.ManyRelatedField(
        serializers.PrimaryKeyRelatedField(queryset=queries.people_to_invite(project)), allow_empty=False
    )
    try:
        return field.run_validation(ids[:100])
    except serializers.ValidationError as error:
        raise serializers.ValidationError({"people": error.detail}) from error


class ProjectMeetingsView(SeenMixin, generics.ListAPIView):
    """Meetings of one project, newest booking first."""

    serializer_class = MeetingSerializer
    filterset_class = None
    filter_backends = ()

    def get_queryset(self):
        if getattr(self, "swagger_fake_view", False):
            return Meeting.objects.none()
        return queries.listed(Meeting.objects.filter(project=self.project()))

    @extend_schema(request=BookingSerializer, responses={201: MeetingSerializer, 409: TakenSerializer})
    def post(self, request, pk: int) -> Response:
        """Book a time; 409 with the nearest free slots when somebody took it meanwhile."""
        project = self.project()
        demand(rules.can_book(request.user, project), _("You can look at this project’s meetings, but not book one."))
        given = {"people": project.people, **self.read(BookingSerializer, project=project)}
        booked = actions.book_meeting(project, by=request.user, **given)
        return self.answer_meeting(booked.pk, status.HTTP_201_CREATED)


class MeetingFilter(filters.FilterSet):
    project = IdFilter(field_name="project")

    class Meta:
        model = Meeting
        fields = ("project",)


class MeetingsView(generics.ListAPIView):
    """Meetings of every project that the person sees."""

    serializer_class = MeetingSerializer
    filterset_class = MeetingFilter
    queryset = Meeting.objects.none()

    def get_queryset(self):
        return queries.listed(Meeting.objects.visible_to(self.request.user))


class MeetingView(SeenMixin, APIView):
    @extend_schema(responses={200: MeetingSerializer})
    def get(self, request, pk: int) -> Response:
        return self.answer_meeting(self.meeting().pk)

    @extend_schema(request=MeetingChangeSerializer, responses={200: MeetingSerializer, 409: TakenSerializer})
    def patch(self, request, pk: int) -> Response:
        """Move it (start, end), or give it another title, link or place. A start alone keeps the length."""
        meeting = self.own_meeting()
        given = self.read(MeetingChangeSerializer)
        actions.change_meeting(meeting, by=request.user, **given)
        return self.answer_meeting(meeting.pk)


class CancellationView(SeenMixin, APIView):
    @extend_schema(request=CancellationSerializer, responses={200: MeetingSerializer})
    def post(self, request, pk: int) -> Response:
        """Call it off and say why. Once more changes nothing."""
        meeting = self.own_meeting()
        actions.cancel_meeting(meeting, by=request.user, **self.read(CancellationSerializer))
        return self.answer_meeting(meeting.pk)


class AnswerView(SeenMixin, APIView):
    @extend_schema(request=AnswerSerializer, responses={200: MeetingSerializer})
    def post(self, request, pk: int) -> Response:
        """Say whether you come. Whoever booked is told of a no, with the nearest free times."""
        meeting = self.meeting()
        answers.answer(meeting, person=request.user, way=Attendance.Way.API, **self.read(AnswerSerializer))
        return self.answer_meeting(meeting.pk)


class AgendaView(SeenMixin, APIView):
    @extend_schema(responses={200: AgendaItemSerializer(many=True)}, operation_id="meetings_agenda_list")
    def get(self, request, pk: int) -> Response:
        return Response(AgendaItemSerializer(board.agenda_of(self.meeting(), request.user), many=True).data)

    @extend_schema(request=AgendaItemSerializer, responses={201: AgendaItemSerializer})
    def post(self, request, pk: int) -> Response:
        meeting = self.own_meeting()
        item = actions.add_agenda_item(meeting, by=request.user, **self.read(AgendaItemSerializer))
        [line] = [line for line in board.agenda_of(meeting, request.user) if line.pk == item.pk]
        return Response(AgendaItemSerializer(line).data, status=status.HTTP_201_CREATED)


def change_line(item: AgendaItem, given: dict, *, by: User) -> None:
    """All of it, or nothing."""
    with transaction.atomic():
        if "position" in given:
            actions.place_agenda_item(item, position=given["position"], by=by)
        arranged = {name: given.get(name, getattr(item, name)) for name in ("minutes", "owner")}
        actions.arrange_agenda_item(item, by=by, **arranged)


class AgendaItemView(APIView):
    def item(self) -> AgendaItem:
        seen = AgendaItem.objects.visible_to(self.request.user).select_related("meeting__project")
        return get_object_or_404(seen, pk=self.kwargs["pk"])

    @extend_schema(request=LineChangeSerializer, responses={200: AgendaItemSerializer(many=True)})
    def patch(self, request, pk: int) -> Response:
        """Put the line at another place, counted from 1, give it other minutes, or somebody who leads the talk.
        Answers with the whole agenda."""
        item = self.item()
        demand(rules.can_run(request.user, item.meeting), _("You can look at this meeting, but not change it."))
        given = LineChangeSerializer(data=request.data, context={"project": item.meeting.project})
        given.is_valid(raise_exception=True)
        change_line(item, given.validated_data, by=request.user)
        return Response(AgendaItemSerializer(board.agenda_of(item.meeting, request.user), many=True).data)

    @extend_schema(responses={204: None})
    def delete(self, request, pk: int) -> Response:
        actions.remove_agenda_item(self.item(), by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


class StandingThenSerializer(serializers.Serializer):
    status = serializers.ChoiceField(choices=STATUSES)
    value = FigureField(allow_null=True)
    value_on = serializers.DateField(allow_null=True)
    over = serializers.IntegerField(help_text="Of how many days up to `value_on` the number is: 1, or 7.")
    is_hindsight = serializers.BooleanField(help_text="The portal did not have this number on that day.")


class StandingChangeSerializer(serializers.Serializer):
    """`was` is null when the KPI's term had not begun; `change` is null where either number is missing."""

    kpi = serializers.IntegerField(source="kpi.pk")
    name = serializers.CharField(source="kpi.__str__")
    was = StandingThenSerializer(allow_null=True)
    now = StandingThenSerializer()
    change = FigureField(source="by", allow_null=True)


class BoardSinceSerializer(serializers.Serializer):
    previous = serializers.IntegerField(source="previous.pk", help_text="The meeting before")
    then = serializers.DateField()
    now = serializers.DateField(help_text="Today, or the meeting's own day when that is over")
    kpis = StandingChangeSerializer(source="changes", many=True)


class MeetingBoardView(SeenMixin, APIView):
    @extend_schema(responses={200: BoardSinceSerializer, 204: None}, operation_id="meetings_board")
    def get(self, request, pk: int) -> Response:
        """Where the KPIs stood when the sides last met, and where they stand; 204 before the second meeting."""
        since = board.changes_since_last(self.meeting())
        if since is None:
            return Response(status=status.HTTP_204_NO_CONTENT)
        return Response(BoardSinceSerializer(since).data)


class MinutesView(SeenMixin, APIView):
    @extend_schema(responses={200: MinutesSerializer})
    def get(self, request, pk: int) -> Response:
        """The notes; revision 0 and no text when nothing was written yet."""
        meeting = self.meeting()
        minutes = queries.minutes_of(meeting) or Minutes(meeting=meeting, revision=0)
        return Response(MinutesSerializer(minutes).data)

    @extend_schema(request=MinutesWriteSerializer, responses={200: MinutesSerializer, 409: ConflictSerializer})
    def put(self, request, pk: int) -> Response:
        """Save the text over the revision that was read; 409 with both when somebody saved meanwhile."""
        meeting = self.own_meeting()
        saved = actions.write_minutes(meeting, by=request.user, **self.read(MinutesWriteSerializer))
        return Response(MinutesSerializer(saved).data)


class PublicationView(SeenMixin, APIView):
    @extend_schema(request=EmptySerializer, responses={200: MinutesSerializer})
    def post(self, request, pk: int) -> Response:
        """Freeze the text and the decisions and send them to both sides. Once more changes nothing."""
        return Response(MinutesSerializer(actions.publish_minutes(self.own_meeting(), by=request.user)).data)


class MeetingDecisionsView(SeenMixin, APIView):
    @extend_schema(responses={200: DecisionSerializer(many=True)}, operation_id="meetings_decisions_list")
    def get(self, request, pk: int) -> Response:
        found = self.meeting().decisions.with_state().select_related("meeting")
        return Response(DecisionSerializer(found, many=True).data)

    @extend_schema(request=DecisionSerializer, responses={201: DecisionSerializer})
    def post(self, request, pk: int) -> Response:
        meeting = self.own_meeting()
        decision = actions.record_decision(meeting, by=request.user, **self.read(DecisionSerializer, meeting=meeting))
        return Response(DecisionSerializer(decision).data, status=status.HTTP_201_CREATED)


class DecisionFilter(filters.FilterSet):
    project = IdFilter(field_name="meeting__project")
    text = filters.CharFilter(method="find", label="Words in the decision or in the meeting's title")
    state = filters.ChoiceFilter(choices=Decision.State.choices)

    class Meta:
        model = Decision
        fields = ("project", "text", "state")

    def find(self, decisions, _name: str, words: str):
        return queries.find_decisions(decisions, words)


class DecisionsView(generics.ListAPIView):
    """Everything that was decided in the projects that the person sees, newest first."""

    serializer_class = DecisionSerializer
    filterset_class = DecisionFilter
    queryset = Decision.objects.none()

    def get_queryset(self):
        return Decision.objects.visible_to(self.request.user).with_state().select_related("meeting")


class DecisionView(APIView):
    @extend_schema(responses={204: None})
    def delete(self, request, pk: int) -> Response:
        """Take a decision back before the minutes are published."""
        seen = Decision.objects.visible_to(request.user).select_related("meeting__project")
        actions.remove_decision(get_object_or_404(seen, pk=pk), by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


class ActionItemsView(SeenMixin, APIView):
    @extend_schema(responses={200: ActionItemSerializer(many=True)}, operation_id="meetings_actions_list")
    def get(self, request, pk: int) -> Response:
        found = self.meeting().action_items.select_related("task")
        return Response(ActionItemSerializer(found, many=True).data)

    @extend_schema(request=ActionItemSerializer, responses={201: ActionItemSerializer})
    def post(self, request, pk: int) -> Response:
        """A task for one side, with a person and a day."""
        meeting = self.own_meeting()
        given = self.read(ActionItemSerializer, project=meeting.project)["task"]
        item = actions.assign_action(meeting, by=request.user, **given)
        return Response(ActionItemSerializer(item).data, status=status.HTTP_201_CREATED)
