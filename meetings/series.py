"""Verbs about series of meetings. Their meetings take time under the same lock and by the same look as any other."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from itertools import dropwhile, islice
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from meetings import actions, queries, recurrence, rules
from meetings.holding import keep_time
from meetings.models import Meeting, OpenDay, Rhythm, Series, SeriesSeat
from meetings.models.rhythm import USUAL_NOTICE
from meetings.preparing import refresh_next
from meetings.recurrence import Planned, Rule
from meetings.series_calendar import facts_of, off_days
from projects.actions.projects import demand_open
from projects.models import Project
from smmportal.audit import record
from smmportal.notifications.actions import announce
from smmportal.people.models import User
from smmportal.refusals import Refused, demand

#: How far ahead meetings are made: so many weeks, or so many meetings where that is further.
AHEAD, MEETINGS_AHEAD = timedelta(weeks=12), 8
#: A series begins within this time, and changes to days within it.
FURTHEST = timedelta(days=366)
MOST_SERIES = 20


@dataclass
class Made:
    """What came of making days: meetings, and days whose time was taken."""

    meetings: list[Meeting] = field(default_factory=list)
    open_days: list[OpenDay] = field(default_factory=list)


# --- Beginning and going on -----------------------------------------------------------------------------------------


@transaction.atomic
def begin_series(
    project: Project,
    *,
    title: str,
    rule: Rule,
    starts_on: date,
    time: time,
    people: Iterable[User],
    by: User,
    zone: str = "",
    minutes: int = 60,
    place: str = "",
    day_off: str = Series.DayOff.SKIP,
    countries: Iterable[str] = (),
) -> Series:
    """Meetings by a rule, the first on its first day from `starts_on` on, made ahead at once. A day whose time is taken
    is kept open and told of. `time` is on the wall clock of `zone`, the project's own by default."""
    demand(rules.can_book(by, project), _("You can look at this project’s meetings, but not book one."))
    demand_open(project)
    people = actions.people_of_the_project(project, people)
    series = Series(
        project=project,
        title=title,
        place=place,
        time=time,
        zone=zone or project.timezone,
        minutes=minutes,
        day_off=day_off,
        countries=sorted(set(countries)),
        made_by=by,
        made_side=project.side_of(by),
    )
    begin_on(series, rule, starts_on)
    Project.objects.select_for_update().get(pk=project.pk)
    if again := same_as(series):
        return again
    if project.series.running().count() >= MOST_SERIES:
        raise Refused(_("So many series at once are more than a project keeps. Please end one first."), code="too-many")
    series.save()
    SeriesSeat.objects.bulk_create(
        SeriesSeat(series=series, person=person, joins_on=series.starts_on) for person in people
    )
    made = make_ahead(series)
    record("series.begun", about=series, by=by, project=project, rule=series.rule, starts_on=series.starts_on)
    tell("series.begun", series, by=by, made=made)
    feed_rhythm(project, by=by)
    actions.bring_up_gaps(project)
    refresh_next(project)
    return series


def same_as(series: Series) -> Series | None:
    """The one that the same form made when it was sent before."""
    said = ("title", "rule", "starts_on", "time", "zone", "until", "count")
    same = {name: getattr(series, name) for name in said}
    return series.project.series.running().filter(made_by=series.made_by, **same).first()


def begin_on(series: Series, rule: Rule, starts_on: date) -> None:
    """The rule, and its own first day not before `starts_on`."""
    first = recurrence.first_day(rule, starts_on)
    today = today_of(series)
    if first is None:
        raise Refused(_("No day fits this rule. Please choose another one."), code="no-day")
    if series.moment_on(first) < timezone.now():
        later = recurrence.first_day(rule, today + timedelta(days=1)) if starts_on >= today else None
        if later is None:
            raise Refused(_("This time has passed. Please choose a later one."), code="past")
        first = later
    if first > today + FURTHEST:
        raise Refused(_("A series begins within a year. Please choose an earlier day."), code="too-far")
    series.recurs, series.starts_on = rule, first


def today_of(series: Series) -> date:
    return timezone.localdate(timezone=series.clock_zone)


def continue_all() -> int:
    """Make the meetings ahead of every series that runs; how many were made. Safe to run twice."""
    running = Series.objects.running().filter(project__closed_at=None).order_by("pk")
    return sum(len(continue_series(pk).meetings) for pk in running.values_list("pk", flat=True))


