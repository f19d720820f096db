"""The report templates of an agency as JSON."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import generics, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from kpis import blocks
from kpis.actions import report_templates as actions
from kpis.forms.reports import agencies_run_by
from kpis.models import ReportTemplate
from kpis.models.reports import Jurisdiction
from projects.api.common import SeenField, read
from smmportal.api import EmptySerializer
from smmportal.people.models import check_plain_name


class BlockSerializer(serializers.Serializer):
    """A block of a template. `key` left out is the kind; `count` and `age` are of the kind «posts» only."""

    key = serializers.CharField(required=False, max_length=40)
    kind = serializers.ChoiceField([(kind, kind) for kind in blocks.KINDS])
    title = serializers.CharField(required=False, allow_blank=True, max_length=blocks.LONGEST_TITLE)
    must_comment = serializers.BooleanField(required=False)
    count = serializers.IntegerField(required=False, min_value=1, max_value=blocks.MOST_POSTS)
    age = serializers.ChoiceField([(age, age) for age in blocks.AGES], required=False)


class ReportTemplateSerializer(serializers.ModelSerializer):
    edited_by = serializers.CharField(source="edited_by.name", read_only=True)
    layout = serializers.SerializerMethodField()

    class Meta:
        model = ReportTemplate
        fields = ["id", "agency", "name", "layout", "jurisdiction", "revision", "edited_by", "edited_at", "archived_at"]

    @extend_schema_field(BlockSerializer(many=True))
    def get_layout(self, template: ReportTemplate):
        return template.layout


class NewReportTemplateSerializer(serializers.Serializer):
    """Without a layout it begins as the portal's own."""

    agency = SeenField(agencies_run_by, required=False, help_text="Needed by who runs several agencies.")
    name = serializers.CharField(max_length=120, validators=[check_plain_name])
    layout = BlockSerializer(many=True, required=False)
    jurisdiction = serializers.ChoiceField(Jurisdiction.choices, required=False, allow_blank=True)

    def validate(self, attrs: dict) -> dict:
        if "agency" not in attrs:
            agencies = agencies_run_by(self.context["request"].user)
            if len(agencies) != 1:
                raise serializers.ValidationError({"agency": self.error_messages["required"]})
            attrs["agency"] = agencies[0]
        return attrs


class ReportTemplateEditSerializer(serializers.Serializer):
    """`revision` is that of the template as it was read."""

    name = serializers.CharField(max_length=120, validators=[check_plain_name], required=False)
    layout = BlockSerializer(many=True, required=False)
    jurisdiction = serializers.ChoiceField(Jurisdiction.choices, required=False, allow_blank=True)
    revision = serializers.IntegerField(min_value=0)


def templates_of(request: Request):
    return ReportTemplate.objects.visible_to(request.user).select_related("agency", "edited_by")


class ReportTemplateList(generics.ListAPIView):
    """The agency's own report templates; POST makes one more."""

    serializer_class = ReportTemplateSerializer
    queryset = ReportTemplate.objects.none()

    @extend_schema(operation_id="report_templates")
    def get(self, request):
        return super().get(request)

    def get_queryset(self):
        return templates_of(self.request).order_by()

    @extend_schema(
        operation_id="report_templates_make",
        request=NewReportTemplateSerializer,
        responses={201: ReportTemplateSerializer},
    )
    def post(self, request: Request) -> Response:
        made = actions.make_template(by=request.user, **read(NewReportTemplateSerializer, request))
        return Response(ReportTemplateSerializer(made).data, status=status.HTTP_201_CREATED)


class ReportTemplateDetail(APIView):
    """One template. DELETE puts it away; POST to its restoration takes it back."""

    @extend_schema(operation_id="report_templates_read", responses=ReportTemplateSerializer)
    def get(self, request: Request, pk: int) -> Response:
        return Response(ReportTemplateSerializer(get_object_or_404(templates_of(request), pk=pk)).data)

    @extend_schema(
        operation_id="report_templates_edit", request=ReportTemplateEditSerializer, responses=ReportTemplateSerializer
    )
    def patch(self, request: Request, pk: int) -> Response:
        found = get_object_or_404(templates_of(request), pk=pk)
        actions.demand_editing(found.agency, by=request.user)
        edited = actions.edit_template(found, by=request.user, **read(ReportTemplateEditSerializer, request))
        return Response(ReportTemplateSerializer(edited).data)

    @extend_schema(operation_id="report_templates_archive", responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        actions.archive_template(get_object_or_404(templates_of(request), pk=pk), by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


class ReportTemplateRestoration(APIView):
    @extend_schema(
        operation_id="report_templates_restore", request=EmptySerializer, responses={201: ReportTemplateSerializer}
    )
    def post(self, request: Request, pk: int) -> Response:
        found = actions.restore_template(get_object_or_404(templates_of(request), pk=pk), by=request.user)
        return Response(ReportTemplateSerializer(found).data, status=status.HTTP_201_CREATED)
