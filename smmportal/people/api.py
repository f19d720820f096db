from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from smmportal.people import actions
from smmportal.people.models import ApiToken, Invitation, Membership, Organisation, Role, User, check_plain_name


class MeSerializer(serializers.ModelSerializer):
    class Meta:
        model = User
        fields = ["id", "email", "name", "language", "timezone"]
        read_only_fields = ["email"]


class OrganisationSerializer(serializers.ModelSerializer):
    class Meta:
        model = Organisation
        fields = ["id", "name", "kind", "agency"]


class NewClientSerializer(serializers.Serializer):
    name = serializers.CharField(max_length=160, validators=[check_plain_name])


class PersonSerializer(serializers.ModelSerializer):
    class Meta:
        model = User
        fields = ["id", "name", "email"]


class MembershipSerializer(serializers.ModelSerializer):
    person = PersonSerializer(source="user")

    class Meta:
        model = Membership
        fields = ["id", "organisation", "person", "role", "joined_at"]


class RoleSerializer(serializers.Serializer):
    role = serializers.ChoiceField(Role.choices)


class InvitationSerializer(serializers.ModelSerializer):
    class Meta:
        model = Invitation
        fields = ["id", "organisation", "email", "role", "language", "created_at", "expires_at", "invited_by"]


class NewInvitationSerializer(serializers.Serializer):
    organisation = serializers.IntegerField(min_value=1, max_value=2**63 - 1)
    email = serializers.EmailField(max_length=254)
    role = serializers.ChoiceField(Role.choices)
    language = serializers.ChoiceField(User._meta.get_field("language").choices, default="ru")


class TokenSerializer(serializers.ModelSerializer):
    class Meta:
        model = ApiToken
        fields = ["id", "name", "created_at", "used_at"]


class NewTokenSerializer(serializers.Serializer):
    name = serializers.CharField(max_length=80)


class IssuedTokenSerializer(TokenSerializer):
    secret = serializers.CharField(help_text="The token itself. It is shown in this answer and never again.")

    class Meta(TokenSerializer.Meta):
        fields = [*TokenSerializer.Meta.fields, "secret"]


def read(serializer_class: type[serializers.Serializer], request: Request) -> dict:
    """What was sent, checked; 400 with the fields that are wrong."""
    serializer = serializer_class(data=request.data)
    serializer.is_valid(raise_exception=True)
    return serializer.validated_data


class MeView(APIView):
    @extend_schema(operation_id="me", summary="Who you are", responses=MeSerializer)
    def get(self, request: Request) -> Response:
        return Response(MeSerializer(request.user).data)

    @extend_schema(
        operation_id="change_me",
        summary="Change your name, language or time zone",
        request=MeSerializer,
        responses=MeSerializer,
    )
    def patch(self, request: Request) -> Response:
        serializer = MeSerializer(User.objects.get(pk=request.user.pk), data=request.data, partial=True)
        serializer.is_valid(raise_exception=True)
        said = {"name": request.user.name, "language": request.user.language, "timezone": request.user.timezone}
        said |= serializer.validated_data
        user = actions.change_settings(
            request.user, name=said["name"], language=said["language"], time_zone=said["timezone"]
        )
        return Response(MeSerializer(user).data)


@extend_schema(summary="The organisations you see: yours, your clients, the agency you work with")
class OrganisationsView(generics.ListAPIView):
    serializer_class = OrganisationSerializer
    filterset_fields = ["kind", "agency"]

    def get_queryset(self):
        return Organisation.objects.visible_to(self.request.user)


@extend_schema(summary="One organisation")
class OrganisationView(generics.RetrieveAPIView):
    serializer_class = OrganisationSerializer

    def get_queryset(self):
        return Organisation.objects.visible_to(self.request.user)


