"""The brief, its answers and its versions as JSON."""

from typing import TypedDict

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from projects import actions, exporting
from projects.api.common import read
from projects.comparing import differences
from projects.hinting import hints_in_words
from projects.models import Answer, Brief, BriefVersion
from projects.models.briefs import answered_of, known_of
from projects.queries import hints_for, progress_of
from projects.questionnaire import asked_keys, find_question, questions_of, unanswered
from smmportal.api import EmptySerializer
from smmportal.refusals import Refused


class AnswerSerializer(serializers.ModelSerializer):
    by = serializers.CharField(source="author", read_only=True)
    link_from = serializers.CharField(read_only=True, help_text="Who asked the author by a link; empty otherwise.")
    value = serializers.JSONField(allow_null=True, read_only=True, help_text="Its shape is the question type's own.")

    class Meta:
        model = Answer
        fields = ["key", "value", "unknown", "revision", "by", "link_from", "answered_at"]


class AnswerWritingSerializer(serializers.Serializer):
    """`revision` is that of the answer as it was read; 0 where there was none."""

    value = serializers.JSONField(allow_null=True, required=False, default=None)
    unknown = serializers.BooleanField(default=False)
    revision = serializers.IntegerField(min_value=0)


class ProgressShape(TypedDict):
    done: int
    total: int
    minutes: int


class HintShape(TypedDict):
    code: str
    keys: list[str]
    goals: list[int]
    soft: bool
    text: str


class BriefSerializer(serializers.ModelSerializer):
    form = serializers.JSONField(read_only=True)
    answers = AnswerSerializer(many=True)
    asked = serializers.SerializerMethodField()
    unanswered = serializers.SerializerMethodField()
    progress = serializers.SerializerMethodField()
    latest_version = serializers.SerializerMethodField()
    hints = serializers.SerializerMethodField()

    class Meta:
        model = Brief
        fields = ["project", "form", "answers", "asked", "unanswered", "progress", "latest_version", "hints"]

    def get_asked(self, brief: Brief) -> list[str]:
        """The questions that are asked after these answers: a condition may leave some out."""
        asked = asked_keys(brief.form, known_of(brief.answers.all()))
        return [question["key"] for question in questions_of(brief.form) if question["key"] in asked]

    def get_unanswered(self, brief: Brief) -> list[str]:
        """What keeps the brief from being submitted."""
        rows = brief.answers.all()
        return [question["key"] for question in unanswered(brief.form, answered_of(rows), known_of(rows))]

    def get_progress(self, brief: Brief) -> ProgressShape:
        rows = brief.answers.all()
        progress = progress_of(brief.form, answered_of(rows), known_of(rows))
        return {"done": progress.done, "total": progress.total, "minutes": progress.minutes}

    def get_hints(self, brief: Brief) -> list[HintShape]:
        """What contradicts itself or the law: the answers and the goals concerned, and a sentence."""
        asked = asked_keys(brief.form, known_of(brief.answers.all()))
        said = {row.key: {"value": row.value, "unknown": row.unknown} for row in brief.answers.all()}
        return hints_in_words(
            hints_for(brief.project, brief.form, {key: each for key, each in said.items() if key in asked})
        )

    def get_latest_version(self, brief: Brief) -> int | None:
        return brief.versions.values_list("number", flat=True).first()


class BriefVersionSerializer(serializers.ModelSerializer):
    submitted_by = serializers.CharField(source="submitted_by.name", read_only=True)

    class Meta:
        model = BriefVersion
        fields = ["id", "number", "content_hash", "submitted_by", "submitted_at"]


class WholeBriefVersionSerializer(BriefVersionSerializer):
    content = serializers.JSONField(read_only=True)

    class Meta(BriefVersionSerializer.Meta):
        fields = [*BriefVersionSerializer.Meta.fields, "content"]


class DifferenceQuerySerializer(serializers.Serializer):
    def get_fields(self) -> dict:
        note = "The number of the other version; left out, the one before."
        return {"from": serializers.IntegerField(min_value=1, max_value=2**31 - 1, required=False, help_text=note)}


class PieceSerializer(serializers.Serializer):
    change = serializers.ChoiceField(["same", "added", "removed"])
    text = serializers.CharField()


class AnswerDifferenceSerializer(serializers.Serializer):
    key = serializers.CharField(source="question.key")
    section = serializers.CharField(source="section.key")
    label = serializers.JSONField(source="question.label")
    change = serializers.ChoiceField(["changed", "added", "removed"])
    pieces = PieceSerializer(many=True)


class BriefDifferenceSerializer(serializers.Serializer):
    to = serializers.IntegerField()
    answers = AnswerDifferenceSerializer(many=True)

    def get_fields(self) -> dict:
        return {"from": serializers.IntegerField(), **super().get_fields()}


