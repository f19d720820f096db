"""Verbs about meetings. A time is taken only under the lock of everybody who gives it: see `holding`."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from meetings import carrying, freezing, queries, rules
from meetings.answers import ask_anew
from meetings.holding import hold_time_of, keep_time, refuse_if_taken
from meetings.models import (
    ActionItem,
    AgendaItem,
    Attendance,
    CallLink,
    Confirmation,
    Decision,
    Meeting,
    Minutes,
)
from meetings.preparing import MOST_AGENDA_LINES, carry_over, next_to_begin, refresh_agenda, shorten, tick
from projects.actions import add_task
from projects.actions.projects import demand_open
from projects.models import ConfidenceGap, Project, Task
from projects.origins import Place, claim
from projects.wording import label_of
from smmportal.audit import record
from smmportal.jobs import later
from smmportal.notifications.actions import announce
from smmportal.people.models import Side, User
from smmportal.refusals import Refused, demand

LONGEST = timedelta(days=1)


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
    optional: Iterable[User] = (),
    place: str = "",
    agenda: Sequence[str] = (),
) -> Meeting:
    """Take the time of all these people, or refuse with code `taken` and the nearest free `slots`.

    Who is `optional` is invited too; they give no time away, and the meeting waits for none of them.
    """
    demand(rules.can_book(by, project), _("You can look at this project’s meetings, but not book one."))
    demand_open(project)
    check_times(starts_at, ends_at)
    if starts_at < timezone.now():
        raise Refused(_("This time has passed. Please choose a later one."), code="past")
    people, optional = both_kinds(project, people, optional)
    hold_time_of(people)
    refuse_if_taken(project, people, starts_at, ends_at)
    place = place or queries.usual_link(project)
    fields = {"title": title, "starts_at": starts_at, "ends_at": ends_at, "place": place}
    meeting = seat(project, people, by=by, optional=optional, **fields)
    add_lines(meeting, agenda, by=by)
    bring_up_gaps(project)
    carry_over(project)
    refresh_agenda(meeting)
    record("meeting.booked", about=meeting, by=by, project=project, starts_at=starts_at, ends_at=ends_at)
    announce("meeting.booked", to=[*people, *optional], about=meeting, by=by, facts=for_calendar(meeting))
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
def move_meeting(meeting: Meeting, *, starts_at: datetime, ends_at: datetime, by: User, reason: str = "") -> Meeting:
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
    reason = demand_reason(meeting, reason, _("It is short before the meeting: please say in a line why it moves."))
    take_other_time(meeting, starts_at, ends_at)
    ask_anew(meeting, by=by)
    record("meeting.moved", about=meeting, by=by, project=meeting.project, **moved(meeting, was, reason))
    facts = {**for_calendar(meeting), "was_at": was[0].isoformat(), **({"reason": reason} if reason else {})}
    announce("meeting.moved", to=meeting.people.all(), about=meeting, by=by, facts=facts)
    return meeting


def moved(meeting: Meeting, was: tuple[datetime, datetime], reason: str) -> dict[str, object]:
    facts = {"was": was, "became": (meeting.starts_at, meeting.ends_at)}
    return {**facts, "reason": reason} if reason else facts


def take_other_time(meeting: Meeting, starts_at: datetime, ends_at: datetime) -> None:
    people = queries.required_of(meeting)
    hold_time_of(people)
    refuse_if_taken(meeting.project, people, starts_at, ends_at, but=meeting)
    take_hour(meeting, people, starts_at, ends_at)


def take_hour(meeting: Meeting, people: Iterable[User], starts_at: datetime, ends_at: datetime) -> None:
    """This time instead of the one before, for people who are known to be free then."""
    meeting.held_times.all().delete()
    keep_time(meeting.project, people, starts_at, ends_at, but=meeting, meeting=meeting)
    meeting.starts_at, meeting.ends_at = starts_at, ends_at
    meeting.time_sequence = meeting.sequence + 1
    save_change(meeting, "starts_at", "ends_at", "time_sequence")


@transaction.atomic
def cancel_meeting(meeting: Meeting, *, by: User, reason: str = "") -> Meeting:
    """Call it off; everybody's time is free again. Calling it off once more changes nothing."""
    meeting = lock(meeting, by=by)
    if meeting.cancelled_at:
        return meeting
    demand_open(meeting.project)
    refuse_if_published(meeting)
    reason = demand_reason(meeting, reason, _("Please say in a line why the meeting is called off."))
    meeting.cancelled_at, meeting.cancelled_by, meeting.cancel_reason = timezone.now(), by, reason
    save_change(meeting, "cancelled_at", "cancelled_by", "cancel_reason")
    meeting.held_times.all().delete()
    take_gaps_back(meeting)
    carry_over(meeting.project)
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
    """Any of starts_at, ends_at, title, place at once, or nothing of it. A start alone keeps the length; `reason` is
    why it moves."""
    meeting = lock(meeting, by=by)
    starts_at = changes.get("starts_at", meeting.starts_at)
    ends_at = changes.get("ends_at", starts_at + meeting.length)
    words = {"title": changes.get("title", meeting.title), "place": changes.get("place", meeting.place)}
    meeting = move_meeting(meeting, starts_at=starts_at, ends_at=ends_at, by=by, reason=changes.get("reason", ""))
    return describe_meeting(meeting, by=by, **words)


