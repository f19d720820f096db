"""Drafting KPIs: everything may change until both sides have signed."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from kpis import rules
from kpis.metrics import FLOWS, METRICS
from kpis.models import Kpi, MetricSeries, Point
from kpis.queries.metrics import metrics_of
from kpis.terms import plain, say_value
from projects.models import BriefVersion, Project
from projects.origins import Place, claim
from smmportal.audit import record
from smmportal.formatting import format_day
from smmportal.people.models import User
from smmportal.refusals import Refused, demand

#: What a person says of a KPI. A baseline is theirs to say only when the source has no number of its own.
TERMS = (
    *("goal", "name", "source", "metric", "kind", "target", "weight", "starts_on", "due_on"),
    *("owner", "cadence", "tolerance", "guardrail_source", "guardrail_metric"),
)


@dataclass(frozen=True)
class Baseline:
    value: Decimal | None = None
    on: date | None = None
    provenance: str = ""
    snapshot_id: int | None = None


@transaction.atomic
def draft_kpi(
    project: Project,
    *,
    by: User,
    baseline: Decimal | None = None,
    baseline_on: date | None = None,
    replaces: Kpi | None = None,
    origin: Place | None = None,
    **terms: object,
) -> Kpi:
    """Write down a KPI; its baseline is taken from the source's own numbers. Terms that replace others keep the answer
    of the brief that those began with."""
    demand_drafting(by, project)
    lock(project)
    check_open(project)
    assert set(terms) <= set(TERMS), terms
    kpi = Kpi(
        project=project,
        replaces=replaces,
        created_by=by,
        brief_version=latest_version(project),
        **terms,
        **(inherited(replaces) if replaces else claim("kpi", origin)),
    )
    check_belongs(kpi)
    if replaces is not None:
        check_can_replace(replaces)
    set_baseline(kpi, typed=baseline, typed_on=baseline_on)
    check_terms(kpi)
    kpi.save()
    record("kpi.drafted", about=kpi, by=by, project=project, **facts_of(kpi))
    return kpi


def latest_version(project: Project) -> BriefVersion | None:
    """What the terms rest on; of its text nothing is needed."""
    return BriefVersion.objects.filter(brief__project=project).defer("content").first()


def inherited(replaced: Kpi) -> dict:
    return {name: getattr(replaced, name) for name in ("from_version", "from_key", "from_row")}


@transaction.atomic
def edit_kpi(kpi: Kpi, *, by: User, **fields: object) -> Kpi:
    """Change what is said of a KPI while it is unsigned; the baseline follows the source, the metric and the start."""
    demand_drafting(by, kpi.project)
    kpi = lock_kpi(kpi)
    check_unsigned(kpi)
    was = facts_of(kpi)
    typed, typed_on = fields.pop("baseline", None), fields.pop("baseline_on", None)
    unknown = fields.keys() - set(TERMS)
    assert not unknown, f"{unknown} are no terms of a KPI"
    moved = any(
        fields.get(name, getattr(kpi, name)) != getattr(kpi, name) for name in ("source", "metric", "starts_on")
    )
    for name, value in fields.items():
        setattr(kpi, name, value)
    check_belongs(kpi)
    if moved or typed is not None or kpi.baseline is None:
        set_baseline(kpi, typed=typed, typed_on=typed_on)
    check_terms(kpi)
    kpi.brief_version = latest_version(kpi.project)
    kpi.save()
    record("kpi.edited", about=kpi, by=by, project=kpi.project, was=was, became=facts_of(kpi))
    return kpi


@transaction.atomic
def capture_baseline(kpi: Kpi, *, by: User) -> Kpi:
    """Take the baseline from the source once more: after the first pull, or when the numbers were corrected."""
    demand_drafting(by, kpi.project)
    kpi = lock_kpi(kpi)
    check_unsigned(kpi)
    found = find_baseline(kpi)
    if found is None:
        raise Refused(no_numbers_sentence(kpi), code="no-numbers")
    was = plain(kpi.baseline)
    put_baseline(kpi, found)
    check_terms(kpi)
    kpi.save()
    record("kpi.baseline_captured", about=kpi, by=by, project=kpi.project, was=was, became=plain(kpi.baseline))
    return kpi


@transaction.atomic
def drop_kpi(kpi: Kpi, *, by: User) -> None:
    """Throw a draft away. Terms that were signed stay for good."""
    demand_drafting(by, kpi.project)
    kpi = lock_kpi(kpi)
    check_unsigned(kpi)
    record("kpi.dropped", about=kpi, by=by, project=kpi.project, **facts_of(kpi))
    kpi.delete()


# --- The baseline ---------------------------------------------------------------------------------------------------


def set_baseline(kpi: Kpi, *, typed: Decimal | None, typed_on: date | None) -> None:
    found = find_baseline(kpi)
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


def put_baseline(kpi: Kpi, baseline: Baseline) -> None:
    kpi.baseline, kpi.baseline_on = baseline.value, baseline.on
    kpi.baseline_provenance, kpi.baseline_snapshot_id = baseline.provenance, baseline.snapshot_id


def find_baseline(kpi: Kpi) -> Baseline | None:
    """The source's final value on the first day; else the last one before it; else the first one after it.

    What is there at any moment (followers) and has no final value yet may be taken as it was counted today: on the
    day a page is connected there is nothing else, and the two sides should not have to come back tomorrow.
    """
    known = Point.objects.filter(series__source=kpi.source, series__metric=kpi.metric, value__isnull=False)
    point = nearest(known.filter(final=True), kpi.starts_on)
    if point is None and kpi.metric not in FLOWS:
        point = nearest(known, kpi.starts_on)
    return Baseline(point.value, point.day, point.provenance, point.snapshot_id) if point else None


def nearest(points: QuerySet[Point], day: date) -> Point | None:
    return points.filter(day__lte=day).order_by("-day").first() or points.filter(day__gt=day).order_by("day").first()


# --- What is refused ------------------------------------------------------------------------------------------------


def demand_drafting(by: User, project: Project) -> None:
    demand(
        rules.can_draft_kpis(by, project),
        _("The agency’s people write KPIs down; the client’s decision-maker agrees to them by signing."),
    )


def lock(project: Project) -> None:
    """Drafting, preparing and signing in one project wait for one another."""
    Project.objects.select_for_update().get(pk=project.pk)


def lock_kpi(kpi: Kpi) -> Kpi:
    lock(kpi.project)
    return Kpi.objects.select_related("project", "source", "goal", "signed_in").get(pk=kpi.pk)


def check_open(project: Project) -> None:
    if not project.is_open:
        raise Refused(_("The project is closed, so its KPIs don’t change any more."), code="project-closed")


def check_unsigned(kpi: Kpi) -> None:
    if kpi.is_signed:
        raise Refused(
            _(
                "Both sides signed these terms in agreement No. %(number)s, so they stay as they are. "
                "Write new terms for this KPI and prepare a new agreement: it takes the old one’s place when both sign."
            )
            % {"number": kpi.signed_in.number},
            code="kpi-signed",
        )
    check_open(kpi.project)


def check_can_replace(kpi: Kpi) -> None:
    if not kpi.is_signed:
        raise Refused(_("These terms are not signed yet: change them directly."), code="kpi-unsigned")
    if Kpi.objects.filter(replaces=kpi).exists():
        raise Refused(_("New terms for this KPI are already being written."), code="already-replaced")


def check_belongs(kpi: Kpi) -> None:
    """Goal, source, metric and the terms before are this project's own, and the source can tell the metric."""
    if any(row.project_id != kpi.project_id for row in (kpi.source, kpi.goal, kpi.replaces) if row):
        raise Refused(_("The goal and the source must be of the same project as the KPI."), code="other-project")
    if kpi.metric not in metrics_of(kpi.source):
        raise Refused(
            _("“%(source)s” does not give this metric. Choose another metric or another source.")
            % {"source": kpi.source.title},
            code="metric-unknown",
        )
    check_guardrail(kpi)
    check_owner(kpi)


