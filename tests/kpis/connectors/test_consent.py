"""Granted access, for every platform that grants it: there and back, renewed, revoked; over HTTP, with the stand-in."""

import re
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest

from kpis.connectors import CONNECTORS
from kpis.connectors.consent import App, ByConsent, Turn, challenge_of, new_secret, scopes_in
from kpis.connectors.contract import (
    ConnectorError,
    Identity,
    Permanent,
    RateLimited,
    Reauthorise,
    ScopeMissing,
    Transient,
)
from kpis.sandbox.consent import CLIENT_ID
from smmportal.environment import PLATFORM_APPS
from smmportal.http import Answer, Request, run
from tests.kpis.consenting import BACK, approve, registered, turn_of

GRANTING = {code: one for code, one in CONNECTORS.items() if isinstance(one, ByConsent)}
RENEWED = sorted(set(GRANTING) - {"instagram", "facebook"})
ROTATING = ["metrika", "tiktok", "tiktok_business", "vk", "x"]
NAMES = {
    "facebook": ("Вера Зёрнова", "user"),
    "ga4": ("Google Analytics", "oauth"),
    "instagram": ("Вера Зёрнова", "user"),
    "linkedin": ("Roastery No. 7", "member"),
    "metrika": ("obzharka7", "oauth"),
    "ok": ("Вера Зёрнова", "user"),
    "tiktok": ("Обжарка №7", "creator"),
    "tiktok_business": ("Обжарка №7", "business"),
    "vk": ("Вера Зёрнова", "user"),
    "x": ("@obzharka7", "user"),
    "youtube": ("Обжарка №7: обжариваем вслух", "oauth"),
}


@pytest.fixture(autouse=True)
def apps(sandbox, settings):
    registered(settings)
    settings.X_MONTHLY_BUDGET_USD = 5


def granted(code: str, turn: Turn | None = None) -> Identity:
    connector, turn = GRANTING[code], turn or turn_of()
    back = approve(connector.begin(connector.app, turn))
    return run(connector.exchange(connector.app, turn, back["code"], back.get("device_id", "")))


# --- The registry ---------------------------------------------------------------------------------------------------


def test_only_messengers_that_grant_nothing_are_pasted_only():
    assert sorted(set(CONNECTORS) - set(GRANTING)) == ["max", "telegram"]


def test_every_application_can_be_registered():
    assert {one.consent.app for one in GRANTING.values()} == set(PLATFORM_APPS)


def test_without_an_application_there_is_no_door(settings):
    settings.PLATFORM_APPS = {}
    assert {str(one.door) for one in CONNECTORS.values()} == {""}


# --- The page -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", sorted(GRANTING))
def test_the_page_is_asked_for_the_rights_that_reading_needs(code):
    connector, turn = GRANTING[code], turn_of()
    asked = {name: value for name, (value,) in parse_qs(urlsplit(connector.begin(connector.app, turn)).query).items()}
    consent = connector.consent
    assert (asked["response_type"], asked["redirect_uri"], asked["state"]) == ("code", BACK, turn.state)
    assert asked["scope"].split(consent.joint) == list(consent.scopes)
    challenge = {"code_challenge": challenge_of(turn.verifier), "code_challenge_method": "S256"}
    assert {name: asked.get(name) for name in challenge} == (challenge if consent.pkce else dict.fromkeys(challenge))
    assert turn.verifier not in connector.begin(connector.app, turn)


def test_the_challenge_is_the_one_of_the_standard():
    """RFC 7636, appendix B."""
    assert challenge_of("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk") == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


def test_secrets_are_long_and_fit_into_an_address():
    made = {new_secret() for _number in range(50)}
    assert (len(made), all(re.fullmatch(r"[A-Za-z0-9_-]{64}", one) for one in made)) == (50, True)


# --- There and back -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", sorted(GRANTING))
def test_the_code_becomes_access_that_opens_accounts(code):
    identity = granted(code)
    assert (identity.login, identity.token_kind) == NAMES[code]
    assert identity.credentials["granted_to"] == CLIENT_ID
    assert identity.expires_at is not None and identity.scopes
    assert run(GRANTING[code].discover(identity.credentials))


