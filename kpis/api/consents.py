"""Access by consent, and giving it up, through the API. The person who began is the one who must come back."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers, status
from rest_framework.response import Response
from rest_framework.views import APIView

from kpis.actions import consents as actions
from kpis.actions import logins as login_actions
from kpis.connectors import CONNECTORS
from kpis.models import PlatformLogin, Source
from projects.models import Project
from projects.origins import place_named
from smmportal.api import EmptySerializer


class NewConsentSerializer(serializers.Serializer):
    """`from` names the answer of the brief that the source will come from, such as «3.F1.0»."""

    platform = serializers.ChoiceField(choices=sorted(CONNECTORS))

    def get_fields(self) -> dict:
        origin = serializers.CharField(max_length=100, required=False, allow_blank=True, default="")
        return {**super().get_fields(), "from": origin}


class ConsentSerializer(serializers.Serializer):
    """Where to send the person: it serves once and for ten minutes, for them, logged in to the portal."""

    url = serializers.URLField(read_only=True)


class ConsentsView(APIView):
    @extend_schema(operation_id="consents_begin", request=NewConsentSerializer, responses={201: ConsentSerializer})
    def post(self, request, pk: int):
        """Begin granting access on the platform's own page. They come back to the accounts that it opens."""
        project = get_object_or_404(Project.objects.visible_to(request.user), pk=pk)
        asked = NewConsentSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        origin = str(place_named(project, asked.validated_data["from"]) or "")
        platform = asked.validated_data["platform"]
        url = actions.begin_consent(project, platform=platform, by=request.user, origin=origin)
        return Response({"url": url}, status=status.HTTP_201_CREATED)


class SourceConsentsView(APIView):
    @extend_schema(operation_id="sources_consent", request=EmptySerializer, responses={201: ConsentSerializer})
    def post(self, request, pk: int):
        """Begin replacing the access of a source on the platform's own page."""
        seen = Source.objects.visible_to(request.user).select_related("project")
        url = actions.begin_reauthorisation(get_object_or_404(seen, pk=pk), by=request.user)
        return Response({"url": url}, status=status.HTTP_201_CREATED)


# --- Logins ---------------------------------------------------------------------------------------------------------


class LoginSerializer(serializers.ModelSerializer):
    """Access that an organisation of yours keeps. What it opens the platform with is shown to nobody."""

    organisation = serializers.CharField(source="organisation.name", read_only=True)
    granted_by = serializers.CharField(source="granted_by.name", read_only=True)
    scopes = serializers.ListField(child=serializers.CharField(), read_only=True)

    class Meta:
        model = PlatformLogin
        fields = ["id", "platform", "name", "organisation", "scopes", "granted_by", "granted_at", "expires_at"]
        fields += ["refused_at", "revoked_at"]
        read_only_fields = fields


class RevocationSerializer(serializers.Serializer):
    """`anyway`: forget it here even when the platform does not answer."""

    anyway = serializers.BooleanField(default=False)


class RevokedSerializer(serializers.Serializer):
    platform_knows = serializers.BooleanField()


def own_logins(request):
    seen = PlatformLogin.objects.visible_to(request.user).distinct()
    return seen.select_related("organisation", "granted_by")


class LoginListView(generics.ListAPIView):
    """The accesses that your organisations keep."""

    serializer_class = LoginSerializer
    queryset = PlatformLogin.objects.none()

    def get_queryset(self):
        return own_logins(self.request).defer("credentials").order_by()


class LoginRevocationView(APIView):
    @extend_schema(operation_id="logins_revoke", request=RevocationSerializer, responses=RevokedSerializer)
    def post(self, request, pk: int):
        """Give the access up: the platform is told, it is deleted here, its sources wait for a new one."""
        login = get_object_or_404(own_logins(request), pk=pk)
        login_actions.demand_to_revoke(request.user, login)
        asked = RevocationSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        knows = login_actions.revoke_access(login, by=request.user, **asked.validated_data)
        return Response({"platform_knows": knows})
