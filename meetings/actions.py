"""Verbs about meetings. A time is taken only under the lock of everybody who gives it: see `hold_time_of`."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _

from kpis.models import Kpi
from kpis.queries.rituals import to_talk_about
from meetings import queries, rules
from meetings.models import ActionItem, AgendaItem, Attendance, BroughtUp, Decision, Meeting, Minutes
from projects.actions import add_task
from projects.actions.projects import demand_open
from projects.models import ConfidenceGap, Goal, Project, Task
from projects.origins import Place, claim
from projects.wording import label_of
from smmportal.audit import record
from smmportal.jobs import later
from smmportal.notifications.actions import announce
from smmportal.people.models import Side, User
from smmportal.refusals import Refused, demand

LONGEST = timedelta(days=1)
MOST_AGENDA_LINES = 100


# --- Booking --------------------------------------------------------------------------------------------------------


@transaction.atomic
def book_meeting(
    project: Project,
    *,
    title: str,
    starts_at: datetime,
    ends_at: datetime,
    people: Iterable[User],
    by: User,
    place: str = "",
    agenda: Sequence[str] = (),
) -> Meeting:
    """Take the time of all these people, or refuse with code `taken` and the nearest free `slots`."""
    demand(rules.can_book(by, project), _("You can look at this project’s meetings, but not book one."))
    demand_open(project)
    check_times(starts_at, ends_at)
    if starts_at < timezone.now():
        raise Refused(_("This time has passed. Please choose a later one."), code="past")
    people = people_of_the_project(project, people)
    hold_time_of(people)
    refuse_if_taken(project, people, starts_at, ends_at)
    meeting = seat(project, people, by=by, title=title, starts_at=starts_at, ends_at=ends_at, place=place)
    add_lines(meeting, agenda, by=by)
    for gap in queries.gaps_to_raise().filter(goal__project=project):
        bring_up_gap(gap)
    bring_up_kpis(project)
    record("meeting.booked", about=meeting, by=by, project=project, starts_at=starts_at, ends_at=ends_at)
    announce("meeting.booked", to=people, about=meeting, by=by, facts=for_calendar(meeting))
    return meeting


@transaction.atomic
def book_once(project: Project, *, people: Iterable[User], by: User, **fields: object) -> Meeting:
    """What a page does: the same person sending the same form again gets the meeting that the first one booked."""
    people = list(people)
    hold_time_of(people)
    same = {name: fields[name] for name in ("title", "starts_at", "ends_at")}
    booked = project.meetings.held().filter(booked_by=by, **same).first()
    return booked or book_meeting(project, people=people, by=by, **fields)


@transaction.atomic
def log_once(project: Project, *, people: Iterable[User], by: User, **fields: object) -> Meeting:
    """As `book_once`, for a call that is logged."""
    people = list(people)
    hold_time_of(people)
    same = {name: fields[name] for name in ("title", "starts_at", "ends_at")}
    logged = project.meetings.held().filter(booked_by=by, **same).first()
    return logged or log_meeting(project, people=people, by=by, **fields)


@transaction.atomic
def log_meeting(
    project: Project,
    *,
    title: str,
    starts_at: datetime,
    ends_at: datetime,
    people: Iterable[User],
    by: User,
    decision: str = "",
    action: dict | None = None,
) -> Meeting:
    """Write down a call that has already happened, with its decision and its action item if there were any.

    `action` is what `assign_action` takes: title, side, assignee, due_on.
    """
    demand(rules.can_book(by, project), _("You can look at this project’s meetings, but not log one."))
    demand_open(project)
    check_times(starts_at, ends_at)
    if starts_at > timezone.now():
        raise Refused(_("This time has not come yet. A meeting to come is booked, not logged."), code="future")
    people = people_of_the_project(project, people)
    hold_time_of(people)
    refuse_if_taken(project, people, starts_at, ends_at)
    meeting = seat(project, people, by=by, title=title, starts_at=starts_at, ends_at=ends_at)
    record("meeting.logged", about=meeting, by=by, project=project, starts_at=starts_at, ends_at=ends_at)
    announce("meeting.logged", to=people, about=meeting, by=by, facts=facts_of(meeting))
    if decision.strip():
        record_decision(meeting, text=decision, by=by)
    if action:
        assign_action(meeting, by=by, **action)
    return meeting


@transaction.atomic
def move_meeting(meeting: Meeting, *, starts_at: datetime, ends_at: datetime, by: User) -> Meeting:
    """Another time for the same meeting, under the same guard as a new one."""
    meeting = lock(meeting, by=by)
    refuse_if_cancelled(meeting)
    demand_open(meeting.project)
    was = (meeting.starts_at, meeting.ends_at)
    if was == (starts_at, ends_at):
        return meeting
    if meeting.has_begun:
        raise Refused(_("This meeting has begun already. Please book a new one."), code="begun")
    check_times(starts_at, ends_at)
    if starts_at < timezone.now():
        raise Refused(_("This time has passed. Please choose a later one."), code="past")
    people = list(meeting.people.all())
    hold_time_of(people)
    refuse_if_taken(meeting.project, people, starts_at, ends_at, but=meeting)
    meeting.starts_at, meeting.ends_at = starts_at, ends_at
    save_change(meeting, "starts_at", "ends_at")
    record("meeting.moved", about=meeting, by=by, project=meeting.project, was=was, became=(starts_at, ends_at))
    facts = {**for_calendar(meeting), "was_at": was[0].isoformat()}
    announce("meeting.moved", to=people, about=meeting, by=by, facts=facts)
    return meeting


@transaction.atomic
def cancel_meeting(meeting: Meeting, *, reason: str, by: User) -> Meeting:
    """Call it off and say why; everybody's time is free again. Calling it off once more changes nothing."""
    meeting = lock(meeting, by=by)
    if meeting.cancelled_at:
        return meeting
    demand_open(meeting.project)
    refuse_if_published(meeting)
    if not reason.strip():
        raise Refused(_("Please say in a line why the meeting is called off."), code="no-reason")
    meeting.cancelled_at, meeting.cancelled_by, meeting.cancel_reason = timezone.now(), by, reason.strip()
    save_change(meeting, "cancelled_at", "cancelled_by", "cancel_reason")
    take_gaps_back(meeting)
    record("meeting.cancelled", about=meeting, by=by, project=meeting.project, reason=meeting.cancel_reason)
    facts = {**for_calendar(meeting), "reason": meeting.cancel_reason}
    announce("meeting.cancelled", to=meeting.people.all(), about=meeting, by=by, facts=facts)
    return meeting


