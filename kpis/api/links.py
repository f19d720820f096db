"""The links by which accounts are connected without a login."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from kpis.actions import links as actions
from kpis.actions.sources import demand_to_connect
from kpis.models import ConnectionLink
from projects.models import Project
from smmportal.people.links import STATES
from smmportal.people.models import Side, check_plain_name


class ConnectionLinkSerializer(serializers.ModelSerializer):
    """A link as it stands: for whom, for which platforms, and what was connected by it."""

    created_by = serializers.CharField(source="created_by.name", read_only=True)
    organisation = serializers.CharField(source="organisation.name", read_only=True)
    platforms = serializers.ListField(child=serializers.CharField(), read_only=True)
    sources = serializers.PrimaryKeyRelatedField(many=True, read_only=True)
    state = serializers.ChoiceField(STATES, read_only=True)

    class Meta:
        model = ConnectionLink
        fields = ["id", "name", "platforms", "language", "organisation", "state", "sources", "created_by", "created_at"]
        fields += ["expires_at", "first_opened_at", "finished_at", "revoked_at"]
        read_only_fields = fields


class MadeConnectionLinkSerializer(ConnectionLinkSerializer):
    link = serializers.CharField(read_only=True, help_text="Shown in this answer and nowhere else.")

    class Meta(ConnectionLinkSerializer.Meta):
        fields = [*ConnectionLinkSerializer.Meta.fields, "link"]
        read_only_fields = fields


class NewConnectionLinkSerializer(serializers.Serializer):
    """`platforms` left out means any; `side` is whose accounts these are, which only the agency chooses."""

    name = serializers.CharField(max_length=120, validators=[check_plain_name])
    platforms = serializers.ListField(child=serializers.CharField(max_length=20), required=False)
    side = serializers.ChoiceField(choices=Side.choices, required=False)
    language = serializers.ChoiceField(choices=ConnectionLink._meta.get_field("language").choices, required=False)


class ConnectionLinkList(generics.ListAPIView):
    """Ask whoever holds the accounts to connect them: a link without a login, for seven days."""

    serializer_class = ConnectionLinkSerializer
    queryset = ConnectionLink.objects.none()

    def get_queryset(self):
        found = find_project(self.request, self.kwargs["pk"]).connection_links.order_by()
        return found.select_related("created_by", "organisation").prefetch_related("sources")

    @extend_schema(request=NewConnectionLinkSerializer, responses={201: MadeConnectionLinkSerializer})
    def post(self, request: Request, pk: int) -> Response:
        project = find_project(request, pk)
        asked = NewConnectionLinkSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        made, address = actions.make_connection_link(project, by=request.user, **asked.validated_data)
        made.link = address
        return Response(MadeConnectionLinkSerializer(made).data, status=status.HTTP_201_CREATED)


class ConnectionLinkDetail(APIView):
    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: int, link: int) -> Response:
        """Revoke the link; what was connected by it stays."""
        seen = ConnectionLink.objects.visible_to(request.user).filter(project=pk)
        found = get_object_or_404(seen.select_related("project__agency", "project__client"), pk=link)
        actions.revoke_connection_link(found, by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


def find_project(request: Request, pk: int) -> Project:
    project = get_object_or_404(Project.objects.visible_to(request.user), pk=pk)
    demand_to_connect(request.user, project)
    return project
