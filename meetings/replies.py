"""What a calendar program answers to an invitation by mail (RFC 5546, METHOD:REPLY). Pure; every letter is hostile
until it is read: whatever is odd about it makes it no reply."""

from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Literal
from uuid import UUID

from icalendar import Calendar
from icalendar import Event as Component

LARGEST = 1024 * 1024
ANSWERS: dict[str, Literal["accepted", "declined", "tentative"]] = {
    "ACCEPTED": "accepted",
    "DECLINED": "declined",
    "TENTATIVE": "tentative",
}
#: What the mail and calendar libraries raise at text that is neither.
WRONG = (ValueError, TypeError, KeyError, IndexError, AttributeError, LookupError, RecursionError, AssertionError)


class NotAReply(Exception):
    """The letter answers no invitation; `why` is a word for the log, and never a word of the letter."""

    def __init__(self, why: str):
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class Reply:
    """`sender` is whom the letter and the answer in it both name, in lower case."""

    sender: str
    uid: UUID
    sequence: int
    answer: Literal["accepted", "declined", "tentative"]
    #: When the answer was given; None when the program does not say.
    stamp: datetime | None


def read_reply(letter: bytes) -> Reply:
    """Raises `NotAReply`."""
    if len(letter) > LARGEST:
        raise NotAReply("too large")
    try:
        message = message_from_bytes(letter, policy=policy.default)
        return reply_in(event_in(message), sender_of(message))
    except WRONG as error:
        raise NotAReply("unreadable") from error


def sender_of(message: EmailMessage) -> str:
    """The only author that the letter names."""
    headers = message.get_all("From") or []
    authors = [address.addr_spec for header in headers for address in header.addresses]
    if len(authors) != 1 or "@" not in authors[0]:
        raise NotAReply("not one author")
    return authors[0].lower()


def event_in(message: EmailMessage) -> Component:
    """The event that a program answers for. The same part may come twice, to be read and as a file."""
    parts = (part for part in message.walk() if part.get_content_type() in ("text/calendar", "application/ics"))
    part = next(parts, None)
    if part is None:
        raise NotAReply("no calendar")
    calendar = Calendar.from_ical(part.get_payload(decode=True))
    if str(calendar.get("METHOD", "")).upper() != "REPLY":
        raise NotAReply("another method")
    events = calendar.events
    if len(events) != 1 or "RECURRENCE-ID" in events[0]:
        raise NotAReply("not one event")
    return events[0]


def reply_in(event: Component, sender: str) -> Reply:
    attendee = event["ATTENDEE"]
    if isinstance(attendee, list):
        raise NotAReply("not one attendee")
    scheme, _colon, address = str(attendee).partition(":")
    if scheme.lower() != "mailto" or address.strip().lower() != sender:
        raise NotAReply("another attendee")
    answer = ANSWERS.get(str(attendee.params.get("PARTSTAT", "")).upper())
    if answer is None:
        raise NotAReply("no answer")
    return Reply(sender, UUID(str(event["UID"])), int(event.get("SEQUENCE", 0)), answer, stamp_of(event))


def stamp_of(event: Component) -> datetime | None:
    stamp = event.get("DTSTAMP")
    moment = stamp.dt if stamp is not None else None
    if not isinstance(moment, datetime):
        return None
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
