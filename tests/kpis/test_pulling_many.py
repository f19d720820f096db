"""Many sources in one round: what they share, and that none of them harms another."""

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kpis import limits, tasks
from kpis.access import access_of, keep_renewed
from kpis.connectors import CONNECTORS
from kpis.connectors.contract import Exchange, Measured, Reading, Renewed, Window
from kpis.models import PlatformDay, PlatformLogin, PlatformState, Point, Revision, Snapshot, Source
from kpis.pulling import Places, Pulled, claim, claim_due, pull_claimed, pull_due
from kpis.recording import Visit, differences, record_reading, verify_snapshots
from kpis.storing import ClaimLost, Write, store
from projects.models import Project
from tests.builders import make_source
from tests.kpis.test_pulling import NOON, due_source, login_for, make_due, pull

DAY = date(2026, 11, 20)
FEW_DAYS = date(2026, 11, 18)


def channels(cast, number: int) -> list[Source]:
    """So many sources that are due, of one Telegram channel in as many projects, all read with one bot."""
    login = login_for(cast, "telegram", "sandbox-bot")
    fields = {"platform": "telegram", "external_id": "@obzharka7", "login": login}
    return [
        due_source(cast, project=make_project(cast, place), title=f"Channel {place}", **fields)
        for place in range(number)
    ]


def make_project(cast, number: int) -> Project:
    sides = {"agency": cast.agency, "client": cast.client, "created_by": cast.manager}
    days = {"starts_on": date(2026, 10, 1), "ends_on": date(2027, 6, 30)}
    return Project.objects.create(name=f"Project {number}", **sides, **days)


def round_at(moment=NOON) -> Counter:
    return pull_due(clock=lambda: moment, chance=lambda: 0.5)


def test_a_round_pulls_whatever_is_due(cast, sandbox):
    sources = channels(cast, 12)
    not_due = due_source(cast, next_pull_at=NOON + timedelta(seconds=1))
    assert round_at() == Counter(ok=12)
    assert set(Snapshot.objects.values_list("source", flat=True)) == {source.pk for source in sources}
    assert Source.objects.get(pk=not_due.pk).last_attempt_at is None
    assert verify_snapshots() == []
    assert [list(differences(source)) for source in sources] == [[]] * 12


def test_a_round_brings_what_single_pulls_bring(cast, sandbox):
    one, other = (due_source(cast, project=make_project(cast, number)) for number in range(2))
    pull(one)
    round_at()
    fields = ("history_from", "is_history_complete", "last_success_at", "error_kind", "attempts", "claimed_at")
    assert Source.objects.filter(pk=one.pk).values(*fields)[0] == Source.objects.filter(pk=other.pk).values(*fields)[0]
    counts = [Point.objects.filter(series__source=source).count() for source in (one, other)]
    assert counts[0] == counts[1] > 0


def test_storing_costs_the_same_for_one_and_for_many(cast, sandbox):
    """The statements of one lot; a round has as many lots as have gathered."""
    many = writes_of(channels(cast, 31))
    store(many)  # makes the series
    costs = []
    for lot in (many[:1], many[1:]):
        with CaptureQueriesContext(connection) as queries:
            store([replace(write, visit=visit_of(write.source, "6")) for write in lot])
        costs.append(len(queries))
    if connection.vendor == "postgresql":
        assert costs[0] == costs[1]
    assert costs[0] <= 20


def writes_of(sources) -> list[Write]:
    claim(NOON)
    return [Write(source, NOON, {}, visit_of(source, "5")) for source in sources]


def visit_of(source, value, *, metric="followers", day=DAY, taken_at=NOON) -> Visit:
    return Visit(source, reading_of(value, metric=metric, day=day, taken_at=taken_at), Window(day, day), [metric])


def reading_of(value, *, metric="followers", day=DAY, taken_at=NOON, final=False) -> Reading:
    said = Exchange("GET https://platform.example/", 200, f'{{"{day}":"{value}"}}'.encode())
    return Reading((Measured(metric, day, Decimal(value), final),), (), (said,), taken_at)


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda one: visit_of(one, "1" + "0" * 30), id="too large a number", marks=pytest.mark.postgres),
        pytest.param(lambda one: replace(visit_of(one, "5"), window=None), id="a visit without days"),
    ],
)
def test_what_can_not_be_stored_for_one_harms_no_other(cast, spoil):
    writes = writes_of(channels(cast, 5))
    bad = writes[2].source
    writes[2] = Write(bad, NOON, {}, spoil(bad))
    changed = store(writes)
    assert [one if isinstance(one, int) else "refused" for one in changed] == [1, 1, "refused", 1, 1]
    assert set(Snapshot.objects.values_list("source", flat=True)) == {w.source.pk for w in writes} - {bad.pk}


