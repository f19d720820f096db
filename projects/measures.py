"""What this app asks of the one that measures. Projects may not look up at it, so it registers itself when Django
starts, as events do; until then nothing is known, which is what the answers of `Nothing` say."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol

from projects.coach.history import Measured, Number
from projects.models import Goal, Project


@dataclass(frozen=True)
class Progress:
    """How far a goal is, as shares of its KPIs' weight: `done` is behind, `unknown` has no number to tell.
    Both are None for a goal without KPIs."""

    done: Decimal | None = None
    unknown: Decimal | None = None
    kpis: int = 0

    @property
    def percent_done(self) -> Decimal:
        return (self.done or Decimal(0)) * 100

    @property
    def percent_unknown(self) -> Decimal:
        return (self.unknown or Decimal(0)) * 100


class Measures(Protocol):
    def numbers_of(self, project: Project) -> Sequence[Number]:
        """Every number that the project's sources give, with its latest value."""

    def history_of(self, number: Number, *, last: date) -> Sequence[Measured]:
        """Its final values up to that day, in their order; gaps and provisional days are left out."""

    def has_guardrail(self, project: Project) -> bool:
        """Whether a KPI of the project holds a level that must not be crossed."""

    def progress_of(self, goals: Sequence[Goal]) -> dict[int, Progress]:
        """How far each of these goals is, in a constant number of queries."""


class Nothing:
    def numbers_of(self, project: Project) -> Sequence[Number]:
        return ()

    def history_of(self, number: Number, *, last: date) -> Sequence[Measured]:
        return ()

    def has_guardrail(self, project: Project) -> bool:
        return False

    def progress_of(self, goals: Sequence[Goal]) -> dict[int, Progress]:
        return {}


_registered: Measures = Nothing()


def register(measures: Measures) -> None:
    global _registered
    _registered = measures


def measures() -> Measures:
    return _registered
