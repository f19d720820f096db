"""What is read about meetings by more than one door."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.db.models import Count, F, Min, Prefetch, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from meetings.availability import diaries_of
from meetings.models import (
    ActionItem,
    Asked,
    Attendance,
    CallLink,
    Decision,
    HeldTime,
    Meeting,
    Minutes,
    Objection,
    OpenDay,
    Proposal,
    ProposedTime,
    Rhythm,
)
from meetings.models.rhythm import USUAL_NOTICE
from meetings.slots import Slot, fits, free_slots, free_spans, nearest
from projects.models import ConfidenceGap, Project
from smmportal.audit import AuditEntry
from smmportal.formatting import format_day, format_moment
from smmportal.people.models import Membership, Role, Side, User
from smmportal.waiting import Waiting

#: How far around a taken time we look for a free one.
LOOK_BACK, LOOK_AHEAD = timedelta(days=2), timedelta(days=14)

#: Who may answer minutes: everybody but viewers.
ANSWERING = (Role.OWNER, Role.MANAGER, Role.SPECIALIST, Role.DECIDER, Role.CONTACT)


def people_to_invite(project: Project) -> QuerySet[User]:
    """Everyone who may see the project, and so may sit in its meetings."""
    agency = Q(memberships__organisation=project.agency_id)
    running = agency & Q(memberships__role__in=[Role.OWNER, Role.MANAGER])
    seated = Membership.objects.filter(Q(organisation=project.client_id)).values("user")
    on_team = Project.team.through.objects.filter(project=project).values("user")
    mine = User.objects.filter(running | (agency & Q(pk__in=on_team))).values("pk")
    return User.objects.filter(Q(pk__in=seated) | Q(pk__in=mine), is_active=True).order_by("name", "id")


def required_of(meeting: Meeting) -> list[User]:
    """Who must be there, and so gives their time."""
    return seated(meeting, is_required=True)


def optional_of(meeting: Meeting) -> list[User]:
    """Who may come, but need not."""
    return seated(meeting, is_required=False)


def seated(meeting: Meeting, *, is_required: bool) -> list[User]:
    seats = meeting.attendances.filter(is_required=is_required).select_related("person")
    return [seat.person for seat in seats.order_by("person__name", "id")]


def busy_names(people: Iterable[User], first: datetime, last: datetime, *, but: Meeting | None = None) -> list[str]:
    """Who of these people has something at that time: a meeting of any project where they must be, or a proposal that
    holds it."""
    people = list(people)
    seats = Attendance.objects.filter(
        person__in=people,
        is_required=True,
        meeting__cancelled_at=None,
        meeting__starts_at__lt=last,
        meeting__ends_at__gt=first,
    )
    seats = seats if but is None else seats.exclude(meeting=but)
    held = HeldTime.objects.filter(person__in=people, starts_at__lt=last, ends_at__gt=first)
    proposed = held.filter(time__proposal__expires_at__gt=timezone.now())
    busy = {*seats.values_list("person", flat=True), *proposed.values_list("person", flat=True)}
    return [str(person) for person in sorted(people, key=str) if person.pk in busy]


def notice_ends(meeting: Meeting) -> datetime:
    """Until when it is moved or called off without saying why."""
    agreed = meeting.project.rhythms.current().values_list("notice_hours", flat=True).first()
    return meeting.starts_at - timedelta(hours=USUAL_NOTICE if agreed is None else agreed)


def free_times(
    project: Project,
    people: Iterable[User],
    *,
    first: datetime,
    last: datetime,
    minutes: int,
    step: int = 30,
    but: Meeting | None = None,
) -> list[Slot]:
    """When all these people are free inside the hours that each of them keeps, never in the past."""
    first = max(first, timezone.now())
    diaries = diaries_of(project, people, first, last, but=but)
    return free_slots(diaries, first=first, last=last, minutes=minutes, step=step)


def busy_at(project: Project, people: Sequence[User], slots: Sequence[Slot]) -> list[list[int]]:
    """For each of the slots, which are in order, the ids of those of these people who can't be met then."""
    if not slots:
        return []
    first, last = slots[0].start, slots[-1].end
    diaries = diaries_of(project, people, first, last)
    open_to = {person.pk: free_spans(diary, first, last) for person, diary in zip(people, diaries, strict=True)}
    return [[pk for pk, spans in open_to.items() if not fits(slot, spans)] for slot in slots]


