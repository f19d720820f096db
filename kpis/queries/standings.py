"""How KPIs stand today: each with its latest number and its status. Page, API, home page and reports read this."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kpis import course
from kpis.connectors.contract import MetricRetired, Permanent, Reauthorise, ScopeMissing
from kpis.metrics import METRICS
from kpis.models import Kpi, MetricSeries, Source
from projects.models import Project

#: Errors that only a person can mend: until then nothing new comes from the source.
LOST = {error.kind for error in (Reauthorise, ScopeMissing, MetricRetired, Permanent)}


@dataclass(frozen=True)
class Standing:
    """A KPI with the latest that is known of it. `series` is None while its source has told nothing."""

    kpi: Kpi
    series: MetricSeries | None
    today: date

    @cached_property
    def situation(self) -> course.Situation:
        return course.Situation(
            kind=self.kpi.kind,
            starts_on=self.kpi.starts_on,
            due_on=self.kpi.due_on,
            today=self.today,
            target=self.kpi.target,
            baseline=self.kpi.baseline,
            current=self.current,
            current_on=self.current_on,
            source_lost=is_lost(self.kpi.source),
            tolerance=self.kpi.tolerance,
        )

    @cached_property
    def status(self) -> course.Status:
        return course.judge(self.situation)

    @property
    def current(self):
        return self.series.latest_value if self.series else None

    @property
    def current_on(self) -> date | None:
        return self.series.latest_on if self.series else None

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

    @cached_property
    def fingerprint(self) -> tuple:
        """Everything that a picture of this KPI depends on, without reading a single point: the series says when it
        last changed."""
        kpi, source = self.kpi, self.kpi.source
        terms = (kpi.name, kpi.metric, kpi.kind, kpi.target, kpi.baseline, kpi.baseline_on, kpi.starts_on, kpi.due_on)
        terms += (kpi.tolerance,)
        known = (self.changed_at, self.current, self.current_on, self.final_through)
        return (kpi.pk, kpi.is_signed, terms, known, source.title, source.error_kind, self.today, get_language())

    @property
    def unit(self) -> str:
        return METRICS[self.kpi.metric].unit if self.kpi.metric in METRICS else "count"


def is_lost(source: Source) -> bool:
    return source.error_kind in LOST


def today_of(project: Project) -> date:
    """The project's own day."""
    return timezone.localdate(timezone=ZoneInfo(project.timezone))


def for_standing(kpis):
    """The KPIs with the rows that their standings read; a board of twenty must not drag goals and agreements along."""
    return kpis.select_related("project", "source")


def for_page(kpis):
    """The KPIs with what their own pages read besides."""
    joined = kpis.select_related("project__agency", "project__client", "goal", "source", "signed_in", "replaces")
    joined = joined.select_related("owner", "guardrail_source")
    rests_on = joined.select_related("brief_version", "from_version__brief")
    return rests_on.defer(
        "signed_in__content", "brief_version__content", "from_version__content", "from_version__brief__form"
    )


def standings(kpis: Iterable[Kpi]) -> list[Standing]:
    """The KPIs in their order with their latest numbers: one query more, however many they are."""
    kpis = list(kpis)
    kept = MetricSeries.objects.filter(source__in={kpi.source_id for kpi in kpis}) if kpis else ()
    series = {(row.source_id, row.metric): row for row in kept}
    return [Standing(kpi, series.get((kpi.source_id, kpi.metric)), today_of(kpi.project)) for kpi in kpis]


def board_states(projects: Sequence[Project]) -> dict[int, dict[str, dict]]:
    """For each project what its worst KPI says, in a word: `{"board": {"status", "word", "counts"}}`."""
    of_project: dict[int, Counter] = defaultdict(Counter)
    kpis = Kpi.objects.filter(project__in=projects).standing()
    for standing in standings(for_standing(kpis)):
        of_project[standing.kpi.project_id][standing.status] += 1
    return {project.pk: {"board": state_of(of_project[project.pk])} for project in projects}


def state_of(counts: Counter) -> dict:
    """The worst status that any KPI has; unknown never hides behind green."""
    worst = next((status for status in course.STATUSES if counts[status]), "no_data")
    return {"status": worst, "word": word_of(worst, counts), "counts": dict(counts)}


def word_of(worst: str, counts: Counter) -> str:
    total, some = sum(counts.values()), counts[worst]
    if not total:
        return _("no KPIs yet")
    words = {
        "off_track": _("off course: %(some)s of %(total)s"),
        "at_risk": _("at risk: %(some)s of %(total)s"),
        "source_lost": _("source lost: %(some)s of %(total)s"),
        "no_data": _("no numbers: %(some)s of %(total)s"),
        "no_target": _("no target: %(some)s of %(total)s"),
    }
    return words.get(worst, _("all on course")) % {"some": some, "total": total}