def find_brief(request: Request, pk: int) -> Brief:
    briefs = Brief.objects.visible_to(request.user).select_related("project__agency", "project__client")
    return get_object_or_404(briefs.prefetch_related("answers__by", "answers__delegation"), project=pk)


class BriefDetail(APIView):
    """The questions of this project, the answers so far, and what is left."""

    @extend_schema(responses=BriefSerializer)
    def get(self, request: Request, pk: int) -> Response:
        return Response(BriefSerializer(find_brief(request, pk)).data)


class BriefAnswer(APIView):
    """One answer; 409 brings what was saved meanwhile, 204 says that there is nothing to keep."""

    @extend_schema(responses=AnswerSerializer)
    def get(self, request: Request, pk: int, key: str) -> Response:
        answers = Answer.objects.visible_to(request.user).select_related("by", "delegation")
        return Response(AnswerSerializer(get_object_or_404(answers, brief__project=pk, key=key)).data)

    @extend_schema(request=AnswerWritingSerializer, responses={200: AnswerSerializer, 204: None})
    def put(self, request: Request, pk: int, key: str) -> Response:
        brief = find_brief(request, pk)
        if find_question(brief.form, key) is None:
            raise Http404
        answer = actions.save_answer(brief, key, by=request.user, **read(AnswerWritingSerializer, request))
        if answer is None:
            return Response(status=status.HTTP_204_NO_CONTENT)
        return Response(AnswerSerializer(answer).data)


class BriefExtension(APIView):
    """Ask the full tier's questions too; no answer changes. A brief that has them already stays as it is."""

    @extend_schema(request=EmptySerializer, responses={201: BriefSerializer})
    def post(self, request: Request, pk: int) -> Response:
        actions.extend_brief(find_brief(request, pk), by=request.user)
        return Response(BriefSerializer(find_brief(request, pk)).data, status=status.HTTP_201_CREATED)


class BriefSubmission(APIView):
    """Hand the brief over; with nothing new since the last version, that one is the answer."""

    @extend_schema(request=EmptySerializer, responses={201: BriefVersionSerializer})
    def post(self, request: Request, pk: int) -> Response:
        version = actions.submit_brief(find_brief(request, pk), by=request.user)
        return Response(BriefVersionSerializer(version).data, status=status.HTTP_201_CREATED)


class BriefVersionList(generics.ListAPIView):
    serializer_class = BriefVersionSerializer
    queryset = BriefVersion.objects.none()

    def get_queryset(self):
        brief = find_brief(self.request, self.kwargs["pk"])
        return brief.versions.order_by().defer("content").select_related("submitted_by")


class BriefVersionDetail(APIView):
    @extend_schema(responses=WholeBriefVersionSerializer)
    def get(self, request: Request, pk: int, number: int) -> Response:
        return Response(WholeBriefVersionSerializer(find_version(request, pk, number)).data)


def find_version(request: Request, pk: int, number: int) -> BriefVersion:
    versions = BriefVersion.objects.visible_to(request.user).select_related("submitted_by", "brief__project")
    return get_object_or_404(versions, brief__project=pk, number=number)


class BriefVersionDocx(APIView):
    """The version as a document, in the reader's language."""

    @extend_schema(responses={(200, exporting.DOCX_TYPE): OpenApiTypes.BINARY})
    def get(self, request: Request, pk: int, number: int) -> HttpResponse:
        version = find_version(request, pk, number)
        return exporting.as_file(exporting.as_docx(version), exporting.DOCX_TYPE, version, "docx")


class BriefVersionPdf(APIView):
    """The version on paper, in the reader's language; 409 where the server can make no PDF."""

    @extend_schema(responses={(200, exporting.PDF_TYPE): OpenApiTypes.BINARY})
    def get(self, request: Request, pk: int, number: int) -> HttpResponse:
        version = find_version(request, pk, number)
        made = exporting.as_pdf(version)
        if made is None:
            raise Refused(_("No PDF can be made on this server. Ask for the DOCX instead."), code="no-pdf")
        return exporting.as_file(made, exporting.PDF_TYPE, version, "pdf")


class BriefDifference(APIView):
    """The answers that differ between two versions, word by word, in the reader's language."""

    @extend_schema(parameters=[DifferenceQuerySerializer], responses=BriefDifferenceSerializer)
    def get(self, request: Request, pk: int, number: int) -> Response:
        query = DifferenceQuerySerializer(data=request.query_params)
        query.is_valid(raise_exception=True)
        versions = BriefVersion.objects.visible_to(request.user).filter(brief__project=pk)
        after = get_object_or_404(versions, number=number)
        before = get_object_or_404(versions, number=query.validated_data.get("from") or number - 1)
        body = {"from": before.number, "to": number, "answers": differences(before, after)}
        return Response(BriefDifferenceSerializer(body).data)