def free_week(
    project: Project, people: Iterable[User], *, day: date | None, minutes: int, but: Meeting | None = None
) -> "FreeWeek":
    """The week of the reader's calendar that holds `day`, or the first one from today with anything free in it."""
    today = timezone.localdate()
    monday = (day or today) - timedelta(days=(day or today).weekday())
    first, last = midnight(monday), midnight(monday + timedelta(days=7 if day else 28))
    step = 15 if minutes < 30 else 30
    free = defaultdict(list)
    for slot in free_times(project, people, first=first, last=last, minutes=minutes, step=step, but=but):
        free[timezone.localdate(slot.start)].append(slot)
    chosen = day or min(free, default=today)
    monday = chosen - timedelta(days=chosen.weekday())
    days = [(monday + timedelta(days=number)) for number in range(7)]
    return FreeWeek(chosen, [(each, free.get(each, [])) for each in days], minutes)


@dataclass(frozen=True)
class FreeWeek:
    chosen: date
    days: list[tuple[date, list[Slot]]]
    minutes: int

    @property
    def slots(self) -> list[Slot]:
        """Of the chosen day."""
        return dict(self.days)[self.chosen]

    @property
    def earlier(self) -> date | None:
        """A day of the week before, unless that week is over."""
        day = self.chosen - timedelta(days=7)
        return day if self.days[0][0] > timezone.localdate() else None

    @property
    def later(self) -> date:
        return self.days[-1][0] + timedelta(days=1)


def midnight(day: date) -> datetime:
    """When the day begins for the reader."""
    return timezone.make_aware(datetime.combine(day, time()))


