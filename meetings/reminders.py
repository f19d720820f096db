"""Reminders of meetings. Nothing is scheduled ahead: every few minutes we look at the meetings as they stand, so what
was moved or called off reminds nobody of the time it had."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from meetings.answers import address_for
from meetings.board import agenda_of
from meetings.models import ActionItem, AgendaItem, Attendance, Meeting, MeetingReminder, ReminderTimes
from smmportal.notifications.actions import announce
from smmportal.notifications.models import Notification
from smmportal.people.models import User

#: What one may choose from, in minutes, and what holds until one does.
CHOICES = (2880, 1440, 180, 60, 15)
USUAL = (1440, 60)
#: How many lines of the agenda, and of what one owes, a letter holds.
MOST_LINES = 10


def times_of(person: User) -> list[int]:
    said = ReminderTimes.objects.filter(person=person).first()
    return list(said.minutes if said else USUAL)


def choose_times(person: User, minutes: Sequence[int]) -> ReminderTimes:
    chosen = sorted(set(minutes) & set(CHOICES), reverse=True)
    return ReminderTimes.objects.update_or_create(person=person, defaults={"minutes": chosen})[0]


def send_due(now: datetime | None = None) -> int:
    """Remind whoever it is time to remind; how many people."""
    now = now or timezone.now()
    seats = seats_ahead(now)
    said = dict(
        ReminderTimes.objects.filter(person__in={seat.person_id for seat in seats}).values_list("person", "minutes")
    )
    sent = reminded_of(seats)
    count = 0
    for seat in seats:
        wanted = due_for(seat.meeting, said.get(seat.person_id, USUAL), now)
        if wanted and (seat.meeting_id, seat.person_id, seat.meeting.starts_at, min(wanted)) not in sent:
            count += remind(seat, min(wanted))
    return count


def seats_ahead(now: datetime) -> list[Attendance]:
    """Of meetings that begin soon enough for anybody's reminder; whoever said no is left in peace."""
    held = Meeting.objects.held().filter(
        starts_at__gt=now, starts_at__lte=now + timedelta(minutes=max(CHOICES)), project__closed_at=None
    )
    seats = Attendance.objects.filter(meeting__in=held, person__is_active=True)
    return list(seats.exclude(answer=Attendance.Answer.DECLINED).select_related("person", "meeting__project"))


def reminded_of(seats: Sequence[Attendance]) -> set[tuple[int, int, datetime, int]]:
    rows = MeetingReminder.objects.filter(meeting__in={seat.meeting_id for seat in seats})
    return set(rows.values_list("meeting", "person", "starts_at", "minutes"))


def due_for(meeting: Meeting, minutes: Sequence[int], now: datetime) -> list[int]:
    """The reminders whose moment has come. One whose moment had passed when the time was taken would only repeat the
    letter about that."""
    return [
        each
        for each in minutes
        if meeting.changed_at <= meeting.starts_at - timedelta(minutes=each) <= now < meeting.starts_at
    ]


def remind(seat: Attendance, minutes: int) -> bool:
    """Of two workers the row lets one through."""
    meeting = seat.meeting
    try:
        with transaction.atomic():
            MeetingReminder.objects.create(
                meeting=meeting, person=seat.person, starts_at=meeting.starts_at, minutes=minutes
            )
            facts = {
                "title": meeting.title,
                "project": meeting.project.name,
                "starts_at": meeting.starts_at.isoformat(),
                "ends_at": meeting.ends_at.isoformat(),
                "meeting": meeting.pk,
            }
            announce("meeting.reminder", to=[seat.person], about=meeting, facts=facts)
    except IntegrityError:
        return False
    return True


# --- When the letter is sent ----------------------------------------------------------------------------------------


def seat_reminded(notification: Notification) -> Attendance | None:
    seats = Attendance.objects.select_related("person", "meeting__project")
    return seats.filter(meeting=notification.facts["meeting"], person=notification.to).first()


def still_holds(notification: Notification) -> bool:
    """The letter may have waited for the morning: by then the meeting may be elsewhere, over, or off."""
    seat = seat_reminded(notification)
    if seat is None or seat.answer == Attendance.Answer.DECLINED or seat.meeting.cancelled_at:
        return False
    is_same = seat.meeting.starts_at == datetime.fromisoformat(notification.facts["starts_at"])
    return is_same and seat.meeting.starts_at > timezone.now()


def brought(notification: Notification) -> dict[str, object]:
    """The place as it is now, the agenda, what the reader still owes, and the link to answer."""
    seat = seat_reminded(notification)
    if seat is None:
        return {}
    owed = ActionItem.objects.filter(
        meeting__project=seat.meeting.project, task__assignee=seat.person, task__done_at=None
    )
    return {
        "place": seat.meeting.place,
        "call": seat.meeting.call,
        "agenda": [line_of(item) for item in agenda_of(seat.meeting, seat.person)[:MOST_LINES]],
        "owed": [(item.task.title, item.task.due_on) for item in owed.select_related("task")[:MOST_LINES]],
        "answer_url": "" if seat.answer else address_for(seat),
    }


def line_of(item: AgendaItem) -> str:
    """A line about a KPI has the board's own words."""
    return str(item.concern.kpi) if item.concern else item.heading
