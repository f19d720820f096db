"""What Google's platforms share: what is pasted, how access is renewed, and how they say no.

An access token serves for an hour (`expires_in`); the refresh token that brings the next one stays the same. Errors of
the APIs are `{"error": {"code", "message", "status", "errors": [{"reason"}]}}`, those of the token address
`{"error": "invalid_grant", "error_description"}` (RFC 6749, 5.2). Google refuses the refresh token of an application
that is still being tested after seven days.
"""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from kpis.connectors.consent import App, ByConsent, Consent, Place
from kpis.connectors.contract import (
    Complaint,
    Credentials,
    Exchange,
    Field,
    Meaning,
    Permanent,
    RateLimited,
    Reauthorise,
    Renewed,
    ScopeMissing,
    Steps,
    Transient,
    only_dicts,
    renewed,
)
from smmportal.http import Request

TOKEN_PATH = "/oauth2/v4/token"  # noqa: S105 - an address, not a secret

_REFRESH_REFUSED = _(
    "Google no longer accepts the refresh token. Connect the source again with a fresh one; if this happens every "
    "week, publish your application in Google Cloud: until then its tokens serve for seven days."
)
_WRONG_CLIENT = _("Google does not know this client ID and secret. Copy both from your application in Google Cloud.")
_NOT_ENABLED = _("This API is switched off in your Google Cloud project. Switch it on, then try again.")
_WRONG_KEY = _("Google does not accept this API key. Copy it whole from Google Cloud.")

#: https://developers.google.com/youtube/v3/docs/errors — daily quotas begin anew at midnight in California.
ERRORS = (
    Meaning(RateLimited, {"quotaExceeded", "dailyLimitExceeded"}, wait=4 * 3600),
    Meaning(RateLimited, {"RESOURCE_EXHAUSTED"}, wait=3600),
    Meaning(RateLimited, {429, "rateLimitExceeded", "userRateLimitExceeded"}),
    Meaning(Permanent, {"accessNotConfigured", "SERVICE_DISABLED"}, sentence=_NOT_ENABLED),
    Meaning(Reauthorise, {"invalid_grant"}, sentence=_REFRESH_REFUSED),
    Meaning(Reauthorise, {"invalid_client", "unauthorized_client", "deleted_client"}, sentence=_WRONG_CLIENT),
    Meaning(Reauthorise, {"keyInvalid", "API_KEY_INVALID"}, sentence=_WRONG_KEY),
    Meaning(Reauthorise, {401, "UNAUTHENTICATED", "authError"}),
)

#: The end of a Google platform's table, after the rows of its own.
OTHER_ERRORS = (Meaning(ScopeMissing, {403}), Meaning(Permanent, {400, 404}), Meaning(Transient))


def google_fields(*, required: bool) -> tuple[Field, ...]:
    """What a person pastes so that access can be renewed."""
    return (
        Field(
            "refresh_token",
            _("Refresh token"),
            _("From Google's OAuth Playground or your own application, for the person who sees the statistics."),
            required=required,
        ),
        Field(
            "client_id",
            _("Client ID"),
            _("Of the application in Google Cloud that the refresh token was given to."),
            secret=False,
            required=required,
        ),
        Field("client_secret", _("Client secret"), _("Of the same application."), required=required),
    )


def google_consent(*scopes: str) -> Consent:
    """https://developers.google.com/identity/protocols/oauth2/web-server — a refresh token comes only `offline`, and
    after the first time only with `prompt=consent`."""
    return Consent(
        app="GOOGLE",
        door="Google",
        page=Place("GOOGLE_LOGIN_URL", "/o/oauth2/v2/auth"),
        token=Place("YOUTUBE_API_URL", TOKEN_PATH),
        revocation=Place("GOOGLE_OAUTH_URL", "/revoke"),
        scopes=tuple(f"https://www.googleapis.com/auth/{scope}" for scope in scopes),
        pkce=True,
        extra={"access_type": "offline", "prompt": "consent"},
        ends_all=True,
    )


class Google(ByConsent):
    """A platform of Google's: access is renewed with a refresh token, and errors come in Google's form."""

    def ask_revocation(self, place: Place, app: App, credentials: Credentials) -> Steps[Any]:
        """Of the refresh token: the access token may be over already."""
        token = credentials.get("refresh_token") or credentials.get("token", "")
        request = Request("POST", place.url, form={"token": token}, secrets=(token,))
        return (yield from self.fetch(request, judge=self.judge_grant))

    def renew_pasted(self, credentials: Credentials) -> Steps[Renewed | None]:
        if not credentials.get("refresh_token"):
            return None
        return (yield from self.exchanged(credentials))[0]

    def exchanged(self, credentials: Credentials) -> Steps[tuple[Renewed, tuple[str, ...]]]:
        """Access exchanged for what was pasted, and the rights that Google names with it. Raises ConnectorError."""
        pasted = {name: credentials.get(name, "") for name in ("client_id", "client_secret", "refresh_token")}
        request = Request(
            "POST",
            settings.PLATFORMS["YOUTUBE_API_URL"] + TOKEN_PATH,
            form={**pasted, "grant_type": "refresh_token"},
            secrets=tuple(pasted.values()),
        )
        body = yield from self.fetch(request)
        scopes = [scope.rpartition("/")[2] for scope in str(body.get("scope") or "").split()]
        return renewed(credentials, body), tuple(scopes)

    def complaint(self, exchange: Exchange, body: Mapping[str, Any]) -> Complaint | None:
        error = body.get("error")
        if isinstance(error, str):
            return Complaint((error,), str(body.get("error_description") or ""))
        if not isinstance(error, dict):
            return None
        causes = [*only_dicts(error.get("errors")), *only_dicts(error.get("details"))]
        reasons = [cause.get("reason") for cause in causes]
        codes = (error.get("code", exchange.status), error.get("status"), *reasons)
        return Complaint(codes, str(error.get("message") or ""), metric=self.asked_metrics(exchange))

    def asked_metrics(self, exchange: Exchange) -> str:
        """The platform's names of the metrics that were asked for, joined by commas."""
        return exchange.asked.get("metrics", "")
