"""A goal that the sides see differently comes on an agenda, once."""

from datetime import timedelta

import pytest
from django.utils import timezone

from meetings import actions, queries, tasks
from meetings.models import AgendaItem
from projects import actions as project_actions
from projects.models import ConfidenceGap, Goal
from smmportal.celery import app
from smmportal.people.models import Side
from smmportal.refusals import Refused
from tests.builders import make_goal, make_meeting
from tests.meetings.moments import AHEAD, BEHIND, HOUR


@pytest.fixture
def goal(cast) -> Goal:
    return make_goal(cast)


def come_apart(cast, goal) -> ConfidenceGap:
    for person, value in ((cast.manager, 9), (cast.decider, 4)):
        project_actions.say_confidence(goal, value=value, by=person)
    return goal.gaps.open().get()


def meeting_at(cast, start=AHEAD, **fields):
    return make_meeting(cast, starts_at=start, ends_at=start + HOUR, **fields)


def lines() -> list[tuple]:
    return list(AgendaItem.objects.order_by("id").values_list("meeting", "title", "goal", "added_by__name"))


def test_it_comes_on_the_next_agenda_that_has_not_begun(cast, goal):
    meeting_at(cast, BEHIND)
    now = timezone.now()
    make_meeting(cast, starts_at=now - HOUR, ends_at=now + HOUR)
    later, sooner = meeting_at(cast, AHEAD + timedelta(days=7)), meeting_at(cast)
    come_apart(cast, goal)
    tasks.bring_up_goal(goal=goal.pk)
    assert lines() == [(sooner.pk, goal.statement, goal.pk, "Dmitry")]
    assert later.agenda.count() == 0


def test_it_comes_once_however_often_the_bell_rings(cast, goal):
    meeting_at(cast)
    come_apart(cast, goal)
    for _index in range(3):
        tasks.bring_up_goal(goal=goal.pk)
        tasks.bring_up_goals()
    assert len(lines()) == 1


def test_what_people_take_off_stays_off(cast, goal, manager):
    meeting_at(cast)
    come_apart(cast, goal)
    tasks.bring_up_goals()
    actions.remove_agenda_item(AgendaItem.objects.get(), by=manager)
    tasks.bring_up_goals()
    assert lines() == []


def test_another_gap_is_brought_up_again(cast, goal):
    meeting_at(cast)
    come_apart(cast, goal)
    tasks.bring_up_goals()
    for value in (8, 3):
        project_actions.say_confidence(goal, value=value, by=cast.decider)
    tasks.bring_up_goals()
    assert len(lines()) == 2


def test_without_a_meeting_it_waits_and_comes_when_one_is_booked(cast, goal, manager):
    gap = come_apart(cast, goal)
    tasks.bring_up_goal(goal=goal.pk)
    gap.refresh_from_db()
    assert (lines(), gap.raised_at) == ([], None)
    booked = actions.book_meeting(
        cast.project, title="Call", starts_at=AHEAD, ends_at=AHEAD + HOUR, people=[manager], by=manager, agenda=["KPIs"]
    )
    assert [line[:3] for line in lines()] == [(booked.pk, "KPIs", None), (booked.pk, goal.statement, goal.pk)]


def test_what_closed_before_a_meeting_was_booked_is_not_brought_up(cast, goal, manager):
    come_apart(cast, goal)
    project_actions.say_confidence(goal, value=8, by=cast.decider)
    meeting_at(cast)
    tasks.bring_up_goals()
    assert lines() == []


def test_what_is_on_the_agenda_stays_when_the_gap_closes(cast, goal):
    meeting_at(cast)
    come_apart(cast, goal)
    tasks.bring_up_goals()
    project_actions.say_confidence(goal, value=8, by=cast.decider)
    assert len(lines()) == 1


def test_a_meeting_that_is_called_off_hands_it_on(cast, goal, manager):
    first, second = meeting_at(cast), meeting_at(cast, AHEAD + timedelta(days=7))
    come_apart(cast, goal)
    tasks.bring_up_goals()
    actions.cancel_meeting(first, reason="Ill", by=manager)
    tasks.bring_up_goals()
    assert [line[0] for line in lines()] == [first.pk, second.pk]


def test_another_projects_meeting_is_not_taken(cast, goal, manager):
    other = project_actions.create_project(cast.agency, client=cast.other_client, name="Tea", by=manager)
    meeting_at(cast, project=other)
    come_apart(cast, goal)
    tasks.bring_up_goals()
    assert lines() == []


def test_a_full_agenda_is_passed_over(cast, goal):
    full, next_one = meeting_at(cast), meeting_at(cast, AHEAD + timedelta(days=7))
    actions.add_lines(full, [str(number) for number in range(100)], by=cast.manager)
    come_apart(cast, goal)
    tasks.bring_up_goals()
    assert AgendaItem.objects.get(goal=goal).meeting == next_one
    with pytest.raises(Refused):
        actions.add_lines(full, ["One more"], by=cast.manager)


def test_nothing_is_brought_up_in_a_closed_project(cast, goal, manager):
    meeting_at(cast)
    come_apart(cast, goal)
    project_actions.close_project(cast.project, by=manager)
    tasks.bring_up_goals()
    assert lines() == []


def test_the_timetable_finds_what_a_lost_bell_left():
    assert "meetings.bring_up_goals" in {entry["task"] for entry in app.conf.beat_schedule.values()}
    assert {"meetings.bring_up_goal", "meetings.bring_up_goals"} <= set(app.tasks)


def test_booking_is_asked_for_with_the_reason(cast, goal):
    gap = come_apart(cast, goal)
    [line] = queries.waiting([cast.project])
    assert (line.side, line.sentence, line.since) == (
        Side.AGENCY,
        "Book a meeting: the two sides see this goal differently, and it waits for an agenda:"
        " “Twelve thousand followers by 1 March”",
        gap.opened_at,
    )
    meeting_at(cast)
    assert queries.waiting([cast.project]) == []


def test_the_room_links_to_the_goal_and_says_why(cast, goal, browse, viewer, api):
    meeting = meeting_at(cast)
    come_apart(cast, goal)
    tasks.bring_up_goals()
    text = browse(viewer).get(meeting.get_absolute_url()).content.decode()
    assert f'<a href="{goal.get_absolute_url()}">{goal.statement}</a>' in text
    assert "the sides see this goal differently" in text
    [item] = api(viewer).get(f"/api/v1/meetings/{meeting.pk}/agenda/").json()
    assert item["goal"] == goal.pk
