"""A platform that answers nobody is left in peace, and is found out to be back by a single probe."""

from datetime import UTC, datetime, timedelta

import pytest

from kpis.breaker import Gate, Outcomes, gates, note
from kpis.models import PlatformState

NOON = datetime(2026, 11, 23, 9, tzinfo=UTC)
MINUTE = timedelta(minutes=1)

pytestmark = pytest.mark.django_db


def gate(now=NOON) -> Gate:
    return gates(["vk"], now)["vk"]


def fail(asked=20, failed=20, at=NOON, **fields) -> None:
    note({"vk": Outcomes(asked, failed, **fields)}, at)


def test_a_platform_nobody_has_asked_may_be_asked():
    assert gate().is_open


@pytest.mark.parametrize(("asked", "failed", "is_open"), [(20, 10, False), (20, 9, True), (19, 19, True)])
def test_half_of_twenty_failures_open_it(asked, failed, is_open):
    fail(asked, failed)
    assert gate().is_open is is_open


def test_what_several_workers_met_is_added_up():
    for _worker in range(4):
        fail(5, 5)
    assert gate() == Gate(NOON + MINUTE)


def test_old_failures_are_forgotten():
    fail(19, 19)
    fail(1, 1, at=NOON + 6 * MINUTE)
    assert gate(NOON + 6 * MINUTE).is_open


def test_other_platforms_go_on():
    fail()
    assert gates(["telegram", "vk"], NOON)["telegram"].is_open


def test_only_one_gets_the_probe():
    fail()
    later = NOON + MINUTE
    assert [gate(later).is_probe for _worker in range(3)] == [True, False, False]


def test_a_probe_that_is_answered_closes_it():
    fail()
    fail(1, 0, at=NOON + MINUTE, probe_went_well=True)
    assert gate(NOON + MINUTE).is_open
    state = PlatformState.objects.get()
    assert (state.opened_at, state.asked, state.failed) == (None, 0, 0)


def test_a_probe_that_fails_doubles_the_pause():
    fail()
    pauses = []
    for _probe in range(7):
        fail(1, 1, probe_went_well=False)
        pauses.append(PlatformState.objects.get().ask_again_at - NOON)
    assert pauses == [minutes * MINUTE for minutes in (2, 4, 8, 16, 30, 30, 30)]


def test_those_who_had_set_out_before_neither_prolong_nor_close_it():
    fail()
    fail(10, 10)
    fail(10, 0)
    assert gate() == Gate(NOON + MINUTE)


def test_a_probe_whose_worker_died_is_made_again():
    fail()
    assert gate(NOON + MINUTE).is_probe
    assert gate(NOON + 4 * MINUTE).is_probe
