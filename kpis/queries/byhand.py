"""Numbers that people type: what is there by days, who changed what, and where they are late."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Exists, F, Max, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from kpis.byhand import overdue_from
from kpis.metrics import METRICS
from kpis.models import Point, Snapshot, Source
from kpis.recording import unpack
from projects.models import Project
from smmportal.formatting import format_day
from smmportal.people.models import Membership, Role, Side
from smmportal.waiting import Waiting

SHOWN_SNAPSHOTS = 20
SHOWN_CHANGES = 40
WHO_TYPES = {
    Side.AGENCY: (Role.OWNER, Role.MANAGER, Role.SPECIALIST),
    Side.CLIENT: (Role.DECIDER, Role.CONTACT),
}

# --- What is there --------------------------------------------------------------------------------------------------


def known_cells(source: Source, first: date, last: date) -> dict[tuple[str, date], tuple[Decimal, str]]:
    """By metric and day each number that is there, with its provenance; one query."""
    rows = Point.objects.filter(series__source=source, day__range=(first, last), value__isnull=False)
    fields = rows.values_list("series__metric", "day", "value", "provenance")
    return {(metric, day): (value, provenance) for metric, day, value, provenance in fields}


@dataclass(frozen=True)
class Change:
    """One number that a person typed: what stood there before, and what they put there. None: nothing."""

    at: datetime
    who: str
    metric: str
    day: date
    before: Decimal | None
    after: Decimal | None

    @property
    def name(self) -> str:
        return str(METRICS[self.metric].name) if self.metric in METRICS else self.metric


def changes_of(source: Source) -> list[Change]:
    """The newest numbers that were typed into a source, the last one first."""
    typed = source.snapshots.filter(kind=Snapshot.Kind.HAND)[:SHOWN_SNAPSHOTS]
    return [change for snapshot in typed for change in changes_in(snapshot)][:SHOWN_CHANGES]


def changes_in(snapshot: Snapshot) -> list[Change]:
    content = unpack(snapshot)
    return [
        Change(
            at=snapshot.taken_at,
            who=content["by"]["name"],
            metric=told["metric"],
            day=date.fromisoformat(told["day"]),
            before=figure(told["was"]),
            after=figure(told["value"]),
        )
        for told in content["numbers"]
    ]


def figure(told: str | None) -> Decimal | None:
    return None if told is None else Decimal(told)


# --- What is late ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Due:
    """How fresh a typed source is. `last` is the day of its newest number; None: none was typed yet."""

    last: date | None
    late_from: date
    is_late: bool


def due_of(source: Source, last: date | None, now: datetime) -> Due:
    since = last or source.connected_at.astimezone(source.zone).date()
    late_from = overdue_from(since, source.typed_every or Source.Cadence.WEEKLY)
    return Due(last, late_from, now.astimezone(source.zone).date() >= late_from)


def last_typed(source: Source) -> date | None:
    """The day of its newest number, out of series that are at hand."""
    return max((series.latest_on for series in source.series.all() if series.latest_on), default=None)


def say_due(source: Source, due: Due) -> str:
    """“The last number is of 12 November. Sonya types them every week.”"""
    words = {"person": source.typed_by, "every": source.get_typed_every_display()}
    last = (
        _("The last number is of %(day)s.") % {"day": format_day(due.last, "near")}
        if due.last
        else _("No number has been typed yet.")
    )
    return f"{last} {_('%(person)s types them %(every)s.') % words}"


def waiting_for_numbers(projects: Sequence[Project]) -> list[Waiting]:
    """Places whose numbers are late: for the person who types them, or for their side when that person has left."""
    now = timezone.now()
    member = Membership.objects.filter(user=OuterRef("typed_by"))
    typed = Source.objects.filter(
        project__in=[project.pk for project in projects], platform=Source.MANUAL, paused_at=None
    )
    rows = typed.select_related("project").annotate(
        last=Max("series__latest_on"),
        for_client=Exists(member.filter(organisation=OuterRef("project__client"))),
        for_agency=Exists(member.filter(organisation=OuterRef("project__agency"))),
        who=F("typed_by"),
    )
    late = [(source, due_of(source, source.last, now)) for source in rows]
    return [waiting_line(source, due) for source, due in late if due.is_late]


def waiting_line(source: Source, due: Due) -> Waiting:
    side = Side.CLIENT if source.for_client else Side.AGENCY
    sentence = (
        _("Type the numbers of “%(source)s”: the last one is of %(day)s")
        if due.last
        else _("Type the first numbers of “%(source)s”")
    )
    return Waiting(
        project_id=source.project_id,
        project_name=source.project.name,
        side=side,
        sentence=sentence % {"source": source, "day": format_day(due.last, "near")},
        button=_("Enter numbers"),
        url=source.numbers_url,
        due_on=due.late_from,
        person_id=source.typed_by_id if source.for_client or source.for_agency else None,
        roles=WHO_TYPES[side],
        kind="send",
    )