def test_a_lost_claim_among_others_writes_nothing_of_its_own(cast):
    writes = writes_of(channels(cast, 3))
    lost = writes[1].source
    Source.objects.filter(pk=lost.pk).update(claimed_at=NOON + timedelta(hours=1))
    assert [type(one) for one in store(writes)] == [int, ClaimLost, int]
    assert not Snapshot.objects.filter(source=lost).exists()


def test_a_pull_asked_for_meanwhile_is_not_put_off(cast):
    [source] = channels(cast, 1)
    claim(NOON)
    Source.objects.update(next_pull_at=NOON + timedelta(minutes=1))
    store([Write(source, NOON, {"claimed_at": None, "next_pull_at": NOON + timedelta(hours=3)})])
    source.refresh_from_db()
    assert (source.claimed_at, source.next_pull_at) == (None, NOON + timedelta(minutes=1))


class Garbled(type(CONNECTORS["telegram"])):
    """A connector with a mistake in it."""

    def parse(self, exchanges, **given):
        if given["account"].title == "Channel 1":
            raise KeyError("result")
        return super().parse(exchanges, **given)


def test_our_own_mistake_with_one_source_harms_no_other(cast, sandbox, monkeypatch):
    monkeypatch.setitem(CONNECTORS, "telegram", Garbled())
    sources = channels(cast, 3)
    assert round_at() == Counter(ok=2, unreadable=1)
    kinds = Source.objects.order_by("pk").values_list("error_kind", "attempts", "claimed_at")
    assert list(kinds) == [("", 0, None), ("unreadable", 1, None), ("", 0, None)]
    assert Source.objects.get(pk=sources[1].pk).next_pull_at == NOON + timedelta(hours=12)


def test_a_platform_that_is_no_longer_here_is_named(cast, sandbox):
    due_source(cast, platform="myspace")
    [source] = channels(cast, 1)
    assert round_at() == Counter(ok=1, permanent=1)
    assert Source.objects.get(pk=source.pk).error_kind == ""


def test_claims_are_taken_in_order_and_no_more_than_asked_for(cast):
    sources = channels(cast, 5)
    make_due(sources[3], NOON - timedelta(hours=1))
    taken = claim(NOON, at_most=2)
    assert len(taken) == 2
    assert sources[3] in taken
    assert len(claim(NOON)) == 3
    assert claim(NOON) == []


def test_one_unreadable_token_among_others(cast, sandbox):
    sources = channels(cast, 2)
    broken = login_for(cast, "telegram", "sandbox-bot")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE kpis_platformlogin SET credentials = 'gAAAA' WHERE id = %s", [broken.pk])
    due_source(cast, platform="telegram", external_id="@lost", login=broken)
    assert round_at() == Counter(ok=2, reauthorise=1)
    assert len(sources) == Source.objects.filter(error_kind="").count()


# --- Access that is renewed -----------------------------------------------------------------------------------------


class Renewing(type(CONNECTORS["telegram"])):
    """Telegram, if its tokens ran out."""

    renewals = 0

    def renew(self, credentials):
        Renewing.renewals += 1
        yield from self._call(credentials, "getMe")
        return Renewed({"token": "sandbox-fresh"}, NOON + timedelta(days=1))


def test_access_is_renewed_once_for_all_sources_of_a_login(cast, sandbox, monkeypatch):
    monkeypatch.setitem(CONNECTORS, "telegram", Renewing())
    Renewing.renewals = 0
    channels(cast, 6)
    PlatformLogin.objects.update(expires_at=NOON + timedelta(minutes=5))
    assert round_at() == Counter(ok=6)
    login = PlatformLogin.objects.get(platform="telegram")
    assert (Renewing.renewals, login.credentials, login.renewing_at) == (1, {"token": "sandbox-fresh"}, None)
    asked = [request["token"] for request in sandbox.requests if request["path"].endswith("getChatMemberCount")]
    assert asked == ["sandbox-fresh"] * 6


