"""A person who waits for a platform is served within the same limits, and counted in the same ledger."""

from datetime import timedelta

import pytest
from django.utils import timezone

from kpis import limits
from kpis.actions.sources import discover_accounts, grant_access
from kpis.asking import Ledger, ask_platform, ledger_day, write_down
from kpis.connectors import CONNECTORS
from kpis.connectors.contract import RateLimited, Reauthorise, Transient
from kpis.models import PlatformDay, PlatformState
from smmportal.refusals import Refused
from tests.kpis.test_pulling import NOON, login_for

VK = CONNECTORS["vk"]
TOKEN = {"token": "sandbox-user"}


@pytest.fixture
def with_limits(settings, db):
    settings.PLATFORM_LIMITS = True
    settings.REDIS_URL = ""


@pytest.fixture
def ledger(db):
    def read() -> list[tuple]:
        return list(PlatformDay.objects.values_list("platform", "calls", "slowed", "errors"))

    return read


def test_an_answer_comes_back_and_is_counted(sandbox, ledger):
    identity = ask_platform(VK, TOKEN, VK.check(TOKEN))
    assert (identity.token_kind, ledger()) == ("user", [("vk", 2, 0, 0)])


def test_a_refusal_comes_back_and_is_counted(sandbox, ledger):
    sandbox.misbehave("vk", "expired", times=5)
    with pytest.raises(Reauthorise):
        ask_platform(VK, TOKEN, VK.check(TOKEN))
    assert ledger()[0][2:] == (0, 0)


def test_an_outage_is_counted_as_one(sandbox, ledger):
    sandbox.misbehave("vk", "busy", times=5)
    with pytest.raises(Transient):
        ask_platform(VK, TOKEN, VK.check(TOKEN))
    assert ledger()[0][3] == 1
    assert PlatformState.objects.get().failed == 1


def test_a_platform_that_asked_to_wait_is_waited_for_from_pages_too(cast, sandbox, with_limits):
    """A worker was told to slow down with this very token."""
    limits.store().park(limits.asks_of(VK, TOKEN), 300)
    with pytest.raises(RateLimited) as refused:
        ask_platform(VK, TOKEN, VK.check(TOKEN))
    assert 290 < refused.value.retry_after < 340
    assert list(sandbox.requests) == []


def test_the_person_is_told_in_words(cast, sandbox, with_limits):
    limits.store().park(limits.asks_of(VK, TOKEN), 300)
    with pytest.raises(Refused, match="slow down"):
        grant_access(cast.project, platform="vk", credentials=TOKEN, by=cast.manager)


def test_another_token_is_another_matter(cast, sandbox, with_limits):
    limits.store().park(limits.asks_of(VK, {"token": "sandbox-user-other"}), 300)
    assert discover_accounts(cast.project, login_for(cast), hint="obzharka7", by=cast.manager)


def test_being_told_to_wait_parks_the_token_for_workers(cast, sandbox, with_limits):
    sandbox.misbehave("vk", "429", times=5)
    with pytest.raises(RateLimited):
        ask_platform(VK, TOKEN, VK.check(TOKEN))
    [grant] = limits.store().reserve([(limits.asks_of(VK, TOKEN, "user")[0], 1)])
    assert 5 < grant.wait <= 7.5


def test_the_ledger_adds_up(db, ledger):
    for _flush in range(2):
        book = Ledger()
        book.count(VK, NOON, calls=3, units=3)
        book.count(VK, NOON, slowed=1)
        write_down(book, NOON)
    assert ledger() == [("vk", 6, 2, 0)]


def test_a_platforms_day_is_its_own():
    late = NOON.replace(hour=22)
    assert [ledger_day(CONNECTORS[code], late) - NOON.date() for code in ("metrika", "vk")] == [
        timedelta(days=1),
        timedelta(0),
    ]


def test_an_empty_ledger_is_nothing(db, ledger):
    assert not Ledger()
    write_down(Ledger(), timezone.now())
    assert ledger() == []
