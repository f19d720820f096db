"""Where a KPI starts: its own number and its guardrail's, both taken at the same moment, and each over as many days as
it is judged by (`kpis.weeks`)."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from kpis.changing import target_after
from kpis.metrics import FLOWS
from kpis.models import Kpi, MetricSeries, Point, Source
from kpis.sureness import weakest
from kpis.terms import say_value
from kpis.weeks import ENOUGH, WEEK, over_for, week_ending
from smmportal.formatting import format_day
from smmportal.refusals import Refused


@dataclass(frozen=True)
class Baseline:
    value: Decimal | None = None
    on: date | None = None
    provenance: str = ""
    snapshot_id: int | None = None


def set_baseline(kpi: Kpi, *, typed: Decimal | None, typed_on: date | None) -> None:
    if kpi.bridge is not None:
        carry_baseline(kpi)
        return
    kpi.over = over_for(kpi.source, kpi.metric)
    found = find_baseline(kpi.source, kpi.metric, kpi.starts_on, over=kpi.over)
    if found is None:
        manual = (
            Baseline(typed, typed_on or kpi.starts_on, Point.Provenance.MANUAL) if typed is not None else Baseline()
        )
        put_baseline(kpi, manual)
        return
    if typed is not None and typed != found.value:
        raise Refused(
            _("The source has its own number: %(value)s on %(day)s. Leave the baseline empty and that is taken.")
            % {"value": value_of(kpi, found.value), "day": format_day(found.on)},
            code="baseline-known",
        )
    put_baseline(kpi, found)


def carry_baseline(kpi: Kpi) -> None:
    """Over the bridge, from the terms that these replace: the successor's own number of that day is another count."""
    kpi.over = over_for(kpi.source, kpi.metric)
    carried = kpi.bridge["baseline"]
    if carried is None:
        put_baseline(kpi, Baseline())
    else:
        put_baseline(kpi, Baseline(Decimal(carried["after"]), kpi.replaces.baseline_on, Kpi.BRIDGED[0]))


def put_baseline(kpi: Kpi, baseline: Baseline) -> None:
    kpi.baseline, kpi.baseline_on = baseline.value, baseline.on
    kpi.baseline_provenance, kpi.baseline_snapshot_id = baseline.provenance, baseline.snapshot_id


def set_guardrail_baseline(kpi: Kpi) -> None:
    """Where the guardrail stood on the first day; it has to be no worse later. Nobody types it."""
    guarded = kpi.guardrail_source is not None
    if guarded:
        kpi.guardrail_waived_because = ""
    kpi.guardrail_over = over_for(kpi.guardrail_source, kpi.guardrail_metric) if guarded else 1
    named = (kpi.guardrail_source, kpi.guardrail_metric, kpi.starts_on)
    found = find_baseline(*named, over=kpi.guardrail_over) if guarded else None
    found = found or Baseline()
    kpi.guardrail_baseline, kpi.guardrail_baseline_on = found.value, found.on
    kpi.guardrail_provenance, kpi.guardrail_snapshot_id = found.provenance, found.snapshot_id


def find_baseline(source: Source, metric: str, day: date, *, over: int = 1) -> Baseline | None:
    """The source's final value on the day; else the last one before it; else the first one after it. Over a week: the
    same of the seven days that end there.

    What is there at any moment (followers) and has no final value yet may be taken as it was counted today: on the
    day a page is connected there is nothing else, and the two sides should not have to come back tomorrow.
    """
    known = Point.objects.filter(series__source=source, series__metric=metric, value__isnull=False)
    if over == WEEK:
        return baseline_of_week(source, metric, day, known.filter(final=True))
    point = nearest(known.filter(final=True), day)
    if point is None and metric not in FLOWS:
        point = nearest(known, day)
    return Baseline(point.value, point.day, point.provenance, point.snapshot_id) if point else None


def baseline_of_week(source: Source, metric: str, day: date, known: QuerySet[Point]) -> Baseline | None:
    """The week up to the day, else the first one that has numbers; None while there are too few of them to tell."""
    series = MetricSeries.objects.filter(source=source, metric=metric).first()
    for last in (series and week_ends(known, day)) or ():
        week = week_ending(series, last)
        if week.value is not None and week.days >= ENOUGH:
            points = list(known.filter(day__range=(week.first, week.last)).order_by("day"))
            sure = weakest(point.provenance for point in points)
            return Baseline(week.value, points[-1].day, sure, points[-1].snapshot_id)
    return None


def week_ends(known: QuerySet[Point], day: date) -> list[date]:
    before = known.filter(day__lte=day).order_by("-day").values_list("day", flat=True).first()
    first = known.filter(day__gt=day - timedelta(days=WEEK)).order_by("day").values_list("day", flat=True).first()
    return [*([before] if before else []), *([first + timedelta(days=WEEK - 1)] if first else [])]


def nearest(points: QuerySet[Point], day: date) -> Point | None:
    return points.filter(day__lte=day).order_by("-day").first() or points.filter(day__gt=day).order_by("day").first()


# --- A change in percent --------------------------------------------------------------------------------------------


def settle_target(kpi: Kpi, *, typed: Decimal | None = None) -> None:
    """Where a change in percent leads from the baseline; `typed` is a target that somebody named all the same."""
    if kpi.kind != Kpi.Kind.CHANGE_BY:
        check_no_change(kpi)
        return
    check_change(kpi)
    kpi.target = target_after(kpi.baseline, kpi.change, kpi.source.metric(kpi.metric).decimals)
    if typed is not None and typed != kpi.target:
        raise Refused(
            _("The target follows from the baseline and the percent: it is %(target)s. Leave the target out.")
            % {"target": value_of(kpi, kpi.target)},
            code="target-follows",
        )


def check_no_change(kpi: Kpi) -> None:
    if kpi.change is not None:
        raise Refused(
            _("A percent is said only of a change by percent. Choose that kind, or name a target instead."),
            code="change-not-wanted",
        )


def check_change(kpi: Kpi) -> None:
    if not kpi.change:
        raise Refused(
            _("Say by how many percent the number should change: 20 is up by a fifth, −15 is down."),
            code="change-missing",
        )
    if not -100 <= kpi.change <= Kpi.MOST_CHANGE:
        raise Refused(
            _("A change is from −100 to 100,000 percent: nothing falls by more than all of it."),
            code="change-out-of-range",
        )
    if kpi.baseline is None:
        raise Refused(
            _("There is no baseline to count the percent from. Wait for the source’s first number, or type it."),
            code="no-baseline",
        )
    if not kpi.baseline:
        raise Refused(
            _("The baseline is zero, and a percent of zero is zero. Choose “Grow to” and name the target itself."),
            code="baseline-zero",
        )


def value_of(kpi: Kpi, value: Decimal | None) -> str:
    return say_value(value, kpi.source.metric(kpi.metric).unit)
