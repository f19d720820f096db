"""Home: a short letter to the person who reads it, by what they are in their projects."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

import meetings.queries
from kpis.models import Dip, Source
from kpis.queries.latest import explained_lately
from kpis.queries.money import MonthOfMoney, about_money, month_of
from kpis.queries.sources import SourceLine, line_of
from kpis.queries.standings import Standing as KpiStanding
from kpis.queries.standings import state_of
from meetings.models import Meeting
from projects.models import Project
from smmportal.overview import Standing, is_mine, is_theirs, oldest_first, standings_of, visible_projects
from smmportal.people.models import Membership, Role, Side, User
from smmportal.portfolio.rows import Row, rows_of
from smmportal.waiting import KINDS, Kind, Waiting

#: What a person reads is made for the first of these roles that they have anywhere.
ROLES = (Role.OWNER, Role.MANAGER, Role.SPECIALIST, Role.DECIDER, Role.CONTACT, Role.VIEWER)
READERS = {
    Role.OWNER: "manager",
    Role.MANAGER: "manager",
    Role.SPECIALIST: "specialist",
    Role.DECIDER: "decider",
}
AHEAD = timedelta(days=14)
RISKIEST = 3


@dataclass(frozen=True)
class Course:
    """How one project is going, in a sentence: its KPIs in a word, and whose move it is."""

    row: Row
    side: Side

    @property
    def project(self) -> Project:
        return self.row.project

    @cached_property
    def state(self) -> dict:
        return state_of(self.row.standings)

    @property
    def water(self):
        return self.row.water

    @property
    def move(self) -> str:
        if self.row.moves.get(self.side):
            return _("the next move is yours")
        if self.row.moves:
            other = {Side.AGENCY: _("the client’s move"), Side.CLIENT: _("the agency’s move")}
            return other[self.side]
        return _("nothing waits for anybody")

    @property
    def sentence(self) -> str:
        return _("%(kpis)s; %(move)s.") % {"kpis": self.state["word"], "move": self.move}


@dataclass(frozen=True)
class Money:
    """What is known of one project's money; never empty."""

    project: Project
    month: Sequence[MonthOfMoney]
    kpis: Sequence[KpiStanding]


@dataclass(frozen=True)
class Coming:
    """Something with a day: a meeting, what is to be done by then, a KPI that ends."""

    day: date
    words: str
    url: str
    project: str
    at: datetime | None = None


@dataclass(frozen=True)
class Group:
    """What waits for a person, of one kind."""

    kind: Kind
    lines: list[Waiting]


@dataclass(frozen=True)
class Letter:
    """Everything that a home page says; what a reader has no use for is empty. `rows` are in the order that both sides
    have: what is the agency's own weighs only in `riskiest`, which nobody else reads."""

    reader: str
    now: datetime
    user: User
    rows: Sequence[Row]
    standings: dict[int, Standing]
    meetings: Sequence[Meeting]

    @property
    def projects(self) -> list[Project]:
        return [row.project for row in self.rows]

    @cached_property
    def mine(self) -> list[Waiting]:
        lines = (line for row in self.rows for line in row.waiting)
        return oldest_first(line for line in lines if is_mine(line, self.user, self.standings))

    @cached_property
    def theirs(self) -> list[Waiting]:
        lines = (line for row in self.rows for line in row.waiting)
        return oldest_first(line for line in lines if is_theirs(line, self.standings))

    @property
    def next_meeting(self) -> Meeting | None:
        return next(iter(self.meetings), None)

    @cached_property
    def courses(self) -> list[Course]:
        return [Course(row, self.standings[row.project.pk].side) for row in self.rows]

    @property
    def riskiest(self) -> list[Row]:
        """Those that need a hand; a project on its course is not among them."""
        return [row for row in sorted(self.rows, key=lambda row: row.order) if row.risk.points][:RISKIEST]

    # --- The client's decision-maker

    @cached_property
    def to_sign(self) -> list[Waiting]:
        """What asks for their name or their yes, signatures first."""
        return sorted((line for line in self.mine if line.kind in ("sign", "approve")), key=by_kind)

    @property
    def besides(self) -> list[Waiting]:
        return [line for line in self.mine if line not in self.to_sign]

    @cached_property
    def money(self) -> list[Money]:
        months = month_of(self.projects)
        told = (Money(row.project, months.get(row.project.pk, ()), about_money(row.standings)) for row in self.rows)
        return [money for money in told if money.month or money.kpis]

    # --- The client's daily contact

    @cached_property
    def groups(self) -> list[Group]:
        found = (Group(kind, [line for line in self.mine if line.kind == kind]) for kind in KINDS)
        return [group for group in found if group.lines]

    @cached_property
    def dates(self) -> list[Coming]:
        """What comes in the next two weeks, the nearest first."""
        last = timezone.localdate(self.now) + AHEAD
        found = [*self.meeting_dates(), *self.task_dates(), *self.kpi_dates()]
        return sorted(
            (one for one in found if one.day <= last), key=lambda one: (one.day, one.at is None, one.at or self.now)
        )

    def meeting_dates(self) -> list[Coming]:
        return [
            Coming(
                timezone.localdate(one.starts_at), one.title, one.get_absolute_url(), one.project.name, one.starts_at
            )
            for one in self.meetings
        ]

    def task_dates(self) -> list[Coming]:
        today = timezone.localdate(self.now)
        due = (line for line in self.mine if line.due_on and line.due_on >= today)
        return [Coming(line.due_on, line.sentence, line.url, line.project_name) for line in due]

    def kpi_dates(self) -> list[Coming]:
        ends = ((row, one) for row in self.rows for one in row.standings if one.kpi.due_on >= one.today)
        words = _("The KPI “%(kpi)s” ends")
        return [
            Coming(one.kpi.due_on, words % {"kpi": one.kpi}, one.kpi.get_absolute_url(), row.project.name)
            for row, one in ends
        ]

    @cached_property
    def explained(self) -> list[Dip]:
        return explained_lately(self.projects, now=self.now)

    # --- The agency's specialist

    @cached_property
    def troubled_sources(self) -> list[SourceLine]:
        """Sources that give no numbers just now, those that only a person can mend first."""
        failed = Source.objects.filter(Q(project__in=self.projects), ~Q(error_kind=""), paused_at=None)
        rows = failed.exclude(platform__in=Source.NOT_PULLED).select_related("project", "login", "typed_by")
        lines = [line_of(source, self.now) for source in rows.prefetch_related("series")]
        return sorted(lines, key=lambda line: (line.state.mend == "", line.source.pk))


def by_kind(line: Waiting) -> int:
    return KINDS.index(line.kind)


def reader_of(user: User) -> str:
    roles = set(Membership.objects.filter(user=user).values_list("role", flat=True))
    return next((READERS[role] for role in ROLES if role in roles and role in READERS), "contact")


def letter_of(user: User) -> Letter:
    """A constant number of queries, however many projects there are."""
    found = list(visible_projects(user).filter(closed_at=None))
    return Letter(
        reader=reader_of(user),
        now=timezone.now(),
        user=user,
        rows=sorted(rows_of(found), key=lambda row: row.shared_order),
        standings=standings_of(user, found),
        meetings=meetings.queries.next_meetings(found),
    )
