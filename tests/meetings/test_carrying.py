"""Lines that a meeting did not get to, and the parking lot."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from kpis.models import Kpi
from meetings import actions, carrying, queries
from meetings.models import AgendaItem, Meeting
from projects.models import Goal
from smmportal.people.models import Side
from smmportal.refusals import Refused
from tests.builders import make_meeting
from tests.meetings.moments import AHEAD, BEHIND, HOUR
from tests.meetings.test_actions_booking import verbs

WEEK = 168 * HOUR


def held_on(cast, moment) -> Meeting:
    return make_meeting(cast, starts_at=moment, ends_at=moment + HOUR)


def coming(cast, moment=AHEAD) -> Meeting:
    return make_meeting(cast, starts_at=moment, ends_at=moment + HOUR)


def add(meeting, cast, *titles) -> list[AgendaItem]:
    return [actions.add_agenda_item(meeting, title=title, by=cast.manager) for title in titles]


def publish(meeting, cast) -> None:
    actions.record_decision(meeting, text=f"Met on {meeting.starts_at}", by=cast.manager)
    actions.publish_minutes(meeting, by=cast.manager)


def mark(item, outcome, cast) -> None:
    actions.mark_agenda_item(item, outcome=outcome, by=cast.decider)


def lines(meeting) -> list[tuple]:
    return list(meeting.agenda.values_list("title", "first_on", "carried_times"))


def test_what_was_not_discussed_goes_to_the_next_meeting_with_its_first_day(cast):
    held, following = held_on(cast, BEHIND), coming(cast)
    done, left, parked, unmarked = add(held, cast, "Summer", "Money", "Winter", "Spring")
    mark(done, "discussed", cast)
    mark(left, "not_discussed", cast)
    mark(parked, "parked", cast)
    publish(held, cast)
    assert lines(following) == [("Money", date(2024, 1, 9), 1), ("Spring", date(2024, 1, 9), 1)]
    assert [line.carried_from for line in following.agenda.all()] == [left, unmarked]


def test_nothing_goes_on_before_the_minutes_are_published(cast):
    held, following = held_on(cast, BEHIND), coming(cast)
    add(held, cast, "Money")
    assert (actions.carry_over(cast.project), lines(following)) == ([], [])


def test_it_is_counted_how_often_a_line_went_on_and_the_first_day_stays(cast):
    first, second = held_on(cast, BEHIND), held_on(cast, BEHIND + WEEK)
    add(first, cast, "Money")
    publish(first, cast)
    Meeting.objects.filter(pk=second.pk).update(starts_at=AHEAD - WEEK, ends_at=AHEAD - WEEK + HOUR)
    actions.carry_over(cast.project)
    Meeting.objects.filter(pk=second.pk).update(starts_at=BEHIND + WEEK, ends_at=BEHIND + WEEK + HOUR)
    third = coming(cast)
    publish(Meeting.objects.get(pk=second.pk), cast)
    assert lines(third) == [("Money", date(2024, 1, 9), 2)]


def test_lines_wait_for_a_meeting_to_be_booked(cast):
    held = held_on(cast, BEHIND)
    add(held, cast, "Money")
    publish(held, cast)
    booked = actions.book_meeting(
        cast.project, title="Next", starts_at=AHEAD, ends_at=AHEAD + HOUR, people=[cast.manager], by=cast.manager
    )
    assert lines(booked) == [("Money", date(2024, 1, 9), 1)]


def test_what_people_take_off_the_next_agenda_stays_off(cast):
    held, following = held_on(cast, BEHIND), coming(cast)
    add(held, cast, "Money")
    publish(held, cast)
    actions.remove_agenda_item(following.agenda.get(), by=cast.decider)
    assert (actions.carry_over(cast.project), lines(following)) == ([], [])


def test_a_line_that_is_there_already_is_not_doubled(cast):
    held, following = held_on(cast, BEHIND), coming(cast)
    add(held, cast, "Money")
    add(following, cast, "Money")
    publish(held, cast)
    assert lines(following) == [("Money", date(2024, 1, 9), 1)]


def test_a_meeting_that_is_called_off_hands_its_lines_on_and_put_nothing_off(cast):
    held, following, after = held_on(cast, BEHIND), coming(cast), coming(cast, AHEAD + WEEK)
    add(held, cast, "Money")
    publish(held, cast)
    actions.cancel_meeting(following, reason="Ill", by=cast.decider)
    assert lines(after) == [("Money", date(2024, 1, 9), 1)]


def test_a_kpi_and_a_goal_stay_what_the_line_is_about(cast):
    held, following = held_on(cast, BEHIND), coming(cast)
    kpi = cast.get(Kpi)
    for position, about in enumerate([{"kpi": kpi, "kind": "kpi", "row": kpi.pk}, {"goal": cast.get(Goal)}], start=1):
        held.agenda.create(position=position, title=f"Line {position}", added_by=cast.manager, **about)
    publish(held, cast)
    assert list(following.agenda.values_list("kpi", "goal")) == [
        (cast.get(Kpi).pk, None),
        (None, cast.get(Goal).pk),
    ]
    assert list(following.brought_up.values_list("kind", "row")) == [("kpi", kpi.pk)]


@pytest.mark.parametrize("person", ["viewer", "stranger"])
def test_who_looks_on_marks_and_parks_nothing(cast, person):
    [item] = add(held_on(cast, BEHIND), cast, "Money")
    before = verbs()
    for verb in (
        lambda: actions.mark_agenda_item(item, outcome="parked", by=getattr(cast, person)),
        lambda: actions.return_agenda_item(item, by=getattr(cast, person)),
        lambda: actions.drop_agenda_item(item, by=getattr(cast, person)),
    ):
        with pytest.raises(PermissionDenied):
            verb()
    assert (verbs(), AgendaItem.objects.get().outcome) == (before, "")


def test_published_minutes_keep_the_marks(cast):
    held = held_on(cast, BEHIND)
    [item] = add(held, cast, "Money")
    publish(held, cast)
    with pytest.raises(Refused, match="no longer change"):
        mark(item, "discussed", cast)


# --- The parking lot ------------------------------------------------------------------------------------------------


@pytest.fixture
def parked(cast) -> AgendaItem:
    [item] = add(held_on(cast, BEHIND), cast, "Winter")
    mark(item, "parked", cast)
    return item


def lot(cast) -> list[str]:
    return [item.title for item in carrying.parked_lines(cast.project.pk)]


def test_a_parked_line_comes_back_to_the_next_agenda_once(cast, parked):
    following = coming(cast)
    actions.return_agenda_item(parked, by=cast.decider)
    assert (lines(following), lot(cast)) == ([("Winter", date(2024, 1, 9), 1)], [])
    with pytest.raises(Refused, match="already"):
        actions.return_agenda_item(parked, by=cast.decider)


def test_without_a_meeting_it_stays_parked(cast, parked):
    with pytest.raises(Refused, match="No meeting is booked"):
        actions.return_agenda_item(parked, by=cast.decider)
    assert lot(cast) == ["Winter"]


def test_what_nobody_needs_leaves_the_lot_once(cast, parked):
    actions.drop_agenda_item(parked, by=cast.decider)
    actions.drop_agenda_item(parked, by=cast.decider)
    assert (lot(cast), verbs()) == ([], [("agenda.dropped", "Dmitry")])


def test_only_what_is_parked_is_on_the_lot(cast):
    [item] = add(held_on(cast, BEHIND), cast, "Money")
    with pytest.raises(Refused, match="not on the parking lot"):
        actions.drop_agenda_item(item, by=cast.decider)


# --- What was promised ----------------------------------------------------------------------------------------------


def test_open_actions_stand_at_the_next_meetings_with_their_day(cast):
    first, second, third = (held_on(cast, BEHIND + number * WEEK) for number in range(3))
    for title, done_at in (("Photos", None), ("Text", BEHIND + HOUR), ("Prices", BEHIND + WEEK + HOUR)):
        item = actions.assign_action(first, title=title, side=Side.CLIENT, by=cast.manager)
        item.task.done_at = done_at
        item.task.save()

    def seen_at(meeting) -> list[tuple]:
        return [(item.task.title, item.meeting, item.times) for item in queries.open_actions(meeting)]

    assert seen_at(first) == []
    assert seen_at(second) == [("Photos", first, 1), ("Prices", first, 1)]
    assert seen_at(third) == [("Photos", first, 2)]


@pytest.mark.parametrize("count", [1, 30])
def test_open_actions_cost_the_same_queries(cast, django_assert_num_queries, count):
    first, second = held_on(cast, BEHIND), held_on(cast, BEHIND + WEEK)
    for number in range(count):
        actions.assign_action(first, title=str(number), side=Side.CLIENT, by=cast.manager)
    with django_assert_num_queries(2):
        assert len(queries.open_actions(second)) == count