@transaction.atomic
def describe_meeting(meeting: Meeting, *, title: str, place: str, by: User) -> Meeting:
    """Another title, link or place."""
    meeting = lock_open(meeting, by=by)
    if (meeting.title, meeting.place) != (title, place):
        record("meeting.described", about=meeting, by=by, project=meeting.project, was=[meeting.title, meeting.place])
        meeting.title, meeting.place = title, place
        save_change(meeting, "title", "place")
        if not meeting.is_over:
            facts = for_calendar(meeting)
            announce("meeting.described", to=meeting.people.all(), about=meeting, by=by, facts=facts)
    return meeting


@transaction.atomic
def change_meeting(meeting: Meeting, *, by: User, **changes: object) -> Meeting:
    """Any of starts_at, ends_at, title, place at once, or nothing of it. A start alone keeps the length."""
    meeting = lock(meeting, by=by)
    starts_at = changes.get("starts_at", meeting.starts_at)
    ends_at = changes.get("ends_at", starts_at + meeting.length)
    words = {"title": changes.get("title", meeting.title), "place": changes.get("place", meeting.place)}
    moved = move_meeting(meeting, starts_at=starts_at, ends_at=ends_at, by=by)
    return describe_meeting(moved, by=by, **words)


def check_times(starts_at: datetime, ends_at: datetime) -> None:
    if ends_at <= starts_at:
        raise Refused(_("A meeting ends after it starts. Please correct the times."), code="backwards")
    if ends_at - starts_at > LONGEST:
        raise Refused(_("A meeting lasts at most a day. Please book several."), code="too-long")


def people_of_the_project(project: Project, people: Iterable[User]) -> list[User]:
    wanted = {person.pk for person in people}
    if not wanted:
        raise Refused(_("Please choose who takes part."), code="nobody")
    found = list(queries.people_to_invite(project).filter(pk__in=wanted))
    if len(found) < len(wanted):
        raise Refused(_("Somebody you chose is not in this project. Please choose again."), code="not-in-project")
    return found


