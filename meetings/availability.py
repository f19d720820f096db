"""When people can be met: what they say of it, and the diaries that follow from it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from meetings.clock import Span, as_json, from_json
from meetings.models import Attendance, Availability, BusyTime, HeldTime, Meeting, OtherHours
from meetings.slots import Diary, Hours
from projects.models import Absence, Project
from smmportal.people.models import User
from smmportal.refusals import Refused

MOST_OTHER_DAYS = 200


@dataclass(frozen=True)
class Said:
    """What a person says of the time when they can be met."""

    hours: Mapping[int, Sequence[Span]]
    notice_hours: int = 0
    buffer_minutes: int = 0
    most_a_day: int | None = None
    country: str = ""


@transaction.atomic
def say_hours(person: User, said: Said) -> Availability:
    """Keep the person's hours; without a single one nobody could ever meet them, and that is refused."""
    if not any(said.hours.values()):
        raise Refused(_("Leave at least one hour of the week open, or nobody can meet you."), code="never-open")
    hours = {str(day): as_json(list(spans)) for day, spans in sorted(said.hours.items()) if spans}
    fields = {
        "hours": hours,
        "notice_hours": said.notice_hours,
        "buffer_minutes": said.buffer_minutes,
        "most_a_day": said.most_a_day,
        "country": said.country,
    }
    return Availability.objects.update_or_create(person=person, defaults=fields)[0]


def forget_hours(person: User) -> None:
    """Back to the working hours of each project."""
    Availability.objects.filter(person=person).delete()


@transaction.atomic
def say_other_hours(person: User, *, day: date, hours: Sequence[Span]) -> OtherHours:
    """Other hours on one day, or none of them: a day off."""
    User.objects.select_for_update(no_key=True).get(pk=person.pk)
    kept = OtherHours.objects.filter(person=person)
    kept.filter(day__lt=timezone.localdate() - timedelta(days=31)).delete()
    if kept.exclude(day=day).count() >= MOST_OTHER_DAYS:
        raise Refused(_("So many single days are more than the portal keeps. Please change your week instead."))
    return OtherHours.objects.update_or_create(person=person, day=day, defaults={"hours": as_json(list(hours))})[0]


def as_usual(other: OtherHours) -> None:
    """The week's hours hold on that day again."""
    other.delete()


# --- Diaries --------------------------------------------------------------------------------------------------------


def diaries_of(
    project: Project, people: Iterable[User], first: datetime, last: datetime, *, but: Meeting | None = None
) -> list[Diary]:
    """The diaries of these people for a window, in their order; a constant number of queries."""
    people = list(people)
    said = {row.person_id: row for row in Availability.objects.filter(person__in=people)}
    days = (first.date() - timedelta(days=2), last.date() + timedelta(days=2))
    other, away = defaultdict(dict), defaultdict(set)
    for row in OtherHours.objects.filter(person__in=people, day__range=days):
        other[row.person_id][row.day] = from_json(row.hours)
    for absence in Absence.objects.filter(person__in=people, starts_on__lte=days[1], ends_on__gte=days[0]):
        begins, ends = max(absence.starts_on, days[0]), min(absence.ends_on, days[1])
        away[absence.person_id].update(begins + timedelta(days=number) for number in range((ends - begins).days + 1))
    around = (first - timedelta(days=1), last + timedelta(days=1))
    sits, busy = seats_of(people, *around, but=but), busy_elsewhere(people, *around)
    return [
        replace(
            diary_of(said.get(person.pk), person, project, other[person.pk], away[person.pk], days),
            meetings=sits[person.pk],
            busy=busy[person.pk],
        )
        for person in people
    ]


def diary_of(
    said: Availability | None,
    person: User,
    project: Project,
    other: Mapping[date, Sequence[Span]],
    away: set[date],
    days: tuple[date, date],
) -> Diary:
    if said is None:
        usual = Hours(zone=ZoneInfo(project.timezone))
        return Diary((usual,), days=on_days(other, usual.zone), closed=frozenset(away))
    zone = ZoneInfo(person.timezone)
    return Diary(
        hours=week_of(said, zone),
        days=on_days(other, zone),
        closed=frozenset(away | (holidays_between(said.country, *days) - other.keys())),
        buffer=timedelta(minutes=said.buffer_minutes),
        most_a_day=said.most_a_day,
        not_before=timezone.now() + timedelta(hours=said.notice_hours) if said.notice_hours else None,
    )


def week_of(said: Availability, zone: ZoneInfo) -> tuple[Hours, ...]:
    return tuple(
        Hours(zone, begins, ends, frozenset([int(day)]))
        for day, spans in said.hours.items()
        for begins, ends in from_json(spans)
    )


def on_days(other: Mapping[date, Sequence[Span]], zone: ZoneInfo) -> dict[date, tuple[Hours, ...]]:
    every_day = frozenset(range(7))
    return {day: tuple(Hours(zone, *span, every_day) for span in spans) for day, spans in other.items()}


def seats_of(
    people: Sequence[User], first: datetime, last: datetime, *, but: Meeting | None = None
) -> dict[int, list[tuple[datetime, datetime]]]:
    """For each person the meetings of any project where they must be."""
    seats = Attendance.objects.filter(
        person__in=people,
        is_required=True,
        meeting__cancelled_at=None,
        meeting__starts_at__lt=last,
        meeting__ends_at__gt=first,
    )
    seats = seats if but is None else seats.exclude(meeting=but)
    found = defaultdict(list)
    for person, start, end in seats.values_list("person", "meeting__starts_at", "meeting__ends_at"):
        found[person].append((start, end))
    return found


def busy_elsewhere(
    people: Sequence[User], first: datetime, last: datetime
) -> dict[int, list[tuple[datetime, datetime]]]:
    """For each person the times when another calendar of theirs has them busy, or a proposal holds their time."""
    rows = BusyTime.objects.filter(subscription__person__in=people, starts_at__lt=last, ends_at__gt=first)
    held = HeldTime.objects.filter(person__in=people, starts_at__lt=last, ends_at__gt=first)
    proposed = held.filter(time__proposal__expires_at__gt=timezone.now())
    found = defaultdict(list)
    for person, start, end in [
        *rows.values_list("subscription__person", "starts_at", "ends_at"),
        *proposed.values_list("person", "starts_at", "ends_at"),
    ]:
        found[person].append((start, end))
    return found


def holidays_between(country: str, first: date, last: date) -> set[date]:
    years = range(first.year, last.year + 1)
    return {day for year in years for day in holidays_of(country, year) if first <= day <= last} if country else set()


@lru_cache(maxsize=200)
def holidays_of(country: str, year: int) -> frozenset[date]:
    import holidays  # half a second, and only who counts holidays waits for it

    return frozenset(holidays.country_holidays(country, years=year))