def nearest_free_times(
    project: Project, people: Iterable[User], *, start: datetime, end: datetime, but: Meeting | None = None
) -> list[Slot]:
    """The few free times closest to one that is taken."""
    minutes = max(1, int((end - start).total_seconds() // 60))
    free = free_times(project, people, first=start - LOOK_BACK, last=start + LOOK_AHEAD, minutes=minutes, but=but)
    return nearest(free, start)


def usual_link(project: Project) -> str:
    """Where the project's calls are usually held; empty when nobody said."""
    return CallLink.objects.filter(project=project).values_list("address", flat=True).first() or ""


def minutes_of(meeting: Meeting) -> Minutes | None:
    return Minutes.objects.filter(meeting=meeting).select_related("written_by", "published_by").first()


def listed(meetings: QuerySet[Meeting]) -> QuerySet[Meeting]:
    """With what a line of a list shows, in a constant number of queries."""
    return (
        meetings.select_related("project", "minutes", "booked_by", "cancelled_by")
        .prefetch_related("attendances__person")
        .annotate(decision_count=Count("decisions", distinct=True))
    )


def coming(project: Project) -> QuerySet[Meeting]:
    return listed(project.meetings.upcoming().order_by("starts_at", "id"))


def past(project: Project) -> QuerySet[Meeting]:
    """What was held, and what was called off, newest first."""
    over = Q(ends_at__lt=timezone.now()) | Q(cancelled_at__isnull=False)
    return listed(project.meetings.filter(over).order_by("-starts_at", "-id"))


def find_decisions(decisions: QuerySet[Decision], text: str) -> QuerySet[Decision]:
    """Decisions whose words, or whose meeting's title, hold every word of `text`; newest first."""
    for word in text.split()[:10]:
        decisions = decisions.filter(Q(text__icontains=word) | Q(meeting__title__icontains=word))
    joined = decisions.select_related("meeting__minutes", "meeting__project", "by", "replaces__meeting")
    return joined.prefetch_related("replaced_by__meeting__minutes").order_by("-id")


def replaceable(meeting: Meeting) -> QuerySet[Decision]:
    """Published decisions of earlier meetings of the project that nothing replaces, newest first."""
    earlier = Decision.objects.filter(meeting__project=meeting.project_id, meeting__starts_at__lt=meeting.starts_at)
    published = earlier.filter(meeting__minutes__published_at__isnull=False, replaced_by=None)
    return published.select_related("meeting").order_by("-id")


def open_actions(meeting: Meeting) -> list[ActionItem]:
    """What earlier meetings gave somebody to do and was not done when this one began, the oldest first. Each has
    `times`: how many meetings it has come on to by now, this one among them."""
    held = list(
        Meeting.objects.held()
        .filter(project=meeting.project_id, starts_at__lte=meeting.starts_at)
        .values_list("starts_at", flat=True)
    )
    items = ActionItem.objects.filter(
        meeting__project=meeting.project_id, meeting__starts_at__lt=meeting.starts_at, meeting__cancelled_at=None
    )
    still = items.filter(Q(task__done_at=None) | Q(task__done_at__gt=meeting.starts_at))
    found = list(still.select_related("task__assignee", "meeting__project").order_by("meeting__starts_at", "id"))
    for item in found:
        item.times = sum(moment > item.meeting.starts_at for moment in held)
    return found


def likely_call(project: Project) -> dict[str, object]:
    """What a call that just happened was, most likely: the last meeting's title and people, half an hour, over now."""
    last = project.meetings.held().filter(starts_at__lt=timezone.now()).order_by("-starts_at", "-id").first()
    people = list(people_to_invite(project).filter(attendances__meeting=last)) if last else []
    return {
        "title": last.title if last else _("Call"),
        "people": people or project.people,
        "ended": timezone.now().replace(second=0, microsecond=0),
        "minutes": 30,
    }


def history(meeting: Meeting) -> list[dict[str, object]]:
    """How the meeting came to stand where it stands, newest first: moments, sentences and people of a timeline."""
    about_it = Q(about_type__app_label="meetings", about_type__model="meeting", about_id=meeting.pk)
    entries = AuditEntry.objects.filter(project=meeting.project_id).filter(
        about_it | Q(verb="minutes.published", facts__meeting=meeting.pk)
    )
    told = [(entry, history_sentence(entry)) for entry in entries.select_related("by").order_by("-id")]
    return [{"at": entry.at, "by": entry.by, "sentence": sentence} for entry, sentence in told if sentence]


def history_sentence(entry: AuditEntry) -> str:
    if entry.verb == "meeting.moved":
        was, became = (format_moment(datetime.fromisoformat(entry.facts[name][0])) for name in ("was", "became"))
        sentence = _("Moved from %(was)s to %(became)s") % {"was": was, "became": became}
        return with_reason(sentence, entry.facts.get("reason"))
    if entry.verb == "meeting.cancelled":
        return with_reason(_("Called off"), entry.facts.get("reason"))
    plain = {
        "meeting.booked": _("Booked"),
        "meeting.logged": _("Logged after the call"),
        "minutes.published": _("Minutes published"),
    }
    return plain.get(entry.verb, "")


def with_reason(sentence: str, reason: str | None) -> str:
    return f"{sentence}: {reason}" if reason else sentence


def next_meetings(projects: Sequence[Project], *, at_most: int = 10) -> list[Meeting]:
    """The meetings to come (or running) in these projects, the nearest first."""
    coming_up = Meeting.objects.upcoming().filter(project__in=list(projects))
    return list(coming_up.select_related("project").order_by("starts_at", "id")[:at_most])


def nearest_starts(projects: Sequence[Project]) -> dict[int, datetime]:
    """For each project that has a meeting to come: when the next one starts."""
    coming_up = Meeting.objects.upcoming().filter(project__in=list(projects)).order_by()
    return dict(coming_up.values("project").annotate(next=Min("starts_at")).values_list("project", "next"))


def spine_states(projects: Sequence[Project]) -> dict[int, dict[str, dict[str, str]]]:
    """For each project the state of its meetings (`{"meetings": {"status", "word"}}`)."""
    starts = nearest_starts(projects)
    return {project.pk: {"meetings": spine_state(starts.get(project.pk))} for project in projects}


def spine_state(starts_at: datetime | None) -> dict[str, str]:
    if starts_at is None:
        return {"status": "no_target", "word": _("none booked")}
    return {"status": "on_track", "word": format_day(timezone.localdate(starts_at), "short")}


def gaps_to_raise() -> QuerySet[ConfidenceGap]:
    """Goals that the sides see differently and that no agenda has yet."""
    open_ones = ConfidenceGap.objects.open().filter(raised_at=None, goal__project__closed_at=None)
    return open_ones.select_related("goal__project", "opened_by")


def waiting(projects: Sequence[Project]) -> list[Waiting]:
    """What meetings wait for: one to be booked, minutes to be published or confirmed, times to be chosen."""
    known = {project.pk: project for project in projects}
    booked = nearest_starts(projects)
    unbooked = [project for project in projects if project.is_open and project.pk not in booked]
    gaps = {gap.goal.project_id: gap for gap in gaps_to_raise().filter(goal__project__in=unbooked).order_by("-pk")}
    agreed = cadences(known)
    return [
        *(waiting_for_booking(project, gaps.get(project.pk), agreed.get(project.pk)) for project in unbooked),
        *waiting_for_minutes(known),
        *waiting_for_confirmations(known),
        *waiting_for_answers(known),
        *waiting_for_ticks(known),
        *waiting_for_times(known),
    ]


def cadences(projects: Iterable[int]) -> dict[int, str]:
    """For each project's id that has a rhythm: how often it meets."""
    return dict(Rhythm.objects.current().filter(project__in=list(projects)).values_list("project", "cadence"))


def booking_sentence(cadence: str | None) -> str:
    sentences = {
        Rhythm.Cadence.WEEKLY: _("No next meeting is booked, and you agreed to meet once a week."),
        Rhythm.Cadence.BIWEEKLY: _("No next meeting is booked, and you agreed to meet once in two weeks."),
        Rhythm.Cadence.MONTHLY: _("No next meeting is booked, and you agreed to meet once a month."),
    }
    return sentences.get(cadence) or _("No next meeting is booked.")


def waiting_for_booking(project: Project, gap: ConfidenceGap | None = None, cadence: str | None = None) -> Waiting:
    sentence = booking_sentence(cadence)
    if gap:
        sentence = _("Book a meeting: the two sides see this goal differently, and it waits for an agenda: “%(goal)s”")
        sentence %= {"goal": gap.goal.statement[:120]}
    return Waiting(
        project_id=project.pk,
        project_name=project.name,
        side=Side.AGENCY,
        sentence=sentence,
        button=_("Book a meeting"),
        url=reverse("meetings:book", args=[project.pk]),
        since=gap.opened_at if gap else None,
        roles=(Role.OWNER, Role.MANAGER, Role.SPECIALIST),
    )


def waiting_for_minutes(projects: dict[int, Project]) -> list[Waiting]:
    over = Meeting.objects.held().filter(project__in=list(projects), ends_at__lt=timezone.now())
    unpublished = over.filter(Q(minutes=None) | Q(minutes__published_at=None)).order_by("ends_at")
    return [
        Waiting(
            project_id=meeting.project_id,
            project_name=projects[meeting.project_id].name,
            side=Side.AGENCY,
            sentence=_("The minutes of “%(meeting)s” are not published.") % {"meeting": meeting.title},
            button=_("Finish the minutes"),
            url=reverse("meetings:meeting", args=[meeting.pk]),
            since=meeting.ends_at,
            roles=(Role.OWNER, Role.MANAGER, Role.SPECIALIST),
        )
        for meeting in unpublished
        if projects[meeting.project_id].is_open
    ]


def waiting_for_confirmations(projects: dict[int, Project]) -> list[Waiting]:
    """Each side that has neither confirmed nor disputed minutes that it still may."""
    open_now = Minutes.objects.filter(meeting__project__in=list(projects), final_at=None, answer_by__gt=timezone.now())
    rows = open_now.select_related("meeting__project").prefetch_related("confirmations", "objections")
    return [
        waiting_for_confirmation(minutes, projects[minutes.meeting.project_id], side)
        for minutes in rows.order_by("answer_by", "id")
        for side in Side
        if side not in {said.side for said in [*minutes.confirmations.all(), *minutes.objections.all()]}
        and minutes.meeting.project.is_open
    ]


def waiting_for_confirmation(minutes: Minutes, project: Project, side: Side) -> Waiting:
    sentence = _("Confirm the minutes of “%(meeting)s”, or object by %(day)s. After that silence means no objections.")
    return Waiting(
        project_id=project.pk,
        project_name=project.name,
        side=side,
        sentence=sentence % {"meeting": minutes.meeting.title, "day": format_day(minutes.answer_on, "near")},
        button=_("Read the minutes"),
        url=minutes.get_absolute_url(),
        since=minutes.published_at,
        due_on=minutes.answer_on,
        roles=ANSWERING,
        kind="approve",
    )


def waiting_for_answers(projects: dict[int, Project]) -> list[Waiting]:
    rows = Objection.objects.filter(minutes__meeting__project__in=list(projects), answer=None).order_by("id")
    return [
        Waiting(
            project_id=objection.minutes.meeting.project_id,
            project_name=projects[objection.minutes.meeting.project_id].name,
            side=Side(objection.side).other,
            sentence=_("%(person)s objects to the minutes of “%(meeting)s”: “%(objection)s”")
            % {"person": objection.by, "meeting": objection.minutes.meeting.title, "objection": objection.text[:120]},
            button=_("Answer the objection"),
            url=reverse("meetings:objection_answer", args=[objection.pk]),
            since=objection.at,
            roles=ANSWERING,
            kind="answer",
        )
        for objection in rows.select_related("minutes__meeting", "by")
        if projects[objection.minutes.meeting.project_id].is_open
    ]


def waiting_for_ticks(projects: dict[int, Project]) -> list[Waiting]:
    """Whoever must come to a meeting and has not said which of the times suit."""
    open_ones = Proposal.objects.open().filter(project__in=[pk for pk, project in projects.items() if project.is_open])
    asked = Asked.objects.filter(proposal__in=open_ones, is_required=True, answered_at=None)
    return [
        Waiting(
            project_id=each.proposal.project_id,
            project_name=projects[each.proposal.project_id].name,
            side=projects[each.proposal.project_id].side_of(each.person) or Side.AGENCY,
            sentence=_("Say which of the proposed times suit you: “%(meeting)s”") % {"meeting": each.proposal.title},
            button=_("Choose a time"),
            url=reverse("meetings:proposal", args=[each.proposal_id]),
            since=each.proposal.proposed_at,
            due_on=timezone.localdate(each.proposal.expires_at),
            person_id=each.person_id,
            kind="answer",
        )
        for each in asked.select_related("proposal", "person").order_by("proposal", "id")
    ]


def suggested_starts(project: Project, people: Iterable[User], *, minutes: int, count: int = 3) -> list[datetime]:
    """The first free time of each of the next few days on which there is one, from tomorrow."""
    first = midnight(timezone.localdate() + timedelta(days=1))
    free = free_times(project, people, first=first, last=first + timedelta(days=14), minutes=minutes)
    earliest = {}
    for slot in free:
        earliest.setdefault(timezone.localdate(slot.start), slot.start)
    return list(earliest.values())[:count]


def with_answers(proposals: QuerySet[Proposal]) -> QuerySet[Proposal]:
    """With their times and answers, the open ones first."""
    times = ProposedTime.objects.select_related("by").prefetch_related("suits__person")
    found = proposals.select_related("proposed_by", "ended_by", "meeting", "project")
    return found.prefetch_related(Prefetch("times", times), "asked__person").order_by(
        F("ended_at").desc(nulls_first=True), "-id"
    )


def open_days(projects: Iterable[int]) -> QuerySet[OpenDay]:
    """Days of series that still wait for another time."""
    found = OpenDay.objects.filter(series__project__in=list(projects), settled_at=None, starts_at__gt=timezone.now())
    return found.select_related("series").order_by("starts_at", "id")


def waiting_for_times(projects: dict[int, Project]) -> list[Waiting]:
    return [
        Waiting(
            project_id=day.series.project_id,
            project_name=projects[day.series.project_id].name,
            side=Side(day.series.made_side),
            sentence=_("“%(meeting)s” on %(day)s needs another time: %(names)s is taken.")
            % {"meeting": day.series.title, "day": format_moment(day.starts_at), "names": day.names},
            button=_("Choose another time"),
            url=day.get_absolute_url(),
            since=day.since,
        )
        for day in open_days(projects)
        if projects[day.series.project_id].is_open
    ]


def as_json(slots: Iterable[Slot]) -> list[dict[str, str]]:
    """Slots as the API writes them."""
    return [{"start": written(slot.start), "end": written(slot.end)} for slot in slots]


def written(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
