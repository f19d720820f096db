"""Giving access up: the platform is told, the credentials go, the sources wait; and nobody renews meanwhile."""

from datetime import timedelta

import pytest
from django.utils import timezone

from kpis.access import REVOKED, access_of, claim_renewal
from kpis.actions import logins as actions
from kpis.actions import sources
from kpis.connectors import connector_for
from kpis.connectors.contract import Reauthorise
from kpis.models import PlatformLogin, Source
from kpis.pulling import claim, pull_source
from kpis.storing import Write, store
from smmportal.audit import AuditEntry
from smmportal.http import run
from smmportal.notifications.models import Notification
from smmportal.refusals import Refused
from tests.builders import make_source
from tests.kpis.consenting import approve, registered, turn_of


@pytest.fixture(autouse=True)
def apps(sandbox, settings):
    registered(settings)


def granted_login(cast, platform: str = "vk", **fields) -> PlatformLogin:
    """Access that the manager granted on the platform's page."""
    connector, turn = connector_for(platform), turn_of()
    back = approve(connector.begin(connector.app, turn))
    identity = run(connector.exchange(connector.app, turn, back["code"], back.get("device_id", "")))
    kept = {"organisation": cast.agency, "platform": platform, "granted_by": cast.manager}
    return PlatformLogin.objects.create(**{**kept, **sources.fields_of(identity, {}), **fields})


@pytest.fixture
def login(cast) -> PlatformLogin:
    return granted_login(cast)


@pytest.fixture
def source(cast, login) -> Source:
    return make_source(cast, login=login, external_id="207700007", next_pull_at=timezone.now())


def asked(sandbox, path: str) -> int:
    return sum(request["path"] == path for request in sandbox.requests)


def row(login) -> tuple:
    kept = PlatformLogin.objects.get(pk=login.pk)
    return kept.credentials, kept.scopes, kept.expires_at, kept.renewing_at, kept.revoked_at is not None


# --- What happens ---


def test_the_platform_is_told_and_the_access_is_gone(cast, login, source, sandbox):
    token = login.credentials["token"]
    assert actions.revoke_access(login, by=cast.manager) is True
    assert (asked(sandbox, "/oauth2/revoke"), token in sandbox.consents.dead) == (1, True)
    assert row(login) == ({}, [], None, None, True)


def test_the_sources_say_what_happened_and_keep_what_they_had(cast, login, source):
    actions.revoke_access(login, by=cast.manager)
    source.refresh_from_db()
    assert (source.error_kind, source.next_pull_at) == ("reauthorise", None)
    assert source.error_words == str(REVOKED)


def test_the_trail_and_the_team_know_who_did_it(cast, login, source):
    actions.revoke_access(login, by=cast.manager)
    entry = AuditEntry.objects.get(verb="access.revoked")
    assert (entry.by, entry.project, entry.facts) == (
        cast.manager,
        cast.project,
        {"platform": "vk", "platform_knows": True},
    )
    told = Notification.objects.filter(event="source.access_revoked").values_list("to__email", flat=True)
    assert list(told) == [cast.specialist.email]


def test_a_pull_that_comes_later_is_told_the_same(cast, login, source):
    actions.revoke_access(login, by=cast.manager)
    Source.objects.filter(pk=source.pk).update(next_pull_at=timezone.now(), error_kind="")
    pulled = pull_source(Source.objects.get(pk=source.pk))
    assert isinstance(pulled.error, Reauthorise)
    assert "revoked in the portal" in str(pulled.error.sentence)


def test_a_pull_that_is_running_meanwhile_does_not_hide_it(cast, login, source):
    now = timezone.now()
    assert claim(now, only=source.pk)
    running = Source.objects.get(pk=source.pk)
    actions.revoke_access(login, by=cast.manager)
    clean = {"claimed_at": None, "next_pull_at": now + timedelta(days=1), "error_kind": "", "last_success_at": now}
    store([Write(source=running, claimed_at=running.claimed_at, fields=clean)])
    pulled = pull_source(Source.objects.get(pk=source.pk))
    source.refresh_from_db()
    assert (type(pulled.error), source.error_kind, source.next_pull_at) == (Reauthorise, "reauthorise", None)


def test_twice_is_once(cast, login, sandbox):
    assert [actions.revoke_access(login, by=cast.manager) for _time in range(2)] == [True, True]
    assert (asked(sandbox, "/oauth2/revoke"), AuditEntry.objects.filter(verb="access.revoked").count()) == (1, 1)


def test_fresh_access_heals_what_was_revoked(cast, login, source):
    actions.revoke_access(login, by=cast.manager)
    sources.reconnect_source(source, credentials={"token": "sandbox-user", "community": ""}, by=cast.manager)
    source.refresh_from_db()
    assert (source.error_kind, row(login)[-1], source.login) == ("", False, login)


def test_access_that_has_run_out_is_renewed_once_more_to_be_given_up(cast, sandbox):
    login = granted_login(cast, expires_at=timezone.now() - timedelta(days=1))
    old = login.credentials["refresh_token"]
    assert actions.revoke_access(login, by=cast.manager) is True
    assert (asked(sandbox, "/oauth2/auth"), asked(sandbox, "/oauth2/revoke")) == (2, 1)
    assert (old in sandbox.consents.refreshes, row(login)[0]) == (False, {})


