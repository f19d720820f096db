"""Files with the answers of a brief."""

from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from projects import actions
from projects.api.briefs import find_brief
from projects.api.common import read
from projects.models import AnswerFile
from smmportal import uploads


class AnswerFileSerializer(serializers.ModelSerializer):
    by = serializers.SerializerMethodField(help_text="Who gave it; a colleague by a link, by their own name.")
    content_type = serializers.CharField(read_only=True, help_text="What the content says, whatever the name says.")

    class Meta:
        model = AnswerFile
        fields = ["id", "key", "name", "size", "content_type", "sha256", "by", "at"]

    def get_by(self, file: AnswerFile) -> str:
        return file.delegation.name if file.delegation else str(file.by)


class NewFileSerializer(serializers.Serializer):
    file = serializers.FileField(allow_empty_file=True)


def files_seen(request: Request, pk: int):
    files = AnswerFile.objects.visible_to(request.user).filter(brief__project=pk)
    return files.select_related("by", "delegation", "brief__project__agency", "brief__project__client")


class AnswerFiles(APIView):
    """Put a file to the answer; what else is in the answer stays. 25 MB each, ten an answer, unless set otherwise."""

    parser_classes = [MultiPartParser]

    @extend_schema(request={"multipart/form-data": NewFileSerializer}, responses={201: AnswerFileSerializer})
    def post(self, request: Request, pk: int, key: str) -> Response:
        brief = find_brief(request, pk)
        given = actions.add_file(brief, key, by=request.user, **read(NewFileSerializer, request))
        return Response(AnswerFileSerializer(given).data, status=status.HTTP_201_CREATED)


class AnswerFileDetail(APIView):
    """The file itself, as a download; DELETE takes it off the answer, and a submitted version keeps it."""

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    def get(self, request: Request, pk: int, file: int):
        return uploads.give(get_object_or_404(files_seen(request, pk), pk=file))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: int, file: int) -> Response:
        actions.remove_file(get_object_or_404(files_seen(request, pk), pk=file), by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)
