"""What letters about meetings bring along for the reader's calendar."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _

from meetings.answers import address_for
from meetings.ics import Event, Person, method_of
from meetings.ics import invitation as written_invitation
from meetings.models import Attendance
from meetings.series_calendar import from_json
from smmportal.notifications.channels.contract import Attachment
from smmportal.notifications.models import Notification


def invitation(notification: Notification) -> Sequence[Attachment]:
    """The meeting as the letter tells of it, for this one reader; nothing for a notification older than calendars."""
    facts, reader = notification.facts, notification.to
    if reader is None or "calendar" not in facts:
        return ()
    event = event_from(facts, url=settings.PUBLIC_URL + notification.url)
    seat = seat_of(notification)
    guest = Person(str(reader), reader.email, seat.answer if seat else "")
    must = reader.pk not in facts.get("optional", ())
    text = written_invitation(event, organiser=organiser(notification), guest=guest, is_required=must).decode()
    return (Attachment("invite.ics", "text/calendar", text, method=method_of(event)),)


def seat_of(notification: Notification) -> Attendance | None:
    """The reader's seat in the meeting that the letter tells of."""
    version = notification.facts.get("calendar")
    if not version or notification.to is None:
        return None
    return Attendance.objects.filter(meeting__uid=version["uid"], person=notification.to).first()


def ways_to_answer(notification: Notification) -> dict[str, object]:
    seat = seat_of(notification)
    return {"answer_url": address_for(seat)} if seat else {}


def free_times(notification: Notification) -> dict[str, object]:
    return {"free": [datetime.fromisoformat(moment) for moment in notification.facts["free"]]}


def series_invitation(notification: Notification) -> Sequence[Attachment]:
    """The whole series for this one reader."""
    facts, reader = notification.facts, notification.to
    if reader is None or "series" not in facts:
        return ()
    event, *others = [from_json(said) for said in facts["series"]]
    guest = Person(str(reader), reader.email)
    text = written_invitation(event, organiser=organiser(notification), guest=guest, others=others).decode()
    return (Attachment("invite.ics", "text/calendar", text, method=method_of(event)),)


def organiser(notification: Notification) -> Person:
    """The portal sends the letters; whoever booked lends the name."""
    return Person(notification.by_name or _("SMM portal"), settings.DEFAULT_FROM_EMAIL)


def event_from(facts: dict, *, url: str) -> Event:
    version = facts["calendar"]
    stands_for = version.get("stands_for")
    return Event(
        uid=version["uid"],
        sequence=version["sequence"],
        title=facts["title"],
        starts_at=datetime.fromisoformat(facts["starts_at"]),
        ends_at=datetime.fromisoformat(facts["ends_at"]),
        stamp=datetime.fromisoformat(version["changed"]),
        zone=version["zone"],
        place=facts["place"],
        words=_("Project: %(project)s") % {"project": facts["project"]},
        url=url,
        is_cancelled=version["is_cancelled"],
        stands_for=datetime.fromisoformat(stands_for) if stands_for else None,
    )
