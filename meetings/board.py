"""What the board has to say at a meeting: KPIs on its agenda in the board's own words, and what changed since the last
one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.utils import timezone

from kpis.models import Kpi
from kpis.queries.back_then import Then, as_now, stood_on
from kpis.queries.rituals import concerns_of
from kpis.queries.standings import Standing, for_standing, standings
from meetings import agenda, evidence_words
from meetings.models import AgendaItem, Meeting
from projects.models import Project
from smmportal.people.models import User


def day_of(meeting: Meeting) -> date:
    """The project's own day on which it begins."""
    return timezone.localdate(meeting.starts_at, ZoneInfo(meeting.project.timezone))


# --- The agenda -----------------------------------------------------------------------------------------------------


def agenda_of(meeting: Meeting, reader: User) -> list[AgendaItem]:
    """The lines in their order, without what the other side keeps to itself; one about a KPI has `concern`, the KPI as
    it stands now, or, of a meeting whose day is over, `then`, as it stood that day. Each has its `heading`, `why`,
    `url`, `proposal`, the minutes that it `takes`, and whether it `fits`. The same queries for any number of lines."""
    items = list(meeting.agenda.for_side(meeting.project.side_of(reader)).select_related("goal", "owner"))
    about = [item.kpi_id for item in items if item.kpi_id]
    concerns = {one.kpi.pk: one for one in concerns_of(Kpi.objects.filter(pk__in=about))} if about else {}
    is_past = day_of(meeting) < meeting.project.today
    then = stood_on([one.standing for one in concerns.values()], day_of(meeting)) if is_past and concerns else {}
    for item in items:
        item.concern = concerns.get(item.kpi_id)
        item.then = then.get(item.kpi_id)
    return with_words(meeting, items)


def with_words(meeting: Meeting, items: list[AgendaItem]) -> list[AgendaItem]:
    lines = {item.pk: as_line(item) for item in items}
    kept = agenda.cut(list(lines.values()), meeting.length)
    for place, item in enumerate(items, start=1):
        item.meeting, item.place = meeting, place
        item.heading, item.proposal = evidence_words.heading(item), evidence_words.proposal(item)
        item.reasons, item.url = evidence_words.reasons(item), item.facts.get("url", "")
        standing = [item.concern.headline, *item.concern.marks] if item.concern and not item.then else []
        item.why = [*standing, *item.reasons]
        item.takes, item.fits = lines[item.pk].takes, item.pk in kept
    return items


def as_line(item: AgendaItem) -> agenda.Line:
    """What the rules of `meetings.agenda` know of it."""
    by_hand = item.touched_at is not None or not item.kind
    return agenda.Line(
        item.pk or 0, item.kind, item.minutes, is_by_hand=by_hand, is_settled=item.settled_at is not None
    )


def projects_to_meet() -> list[Project]:
    """Open projects with a meeting that has not begun."""
    coming = Meeting.objects.held().filter(starts_at__gt=timezone.now()).values("project")
    return list(Project.objects.filter(pk__in=coming, closed_at=None).order_by("pk"))


# --- Since the last meeting -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Change:
    """Where one KPI stood at the last meeting (None: its term had not begun) and where it stands."""

    kpi: Kpi
    was: Then | None
    now: Then

    @property
    def by(self) -> Decimal | None:
        """None where either number is missing, or one is a week's and the other a day's."""
        if self.was is None or self.was.value is None or self.now.value is None or self.was.over != self.now.over:
            return None
        return self.now.value - self.was.value

    @property
    def is_turned(self) -> bool:
        return self.was is None or self.was.status != self.now.status


@dataclass(frozen=True)
class Since:
    """`previous` was held on `then`; `now` is today, or the day of the meeting when that is over."""

    previous: Meeting
    then: date
    now: date
    changes: Sequence[Change]

    @property
    def has_hindsight(self) -> bool:
        """Whether some number was not known on its day."""
        shown = [then for change in self.changes for then in (change.was, change.now) if then]
        return any(then.is_hindsight and then.value is not None for then in shown)


def changes_since_last(meeting: Meeting) -> Since | None:
    """What the board said when the sides last met, and what it says; None before the second meeting and without KPIs.
    Those whose course turned come first."""
    previous = last_before(meeting)
    found = standings(for_standing(meeting.project.kpis.standing())) if previous else []
    if not found:
        return None
    then, now = day_of(previous), min(day_of(meeting), meeting.project.today)
    was = stood_on(found, then)
    stands = stood_on(found, now) if now < meeting.project.today else as_today(found)
    changes = [
        Change(one.kpi, was.get(one.kpi.pk), stands[one.kpi.pk])
        for one in sorted(found, key=lambda one: one.urgency)
        if one.kpi.pk in stands
    ]
    return Since(previous, then, now, sorted(changes, key=lambda change: not change.is_turned))


def as_today(found: Sequence[Standing]) -> dict[int, Then]:
    return {standing.kpi.pk: as_now(standing) for standing in found}


def last_before(meeting: Meeting) -> Meeting | None:
    held = meeting.project.meetings.held().filter(starts_at__lt=meeting.starts_at, ends_at__lt=timezone.now())
    previous = held.order_by("-starts_at", "-id").first()
    if previous:
        previous.project = meeting.project
    return previous
