"""Which reviews are owed, what was said in those that were held, and the facts of a period before anybody says a word.

A period counts as reviewed once the agency's review of it is there, or that of the KPI's own owner, on whichever side
they are (`Review.objects.counting()`). What ended before the terms were in force is owed by nobody.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from zoneinfo import ZoneInfo

from django.db.models import Min, OuterRef, Subquery
from django.utils import timezone

from kpis.models import Agreement, Dip, Kpi, Review
from kpis.queries.periods import Over, values_over
from kpis.queries.standings import GREEN, Standing, standings, today_of
from kpis.ritual import Period, last_over, periods
from projects.models import Project


def owed(kpis: Iterable[Kpi]) -> dict[int, Period]:
    """For each KPI in force whose latest finished period has no review that counts: that period. The same queries for
    any number of KPIs."""
    kpis = [kpi for kpi in kpis if kpi.is_signed]
    known = latest_reviewed(kpis)
    began = in_force_since(kpis)
    over = {kpi.pk: last_over(kpi.starts_on, kpi.due_on, kpi.cadence, today_of(kpi.project)) for kpi in kpis}
    return {
        pk: period
        for pk, period in over.items()
        if period and period.last >= began[pk] and (pk not in known or known[pk] < period.last)
    }


def latest_reviewed(kpis: Iterable[Kpi]) -> dict[int, date]:
    """The last day of the latest period of each KPI that counts as reviewed; years of reviews cost what one does."""
    newest = Review.objects.counting().filter(kpi=OuterRef("pk")).order_by("-last").values("last")[:1]
    found = Kpi.objects.filter(pk__in=[kpi.pk for kpi in kpis]).order_by().values_list("pk", Subquery(newest))
    return {pk: last for pk, last in found if last is not None}


def in_force_since(kpis: Iterable[Kpi]) -> dict[int, date]:
    """The project's own day on which each KPI's agreement came into force."""
    kpis = list(kpis)
    agreements = Agreement.objects.filter(pk__in={kpi.signed_in_id for kpi in kpis}, in_force_at__isnull=False)
    moments = dict(agreements.order_by().values_list("pk", "in_force_at"))
    return {
        kpi.pk: day_of(moments[kpi.signed_in_id], kpi.project) if kpi.signed_in_id in moments else date.min
        for kpi in kpis
    }


def day_of(moment, project: Project) -> date:
    return timezone.localdate(moment, ZoneInfo(project.timezone))


def punctuality(kpis: Iterable[Kpi]) -> dict[int, tuple[int, int]]:
    """For each KPI in force how many reviews have been due so far, and how many of them were held in time. A finished
    period whose review is still in time counts only once it is there. The same queries for any number of KPIs."""
    kpis = [kpi for kpi in kpis if kpi.is_signed]
    began, held = in_force_since(kpis), first_held(kpis)
    return {kpi.pk: count(kpi, began[kpi.pk], held[kpi.pk]) for kpi in kpis}


def first_held(kpis: Iterable[Kpi]) -> Mapping[int, dict[date, date]]:
    """For each KPI the day on which each period, named by its last day, was first reviewed."""
    kpis = {kpi.pk: kpi for kpi in kpis}
    reviews = Review.objects.counting().filter(kpi__in=kpis).order_by()
    found: dict[int, dict[date, date]] = defaultdict(dict)
    for pk, last, at in reviews.values_list("kpi", "last").annotate(Min("at")):
        found[pk][last] = day_of(at, kpis[pk].project)
    return found


def count(kpi: Kpi, began: date, held: Mapping[date, date]) -> tuple[int, int]:
    today, due, in_time = today_of(kpi.project), 0, 0
    for period in periods(kpi.starts_on, kpi.due_on, kpi.cadence):
        if not period.is_over(today):
            break
        if period.last < began:
            continue
        is_punctual = period.last in held and held[period.last] <= period.review_by
        due += is_punctual or period.is_overdue(today)
        in_time += is_punctual
    return due, in_time


def last_reviews(kpis: Iterable[Kpi]) -> dict[int, Review]:
    """The newest review of each KPI that has one, whoever held it."""
    newest = Review.objects.filter(kpi=OuterRef("pk")).order_by("-last", "-pk").values("pk")[:1]
    chosen = Kpi.objects.filter(pk__in=[kpi.pk for kpi in kpis]).annotate(newest=Subquery(newest)).values("newest")
    found = Review.objects.filter(pk__in=chosen).select_related("by", "task")
    return {review.kpi_id: review for review in found}


def history(reviews) -> Iterable[Review]:
    """With what a line of a list shows, in a constant number of queries."""
    return reviews.select_related("kpi__project", "kpi__source__formula", "by", "task__assignee")


# --- One period -----------------------------------------------------------------------------------------------------


def period_to_review(kpi: Kpi) -> Period | None:
    """The latest period that is over."""
    return last_over(kpi.starts_on, kpi.due_on, kpi.cadence, today_of(kpi.project))


def period_beginning(kpi: Kpi, first: date) -> Period | None:
    """The KPI's own period with this first day."""
    return next((one for one in periods(kpi.starts_on, kpi.due_on, kpi.cadence) if one.first == first), None)


@dataclass(frozen=True)
class Facts:
    """What is known of a period: the KPI as it stands, its number over the period and over as many days before it, the
    drops that began in it, and what was said last."""

    standing: Standing
    period: Period
    dips: list[Dip]
    last: Review | None

    @property
    def kpi(self) -> Kpi:
        return self.standing.kpi

    @cached_property
    def values(self) -> tuple[Over | None, Over | None]:
        """Before, and in the period."""
        if self.standing.series is None:
            return None, None
        length = (self.period.last - self.period.first).days + 1
        earlier = (self.period.first - timedelta(days=length), self.period.first - timedelta(days=1))
        before, now = values_over(self.standing.series, [earlier, (self.period.first, self.period.last)])
        return before, now

    @property
    def before(self) -> Over | None:
        return self.values[0]

    @property
    def now(self) -> Over | None:
        return self.values[1]

    @property
    def change(self) -> Decimal | None:
        """None where either is not known."""
        before, now = (over.value if over else None for over in self.values)
        return None if before is None or now is None else now - before

    @property
    def is_level(self) -> bool:
        """Something that is there at any moment, and not counted over the days."""
        metric = self.kpi.source.metric(self.kpi.metric)
        return metric is not None and metric.aggregation == "last"

    @property
    def unexplained(self) -> list[Dip]:
        return [dip for dip in self.dips if dip.explained_at is None]

    @property
    def wants_reasons(self) -> bool:
        """Off its course, or with a drop that nobody explained: «as planned» is not enough."""
        return bool(self.unexplained) or self.standing.shade not in GREEN


def facts_of_period(kpi: Kpi, period: Period) -> Facts:
    [standing] = standings([kpi])
    dips = list(kpi.dips.filter(day__range=(period.first, period.last)).order_by("day"))
    last = history(kpi.reviews.filter(last__lt=period.last)).first()
    return Facts(standing, period, dips, last)
