"""Access granted on the platform's own page: OAuth 2 (RFC 6749) with PKCE (RFC 7636) where the platform has it.

What is a platform's own stands in its `Consent`; the rest of the round trip is the same for all of them: `begin` says
where to send the person, `exchange` turns the code that they bring back into access, `renew` and `revoke` go on from
there. Like every connector it opens no connection. The application's secret is read from the settings whenever it is
needed and is kept with nobody's access.
"""

import hashlib
import re
import secrets
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, Literal
from urllib.parse import quote, urlencode

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from kpis.connectors.contract import (
    Complaint,
    Connector,
    ConnectorError,
    Credentials,
    Exchange,
    Identity,
    Meaning,
    Permanent,
    RateLimited,
    Reauthorise,
    Renewed,
    ScopeMissing,
    Steps,
    Text,
    Transient,
    as_number,
    renewed,
)
from smmportal.http import Request

#: What the platforms put between rights, and what they put before them.
BETWEEN = re.compile(r"[\s,;]+")
STATE_BYTES = VERIFIER_BYTES = 48

_WRONG_APP = _(
    "The platform does not know the portal's application, or its address for coming back. "
    "Ask whoever runs the portal to check its keys; access can be pasted meanwhile."
)
_CODE_REFUSED = _("The platform did not accept its own answer any more. Begin again, and go on without a long pause.")
_NO_TOKEN = _("The platform's answer holds no access. Begin again; if it comes to the same, paste the access by hand.")
_NO_REFRESH = _(
    "The platform gave access that can't be renewed. Remove the portal from the applications in your account there, "
    "then begin again."
)
_NO_DEVICE = _("The platform came back without the number of the device. Begin again, in the same browser.")

#: https://www.rfc-editor.org/rfc/rfc6749#section-5.2, and what the platforms have added.
GRANT_ERRORS = (
    Meaning(Reauthorise, {"invalid_grant", "invalid_token", "expired_token", "slow_down", "invalid_code"}),
    Meaning(
        Permanent,
        {"invalid_client", "unauthorized_client", "redirect_uri_mismatch", "invalid_redirect_uri", "unknown_client"},
        sentence=_WRONG_APP,
    ),
    Meaning(ScopeMissing, {"invalid_scope", "access_denied"}),
    Meaning(RateLimited, {"rate_limit_exceeded", "too_many_requests"}),
    Meaning(Transient, {"server_error", "temporarily_unavailable", "internal_error"}),
)


@dataclass(frozen=True)
class App:
    """The portal's own application at a platform, as the operator registered it."""

    id: str
    secret: str = field(default="", repr=False)
    public_key: str = ""


@dataclass(frozen=True)
class Place:
    """An address below a base address that the operator may replace."""

    base: str
    path: str

    @property
    def url(self) -> str:
        return settings.PLATFORMS[self.base] + self.path


@dataclass(frozen=True)
class Turn:
    """One person's way to the platform and back: what only that turn knows. `back`: where the platform sends them."""

    back: str
    state: str = field(repr=False)
    verifier: str = field(repr=False)


def new_secret() -> str:
    """64 characters that may stand in an address: a state, or a verifier (RFC 7636, 4.1)."""
    return secrets.token_urlsafe(STATE_BYTES)


def challenge_of(verifier: str) -> str:
    """S256 (RFC 7636, 4.2)."""
    return urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")


@dataclass(frozen=True)
class Consent:
    """How a platform asks for access on its own page, and how its token address wants to be spoken to.

    `app` names the operator's keys (`<app>_CLIENT_ID`); `door` is the name on the button. `joint` stands between the
    rights. `device`: «brought» when the callback brings a `device_id` that every renewal needs (VK ID), «named» when
    only access for a named device can be revoked (Yandex). `is_renewable`: an answer without a refresh token is wrong.
    `ends_all`: revoking one access ends everything that the same person granted to the portal there.
    """

    app: str
    door: Text
    page: Place
    token: Place
    scopes: tuple[str, ...]
    renewal: Place | None = None
    revocation: Place | None = None
    revoked_by: str = "token"
    pkce: bool = False
    joint: str = " "
    extra: Mapping[str, str] = field(default_factory=dict)
    sends: Literal["form", "params", "json"] = "form"
    authentication: Literal["body", "basic"] = "body"
    client_name: str = "client_id"
    page_client_name: str = ""
    code_name: str = "code"
    device: Literal["", "brought", "named"] = ""
    is_renewable: bool = True
    ends_all: bool = False


