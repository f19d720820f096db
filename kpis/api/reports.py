"""Reports through the API: the list, one, its way to an issued copy, what to take along, and the timetable."""

from django.shortcuts import get_object_or_404
from django.utils import translation
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from kpis import report_papers, report_sheets
from kpis.actions import report_timetables
from kpis.actions import reports as actions
from kpis.api.kpis import FigureField
from kpis.models import Report, ReportRemark, ReportTemplate, ReportTimetable
from kpis.models.reports import STATES, Jurisdiction, Tongue
from kpis.queries import reports as queries
from kpis.queries.report_contents import unfinished
from projects.api.common import SeenField, read
from projects.models import Project
from smmportal.api import EmptySerializer
from smmportal.paper import PDF_TYPE
from smmportal.refusals import Refused

LANGUAGE = OpenApiParameter("lang", str, enum=["ru", "en"], description="Your own when it is left out.")


def templates_seen_by(user):
    return ReportTemplate.objects.visible_to(user).in_use()


class ReportSerializer(serializers.ModelSerializer):
    """A report as it stands. Until it is issued only the agency's people see it."""

    state = serializers.ChoiceField(STATES, read_only=True)
    corrects = serializers.PrimaryKeyRelatedField(read_only=True)
    begun_by = serializers.CharField(source="begun_by.name", read_only=True)

    class Meta:
        model = Report
        fields = ["id", "project", "number", "first", "last", "state", "language", "jurisdiction", "corrects"]
        fields += ["begun_by", "begun_at", "sent_at", "checked_at", "issued_at", "revision"]
        read_only_fields = fields


class UnfinishedSerializer(serializers.Serializer):
    kpi = serializers.IntegerField(source="kpi.pk")
    final_through = serializers.DateField(allow_null=True)
    needed_through = serializers.DateField(source="until")


class CountedAgainSerializer(serializers.Serializer):
    """A number that its source counted again after the report was issued; `day` is null for the whole period."""

    kpi = serializers.IntegerField()
    day = serializers.DateField(allow_null=True)
    before = FigureField(allow_null=True)
    after = FigureField(allow_null=True)


class WholeReportSerializer(ReportSerializer):
    """`content` is all that the report shows: as it is now, or, once issued, the frozen copy whose SHA-256 is
    `content_hash`. `counted_again` stands beside it and is no part of it."""

    content = serializers.SerializerMethodField()
    content_hash = serializers.SerializerMethodField()
    counted_again = serializers.SerializerMethodField()
    waits_for = serializers.SerializerMethodField()

    class Meta(ReportSerializer.Meta):
        fields = [*ReportSerializer.Meta.fields, "content", "content_hash", "counted_again", "waits_for"]
        read_only_fields = fields

    @extend_schema_field(OpenApiTypes.OBJECT)
    def get_content(self, report: Report):
        return queries.content_now(report)

    def get_content_hash(self, report: Report) -> str:
        return report.issue.content_hash if report.is_issued else ""

    @extend_schema_field(CountedAgainSerializer(many=True))
    def get_counted_again(self, report: Report):
        changes = queries.changes_since(report.issue) if report.is_issued else []
        return CountedAgainSerializer(changes, many=True).data

    @extend_schema_field(UnfinishedSerializer(many=True))
    def get_waits_for(self, report: Report):
        late = [] if report.is_issued else unfinished(report.project, report.first, report.last)
        return UnfinishedSerializer(late, many=True).data


class NewReportSerializer(serializers.Serializer):
    """`template` left out: the portal's own."""

    first = serializers.DateField()
    last = serializers.DateField()
    template = SeenField(templates_seen_by, required=False, allow_null=True)
    language = serializers.ChoiceField(Tongue.choices, required=False)


class ReportEditSerializer(serializers.Serializer):
    """`revision` is that of the report as it was read; `commentaries` are by the key of the block."""

    revision = serializers.IntegerField(min_value=0)
    commentaries = serializers.DictField(
        child=serializers.CharField(allow_blank=True, max_length=actions.LONGEST_COMMENTARY), required=False
    )
    first = serializers.DateField(required=False)
    last = serializers.DateField(required=False)
    language = serializers.ChoiceField(Tongue.choices, required=False)
    jurisdiction = serializers.ChoiceField(Jurisdiction.choices, required=False, allow_blank=True)