@pytest.mark.parametrize("code", sorted(GRANTING))
def test_the_applications_secret_is_kept_with_nobodys_access(code):
    app = GRANTING[code].app
    kept = granted(code).credentials.values()
    assert not [value for value in kept if app.secret and app.secret in value]


@pytest.mark.parametrize("code", sorted(GRANTING))
def test_a_code_serves_once(code):
    connector, turn = GRANTING[code], turn_of()
    back = approve(connector.begin(connector.app, turn))
    told = (connector.app, turn, back["code"], back.get("device_id", ""))
    run(connector.exchange(*told))
    with pytest.raises(Reauthorise) as refusal:
        run(connector.exchange(*told))
    assert str(refusal.value.sentence).startswith("The platform did not accept its own answer any more. Begin again")


@pytest.mark.parametrize("code", sorted(code for code, one in GRANTING.items() if one.consent.pkce))
def test_a_stolen_code_is_worth_nothing_without_the_verifier(code):
    connector, turn = GRANTING[code], turn_of()
    back = approve(connector.begin(connector.app, turn))
    with pytest.raises(Reauthorise):
        run(connector.exchange(connector.app, turn_of(), back["code"], back.get("device_id", "")))


@pytest.mark.parametrize("code", sorted(GRANTING))
def test_another_address_for_coming_back_is_refused(code):
    connector, turn = GRANTING[code], turn_of()
    back = approve(connector.begin(connector.app, turn))
    elsewhere = replace(turn, back="http://elsewhere.example/oauth/callback/")
    with pytest.raises(Reauthorise):
        run(connector.exchange(connector.app, elsewhere, back["code"], back.get("device_id", "")))


@pytest.mark.parametrize("code", sorted(GRANTING))
def test_an_application_with_a_wrong_secret_is_told_so(code):
    connector, turn = GRANTING[code], turn_of()
    back = approve(connector.begin(connector.app, turn))
    wrong = App(CLIENT_ID, "not-the-secret", "KEY")
    with pytest.raises(ConnectorError) as refusal:
        run(connector.exchange(wrong, turn, back["code"], back.get("device_id", "")))
    assert isinstance(refusal.value, Permanent | ScopeMissing)


def test_vk_without_the_device_is_refused_before_it_is_asked(sandbox):
    vk = GRANTING["vk"]
    with pytest.raises(Permanent) as refusal:
        run(vk.exchange(vk.app, turn_of(), "code-1"))
    assert str(refusal.value.sentence).startswith("The platform came back without the number of the device.")
    assert list(sandbox.requests) == []


def test_vk_keeps_the_device_for_renewals():
    assert granted("vk").credentials["device_id"].startswith("device-")


def test_meta_exchanges_the_short_access_for_the_long_one(sandbox):
    granted("facebook")
    kinds = [one["params"].get("grant_type") for one in sandbox.requests if one["path"].endswith("/access_token")]
    assert kinds == ["authorization_code", "fb_exchange_token"]


# --- An answer that is not as it is documented ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"{}", "holds no access"),
        (b'{"access_token": ""}', "holds no access"),
        (b'{"access_token": 7}', "holds no access"),
        (b'{"access_token": "a", "expires_in": 60}', "can't be renewed"),
    ],
)
def test_an_unexpected_answer_is_refused_loudly(body, words):
    vk = GRANTING["vk"]
    steps = vk.exchange(vk.app, turn_of(), "code", "device")
    next(steps)
    with pytest.raises(Permanent) as refusal:
        steps.send(Answer(200, {}, body))
    assert words in str(refusal.value.sentence)


