"""The rhythm of meetings as JSON: read it, agree on it, end it; and an open question for the next agenda."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from meetings.actions import bring_up_answer
from meetings.models import AgendaItem, Rhythm
from meetings.rhythm import current_rhythm, end_rhythm, set_rhythm
from projects.api.common import SeenField, people_seen_by, read
from projects.api.origins import ORIGIN, OriginSerializer, take_origin
from projects.models import Project
from projects.origins import place_at


class RhythmSerializer(OriginSerializer, serializers.ModelSerializer):
    """`weekday` counts from 0, Monday; `time` is in the project's zone; `people` must be there."""

    weekday = serializers.IntegerField(min_value=0, max_value=6, required=False, allow_null=True)
    people = SeenField(people_seen_by, many=True, required=False)
    notice_hours = serializers.IntegerField(min_value=0, max_value=24 * 14, required=False)

    class Meta:
        model = Rhythm
        fields = [*Rhythm.EDITABLE, *ORIGIN, "set_at"]
        read_only_fields = ["set_at"]


def find_project(request: Request, pk: int) -> Project:
    return get_object_or_404(Project.objects.visible_to(request.user).select_related("agency", "client"), pk=pk)


class RhythmView(APIView):
    @extend_schema(responses=RhythmSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """The rhythm now; 404 when there is none."""
        project = find_project(request, pk)
        rhythm = get_object_or_404(project.rhythms.current().select_related("from_version").prefetch_related("people"))
        return Response(RhythmSerializer(rhythm, context={"request": request}).data)

    @extend_schema(request=RhythmSerializer, responses=RhythmSerializer)
    def put(self, request: Request, pk: int) -> Response:
        """Agree on a rhythm; the one before ends."""
        project, words = find_project(request, pk), dict(read(RhythmSerializer, request))
        origin = take_origin(words, project)
        set_rhythm(project, by=request.user, origin=origin, **words)
        return Response(RhythmSerializer(current_rhythm(project), context={"request": request}).data)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        """No rhythm any more."""
        end_rhythm(find_project(request, pk), by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


class TopicSerializer(serializers.Serializer):
    from_key = serializers.CharField(max_length=40, help_text="A question answered with «don't know».")


class TopicLineSerializer(OriginSerializer, serializers.ModelSerializer):
    class Meta:
        model = AgendaItem
        fields = ["id", "meeting", "title", "position", *ORIGIN]


class TopicsView(APIView):
    """Put an open question of the latest brief on the agenda of the next meeting."""

    @extend_schema(request=TopicSerializer, responses={201: TopicLineSerializer})
    def post(self, request: Request, pk: int) -> Response:
        project = find_project(request, pk)
        place = place_at(project, key=read(TopicSerializer, request)["from_key"])
        line = bring_up_answer(place, by=request.user)
        return Response(TopicLineSerializer(line).data, status=status.HTTP_201_CREATED)
