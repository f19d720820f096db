"""The links by which colleagues answer sections of a brief."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from projects import actions
from projects.api.briefs import find_brief
from projects.api.common import read
from projects.models import Delegation
from smmportal.people.links import STATES


class DelegationSerializer(serializers.ModelSerializer):
    created_by = serializers.CharField(source="created_by.name", read_only=True)
    state = serializers.ChoiceField(STATES, read_only=True)

    class Meta:
        model = Delegation
        fields = ["id", "section", "name", "email", "language", "state", "created_by", "created_at", "expires_at"]
        fields += ["first_opened_at", "finished_at", "revoked_at"]
        read_only_fields = ["created_at", "expires_at", "first_opened_at", "finished_at", "revoked_at"]


class NewDelegationSerializer(DelegationSerializer):
    link = serializers.CharField(read_only=True, help_text="Shown in this answer and nowhere else.")

    class Meta(DelegationSerializer.Meta):
        fields = [*DelegationSerializer.Meta.fields, "link"]


class DelegationList(generics.ListAPIView):
    """Ask a colleague to answer a section: a link without a login, for fourteen days."""

    serializer_class = DelegationSerializer
    queryset = Delegation.objects.none()

    def get_queryset(self):
        return find_brief(self.request, self.kwargs["pk"]).delegations.order_by().select_related("created_by")

    @extend_schema(request=DelegationSerializer, responses={201: NewDelegationSerializer})
    def post(self, request: Request, pk: int) -> Response:
        said = read(DelegationSerializer, request)
        made, address = actions.delegate_section(find_brief(request, pk), by=request.user, **said)
        made.link = address
        return Response(NewDelegationSerializer(made).data, status=status.HTTP_201_CREATED)


class DelegationDetail(APIView):
    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: int, delegation: int) -> Response:
        """Revoke the link; what was answered by it stays."""
        seen = Delegation.objects.visible_to(request.user).filter(brief__project=pk)
        found = get_object_or_404(
            seen.select_related("brief__project__agency", "brief__project__client"), pk=delegation
        )
        actions.revoke_delegation(found, by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)
