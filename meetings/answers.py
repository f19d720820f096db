"""Whether people come: answered on a page, by a program, by the link in the letter, or by their calendar's mail."""

import logging
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from meetings import queries
from meetings.models import Attendance, Meeting
from meetings.replies import NotAReply, Reply, read_reply
from projects.models import Project
from smmportal.audit import record
from smmportal.notifications.actions import announce
from smmportal.people.models import User
from smmportal.refusals import Refused, demand

logger = logging.getLogger("smmportal.mail")
Answer, Way = Attendance.Answer, Attendance.Way


@transaction.atomic
def answer(
    meeting: Meeting, *, person: User, answer: Answer | str, way: Way | str, at: datetime | None = None
) -> Attendance:
    """Keep what this person says of coming; whoever booked is told of a no, with the nearest free times."""
    meeting = Meeting.objects.select_for_update(no_key=True, of=("self",)).select_related("project").get(pk=meeting.pk)
    seat = meeting.attendances.filter(person=person).first()
    demand(seat is not None, _("You are not asked to this meeting, so there is nothing to answer."))
    if meeting.cancelled_at:
        raise Refused(_("This meeting was called off. There is nothing to answer any more."), code="cancelled")
    if meeting.is_over:
        raise Refused(_("This meeting is over. There is nothing to answer any more."), code="over")
    was, seat.answer = seat.answer, Answer(answer)
    seat.answered_at, seat.answered_by = at or timezone.now(), Way(way)
    seat.save(update_fields=["answer", "answered_at", "answered_by"])
    if was != seat.answer:
        record("meeting.answered", about=meeting, by=person, project=meeting.project, answer=seat.answer, way=way)
        if seat.answer == Answer.DECLINED:
            tell_of_decline(meeting, by=person)
    return seat


def tell_of_decline(meeting: Meeting, *, by: User) -> None:
    """When all of them are free instead: the meeting itself holds its own time."""
    people = list(meeting.people.all())
    free = queries.nearest_free_times(meeting.project, people, start=meeting.starts_at, end=meeting.ends_at)
    facts = {
        "title": meeting.title,
        "project": meeting.project.name,
        "starts_at": meeting.starts_at.isoformat(),
        "free": [slot.start.isoformat() for slot in free],
    }
    if Project.objects.visible_to(meeting.booked_by).filter(pk=meeting.project_id).exists():
        url = reverse("meetings:move", args=[meeting.pk])
        announce("meeting.declined", to=[meeting.booked_by], about=meeting, by=by, url=url, facts=facts)


def ask_anew(meeting: Meeting, *, by: User) -> None:
    """Another time: what people said of the one before does not hold. Who chose it comes."""
    meeting.attendances.exclude(person=by).update(answer="", answered_at=None, answered_by="")
    meeting.attendances.filter(person=by).update(
        answer=Answer.ACCEPTED, answered_at=timezone.now(), answered_by=Way.PAGE
    )


# --- The link in the letter -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class AnswerLink:
    """A seat in the hands of whoever has the letter. It is signed and kept nowhere: a letter makes it when it is sent,
    and it works until the meeting is over, called off, or the seat is taken away."""

    seat: Attendance

    @property
    def pk(self) -> int:
        return self.seat.pk

    @property
    def project(self) -> Project:
        return self.seat.meeting.project

    @property
    def language(self) -> str:
        return self.seat.person.language

    @property
    def created_by(self) -> User:
        return self.seat.person

    @property
    def state(self) -> str:
        if self.seat.meeting.cancelled_at:
            return "revoked"
        return "expired" if self.seat.meeting.is_over else "sent"

    @property
    def is_open(self) -> bool:
        return self.state == "sent"


def signer() -> Signer:
    return Signer(salt="meetings.answers")


def address_for(seat: Attendance) -> str:
    return settings.PUBLIC_URL + reverse("meetings:answer_link", args=[signer().sign(seat.pk)])


def find_link(secret: str) -> AnswerLink | None:
    try:
        pk = int(signer().unsign(secret))
    except (BadSignature, ValueError):
        return None
    seat = Attendance.objects.select_related("person", "meeting__project__agency").filter(pk=pk).first()
    return AnswerLink(seat) if seat else None


def stands(link: AnswerLink) -> bool:
    return Project.objects.visible_to(link.created_by).filter(pk=link.project.pk).exists()


# --- What calendars send --------------------------------------------------------------------------------------------


def take_in(letter: bytes) -> Attendance | None:
    """Understand one letter, or pass it by and write a word of why in the log: nothing of the letter itself."""
    try:
        reply = read_reply(letter)
        seat = seat_of(reply)
        return answer(seat.meeting, person=seat.person, answer=reply.answer, way=Way.MAIL, at=min_known(reply.stamp))
    except NotAReply as odd:
        logger.info("A letter was passed by: %s", odd.why)
    except Refused as refusal:
        logger.info("A letter was passed by: %s", refusal.code)
    return None


def seat_of(reply: Reply) -> Attendance:
    """The seat of the very person who writes, in the very version of the meeting that they have."""
    found = Attendance.objects.select_related("person", "meeting__project").filter(meeting__uid=reply.uid)
    seat = found.filter(person__email__iexact=reply.sender, person__is_active=True).first()
    if seat is None:
        raise NotAReply("nobody's seat")
    if reply.sequence != seat.meeting.sequence and not said_of_this_time(reply, seat.meeting):
        raise NotAReply("another version")
    if seat.answered_at and reply.stamp and reply.stamp < seat.answered_at.replace(microsecond=0):
        raise NotAReply("older than what is known")
    if not stands(AnswerLink(seat)):
        raise NotAReply("no longer in the project")
    return seat


def said_of_this_time(reply: Reply, meeting: Meeting) -> bool:
    """A program may answer the version before one that only named another title: the time is the same."""
    return meeting.time_sequence <= reply.sequence < meeting.sequence


def min_known(stamp: datetime | None) -> datetime:
    """A clock that is ahead must not keep later answers out."""
    now = timezone.now()
    return min(stamp, now) if stamp else now
