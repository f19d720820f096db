"""Notes beside the lines of KPIs through the API: those that people write, and all that is known of some days."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.generics import GenericAPIView
from rest_framework.response import Response
from rest_framework.views import APIView

from kpis.actions.annotations import annotate, change_annotation, remove_annotation
from kpis.api.kpis import SPAN, SpanSerializer, find
from kpis.models import Annotation, Kpi
from kpis.queries.notes import TELLING, notes_of
from kpis.queries.standings import today_of
from projects.models import Project


class AnnotationSerializer(serializers.ModelSerializer):
    """A note that a person wrote; without a `kpi` it stands beside all of the project's."""

    class Meta:
        model = Annotation
        fields = ("id", "project", "kpi", "kind", "day", "until", "text", "by", "at")


class AnnotationWordsSerializer(serializers.Serializer):
    kind = serializers.ChoiceField(choices=Annotation.Kind.choices, required=False)
    day = serializers.DateField()
    until = serializers.DateField(required=False, allow_null=True)
    text = serializers.CharField(max_length=200)


class AnnotationMadeSerializer(AnnotationWordsSerializer):
    project = serializers.PrimaryKeyRelatedField(queryset=Project.objects.none())
    kpi = serializers.PrimaryKeyRelatedField(queryset=Kpi.objects.none(), required=False, allow_null=True)

    def get_fields(self) -> dict:
        fields = super().get_fields()
        if request := self.context.get("request"):
            fields["project"].queryset = Project.objects.visible_to(request.user)
            fields["kpi"].queryset = Kpi.objects.visible_to(request.user)
        return fields

    def validate(self, said: dict) -> dict:
        kpi = said.get("kpi")
        if kpi is not None and kpi.project_id != said["project"].pk:
            field = AnnotationMadeSerializer().fields["kpi"]
            raise serializers.ValidationError({"kpi": [field.error_messages["does_not_exist"].format(pk_value=kpi.pk)]})
        return said


class NoteSerializer(serializers.Serializer):
    """One thing that happened on a day, or from `day` to `until`; `number` is that of its mark on the page's chart."""

    number = serializers.IntegerField()
    day = serializers.DateField()
    until = serializers.DateField(allow_null=True)
    kind = serializers.ChoiceField(choices=TELLING)
    text = serializers.CharField()
    url = serializers.CharField(allow_blank=True)
    annotation = serializers.IntegerField(allow_null=True)


class AnnotationListView(GenericAPIView):
    serializer_class = AnnotationSerializer
    queryset = Annotation.objects.none()

    @extend_schema(operation_id="annotations_list", parameters=[OpenApiParameter("project", int)])
    def get(self, request):
        """The notes of your projects, the newest first."""
        found = Annotation.objects.visible_to(request.user)
        project = request.query_params.get("project", "")
        if project:
            found = found.filter(project=int(project)) if project.isdecimal() and len(project) < 19 else found.none()
        return self.get_paginated_response(AnnotationSerializer(self.paginate_queryset(found), many=True).data)

    @extend_schema(
        operation_id="annotations_create", request=AnnotationMadeSerializer, responses={201: AnnotationSerializer}
    )
    def post(self, request):
        """Write a note."""
        asked = AnnotationMadeSerializer(data=request.data, context={"request": request})
        asked.is_valid(raise_exception=True)
        note = annotate(by=request.user, **asked.validated_data)
        return Response(AnnotationSerializer(note).data, status=status.HTTP_201_CREATED)


class AnnotationView(APIView):
    @extend_schema(operation_id="annotations_read", responses=AnnotationSerializer)
    def get(self, request, pk: int):
        """One note."""
        return Response(AnnotationSerializer(find_note(request, pk)).data)

    @extend_schema(operation_id="annotations_change", request=AnnotationWordsSerializer, responses=AnnotationSerializer)
    def patch(self, request, pk: int):
        """Change what is sent; the rest stays."""
        note = find_note(request, pk)
        asked = AnnotationWordsSerializer(data=request.data, partial=True)
        asked.is_valid(raise_exception=True)
        return Response(AnnotationSerializer(change_annotation(note, by=request.user, **asked.validated_data)).data)

    @extend_schema(operation_id="annotations_remove", responses={204: None})
    def delete(self, request, pk: int):
        """Take it away."""
        remove_annotation(find_note(request, pk), by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


class KpiNotesView(APIView):
    @extend_schema(operation_id="kpis_notes", parameters=SPAN, responses=NoteSerializer(many=True))
    def get(self, request, pk: int):
        """What else happened on these days: written notes, posts, meetings, agreements, reviews, drops, holidays."""
        kpi = find(request, pk)
        span = SpanSerializer(data=request.query_params, today=today_of(kpi.project))
        span.is_valid(raise_exception=True)
        notes = notes_of(kpi, **span.validated_data)
        return Response(
            NoteSerializer([{"number": number, **vars(note)} for number, note in notes.numbered], many=True).data
        )


def find_note(request, pk: int) -> Annotation:
    return get_object_or_404(Annotation.objects.visible_to(request.user).select_related("project"), pk=pk)
