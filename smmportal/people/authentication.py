"""Personal tokens: `Authorization: Bearer …`."""

from django.utils import timezone, translation
from django.utils.translation import gettext as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework import exceptions
from rest_framework.authentication import BaseAuthentication, get_authorization_header

from smmportal.people.models import ApiToken, User


class BearerAuthentication(BaseAuthentication):
    def authenticate(self, request):
        scheme, _space, token = get_authorization_header(request).decode("latin-1").partition(" ")
        if scheme.lower() != "bearer":
            return None
        found = (
            ApiToken.objects.alive().filter(token_hash=ApiToken.hash_of(token.strip())).select_related("user").first()
        )
        if found is None or not found.user.is_active:
            raise exceptions.AuthenticationFailed(_("This token is unknown or was revoked."))
        found.note_use()
        speak_as(found.user, request)
        return found.user, found

    def authenticate_header(self, _request):
        return "Bearer"


def speak_as(person: User, request) -> None:
    """The person's own language, unless the program asks for another, and their time zone."""
    if not request.headers.get("Accept-Language"):
        translation.activate(person.language)
    timezone.activate(person.timezone)


class BearerScheme(OpenApiAuthenticationExtension):
    target_class = BearerAuthentication
    name = "token"

    def get_security_definition(self, _auto_schema):
        return {"type": "http", "scheme": "bearer"}