@transaction.atomic
def continue_series(pk: int) -> Made:
    series = Series.objects.select_for_update(of=("self",)).select_related("project", "made_by").get(pk=pk)
    if not (series.is_running and series.project.is_open):
        return Made()
    made = make_ahead(series)
    if made.open_days:
        touch(series)
        tell("series.needs_time", series, by=None, made=made)
    if series.is_over:
        feed_rhythm(series.project, by=series.made_by)
    return made


def make_ahead(series: Series) -> Made:
    """The days after those that were made, up to the horizon."""
    today, made = today_of(series), Made()
    coming = list(islice(coming_days(series, today), MEETINGS_AHEAD))
    last = max([today + AHEAD, *coming[-1:]])
    for planned in planned_days(series, last):
        if series.made_until is None or planned.day > series.made_until:
            make_day(series, planned, made)
    series.made_until, series.is_over = max(last, series.made_until or last), not coming
    series.save(update_fields=["made_until", "is_over"])
    return made


def coming_days(series: Series, today: date) -> Iterable[date]:
    return dropwhile(lambda day: day < today, recurrence.days_of(series.recurs, series.starts_on))


def planned_days(series: Series, last: date) -> list[Planned]:
    return recurrence.plan(series.recurs, series.starts_on, last, off=series.day_off, is_off=off_days(series))


def make_day(series: Series, planned: Planned, made: Made) -> None:
    """Take the time of one day's people, or keep the day open. What is there already is not made twice."""
    if planned.held_on is None or is_known(series, planned.day):
        return
    starts_at = series.moment_on(planned.held_on)
    people = people_on(series, planned.day)
    if starts_at < timezone.now() or not people:
        return
    actions.hold_time_of(people)
    names = names_of_busy(people, starts_at, starts_at + series.length)
    if names:
        made.open_days.append(keep_open(series, planned.day, starts_at, names))
    else:
        made.meetings.append(seat_series(series, planned.day, people, starts_at))


def is_known(series: Series, day: date) -> bool:
    return series.meetings.filter(series_day=day).exists() or series.open_days.filter(day=day).exists()


def people_on(series: Series, day: date) -> list[User]:
    """Who takes part that day, of those who may still see the project."""
    seated = series.seats.filter(Q(leaves_on=None) | Q(leaves_on__gt=day), joins_on__lte=day)
    return list(queries.people_to_invite(series.project).filter(pk__in=seated.values("person")))


def names_of_busy(people: list[User], starts_at: datetime, ends_at: datetime, *, but: Meeting | None = None) -> str:
    return ", ".join(queries.busy_names(people, starts_at, ends_at, but=but))


def keep_open(series: Series, day: date, starts_at: datetime, names: str, *, meeting: Meeting | None = None) -> OpenDay:
    kept = {"starts_at": starts_at, "names": names[:500], "meeting": meeting, "settled_at": None, "is_dropped": False}
    return OpenDay.objects.update_or_create(series=series, day=day, defaults=kept)[0]


def seat_series(
    series: Series, day: date, people: list[User], starts_at: datetime, ends_at: datetime | None = None
) -> Meeting:
    return actions.seat(
        series.project,
        people,
        by=series.made_by,
        booked_side=series.made_side,
        title=series.title,
        place=series.place,
        starts_at=starts_at,
        ends_at=ends_at or starts_at + series.length,
        series=series,
        series_day=day,
    )


# --- A day whose time was taken -------------------------------------------------------------------------------------


@transaction.atomic
def settle_day(open_day: OpenDay, *, starts_at: datetime, ends_at: datetime, by: User) -> Meeting:
    """Hold that day's meeting at another time, under the same guard as any other."""
    series, open_day = lock_day(open_day, by=by)
    if open_day.meeting:
        people = list(people_on(series, open_day.day))
        add_people(open_day.meeting, people)
        meeting = actions.move_meeting(open_day.meeting, starts_at=starts_at, ends_at=ends_at, by=by)
    else:
        meeting = book_day(series, open_day, starts_at, ends_at, by=by)
    OpenDay.objects.filter(pk=open_day.pk).update(settled_at=timezone.now(), meeting=meeting)
    return meeting


def book_day(series: Series, open_day: OpenDay, starts_at: datetime, ends_at: datetime, *, by: User) -> Meeting:
    actions.check_times(starts_at, ends_at)
    if starts_at < timezone.now():
        raise Refused(_("This time has passed. Please choose a later one."), code="past")
    people = people_on(series, open_day.day)
    if not people:
        raise Refused(_("Please choose who takes part."), code="nobody")
    actions.hold_time_of(people)
    actions.refuse_if_taken(series.project, people, starts_at, ends_at)
    meeting = seat_series(series, open_day.day, people, starts_at, ends_at)
    touch(series)
    record("meeting.booked", about=meeting, by=by, project=series.project, starts_at=starts_at, ends_at=ends_at)
    announce("meeting.booked", to=people, about=meeting, by=by, facts=actions.for_calendar(meeting))
    return meeting


