"""Meetings beside the lines of KPIs."""

from datetime import date

from django.utils import timezone

from kpis.models import Kpi
from kpis.queries.notes import notes_of
from tests.builders import make_meeting

FIRST, LAST = date(2026, 11, 25), date(2026, 12, 5)


def meetings_on(kpi: Kpi) -> list[tuple]:
    notes = notes_of(kpi, FIRST, LAST).shown
    return [(note.day, note.text, note.url) for note in notes if note.kind == "meeting"]


def test_a_meeting_stands_on_its_day_where_the_project_is(cast):
    meeting = make_meeting(cast, starts_at="2026-12-01T22:00Z", ends_at="2026-12-01T23:00Z")
    assert meetings_on(cast.get(Kpi)) == [(date(2026, 12, 2), "Weekly call", meeting.get_absolute_url())]


def test_one_that_was_called_off_is_none(cast):
    make_meeting(cast, cancelled_at=timezone.now())
    assert meetings_on(cast.get(Kpi)) == []
