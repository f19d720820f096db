"""Meetings as notes beside the lines of KPIs: what was talked about on that day."""

from collections.abc import Iterable
from datetime import date
from zoneinfo import ZoneInfo

from kpis.models import Kpi
from kpis.queries.notes import Note, day_of, moments
from meetings.models import Meeting


def meeting_notes(kpi: Kpi, first: date, last: date) -> Iterable[Note]:
    zone = ZoneInfo(kpi.project.timezone)
    rows = Meeting.objects.held().filter(project=kpi.project_id, starts_at__range=moments(first, last, zone))
    for meeting in rows:
        yield Note(day_of(meeting.starts_at, zone), "meeting", meeting.title, url=meeting.get_absolute_url())