def add_people(meeting: Meeting, people: list[User]) -> list[User]:
    """They sit in it from now on; whoever moves it looks at their time. Answers with those who did not before."""
    there = set(meeting.people.values_list("pk", flat=True))
    new = [person for person in people if person.pk not in there]
    meeting.attendances.bulk_create(meeting.attendances.model(meeting=meeting, person=person) for person in new)
    return new


@transaction.atomic
def drop_day(open_day: OpenDay, *, by: User) -> None:
    """Nothing is held in its place; a meeting that it had already stays as it is."""
    series, open_day = lock_day(open_day, by=by)
    OpenDay.objects.filter(pk=open_day.pk).update(settled_at=timezone.now(), is_dropped=open_day.meeting is None)
    record("series.day_dropped", about=series, by=by, project=series.project, day=open_day.day)


def lock_day(open_day: OpenDay, *, by: User) -> tuple[Series, OpenDay]:
    series = lock(open_day.series, by=by)
    fresh = series.open_days.select_related("meeting__project").get(pk=open_day.pk)
    if fresh.settled_at:
        raise Refused(_("Somebody has settled this day already."), code="settled")
    return series, fresh


@transaction.atomic
def leave_out(series: Series, *, day: date, reason: str = "", by: User) -> None:
    """No meeting of the series on that day of its rule: an exception, made or not made yet."""
    series = lock_running(series, by=by)
    if not recurrence.is_day_of(series.recurs, series.starts_on, day) or day < today_of(series):
        raise Refused(_("The series has no meeting on this day."), code="no-such-day")
    meeting = series.meetings.filter(series_day=day).first()
    if meeting:
        actions.cancel_meeting(meeting, reason=reason or _("This day is left out of the series."), by=by)
        return
    if day > today_of(series) + FURTHEST:
        raise Refused(_("This day is more than a year ahead. Please leave it out later."), code="too-far")
    left = {"starts_at": series.moment_on(day), "names": "", "settled_at": timezone.now(), "is_dropped": True}
    OpenDay.objects.update_or_create(series=series, day=day, defaults=left)
    touch(series)
    record("series.day_left_out", about=series, by=by, project=series.project, day=day)
    tell("series.changed", series, by=by)


# --- Changing -------------------------------------------------------------------------------------------------------


@transaction.atomic
def change_series(series: Series, *, by: User, from_day: date | None = None, **changes: object) -> Series:
    """Another title, place, day, time or length, from a day of the rule on; from the first that has not begun, without.

    `changes` are title, place, minutes, time, and `starts_on`: the day that the first of the changed ones moves to.
    What has been held stays what it was: the series ends before that day and another continues it, except when
    nothing was held, or when only the words of the whole change. Returns the series that goes on. A meeting that
    was moved or called off by itself stays so; one whose new time is taken keeps its old one and is told of.
    """
    series = lock_running(series, by=by)
    first = first_to_change(series, from_day)
    words_only = not {"starts_on", "time", "minutes"} & set(changes)
    is_whole = first == series.starts_on or (from_day is None and words_only)
    target = series if is_whole else cut(series, first)
    was = {day.day: day for day in planned_days(target, target.made_until)}
    plain = untouched(target, was)
    reword(target, plain, changes)
    made = Made() if words_only else retime(target, first, was, plain, changes)
    touch(target)
    said = {name: str(value) for name, value in changes.items()}
    record("series.changed", about=target, by=by, project=target.project, from_day=first, **said)
    if target.pk != series.pk:
        tell("series.changed", series, by=by)
    tell("series.changed", target, by=by, made=made)
    feed_rhythm(target.project, by=by)
    return target


def first_to_change(series: Series, from_day: date | None) -> date:
    now = timezone.now()
    found = next((day for day in coming_days(series, today_of(series)) if series.moment_on(day) > now), None)
    if found is None:
        raise Refused(_("The last meeting of this series has begun. Please begin another series."), code="over")
    if from_day is None:
        return found
    is_one = from_day >= found and recurrence.is_day_of(series.recurs, series.starts_on, from_day)
    if not is_one or from_day > max(series.made_until, found):
        raise Refused(_("The series has no meeting on this day."), code="no-such-day")
    return from_day


