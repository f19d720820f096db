"""How the agency understood the brief, as JSON."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from projects import actions
from projects.api.common import read
from projects.models import BriefVersion, Debrief, DebriefRemark, DebriefSection
from smmportal.api import EmptySerializer
from smmportal.people.models import Side


class RemarkSerializer(serializers.ModelSerializer):
    by = serializers.CharField(source="by.name", read_only=True)
    section = serializers.CharField(source="key", max_length=40)

    class Meta:
        model = DebriefRemark
        fields = ["id", "section", "text", "by", "at", "answered_at"]
        read_only_fields = ["at", "answered_at"]


class DebriefSectionSerializer(serializers.ModelSerializer):
    """`understanding` and its `revision` are the agency's draft: the client's people get the shared text alone."""

    section = serializers.CharField(source="key")

    class Meta:
        model = DebriefSection
        fields = ["section", "shared_text", "understanding", "revision"]

    def to_representation(self, section: DebriefSection) -> dict:
        shown = super().to_representation(section)
        if self.context["side"] is not Side.AGENCY:
            shown["understanding"], shown["revision"] = None, None
        return shown


class DebriefSerializer(serializers.ModelSerializer):
    version = serializers.IntegerField(source="version.number", read_only=True)
    sections = DebriefSectionSerializer(many=True)
    remarks = RemarkSerializer(many=True)
    side_to_move = serializers.ChoiceField(choices=Side.choices, allow_null=True, read_only=True)

    class Meta:
        model = Debrief
        fields = ["version", "side_to_move", "shared_at", "shared_count", "confirmed_at", "sections", "remarks"]


class UnderstandingSerializer(serializers.Serializer):
    """Texts by section; `revisions` are those of the sections as they were read."""

    texts = serializers.DictField(child=serializers.CharField(max_length=10_000, allow_blank=True))
    revisions = serializers.DictField(child=serializers.IntegerField(min_value=0), required=False)


class ConfirmationSerializer(serializers.Serializer):
    shared_count = serializers.IntegerField(min_value=0, help_text="Of the debrief as it was read.")


def find_debrief(request: Request, pk: int) -> Debrief:
    """The debrief of the latest version that the person may see."""
    rows = Debrief.objects.visible_to(request.user).filter(version__brief__project=pk)
    rows = rows.select_related("version__brief__project__agency", "version__brief__project__client")
    return get_object_or_404(rows.prefetch_related("sections", "remarks__by").order_by("-version__number")[:1])


def answer_debrief(request: Request, pk: int, code: int = 200) -> Response:
    debrief = find_debrief(request, pk)
    side = debrief.version.brief.project.side_of(request.user)
    return Response(DebriefSerializer(debrief, context={"side": side}).data, status=code)


class DebriefDetail(APIView):
    """How the agency understood the latest version of the brief."""

    @extend_schema(responses=DebriefSerializer)
    def get(self, request: Request, pk: int) -> Response:
        return answer_debrief(request, pk)

    @extend_schema(request=UnderstandingSerializer, responses=DebriefSerializer)
    def patch(self, request: Request, pk: int) -> Response:
        versions = BriefVersion.objects.visible_to(request.user).filter(brief__project=pk)
        version = get_object_or_404(versions.select_related("brief__project__agency", "brief__project__client")[:1])
        actions.write_understanding(version, by=request.user, **read(UnderstandingSerializer, request))
        return answer_debrief(request, pk)


class DebriefSharing(APIView):
    @extend_schema(request=EmptySerializer, responses={201: DebriefSerializer})
    def post(self, request: Request, pk: int) -> Response:
        actions.share_debrief(find_debrief(request, pk), by=request.user)
        return answer_debrief(request, pk, status.HTTP_201_CREATED)


class DebriefRemarks(generics.ListCreateAPIView):
    """What the client says is understood wrongly."""

    serializer_class = RemarkSerializer
    queryset = DebriefRemark.objects.none()

    def get_queryset(self):
        return find_debrief(self.request, self.kwargs["pk"]).remarks.select_related("by").order_by()

    def perform_create(self, serializer) -> None:
        words = serializer.validated_data
        serializer.instance = actions.remark_on_debrief(
            find_debrief(self.request, self.kwargs["pk"]), words["key"], text=words["text"], by=self.request.user
        )


class DebriefConfirmation(APIView):
    @extend_schema(request=ConfirmationSerializer, responses={201: DebriefSerializer})
    def post(self, request: Request, pk: int) -> Response:
        debrief = find_debrief(request, pk)
        seen = read(ConfirmationSerializer, request)["shared_count"]
        actions.confirm_debrief(debrief, by=request.user, seen=seen)
        return answer_debrief(request, pk, status.HTTP_201_CREATED)
