"""What we know (competitors, contacts, forbidden topics) and the materials asked for, as JSON."""

from django.shortcuts import get_object_or_404
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from projects import actions, queries
from projects.api.common import SeenField, people_seen_by, projects_of, read
from projects.api.origins import ORIGIN, OriginSerializer, take_origin
from projects.models import Competitor, Contact, ForbiddenTopic, MaterialRequest
from smmportal.api import EmptySerializer, IdFilter


class OfProjectSerializer(OriginSerializer, serializers.ModelSerializer):
    project = serializers.IntegerField(source="project_id", min_value=1)


class CompetitorSerializer(OfProjectSerializer):
    class Meta:
        model = Competitor
        fields = ["id", "project", *Competitor.EDITABLE, *ORIGIN, "created_at"]


class ContactSerializer(OfProjectSerializer):
    class Meta:
        model = Contact
        fields = ["id", "project", *Contact.EDITABLE, *ORIGIN, "created_at"]


class ForbiddenTopicSerializer(OfProjectSerializer):
    class Meta:
        model = ForbiddenTopic
        fields = ["id", "project", *ForbiddenTopic.EDITABLE, *ORIGIN, "created_at"]


class CompetitorEditSerializer(serializers.ModelSerializer):
    class Meta:
        model = Competitor
        fields = Competitor.EDITABLE


class ContactEditSerializer(serializers.ModelSerializer):
    class Meta:
        model = Contact
        fields = Contact.EDITABLE


class ForbiddenTopicEditSerializer(serializers.ModelSerializer):
    class Meta:
        model = ForbiddenTopic
        fields = ForbiddenTopic.EDITABLE


class ProjectFilter(filters.FilterSet):
    project = IdFilter()


class KnownList(generics.ListCreateAPIView):
    """Lines of what we know; with `from_key` a new one says which answer it came from."""

    filterset_class = ProjectFilter

    def get_queryset(self):
        rows = self.queryset.model.objects.visible_to(self.request.user)
        return queries.with_origin(rows.select_related("project__agency", "project__client"))

    def perform_create(self, serializer) -> None:
        words = dict(serializer.validated_data)
        project = get_object_or_404(projects_of(self.request), pk=words.pop("project_id"))
        origin = take_origin(words, project)
        model = self.queryset.model
        serializer.instance = actions.add_known(model, project, by=self.request.user, origin=origin, **words)


class KnownDetail(generics.RetrieveUpdateDestroyAPIView):
    http_method_names = ["get", "patch", "delete", "head", "options"]
    edit_serializer_class: type[serializers.ModelSerializer]

    def get_queryset(self):
        rows = self.queryset.model.objects.visible_to(self.request.user)
        return queries.with_origin(rows.select_related("project__agency", "project__client"))

    def patch(self, request: Request, *args, **kwargs) -> Response:
        row = self.get_object()
        words = read(self.edit_serializer_class, request, instance=row, partial=True)
        return Response(self.get_serializer(actions.edit_known(row, by=request.user, **words)).data)

    def perform_destroy(self, row) -> None:
        actions.remove_known(row, by=self.request.user)


class CompetitorList(KnownList):
    queryset = Competitor.objects.none()
    serializer_class = CompetitorSerializer


@extend_schema(methods=["patch"], request=CompetitorEditSerializer)
class CompetitorDetail(KnownDetail):
    queryset = Competitor.objects.none()
    serializer_class = CompetitorSerializer
    edit_serializer_class = CompetitorEditSerializer


class ContactList(KnownList):
    queryset = Contact.objects.none()
    serializer_class = ContactSerializer


@extend_schema(methods=["patch"], request=ContactEditSerializer)
class ContactDetail(KnownDetail):
    queryset = Contact.objects.none()
    serializer_class = ContactSerializer
    edit_serializer_class = ContactEditSerializer


class ForbiddenTopicList(KnownList):
    queryset = ForbiddenTopic.objects.none()
    serializer_class = ForbiddenTopicSerializer


@extend_schema(methods=["patch"], request=ForbiddenTopicEditSerializer)
class ForbiddenTopicDetail(KnownDetail):
    queryset = ForbiddenTopic.objects.none()
    serializer_class = ForbiddenTopicSerializer
    edit_serializer_class = ForbiddenTopicEditSerializer


class MaterialSerializer(OfProjectSerializer):
    person = SeenField(people_seen_by, required=False, allow_null=True)

    class Meta:
        model = MaterialRequest
        fields = ["id", "project", *MaterialRequest.EDITABLE, *ORIGIN, "created_at", "delivered_at"]
        read_only_fields = ["created_at", "delivered_at"]


class MaterialEditSerializer(serializers.ModelSerializer):
    person = SeenField(people_seen_by, required=False, allow_null=True)

    class Meta:
        model = MaterialRequest
        fields = MaterialRequest.EDITABLE


class MaterialFilter(ProjectFilter):
    delivered = filters.BooleanFilter(field_name="delivered_at", lookup_expr="isnull", exclude=True)


def materials_of(request: Request):
    rows = MaterialRequest.objects.visible_to(request.user)
    return queries.with_origin(rows.select_related("project__agency", "project__client", "person", "created_by"))


class MaterialList(generics.ListCreateAPIView):
    """What one side asks the other to give."""

    queryset = MaterialRequest.objects.none()
    serializer_class = MaterialSerializer
    filterset_class = MaterialFilter

    def get_queryset(self):
        return materials_of(self.request)

    def perform_create(self, serializer) -> None:
        words = {"side": "client", **serializer.validated_data}
        project = get_object_or_404(projects_of(self.request), pk=words.pop("project_id"))
        origin = take_origin(words, project)
        serializer.instance = actions.ask_for_material(project, by=self.request.user, origin=origin, **words)


class MaterialDetail(APIView):
    @extend_schema(responses=MaterialSerializer)
    def get(self, request: Request, pk: int) -> Response:
        return Response(MaterialSerializer(get_object_or_404(materials_of(request), pk=pk)).data)

    @extend_schema(request=MaterialEditSerializer, responses=MaterialSerializer)
    def patch(self, request: Request, pk: int) -> Response:
        material = get_object_or_404(materials_of(request), pk=pk)
        words = read(MaterialEditSerializer, request, instance=material, partial=True)
        return Response(MaterialSerializer(actions.edit_material(material, by=request.user, **words)).data)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        actions.remove_material(get_object_or_404(materials_of(request), pk=pk), by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


class MaterialDelivery(APIView):
    """It is here; taking that back says that it is not."""

    @extend_schema(request=EmptySerializer, responses={201: MaterialSerializer})
    def post(self, request: Request, pk: int) -> Response:
        material = actions.deliver_material(get_object_or_404(materials_of(request), pk=pk), by=request.user)
        return Response(MaterialSerializer(material).data, status=status.HTTP_201_CREATED)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        actions.await_material(get_object_or_404(materials_of(request), pk=pk), by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)
