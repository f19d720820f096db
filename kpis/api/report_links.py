"""The links that show one issued report without a login, with who opened them."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from kpis.actions import report_links as actions
from kpis.api.reports import find
from kpis.models import Report, ReportLink, ReportOpening
from kpis.models.reports import Tongue
from projects.api.common import read
from smmportal.people.links import STATES
from smmportal.people.models import check_plain_name


class OpeningSerializer(serializers.ModelSerializer):
    class Meta:
        model = ReportOpening
        fields = ["what", "at"]


class ReportLinkSerializer(serializers.ModelSerializer):
    """A link as it stands: for whom, until when, and each time that it was opened. Nothing of the device is kept."""

    created_by = serializers.CharField(source="created_by.name", read_only=True)
    state = serializers.ChoiceField(STATES, read_only=True)
    has_password = serializers.BooleanField(read_only=True)
    openings = OpeningSerializer(many=True, read_only=True)

    class Meta:
        model = ReportLink
        fields = ["id", "report", "name", "language", "state", "has_password", "created_by", "created_at"]
        fields += ["expires_at", "revoked_at", "openings"]
        read_only_fields = fields


class MadeReportLinkSerializer(ReportLinkSerializer):
    link = serializers.CharField(read_only=True, help_text="Shown in this answer and nowhere else.")

    class Meta(ReportLinkSerializer.Meta):
        fields = [*ReportLinkSerializer.Meta.fields, "link"]
        read_only_fields = fields


class NewReportLinkSerializer(serializers.Serializer):
    name = serializers.CharField(max_length=120, validators=[check_plain_name])
    days = serializers.ChoiceField([(days, str(days)) for days in ReportLink.LASTS], required=False)
    password = serializers.CharField(
        min_length=actions.SHORTEST_PASSWORD,
        max_length=actions.LONGEST_PASSWORD,
        trim_whitespace=False,
        required=False,
        allow_blank=True,
        write_only=True,
    )
    language = serializers.ChoiceField(Tongue.choices, required=False)


class ReportLinkList(generics.ListAPIView):
    """The links to a report; POST makes one more, for 7, 30 or 90 days."""

    serializer_class = ReportLinkSerializer
    queryset = ReportLink.objects.none()

    @extend_schema(operation_id="report_links")
    def get(self, request, pk: int):
        return super().get(request)

    def get_queryset(self):
        report = find_shared(self.request, self.kwargs["pk"])
        return report.links.order_by().select_related("created_by").prefetch_related("openings")

    @extend_schema(
        operation_id="report_links_make",
        request=NewReportLinkSerializer,
        responses={201: MadeReportLinkSerializer},
    )
    def post(self, request: Request, pk: int) -> Response:
        report = find_shared(request, pk)
        made, address = actions.make_report_link(report, by=request.user, **read(NewReportLinkSerializer, request))
        made.link = address
        return Response(MadeReportLinkSerializer(made).data, status=status.HTTP_201_CREATED)


class ReportLinkDetail(APIView):
    @extend_schema(operation_id="report_links_revoke", responses={204: None})
    def delete(self, request: Request, pk: int, link: int) -> Response:
        """Revoke the link; it stops working with the next request."""
        seen = ReportLink.objects.visible_to(request.user).filter(report=pk)
        actions.revoke_report_link(get_object_or_404(seen.select_related("report__project"), pk=link), by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


def find_shared(request: Request, pk: int) -> Report:
    report = find(request, pk)
    actions.demand_sharing(report.project, by=request.user)
    return report
