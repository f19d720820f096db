"""One KPI as it stands today: its latest number, its status, and all that follows from the two."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from django.utils.translation import get_language

from kpis import course
from kpis.models import Forecast, Kpi, MetricSeries
from kpis.queries.standings.guardrails import Guardrail
from kpis.queries.standings.losses import is_lost, is_retired
from kpis.queries.standings.now import Now, now_of

GREEN = ("on_track", "ahead")


@dataclass(frozen=True)
class Standing:
    """A KPI with the latest that is known of it. `series` is None while its source has told nothing, `guardrail` when
    it has none.

    `lost_operand`: a source that its formula counts from no longer lets us in.
    """

    kpi: Kpi
    series: MetricSeries | None
    today: date
    guardrail: Guardrail | None = None
    forecast: Forecast | None = None
    lost_operand: bool = False

    @cached_property
    def situation(self) -> course.Situation:
        return course.Situation(
            kind=self.kpi.kind,
            starts_on=self.kpi.starts_on,
            due_on=self.kpi.due_on,
            today=self.today,
            target=self.kpi.target,
            baseline=self.kpi.baseline,
            current=self.now.judged,
            current_on=self.current_on,
            source_lost=self.lost_operand or is_lost(self.kpi.source) or self.is_retired,
            tolerance=self.kpi.tolerance,
            chance=self.chance,
        )

    @property
    def is_retired(self) -> bool:
        """The platform gives this number no more, though the source's others may still arrive."""
        return is_retired(self.series, self.kpi.due_on)

    @property
    def retired_on(self) -> date | None:
        return self.series.retired_on if self.series else None

    @cached_property
    def status(self) -> course.Status:
        return course.judge(self.situation)

    @property
    def chance(self) -> float | None:
        return self.forecast.chance if self.forecast else None

    @cached_property
    def now(self) -> Now:
        return now_of(self.series, self.kpi.over)

    @property
    def current(self):
        return self.now.value

    @property
    def current_on(self) -> date | None:
        """The last day of those that `current` is of."""
        return self.now.on

    @property
    def current_over(self) -> int:
        """Of how many days `current` is: 1, or 7."""
        return self.now.over

    @property
    def is_mean(self) -> bool:
        """Whether several days come to a mean day, and not to a ratio of sums."""
        metric = self.kpi.source.metric(self.kpi.metric)
        return bool(metric and metric.aggregation == "sum")

    @property
    def final_through(self) -> date | None:
        return self.series.final_through if self.series else None

    @property
    def is_final(self) -> bool:
        return bool(self.final_through and self.current_on and self.current_on <= self.final_through)

    @property
    def changed_at(self) -> datetime | None:
        return self.series.changed_at if self.series else None

    @property
    def needed_per_day(self):
        return course.needed_per_day(self.situation)

    @property
    def guardrail_fell(self) -> bool:
        return self.guardrail is not None and self.guardrail.status == "worse"

    @property
    def shade(self) -> str:
        """The status whose colour it wears as a whole: green only while what must not get worse has not."""
        return "at_risk" if self.guardrail_fell and self.status in GREEN else self.status

    @property
    def urgency(self) -> tuple[int, int]:
        """Smaller is what needs a hand first."""
        return course.STATUSES.index(self.shade), self.kpi.pk

    @cached_property
    def fingerprint(self) -> tuple:
        """Everything that a picture of this KPI depends on, without reading a single point: the series says when it
        last changed."""
        kpi, source = self.kpi, self.kpi.source
        terms = (kpi.name, kpi.metric, kpi.kind, kpi.target, kpi.baseline, kpi.baseline_on, kpi.starts_on, kpi.due_on)
        terms += (kpi.tolerance, kpi.change, kpi.over, self.chance, self.guardrail and self.guardrail.fingerprint)
        known = (self.changed_at, self.now, self.final_through, self.retired_on)
        return (
            kpi.pk,
            kpi.is_signed,
            terms,
            known,
            str(source),
            source.error_kind,
            self.lost_operand,
            self.today,
            get_language(),
        )

    @property
    def is_counted(self) -> bool:
        """The portal counts it from other numbers."""
        return getattr(self.series, "computed", None) is not None

    @property
    def unit(self) -> str:
        return metric.unit if (metric := self.kpi.source.metric(self.kpi.metric)) else "count"
