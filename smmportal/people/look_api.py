"""An agency's colour and mark as JSON."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from smmportal.people import looks
from smmportal.people.api import read
from smmportal.people.models import AgencyLogo, Organisation


class LogoSerializer(serializers.ModelSerializer):
    class Meta:
        model = AgencyLogo
        fields = ["id", "width", "height", "sha256", "given_at"]


class LookSerializer(serializers.Serializer):
    """`accent` is a colour like #0f5c74, or empty: then the portal's own is used. One that can't be read is refused."""

    accent = serializers.CharField(max_length=7, allow_blank=True)
    logo = LogoSerializer(read_only=True, allow_null=True)


class NewLogoSerializer(serializers.Serializer):
    file = serializers.FileField()


def find_agency(request: Request, pk: int) -> Organisation:
    return get_object_or_404(Organisation.objects.visible_to(request.user), pk=pk)


class LookView(APIView):
    @extend_schema(operation_id="look", responses=LookSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """How the agency looks: whoever sees the agency may know."""
        return Response(LookSerializer(find_agency(request, pk)).data)

    @extend_schema(operation_id="change_look", request=LookSerializer, responses=LookSerializer)
    def put(self, request: Request, pk: int) -> Response:
        """Another colour. One whose contrast is too low is refused, and the answer names the nearest that would do."""
        agency = find_agency(request, pk)
        looks.demand_dressing(agency, by=request.user)
        return Response(LookSerializer(looks.set_accent(agency, by=request.user, **read(LookSerializer, request))).data)


class LogoView(APIView):
    parser_classes = [MultiPartParser]

    @extend_schema(
        operation_id="put_logo", request={"multipart/form-data": NewLogoSerializer}, responses={201: LogoSerializer}
    )
    def post(self, request: Request, pk: int) -> Response:
        """A new mark: PNG, JPEG or WebP, at most 2 MB; it is drawn anew and the file itself is not kept."""
        agency = find_agency(request, pk)
        looks.demand_dressing(agency, by=request.user)
        made = looks.put_logo(agency, by=request.user, **read(NewLogoSerializer, request))
        return Response(LogoSerializer(made).data, status=status.HTTP_201_CREATED)

    @extend_schema(operation_id="take_logo_off", responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        looks.take_logo_off(find_agency(request, pk), by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)
