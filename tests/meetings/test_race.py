"""Nobody is in two meetings at once, however many book at the same moment; with real threads on the real database."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
from django.db import connection

from meetings import actions
from meetings.models import Meeting
from smmportal.refusals import Refused
from tests.builders import make_cast
from tests.meetings.moments import AHEAD, HOUR

RACERS = 6


@pytest.fixture
def cast(transactional_db):
    return make_cast()


@pytest.fixture
def pause(monkeypatch):
    """`pause(seconds)`: between the check and the insert everybody waits for the others, at most so long."""

    def pause_for(seconds: float) -> None:
        barrier = threading.Barrier(RACERS)
        write = actions.seat

        def wait_then_write(*args, **kwargs):
            with suppress(threading.BrokenBarrierError):
                barrier.wait(timeout=seconds)
            return write(*args, **kwargs)

        monkeypatch.setattr(actions, "seat", wait_then_write)

    return pause_for


def race(book, cast) -> list[str]:
    """Everybody wants the decider at the same time, each together with another colleague."""
    others = [cast.owner, cast.manager, cast.specialist, cast.contact, cast.viewer, cast.decider]

    def run(number: int) -> str:
        people = [others[number], cast.decider] if number % 2 else [cast.decider, others[number]]
        try:
            book(
                cast.project,
                title=f"Call {number}",
                starts_at=AHEAD,
                ends_at=AHEAD + HOUR,
                people=people,
                by=cast.manager,
            )
        except Refused as refused:
            return refused.code
        finally:
            connection.close()
        return "booked"

    with ThreadPoolExecutor(RACERS) as pool:
        return sorted(pool.map(run, range(RACERS)))


def test_one_of_many_gets_the_time_and_the_others_are_refused(cast, pause):
    pause(0.5)
    assert race(actions.book_meeting, cast) == ["booked"] + ["taken"] * (RACERS - 1)
    assert Meeting.objects.count() == 1


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite writes one transaction at a time")
def test_without_the_lock_the_database_itself_lets_one_through(cast, pause, monkeypatch):
    pause(30)
    monkeypatch.setattr(actions, "hold_time_of", lambda people: None)
    assert race(actions.book_meeting, cast) == ["booked"] + ["taken"] * (RACERS - 1)
    assert Meeting.objects.count() == 1


def test_without_both_guards_the_race_is_lost(cast, pause, monkeypatch):
    """The control arm: were this to book once, the tests above would prove nothing."""
    pause(30)
    monkeypatch.setattr(actions, "hold_time_of", lambda people: None)
    monkeypatch.setattr(actions, "keep_time", lambda *args, **of: None)
    assert race(actions.book_meeting.__wrapped__, cast) == ["booked"] * RACERS
    assert Meeting.objects.count() == RACERS


def test_people_named_in_opposite_order_never_wait_for_each_other(cast):
    def book(number: int) -> int:
        people = [cast.manager, cast.decider, cast.contact]
        try:
            return actions.book_meeting(
                cast.project,
                title="x",
                starts_at=AHEAD + number * HOUR,
                ends_at=AHEAD + (number + 1) * HOUR,
                people=people if number % 2 else people[::-1],
                by=cast.manager,
            ).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(RACERS) as pool:
        booked = list(pool.map(book, range(20)))
    assert len(set(booked)) == 20


def test_a_move_races_with_a_booking_and_one_of_them_gets_the_time(cast):
    meeting = actions.book_meeting(
        cast.project,
        title="Moving",
        starts_at=AHEAD + 5 * HOUR,
        ends_at=AHEAD + 6 * HOUR,
        people=[cast.decider],
        by=cast.manager,
    )
    times = {"starts_at": AHEAD, "ends_at": AHEAD + HOUR, "by": cast.manager}

    def run(verb) -> str:
        try:
            verb()
        except Refused as refused:
            return refused.code
        finally:
            connection.close()
        return "done"

    verbs = [
        lambda: actions.move_meeting(meeting, **times),
        lambda: actions.book_meeting(cast.project, title="New", people=[cast.decider], **times),
    ]
    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(run, verbs)) == ["done", "taken"]


def test_called_off_by_both_at_once_has_one_effect(cast):
    meeting = actions.book_meeting(
        cast.project,
        title="x",
        starts_at=AHEAD,
        ends_at=AHEAD + HOUR,
        people=[cast.decider, cast.manager],
        by=cast.manager,
    )

    def run(person) -> str:
        try:
            return actions.cancel_meeting(meeting, reason=person.name, by=person).cancel_reason
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        said = list(pool.map(run, [cast.manager, cast.decider]))
    assert len(set(said)) == 1
    assert said[0] in ("Maxim", "Dmitry")