class RevisionSerializer(serializers.Serializer):
    revision = serializers.IntegerField(min_value=0, help_text="That of the report as you read it.")


class ReturnSerializer(serializers.Serializer):
    remark = serializers.CharField(max_length=2000)


class ReportRemarkSerializer(serializers.ModelSerializer):
    by = serializers.CharField(source="by.name", read_only=True)

    class Meta:
        model = ReportRemark
        fields = ["id", "text", "by", "at"]


def seen_by(request: Request):
    return queries.for_page(Report.objects.visible_to(request.user))


def find(request: Request, pk: int) -> Report:
    return get_object_or_404(seen_by(request), pk=pk)


def answer(request: Request, pk: int, code: int = status.HTTP_200_OK) -> Response:
    return Response(WholeReportSerializer(find(request, pk)).data, status=code)


def find_project(request: Request, pk: int) -> Project:
    return get_object_or_404(Project.objects.visible_to(request.user).select_related("agency", "client"), pk=pk)


class ProjectReportsView(ListAPIView):
    """The reports of a project; POST begins one more."""

    serializer_class = ReportSerializer
    queryset = Report.objects.none()

    @extend_schema(operation_id="project_reports")
    def get(self, request, pk: int):
        return super().get(request)

    def get_queryset(self):
        project = find_project(self.request, self.kwargs["pk"])
        rows = Report.objects.visible_to(self.request.user).filter(project=project).order_by()
        return rows.select_related("begun_by").defer("layout", "commentaries")

    @extend_schema(operation_id="reports_begin", request=NewReportSerializer, responses={201: WholeReportSerializer})
    def post(self, request: Request, pk: int) -> Response:
        project = find_project(request, pk)
        actions.demand_writing(project, by=request.user)
        begun = actions.begin_report(project, by=request.user, **read(NewReportSerializer, request))
        return answer(request, begun.pk, status.HTTP_201_CREATED)