@transaction.atomic
def set_call_link(project: Project, *, address: str, by: User) -> None:
    """Where the project's calls are held from now on; an empty address: nowhere in particular."""
    demand(rules.can_book(by, project), _("You can look at this project’s meetings, but not book one."))
    demand_open(project)
    if address:
        CallLink.objects.update_or_create(project=project, defaults={"address": address, "set_by": by})
    else:
        CallLink.objects.filter(project=project).delete()
    record("call_link.set" if address else "call_link.removed", about=project, by=by, project=project)


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


def seat(project: Project, people: list[User], *, by: User, optional: Sequence[User] = (), **fields: object) -> Meeting:
    fields.setdefault("booked_side", project.side_of(by))
    meeting = Meeting.objects.create(project=project, booked_by=by, **fields)
    seats = [(person, True) for person in people] + [(person, False) for person in optional]
    Attendance.objects.bulk_create(Attendance(meeting=meeting, person=p, is_required=must) for p, must in seats)
    ask_anew(meeting, by=by)
    keep_time(project, people, meeting.starts_at, meeting.ends_at, meeting=meeting)
    return meeting


def both_kinds(project: Project, people: Iterable[User], optional: Iterable[User]) -> tuple[list[User], list[User]]:
    """Who must come and who may; who is named as both must."""
    people, optional = people_of_the_project(project, people), list(optional)
    others = people_of_the_project(project, optional) if optional else []
    return people, [person for person in others if person not in people]


def demand_reason(meeting: Meeting, reason: str, sentence: str) -> str:
    """Within the agreed notice a meeting is moved and called off freely, later only with a line that says why."""
    reason = reason.strip()
    if not reason and not meeting.has_begun and queries.notice_ends(meeting) <= timezone.now():
        raise Refused(sentence, code="no-reason")
    return reason


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
    optional = sorted(seat.person_id for seat in meeting.attendances.all() if not seat.is_required)
    return {**facts_of(meeting), "calendar": version, **({"optional": optional} if optional else {})}


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
def add_agenda_item(
    meeting: Meeting, *, title: str, minutes: int | None = None, is_private: bool = False, by: User
) -> AgendaItem:
    """One more line at the end; a line that is there already is not added twice. A private one is for one's
    own side only."""
    meeting = lock_open(meeting, by=by)
    side = meeting.project.side_of(by)
    same = meeting.agenda.for_side(side).filter(title=title).first()
    more = {"only_for": side} if is_private and side else {}
    return same or add_lines(meeting, [title], minutes=minutes, by=by, **more)[0]


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
    """Put the line at this place, counted from 1 among the lines that this person sees; the others close up."""
    meeting = lock_open(item.meeting, by=by)
    others = list(meeting.agenda.exclude(pk=item.pk))
    seen = [place for place, line in enumerate(others) if line.only_for in ("", meeting.project.side_of(by))]
    others.insert(seen[max(position, 1) - 1] if position <= len(seen) else len(others), item)
    for number, line in enumerate(others, start=1):
        line.position = number
    item.touched_at = timezone.now()
    AgendaItem.objects.bulk_update(others, ["position", "touched_at"])
    return item


@transaction.atomic
def arrange_agenda_item(item: AgendaItem, *, minutes: int | None, owner: User | None, by: User) -> AgendaItem:
    """How many minutes the line gets (None: what its kind usually takes), and who leads the talk about it."""
    meeting = lock_open(item.meeting, by=by)
    if owner and not queries.people_to_invite(meeting.project).filter(pk=owner.pk).exists():
        raise Refused(_("Somebody you chose is not in this project. Please choose again."), code="not-in-project")
    if owner and item.only_for not in ("", meeting.project.side_of(owner)):
        raise Refused(_("This line is for one side only. Please choose somebody of that side."), code="other-side")
    if (item.minutes, item.owner) != (minutes, owner):
        item.minutes, item.owner, item.touched_at = minutes, owner, timezone.now()
        item.save(update_fields=["minutes", "owner", "touched_at"])
    return item


@transaction.atomic
def remove_agenda_item(item: AgendaItem, *, by: User) -> None:
    meeting = lock_open(item.meeting, by=by)
    if not item.only_for:  # the trail is read by both sides
        record("agenda.removed", about=meeting, by=by, project=meeting.project, title=item.title)
    item.delete()


def add_lines(
    meeting: Meeting,
    titles: Sequence[str],
    *,
    minutes: int | None = None,
    by: User,
    **more: object,
) -> list[AgendaItem]:
    taken = list(meeting.agenda.values_list("position", flat=True))
    if len(taken) + len(titles) > MOST_AGENDA_LINES:
        raise Refused(_("An agenda has at most %(count)s lines.") % {"count": MOST_AGENDA_LINES}, code="too-many")
    return AgendaItem.objects.bulk_create(
        AgendaItem(meeting=meeting, position=position, title=title, minutes=minutes, added_by=by, **more)
        for position, title in enumerate(titles, start=max(taken, default=0) + 1)
    )


