"""The number that a KPI or a guardrail stands at: the latest, or that of the last seven final days."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from kpis.models import MetricSeries
from kpis.queries.periods import WEEK


@dataclass(frozen=True)
class Now:
    """A number over so many days up to `on`. `is_noise`: it should have been the week's, but too few of its days (of
    seven `known`) have numbers; the latest is shown, and nobody is judged by it."""

    value: Decimal | None = None
    on: date | None = None
    over: int = 1
    is_noise: bool = False
    known: int = 0

    @property
    def judged(self) -> Decimal | None:
        return None if self.is_noise else self.value


def now_of(series: MetricSeries | None, over: int) -> Now:
    if series is None:
        return Now()
    if over == WEEK and series.week_value is not None:
        return Now(series.week_value, series.final_through, WEEK, known=series.week_days or 0)
    is_noise = over == WEEK and series.latest_value is not None
    return Now(series.latest_value, series.latest_on, 1, is_noise, series.week_days or 0)
