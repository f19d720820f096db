"""The number that must not get worse while a KPI moves, as it stands today."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from kpis import course
from kpis.models import Kpi, MetricSeries
from kpis.queries.standings.losses import is_lost, is_retired
from kpis.queries.standings.now import Now, now_of


@dataclass(frozen=True)
class Guardrail:
    """The number that must not get worse while a KPI moves, with the latest that is known of it."""

    kpi: Kpi
    series: MetricSeries | None
    today: date

    @property
    def metric(self) -> str:
        return self.kpi.guardrail_metric

    @property
    def source(self) -> int:
        return self.kpi.guardrail_source_id

    @property
    def baseline(self):
        return self.kpi.guardrail_baseline

    @cached_property
    def now(self) -> Now:
        return now_of(self.series, self.kpi.guardrail_over)

    @property
    def current(self):
        return self.now.value

    @property
    def current_on(self) -> date | None:
        return self.now.on

    @property
    def current_over(self) -> int:
        return self.now.over

    @cached_property
    def status(self) -> course.GuardrailStatus:
        metric = self.kpi.guardrail_source.metric(self.metric)
        if metric is None:
            return "unknown"
        return course.judge_guardrail(
            course.Guarded(
                direction=metric.direction,
                until=min(self.today, self.kpi.due_on),
                baseline=self.baseline,
                current=self.now.judged,
                current_on=self.current_on,
                source_lost=is_lost(self.kpi.guardrail_source) or is_retired(self.series, self.kpi.due_on),
                tolerance=self.kpi.tolerance,
            )
        )

    @property
    def fingerprint(self) -> tuple:
        return self.metric, self.source, self.baseline, str(self.kpi.guardrail_source), self.status, self.current


def guardrail_of(kpi: Kpi, series: Mapping[tuple[int, str], MetricSeries], today: date) -> Guardrail | None:
    if not kpi.guardrail_source_id:
        return None
    return Guardrail(kpi, series.get((kpi.guardrail_source_id, kpi.guardrail_metric)), today)