def test_access_that_does_not_end_is_kept_without_an_end():
    linkedin = GRANTING["linkedin"]
    assert linkedin.granted(linkedin.app, {"access_token": "a"}, "").expires_at is None


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (400, b'{"error": "invalid_grant"}', Reauthorise),
        (401, b'{"error": "invalid_client", "error_description": "No"}', Permanent),
        (400, b'{"error": "invalid_scope"}', ScopeMissing),
        (400, b'{"error": "of_its_own"}', Permanent),
        (503, b'{"error": "temporarily_unavailable"}', Transient),
        (429, b"{}", RateLimited),
        (502, b"<html>", Transient),
        (404, b"{}", (Transient, Permanent)),
        (200, b"7", Transient),
    ],
)
@pytest.mark.parametrize("code", ["vk", "linkedin", "youtube", "facebook", "tiktok", "ok", "metrika", "x"])
def test_each_refusal_of_a_token_address_has_its_type(code, status, body, error):
    connector = GRANTING[code]
    steps = connector.ask_grant(connector.consent.token, connector.app, {"grant_type": "refresh_token"})
    next(steps)
    with pytest.raises(error):
        steps.send(Answer(status, {}, body))


@pytest.mark.parametrize("code", sorted(GRANTING))
def test_nothing_secret_is_in_the_line_that_may_be_logged(code):
    connector, turn = GRANTING[code], turn_of()
    request: Request = next(connector.exchange(connector.app, turn, "the-code", "the-device"))
    secrets = [secret for secret in (connector.app.secret, turn.verifier, "the-code") if secret]
    assert [secret for secret in secrets if secret in request.described()] == []


@pytest.mark.parametrize(
    ("told", "scopes"),
    [
        ("a b", ("a", "b")),
        ("a,b", ("a", "b")),
        ("A;B", ("A", "B")),
        (["a"], ("a",)),
        ("https://www.googleapis.com/auth/analytics.readonly", ("analytics.readonly",)),
        (None, ()),
        ("", ()),
    ],
)
def test_rights_are_read_in_every_spelling(told, scopes):
    assert scopes_in({"scope": told}) == scopes


# --- Renewing -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", RENEWED)
def test_granted_access_is_renewed_and_opens_accounts_again(code):
    connector, before = GRANTING[code], granted(code).credentials
    assert connector.renews(before)
    after = run(connector.renew(before)).credentials
    assert after["token"] != before["token"] and after["granted_to"] == CLIENT_ID
    assert (after["refresh_token"] != before["refresh_token"]) == (code in ROTATING)
    assert run(connector.discover(after))


@pytest.mark.parametrize("code", ROTATING)
def test_a_refresh_token_that_was_used_is_dead(code):
    connector, before = GRANTING[code], granted(code).credentials
    run(connector.renew(before))
    with pytest.raises(Reauthorise):
        run(connector.renew(before))


@pytest.mark.parametrize("code", sorted(GRANTING))
def test_access_granted_to_an_application_that_is_gone_is_not_renewed(code, settings):
    before = granted(code).credentials
    settings.PLATFORM_APPS = {GRANTING[code].consent.app: {"id": "another", "secret": "another"}}
    assert GRANTING[code].renews(before) is False


def test_meta_can_not_be_renewed_without_the_person():
    assert GRANTING["instagram"].renews(granted("instagram").credentials) is False


# --- Revoking -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", sorted(set(GRANTING) - {"ok"}))
def test_revoked_access_opens_nothing(code):
    connector, kept = GRANTING[code], granted(code).credentials
    assert run(connector.revoke(kept)) is True
    with pytest.raises(ConnectorError):
        run(connector.discover(kept))
    if code in RENEWED:
        with pytest.raises(Reauthorise):
            run(connector.renew(kept))


@pytest.mark.parametrize("code", sorted(set(GRANTING) - {"ok"}))
def test_revoking_what_is_revoked_already_is_no_mistake(code):
    connector, kept = GRANTING[code], granted(code).credentials
    assert [run(connector.revoke(kept)) for _time in range(2)] == [True, True]


@pytest.mark.parametrize("code", sorted(CONNECTORS))
def test_there_is_no_telling_the_platform_of_access_that_was_pasted(code, sandbox):
    assert run(CONNECTORS[code].revoke({"token": "sandbox-pasted"})) is False
    assert list(sandbox.requests) == []


def test_odnoklassniki_knows_no_way_to_revoke():
    assert run(GRANTING["ok"].revoke(granted("ok").credentials)) is False
