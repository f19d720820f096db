"""Private calendar addresses: who made them, what they bring."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from meetings import ics
from meetings.models import CalendarFeed, Meeting, Series
from meetings.series_calendar import event_of_meeting, events_of
from projects.models import Project
from smmportal.audit import record
from smmportal.people.links import hash_of, new_secret
from smmportal.people.models import User

#: How far back a calendar remembers.
BACK = timedelta(days=180)
#: An address is asked for by programs, some of them many times an hour: how fine «last read» is kept.
FRESH = timedelta(minutes=10)


@transaction.atomic
def renew_feed(person: User, project: Project | None = None) -> CalendarFeed:
    """Make this person's address, or another in its place: the one before stops working."""
    User.objects.select_for_update(no_key=True).get(pk=person.pk)
    secret = new_secret()
    feed, is_new = CalendarFeed.objects.update_or_create(
        person=person,
        project=project,
        defaults={
            "secret": secret,
            "secret_hash": hash_of(secret),
            "made_at": timezone.now(),
            "last_read_at": None,
        },
    )
    record("feed.made" if is_new else "feed.renewed", about=feed, by=person)
    return feed


@transaction.atomic
def revoke_feed(feed: CalendarFeed, *, by: User) -> None:
    """The address stops working at once; another may be made any time."""
    record("feed.revoked", about=feed, by=by)
    feed.delete()


def find_feed(secret: str) -> CalendarFeed | None:
    """Whose address this is, if that person may still log in and, of a project, still see it."""
    found = CalendarFeed.objects.filter(secret_hash=hash_of(secret), person__is_active=True)
    feed = found.select_related("person", "project").first()
    if feed and feed.project and not Project.objects.visible_to(feed.person).filter(pk=feed.project_id).exists():
        return None
    return feed


def note_read(feed: CalendarFeed) -> None:
    now = timezone.now()
    if feed.last_read_at is None or feed.last_read_at < now - FRESH:
        CalendarFeed.objects.filter(pk=feed.pk).update(last_read_at=now)


def meetings_in(feed: CalendarFeed) -> QuerySet[Meeting]:
    """Of a project, all its meetings; of a person, those they sit in. What is called off stays, marked so: a program
    that has it must learn of it."""
    seen = Meeting.objects.visible_to(feed.person).filter(ends_at__gte=timezone.now() - BACK)
    mine = seen.filter(project=feed.project) if feed.project else seen.filter(people=feed.person)
    return mine.select_related("project", "series__project").order_by("starts_at", "id")


def written(feed: CalendarFeed) -> bytes:
    name = feed.project.name if feed.project else _("Meetings: %(person)s") % {"person": feed.person}
    found = list(meetings_in(feed))
    single = [event_of(meeting) for meeting in found if meeting.series_id is None]
    return ics.feed([*single, *series_events(feed, {meeting.series_id for meeting in found} - {None})], name=name)


def series_events(feed: CalendarFeed, wanted: set[int]) -> list[ics.Event]:
    """Series of which something is in the feed, each as one event that comes again; for a person, their days of it."""
    if not wanted:
        return []
    found = Series.objects.filter(pk__in=wanted).select_related("project")
    events = []
    for series in found.prefetch_related("open_days", "meetings__attendances", "seats").order_by("pk"):
        seen = [each for each in series.meetings.all() if feed.project_id or sits_in(feed.person_id, each)]
        events += events_of(series, seen, **({} if feed.project_id else days_of(feed.person_id, series)))
    return events


def sits_in(person_id: int, meeting: Meeting) -> bool:
    return any(seat.person_id == person_id for seat in meeting.attendances.all())


def days_of(person_id: int, series: Series) -> dict:
    """From the first day they ever take part to the last; what lies between and is not theirs is left out."""
    seats = [seat for seat in series.seats.all() if seat.person_id == person_id]
    if not seats:
        return {}
    left = [seat.leaves_on for seat in seats]
    return {"first": min(seat.joins_on for seat in seats), "leaves_on": None if None in left else max(left)}


def event_of(meeting: Meeting) -> ics.Event:
    if meeting.series:
        return event_of_meeting(meeting.series, meeting)
    return ics.Event(
        uid=str(meeting.uid),
        sequence=meeting.sequence,
        title=meeting.title,
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        stamp=meeting.changed_at,
        zone=meeting.project.timezone,
        place=meeting.place,
        words=_("Project: %(project)s") % {"project": meeting.project.name},
        url=settings.PUBLIC_URL + meeting.get_absolute_url(),
        is_cancelled=meeting.cancelled_at is not None,
    )


@dataclass(frozen=True)
class Offer:
    """A calendar that a person may have an address of: their own (`project` is None), or a project's."""

    project: Project | None
    feed: CalendarFeed | None

    @property
    def address(self) -> str:
        return address_of(self.feed) if self.feed else ""

    @property
    def bare_address(self) -> str:
        return self.address.partition("://")[2]


def address_of(feed: CalendarFeed) -> str:
    return settings.PUBLIC_URL + reverse("meetings:calendar_feed", args=[feed.secret])


def offers_for(person: User, projects: Iterable[Project]) -> list[Offer]:
    made = {feed.project_id: feed for feed in CalendarFeed.objects.visible_to(person)}
    return [Offer(project, made.get(project and project.pk)) for project in (None, *projects)]