def test_access_that_is_dead_already_is_deleted(cast, login, sandbox):
    sandbox.consents.dead.add(login.credentials["token"])
    assert (actions.revoke_access(login, by=cast.manager), row(login)[0]) == (True, {})


@pytest.mark.parametrize(("platform", "credentials"), [("telegram", {"token": "sandbox-bot"}), ("vk", {"token": "x"})])
def test_pasted_access_is_deleted_and_the_platform_not_asked(cast, sandbox, platform, credentials):
    login = PlatformLogin.objects.create(
        organisation=cast.agency, platform=platform, credentials=credentials, granted_by=cast.manager
    )
    assert actions.revoke_access(login, by=cast.manager) is False
    assert (row(login)[0], list(sandbox.requests)) == ({}, [])


# --- When the platform does not answer ---


@pytest.mark.parametrize("how", ["html", "cut"])
def test_while_the_platform_is_away_nothing_is_changed(cast, login, sandbox, how):
    before = row(login)
    sandbox.misbehave("vk", how)
    with pytest.raises(Refused) as refusal:
        actions.revoke_access(login, by=cast.manager)
    assert refusal.value.sentence.startswith("VK does not answer, so it does not know yet, and nothing is changed.")
    assert row(login) == before


def test_it_may_be_forgotten_here_all_the_same(cast, login, sandbox):
    sandbox.misbehave("vk", "html")
    assert (actions.revoke_access(login, by=cast.manager, anyway=True), row(login)[0]) == (False, {})


# --- Renewing at the same time ---


def test_what_is_being_renewed_is_not_revoked(cast, login, sandbox):
    assert claim_renewal(login, timezone.now())
    with pytest.raises(Refused) as refusal:
        actions.revoke_access(PlatformLogin.objects.get(pk=login.pk), by=cast.manager)
    assert (refusal.value.code, asked(sandbox, "/oauth2/revoke")) == ("busy", 0)


def test_what_was_revoked_is_not_renewed(cast, sandbox):
    login = granted_login(cast, expires_at=timezone.now() + timedelta(minutes=1))
    stale = PlatformLogin.objects.get(pk=login.pk)
    actions.revoke_access(login, by=cast.manager)
    with pytest.raises(Reauthorise):
        access_of(PlatformLogin.objects.get(pk=login.pk), timezone.now())
    assert claim_renewal(stale, timezone.now()) is False
    assert asked(sandbox, "/oauth2/auth") == 1


# --- From the page and through the API ---


def test_the_page_says_what_will_stop(cast, login, source, browse):
    text = browse(cast.manager).get(f"/logins/{login.pk}/revocation/").text
    assert [words in text for words in ("Вера Зёрнова", source.title, "The portal tells the platform")] == [True] * 3


def test_google_ends_everything_of_a_person_and_the_page_says_so(cast, browse):
    login = granted_login(cast, "youtube")
    assert "Google ends everything at once" in browse(cast.manager).get(f"/logins/{login.pk}/revocation/").text


def test_the_button_revokes_and_leads_back_to_the_source(cast, login, source, browse):
    browser = browse(cast.manager)
    assert f'href="/logins/{login.pk}/revocation/"' in browser.get(f"/sources/{source.pk}/").text
    assert browser.post(f"/logins/{login.pk}/revocation/").headers["Location"] == f"/sources/{source.pk}/"
    text = browser.get(f"/sources/{source.pk}/").text
    assert [words in text for words in ("The access is revoked", "Replace the access", "/revocation/")] == [
        True,
        True,
        False,
    ]


def test_the_page_offers_to_forget_it_here_when_the_platform_is_away(cast, login, source, browse, sandbox):
    browser = browse(cast.manager)
    sandbox.misbehave("vk", "html", times=2)
    answer = browser.post(f"/logins/{login.pk}/revocation/")
    assert (answer.status_code, "Forget the access here even if" in answer.text) == (422, True)
    browser.post(f"/logins/{login.pk}/revocation/", {"anyway": "on"})
    assert "remove the portal from the applications" in browser.get(f"/sources/{source.pk}/").text


@pytest.mark.parametrize(
    ("name", "may"), [("owner", True), ("manager", True), ("specialist", True), ("colleague", False)]
)
def test_who_decides_or_granted_it_may_revoke(cast, login, api, name, may):
    PlatformLogin.objects.update(granted_by=cast.specialist)
    answer = api(getattr(cast, name)).post(f"/api/v1/logins/{login.pk}/revocation/", {}, format="json")
    assert answer.status_code == (200 if may else 403)
    assert (row(login)[0] == {}) == may


def test_the_api_lists_accesses_without_what_is_in_them(cast, login, api):
    (told,) = api(cast.manager).get("/api/v1/logins/").json()["results"]
    assert (told["id"], told["platform"], told["name"], told["revoked_at"]) == (login.pk, "vk", "Вера Зёрнова", None)
    assert [name for name, value in told.items() if "granted-" in str(value)] == []
    assert api(cast.decider).get("/api/v1/logins/").json()["results"] == []


@pytest.mark.parametrize("count", [1, 30])
def test_a_long_list_costs_as_many_questions_as_a_short_one(cast, api, django_assert_num_queries, count):
    client = api(cast.manager)
    for number in range(count):
        PlatformLogin.objects.create(
            organisation=cast.agency, platform="vk", name=f"{number}", credentials={"token": "a"}, granted_by=cast.owner
        )
    client.get("/api/v1/logins/")
    with django_assert_num_queries(2):
        client.get("/api/v1/logins/")
