"""How projects keep to the rhythm of their meetings; four queries for any number of projects."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Max
from django.utils import timezone

from meetings.models import AgendaItem, Meeting, Rhythm
from meetings.queries import nearest_starts
from projects.models import Project


@dataclass
class Pace:
    """What is read of one project."""

    cadence: str | None = None
    agreed_at: datetime | None = None
    last_at: datetime | None = None
    next_at: datetime | None = None
    #: Keys of the brief's questions that were put on an agenda.
    taken_up: set[str] = field(default_factory=set)


def pace_of(projects: Sequence[Project]) -> dict[int, Pace]:
    """For each project's id."""
    found = {project.pk: Pace() for project in projects}
    current = Rhythm.objects.current().filter(project__in=list(found))
    for project_id, cadence, set_at in current.values_list("project_id", "cadence", "set_at"):
        found[project_id].cadence, found[project_id].agreed_at = cadence, set_at
    for project_id, last_at in last_meetings(found).items():
        found[project_id].last_at = last_at
    for project_id, next_at in nearest_starts(projects).items():
        found[project_id].next_at = next_at
    lines = AgendaItem.objects.filter(meeting__project__in=list(found), meeting__cancelled_at=None)
    for project_id, key in lines.exclude(from_key="").values_list("meeting__project_id", "from_key"):
        found[project_id].taken_up.add(key)
    return found


def last_meetings(projects) -> dict[int, datetime]:
    """For each project's id that has met: when the last meeting began."""
    over = Meeting.objects.held().filter(project__in=list(projects), ends_at__lt=timezone.now()).order_by()
    return dict(over.values("project").annotate(last=Max("starts_at")).values_list("project", "last"))
