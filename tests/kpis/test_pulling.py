"""Pulls against the platforms' stand-in over real HTTP: what arrives, what goes wrong, who comes first."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from kpis.connectors import connector_for
from kpis.connectors.contract import Permanent, RateLimited, Transient
from kpis.models import PlatformLogin, Point, Snapshot, Source
from kpis.pulling import claim, claim_due, pull_claimed, pull_source
from kpis.recording import differences, kept_points, verify_snapshots
from kpis.timing import next_pull_after, next_regular_pull
from smmportal.notifications.models import Notification
from tests.builders import make_source
from tests.conftest import TODAY

NOON = datetime(2026, 11, 23, 9, tzinfo=UTC)
COMMUNITY = "207700007"


def login_for(cast, platform="vk", token="sandbox-user", **fields) -> PlatformLogin:
    return PlatformLogin.objects.create(
        organisation=cast.agency, platform=platform, credentials={"token": token, **fields}, granted_by=cast.manager
    )


def due_source(cast, token="sandbox-user", **fields) -> Source:
    defaults = {
        "external_id": COMMUNITY,
        "login": login_for(cast, token=token),
        "next_pull_at": NOON,
        "began_on": date(2026, 10, 1),
    }
    return make_source(cast, **{**defaults, **fields})


def pull(source, at=NOON):
    """Pull the source as it is in the database, at a moment of our choosing and with average luck."""
    return pull_source(Source.objects.get(pk=source.pk), clock=lambda: at, chance=lambda: 0.5)


def make_due(source, at) -> None:
    Source.objects.filter(pk=source.pk).update(next_pull_at=at)


@pytest.fixture
def source(cast, sandbox):
    return due_source(cast)


def test_a_pull_brings_numbers_and_says_when_it_comes_again(source):
    pulled = pull(source)
    source.refresh_from_db()
    assert pulled.error is None
    assert source.last_success_at == NOON
    assert (source.error_kind, source.attempts, source.claimed_at) == ("", 0, None)
    assert NOON + timedelta(minutes=30) <= source.next_pull_at <= NOON + timedelta(hours=4)
    assert source.series.get(metric="followers").latest_on == TODAY
    assert source.history_from == date(2026, 10, 1)


def test_pulling_twice_leaves_the_same_points(source):
    pull(source)
    before = list(Point.objects.order_by("pk").values())
    make_due(source, NOON)
    assert pull(source).changed == 0
    assert list(Point.objects.order_by("pk").values()) == before
    assert Snapshot.objects.count() == 2


def test_points_are_rebuilt_from_the_snapshots_without_a_difference(source):
    for hours in (0, 20, 50):
        make_due(source, NOON)
        pull(source, NOON + timedelta(hours=hours))
    assert list(differences(source)) == []
    assert verify_snapshots() == []


def test_history_is_read_back_to_the_beginning(cast, sandbox):
    source = due_source(cast, began_on=date(2025, 3, 1))
    pull(source)
    source.refresh_from_db()
    first = Point.objects.filter(series__source=source, series__metric="reach").first()
    assert (source.history_from, first.day) == (date(2025, 3, 1), date(2025, 3, 1))


def test_history_that_begins_nowhere_stops_where_the_platform_has_nothing_left(cast, sandbox):
    source = due_source(cast, began_on=None)
    pull(source)
    source.refresh_from_db()
    oldest = Point.objects.filter(series__source=source, value__isnull=False).earliest("day").day
    assert oldest == date(2024, 3, 1)


def test_a_source_that_is_not_due_is_left_alone(source, sandbox):
    make_due(source, NOON + timedelta(seconds=1))
    assert pull(source) is None
    assert list(sandbox.requests) == []


def test_a_paused_source_is_left_alone(source, sandbox):
    Source.objects.update(paused_at=NOON)
    assert pull(source) is None


def test_too_many_requests_are_answered_with_the_wait_that_was_asked_for(source, sandbox):
    sandbox.misbehave("vk", "429")
    pulled = pull(source)
    source.refresh_from_db()
    assert (pulled.error.kind, source.error_kind, source.attempts) == ("rate_limited", "rate_limited", 1)
    assert source.next_pull_at == NOON + timedelta(seconds=7 + 30)
    assert source.last_success_at is None


def test_a_lost_token_stops_the_pulls_and_tells_the_team(cast, source, sandbox):
    sandbox.misbehave("vk", "expired", times=5)
    pull(source)
    source.refresh_from_db()
    assert (source.error_kind, source.next_pull_at) == ("reauthorise", None)
    assert source.login.refused_at == NOON
    told = Notification.objects.filter(event="source.access_lost").values_list("to__name", flat=True)
    assert sorted(told) == ["Maxim", "Sonya"]


@pytest.mark.parametrize("how", ["error200", "busy", "cut", "html", "huge"])
def test_an_outage_is_tried_again_soon_and_then_less_often(source, sandbox, how):
    pauses = []
    for _attempt in range(3):
        sandbox.misbehave("vk", how)
        make_due(source, NOON)
        pull(source)
        source.refresh_from_db()
        pauses.append(source.next_pull_at - NOON)
    assert (source.error_kind, source.attempts) == ("transient", 3)
    assert pauses == [timedelta(minutes=1), timedelta(minutes=2), timedelta(minutes=4)]
    assert Point.objects.count() == 0


def test_what_arrived_before_the_cut_is_kept_and_the_days_are_asked_again(source, sandbox):
    sandbox.misbehave("vk", "cut", after=1)
    pulled = pull(source)
    source.refresh_from_db()
    assert pulled.error.kind == "transient"
    assert source.last_success_at is None
    assert set(Point.objects.filter(value__isnull=False).values_list("series__metric", flat=True)) == {"followers"}
    make_due(source, NOON)
    assert pull(source).error is None
    assert source.series.get(metric="reach").latest_value is not None


def test_missing_is_not_zero(source, sandbox):
    sandbox.misbehave("vk", "partial", times=2)
    pull(source)
    gaps = Point.objects.filter(value=None)
    assert gaps.exists()
    assert not gaps.filter(reason="").exists()
    zeros = Point.objects.filter(value=0).count()
    sandbox.reset()
    make_due(source, NOON)
    pull(source)
    assert Point.objects.filter(value=0).count() >= zeros


def test_zero_is_a_number(source, sandbox):
    sandbox.misbehave("vk", "zero", times=2)
    pull(source)
    assert source.series.get(metric="reach").latest_value == Decimal(0)


def test_a_missing_day_is_filled_when_the_platform_has_counted_it(source, sandbox):
    sandbox.misbehave("vk", "empty", times=2)
    pull(source)
    assert not Point.objects.filter(value__isnull=False).exists()
    make_due(source, NOON)
    pull(source, NOON + timedelta(days=1))
    assert source.series.get(metric="reach").latest_value is not None


def test_a_token_without_the_right_still_counts_followers(cast, sandbox):
    source = due_source(cast, token="sandbox-community")
    assert pull(source).error is None
    reach = Point.objects.filter(series__metric="reach")
    assert set(reach.values_list("value", "reason")) == {(None, "not_permitted")}
    assert source.series.get(metric="followers").latest_value > 0


def test_yesterdays_followers_are_final_today(source, sandbox):
    pull(source)
    make_due(source, NOON)
    sandbox.today = lambda: TODAY + timedelta(days=1)
    pull(source, NOON + timedelta(days=1))
    followers = Point.objects.filter(series__metric="followers", value__isnull=False)
    assert list(followers.values_list("day", "final")) == [(TODAY, True), (TODAY + timedelta(days=1), False)]


def test_a_claim_is_taken_once(source):
    assert [claim(NOON, only=source.pk), claim(NOON, only=source.pk)] == [[source], []]


def test_a_dead_workers_claim_runs_out(source):
    claim(NOON, only=source.pk)
    assert pull(source, NOON + Source.CLAIMED_FOR - timedelta(seconds=1)) is None
    assert pull(source, NOON + Source.CLAIMED_FOR).error is None


def test_a_worker_whose_claim_was_taken_over_writes_nothing(source):
    """The first worker sleeps over its claim and another takes the source: the first must write nothing."""
    claimed = claim_due(NOON)
    Source.objects.update(claimed_at=NOON + timedelta(hours=1))
    pulled = pull_claimed(claimed, clock=lambda: NOON)[source.pk]
    assert (pulled.changed, Point.objects.count(), Snapshot.objects.count()) == (0, 0, 0)
    source.refresh_from_db()
    assert source.claimed_at == NOON + timedelta(hours=1)


def test_a_token_that_our_keys_do_not_open_asks_for_a_new_one(source, settings):
    settings.ENCRYPTION_KEYS = ["another-key-0123456789-0123456789-0123456789"]
    assert pull(source).error.kind == "reauthorise"


def test_each_kind_of_source_has_its_hours(cast, sandbox):
    source = make_source(cast, timezone="Asia/Vladivostok")
    vk, metrika = (connector_for(code).capabilities for code in ("vk", "metrika"))
    own = timedelta(minutes=source.pk * 7 % 25)
    assert next_regular_pull(source, vk, NOON) - own == datetime(2026, 11, 23, 10, 30, tzinfo=UTC)
    assert next_regular_pull(source, metrika, NOON) - own == datetime(2026, 11, 23, 13, 30, tzinfo=UTC)


def test_pauses_have_an_end_and_follow_the_platform():
    assert next_pull_after(Transient(), 40, NOON, lambda: 0.5) == NOON + timedelta(hours=6)
    assert next_pull_after(Permanent(), 1, NOON, lambda: 0.0) == NOON + timedelta(hours=9)
    assert next_pull_after(RateLimited(retry_after=3600), 9, NOON, lambda: 0.0) == NOON + timedelta(hours=1)


@pytest.mark.parametrize(
    ("platform", "external_id", "token", "metric"),
    [("telegram", "@obzharka7", "sandbox-bot", "followers"), ("metrika", "", "sandbox-oauth", "visits")],
)
def test_every_platform_is_pulled_the_same_way(cast, sandbox, platform, external_id, token, metric):
    login = login_for(cast, platform, token)
    if not external_id:
        external_id = next(iter(discovered(login)))
    source = due_source(cast, platform=platform, external_id=external_id, login=login)
    assert pull(source).error is None
    assert source.series.get(metric=metric).latest_value is not None
    assert list(differences(source)) == []
    assert kept_points(source)


def discovered(login) -> list[str]:
    from smmportal.http import run

    accounts = run(connector_for(login.platform).discover(login.credentials))
    return [account.external_id for account in accounts if not account.refused_because]