def check_guardrail(kpi: Kpi) -> None:
    """Another number of the project, whole: a metric and the source that tells it."""
    source, metric = kpi.guardrail_source, kpi.guardrail_metric
    if source is None and not metric:
        return
    if source is None or source.project_id != kpi.project_id or metric not in metrics_of(source):
        raise Refused(
            _("The guardrail must be a number that a source of this project gives. Choose one from the list."),
            code="guardrail-unknown",
        )
    if (source.pk, metric) == (kpi.source_id, kpi.metric):
        raise Refused(
            _("A number can’t guard itself. Choose another one that must not get worse."), code="guardrail-itself"
        )


def check_owner(kpi: Kpi) -> None:
    if kpi.owner and kpi.owner not in kpi.project.people:
        raise Refused(_("The owner must be one of the people of the project."), code="owner-elsewhere")


def check_terms(kpi: Kpi) -> None:
    """Dates and numbers that make a promise one can keep and judge."""
    if kpi.due_on <= kpi.starts_on:
        raise Refused(_("The deadline must come after the first day."), code="deadline-before-start")
    if not 0 <= kpi.tolerance <= Kpi.MOST_TOLERANCE:
        raise Refused(_("A tolerance is from 0 to 50 percent."), code="tolerance-out-of-range")
    if not 1 <= kpi.weight <= 100:
        raise Refused(_("A weight is a whole number from 1 to 100."), code="weight-out-of-range")
    if kpi.target is None:
        return
    if kpi.target < 0 and kpi.metric != "romi":
        raise Refused(_("This number is never below zero, so neither is its target."), code="target-negative")
    if not kpi.holds_a_level:
        check_distance(kpi)