def bring_up_gaps(project: Project) -> None:
    for gap in queries.gaps_to_raise().filter(goal__project=project):
        bring_up_gap(gap)


@transaction.atomic
def bring_up_gap(gap: ConfidenceGap) -> AgendaItem | None:
    """Put a goal that the sides see differently on the next agenda, once; None while no meeting is booked, or when it
    was put there before."""
    meeting = next_to_begin(gap.goal.project)
    if meeting is None:
        return None
    if not queries.gaps_to_raise().filter(pk=gap.pk).update(raised_at=timezone.now()):
        return None
    [item] = add_lines(meeting, [shorten(gap.goal.statement)], by=gap.opened_by, goal=gap.goal, **known_of(gap))
    record("agenda.goal_brought_up", about=meeting, by=gap.opened_by, project=meeting.project, goal=gap.goal_id)
    return item


def known_of(gap: ConfidenceGap) -> dict[str, object]:
    facts = {"since": gap.opened_at.isoformat(), "url": gap.goal.get_absolute_url()}
    return {"kind": "gap", "row": gap.pk, "facts": facts}


def take_gaps_back(meeting: Meeting) -> None:
    """What was to be talked about at a meeting that is called off goes to the next one."""
    goals = list(meeting.agenda.exclude(goal=None).values_list("goal", flat=True))
    ConfidenceGap.objects.open().filter(goal__in=goals).update(raised_at=None)
    for goal in goals:
        later("meetings.bring_up_goal", goal=goal)


@transaction.atomic
def mark_agenda_item(item: AgendaItem, *, outcome: str, by: User) -> AgendaItem:
    """Discussed, not discussed or parked; nothing takes the mark away."""
    lock_open(item.meeting, by=by)
    return tick(item, outcome, by=by)


@transaction.atomic
def return_agenda_item(item: AgendaItem, *, by: User) -> AgendaItem:
    """From the parking lot to the next agenda."""
    demand_parked(item, by=by)
    meeting = next_to_begin(item.meeting.project)
    if meeting is None:
        raise Refused(_("No meeting is booked yet. Book one, then bring the question up."), code="no-meeting")
    [line] = carrying.carry([item], meeting) or [None]
    if line is None:
        raise Refused(_("Somebody has taken this off the parking lot already."), code="left")
    record("agenda.returned", about=meeting, by=by, project=meeting.project, title=item.title)
    return line


@transaction.atomic
def drop_agenda_item(item: AgendaItem, *, by: User) -> None:
    """Off the parking lot: nobody needs to talk about it any more. Twice is once."""
    demand_parked(item, by=by)
    if carrying.leave(item):
        record("agenda.dropped", about=item.meeting, by=by, project=item.meeting.project, title=item.title)


def demand_parked(item: AgendaItem, *, by: User) -> None:
    demand(rules.can_run(by, item.meeting), _("You can look at this meeting, but not change it."))
    demand_open(item.meeting.project)
    if item.outcome != AgendaItem.Outcome.PARKED:
        raise Refused(_("This line is not on the parking lot."), code="not-parked")


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
def record_decision(meeting: Meeting, *, text: str, by: User, replaces: Decision | None = None) -> Decision:
    """One decision, in words both sides will read; the same words are not written twice. It may stand instead of a
    published one of an earlier meeting of the project."""
    text = text.strip()
    meeting = lock_open(meeting, by=by)
    same = meeting.decisions.filter(text=text).first()
    if same:
        return same
    if replaces and not queries.replaceable(meeting).filter(pk=replaces.pk).exists():
        raise Refused(_("Only a published decision of an earlier meeting can be replaced."), code="not-replaceable")
    decision = meeting.decisions.create(text=text, by=by, replaces=replaces)
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
    minutes.meeting = meeting
    freezing.freeze(minutes, by=by, now=timezone.now())
    minutes.save()
    minutes.confirmations.create(
        side=meeting.project.side_of(by),
        by=by,
        content_hash=minutes.content_hash,
        via=Confirmation.Via.PUBLICATION,
    )
    record("minutes.published", about=minutes, by=by, project=meeting.project, meeting=meeting.pk)
    tell_of_minutes(minutes, decisions, by=by)
    carry_over(meeting.project)
    return minutes


def tell_of_minutes(minutes: Minutes, decisions: list[str], *, by: User) -> None:
    """The letter holds the minutes themselves, and for each of the other side an address of their own to answer at."""
    meeting = minutes.meeting
    everybody = [person for person in [*meeting.project.people, *meeting.people.all()] if person != by]
    facts = {
        **facts_of(meeting),
        "decisions": decisions,
        "said": minutes.text,
        "actions": minutes.content["actions"],
        "people": minutes.content["people"],
        "answer_on": minutes.answer_on.isoformat(),
        "side": meeting.project.side_of(by),
    }
    secrets = freezing.letters_of(minutes, list(dict.fromkeys(everybody)), by=by)
    announce("minutes.published", to=everybody, about=meeting, by=by, facts=facts, secret_urls=secrets)
