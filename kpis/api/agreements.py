from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.generics import ListAPIView
from rest_framework.response import Response
from rest_framework.views import APIView

from kpis import exporting
from kpis.actions.agreements import prepare_agreement, withdraw_agreement
from kpis.actions.signing import prove_and_sign, send_code
from kpis.forms.agreements import LONGEST_PASSWORD
from kpis.models import Agreement
from kpis.queries.agreements import changes_of, previous_of
from projects.models import Project
from smmportal.api import EmptySerializer
from smmportal.paper import PDF_TYPE
from smmportal.people.models import Side
from smmportal.refusals import Refused


class SignatureSerializer(serializers.Serializer):
    side = serializers.ChoiceField(choices=Side)
    by = serializers.CharField(source="by.name")
    at = serializers.DateTimeField()
    content_hash = serializers.CharField()
    proof = serializers.CharField()


class AgreementSerializer(serializers.ModelSerializer):
    """An agreement; `content` is the canonical JSON whose SHA-256 is `content_hash`."""

    signatures = SignatureSerializer(many=True)
    state = serializers.SerializerMethodField()

    class Meta:
        model = Agreement
        fields = (
            "id",
            "project",
            "number",
            "state",
            "content",
            "content_hash",
            "previous_hash",
            "prepared_at",
            "withdrawn_at",
            "in_force_at",
            "signatures",
        )

    def get_state(self, agreement: Agreement) -> str:
        """waiting, in_force or withdrawn."""
        if agreement.in_force_at:
            return "in_force"
        return "withdrawn" if agreement.withdrawn_at else "waiting"


class SigningSerializer(serializers.Serializer):
    """The hash of the text that the person has read, and their password; or a code of their authenticator, or, for who
    has no password, the one from our letter."""

    hash = serializers.CharField(max_length=64)
    password = serializers.CharField(
        max_length=LONGEST_PASSWORD, trim_whitespace=False, required=False, write_only=True
    )
    code = serializers.CharField(max_length=20, required=False, write_only=True)


class AgreementListView(ListAPIView):
    """The agreements of your projects, the newest first."""

    serializer_class = AgreementSerializer
    queryset = Agreement.objects.none()

    @extend_schema(operation_id="agreements_list", parameters=[OpenApiParameter("project", int)])
    def get(self, request):
        return super().get(request)

    def get_queryset(self):
        found = seen_by(self.request)
        project = self.request.query_params.get("project", "")
        if not project:
            return found
        return found.filter(project=int(project)) if project.isdecimal() and len(project) < 19 else found.none()


class AgreementView(APIView):
    @extend_schema(operation_id="agreements_read", responses=AgreementSerializer)
    def get(self, request, pk: int):
        """One agreement with its signatures."""
        return answer(request, pk)


class ProjectAgreementsView(APIView):
    @extend_schema(operation_id="agreements_prepare", request=EmptySerializer, responses={201: AgreementSerializer})
    def post(self, request, pk: int):
        """Prepare the agreement over the project's KPIs as they stand; the same text again is the same agreement."""
        project = get_object_or_404(Project.objects.visible_to(request.user), pk=pk)
        return answer(request, prepare_agreement(project, by=request.user).pk, status.HTTP_201_CREATED)


class AgreementSignatureView(APIView):
    @extend_schema(operation_id="agreements_sign", request=SigningSerializer, responses={201: AgreementSerializer})
    def post(self, request, pk: int):
        """Sign for your side exactly the text whose hash you send. A token alone signs nothing."""
        agreement = get_object_or_404(seen_by(request), pk=pk)
        asked = SigningSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        said = dict(asked.validated_data)
        prove_and_sign(agreement, by=request.user, seen_hash=said.pop("hash"), **said)
        return answer(request, pk, status.HTTP_201_CREATED)


class TermChangeSerializer(serializers.Serializer):
    """The lines that only the older or only the newer text has, in the reader's language."""

    name = serializers.CharField()
    before = serializers.ListField(child=serializers.CharField())
    after = serializers.ListField(child=serializers.CharField())


class AgreementChangesView(APIView):
    @extend_schema(operation_id="agreements_changes", responses=TermChangeSerializer(many=True))
    def get(self, request, pk: int):
        """What it says otherwise than the agreement before it, KPI by KPI."""
        agreement = get_object_or_404(seen_by(request), pk=pk)
        return Response(TermChangeSerializer(changes_of(agreement, previous_of(agreement)), many=True).data)


class AgreementPdfView(APIView):
    @extend_schema(operation_id="agreements_pdf", responses={(200, PDF_TYPE): OpenApiTypes.BINARY})
    def get(self, request, pk: int):
        """The protocol in both languages; 409 where the server can make no PDF."""
        agreement = get_object_or_404(seen_by(request), pk=pk)
        made = exporting.as_pdf(agreement)
        if made is None:
            raise Refused(_("This machine can’t make PDF files. Print the page instead."), code="no-pdf")
        return exporting.as_file(made, agreement)


class AgreementCodeView(APIView):
    @extend_schema(operation_id="agreements_send_code", request=EmptySerializer, responses={202: None})
    def post(self, request, pk: int):
        """Send the one-time code that signs this text by e-mail, to a person who has no password."""
        send_code(get_object_or_404(seen_by(request), pk=pk), by=request.user)
        return Response(status=status.HTTP_202_ACCEPTED)


class AgreementWithdrawalView(APIView):
    @extend_schema(operation_id="agreements_withdraw", request=EmptySerializer, responses={201: AgreementSerializer})
    def post(self, request, pk: int):
        """Take the text back before the second signature."""
        withdraw_agreement(get_object_or_404(seen_by(request), pk=pk), by=request.user)
        return answer(request, pk, status.HTTP_201_CREATED)


def seen_by(request):
    found = Agreement.objects.visible_to(request.user).select_related("project__agency", "project__client")
    return found.prefetch_related("signatures__by")


def answer(request, pk: int, code: int = status.HTTP_200_OK) -> Response:
    return Response(AgreementSerializer(get_object_or_404(seen_by(request), pk=pk)).data, status=code)