def test_while_another_worker_renews_what_still_serves_is_used(cast, sandbox, monkeypatch):
    monkeypatch.setitem(CONNECTORS, "telegram", Renewing())
    Renewing.renewals = 0
    channels(cast, 1)
    PlatformLogin.objects.update(expires_at=NOON + timedelta(minutes=5), renewing_at=NOON)
    assert (round_at(), Renewing.renewals) == (Counter(ok=1), 0)


def test_access_that_was_pasted_meanwhile_counts_more_than_what_was_renewed(cast):
    login = login_for(cast, "telegram", "sandbox-bot")
    login.renewing_at = NOON
    PlatformLogin.objects.update(credentials={"token": "sandbox-pasted"}, renewing_at=None)
    keep_renewed(login, Renewed({"token": "sandbox-late"}))
    assert login.credentials == {"token": "sandbox-pasted"}


def test_a_person_who_waits_gets_renewed_access(cast, sandbox, monkeypatch):
    monkeypatch.setitem(CONNECTORS, "telegram", Renewing())
    login = login_for(cast, "telegram", "sandbox-bot")
    login.expires_at = NOON + timedelta(minutes=5)
    login.save()
    assert access_of(login, NOON) == {"token": "sandbox-fresh"}


def test_what_no_longer_serves_waits_for_the_renewal(cast, sandbox):
    channels(cast, 1)
    PlatformLogin.objects.update(expires_at=NOON - timedelta(minutes=5), renewing_at=NOON)
    assert round_at() == Counter(not_ready=1)


# --- Limits, the ledger, the breaker --------------------------------------------------------------------------------


@pytest.fixture
def with_limits(settings, db):
    settings.PLATFORM_LIMITS = True
    settings.REDIS_URL = ""


def test_a_platform_that_asks_to_wait_is_left_in_peace_by_all_its_sources(cast, sandbox, with_limits):
    first, *others = channels(cast, 4)
    for source in others:
        make_due(source, NOON + timedelta(hours=1))
    sandbox.misbehave("telegram", "429")
    assert round_at() == Counter(rate_limited=1)
    Source.objects.filter(pk__in=[source.pk for source in others]).update(next_pull_at=NOON)
    asked = len(sandbox.requests)
    assert round_at() == Counter(ok=3)
    assert len(sandbox.requests) in (asked, asked + 3)
    first.refresh_from_db()
    assert first.error_kind == "rate_limited"


def test_a_source_whose_turn_is_far_is_put_back_without_a_word(cast, sandbox, with_limits):
    sources = channels(cast, 2)
    login = sources[0].login
    telegram = CONNECTORS["telegram"]
    asks = limits.asks_of(telegram, limits.holders_of(telegram, login.credentials), login.token_kind)
    limits.store().park([(ask, 300) for ask in asks])
    assert round_at() == Counter(held=2)
    assert list(sandbox.requests) == []
    source = Source.objects.get(pk=sources[0].pk)
    assert (source.error_kind, source.attempts, source.claimed_at, source.last_success_at) == ("", 0, None, None)
    assert timedelta(minutes=4) < source.next_pull_at - NOON < timedelta(minutes=6)


def test_the_ledger_counts_what_was_asked(cast, sandbox):
    channels(cast, 3)
    sandbox.misbehave("telegram", "429")
    round_at()
    [line] = PlatformDay.objects.values("platform", "day", "calls", "units", "slowed", "errors")
    assert line == {"platform": "telegram", "day": NOON.date(), "calls": 3, "units": 3, "slowed": 1, "errors": 0}


def test_outages_open_the_breaker_and_a_probe_closes_it(cast, sandbox):
    channels(cast, 25)
    sandbox.misbehave("telegram", "busy", times=25)
    assert round_at() == Counter(transient=25)
    assert PlatformState.objects.get().opened_at == NOON
    Source.objects.update(next_pull_at=NOON)
    asked = len(sandbox.requests)
    soon = NOON + timedelta(seconds=30)
    assert round_at(soon) == Counter(outage=25)
    assert len(sandbox.requests) == asked
    source = Source.objects.first()
    assert (source.error_kind, source.attempts) == ("outage", 1)
    assert source.next_pull_at >= NOON + timedelta(minutes=1)
    Source.objects.update(next_pull_at=NOON)
    later = NOON + timedelta(minutes=2)
    assert round_at(later) == Counter(ok=1, outage=24)
    assert len(sandbox.requests) == asked + 1
    assert PlatformState.objects.get().opened_at is None
    Source.objects.update(next_pull_at=NOON)
    assert round_at(later + timedelta(minutes=1)) == Counter(ok=25)