def check_distance(kpi: Kpi) -> None:
    grows = kpi.kind == Kpi.Kind.INCREASE_TO
    words = {"baseline": value_of(kpi, kpi.baseline), "target": value_of(kpi, kpi.target)}
    if kpi.baseline is not None and kpi.baseline != kpi.target and (kpi.target < kpi.baseline) is grows:
        sentence = (
            _("To grow, the target must be above the baseline: %(target)s is below %(baseline)s.")
            if grows
            else _("To bring it down, the target must be below the baseline: %(target)s is above %(baseline)s.")
        )
        raise Refused(sentence % words, code="target-on-the-wrong-side")
    current = current_of(kpi)
    if current is not None and (current >= kpi.target if grows else current <= kpi.target):
        raise Refused(
            _("The target is already reached: the number is %(current)s now. Choose a target that is still ahead.")
            % {"current": value_of(kpi, current)},
            code="target-reached",
        )


def current_of(kpi: Kpi) -> Decimal | None:
    """The source's latest value; the baseline while the source has none."""
    latest = MetricSeries.objects.filter(source=kpi.source, metric=kpi.metric).values_list("latest_value", flat=True)
    found = latest.first()
    return kpi.baseline if found is None else found


def no_numbers_sentence(kpi: Kpi) -> str:
    return _(
        "“%(source)s” has no final number for this metric yet. It comes with the next pull; until then a baseline "
        "can be typed."
    ) % {"source": kpi.source.title}


def value_of(kpi: Kpi, value: Decimal | None) -> str:
    return say_value(value, METRICS[kpi.metric].unit)


def facts_of(kpi: Kpi) -> dict:
    """What the trail remembers of a KPI's terms."""
    return {
        "name": str(kpi),
        "metric": kpi.metric,
        "kind": kpi.kind,
        "baseline": plain(kpi.baseline),
        "target": plain(kpi.target),
        "weight": kpi.weight,
        "owner": str(kpi.owner or ""),
        "cadence": kpi.cadence,
        "tolerance": kpi.tolerance,
        "guardrail": f"{kpi.guardrail_source_id}:{kpi.guardrail_metric}" if kpi.guardrail_source_id else "",
        "starts_on": kpi.starts_on,
        "due_on": kpi.due_on,
    }
