"""Access that runs out: renewed ahead of its end, by one worker, and said plainly when it can't be."""

import json
import time
from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from kpis import access
from kpis.actions import sources as actions
from kpis.connectors import connector_for
from kpis.connectors.contract import ConnectorError, NotReady, Reauthorise, Transient
from kpis.models import PlatformLogin, Point, Source
from kpis.pulling import pull_source
from smmportal.http import run
from smmportal.notifications.models import Notification
from tests.builders import Cast, make_cast, make_source
from tests.kpis.connectors.samples import GOOGLE
from tests.kpis.test_pulling_together import race, start_pull

CHANNEL = "UCobzharka7zerno00000007"
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
STALE = {**GOOGLE, "token": "sandbox-stale"}
FRESH = {**GOOGLE, "token": "sandbox-access-refresh"}
SOON = NOW + timedelta(minutes=5)


def make_login(cast, credentials=STALE, **fields) -> PlatformLogin:
    defaults = {"platform": "youtube", "token_kind": "oauth", "expires_at": SOON, **fields}
    return PlatformLogin.objects.create(
        organisation=cast.agency, credentials=credentials, granted_by=cast.manager, **defaults
    )


def youtube_source(cast, login, **fields) -> Source:
    defaults = {"platform": "youtube", "external_id": CHANNEL, "next_pull_at": NOW, **fields}
    return make_source(cast, login=login, **defaults)


def renewals(sandbox) -> int:
    return renewals_at(sandbox, "/oauth2/v4/token")


def renewals_at(sandbox, path: str, **params: str) -> int:
    """How often this address was asked with these parameters, wherever in the request they stand."""
    asked = [request for request in sandbox.requests if request["path"] == path]
    said = [{**request["params"], **json.loads(request["params"].get("json", "{}"))} for request in asked]
    return sum(params.items() <= one.items() for one in said)


def kept(login) -> tuple:
    """The access as it is in the database: the credentials, whether they serve for an hour, whose claim stands."""
    row = PlatformLogin.objects.get(pk=login.pk)
    return row.credentials, row.expires_at > timezone.now() + timedelta(minutes=50), row.renewing_at


@pytest.fixture
def login(cast, sandbox):
    return make_login(cast)


# --- When ---


@pytest.mark.parametrize(
    ("left", "renewed"),
    [
        (timedelta(days=30), False),
        (access.AHEAD + timedelta(seconds=1), False),
        (access.AHEAD, True),
        (timedelta(minutes=5), True),
        (timedelta(0), True),
        (-timedelta(days=30), True),
    ],
)
def test_access_is_renewed_ahead_of_its_end_and_not_before(cast, sandbox, left, renewed):
    login = make_login(cast, expires_at=NOW + left)
    assert access.access_of(login, NOW) == (FRESH if renewed else STALE)
    assert renewals(sandbox) == int(renewed)


def test_access_that_never_runs_out_is_never_renewed(cast, sandbox):
    login = make_login(cast, expires_at=None)
    assert (access.access_of(login, NOW), renewals(sandbox)) == (STALE, 0)


def test_renewed_access_is_kept_and_the_claim_given_back(login):
    access.access_of(login, NOW)
    assert kept(login) == (FRESH, True, None)


def test_access_that_was_renewed_serves_the_next_caller(cast, login, sandbox):
    now = timezone.now()
    PlatformLogin.objects.update(expires_at=now)
    assert [access.access_of(PlatformLogin.objects.get(), now) for _time in range(2)] == [FRESH, FRESH]
    assert renewals(sandbox) == 1


def test_where_nothing_can_be_renewed_the_old_access_goes_on(cast, sandbox):
    login = make_login(cast, {"token": "sandbox-user"}, platform="vk")
    assert access.access_of(login, NOW) == {"token": "sandbox-user"}
    assert PlatformLogin.objects.get().renewing_at is None


# --- Refused ---


@pytest.mark.parametrize("how", ["expired", "forbidden"])
def test_a_refused_renewal_leaves_what_was_there_and_the_claim_free(login, sandbox, how):
    sandbox.misbehave("youtube", how)
    with pytest.raises(ConnectorError):
        access.access_of(login, NOW)
    row = PlatformLogin.objects.get()
    assert (row.credentials, row.expires_at, row.renewing_at) == (STALE, SOON, None)


