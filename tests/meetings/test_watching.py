"""Meetings against the agreed rhythm, and what a meeting gave somebody to do."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kpis.models import Alert
from meetings.models import ActionItem, Rhythm
from meetings.watching import watch
from smmportal.demo.clock import moved_to
from smmportal.notifications.models import Notification
from tests.builders import make_meeting, make_rhythm, make_task

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


def look(now: datetime = NOW) -> list[tuple[str, str, str]]:
    with moved_to(now):
        watch(now)
    return list(Alert.objects.standing().order_by("kind", "subject").values_list("kind", "weight", "side"))


def rhythm(cast, days_ago: int) -> Rhythm:
    made = make_rhythm(cast)
    Rhythm.objects.filter(pk=made.pk).update(set_at=NOW - timedelta(days=days_ago))
    return made


def met(cast, days_ago: int):
    start = NOW - timedelta(days=days_ago)
    return make_meeting(cast, starts_at=start - timedelta(hours=1), ends_at=start)


@pytest.mark.parametrize(("days", "found"), [(10, []), (11, ["drift"]), (17, ["cliff"])])
def test_a_meeting_is_overdue_against_the_rhythm(cast, days, found):
    rhythm(cast, 60)
    met(cast, days)
    assert [weight for _kind, weight, _side in look()] == found


def test_a_meeting_that_is_booked_or_held_settles_it(cast):
    rhythm(cast, 60)
    assert look() == [("meeting_overdue", "cliff", "agency")]
    assert Alert.objects.get().evidence == {"cadence": "weekly", "last_on": "2026-09-24", "has_met": False}
    start = NOW + timedelta(days=2)
    make_meeting(cast, starts_at=start, ends_at=start + timedelta(hours=1))
    assert look() == []


def test_without_a_rhythm_nothing_is_overdue(cast):
    met(cast, 90)
    assert look() == []


def test_an_action_past_its_day_is_its_persons(cast):
    item = ActionItem.objects.create(
        meeting=met(cast, 1), task=make_task(cast, due_on=date(2026, 11, 22), title="Send the logo")
    )
    assert look() == [("action_overdue", "drift", "client")]
    alert = Alert.objects.get()
    assert (alert.owner, alert.evidence, Notification.objects.count()) == (
        cast.contact,
        {"task": "Send the logo", "due_on": "2026-11-22"},
        0,
    )
    assert look(NOW + timedelta(days=6)) == [("action_overdue", "cliff", "client")]
    type(item.task).objects.update(done_at=NOW)
    assert look(NOW + timedelta(days=6)) == []


def test_ten_actions_cost_what_one_does(cast, django_assert_num_queries):
    meeting = met(cast, 1)
    for many in (1, 9):
        for _number in range(many):
            ActionItem.objects.create(meeting=meeting, task=make_task(cast, due_on=date(2026, 11, 20)))
        look()
        with moved_to(NOW), CaptureQueriesContext(connection) as spent:
            watch(NOW)
        if many == 1:
            cost = len(spent)
    assert (Alert.objects.count(), len(spent)) == (10, cost)
