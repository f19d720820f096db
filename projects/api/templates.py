"""The brief templates of an agency as JSON."""

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import generics, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from projects import actions, queries
from projects.api.common import SeenField, read
from projects.forms import agencies_run_by
from projects.models import BriefTemplate
from projects.questionnaire import SHIPPED
from smmportal.api import EmptySerializer
from smmportal.inputs import whole_number
from smmportal.people.models import check_plain_name


@extend_schema_field(OpenApiTypes.STR)
class TemplateField(serializers.Field):
    """«quick», «full», or the number of one of the agency's own templates."""

    default_error_messages = {"unknown": gettext_lazy("There is no such brief template. Choose another one.")}

    def to_internal_value(self, value: object) -> BriefTemplate | str:
        text = str(value) if isinstance(value, str | int) else ""
        if text in SHIPPED:
            return text
        seen = BriefTemplate.objects.visible_to(self.context["request"].user).in_use()
        found = seen.filter(pk=whole_number(text)).first()
        if found is None:
            self.fail("unknown")
        return found


class BriefTemplateSerializer(serializers.ModelSerializer):
    edited_by = serializers.CharField(source="edited_by.name", read_only=True)

    class Meta:
        model = BriefTemplate
        fields = ["id", "agency", "name", "revision", "edited_by", "edited_at", "archived_at"]


class WholeBriefTemplateSerializer(BriefTemplateSerializer):
    form = serializers.JSONField(read_only=True)

    class Meta(BriefTemplateSerializer.Meta):
        fields = [*BriefTemplateSerializer.Meta.fields, "form"]


class TemplateCopySerializer(serializers.Serializer):
    agency = SeenField(agencies_run_by, required=False, help_text="Needed by who runs several agencies.")
    source = TemplateField(default="quick", help_text="“quick”, “full” or a template's number.")
    name = serializers.CharField(max_length=120, validators=[check_plain_name])

    def validate(self, attrs: dict) -> dict:
        if "agency" not in attrs:
            agencies = agencies_run_by(self.context["request"].user)
            if len(agencies) != 1:
                raise serializers.ValidationError({"agency": self.error_messages["required"]})
            attrs["agency"] = agencies[0]
        return attrs


class TemplateEditSerializer(serializers.Serializer):
    """`revision` is that of the template as it was read; keys left out of the form are made by the portal."""

    name = serializers.CharField(max_length=120, validators=[check_plain_name], required=False)
    form = serializers.JSONField(required=False)
    revision = serializers.IntegerField(min_value=0)


def templates_of(request: Request):
    return BriefTemplate.objects.visible_to(request.user).select_related("agency", "edited_by")


class BriefTemplateList(generics.ListAPIView):
    """The agency's own templates; a new one is a copy of «quick», of «full» or of another of its own."""

    serializer_class = BriefTemplateSerializer
    queryset = BriefTemplate.objects.none()

    def get_queryset(self):
        return templates_of(self.request).order_by().defer("form")

    @extend_schema(request=TemplateCopySerializer, responses={201: WholeBriefTemplateSerializer})
    def post(self, request: Request) -> Response:
        made = actions.copy_template(by=request.user, **read(TemplateCopySerializer, request))
        return Response(WholeBriefTemplateSerializer(made).data, status=status.HTTP_201_CREATED)


class BriefTemplateDetail(APIView):
    """One template. DELETE puts it away; POST to its restoration takes it back."""

    @extend_schema(responses=WholeBriefTemplateSerializer)
    def get(self, request: Request, pk: int) -> Response:
        return Response(WholeBriefTemplateSerializer(get_object_or_404(templates_of(request), pk=pk)).data)

    @extend_schema(request=TemplateEditSerializer, responses=WholeBriefTemplateSerializer)
    def patch(self, request: Request, pk: int) -> Response:
        found = get_object_or_404(templates_of(request), pk=pk)
        said = read(TemplateEditSerializer, request)
        change = (lambda _form: said["form"]) if "form" in said else None
        edited = actions.edit_template(
            found, revision=said["revision"], name=said.get("name"), change=change, by=request.user
        )
        return Response(WholeBriefTemplateSerializer(edited).data)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        actions.archive_template(get_object_or_404(templates_of(request), pk=pk), by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


class BriefTemplateRestoration(APIView):
    @extend_schema(request=EmptySerializer, responses={201: WholeBriefTemplateSerializer})
    def post(self, request: Request, pk: int) -> Response:
        restored = actions.restore_template(get_object_or_404(templates_of(request), pk=pk), by=request.user)
        return Response(WholeBriefTemplateSerializer(restored).data, status=status.HTTP_201_CREATED)


class ShippedFormSerializer(serializers.Serializer):
    tier = serializers.CharField()
    name = serializers.CharField()
    form = serializers.JSONField()


class ShippedForms(APIView):
    """The portal's own two forms, always on offer; copy one to edit it."""

    @extend_schema(responses=ShippedFormSerializer(many=True))
    def get(self, request: Request) -> Response:
        forms = [{"tier": tier, "name": queries.shipped_name(tier), "form": form} for tier, form in SHIPPED.items()]
        return Response(ShippedFormSerializer(forms, many=True).data)