# --- Days that are counted again ------------------------------------------------------------------------------------


@pytest.fixture
def counted(cast):
    """A source that was read on the 21st, and said 120 visits for the 20th."""
    source = make_source(cast, timezone="Europe/Moscow", platform="metrika")
    read(source, "120", datetime(2026, 11, 21, 9, tzinfo=UTC))
    return source


def read(source, value, taken_at, *, final=False) -> None:
    reading = reading_of(value, metric="visits", taken_at=taken_at, final=final)
    record_reading(source, reading, window=Window(DAY, DAY), metrics=["visits"])
    source.last_success_at = taken_at


def revisions() -> list[tuple]:
    return list(Revision.objects.order_by("pk").values_list("day", "before", "after"))


def test_a_day_that_is_counted_again_leaves_what_it_said(counted):
    read(counted, "134", datetime(2026, 11, 22, 9, tzinfo=UTC))
    read(counted, "131", datetime(2026, 11, 23, 9, tzinfo=UTC), final=True)
    assert revisions() == [(DAY, 120, 134), (DAY, 134, 131)]
    assert Revision.objects.first().snapshot == Snapshot.objects.first()
    assert Point.objects.get().value == 131


def test_a_day_that_was_still_running_is_no_revision(cast):
    source = make_source(cast, timezone="Europe/Moscow", platform="metrika")
    read(source, "40", datetime(2026, 11, 20, 9, tzinfo=UTC))
    read(source, "90", datetime(2026, 11, 20, 18, tzinfo=UTC))
    read(source, "120", datetime(2026, 11, 21, 9, tzinfo=UTC))
    assert revisions() == []


def test_the_same_number_and_a_refused_one_are_no_revisions(counted):
    read(counted, "120", datetime(2026, 11, 22, 9, tzinfo=UTC), final=True)
    read(counted, "150", datetime(2026, 11, 23, 9, tzinfo=UTC), final=False)
    assert (revisions(), Point.objects.get().value) == ([], 120)


def test_what_a_person_imported_is_not_recounted_by_the_platform(cast, counted):
    Point.objects.update(provenance="imported")
    read(counted, "134", datetime(2026, 11, 22, 9, tzinfo=UTC))
    assert (revisions(), Point.objects.get().value) == ([], 134)


def test_pulled(cast):
    assert Pulled() == Pulled(0, None)


def test_nothing_due_is_nothing_done(cast, sandbox):
    assert (round_at(), list(sandbox.requests), claim_due(NOON), pull_claimed([])) == (Counter(), [], [], {})


# --- Those that hang --------------------------------------------------------------------------------------------------


def test_a_place_is_given_away_by_whoever_is_slow_and_given_back_once():
    async def main() -> list[int]:
        places = Places(1, 0.05)
        slow = await places.take()
        quick = await places.take()
        free = [places.free]
        for leave in (slow, quick, quick):
            leave()
            free.append(places.free)
        return free

    assert asyncio.run(main()) == [0, 0, 1, 1]


def test_those_that_hang_are_written_last_and_hold_up_nobody(cast, sandbox):
    sandbox.slow_seconds = 2.0
    hung = login_for(cast, "telegram", "sandbox-misbehave-slow")
    sources = channels(cast, 6)
    Source.objects.filter(pk__in=[source.pk for source in sources[:3]]).update(login=hung)
    assert round_at() == {"ok": 6}
    order = list(Snapshot.objects.order_by("pk").values_list("source_id", flat=True))
    assert set(order[:3]) == {source.pk for source in sources[3:]}


# --- Several processes ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("due", "helpers"), [(2, 0), (3, 1)], ids=["one claim takes all", "more"])
def test_where_much_is_due_a_second_process_is_called_once(
    cast, sandbox, monkeypatch, django_capture_on_commit_callbacks, due, helpers
):
    rung = []
    monkeypatch.setattr("smmportal.jobs.ring", lambda task, kwargs: rung.append((task, kwargs)))
    monkeypatch.setattr("kpis.pulling.BATCH", 2)
    channels(cast, due)
    for kwargs in ({}, {"calls_help": False}):
        Source.objects.update(next_pull_at=timezone.now())
        with django_capture_on_commit_callbacks(execute=True):
            tasks.pull_due(**kwargs)
    assert rung == [("kpis.pull_due", {"calls_help": False})] * helpers
