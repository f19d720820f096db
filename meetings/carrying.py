"""Lines of an agenda that go on to the next meeting. Each goes on once; what carries it is the line it becomes."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet
from django.utils import timezone

from meetings.board import day_of
from meetings.models import AgendaItem, BroughtUp, Meeting

Outcome = AgendaItem.Outcome


def waiting_lines(project_id: int, before: Meeting) -> QuerySet[AgendaItem]:
    """What was left when the minutes of an earlier meeting were published, and what had come on to a meeting that was
    then called off."""
    undiscussed = Q(outcome__in=["", Outcome.NOT_DISCUSSED])
    left = Q(meeting__cancelled_at=None, meeting__minutes__published_at__isnull=False)
    called_off = Q(meeting__cancelled_at__isnull=False, first_on__isnull=False)
    lines = AgendaItem.objects.filter(
        undiscussed & (left | called_off), left_at=None, settled_at=None, meeting__project=project_id
    )
    earlier = lines.filter(Q(meeting__starts_at__lt=before.starts_at) | called_off).exclude(meeting=before)
    return earlier.select_related("meeting__project").order_by("meeting__starts_at", "position", "id")


def parked_lines(project_id: int) -> QuerySet[AgendaItem]:
    """The project's parking lot, what has waited longest first."""
    parked = AgendaItem.objects.filter(meeting__project=project_id, outcome=Outcome.PARKED, left_at=None)
    return parked.filter(meeting__cancelled_at=None).select_related("meeting__project", "goal", "kpi").order_by("id")


def carry(lines: Iterable[AgendaItem], meeting: Meeting) -> list[AgendaItem]:
    """Put these lines on the agenda of this meeting; whoever carried one before keeps it."""
    return [carry_line(line, meeting) for line in lines if leave(line)]


def leave(line: AgendaItem) -> bool:
    return bool(AgendaItem.objects.filter(pk=line.pk, left_at=None).update(left_at=timezone.now()))


def carry_line(line: AgendaItem, meeting: Meeting) -> AgendaItem:
    new = same_line(line, meeting) or AgendaItem(
        meeting=meeting, position=last_position(meeting) + 1, added_by=line.added_by
    )
    if new.pk is None:
        for name in ("title", "minutes", "goal_id", "kpi_id", "owner_id", "kind", "row", "facts", "only_for"):
            setattr(new, name, getattr(line, name))
    new.carried_from, new.first_on = line, line.first_on or day_of(line.meeting)
    # A meeting that was called off put nothing off.
    new.carried_times = line.carried_times + (line.meeting.cancelled_at is None)
    new.save()
    if new.kind:
        BroughtUp.objects.get_or_create(meeting=meeting, kind=new.kind, row=new.row)
    return new


def same_line(line: AgendaItem, meeting: Meeting) -> AgendaItem | None:
    """The line about the same thing that stands on that agenda already."""
    about = Q(title=line.title, kind="")
    if line.kind:
        about = Q(kind=line.kind, row=line.row)
    elif line.goal_id:
        about = Q(goal=line.goal_id)
    return meeting.agenda.filter(about, only_for=line.only_for, carried_from=None).first()


def last_position(meeting: Meeting) -> int:
    return max(meeting.agenda.values_list("position", flat=True), default=0)