class ByConsent(Connector):
    """A platform where access may also be granted on its own page."""

    consent: ClassVar[Consent]

    @property
    def app(self) -> App | None:
        """The portal's application there; None when the operator has registered none."""
        told = settings.PLATFORM_APPS.get(self.consent.app)
        return App(**told) if told else None

    @property
    def door(self) -> Text:
        return self.consent.door if self.app else ""

    # --- There and back ---

    def begin(self, app: App, turn: Turn) -> str:
        """The address of the page on which the person says yes or no."""
        consent = self.consent
        asked = {
            "response_type": "code",
            consent.page_client_name or consent.client_name: app.id,
            "redirect_uri": turn.back,
            "scope": consent.joint.join(consent.scopes),
            "state": turn.state,
            **consent.extra,
        }
        if consent.pkce:
            asked |= {"code_challenge": challenge_of(turn.verifier), "code_challenge_method": "S256"}
        if consent.device == "named":
            asked |= {"device_id": hashlib.sha256(turn.state.encode()).hexdigest()[:32], "device_name": "SMM Portal"}
        return f"{consent.page.url}?{urlencode(asked, quote_via=quote)}"

    def exchange(self, app: App, turn: Turn, code: str, device_id: str = "") -> Steps[Identity]:
        """Access for the code that the person brought back, and whose it is. Raises ConnectorError."""
        if self.consent.device == "brought" and not device_id:
            raise Permanent("no device_id", sentence=_NO_DEVICE)
        told = yield from self._told_for_code(app, turn, code, device_id)
        told = yield from self.lengthened(app, told)
        granted = self.granted(app, told, device_id)
        identity = yield from self.whose(granted.credentials)
        return replace(
            identity,
            scopes=identity.scopes or scopes_in(told) or self.consent.scopes,
            expires_at=granted.expires_at or identity.expires_at,
            credentials=granted.credentials,
        )

    def _told_for_code(self, app: App, turn: Turn, code: str, device_id: str) -> Steps[dict[str, Any]]:
        parts = {"grant_type": "authorization_code", self.consent.code_name: code, "redirect_uri": turn.back}
        if self.consent.pkce:
            parts["code_verifier"] = turn.verifier
        try:
            return (yield from self.ask_grant(self.consent.token, app, {**parts, **self._device(device_id)}, code))
        except Reauthorise as refusal:
            raise Reauthorise(refusal.detail, sentence=_CODE_REFUSED) from None

    def lengthened(self, app: App, told: dict[str, Any]) -> Steps[dict[str, Any]]:
        """Access that serves for longer, where it is to be had in exchange for the first."""
        return told
        yield

    def granted(self, app: App, told: Mapping[str, Any], device_id: str) -> Renewed:
        """What is to be kept of the answer. Raises Permanent for an answer that is not as the platform documents it."""
        if not isinstance(told.get("access_token"), str) or not told["access_token"]:
            raise Permanent("no access_token in the answer", sentence=_NO_TOKEN)
        if self.consent.is_renewable and not told.get("refresh_token"):
            raise Permanent("no refresh_token in the answer", sentence=_NO_REFRESH)
        own = {"granted_to": app.id, **self.kept_of(told), **({"device_id": device_id} if device_id else {})}
        if as_number(told.get("expires_in")) is not None:
            return renewed(own, told)
        return Renewed({**own, "token": told["access_token"], "refresh_token": str(told.get("refresh_token") or "")})

    def kept_of(self, told: Mapping[str, Any]) -> dict[str, str]:
        """What else of the answer later requests need."""
        return {}

    def whose(self, credentials: Credentials) -> Steps[Identity]:
        """Whom the granted access belongs to."""
        return self.check(credentials)

    # --- Afterwards ---

    def renew(self, credentials: Credentials) -> Steps[Renewed | None]:
        if not is_granted(credentials):
            return (yield from self.renew_pasted(credentials))
        app, token = self._app_of(credentials), credentials.get("refresh_token", "")
        if not (app and token):
            return None
        device = self._device(credentials.get("device_id", ""))
        parts = {"grant_type": "refresh_token", "refresh_token": token, **device}
        place = self.consent.renewal or self.consent.token
        return renewed(credentials, (yield from self.ask_grant(place, app, parts, token)))

    def renew_pasted(self, credentials: Credentials) -> Steps[Renewed | None]:
        """Fresh access for access that was pasted; None where only a person can bring it."""
        return None
        yield

    def revoke(self, credentials: Credentials) -> Steps[bool]:
        app, place = self._app_of(credentials), self.consent.revocation
        if not (app and place):
            return False
        try:
            yield from self.ask_revocation(place, app, credentials)
        except Reauthorise:
            return True
        return True

    def ask_revocation(self, place: Place, app: App, credentials: Credentials) -> Steps[Any]:
        """RFC 7009; what is revoked is the access token, and with it what renews it."""
        token = credentials.get("token", "")
        return (yield from self.ask_grant(place, app, {self.consent.revoked_by: token}, token))

    def _app_of(self, credentials: Credentials) -> App | None:
        """The application that the access was granted to, while it is still ours."""
        app = self.app
        return app if app and is_granted(credentials) and app.id == credentials["granted_to"] else None

    # --- The wire ---

    def _device(self, device_id: str) -> dict[str, str]:
        """VK ID also wants a state with every request, and gives it back."""
        return {"device_id": device_id, "state": new_secret()} if self.consent.device == "brought" else {}

    def ask_grant(self, place: Place, app: App, parts: Mapping[str, str], *hidden: str) -> Steps[dict[str, Any]]:
        """One request to a token address, as the application. Raises ConnectorError; `hidden` stays out of all logs."""
        consent = self.consent
        sent, headers = dict(parts), {}
        if consent.authentication == "basic":
            login = b64encode(f"{quote(app.id, safe='')}:{quote(app.secret, safe='')}".encode()).decode()
            headers["Authorization"] = f"Basic {login}"
            hidden = (*hidden, login)
        else:
            sent |= {consent.client_name: app.id, **({"client_secret": app.secret} if app.secret else {})}
        method = "GET" if consent.sends == "params" else "POST"
        masked = (app.secret, parts.get("code_verifier", ""), *hidden)
        carried: dict[str, Any] = {consent.sends: sent}
        request = Request(method, place.url, headers=headers, secrets=masked, **carried)
        return self.inside((yield from self.fetch(request, judge=self.judge_grant)))

    def inside(self, body: dict[str, Any]) -> dict[str, Any]:
        """The part of a token answer that holds the tokens."""
        return body

    def judge_grant(self, exchange: Exchange, wait: int | None = None) -> ConnectorError | None:
        """What is wrong with an answer of a token address; the error is a word there, whatever the API's errors are."""
        body = exchange.json()
        if isinstance(body, dict) and isinstance(body.get("error"), str):
            complaint = Complaint((body["error"],), str(body.get("error_description") or ""))
            meaning = next((row for row in GRANT_ERRORS if row.is_about(complaint, exchange)), Meaning(Permanent))
            return meaning.problem(complaint, self.default_wait if wait is None else wait)
        if isinstance(body, dict) and (complained := self.complaint(exchange, body)):
            return self.explain(complained, exchange, wait)
        problem = self.judge_status(exchange, wait)
        return problem or (None if exchange.status < 300 else Transient(f"HTTP {exchange.status}"))


def is_granted(credentials: Credentials) -> bool:
    """Whether the access came by consent and was not pasted."""
    return bool(credentials.get("granted_to"))


def scopes_in(told: Mapping[str, Any]) -> tuple[str, ...]:
    """The rights in a token answer, by their short names; none when it does not name them."""
    scope = told.get("scope")
    words = scope if isinstance(scope, list) else BETWEEN.split(str(scope or ""))
    return tuple(str(word).rpartition("/")[2] for word in words if word)
