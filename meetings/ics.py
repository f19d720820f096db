"""Meetings as calendar programs read them (RFC 5545), and as they are invited to by letter (RFC 5546). Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from icalendar import Calendar, vCalAddress, vRecur
from icalendar import Event as Component

PRODUCT = "-//SMM portal//Meetings//EN"
#: How far around the meetings a zone's clock changes are written out.
AROUND = timedelta(days=1)
#: And for a meeting that comes again.
LAST_WRITTEN = date(2037, 12, 31)

Method = Literal["PUBLISH", "REQUEST", "CANCEL"]


@dataclass(frozen=True)
class Event:
    """One meeting. `uid` stays what it is for the meeting's whole life, `sequence` rises with each change of it."""

    uid: str
    sequence: int
    title: str
    starts_at: datetime
    ends_at: datetime
    #: When this version of it was made.
    stamp: datetime
    zone: str
    place: str = ""
    words: str = ""
    url: str = ""
    is_cancelled: bool = False
    #: How it comes again, as RFC 5545 writes it, and the starts that are left out.
    rule: str = ""
    left_out: tuple[datetime, ...] = ()
    #: Of one that comes again: the start by the rule that this one stands for (RECURRENCE-ID).
    stands_for: datetime | None = None


@dataclass(frozen=True)
class Person:
    name: str
    address: str
    #: What a guest answered: accepted, tentative, declined; empty when nothing yet.
    answer: str = ""


def invitation(
    event: Event, *, organiser: Person, guest: Person, is_required: bool = True, others: Sequence[Event] = ()
) -> bytes:
    """For the letter that invites one person, moves the meeting, or calls it off. It names nobody else's address.

    `others` are those of a series that differ from its rule: they travel with it."""
    role = "REQ-PARTICIPANT" if is_required else "OPT-PARTICIPANT"
    components = [component_of(each) for each in (event, *others)]
    for component in components:
        component.add("organizer", address_of(organiser))
        guest_address = address_of(guest, ROLE=role, PARTSTAT=guest.answer.upper() or "NEEDS-ACTION", RSVP="TRUE")
        component.add("attendee", guest_address, encode=False)
    return written(components, [event, *others], method=method_of(event))


def method_of(event: Event) -> Method:
    return "CANCEL" if event.is_cancelled else "REQUEST"


def feed(events: Sequence[Event], *, name: str, refresh: timedelta = timedelta(hours=1)) -> bytes:
    """A calendar to subscribe to."""
    extra = {
        "x-wr-calname": name,
        "name": name,
        "refresh-interval": refresh,
        "x-published-ttl": refresh,
    }
    return written([component_of(event) for event in events], events, method="PUBLISH", extra=extra)


def component_of(event: Event) -> Component:
    zone = ZoneInfo(event.zone)
    component = Component()
    component.add("uid", event.uid)
    component.add("sequence", event.sequence)
    component.add("dtstamp", event.stamp.astimezone(UTC))
    component.add("last-modified", event.stamp.astimezone(UTC))
    component.add("dtstart", event.starts_at.astimezone(zone))
    component.add("dtend", event.ends_at.astimezone(zone))
    if event.rule:
        component.add("rrule", vRecur.from_ical(event.rule))
    if event.left_out:
        component.add("exdate", [moment.astimezone(zone) for moment in event.left_out])
    if event.stands_for:
        component.add("recurrence-id", event.stands_for.astimezone(zone))
    component.add("summary", event.title)
    component.add("status", "CANCELLED" if event.is_cancelled else "CONFIRMED")
    for name, value in (("location", event.place), ("description", event.words), ("url", event.url)):
        if value:
            component.add(name, value)
    return component


def address_of(person: Person, **parameters: str) -> vCalAddress:
    address = vCalAddress(f"mailto:{person.address}")
    address.params.update({"CN": person.name, **parameters})
    return address


def written(
    components: Iterable[Component], events: Sequence[Event], *, method: Method, extra: dict[str, object] | None = None
) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", method)
    for name, value in (extra or {}).items():
        calendar.add(name, value)
    for component in components:
        calendar.add_component(component)
    if events:
        # Without bounds every zone is written out until 2038, sixty lines of it.
        first = min(event.starts_at for event in events) - AROUND
        last = max(event.ends_at for event in events) + AROUND
        comes_again = any(event.rule for event in events)
        calendar.add_missing_timezones(first.date(), max(last.date(), LAST_WRITTEN) if comes_again else last.date())
    return calendar.to_ical()