def cut(series: Series, day: date) -> Series:
    """End the series before `day`; the one that continues it takes over its meetings from there, under a name of its
    own in calendars (RFC 5545 has one rule a UID)."""
    passed = sum(1 for each in recurrence.plan(series.recurs, series.starts_on, day) if each.day < day)
    after = Series.objects.get(pk=series.pk)
    after._state.adding, after.pk, after.uid = True, None, Series._meta.get_field("uid").get_default()
    after.sequence, after.continues, after.starts_on = 0, series, day
    after.count = series.count - passed if series.count else None
    after.project = series.project
    after.save()
    for seat in series.seats.filter(Q(leaves_on=None) | Q(leaves_on__gt=day)):
        joins_on = max(seat.joins_on, day)
        SeriesSeat.objects.create(series=after, person=seat.person, joins_on=joins_on, leaves_on=seat.leaves_on)
    series.meetings.filter(series_day__gte=day).update(series=after)
    series.open_days.filter(day__gte=day).update(series=after)
    stop_before(series, day)
    return after


def stop_before(series: Series, day: date) -> None:
    series.until, series.count, series.is_over = day - timedelta(days=1), None, True
    series.made_until = min(series.made_until or series.until, series.until)
    touch(series, "until", "count", "is_over", "made_until")


def untouched(series: Series, was: dict[date, Planned]) -> dict[date, Meeting]:
    """Its meetings to come that are where, and as long as, the series put them, by the day they stand for."""
    coming = series.meetings.held().filter(starts_at__gt=timezone.now()).select_related("project")
    found = {meeting.series_day: meeting for meeting in coming.select_for_update(of=("self",))}
    return {day: meeting for day, meeting in found.items() if day in was and is_as_planned(series, was[day], meeting)}


def is_as_planned(series: Series, planned: Planned, meeting: Meeting) -> bool:
    if planned.held_on is None:
        return False
    starts_at = series.moment_on(planned.held_on)
    return (meeting.starts_at, meeting.ends_at) == (starts_at, starts_at + series.length)


def reword(series: Series, plain: dict[date, Meeting], changes: dict) -> None:
    """New words for the series and its meetings to come, but for those that were given words of their own."""
    for name in ("title", "place"):
        if name not in changes:
            continue
        before = getattr(series, name)
        setattr(series, name, changes[name])
        for meeting in series.meetings.held().filter(starts_at__gt=timezone.now(), **{name: before}):
            known = plain.get(meeting.series_day, meeting)
            setattr(known, name, changes[name])
            actions.save_change(known, name)
    series.save(update_fields=["title", "place"])


def retime(series: Series, first: date, was: dict[date, Planned], plain: dict[date, Meeting], changes: dict) -> Made:
    """Give every day the new one in its place, the same in number; those that move later go from the last on, so that
    none runs into the next before that one has moved."""
    becomes = changes.get("starts_on", first)
    today = today_of(series)
    if becomes > today + FURTHEST:
        raise Refused(_("A series begins within a year. Please choose an earlier day."), code="too-far")
    rule = series.recurs
    shifted = recurrence.shifted(rule, first, becomes)
    if shifted.until and shifted.until < becomes:
        shifted = replace(shifted, until=becomes)
    series.time = changes.get("time", series.time)
    series.minutes = changes.get("minutes", series.minutes)
    series.recurs, series.starts_on = shifted, becomes
    if series.moment_on(becomes) < timezone.now():
        raise Refused(_("This time has passed. Please choose a later one."), code="past")
    old = [day for day in was if day >= first]
    new = planned_first(series, len(old))
    series.made_until = new[-1].day if new else becomes
    series.save()
    move_seats(series, becomes - first)
    made, pairs = Made(), list(zip(old, new, strict=False))
    later = becomes > first or (becomes == first and bool(old) and moves_later(series, was[old[0]], plain.get(old[0])))
    for day, planned in reversed(pairs) if later else pairs:
        replan(series, day, planned, plain, made)
    for day in old[len(new) :]:
        call_off(series, day)
    ahead = make_ahead(series)
    return Made(made.meetings + ahead.meetings, made.open_days + ahead.open_days)


def moves_later(series: Series, planned: Planned, meeting: Meeting | None) -> bool:
    return bool(meeting and planned.held_on and series.moment_on(planned.held_on) > meeting.starts_at)


