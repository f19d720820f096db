"""Which projects are due to meet: by the rhythm they agreed on, from the last meeting that was held."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from meetings.models import Rhythm
from meetings.regularity import Due, dues
from projects.models import Project
from smmportal.demo.clock import moved_to
from tests.builders import make_meeting, make_rhythm

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
TODAY = date(2026, 11, 23)


@pytest.fixture(autouse=True)
def monday():
    with moved_to(NOW):
        yield


def held(cast, days_ago: int, **fields):
    start = NOW - timedelta(days=days_ago)
    return make_meeting(cast, starts_at=start, ends_at=start + timedelta(hours=1), **fields)


def due(cast) -> Due:
    return dues([cast.project])[cast.project.pk]


def test_without_a_rhythm_nothing_is_late(cast):
    meeting = held(cast, 90)
    assert due(cast) == Due(TODAY, last_at=meeting.starts_at)
    assert due(cast).days_late == 0


@pytest.mark.parametrize(
    ("cadence", "days_ago", "due_on", "late"),
    [
        ("weekly", 3, date(2026, 11, 27), 0),
        ("weekly", 7, date(2026, 11, 23), 0),
        ("weekly", 9, date(2026, 11, 21), 2),
        ("biweekly", 20, date(2026, 11, 17), 6),
        ("monthly", 40, date(2026, 11, 14), 9),
    ],
)
def test_the_next_is_due_one_step_of_the_rhythm_after_the_last(cast, cadence, days_ago, due_on, late):
    make_rhythm(cast, cadence=cadence)
    held(cast, days_ago)
    assert (due(cast).due_on, due(cast).days_late) == (due_on, late)


def test_before_the_first_meeting_the_rhythm_counts_from_the_day_it_was_agreed_on(cast):
    with moved_to(NOW - timedelta(days=10)):
        make_rhythm(cast)
    assert (due(cast).due_on, due(cast).days_late) == (date(2026, 11, 20), 3)


def test_a_booked_meeting_leaves_nothing_to_do(cast):
    make_rhythm(cast)
    held(cast, 30)
    booked = held(cast, -2)
    held(cast, -5)
    found = due(cast)
    assert (found.next_id, found.next_at, found.days_late) == (booked.pk, booked.starts_at, 0)


def test_what_was_called_off_or_has_ended_does_not_count(cast):
    make_rhythm(cast)
    held(cast, 20)
    held(cast, 2, cancelled_at=NOW)
    held(cast, -2, cancelled_at=NOW)
    Rhythm.objects.create(project=cast.project, cadence="monthly", set_by=cast.manager, ended_at=NOW)
    assert (due(cast).next_id, due(cast).due_on) == (None, date(2026, 11, 10))


def test_thirty_projects_cost_as_much_as_one(cast):
    projects = [
        cast.project,
        *(
            Project.objects.create(name=f"{number}", agency=cast.agency, client=cast.client, created_by=cast.manager)
            for number in range(29)
        ),
    ]
    with CaptureQueriesContext(connection) as queries:
        found = dues(projects)
    assert (len(queries), len(found)) == (1, 30)
