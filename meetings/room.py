"""Verbs of a meeting that is being held: the clock, the line that is talked about, who came, notes written together."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from meetings.actions import lock_open
from meetings.merging import lines_of, merge
from meetings.models import AgendaItem, Attendance, Meeting, Minutes, Room
from meetings.preparing import tick
from smmportal.audit import record
from smmportal.people.models import User
from smmportal.refusals import Refused

#: People come together a little before the time.
EARLIEST = timedelta(hours=1)
LONGEST_NOTES = 10_000


@transaction.atomic
def open_room(meeting: Meeting, *, by: User) -> Room:
    """Start the clock and the first line. Once it runs, a second time changes nothing."""
    meeting = lock_open(meeting, by=by)
    refuse_if_early(meeting)
    room = Room.objects.filter(meeting=meeting).first()
    if room:
        return room
    now = timezone.now()
    room = Room.objects.create(meeting=meeting, opened_at=now, opened_by=by)
    record("meeting.opened", about=meeting, by=by, project=meeting.project)
    return turn_to(room, next_line(meeting))


@transaction.atomic
def talk_about(item: AgendaItem, *, by: User) -> Room:
    """This is the line that is talked about now; its own clock starts."""
    room = open_room(item.meeting, by=by)
    return room if room.item_id == item.pk else turn_to(room, item)


@transaction.atomic
def tick_off(item: AgendaItem, *, by: User) -> AgendaItem:
    """It was talked about. Where it was the present line, the next one that nobody ticked off follows."""
    meeting = lock_open(item.meeting, by=by)
    refuse_if_early(meeting)
    if item.ticked_at is None:
        tick(item, AgendaItem.Outcome.DISCUSSED, by=by)
    room = Room.objects.filter(meeting=meeting).first()
    if room and room.item_id == item.pk:
        turn_to(room, next_line(meeting))
    return item


@transaction.atomic
def untick(item: AgendaItem, *, by: User) -> AgendaItem:
    lock_open(item.meeting, by=by)
    tick(item, "", by=by)
    return item


@transaction.atomic
def mark_attendance(meeting: Meeting, *, person: User, state: str, by: User) -> Attendance:
    """Present, late, absent (said so before) or a no-show (did not); empty takes the mark back."""
    meeting = lock_open(meeting, by=by)
    seat = meeting.attendances.filter(person=person).first()
    if seat is None:
        raise Refused(_("This person was not asked to this meeting."), code="not-asked")
    if state in (Attendance.State.LATE, Attendance.State.NO_SHOW) and not meeting.has_begun:
        raise Refused(_("This meeting has not begun yet: nobody is late."), code="not-begun")
    if seat.state != state:
        record("attendance.marked", about=meeting, by=by, project=meeting.project, person=person.pk, state=state)
        seat.state, seat.marked_at = state, timezone.now()
        seat.save(update_fields=["state", "marked_at"])
    return seat


@transaction.atomic
def write_together(meeting: Meeting, *, text: str, base: str, by: User) -> Minutes:
    """Save what this person wrote over `base`, the text that they had before them, put together with what others wrote
    over it meanwhile. The answer's text may so be another than the one sent.

    Where both changed the same lines it is refused with code `changed-meanwhile`, `current` and `revision`.
    """
    meeting = lock_open(meeting, by=by)
    minutes = Minutes.objects.filter(meeting=meeting).first() or Minutes(meeting=meeting, revision=0, text="")
    together = merge(base, text, minutes.text)
    if together is None:
        raise Refused(
            _("%(person)s changed the same lines while you were writing.") % {"person": minutes.written_by},
            code="changed-meanwhile",
            current=minutes.text,
            revision=minutes.revision,
        )
    if len(together) > LONGEST_NOTES:
        raise Refused(_("Notes have at most %(count)s characters.") % {"count": LONGEST_NOTES}, code="too-long")
    if lines_of(together) != lines_of(minutes.text) or minutes.pk is None:
        minutes.text, minutes.revision, minutes.written_by = together, minutes.revision + 1, by
        minutes.save()
    return minutes


def refuse_if_early(meeting: Meeting) -> None:
    if meeting.starts_at - timezone.now() > EARLIEST:
        raise Refused(_("It is too early: the room opens an hour before the meeting."), code="early")


def next_line(meeting: Meeting) -> AgendaItem | None:
    """The first line for both sides that is neither ticked off nor settled."""
    return meeting.agenda.filter(only_for="", ticked_at=None, settled_at=None).first()


def turn_to(room: Room, item: AgendaItem | None) -> Room:
    room.item, room.item_since = item, timezone.now() if item else None
    room.save(update_fields=["item", "item_since"])
    return room
