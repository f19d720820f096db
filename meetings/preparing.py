"""The agenda that writes itself: what calls for talk comes on it, and what is settled meanwhile is marked so."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from meetings import carrying
from meetings.agenda import place_for
from meetings.board import as_line, projects_to_meet
from meetings.evidence import Evidence, evidence_for
from meetings.evidence_words import SAYINGS
from meetings.models import AgendaItem, BroughtUp, Meeting
from projects.models import Project
from smmportal.audit import record
from smmportal.people.models import User

MOST_AGENDA_LINES = 100


def refresh_agendas() -> None:
    """Of the next meeting of every open project that has one."""
    for project in projects_to_meet():
        refresh_next(project)


@transaction.atomic
def refresh_next(project: Project) -> list[AgendaItem]:
    """Of the project's next meeting whose agenda has room: what earlier ones left, then the evidence. Nothing while
    none is booked."""
    carry_over(project)
    meeting = next_to_begin(project)
    return refresh_agenda(meeting) if meeting else []


@transaction.atomic
def refresh_agenda(meeting: Meeting) -> list[AgendaItem]:
    """Look at the evidence anew, until the meeting begins. What is new comes on it, each row once a meeting: what
    people take off stays off it. Answers with the new lines; a second time at once there are none."""
    meeting = Meeting.objects.select_for_update(of=("self",)).select_related("project").get(pk=meeting.pk)
    if meeting.has_begun or meeting.cancelled_at or not meeting.project.is_open:
        return []
    found = evidence_for(meeting)
    look_again(meeting, found)
    known = set(meeting.brought_up.values_list("kind", "row"))
    # A goal that the sides see differently comes by `bring_up_gap`, once for all meetings.
    new = [each for each in found if each.key not in known and each.kind != "gap"]
    return bring_up(meeting, new)


@transaction.atomic
def carry_over(project: Project) -> list[AgendaItem]:
    """Put what earlier meetings did not get to on the next agenda, with the day it was first on one."""
    meeting = next_to_begin(project)
    if meeting is None:
        return []
    room = MOST_AGENDA_LINES - meeting.agenda.count()
    carried = carrying.carry(carrying.waiting_lines(project.pk, meeting)[:room], meeting)
    if shared := [line.title for line in carried if not line.only_for]:
        record("agenda.carried_over", about=meeting, project=project, lines=shared)
    return carried


def look_again(meeting: Meeting, found: Sequence[Evidence]) -> None:
    """Keep what the lines rest on as it is now; where nothing is left of it, the line is settled."""
    now, alive = timezone.now(), {each.key: each for each in found}
    changed = []
    for item in meeting.agenda.filter(kind__in=SAYINGS):
        evidence = alive.get((item.kind, item.row))
        became = (None, evidence.facts | {"url": evidence.url}) if evidence else (item.settled_at or now, item.facts)
        if (item.settled_at, item.facts) != became:
            item.settled_at, item.facts = became
            changed.append(item)
    AgendaItem.objects.bulk_update(changed, ["settled_at", "facts"])


def bring_up(meeting: Meeting, new: Sequence[Evidence]) -> list[AgendaItem]:
    """Each to its place among the lines; the others move down and keep their order."""
    lines = list(meeting.agenda.all())
    new = new[: MOST_AGENDA_LINES - len(lines)]
    if not new:
        return []
    BroughtUp.objects.bulk_create(BroughtUp(meeting=meeting, kind=each.kind, row=each.row) for each in new)
    items = [line_about(meeting, each) for each in new]
    for item in items:
        lines.insert(place_for(item.kind, [as_line(line) for line in lines]), item)
    for number, line in enumerate(lines, start=1):
        line.position = number
    AgendaItem.objects.bulk_update([line for line in lines if line.pk], ["position"])
    AgendaItem.objects.bulk_create(items)
    for each in new:
        tell_trail(meeting, each)
    return items


def line_about(meeting: Meeting, evidence: Evidence) -> AgendaItem:
    return AgendaItem(
        meeting=meeting,
        title=shorten(evidence.title),
        added_by=evidence.by or meeting.booked_by,
        kpi=evidence.kpi,
        kind=evidence.kind,
        row=evidence.row,
        facts=evidence.facts | {"url": evidence.url},
        only_for=evidence.only_for,
    )


def tell_trail(meeting: Meeting, evidence: Evidence) -> None:
    """The trail is read by both sides: what one of them keeps to itself is not told there."""
    if not evidence.only_for:
        facts = {"kind": evidence.kind, "row": evidence.row}
        record("agenda.brought_up", about=meeting, by=evidence.by, project=meeting.project, **facts)


def next_to_begin(project: Project) -> Meeting | None:
    """The next meeting whose agenda has room, held until the line is written."""
    coming = project.meetings.held().filter(starts_at__gt=timezone.now()).order_by("starts_at", "id")
    with_room = coming.annotate(lines=Count("agenda")).filter(lines__lt=MOST_AGENDA_LINES)
    first = with_room.values_list("pk", flat=True).first()
    return Meeting.objects.select_for_update(of=("self",)).select_related("project").get(pk=first) if first else None


def tick(item: AgendaItem, outcome: str, *, by: User) -> AgendaItem:
    """Say what became of a line; with «» nothing is said of it any more."""
    item.outcome = AgendaItem.Outcome(outcome) if outcome else ""
    is_discussed = item.outcome == AgendaItem.Outcome.DISCUSSED
    item.ticked_at, item.ticked_by = (timezone.now(), by) if is_discussed else (None, None)
    item.save(update_fields=["outcome", "ticked_at", "ticked_by"])
    return item


def shorten(text: str, longest: int = 300) -> str:
    text = " ".join(text.split())
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"
