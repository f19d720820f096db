"""The door for programs to what the sides say to published minutes, and to what was left for later."""

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiTypes, extend_schema
from rest_framework import generics, serializers, status
from rest_framework.response import Response
from rest_framework.views import APIView

from meetings import actions, carrying, papers, past, rules, settling
from meetings.api import AgendaItemSerializer, SeenMixin
from meetings.models import ActionItem, AgendaItem, Confirmation, Correction, Decision, Minutes, Objection
from meetings.reading import reading_of
from smmportal.api import EmptySerializer
from smmportal.paper import PDF_TYPE
from smmportal.people.models import Side
from smmportal.refusals import Refused, demand


class ConfirmationSerializer(serializers.ModelSerializer):
    class Meta:
        model = Confirmation
        fields = ("side", "by", "at", "content_hash", "via")


class ConfirmSerializer(serializers.Serializer):
    content_hash = serializers.CharField(max_length=64, help_text="Of the minutes that were read")


class ObjectionAnswerSerializer(serializers.Serializer):
    by = serializers.IntegerField(source="by_id", read_only=True)
    at = serializers.DateTimeField(read_only=True)
    agrees = serializers.BooleanField()
    text = serializers.CharField(max_length=2000)


class ObjectionSerializer(serializers.ModelSerializer):
    """`decision`, `action` or `passage`: exactly one of them is named."""

    answer = serializers.SerializerMethodField()

    class Meta:
        model = Objection
        fields = ("id", "side", "by", "at", "decision", "action", "passage", "text", "answer")
        read_only_fields = ("side", "by", "at")

    def get_extra_kwargs(self) -> dict:
        points = {"decision": Decision, "action": ActionItem}
        found = {name: {"required": False, "queryset": model.objects.none()} for name, model in points.items()}
        for name, model in points.items():
            if "meeting" in self.context:
                found[name]["queryset"] = model.objects.filter(meeting=self.context["meeting"])
        return super().get_extra_kwargs() | found

    def get_answer(self, objection: Objection) -> ObjectionAnswerSerializer(allow_null=True):
        return None if objection.is_open else ObjectionAnswerSerializer(objection.answer).data


class CorrectionSerializer(serializers.ModelSerializer):
    class Meta:
        model = Correction
        fields = ("id", "side", "by", "at", "text", "objection")
        read_only_fields = ("side", "by", "at", "objection")


class StanceSerializer(serializers.Serializer):
    side = serializers.ChoiceField(choices=Side.choices)
    state = serializers.ChoiceField(choices=["confirmed", "objected", "silent", "waiting"])
    confirmation = ConfirmationSerializer(allow_null=True)
    objections = serializers.IntegerField()


class AnswersSerializer(serializers.Serializer):
    """How published minutes stand."""

    content_hash = serializers.CharField(source="minutes.content_hash")
    answer_by = serializers.DateTimeField(source="minutes.answer_by")
    final_at = serializers.DateTimeField(source="minutes.final_at", allow_null=True)
    final_hash = serializers.CharField(source="minutes.final_hash")
    sides = StanceSerializer(source="stances", many=True)


class MinutesMixin(SeenMixin):
    def minutes(self) -> Minutes:
        meeting = self.meeting()
        minutes = get_object_or_404(Minutes, meeting=meeting, published_at__isnull=False)
        minutes.meeting = meeting
        return minutes

    def own_minutes(self) -> Minutes:
        """Those that the person may not only look at."""
        self.own_meeting()
        return self.minutes()


class AnswersView(MinutesMixin, APIView):
    @extend_schema(responses={200: AnswersSerializer}, operation_id="minutes_answers")
    def get(self, request, pk: int) -> Response:
        """How each side stands: confirmed, objected, silent when its time was over, or waiting."""
        return Response(AnswersSerializer(reading_of(self.minutes().meeting, request.user)).data)


class ConfirmationView(MinutesMixin, APIView):
    @extend_schema(request=ConfirmSerializer, responses={200: ConfirmationSerializer})
    def post(self, request, pk: int) -> Response:
        """Confirm for one's side the minutes with this hash. Once more changes nothing."""
        minutes, given = self.own_minutes(), self.read(ConfirmSerializer)
        said = settling.confirm_minutes(minutes, by=request.user, seen_hash=given["content_hash"])
        return Response(ConfirmationSerializer(said).data)


class ObjectionsView(MinutesMixin, APIView):
    @extend_schema(responses={200: ObjectionSerializer(many=True)}, operation_id="minutes_objections_list")
    def get(self, request, pk: int) -> Response:
        found = self.minutes().objections.select_related("answer")
        return Response(ObjectionSerializer(found, many=True).data)

    @extend_schema(request=ObjectionSerializer, responses={201: ObjectionSerializer})
    def post(self, request, pk: int) -> Response:
        """Dispute one point: a decision, an action item, or words that stand in the text."""
        minutes = self.own_minutes()
        given = self.read(ObjectionSerializer, meeting=minutes.meeting)
        objection = settling.object_to_minutes(minutes, by=request.user, **given)
        return Response(ObjectionSerializer(objection).data, status=status.HTTP_201_CREATED)


