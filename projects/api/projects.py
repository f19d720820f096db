"""The project itself as JSON."""

from django.shortcuts import get_object_or_404
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from projects import actions
from projects.api.common import SeenField, people_seen_by, projects_of, read
from projects.api.templates import TemplateField
from projects.forms import agencies_run_by
from projects.models import Project
from smmportal.api import EmptySerializer
from smmportal.people.models import Organisation, User, check_time_zone


def clients_of(user: User):
    return Organisation.objects.filter(agency__in=agencies_run_by(user))


class ProjectSerializer(serializers.ModelSerializer):
    agency = SeenField(agencies_run_by, required=False, help_text="Needed by who runs several agencies.")
    client = SeenField(clients_of, required=False, help_text="One of the agency's clients, or else `client_name`.")
    client_name = serializers.CharField(max_length=160, write_only=True, required=False)
    team = SeenField(people_seen_by, many=True, required=False)
    timezone = serializers.CharField(max_length=64, validators=[check_time_zone], required=False)
    template = TemplateField(
        write_only=True,
        required=False,
        help_text="“quick” (the default), “full” or a template's number.",
    )

    class Meta:
        model = Project
        fields = ["id", "name", "agency", "client", "client_name", "team", "timezone", "starts_on", "ends_on"]
        fields += ["template", "minutes_days", "created_at", "activated_at", "activation_reason", "closed_at"]
        read_only_fields = ["minutes_days", "created_at", "activated_at", "activation_reason", "closed_at"]

    def validate(self, attrs: dict) -> dict:
        if self.instance:
            return attrs
        if ("client" in attrs) == ("client_name" in attrs):
            raise serializers.ValidationError({"client": self.error_messages["required"]})
        attrs["client"] = attrs.pop("client_name", None) or attrs["client"]
        if "agency" not in attrs:
            attrs["agency"] = self.only_agency(attrs["client"])
        return attrs

    def only_agency(self, client: Organisation | str) -> Organisation:
        if isinstance(client, Organisation):
            return client.agency
        agencies = agencies_run_by(self.context["request"].user)
        if len(agencies) != 1:
            raise serializers.ValidationError({"agency": self.error_messages["required"]})
        return agencies[0]


class ProjectEditSerializer(ProjectSerializer):
    """What of a project can be changed."""

    agency = client = client_name = template = None

    class Meta(ProjectSerializer.Meta):
        fields = ["name", "team", "timezone", "starts_on", "ends_on", "minutes_days"]
        read_only_fields = []


class ProjectFilter(filters.FilterSet):
    closed = filters.BooleanFilter(field_name="closed_at", lookup_expr="isnull", exclude=True)

    class Meta:
        model = Project
        fields = ["client"]


class ProjectList(generics.ListCreateAPIView):
    """The projects that you see; opening a new one."""

    serializer_class = ProjectSerializer
    filterset_class = ProjectFilter
    queryset = Project.objects.none()

    def get_queryset(self):
        return projects_of(self.request)

    def perform_create(self, serializer) -> None:
        serializer.instance = actions.create_project(by=self.request.user, **serializer.validated_data)


class ProjectDetail(APIView):
    @extend_schema(responses=ProjectSerializer)
    def get(self, request: Request, pk: int) -> Response:
        return Response(ProjectSerializer(get_object_or_404(projects_of(request), pk=pk)).data)

    @extend_schema(request=ProjectEditSerializer, responses=ProjectSerializer)
    def patch(self, request: Request, pk: int) -> Response:
        project = get_object_or_404(projects_of(request), pk=pk)
        words = read(ProjectEditSerializer, request, instance=project, partial=True)
        actions.edit_project(project, by=request.user, **words)
        return Response(ProjectSerializer(get_object_or_404(projects_of(request), pk=pk)).data)


class ProjectClosure(APIView):
    """A closed project can be read and not changed."""

    @extend_schema(request=EmptySerializer, responses=ProjectSerializer)
    def post(self, request: Request, pk: int) -> Response:
        project = get_object_or_404(projects_of(request), pk=pk)
        return Response(ProjectSerializer(actions.close_project(project, by=request.user)).data)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        actions.reopen_project(get_object_or_404(projects_of(request), pk=pk), by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


class ActivationSerializer(serializers.Serializer):
    reason = serializers.CharField(max_length=1000)


class ProjectActivation(APIView):
    """Begin without the client's confirmation of the brief; the reason is told to both sides."""

    @extend_schema(request=ActivationSerializer, responses={201: ProjectSerializer})
    def post(self, request: Request, pk: int) -> Response:
        project = get_object_or_404(projects_of(request), pk=pk)
        actions.activate_project(project, by=request.user, **read(ActivationSerializer, request))
        return Response(ProjectSerializer(project).data, status=status.HTTP_201_CREATED)
