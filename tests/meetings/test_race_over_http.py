"""One time, very many who want it, each by their own request to a real server on the real database.

More of them: `PORTAL_RACES=10000 pytest tests/meetings/test_race_over_http.py -k crowd`.
"""

import json
import os
import random
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import pairwise
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from meetings import actions
from meetings.models import Attendance, Meeting
from smmportal.people.actions import issue_token
from tests.builders import make_cast
from tests.meetings.moments import AHEAD, HOUR

ATTEMPTS, AT_ONCE = 200, 24
CROWD = int(os.environ.get("PORTAL_RACES", "300"))
RACERS = 6
#: Requests wait for each other in the database; how long says nothing.
PATIENCE = 600


@pytest.fixture
def cast(transactional_db):
    return make_cast()


@pytest.fixture
def book(cast, live_server):
    """`book(start, people)` asks for that hour; the status and the body of the answer."""
    tokens = [issue_token(person, name="race")[1] for person in (cast.manager, cast.contact)]
    address = f"{live_server.url}/api/v1/projects/{cast.project.pk}/meetings/"

    def ask(start: datetime, people: list, *, number: int = 0) -> tuple[int, dict]:
        body = {"title": f"Call {number}", "people": [person.pk for person in people]}
        times = {"start": start.isoformat(), "end": (start + HOUR).isoformat()}
        headers = {"Authorization": f"Bearer {tokens[number % 2]}", "Content-Type": "application/json"}
        request = Request(address, json.dumps(body | times).encode(), headers)
        try:
            with urlopen(request, timeout=PATIENCE) as answer:
                return answer.status, json.load(answer)
        except HTTPError as error:
            return error.code, json.load(error)

    return ask


def test_of_two_hundred_one_books_and_the_others_are_offered_the_nearest_times(cast, book):
    others = [cast.owner, cast.manager, cast.specialist, cast.contact]

    def attempt(number: int) -> tuple[int, dict]:
        pair = [cast.decider, others[number % 4]]
        return book(AHEAD, pair if number % 2 else pair[::-1], number=number)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(attempt, range(ATTEMPTS)))
    refused = [body for status, body in answers if status == 409]
    assert (Meeting.objects.count(), len(refused)) == (1, ATTEMPTS - 1)
    assert {(body["type"], len(body["slots"])) for body in refused} == {("urn:portal:taken", 5)}
    offered = {slot["start"] for body in refused for slot in body["slots"]}
    assert AHEAD.strftime("%Y-%m-%dT%H:%M:%SZ") not in offered


def test_a_crowd_leaves_no_overlap_and_nobody_waits_forever(cast, book):
    """Everybody wants different hours of one week with different people, in any order."""
    luck = random.Random(7)
    people = [cast.owner, cast.manager, cast.specialist, cast.contact, cast.decider]
    wanted = [
        (AHEAD + timedelta(minutes=30) * luck.randrange(96), luck.sample(people, luck.randint(1, 4)))
        for _number in range(CROWD)
    ]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(lambda number: book(*wanted[number], number=number), range(CROWD)))
    booked = sum(status == 201 for status, _body in answers)
    assert {status for status, _body in answers} == {201, 409}
    assert Meeting.objects.count() == booked
    assert overlaps() == []


def overlaps() -> list[tuple[int, datetime]]:
    """Each time when somebody is in two places."""
    seats = Attendance.objects.order_by("person", "meeting__starts_at")
    rows = list(seats.values_list("person", "meeting__starts_at", "meeting__ends_at"))
    return [
        (person, start)
        for (person, _start, end), (other, start, _end) in pairwise(rows)
        if person == other and start < end
    ]


def test_with_both_guards_removed_the_same_race_is_lost(cast, book, monkeypatch):
    """The control arm: between the check and the insert everybody waits for all the others, as long as it takes."""
    barrier, write = threading.Barrier(RACERS), actions.seat

    def wait_then_write(*args, **kwargs):
        with suppress(threading.BrokenBarrierError):
            barrier.wait(timeout=60)
        return write(*args, **kwargs)

    monkeypatch.setattr(actions, "seat", wait_then_write)
    monkeypatch.setattr(actions, "hold_time_of", lambda people: None)
    monkeypatch.setattr(actions, "keep_time", lambda *args, **of: None)
    monkeypatch.setattr(actions, "book_meeting", actions.book_meeting.__wrapped__)
    with ThreadPoolExecutor(RACERS) as pool:
        answers = list(pool.map(lambda number: book(AHEAD, [cast.decider], number=number), range(RACERS)))
    assert [status for status, _body in answers] == [201] * RACERS
    assert len(overlaps()) == RACERS - 1
