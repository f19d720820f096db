"""How far a goal is, by its KPIs and their weights.

A way to a target counts by the share of it that is behind, never below nothing and never above all. A level to hold
counts by the share of its time that is behind while it is held, and not at all while it is missed. A KPI that nobody
can judge (no number, an old one, no target, a lost source) counts as unknown, never as zero. Terms that newer signed
ones replaced do not count, and neither do new ones while the signed ones stand.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from kpis.models import Kpi
from kpis.queries.standings import Standing, for_standing, standings
from kpis.terms import say_value
from kpis.wording import current_words
from projects.measures import Progress
from projects.models import Goal

UNKNOWN = ("no_data", "no_target", "source_lost")


@dataclass(frozen=True)
class Part:
    """One KPI of a goal: its share of the goal, and how much of its own way is done (None when nobody can tell)."""

    standing: Standing
    share: Decimal
    done: Decimal | None

    @property
    def kpi(self) -> Kpi:
        return self.standing.kpi

    @property
    def percent(self) -> Decimal:
        return self.share * 100

    @property
    def done_percent(self) -> Decimal | None:
        return None if self.done is None else self.done * 100

    @property
    def current(self) -> str:
        return current_words(self.standing)

    @property
    def guardrail_fell(self) -> bool:
        return self.standing.guardrail_fell

    @property
    def target(self) -> str:
        return say_value(self.kpi.target, self.standing.unit)


def counted(found: Sequence[Standing]) -> list[Standing]:
    """Without drafts of new terms whose signed ones still stand."""
    ids = {standing.kpi.pk for standing in found}
    return [standing for standing in found if standing.kpi.replaces_id not in ids]


def parts_of(found: Sequence[Standing]) -> list[Part]:
    found = counted(found)
    total = sum(standing.kpi.weight for standing in found)
    return [Part(standing, Decimal(standing.kpi.weight) / total, done_of(standing)) for standing in found]


def done_of(standing: Standing) -> Decimal | None:
    if standing.status in UNKNOWN:
        return None
    if standing.kpi.holds_a_level:
        return time_behind(standing) if standing.status == "on_track" else Decimal(0)
    return min(max(standing.situation.path.share_done(standing.current), Decimal(0)), Decimal(1))


def time_behind(standing: Standing) -> Decimal:
    kpi = standing.kpi
    gone = Decimal((standing.today - kpi.starts_on).days) / (kpi.due_on - kpi.starts_on).days
    return min(max(gone, Decimal(0)), Decimal(1))


def progress_over(found: Sequence[Standing]) -> Progress:
    return progress_of_parts(parts_of(found))


def progress_of_parts(parts: Sequence[Part]) -> Progress:
    if not parts:
        return Progress()
    return Progress(
        done=sum((part.share * part.done for part in parts if part.done is not None), Decimal(0)),
        unknown=sum((part.share for part in parts if part.done is None), Decimal(0)),
        kpis=len(parts),
    )


def parts_of_goal(goal: Goal) -> list[Part]:
    return parts_of(standings(for_standing(Kpi.objects.filter(goal=goal).standing())))