def test_a_refused_renewal_says_reauthorise(login, sandbox):
    sandbox.misbehave("youtube", "expired")
    with pytest.raises(Reauthorise) as refusal:
        access.access_of(login, NOW)
    assert str(refusal.value.sentence).startswith("Google no longer accepts the refresh token. Connect the source")


def test_a_refused_renewal_ends_the_pull_and_is_told_once_to_the_team(cast, login, sandbox):
    source = youtube_source(cast, login)
    sandbox.misbehave("youtube", "expired")
    pulled = pull_source(Source.objects.get(), clock=lambda: NOW)
    source.refresh_from_db()
    assert isinstance(pulled.error, Reauthorise)
    assert (source.error_kind, source.next_pull_at) == ("reauthorise", None)
    assert source.error_words.startswith("Google no longer accepts the refresh token.")
    login.refresh_from_db()
    assert login.refused_at == NOW
    told = Notification.objects.filter(event="source.access_lost").values_list("to__email", flat=True)
    assert sorted(told) == sorted(person.email for person in (cast.manager, cast.specialist))
    assert pull_source(Source.objects.get(), clock=lambda: NOW + timedelta(hours=1)) is None


def test_a_renewal_that_broke_on_the_way_is_tried_again(cast, login, sandbox):
    youtube_source(cast, login)
    sandbox.misbehave("youtube", "cut")
    assert isinstance(pull_source(Source.objects.get(), clock=lambda: NOW).error, Transient)
    later = Source.objects.get().next_pull_at
    assert NOW < later < NOW + timedelta(minutes=5)
    assert pull_source(Source.objects.get(), clock=lambda: later).error is None
    assert renewals(sandbox) == 2


def test_a_source_without_access_says_reauthorise(cast, sandbox):
    assert isinstance(access.accesses_of([None], NOW)[None].problem, Reauthorise)


def test_access_that_no_key_opens_says_reauthorise(cast, login, settings):
    settings.ENCRYPTION_KEYS = ["another-key-0123456789abcdefghijklmnopqrstuvwxyz"]
    assert isinstance(access.accesses_of([login.pk], NOW)[login.pk].problem, Reauthorise)


# --- Somebody else is at it ---


def test_while_another_worker_renews_the_access_that_still_serves_is_used(login, sandbox):
    PlatformLogin.objects.update(renewing_at=NOW)
    assert access.access_of(login, NOW + timedelta(seconds=1)) == STALE
    assert renewals(sandbox) == 0


@pytest.mark.parametrize("left", [timedelta(0), access.RENEWAL_TAKES, -timedelta(hours=1)])
def test_while_another_worker_renews_access_that_ends_meanwhile_one_comes_again(cast, sandbox, left):
    login = make_login(cast, expires_at=NOW + left, renewing_at=NOW)
    with pytest.raises(NotReady) as refusal:
        access.access_of(login, NOW)
    assert str(refusal.value.sentence) == "The saved access is being renewed right now. Try again in a minute."
    assert renewals(sandbox) == 0


def test_a_claim_left_by_a_dead_worker_runs_out(login, sandbox):
    PlatformLogin.objects.update(renewing_at=NOW)
    still = NOW + access.RENEWAL_TAKES
    assert access.access_of(login, still) == STALE
    assert access.access_of(login, still + timedelta(seconds=1)) == FRESH
    assert (renewals(sandbox), kept(login)) == (1, (FRESH, True, None))


def test_whoever_read_the_row_before_it_was_renewed_does_not_renew_again(login, sandbox):
    stale = PlatformLogin.objects.get()
    access.access_of(login, NOW)
    assert not access.claim_renewal(stale, NOW + timedelta(seconds=1))
    assert access.access_of(stale, NOW + timedelta(seconds=1)) == FRESH
    assert renewals(sandbox) == 1