def hold_time_of(people: Iterable[User]) -> None:
    """Until the transaction ends, nobody else books these people's time. Always in the order of ids, so that two
    bookings never wait for each other. (SQLite writes one transaction at a time anyway.)"""
    ids = [person.pk for person in people]
    list(User.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk").values_list("pk"))


def refuse_if_taken(
    project: Project, people: list[User], starts_at: datetime, ends_at: datetime, *, but: Meeting | None = None
) -> None:
    busy = queries.overlapping(people, starts_at, ends_at, but=but).select_related("person").order_by("person__name")
    names = list(dict.fromkeys(str(seat.person) for seat in busy))
    if not names:
        return
    free = queries.nearest_free_times(project, people, start=starts_at, end=ends_at, but=but)
    raise Refused(
        _("This time is already taken (%(names)s). Please choose another one.") % {"names": ", ".join(names)},
        code="taken",
        slots=queries.as_json(free),
    )


def seat(project: Project, people: list[User], *, by: User, **fields: object) -> Meeting:
    fields.setdefault("booked_side", project.side_of(by))
    meeting = Meeting.objects.create(project=project, booked_by=by, **fields)
    Attendance.objects.bulk_create(Attendance(meeting=meeting, person=person) for person in people)
    return meeting


def save_change(meeting: Meeting, *fields: str) -> None:
    """Save what calendar programs must learn of: the next version of the same event."""
    meeting.sequence += 1
    meeting.changed_at = timezone.now()
    meeting.save(update_fields=[*fields, "sequence", "changed_at"])


def facts_of(meeting: Meeting) -> dict[str, object]:
    return {
        "title": meeting.title,
        "project": meeting.project.name,
        "starts_at": meeting.starts_at.isoformat(),
        "ends_at": meeting.ends_at.isoformat(),
        "place": meeting.place,
    }


def for_calendar(meeting: Meeting) -> dict[str, object]:
    """The facts of a letter that the reader's calendar must learn of too."""
    series = meeting.series
    version = {
        "uid": str(series.uid if series else meeting.uid),
        "stands_for": series and series.moment_on(meeting.series_day).isoformat(),
        "sequence": meeting.sequence + (series.sequence if series else 0),
        "zone": series.zone if series else meeting.project.timezone,
        "changed": meeting.changed_at.isoformat(),
        "is_cancelled": meeting.cancelled_at is not None,
    }
    return {**facts_of(meeting), "calendar": version}


def lock(meeting: Meeting, *, by: User) -> Meeting:
    """The row as it is now, ours until the transaction ends."""
    demand(rules.can_run(by, meeting), _("You can look at this meeting, but not change it."))
    locked = Meeting.objects.select_for_update(of=("self",)).select_related("project").get(pk=meeting.pk)
    locked.project = meeting.project
    return locked


def refuse_if_cancelled(meeting: Meeting) -> None:
    if meeting.cancelled_at:
        raise Refused(_("This meeting was called off. Please book a new one."), code="cancelled")


def refuse_if_published(meeting: Meeting) -> None:
    if meeting.is_published:
        raise Refused(_("The minutes of this meeting are published and no longer change."), code="published")


def lock_open(meeting: Meeting, *, by: User) -> Meeting:
    """As `lock`, for what is written down at a meeting: not once it is called off or its minutes are published."""
    meeting = lock(meeting, by=by)
    demand_open(meeting.project)
    refuse_if_cancelled(meeting)
    refuse_if_published(meeting)
    return meeting


# --- Agenda ---------------------------------------------------------------------------------------------------------


@transaction.atomic
def add_agenda_item(meeting: Meeting, *, title: str, minutes: int | None = None, by: User) -> AgendaItem:
    """One more line at the end; a line that is there already is not added twice."""
    meeting = lock_open(meeting, by=by)
    same = meeting.agenda.filter(title=title).first()
    return same or add_lines(meeting, [title], minutes=minutes, by=by)[0]


@transaction.atomic
def bring_up_answer(place: Place, *, by: User) -> AgendaItem:
    """What the client does not know goes on the agenda of the next meeting; a line that is there is not doubled."""
    project = place.version.brief.project
    demand(rules.can_book(by, project), _("You can look at this project’s meetings, but not change their agendas."))
    if place.piece is not None:
        raise Refused(_("This question is answered. Add what you like to the agenda by hand."), code="answered")
    meeting = project.meetings.upcoming().filter(starts_at__gt=timezone.now()).order_by("starts_at").first()
    if meeting is None:
        raise Refused(_("No meeting is booked yet. Book one, then bring the question up."), code="no-meeting")
    began = claim("topic", place)
    title = label_of(place.question)[: AgendaItem._meta.get_field("title").max_length]
    item = add_agenda_item(meeting, title=title, by=by)
    for name, value in began.items():
        setattr(item, name, value)
    item.save(update_fields=list(began))
    return item


@transaction.atomic
def place_agenda_item(item: AgendaItem, *, position: int, by: User) -> AgendaItem:
    """Put the line at this place, counted from 1; the others close up."""
    meeting = lock_open(item.meeting, by=by)
    others = list(meeting.agenda.exclude(pk=item.pk))
    others.insert(min(max(position, 1), len(others) + 1) - 1, item)
    for number, line in enumerate(others, start=1):
        line.position = number
    AgendaItem.objects.bulk_update(others, ["position"])
    return item


@transaction.atomic
def remove_agenda_item(item: AgendaItem, *, by: User) -> None:
    meeting = lock_open(item.meeting, by=by)
    record("agenda.removed", about=meeting, by=by, project=meeting.project, title=item.title)
    item.delete()


def add_lines(
    meeting: Meeting,
    titles: Sequence[str],
    *,
    minutes: int | None = None,
    by: User,
    goal: Goal | None = None,
    kpi: Kpi | None = None,
) -> list[AgendaItem]:
    taken = list(meeting.agenda.values_list("position", flat=True))
    if len(taken) + len(titles) > MOST_AGENDA_LINES:
        raise Refused(_("An agenda has at most %(count)s lines.") % {"count": MOST_AGENDA_LINES}, code="too-many")
    return AgendaItem.objects.bulk_create(
        AgendaItem(meeting=meeting, position=position, title=title, minutes=minutes, added_by=by, goal=goal, kpi=kpi)
        for position, title in enumerate(titles, start=max(taken, default=0) + 1)
    )


@transaction.atomic
def bring_up_gap(gap: ConfidenceGap) -> AgendaItem | None:
    """Put a goal that the sides see differently on the next agenda, once; None while no meeting is booked, or when it
    was put there before."""
    meeting = next_to_begin(gap.goal.project)
    if meeting is None:
        return None
    if not queries.gaps_to_raise().filter(pk=gap.pk).update(raised_at=timezone.now()):
        return None
    [item] = add_lines(meeting, [shorten(gap.goal.statement)], by=gap.opened_by, goal=gap.goal)
    record("agenda.goal_brought_up", about=meeting, by=gap.opened_by, project=meeting.project, goal=gap.goal_id)
    return item


@transaction.atomic
def bring_up_kpis(project: Project) -> list[AgendaItem]:
    """Put the KPIs that need talking about on the next agenda, each once a meeting: what people take off one stays off
    it, and what still needs talking about comes on the one after."""
    meeting = next_to_begin(project)
    if meeting is None:
        return []
    known = set(meeting.brought_up.values_list("kpi", flat=True))
    room = MOST_AGENDA_LINES - meeting.agenda.count()
    new = [concern.kpi for concern in to_talk_about(project) if concern.kpi.pk not in known][:room]
    BroughtUp.objects.bulk_create(BroughtUp(meeting=meeting, kpi=kpi) for kpi in new)
    return [bring_up_kpi(meeting, kpi) for kpi in new]


def bring_up_kpi(meeting: Meeting, kpi: Kpi) -> AgendaItem:
    by = kpi.owner or kpi.created_by
    [item] = add_lines(meeting, [shorten(str(kpi))], by=by, kpi=kpi)
    record("agenda.kpi_brought_up", about=meeting, by=by, project=meeting.project, kpi=kpi.pk)
    return item


def next_to_begin(project: Project) -> Meeting | None:
    """The next meeting whose agenda has room, held until the line is written."""
    coming = project.meetings.held().filter(starts_at__gt=timezone.now()).order_by("starts_at", "id")
    with_room = coming.annotate(lines=Count("agenda")).filter(lines__lt=MOST_AGENDA_LINES)
    first = with_room.values_list("pk", flat=True).first()
    return Meeting.objects.select_for_update(of=("self",)).select_related("project").get(pk=first) if first else None


def take_gaps_back(meeting: Meeting) -> None:
    """What was to be talked about at a meeting that is called off goes to the next one."""
    goals = list(meeting.agenda.exclude(goal=None).values_list("goal", flat=True))
    ConfidenceGap.objects.open().filter(goal__in=goals).update(raised_at=None)
    for goal in goals:
        later("meetings.bring_up_goal", goal=goal)


def shorten(text: str, longest: int = 300) -> str:
    text = " ".join(text.split())
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"


# --- What was said --------------------------------------------------------------------------------------------------


@transaction.atomic
def write_minutes(meeting: Meeting, *, text: str, revision: int, by: User) -> Minutes:
    """Save the text over the `revision` that the person saw (0 when there was none).

    Somebody else's later text is not overwritten: refused with code `changed-meanwhile`, `current` and `revision`.
    """
    meeting = lock_open(meeting, by=by)
    minutes = Minutes.objects.filter(meeting=meeting).first()
    if minutes is None:
        return Minutes.objects.create(meeting=meeting, text=text, written_by=by)
    if minutes.text == text:
        return minutes
    if minutes.revision != revision:
        raise Refused(
            _("%(person)s changed these notes while you were writing.") % {"person": minutes.written_by},
            code="changed-meanwhile",
            current=minutes.text,
            revision=minutes.revision,
        )
    minutes.text, minutes.revision, minutes.written_by = text, revision + 1, by
    minutes.save()
    return minutes


@transaction.atomic
def record_decision(meeting: Meeting, *, text: str, by: User) -> Decision:
    """One decision, in words both sides will read; the same words are not written twice."""
    text = text.strip()
    meeting = lock_open(meeting, by=by)
    same = meeting.decisions.filter(text=text).first()
    if same:
        return same
    decision = meeting.decisions.create(text=text, by=by)
    record("decision.recorded", about=decision, by=by, project=meeting.project, text=text)
    return decision


@transaction.atomic
def remove_decision(decision: Decision, *, by: User) -> None:
    """Take back a line before the minutes are published; the trail keeps its words."""
    meeting = lock_open(decision.meeting, by=by)
    record("decision.removed", about=meeting, by=by, project=meeting.project, text=decision.text)
    decision.delete()


@transaction.atomic
def assign_action(
    meeting: Meeting, *, title: str, side: Side, assignee: User | None = None, due_on: date | None = None, by: User
) -> ActionItem:
    """A task for one side, with a person and a day, that came out of this meeting; the same one only once."""
    meeting = lock_open(meeting, by=by)
    fields = {"title": title, "side": Side(side), "assignee": assignee, "due_on": due_on}
    same = meeting.action_items.filter(**{f"task__{name}": value for name, value in fields.items()}).first()
    if same:
        return same
    task = add_task(meeting.project, by=by, came_of=Task.Origin.MEETING, came_of_id=meeting.pk, **fields)
    item = meeting.action_items.create(task=task)
    record("action.assigned", about=item, by=by, project=meeting.project, title=title, side=side)
    if assignee is None:  # whoever is named has been told with the task
        tell_side(item, due_on, by=by)
    return item


def tell_side(item: ActionItem, due_on: date | None, *, by: User) -> None:
    meeting = item.meeting
    facts = {
        "title": item.task.title,
        "meeting": meeting.title,
        "project": meeting.project.name,
        "due_on": due_on.isoformat() if due_on else "",
    }
    people = meeting.project.people_of(Side(item.task.side))
    announce("action.assigned", to=people, about=meeting, by=by, facts=facts)


@transaction.atomic
def publish_minutes(meeting: Meeting, *, by: User) -> Minutes:
    """Freeze the text and the decisions and send them to everybody of both sides. A second time changes nothing."""
    meeting = lock(meeting, by=by)
    refuse_if_cancelled(meeting)
    if meeting.is_published:
        return meeting.minutes
    if not meeting.has_begun:
        raise Refused(_("This meeting has not begun yet. Its minutes are published afterwards."), code="not-begun")
    minutes = Minutes.objects.filter(meeting=meeting).first() or Minutes(meeting=meeting, written_by=by)
    decisions = list(meeting.decisions.values_list("text", flat=True))
    if not (minutes.text.strip() or decisions or meeting.action_items.exists()):
        raise Refused(_("There is nothing to publish yet: no notes, no decision, no action item."), code="empty")
    minutes.published_at, minutes.published_by = timezone.now(), by
    minutes.save()
    record("minutes.published", about=minutes, by=by, project=meeting.project, meeting=meeting.pk)
    everybody = [*meeting.project.people, *meeting.people.all()]
    facts = {**facts_of(meeting), "decisions": decisions}
    announce("minutes.published", to=everybody, about=meeting, by=by, facts=facts)
    return minutes
