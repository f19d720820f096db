"""What the lists, home and the spine are told."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from meetings import actions, queries, settling
from meetings.models import Decision
from projects.models import Project
from smmportal.people.models import Side
from smmportal.waiting import Waiting
from tests.builders import make_meeting
from tests.meetings.moments import AHEAD, BEHIND, HOUR

#: A Tuesday, 12:00 in Moscow.
NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def now():
    with time_machine.travel(NOW, tick=False), timezone.override("Europe/Moscow"):
        yield


def short(line: Waiting) -> tuple:
    return (line.side, line.sentence, line.button, line.url, line.person_id)


def make_projects(cast, count: int) -> list[Project]:
    made = []
    for number in range(count):
        project = Project.objects.create(
            name=f"Project {number}", agency=cast.agency, client=cast.client, created_by=cast.manager
        )
        project.team.set([cast.manager])
        for hours in (-48, 2 + number, 24):
            start = NOW + hours * HOUR
            make_meeting(cast, project=project, title=f"Call {hours}", starts_at=start, ends_at=start + HOUR)
        made.append(project)
    return made


def test_everybody_of_the_project_may_be_invited_and_nobody_else(cast):
    found = queries.people_to_invite(cast.project)
    assert [person.name for person in found] == ["Dmitry", "Katya", "Maxim", "Olga", "Sonya", "Vera"]


def test_who_may_not_log_in_is_not_invited(cast):
    cast.specialist.is_active = False
    cast.specialist.save()
    assert cast.specialist not in queries.people_to_invite(cast.project)


def test_a_project_without_a_next_meeting_waits_for_the_agency(cast):
    line = (
        Side.AGENCY,
        "No next meeting is booked.",
        "Book a meeting",
        f"/projects/{cast.project.pk}/meetings/new/",
        None,
    )
    assert [short(each) for each in queries.waiting([cast.project])] == [line]


def test_a_closed_project_waits_for_nothing(cast):
    cast.project.closed_at = NOW
    make_meeting(cast, starts_at=NOW - 5 * HOUR, ends_at=NOW - 4 * HOUR)
    assert queries.waiting([cast.project]) == []


def test_unpublished_minutes_wait_for_the_agency_since_the_meeting_ended(cast):
    make_meeting(cast, starts_at=AHEAD, ends_at=AHEAD + HOUR)
    meeting = make_meeting(cast, starts_at=BEHIND, ends_at=BEHIND + HOUR)
    (line,) = queries.waiting([cast.project])
    assert (*short(line), line.since) == (
        Side.AGENCY,
        "The minutes of “Weekly call” are not published.",
        "Finish the minutes",
        f"/meetings/{meeting.pk}/",
        None,
        BEHIND + HOUR,
    )


def test_published_and_called_off_meetings_wait_for_nothing(cast):
    make_meeting(cast, starts_at=AHEAD, ends_at=AHEAD + HOUR)
    published = make_meeting(cast, starts_at=BEHIND, ends_at=BEHIND + HOUR)
    actions.record_decision(published, text="x", by=cast.manager)
    minutes = actions.publish_minutes(published, by=cast.manager)
    settling.confirm_minutes(minutes, by=cast.decider, seen_hash=minutes.content_hash)
    actions.cancel_meeting(make_meeting(cast, starts_at=BEHIND, ends_at=BEHIND + HOUR), reason="x", by=cast.manager)
    assert queries.waiting([cast.project]) == []


@pytest.mark.parametrize("hours", [2, 12, 36])
def test_a_meeting_to_come_waits_for_nobody(cast, hours):
    """It is said as the next meeting; a waiting line is only what a side must do."""
    make_meeting(cast, starts_at=NOW + hours * HOUR, ends_at=NOW + (hours + 1) * HOUR)
    assert queries.waiting([cast.project]) == []


def test_coming_meetings_are_the_nearest_first_without_the_called_off(cast):
    later = make_meeting(cast, title="Later", starts_at=AHEAD, ends_at=AHEAD + HOUR)
    running = make_meeting(cast, title="Running", starts_at=NOW - HOUR / 2, ends_at=NOW + HOUR)
    make_meeting(cast, title="Over", starts_at=BEHIND, ends_at=BEHIND + HOUR)
    make_meeting(cast, title="Off", starts_at=NOW + HOUR, ends_at=NOW + 2 * HOUR, cancelled_at=NOW)
    assert queries.next_meetings([cast.project]) == [running, later]
    assert list(queries.coming(cast.project)) == [running, later]


def test_past_meetings_are_the_latest_first_with_their_decisions_counted(cast):
    first = make_meeting(cast, starts_at=BEHIND, ends_at=BEHIND + HOUR)
    second = make_meeting(cast, starts_at=BEHIND + 24 * HOUR, ends_at=BEHIND + 25 * HOUR)
    actions.record_decision(first, text="a", by=cast.manager)
    actions.record_decision(first, text="b", by=cast.manager)
    assert [(meeting.pk, meeting.decision_count) for meeting in queries.past(cast.project)] == [
        (second.pk, 0),
        (first.pk, 2),
    ]


def test_the_spine_says_when_the_next_one_is(cast):
    assert queries.spine_states([cast.project]) == {
        cast.project.pk: {"meetings": {"status": "no_target", "word": "none booked"}}
    }
    make_meeting(cast, starts_at=NOW + 48 * HOUR, ends_at=NOW + 49 * HOUR)
    assert queries.spine_states([cast.project]) == {
        cast.project.pk: {"meetings": {"status": "on_track", "word": "3\u00a0Dec"}}
    }


@pytest.mark.parametrize("read", [queries.waiting, queries.next_meetings, queries.spine_states])
def test_thirty_projects_cost_what_one_does(cast, read, django_assert_num_queries, django_assert_max_num_queries):
    projects = make_projects(cast, 30)
    with django_assert_max_num_queries(7) as for_one:
        read(projects[:1])
    with django_assert_num_queries(len(for_one)):
        read(projects)


@pytest.mark.parametrize(
    ("text", "found"),
    [("", ["Post daily.", "No contests."]), ("DAILY", ["Post daily."]), ("weekly no", ["No contests."]), ("%", [])],
)
def test_decisions_are_found_by_any_of_their_words(cast, text, found):
    meeting = make_meeting(cast, starts_at=BEHIND, ends_at=BEHIND + HOUR)
    for words in ("No contests.", "Post daily."):
        actions.record_decision(meeting, text=words, by=cast.manager)
    assert [decision.text for decision in queries.find_decisions(Decision.objects.all(), text)] == found


def test_free_times_are_never_in_the_past(cast):
    free = queries.free_times(
        cast.project, [cast.manager], first=NOW - 24 * HOUR, last=NOW + 12 * HOUR, minutes=60, step=60
    )
    assert [slot.start for slot in free] == [NOW + number * HOUR for number in range(6)]


def test_a_week_without_a_day_opens_on_the_first_day_with_free_time(cast):
    with time_machine.travel(datetime(2026, 12, 4, 14, 30, tzinfo=UTC), tick=False):  # Friday, 17:30 in Moscow
        week = queries.free_week(cast.project, [cast.manager], day=None, minutes=60)
    assert str(week.chosen) == "2026-12-07"
    assert [(day.day, len(slots)) for day, slots in week.days] == [
        (7, 17),
        (8, 17),
        (9, 17),
        (10, 17),
        (11, 17),
        (12, 0),
        (13, 0),
    ]


def test_days_are_the_readers_and_hours_the_projects(cast):
    with timezone.override("America/New_York"):
        week = queries.free_week(cast.project, [cast.manager], day=(NOW + timedelta(days=1)).date(), minutes=60)
        times = [timezone.localtime(slot.start).strftime("%d %H:%M") for slot in week.slots]
    assert (times[0], times[-1]) == ("02 01:00", "02 09:00")


def test_the_history_tells_what_happened_newest_first(cast):
    meeting = actions.book_meeting(
        cast.project,
        title="x",
        starts_at=NOW + HOUR,
        ends_at=NOW + 2 * HOUR,
        people=[cast.manager],
        by=cast.manager,
    )
    actions.move_meeting(meeting, starts_at=NOW + 2 * HOUR, ends_at=NOW + 3 * HOUR, by=cast.contact, reason="Late")
    actions.cancel_meeting(meeting, reason="x", by=cast.decider)
    assert [(str(event["by"]), event["sentence"].replace("\u00a0", " ")) for event in queries.history(meeting)] == [
        ("Dmitry", "Called off: x"),
        ("Katya", "Moved from 1 December 2026, 13:00 to 1 December 2026, 14:00: Late"),
        ("Maxim", "Booked"),
    ]