def test_access_pasted_while_we_renewed_is_not_overwritten(cast, login, sandbox):
    """A person mends the login in the very moment between our question and the answer."""
    source = youtube_source(cast, login)
    pasted = {**GOOGLE, "refresh_token": "sandbox-pasted"}
    assert access.claim_renewal(login, NOW)
    actions.reconnect_source(source, credentials=pasted, by=cast.manager)
    assert access.renew(login)["token"] == "sandbox-access-pasted"
    assert kept(login)[0]["refresh_token"] == "sandbox-pasted"


# --- From the page ---


def test_connecting_keeps_the_access_that_the_check_brought(cast, sandbox):
    login = actions.grant_access(cast.project, platform="youtube", credentials=GOOGLE, by=cast.manager)
    assert kept(login) == ({**FRESH, "api_key": "", "channel": ""}, True, None)
    assert (login.token_kind, login.scopes) == (
        "oauth",
        ["youtube.readonly", "yt-analytics.readonly", "analytics.readonly"],
    )


def test_pasting_the_same_twice_gives_the_same_login(cast, sandbox):
    first, again = (
        actions.grant_access(cast.project, platform="youtube", credentials=GOOGLE, by=cast.manager) for _ in range(2)
    )
    assert (first, PlatformLogin.objects.count()) == (again, 1)


def test_looking_for_accounts_an_hour_later_renews_first(cast, sandbox):
    login = make_login(cast, {**GOOGLE, "token": "long-dead"}, expires_at=timezone.now() - timedelta(hours=1))
    accounts = actions.discover_accounts(cast.project, login, by=cast.manager)
    assert [account.external_id for account in accounts] == [CHANNEL, "UCroastery7school0000008"]
    assert kept(login) == (FRESH, True, None)


# --- Races ---


@pytest.fixture
def staff(transactional_db, sandbox) -> Cast:
    return make_cast()


@pytest.fixture
def raced(staff) -> PlatformLogin:
    return make_login(staff, expires_at=timezone.now() - timedelta(minutes=1))


def renew_without_the_claim(login: PlatformLogin) -> dict[str, str]:
    """The control arm: look first, renew after, the way that breaks."""
    row = PlatformLogin.objects.get(pk=login.pk)
    if row.expires_at > timezone.now() + access.AHEAD:
        return row.credentials
    time.sleep(0.2)
    fresh = run(connector_for("youtube").renew(row.credentials))
    PlatformLogin.objects.filter(pk=row.pk).update(credentials=fresh.credentials, expires_at=fresh.expires_at)
    return fresh.credentials


def renew_or_come_again(login: PlatformLogin) -> dict[str, str] | None:
    """What a worker does; None when it is told to come again."""
    try:
        return access.access_of(PlatformLogin.objects.get(pk=login.pk), timezone.now())
    except NotReady:
        return None


def test_without_the_claim_every_worker_renews(raced, sandbox):
    """If this fails, the tests below prove nothing."""
    race(lambda: renew_without_the_claim(raced))
    assert renewals(sandbox) > 1


def test_workers_that_start_together_renew_once(raced, sandbox):
    got = race(lambda: renew_or_come_again(raced), runners=6)
    assert (renewals(sandbox), len(got)) == (1, 6)
    assert all(one in (None, FRESH) for one in got)
    assert FRESH in got
    assert kept(raced) == (FRESH, True, None)


def test_two_worker_processes_on_one_login_renew_once_and_both_bring_numbers(staff, raced, sandbox):
    PlatformLogin.objects.update(expires_at=timezone.now() + timedelta(minutes=5))
    for channel in (CHANNEL, "UCroastery7school0000008"):
        due = {"next_pull_at": timezone.now(), "began_on": date(2026, 10, 1)}
        youtube_source(staff, raced, external_id=channel, **due)
    workers = [start_pull(sandbox) for _number in range(2)]
    assert [worker.wait(60) for worker in workers] == [0, 0]
    assert (renewals(sandbox), kept(raced)) == (1, (FRESH, True, None))
    rows = Source.objects.values_list("error_kind", "attempts", "claimed_at")
    assert list(rows) == [("", 0, None)] * 2
    assert Point.objects.filter(series__metric="followers", value__isnull=False).count() == 2
