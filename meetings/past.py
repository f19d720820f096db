"""How a project has met so far: every number is counted from rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from django.db.models import Count, Q
from django.utils import timezone

from meetings.models import ActionItem, Meeting, Rhythm
from meetings.regularity import STEPS, Due, dues
from meetings.terms import Kept, cadence_kept
from projects.models import Project, Task
from smmportal.people.models import Side


@dataclass(frozen=True)
class Promises:
    """What meetings gave one side to do, by how it was done."""

    side: Side
    on_time: int
    late: int
    overdue: int
    #: Its day has not come yet.
    coming: int
    #: Nobody named a day: it can be neither on time nor late.
    undated: int

    @property
    def judged(self) -> int:
        return self.on_time + self.late + self.overdue


@dataclass(frozen=True)
class History:
    due: Due
    rhythm: Rhythm | None
    #: Of the meetings that the rhythm wanted since it was agreed on; None without a rhythm.
    kept: Kept | None
    held: int
    called_off: int
    promises: list[Promises]


def record_of(project: Project) -> History:
    """Five queries."""
    rhythm = Rhythm.objects.current().filter(project=project).first()
    over, called_off = Q(cancelled_at=None, ends_at__lt=timezone.now()), Q(cancelled_at__isnull=False)
    counted = project.meetings.aggregate(held=Count("pk", filter=over), called_off=Count("pk", filter=called_off))
    return History(
        due=dues([project])[project.pk],
        rhythm=rhythm,
        kept=kept_of(project, rhythm) if rhythm else None,
        promises=promises_of(project),
        **counted,
    )


def kept_of(project: Project, rhythm: Rhythm) -> Kept:
    zone = ZoneInfo(project.timezone)
    held = Meeting.objects.held().filter(project=project, ends_at__lt=timezone.now())
    days = [timezone.localdate(moment, zone) for moment in held.values_list("starts_at", flat=True)]
    return cadence_kept(timezone.localdate(rhythm.set_at, zone), days, project.today, STEPS[rhythm.cadence])


def promises_of(project: Project) -> list[Promises]:
    items = ActionItem.objects.filter(meeting__project=project).select_related("task")
    tasks = [item.task for item in items]
    zone = ZoneInfo(project.timezone)
    return [
        promises_on([task for task in tasks if task.side == side], side, project.today, zone)
        for side in (Side.CLIENT, Side.AGENCY)
    ]


def promises_on(tasks: Sequence[Task], side: Side, today: date, zone: ZoneInfo) -> Promises:
    kinds = [kind_of(task, today, zone) for task in tasks]
    names = ("on_time", "late", "overdue", "coming", "undated")
    return Promises(side, **{name: kinds.count(name) for name in names})


def kind_of(task: Task, today: date, zone: ZoneInfo) -> str:
    if task.due_on is None:
        return "undated"
    if task.done_at:
        return "on_time" if timezone.localdate(task.done_at, zone) <= task.due_on else "late"
    return "overdue" if task.due_on < today else "coming"
