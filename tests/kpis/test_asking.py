"""A person who waits for a platform is served within the same limits, and counted in the same ledger."""

from datetime import timedelta

import pytest
from django.utils import timezone

from kpis import limits
from kpis.actions.sources import discover_accounts, grant_access
from kpis.asking import Asking, Ledger, ask_platform, at_desk, ledger_day, write_down
from kpis.connectors import CONNECTORS
from kpis.connectors.contract import Quota, RateLimited, Reading, Reauthorise, Transient
from kpis.models import AgencyDay, PlatformDay, PlatformState
from smmportal.people.models import Organisation
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


def vk_asks(credentials, kind="") -> tuple[limits.Ask, ...]:
    return limits.asks_of(VK, limits.holders_of(VK, credentials), kind)


def park(credentials) -> None:
    limits.store().park([(ask, 300) for ask in vk_asks(credentials)])


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
    park(TOKEN)
    with pytest.raises(RateLimited) as refused:
        ask_platform(VK, TOKEN, VK.check(TOKEN))
    assert 290 < refused.value.retry_after < 340
    assert list(sandbox.requests) == []


def test_the_person_is_told_in_words(cast, sandbox, with_limits):
    park(TOKEN)
    with pytest.raises(Refused, match="slow down"):
        grant_access(cast.project, platform="vk", credentials=TOKEN, by=cast.manager)


def test_another_token_is_another_matter(cast, sandbox, with_limits):
    park({"token": "sandbox-user-other"})
    assert discover_accounts(cast.project, login_for(cast), hint="obzharka7", by=cast.manager)


def test_being_told_to_wait_parks_the_token_for_workers(cast, sandbox, with_limits):
    sandbox.misbehave("vk", "429", times=5)
    with pytest.raises(RateLimited):
        ask_platform(VK, TOKEN, VK.check(TOKEN))
    [grant] = limits.store().reserve([(vk_asks(TOKEN, "user")[0], 1)])
    assert 5 < grant.wait <= 7.5


def test_a_token_whose_allowance_is_nearly_spent_is_left_in_peace_before_the_platform_says_so(with_limits):
    """The answer was good; its headers said that a tenth is left, for a quarter of an hour."""

    def steps():
        return Reading((), (), (), NOON, Quota(100, 10, NOON + timedelta(minutes=15)))
        yield

    async def work(desk) -> None:
        await desk.visit(Asking(desk, VK, TOKEN, "user"), steps())

    at_desk(work, clock=lambda: NOON)
    [grant] = limits.store().reserve([(vk_asks(TOKEN, "user")[0], 1)])
    assert 890 < grant.wait <= 900


def test_the_ledger_adds_up(db, ledger):
    for _flush in range(2):
        book = Ledger()
        book.count(VK, NOON, calls=3, units=3)
        book.count(VK, NOON, slowed=1)
        write_down(book, NOON)
    assert ledger() == [("vk", 6, 2, 0)]


def test_what_was_asked_for_an_agency_is_counted_for_it_and_for_everybody(cast, ledger):
    other = Organisation.objects.get(name="Other Agency")
    book = Ledger()
    for agency, calls in ((cast.agency, 3), (other, 5), (cast.agency, 1)):
        book.count(VK, NOON, agency.pk, calls=calls, units=calls)
    book.count(VK, NOON, calls=7, units=7)
    write_down(book, NOON)
    assert ledger() == [("vk", 16, 0, 0)]
    rows = AgencyDay.objects.order_by("calls").values_list("agency__name", "platform", "day", "calls", "units")
    day = NOON.date()
    assert list(rows) == [(cast.agency.name, "vk", day, 4, 4), ("Other Agency", "vk", day, 5, 5)]


def test_an_agencys_ledger_is_seen_by_its_people(cast):
    row = AgencyDay.objects.create(agency=cast.agency, platform="vk", day=NOON.date(), calls=4)
    seen = {name: AgencyDay.objects.visible_to(getattr(cast, name)).contains(row) for name in ("manager", "stranger")}
    assert seen == {"manager": True, "stranger": False}


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
