"""Tokens that die by being used, in the hands of several workers: one renewal, and one login for one consent."""

import time
from datetime import date, timedelta

import pytest
from django.utils import timezone

from kpis import access
from kpis.actions import consents, sources
from kpis.connectors import connector_for
from kpis.connectors.contract import ConnectorError, NotReady
from kpis.models import ConsentAttempt, PlatformLogin, Source
from kpis.sandbox.consent import APPS, MANNERS
from smmportal.http import run
from smmportal.refusals import Refused
from tests.builders import Cast, make_cast
from tests.kpis.conftest import begun
from tests.kpis.consenting import approve, registered
from tests.kpis.test_access import renewals_at, youtube_source
from tests.kpis.test_pulling_together import race, start_pull
from tests.kpis.test_revoking import granted_login

#: Where a refresh token dies by being used, and the stand-in's path that changes it.
ROTATING = {
    "vk": "/oauth2/auth",
    "metrika": "/token",
    "tiktok": "/v2/oauth/token/",
    "tiktok_business": "/open_api/v1.3/tt_user/oauth2/refresh_token/",
    "x": "/2/oauth2/token",
}


@pytest.fixture
def staff(transactional_db, sandbox, settings) -> Cast:
    registered(settings)
    settings.X_MONTHLY_BUDGET_USD = 5
    return begun(make_cast())


def ending(cast, platform: str, *, left: timedelta = -timedelta(minutes=1)) -> PlatformLogin:
    return granted_login(cast, platform, expires_at=timezone.now() + left)


def renewals(sandbox, platform: str) -> int:
    return renewals_at(sandbox, ROTATING[platform], grant_type="refresh_token")


def test_every_platform_whose_tokens_rotate_is_tried():
    assert set(ROTATING) == {code for code, manner in MANNERS.items() if manner.refreshes and manner.rotates}


# --- Renewing -------------------------------------------------------------------------------------------------------


def renew_without_the_claim(login: PlatformLogin) -> str:
    """The control arm: look first, renew after, the way that breaks."""
    row = PlatformLogin.objects.get(pk=login.pk)
    time.sleep(0.3)
    try:
        fresh = run(connector_for(row.platform).renew(row.credentials))
    except ConnectorError as error:
        return error.kind
    PlatformLogin.objects.filter(pk=row.pk).update(credentials=fresh.credentials, expires_at=fresh.expires_at)
    return "renewed"


def renew_or_come_again(login: PlatformLogin) -> str:
    try:
        return access.access_of(PlatformLogin.objects.get(pk=login.pk), timezone.now())["token"]
    except NotReady:
        return "come again"


@pytest.mark.parametrize("platform", sorted(ROTATING))
def test_without_the_claim_the_second_worker_spends_a_dead_token(staff, sandbox, platform):
    """If this fails, the tests below prove nothing."""
    login = ending(staff, platform)
    got = race(lambda: renew_without_the_claim(login), runners=3)
    assert (sorted(got), renewals(sandbox, platform)) == (["reauthorise", "reauthorise", "renewed"], 3)


@pytest.mark.parametrize("platform", sorted(ROTATING))
def test_workers_that_start_together_renew_a_rotating_token_once(staff, sandbox, platform):
    login = ending(staff, platform)
    got = set(race(lambda: renew_or_come_again(login), runners=6))
    row = PlatformLogin.objects.get()
    assert (renewals(sandbox, platform), row.renewing_at) == (1, None)
    assert got <= {row.credentials["token"], "come again"} and row.credentials["token"] in got
    assert row.credentials["refresh_token"] in sandbox.consents.refreshes


def test_two_worker_processes_on_one_rotating_login_renew_once_and_both_bring_numbers(staff, sandbox):
    login = ending(staff, "vk", left=timedelta(minutes=5))
    for community in ("207700007", "207700008"):
        due = {"next_pull_at": timezone.now(), "began_on": date(2026, 10, 1)}
        youtube_source(staff, login, platform="vk", external_id=community, **due)
    workers = [start_pull(sandbox, **APPS) for _number in range(2)]
    assert [worker.wait(60) for worker in workers] == [0, 0]
    row = PlatformLogin.objects.get(pk=login.pk)
    assert (renewals(sandbox, "vk"), row.refused_at, row.renewing_at) == (1, None, None)
    assert row.credentials["refresh_token"] in sandbox.consents.refreshes
    assert list(Source.objects.values_list("error_kind", "attempts", "claimed_at")) == [("", 0, None)] * 2


# --- Coming back ----------------------------------------------------------------------------------------------------


def came_back(cast) -> tuple[ConsentAttempt, dict[str, str]]:
    url = consents.begin_consent(cast.project, platform="vk", by=cast.manager)
    return ConsentAttempt.objects.latest("pk"), approve(url)


def accept(attempt: ConsentAttempt, back: dict[str, str]) -> str:
    try:
        consents.accept(attempt, code=back["code"], device_id=back["device_id"])
    except Refused as refusal:
        return refusal.code
    return "accepted"


def accept_without_the_claim(attempt: ConsentAttempt) -> bool:
    """The control arm: look whether it was used, write that it is when the login is there."""
    free = ConsentAttempt.objects.open().filter(pk=attempt.pk).exists()
    time.sleep(0.2)
    if free:
        PlatformLogin.objects.create(
            organisation=attempt.project.agency, platform="vk", credentials={}, granted_by=attempt.by
        )
        ConsentAttempt.objects.filter(pk=attempt.pk).update(used_at=timezone.now())
    return free


def test_without_the_claim_one_answer_is_used_by_everybody(staff):
    """If this fails, the test below proves nothing."""
    attempt, _back = came_back(staff)
    assert race(lambda: accept_without_the_claim(attempt)).count(True) > 1


def test_the_same_answer_in_many_tabs_at_once_gives_one_login(staff, sandbox):
    attempt, back = came_back(staff)
    got = race(lambda: accept(ConsentAttempt.objects.get(pk=attempt.pk), back), runners=6)
    assert sorted(got) == ["accepted", *["used"] * 5]
    assert PlatformLogin.objects.count() == 1
    assert renewals_at(sandbox, "/oauth2/auth", grant_type="authorization_code") == 1


def test_mending_while_a_worker_renews_keeps_what_the_person_granted(staff, sandbox):
    """The claim of the renewal is gone with the fresh access, so that what it brings late is not written over it."""
    login = ending(staff, "vk")
    source = youtube_source(staff, login, platform="vk", external_id="207700007", next_pull_at=None)
    assert access.claim_renewal(login, timezone.now())
    sources.reconnect_source(source, credentials={"token": "sandbox-user", "community": ""}, by=staff.manager)
    access.renew(login)
    assert PlatformLogin.objects.get(pk=login.pk).credentials["token"] == "sandbox-user"