class ClientsView(APIView):
    @extend_schema(
        operation_id="add_client",
        summary="Put a client on the agency's list",
        request=NewClientSerializer,
        responses={201: OrganisationSerializer},
    )
    def post(self, request: Request, pk: int) -> Response:
        agency = get_object_or_404(Organisation.objects.visible_to(request.user), pk=pk)
        actions.demand_adding_clients(agency, by=request.user)
        client = actions.add_client(agency, **read(NewClientSerializer, request), by=request.user)
        return Response(OrganisationSerializer(client).data, status=status.HTTP_201_CREATED)


@extend_schema(summary="The people of your organisations and of the clients you run")
class MembershipsView(generics.ListAPIView):
    serializer_class = MembershipSerializer
    filterset_fields = ["organisation", "role"]

    def get_queryset(self):
        return Membership.objects.visible_to(self.request.user).select_related("user")


class MembershipView(APIView):
    def find(self, request: Request, pk: int) -> Membership:
        rows = Membership.objects.visible_to(request.user).select_related("organisation", "user")
        return get_object_or_404(rows, pk=pk)

    @extend_schema(operation_id="membership", summary="One person in one organisation", responses=MembershipSerializer)
    def get(self, request: Request, pk: int) -> Response:
        return Response(MembershipSerializer(self.find(request, pk)).data)

    @extend_schema(
        operation_id="change_role",
        summary="Give a person another role",
        request=RoleSerializer,
        responses=MembershipSerializer,
    )
    def patch(self, request: Request, pk: int) -> Response:
        found = self.find(request, pk)
        changed = actions.change_role(found, **read(RoleSerializer, request), by=request.user)
        return Response(MembershipSerializer(changed).data)

    @extend_schema(operation_id="end_membership", summary="Let a person go, or leave", responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        actions.end_membership(self.find(request, pk), by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


class InvitationsView(generics.ListAPIView):
    serializer_class = InvitationSerializer
    filterset_fields = ["organisation"]

    def get_queryset(self):
        rows = Invitation.objects.visible_to(self.request.user)
        return rows.filter(accepted_at=None, revoked_at=None)

    @extend_schema(summary="Invitations that wait for an answer")
    def get(self, request: Request, *args, **kwargs) -> Response:
        return super().get(request, *args, **kwargs)

    @extend_schema(
        operation_id="invite",
        summary="Invite a person by e-mail",
        description="An earlier invitation of the same person stops working. The link is in the letter only.",
        request=NewInvitationSerializer,
        responses={201: InvitationSerializer},
    )
    def post(self, request: Request) -> Response:
        sent = read(NewInvitationSerializer, request)
        organisation = get_object_or_404(Organisation.objects.visible_to(request.user), pk=sent.pop("organisation"))
        invitation, _secret = actions.invite(organisation, **sent, by=request.user)
        return Response(InvitationSerializer(invitation).data, status=status.HTTP_201_CREATED)


class InvitationView(APIView):
    @extend_schema(operation_id="revoke_invitation", summary="Withdraw an invitation", responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        found = get_object_or_404(Invitation.objects.visible_to(request.user).select_related("organisation"), pk=pk)
        actions.revoke_invitation(found, by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


class TokensView(generics.ListAPIView):
    serializer_class = TokenSerializer

    def get_queryset(self):
        return ApiToken.objects.visible_to(self.request.user).alive()

    @extend_schema(summary="Your API tokens")
    def get(self, request: Request, *args, **kwargs) -> Response:
        return super().get(request, *args, **kwargs)

    @extend_schema(
        operation_id="issue_token",
        summary="Make a token",
        request=NewTokenSerializer,
        responses={201: IssuedTokenSerializer},
    )
    def post(self, request: Request) -> Response:
        token, secret = actions.issue_token(request.user, **read(NewTokenSerializer, request))
        token.secret = secret
        return Response(IssuedTokenSerializer(token).data, status=status.HTTP_201_CREATED)


class TokenView(APIView):
    @extend_schema(operation_id="revoke_token", summary="Revoke a token", responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        actions.revoke_token(get_object_or_404(ApiToken.objects.visible_to(request.user), pk=pk), by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)