class ReportView(APIView):
    @extend_schema(operation_id="reports_read", responses=WholeReportSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """The whole report."""
        return answer(request, pk)

    @extend_schema(operation_id="reports_edit", request=ReportEditSerializer, responses=WholeReportSerializer)
    def patch(self, request: Request, pk: int) -> Response:
        """Write in a draft: the words of its blocks, its days, its language, whose law the footnotes follow."""
        report = find(request, pk)
        actions.demand_writing(report.project, by=request.user)
        actions.edit_report(report, by=request.user, **read(ReportEditSerializer, request))
        return answer(request, pk)

    @extend_schema(operation_id="reports_drop", responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        """Throw a draft away."""
        actions.drop_report(find(request, pk), by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


class ReportCheckView(APIView):
    @extend_schema(
        operation_id="reports_send_to_check", request=EmptySerializer, responses={201: WholeReportSerializer}
    )
    def post(self, request: Request, pk: int) -> Response:
        """Ask a colleague to check it; 409 names the blocks whose mandatory words are missing."""
        actions.send_to_check(find(request, pk), by=request.user)
        return answer(request, pk, status.HTTP_201_CREATED)

    @extend_schema(operation_id="reports_take_back", responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        """Take it back and go on writing."""
        actions.take_back(find(request, pk), by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


class ReportApprovalView(APIView):
    @extend_schema(
        operation_id="reports_pass_check", request=RevisionSerializer, responses={201: WholeReportSerializer}
    )
    def post(self, request: Request, pk: int) -> Response:
        """All is right, says a colleague of whoever wrote it."""
        report = find(request, pk)
        actions.demand_writing(report.project, by=request.user)
        actions.pass_check(report, by=request.user, **read(RevisionSerializer, request))
        return answer(request, pk, status.HTTP_201_CREATED)


class ReportReturnView(APIView):
    @extend_schema(operation_id="reports_return", request=ReturnSerializer, responses={201: WholeReportSerializer})
    def post(self, request: Request, pk: int) -> Response:
        """Back to whoever wrote it, with what is to be mended."""
        report = find(request, pk)
        actions.demand_writing(report.project, by=request.user)
        actions.return_report(report, by=request.user, **read(ReturnSerializer, request))
        return answer(request, pk, status.HTTP_201_CREATED)


class ReportRemarksView(ListAPIView):
    """What the agency's people say of it among themselves; the client's get 404."""

    serializer_class = ReportRemarkSerializer
    queryset = ReportRemark.objects.none()

    @extend_schema(operation_id="report_remarks")
    def get(self, request, pk: int):
        return super().get(request)

    def get_queryset(self):
        report = find_for_agency(self.request, self.kwargs["pk"])
        return ReportRemark.objects.visible_to(self.request.user).filter(report=report).select_related("by").order_by()

    @extend_schema(
        operation_id="report_remarks_add", request=ReportRemarkSerializer, responses={201: ReportRemarkSerializer}
    )
    def post(self, request: Request, pk: int) -> Response:
        report = find_for_agency(request, pk)
        said = actions.add_remark(report, by=request.user, **read(ReportRemarkSerializer, request))
        return Response(ReportRemarkSerializer(said).data, status=status.HTTP_201_CREATED)


def find_for_agency(request: Request, pk: int) -> Report:
    """For the client's people there are no remarks, not even a place for them."""
    ours = Project.objects.visible_to(request.user).filter(agency__memberships__user=request.user)
    return get_object_or_404(seen_by(request).filter(project__in=ours), pk=pk)


class ReportIssueView(APIView):
    @extend_schema(operation_id="reports_issue", request=EmptySerializer, responses={201: WholeReportSerializer})
    def post(self, request: Request, pk: int) -> Response:
        """Freeze it for good and tell both sides; 409 says what it still waits for."""
        actions.issue_report(find(request, pk), by=request.user)
        return answer(request, pk, status.HTTP_201_CREATED)


class ReportCorrectionView(APIView):
    @extend_schema(operation_id="reports_correct", request=EmptySerializer, responses={201: WholeReportSerializer})
    def post(self, request: Request, pk: int) -> Response:
        """Begin a new report over the same days that says which one it corrects."""
        begun = actions.begin_correction(find(request, pk), by=request.user)
        return answer(request, begun.pk, status.HTTP_201_CREATED)


# --- To take along --------------------------------------------------------------------------------------------------


def language_asked(request: Request) -> str:
    asked = request.query_params.get("lang", "")
    return asked if asked in Tongue.values else translation.get_language()


class ReportPdfView(APIView):
    @extend_schema(operation_id="reports_pdf", parameters=[LANGUAGE], responses={(200, PDF_TYPE): OpenApiTypes.BINARY})
    def get(self, request: Request, pk: int):
        """The report on paper; 409 where the server can make no PDF."""
        report = find(request, pk)
        with translation.override(language_asked(request)):
            made = report_papers.as_pdf(report)
            if made is None:
                raise Refused(_("This machine can’t make PDF files. Print the page instead."), code="no-pdf")
            return report_papers.as_file(made, report)


class ReportXlsxView(APIView):
    @extend_schema(
        operation_id="reports_xlsx",
        parameters=[LANGUAGE],
        responses={(200, report_sheets.XLSX_TYPE): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, pk: int):
        """Every number with where it comes from."""
        report = find(request, pk)
        with translation.override(language_asked(request)):
            return report_sheets.as_file(report_sheets.as_xlsx(report), report)


# --- The timetable --------------------------------------------------------------------------------------------------


class TimetableSerializer(serializers.ModelSerializer):
    class Meta:
        model = ReportTimetable
        fields = ["cadence", "template", "language", "next_first", "set_at"]


class TimetableTermsSerializer(serializers.Serializer):
    cadence = serializers.ChoiceField(ReportTimetable.Cadence.choices)
    template = SeenField(templates_seen_by, required=False, allow_null=True)
    language = serializers.ChoiceField(Tongue.choices, required=False)


class ReportTimetableView(APIView):
    @extend_schema(operation_id="report_timetable", responses=TimetableSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """How often a draft begins by itself; 404 where none does."""
        kept = get_object_or_404(ReportTimetable, project=find_project(request, pk))
        return Response(TimetableSerializer(kept).data)

    @extend_schema(operation_id="report_timetable_set", request=TimetableTermsSerializer, responses=TimetableSerializer)
    def put(self, request: Request, pk: int) -> Response:
        project = find_project(request, pk)
        report_timetables.demand_timing(project, by=request.user)
        kept = report_timetables.set_timetable(project, by=request.user, **read(TimetableTermsSerializer, request))
        return Response(TimetableSerializer(kept).data)

    @extend_schema(operation_id="report_timetable_drop", responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        report_timetables.drop_timetable(find_project(request, pk), by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)
