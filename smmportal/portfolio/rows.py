"""The rows of the portfolio: what is known of each project this moment, in a constant number of queries.

The page, the API and the manager's home read this; nothing of it looks at a day of history.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property

from django.utils import timezone
from django.utils.translation import gettext as _

from kpis import wording
from kpis.course import STATUSES
from kpis.models import Kpi
from kpis.queries import latest
from kpis.queries.latest import Drops, OpenAlerts
from kpis.queries.progress import UNKNOWN
from kpis.queries.standings import Standing
from kpis.ritual import Period
from meetings.regularity import Due, dues
from projects.models import Project
from smmportal.formatting import format_day
from smmportal.overview import everything_waiting
from smmportal.people.models import Side
from smmportal.portfolio import risk
from smmportal.portfolio.readings import Water, waters_of
from smmportal.portfolio.risk import Facts, Risk
from smmportal.waiting import Waiting

#: A signature or a yes that waits longer than this is stalled.
STALLED_AFTER = timedelta(days=5)


@dataclass(frozen=True)
class KpiLine:
    """One KPI of an unfolded row, as numbers and words."""

    standing: Standing
    period: Period | None
    #: Its review may be one sentence for several.
    is_ready: bool

    @property
    def kpi(self) -> Kpi:
        return self.standing.kpi

    @property
    def headline(self) -> str:
        return wording.headline(self.standing)

    @property
    def guardrail(self) -> dict | None:
        """The mark and the word of a number that had to hold and did not."""
        if not self.standing.guardrail_fell:
            return None
        mark, word = wording.guardrail_mark("worse")
        return {"mark": mark, "word": word}

    @property
    def chance(self) -> str:
        return wording.say_chance(self.standing.chance)

    @property
    def review(self) -> str:
        if self.period is None:
            return ""
        words = {"first": format_day(self.period.first, "short"), "last": format_day(self.period.last, "short")}
        return _("review of %(first)s – %(last)s") % words


@dataclass(frozen=True)
class Row:
    """One project of the portfolio."""

    project: Project
    now: datetime
    water: Water
    standings: Sequence[Standing]
    owed: dict[int, Period]
    drops: Drops
    broken_sources: int
    alerts: OpenAlerts
    due: Due
    waiting: Sequence[Waiting]

    @cached_property
    def counts(self) -> Counter:
        """How many KPIs have each status, the worst first."""
        found = Counter(standing.status for standing in self.standings)
        return Counter({status: found[status] for status in STATUSES if found[status]})

    @property
    def overdue(self) -> set[int]:
        """The KPIs whose review is overdue."""
        return {pk for pk, period in self.owed.items() if period.is_overdue(self.due.today)}

    @property
    def lines(self) -> list[KpiLine]:
        ready = set(self.ready)
        return [KpiLine(one, self.owed.get(one.kpi.pk), one.kpi.pk in ready) for one in self.standings]

    @property
    def ready(self) -> list[int]:
        """The KPIs whose review is owed and may be said in one sentence for several: not those that are off course, nor
        those with a drop that nobody has explained."""
        plain = (one.kpi.pk for one in self.standings if one.status != "off_track")
        return [pk for pk in plain if pk in self.owed and pk not in self.drops.kpis]

    @cached_property
    def stalled(self) -> list[Waiting]:
        """Signatures and approvals that wait too long, the oldest first."""
        asked = [line for line in self.waiting if line.kind in ("sign", "approve") and line.since]
        late = [line for line in asked if self.now - line.since > STALLED_AFTER]
        return sorted(late, key=lambda line: line.since)

    @property
    def stalled_days(self) -> int:
        return (self.now - self.stalled[0].since).days if self.stalled else 0

    @property
    def drop_days(self) -> int:
        """On the longest clock that runs."""
        return (self.now - self.drops.since).days if self.drops.since else 0

    @property
    def moves(self) -> dict[str, int]:
        """How many things wait for each side."""
        found = Counter(line.side for line in self.waiting)
        return {side.value: found[side] for side in Side if found[side]}

    @cached_property
    def facts(self) -> Facts:
        return Facts(
            water=self.water.level,
            score=self.water.score,
            change=self.water.change,
            off_track=self.counts["off_track"],
            at_risk=self.counts["at_risk"],
            unknown=sum(self.counts[status] for status in UNKNOWN),
            on_course=self.counts["on_track"] + self.counts["ahead"],
            guardrails=sum(1 for standing in self.standings if standing.guardrail_fell),
            drops=self.drops.count,
            drop_days=self.drop_days,
            overdue_reviews=len(self.overdue),
            stalled_approvals=len(self.stalled),
            broken_sources=self.broken_sources,
            meeting_days=self.due.days_late,
            alerts=self.alerts.count,
            cliffs=self.alerts.cliffs,
        )

    @cached_property
    def risk(self) -> Risk:
        return risk.weigh(self.facts)

    @property
    def order(self) -> tuple:
        return risk.order(self.risk, self.facts, self.project.name)

    # --- What both sides may know: of two people who read of one project neither is told more than the other

    @cached_property
    def shared_facts(self) -> Facts:
        return replace(self.facts, alerts=self.alerts.shared, cliffs=self.alerts.shared_cliffs)

    @cached_property
    def shared_risk(self) -> Risk:
        return risk.weigh(self.shared_facts)

    @property
    def shared_order(self) -> tuple:
        return risk.order(self.shared_risk, self.shared_facts, self.project.name)


def rows_of(projects: Sequence[Project]) -> list[Row]:
    """The riskiest first."""
    now = timezone.now()
    standings, waters, meetings = latest.latest_standings(projects), waters_of(projects), dues(projects)
    owed, drops = latest.owed_reviews(standings.values()), latest.unexplained_drops(projects)
    broken, alerts = latest.broken_sources(projects), latest.open_alerts(projects)
    waiting = by_project(everything_waiting(projects))
    rows = [
        Row(
            project=project,
            now=now,
            water=waters.get(project.pk, Water()),
            standings=standings.get(project.pk, ()),
            owed={one.kpi.pk: owed[one.kpi.pk] for one in standings.get(project.pk, ()) if one.kpi.pk in owed},
            drops=drops.get(project.pk, Drops()),
            broken_sources=broken.get(project.pk, 0),
            alerts=alerts.get(project.pk, OpenAlerts()),
            due=meetings[project.pk],
            waiting=waiting.get(project.pk, ()),
        )
        for project in projects
    ]
    return sorted(rows, key=lambda row: row.order)


def by_project(lines: Iterable[Waiting]) -> dict[int, list[Waiting]]:
    found: dict[int, list[Waiting]] = defaultdict(list)
    for line in lines:
        found[line.project_id].append(line)
    return found
