"""Which projects are due to meet by the rhythm that they agreed on, and when they meet next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta
from django.db.models import OuterRef, Subquery
from django.utils import timezone

from meetings.models import Meeting, Rhythm
from projects.models import Project

STEPS = {
    Rhythm.Cadence.WEEKLY: relativedelta(weeks=1),
    Rhythm.Cadence.BIWEEKLY: relativedelta(weeks=2),
    Rhythm.Cadence.MONTHLY: relativedelta(months=1),
}


@dataclass(frozen=True)
class Due:
    """When a project meets next, and the day by which its rhythm wants it to: counted from the last meeting, or from
    the day the rhythm was agreed on while there was none. No rhythm, no such day."""

    today: date
    last_at: datetime | None = None
    next_id: int | None = None
    next_at: datetime | None = None
    due_on: date | None = None

    @property
    def days_late(self) -> int:
        """Nothing while a meeting is booked: then nobody has anything to do."""
        return max(0, (self.today - self.due_on).days) if self.due_on and not self.next_at else 0


def dues(projects: Sequence[Project]) -> dict[int, Due]:
    """For each project's id; one query, however many meetings there were."""
    known = {project.pk: project for project in projects}
    rows = Project.objects.filter(pk__in=known).order_by().values("pk", **facts())
    return {row["pk"]: due_of(row, known[row["pk"]]) for row in rows}


def facts() -> dict[str, Subquery]:
    own = Meeting.objects.held().filter(project=OuterRef("pk"))
    over = own.filter(ends_at__lt=timezone.now()).order_by("-ends_at", "-id")
    to_come = own.filter(ends_at__gte=timezone.now()).order_by("starts_at", "id")
    rhythm = Rhythm.objects.current().filter(project=OuterRef("pk"))
    return {
        "last_at": Subquery(over.values("starts_at")[:1]),
        "next_id": Subquery(to_come.values("pk")[:1]),
        "next_at": Subquery(to_come.values("starts_at")[:1]),
        "cadence": Subquery(rhythm.values("cadence")[:1]),
        "agreed_at": Subquery(rhythm.values("set_at")[:1]),
    }


def due_of(row: dict, project: Project) -> Due:
    return Due(
        today=project.today,
        last_at=row["last_at"],
        next_id=row["next_id"],
        next_at=row["next_at"],
        due_on=due_on(row["cadence"], row["last_at"], row["agreed_at"], ZoneInfo(project.timezone)),
    )


def due_on(cadence: str | None, last_at: datetime | None, agreed_at: datetime | None, zone: ZoneInfo) -> date | None:
    if cadence is None:
        return None
    return timezone.localdate(last_at or agreed_at, zone) + STEPS[Rhythm.Cadence(cadence)]
