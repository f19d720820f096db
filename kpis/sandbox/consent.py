"""The stand-ins' way to grant access: a page with «Allow» and «Deny», and an address that exchanges codes for tokens.

It is as strict as the real ones: a code serves once, ten minutes, for the application and the address for coming back
that it was asked with; S256 is really computed; a refresh token is dead once it was used where the platform changes
them; revoked access opens nothing. Tokens that were not granted here are none of its business.
"""

import hashlib
import json
import time
from base64 import b64decode, urlsafe_b64encode
from binascii import Error
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Any
from urllib.parse import urlencode, urlsplit

from kpis.sandbox.platform import Asked, Reply

CLIENT_ID, CLIENT_SECRET = "sandbox-app", "sandbox-app-secret"
#: Odnoklassniki signs with the application's keys; its stand-in has always had these.
OK_PUBLIC_KEY, OK_SECRET = "SANDBOXPUBLICKEY", "sandbox-application-secret"
#: What the operator's environment would say.
APPS = {
    **{
        f"{name}_{part}": value
        for name in ("YANDEX", "GOOGLE", "META", "TIKTOK", "TIKTOK_BUSINESS", "LINKEDIN", "X")
        for part, value in (("CLIENT_ID", CLIENT_ID), ("CLIENT_SECRET", CLIENT_SECRET))
    },
    "VK_CLIENT_ID": CLIENT_ID,
    "OK_CLIENT_ID": CLIENT_ID,
    "OK_CLIENT_SECRET": OK_SECRET,
    "OK_PUBLIC_KEY": OK_PUBLIC_KEY,
}
GRANTED = "sandbox-granted-"
CODE_LIVES = 600.0
PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>{title}</title>
<link rel="icon" href="data:,"></head><body><main><h1>{title}</h1>{words}</main></body></html>"""
ASKING = """<p>The application {app} asks to read:</p><ul>{scopes}</ul>
<form method="post"><button name="decision" value="allow">Allow</button>
<button name="decision" value="deny">Deny</button></form>"""


@dataclass(frozen=True)
class Manner:
    """How one platform grants access; the paths are below its base addresses.

    `rotates`: a refresh token is changed by use; `refreshes`: there are any. `device`: the callback brings a device_id
    that every renewal must name. `wrap`: the tokens are in `data`, as TikTok's Business API has them.
    """

    title: str
    page: str
    token: str
    renewal: str = ""
    revocation: str = ""
    pkce: bool = False
    lives: int = 3600
    refreshes: bool = True
    rotates: bool = True
    device: bool = False
    secret: str = CLIENT_SECRET
    basic: bool = False
    client: str = "client_id"
    code: str = "code"
    denial: str = "access_denied"
    joint: str = " "
    wrap: bool = False
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def paths(self) -> set[str]:
        return {self.page, self.token, self.renewal, self.revocation} - {""}


GOOGLE = Manner("Google", "/o/oauth2/v2/auth", "/oauth2/v4/token", "", "/revoke", pkce=True, lives=3599, rotates=False)
MANNERS = {
    "vk": Manner(
        "VK ID", "/authorize", "/oauth2/auth", "", "/oauth2/revoke", pkce=True, secret="", device=True,
        extra={"user_id": 7_000_007},
    ),
    "metrika": Manner("Yandex ID", "/authorize", "/token", "", "/revoke_token", pkce=True, lives=31_536_000),
    "youtube": GOOGLE,
    "meta": Manner(
        "Facebook", "/v25.0/dialog/oauth", "/v25.0/oauth/access_token", "", "/v25.0/me/permissions",
        lives=5_184_000, refreshes=False, joint=",",
    ),
    "tiktok": Manner(
        "TikTok", "/v2/auth/authorize/", "/v2/oauth/token/", "", "/v2/oauth/revoke/", lives=86_400,
        client="client_key", joint=",", extra={"open_id": "-000obzharka7"},
    ),
    "tiktok_business": Manner(
        "TikTok", "", "/open_api/v1.3/tt_user/oauth2/token/", "/open_api/v1.3/tt_user/oauth2/refresh_token/",
        "/open_api/v1.3/tt_user/oauth2/revoke/", lives=86_400, code="auth_code", joint=",", wrap=True,
        extra={"open_id": "-000obzharka7business"},
    ),
    "linkedin": Manner(
        "LinkedIn", "/oauth/v2/authorization", "/oauth/v2/accessToken", "", "/oauth/v2/revoke", lives=5_184_000,
        rotates=False, denial="user_cancelled_authorize",
    ),
    "ok": Manner(
        "OK", "/oauth/authorize", "/oauth/token.do", lives=1800, rotates=False, secret=OK_SECRET, joint=";",
    ),
    "x": Manner(
        "X", "/i/oauth2/authorize", "/2/oauth2/token", "", "/2/oauth2/revoke", pkce=True, lives=7200, basic=True,
    ),
}  # fmt: skip


class Wrong(Exception):
    """What a token address answers with: RFC 6749, 5.2."""

    def __init__(self, error: str, words: str, status: int = 400) -> None:
        super().__init__(words)
        self.error, self.words, self.status = error, words, status


@dataclass
class Code:
    """What a code was asked with."""

    back: str
    scope: str
    challenge: str
    device_id: str
    made_at: float


@dataclass
class Consents:
    """Everything that was granted since the start."""

    codes: dict[str, Code] = field(default_factory=dict)
    #: A refresh token that serves, with the access token that it belongs to, the scope and the device.
    refreshes: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    dead: set[str] = field(default_factory=set)
    issued: int = 0

    def answer(self, platform: str, asked: Asked) -> Reply | None:
        """The answer to whatever is about granting access; None when it is not."""
        manner = MANNERS.get(platform)
        if manner is None or asked.path not in manner.paths:
            return None
        if asked.path == manner.revocation and asked.method == "GET":  # Meta lists permissions at the same address
            return None
        if asked.path == manner.page:
            return self.decide(manner, asked) if asked.method == "POST" else self.ask(manner, asked)
        told = {**asked.params, **{name: str(value) for name, value in asked.sent.items()}}
        if asked.path in {manner.token, manner.renewal} and not is_ours(told, manner):
            return None
        try:
            self.demand_client(manner, asked, told)
            body = self.revoke(told, asked) if asked.path == manner.revocation else self.exchange(manner, told)
        except Wrong as wrong:
            return refused(manner, wrong)
        return Reply({"code": 0, "message": "OK", "data": body} if manner.wrap else body)

    # --- The page ---

    def ask(self, manner: Manner, asked: Asked) -> Reply:
        told = asked.params
        client = told.get("client_id") or told.get("client_key")
        if client != CLIENT_ID:
            return page(manner.title, "<p>The application is unknown.</p>", 400)
        back = urlsplit(told.get("redirect_uri", "")).path
        if not back.endswith("/callback/") or told.get("response_type") != "code":
            return page(manner.title, "<p>The address for coming back is not registered.</p>", 400)
        if manner.pkce and (told.get("code_challenge_method") != "S256" or len(told.get("code_challenge", "")) != 43):
            return page(manner.title, "<p>code_challenge is required.</p>", 400)
        scopes = "".join(f"<li>{escape(scope)}</li>" for scope in told.get("scope", "").split(manner.joint))
        return page(manner.title, ASKING.format(app=escape(client), scopes=scopes))

    def decide(self, manner: Manner, asked: Asked) -> Reply:
        told = asked.params
        back = {"state": told.get("state", "")}
        if told.get("decision") == "allow":
            back |= self.allow(manner, told)
        else:
            back |= {"error": manner.denial, "error_description": "The user said no"}
        return Reply("", 302, {"Location": f"{told['redirect_uri']}?{urlencode(back)}"})

    def allow(self, manner: Manner, told: Mapping[str, str]) -> dict[str, str]:
        code, device = f"code-{self.number()}", f"device-{self.issued}" if manner.device else ""
        scope, challenge = told.get("scope", ""), told.get("code_challenge", "")
        self.codes[code] = Code(told["redirect_uri"], scope, challenge, device, time.monotonic())
        return {"code": code, **({"device_id": device, "type": "code_v2"} if device else {})}

    # --- The token address ---

    def demand_client(self, manner: Manner, asked: Asked, told: Mapping[str, str]) -> None:
        """The application proves that it is itself; Google and Meta ask for no proof where access is given up."""
        if asked.path == manner.revocation and manner.client not in told and not manner.basic:
            return
        shown = from_basic(asked.token) if manner.basic else (told.get(manner.client), told.get("client_secret", ""))
        if shown != (CLIENT_ID, manner.secret):
            raise Wrong("invalid_client", "Client authentication failed", 401)

    def exchange(self, manner: Manner, told: Mapping[str, str]) -> dict[str, Any]:
        kind = told.get("grant_type")
        if kind == "authorization_code":
            return self.first(manner, told)
        if kind == "fb_exchange_token":
            self.dead.add(told["fb_exchange_token"])
            return self.tokens(manner, "", "")
        return self.again(manner, told)

    def first(self, manner: Manner, told: Mapping[str, str]) -> dict[str, Any]:
        code = self.codes.pop(told.get(manner.code, ""), None)
        if code is None or time.monotonic() - code.made_at > CODE_LIVES:
            raise Wrong("invalid_grant", "Code is invalid or expired")
        if code.back != told.get("redirect_uri"):
            raise Wrong("invalid_grant", "redirect_uri is not the one that was asked with")
        if code.challenge and code.challenge != challenge_of(told.get("code_verifier", "")):
            raise Wrong("invalid_grant", "code_verifier does not fit the challenge")
        if code.device_id != told.get("device_id", "" if manner.device else code.device_id):
            raise Wrong("invalid_grant", "device_id is wrong")
        return self.tokens(manner, code.scope, code.device_id)

    def again(self, manner: Manner, told: Mapping[str, str]) -> dict[str, Any]:
        old = told.get("refresh_token", "")
        if old not in self.refreshes:
            raise Wrong("invalid_grant", "Refresh token is invalid or has been used")
        access, scope, device = self.refreshes[old]
        if device and told.get("device_id") != device:
            raise Wrong("invalid_grant", "device_id is wrong")
        if not manner.rotates:
            fresh = self.tokens(manner, scope, device, kept=old)
            return {name: value for name, value in fresh.items() if name != "refresh_token"}
        del self.refreshes[old]
        self.dead.add(access)
        return self.tokens(manner, scope, device)

    def tokens(self, manner: Manner, scope: str, device: str, kept: str = "") -> dict[str, Any]:
        access = f"{GRANTED}{self.number()}"
        told: dict[str, Any] = {"access_token": access, "token_type": "Bearer", "expires_in": manner.lives}
        if manner.refreshes:
            told["refresh_token"] = kept or f"{GRANTED}refresh-{self.issued}"
            self.refreshes[told["refresh_token"]] = access, scope, device
        return {**told, **({"scope": scope} if scope else {}), **manner.extra}

    def revoke(self, told: Mapping[str, str], asked: Asked) -> dict[str, Any]:
        """Whichever token is named, both die."""
        named = told.get("token") or told.get("access_token") or asked.token
        for refresh, (access, _scope, _device) in list(self.refreshes.items()):
            if named in {refresh, access}:
                del self.refreshes[refresh]
                self.dead.add(access)
        self.dead.add(named)
        return {"response": 1, "status": "ok", "success": True}

    def number(self) -> int:
        self.issued += 1
        return self.issued


def is_ours(told: Mapping[str, str], manner: Manner) -> bool:
    """Refresh tokens that tests and people paste are the platform's own affair."""
    refresh = told.get("refresh_token", "")
    return not refresh or refresh.startswith(GRANTED)


def from_basic(login: str) -> tuple[str, str]:
    try:
        id, _colon, secret = b64decode(login, validate=True).decode().partition(":")
    except (Error, UnicodeDecodeError):
        return "", ""
    return id, secret


def challenge_of(verifier: str) -> str:
    return urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")


def page(title: str, words: str, status: int = 200) -> Reply:
    return Reply(PAGE.format(title=escape(title), words=words), status, {"Content-Type": "text/html; charset=utf-8"})


def refused(manner: Manner, wrong: Wrong) -> Reply:
    if manner.wrap:
        return Reply({"code": 40110 if wrong.error == "invalid_grant" else 40001, "message": wrong.words, "data": {}})
    return Reply({"error": wrong.error, "error_description": wrong.words}, wrong.status)


def dump(reply: Reply) -> bytes:
    """A page goes as it is, everything else as JSON."""
    return reply.body.encode() if isinstance(reply.body, str) else json.dumps(reply.body, ensure_ascii=False).encode()