def move_seats(series: Series, step: timedelta) -> None:
    for seat in series.seats.all():
        seat.joins_on += step
        seat.leaves_on = seat.leaves_on and seat.leaves_on + step
        seat.save(update_fields=["joins_on", "leaves_on"])


def planned_first(series: Series, number: int) -> list[Planned]:
    days = list(islice(recurrence.days_of(series.recurs, series.starts_on), number))
    return planned_days(series, days[-1]) if days else []


def replan(series: Series, day: date, planned: Planned, plain: dict[date, Meeting], made: Made) -> None:
    """One day of the series becomes another one. What was moved or called off by itself only stands for the new day."""
    series.open_days.filter(day=day, is_dropped=True).update(day=planned.day)
    series.open_days.filter(day=day, is_dropped=False).delete()
    series.meetings.filter(series_day=day).update(series_day=planned.day)
    meeting = plain.get(day)
    if meeting is None:
        make_day(series, planned, made)
        return
    meeting.series_day = planned.day
    if planned.held_on is None:
        call_off(series, planned.day)
        return
    starts_at = series.moment_on(planned.held_on)
    people = list(meeting.people.all())
    actions.hold_time_of(people)
    names = names_of_busy(people, starts_at, starts_at + series.length, but=meeting)
    if names:
        made.open_days.append(keep_open(series, planned.day, starts_at, names, meeting=meeting))
        return
    actions.take_hour(meeting, people, starts_at, starts_at + series.length)
    made.meetings.append(meeting)


def call_off(series: Series, day: date, *, reason: str = "", by: User | None = None) -> None:
    """Free the time of one meeting of the series; the series itself is what people are told of."""
    for meeting in series.meetings.held().filter(series_day=day).select_related("project"):
        meeting.held_times.all().delete()
        meeting.cancelled_at, meeting.cancelled_by = timezone.now(), by or series.made_by
        meeting.cancel_reason = reason or _("This day is left out of the series.")
        actions.save_change(meeting, "cancelled_at", "cancelled_by", "cancel_reason")
        actions.take_gaps_back(meeting)


@transaction.atomic
def change_people(series: Series, *, people: Iterable[User], by: User, from_day: date | None = None) -> Series:
    """Who takes part from a day of the rule on. Where somebody new is busy, the day is kept open: the others meet as
    they would, until another time is chosen."""
    series = lock_running(series, by=by)
    first = first_to_change(series, from_day)
    wanted = {person.pk: person for person in actions.people_of_the_project(series.project, people)}
    seats = series.seats.filter(Q(leaves_on=None) | Q(leaves_on__gt=first)).select_related("person")
    now = {seat.person_id: seat for seat in seats}
    gone = [seat for pk, seat in now.items() if pk not in wanted]
    new = [person for pk, person in wanted.items() if pk not in now]
    for seat in gone:
        seat.leaves_on = max(first, seat.joins_on)
        seat.save(update_fields=["leaves_on"])
    for person in new:
        SeriesSeat.objects.create(series=series, person=person, joins_on=first)
    made = reseat(series, first, new, [seat.person for seat in gone])
    touch(series)
    record("series.people", about=series, by=by, project=series.project, from_day=first, people=sorted(wanted))
    tell("series.changed", series, by=by, made=made)
    return series


def reseat(series: Series, first: date, new: list[User], gone: list[User]) -> Made:
    made = Made()
    actions.hold_time_of(new)
    coming = series.meetings.held().filter(series_day__gte=first, starts_at__gt=timezone.now())
    for meeting in coming.select_related("project"):
        meeting.attendances.filter(person__in=gone).delete()
        meeting.held_times.filter(person__in=gone).delete()
        names = names_of_busy(new, meeting.starts_at, meeting.ends_at, but=meeting)
        if names:
            made.open_days.append(keep_open(series, meeting.series_day, meeting.starts_at, names, meeting=meeting))
        else:
            added = add_people(meeting, new)
            keep_time(meeting.project, added, meeting.starts_at, meeting.ends_at, but=meeting, meeting=meeting)
        actions.save_change(meeting)
    return made