class ObjectionAnswerView(APIView):
    @extend_schema(request=ObjectionAnswerSerializer, responses={200: ObjectionAnswerSerializer})
    def post(self, request, pk: int) -> Response:
        """Agree, and the text is added as a correction; or disagree, and it stays beside the objection."""
        seen = Objection.objects.visible_to(request.user).select_related("minutes__meeting__project")
        objection = get_object_or_404(seen, pk=pk)
        allowed = rules.can_run(request.user, objection.minutes.meeting)
        demand(allowed, _("You can look at these minutes, but not answer them."))
        given = ObjectionAnswerSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        said = settling.answer_objection(objection, by=request.user, **given.validated_data)
        return Response(ObjectionAnswerSerializer(said).data)


class CorrectionsView(MinutesMixin, APIView):
    @extend_schema(responses={200: CorrectionSerializer(many=True)}, operation_id="minutes_corrections_list")
    def get(self, request, pk: int) -> Response:
        return Response(CorrectionSerializer(self.minutes().corrections.all(), many=True).data)

    @extend_schema(request=CorrectionSerializer, responses={201: CorrectionSerializer})
    def post(self, request, pk: int) -> Response:
        """Add a line under the text, with its day and its author."""
        minutes = self.own_minutes()
        added = settling.correct_minutes(minutes, by=request.user, **self.read(CorrectionSerializer))
        return Response(CorrectionSerializer(added).data, status=status.HTTP_201_CREATED)


class MinutesPdfView(SeenMixin, APIView):
    @extend_schema(operation_id="minutes_pdf", responses={(200, PDF_TYPE): OpenApiTypes.BINARY})
    def get(self, request, pk: int):
        """In the reader's language; 409 where the server can make no PDF."""
        meeting = self.meeting()
        made = papers.as_pdf(meeting)
        if made is None:
            raise Refused(_("This machine can’t make PDF files. Print the page instead."), code="no-pdf")
        return papers.as_file(made, meeting, "pdf")


class MinutesMarkdownView(SeenMixin, APIView):
    @extend_schema(operation_id="minutes_markdown", responses={(200, "text/markdown"): OpenApiTypes.STR})
    def get(self, request, pk: int):
        """In the reader's language around the words as they were typed."""
        meeting = self.meeting()
        return papers.as_file(papers.as_markdown(meeting), meeting, "md")


# --- Left for later -------------------------------------------------------------------------------------------------


class OutcomeSerializer(serializers.Serializer):
    outcome = serializers.ChoiceField(choices=AgendaItem.Outcome.choices, allow_blank=True)


class LineMixin:
    def line(self) -> AgendaItem:
        seen = AgendaItem.objects.visible_to(self.request.user).select_related("meeting__project")
        item = get_object_or_404(seen, pk=self.kwargs["pk"])
        demand(rules.can_run(self.request.user, item.meeting), _("You can look at this meeting, but not change it."))
        return item


class OutcomeView(LineMixin, APIView):
    @extend_schema(request=OutcomeSerializer, responses={200: AgendaItemSerializer})
    def post(self, request, pk: int) -> Response:
        """Discussed, not discussed or parked; empty takes the mark away."""
        item, given = self.line(), OutcomeSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        return Response(
            AgendaItemSerializer(actions.mark_agenda_item(item, by=request.user, **given.validated_data)).data
        )


class ParkingView(SeenMixin, generics.ListAPIView):
    """The project's parking lot, what has waited longest first."""

    serializer_class = AgendaItemSerializer
    filterset_class = None
    filter_backends = ()

    def get_queryset(self):
        if getattr(self, "swagger_fake_view", False):
            return AgendaItem.objects.none()
        return carrying.parked_lines(self.project().pk).visible_to(self.request.user)


class ReturnView(LineMixin, APIView):
    @extend_schema(request=EmptySerializer, responses={200: AgendaItemSerializer})
    def post(self, request, pk: int) -> Response:
        """From the parking lot to the next agenda: answers with the new line."""
        return Response(AgendaItemSerializer(actions.return_agenda_item(self.line(), by=request.user)).data)


class DroppingView(LineMixin, APIView):
    @extend_schema(request=EmptySerializer, responses={204: None})
    def post(self, request, pk: int) -> Response:
        """Off the parking lot for good."""
        actions.drop_agenda_item(self.line(), by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


# --- How the project meets ------------------------------------------------------------------------------------------


class PromisesSerializer(serializers.Serializer):
    side = serializers.ChoiceField(choices=Side.choices)
    on_time = serializers.IntegerField()
    late = serializers.IntegerField()
    overdue = serializers.IntegerField()
    coming = serializers.IntegerField()
    undated = serializers.IntegerField()


class KeptSerializer(serializers.Serializer):
    kept = serializers.IntegerField()
    due = serializers.IntegerField()


class HistorySerializer(serializers.Serializer):
    """`cadence_kept` is null without an agreed rhythm."""

    last_met = serializers.DateTimeField(source="due.last_at", allow_null=True)
    next_booked = serializers.DateTimeField(source="due.next_at", allow_null=True)
    next_due = serializers.DateField(source="due.due_on", allow_null=True)
    cadence_kept = KeptSerializer(source="kept", allow_null=True)
    held = serializers.IntegerField()
    called_off = serializers.IntegerField()
    actions = PromisesSerializer(source="promises", many=True)


class HistoryView(SeenMixin, APIView):
    @extend_schema(responses={200: HistorySerializer}, operation_id="meetings_history")
    def get(self, request, pk: int) -> Response:
        return Response(HistorySerializer(past.record_of(self.project())).data)