@transaction.atomic
def end_series(series: Series, *, reason: str, by: User, from_day: date | None = None) -> Series:
    """Call off its meetings from a day of the rule on, or all that have not begun, and make no more."""
    series = lock(series, by=by)
    if series.ended_at:
        return series
    if not reason.strip():
        raise Refused(_("Please say in a line why the meeting is called off."), code="no-reason")
    first = first_to_end(series, from_day)
    coming = series.meetings.held().filter(series_day__gte=first, starts_at__gt=timezone.now())
    for day in list(coming.values_list("series_day", flat=True)):
        call_off(series, day, reason=reason.strip(), by=by)
    series.open_days.filter(day__gte=first, settled_at=None).update(settled_at=timezone.now(), is_dropped=True)
    series.ended_at, series.ended_by, series.end_reason = timezone.now(), by, reason.strip()
    series.save(update_fields=["ended_at", "ended_by", "end_reason"])
    stop_before(series, first)
    record("series.ended", about=series, by=by, project=series.project, from_day=first, reason=series.end_reason)
    tell("series.ended", series, by=by)
    feed_rhythm(series.project, by=by)
    return series


def first_to_end(series: Series, from_day: date | None) -> date:
    """A series that has no day left to come only ends."""
    if from_day is None and next(iter(coming_days(series, today_of(series))), None) is None:
        return today_of(series) + timedelta(days=1)
    return first_to_change(series, from_day)


# --- What they share ------------------------------------------------------------------------------------------------


def lock(series: Series, *, by: User) -> Series:
    """The row as it is now, ours until the transaction ends."""
    demand(rules.can_book(by, series.project), _("You can look at this meeting, but not change it."))
    demand_open(series.project)
    locked = Series.objects.select_for_update(of=("self",)).select_related("made_by").get(pk=series.pk)
    locked.project = series.project
    return locked


def lock_running(series: Series, *, by: User) -> Series:
    series = lock(series, by=by)
    if not series.is_running:
        raise Refused(_("This series has ended. Please begin another one."), code="ended")
    return series


def touch(series: Series, *fields: str) -> None:
    """The next version of the same series for calendar programs."""
    series.sequence += 1
    series.changed_at = timezone.now()
    series.save(update_fields=[*fields, "sequence", "changed_at"])


def tell(event: str, series: Series, *, by: User | None, made: Made | None = None) -> None:
    """Everybody who takes part or has left, each with the days that are theirs."""
    windows: dict[tuple, list[User]] = {}
    today = today_of(series)
    for seat in series.seats.select_related("person"):
        if seat.leaves_on is None or seat.leaves_on > today - AHEAD:
            windows.setdefault((seat.joins_on, seat.leaves_on), []).append(seat.person)
    for window, people in windows.items():
        announce(event, to=people, about=series, by=by, facts=facts_of(series, *window, made.open_days if made else ()))


# --- How often we meet ----------------------------------------------------------------------------------------------

PACE = (Rhythm.Cadence.WEEKLY, Rhythm.Cadence.BIWEEKLY, Rhythm.Cadence.MONTHLY)


def cadence_of(rule: Rule) -> str | None:
    """The cadence that a rule keeps; None when it is rarer than any that is agreed on."""
    if rule.monthly:
        return Rhythm.Cadence.MONTHLY if rule.interval == 1 else None
    if rule.interval > 4:
        return None
    return {1: Rhythm.Cadence.WEEKLY, 2: Rhythm.Cadence.BIWEEKLY}.get(rule.interval, Rhythm.Cadence.MONTHLY)


def feed_rhythm(project: Project, *, by: User) -> None:
    """The most frequent series that runs says how often the sides meet; without one nobody says it any more, unless it
    was agreed on by hand."""
    said = [(cadence_of(series.recurs), series) for series in project.series.running().order_by("pk")]
    said = sorted(((PACE.index(cadence), series.pk, series) for cadence, series in said if cadence))
    now = project.rhythms.current().first()
    if not said:
        if now and now.series_id:
            project.rhythms.current().update(ended_at=timezone.now())
        return
    series = said[0][2]
    fields = words_of_rhythm(series, project)
    if now is None or now.cadence != fields["cadence"]:
        project.rhythms.current().update(ended_at=timezone.now())
        notice = now.notice_hours if now else USUAL_NOTICE
        now = project.rhythms.create(set_by=by, notice_hours=notice, **fields)
        record("rhythm.set", about=now, by=by, project=project, cadence=now.cadence, series=series.pk)
    else:
        Rhythm.objects.filter(pk=now.pk).update(**fields)
    now.people.set(people_on(series, max(series.starts_on, today_of(series))))


def words_of_rhythm(series: Series, project: Project) -> dict:
    local = timezone.localtime(series.moment_on(series.starts_on), ZoneInfo(project.timezone))
    rule = series.recurs
    weekday = local.weekday() if len(rule.weekdays) == 1 else None
    return {"cadence": cadence_of(rule), "weekday": weekday, "time": local.time(), "series": series}
