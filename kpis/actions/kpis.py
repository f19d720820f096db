"""Drafting KPIs: everything may change until both sides have signed."""

from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from kpis import rules
from kpis.actions.baselines import (
    find_baseline,
    put_baseline,
    set_baseline,
    set_guardrail_baseline,
    settle_target,
    value_of,
)
from kpis.computing import begin_from_catalogue
from kpis.models import Kpi, MetricSeries, Source
from kpis.queries.metrics import metrics_of
from kpis.queries.standings.now import now_of
from kpis.terms import plain
from kpis.weeks import WEEK, over_for
from projects.models import BriefVersion, Project
from projects.origins import Place, claim
from smmportal.audit import record
from smmportal.people.models import User
from smmportal.refusals import Refused, demand

#: What a person says of a KPI. A baseline is theirs to say only when the source has no number of its own.
TERMS = (
    *("goal", "name", "source", "metric", "kind", "target", "change", "weight", "starts_on", "due_on"),
    *("owner", "cadence", "tolerance", "guardrail_source", "guardrail_metric", "guardrail_waived_because"),
)
#: Who changes none of these is not asked again.
ASKS_FOR_GUARDRAIL = {"kind", "change", "guardrail_source", "guardrail_metric", "guardrail_waived_because"}


@transaction.atomic
def draft_kpi(
    project: Project,
    *,
    by: User,
    baseline: Decimal | None = None,
    baseline_on: date | None = None,
    replaces: Kpi | None = None,
    origin: Place | None = None,
    bridge: dict | None = None,
    **terms: object,
) -> Kpi:
    """Write down a KPI; its baseline is taken from the source's own numbers. Terms that replace others keep the answer
    of the brief that those began with; `bridge` (`kpis.actions.successors`) carries their baseline over."""
    demand_drafting(by, project)
    lock(project)
    check_open(project)
    assert set(terms) <= set(TERMS), terms
    kpi = Kpi(
        project=project,
        replaces=replaces,
        bridge=bridge,
        created_by=by,
        brief_version=latest_version(project),
        **terms,
        **(inherited(replaces) if replaces else claim("kpi", origin)),
    )
    check_belongs(kpi)
    if bridge is None:  # what the sides signed is carried over as it is
        demand_guardrail(kpi)
    begin_computing(kpi)
    if replaces is not None:
        check_can_replace(replaces)
    set_baseline(kpi, typed=baseline, typed_on=baseline_on)
    set_guardrail_baseline(kpi)
    settle_target(kpi, typed=kpi.target)
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
    moved = any(differs(kpi, name, fields) for name in ("source", "metric", "starts_on"))
    if moved or typed is not None:
        kpi.bridge = None  # it led to that very number
    for name, value in {**without_change(fields), **fields}.items():
        setattr(kpi, name, value)
    check_belongs(kpi)
    if ASKS_FOR_GUARDRAIL & fields.keys():
        demand_guardrail(kpi)
    begin_computing(kpi)
    if moved or typed is not None or kpi.baseline is None:
        set_baseline(kpi, typed=typed, typed_on=typed_on)
    set_guardrail_baseline(kpi)
    settle_target(kpi, typed=fields.get("target"))
    check_terms(kpi)
    kpi.brief_version = latest_version(kpi.project)
    kpi.save()
    record("kpi.edited", about=kpi, by=by, project=kpi.project, was=was, became=facts_of(kpi))
    return kpi


def differs(kpi: Kpi, name: str, fields: dict) -> bool:
    return name in fields and fields[name] != getattr(kpi, name)


def without_change(fields: dict) -> dict:
    """What goes with a kind that is given up: another one has no percent."""
    return {"change": None} if fields.get("kind", Kpi.Kind.CHANGE_BY) != Kpi.Kind.CHANGE_BY else {}


@transaction.atomic
def capture_baseline(kpi: Kpi, *, by: User) -> Kpi:
    """Take the baseline from the source once more: after the first pull, or when the numbers were corrected."""
    demand_drafting(by, kpi.project)
    kpi = lock_kpi(kpi)
    check_unsigned(kpi)
    kpi.over = over_for(kpi.source, kpi.metric)
    found = find_baseline(kpi.source, kpi.metric, kpi.starts_on, over=kpi.over)
    if found is None:
        raise Refused(no_numbers_sentence(kpi), code="no-numbers")
    was = plain(kpi.baseline)
    kpi.bridge = None
    put_baseline(kpi, found)
    set_guardrail_baseline(kpi)
    settle_target(kpi)
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


def begin_computing(kpi: Kpi) -> None:
    """What the source only gives the parts of is counted from here on, with all its history."""
    begin_from_catalogue(kpi.source, kpi.metric)
    if kpi.guardrail_source:
        begin_from_catalogue(kpi.guardrail_source, kpi.guardrail_metric)


def foresee_target(
    project: Project, *, source: Source, metric: str, starts_on: date, change: Decimal, baseline: Decimal | None = None
) -> Kpi:
    """What a change in percent would come to: a KPI with its baseline and target, which nobody has kept."""
    kpi = Kpi(project=project, source=source, metric=metric, starts_on=starts_on, kind="change_by", change=change)
    check_belongs(kpi)
    set_baseline(kpi, typed=baseline, typed_on=None)
    settle_target(kpi)
    return kpi


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
    return Kpi.objects.select_related("project", "source", "goal", "signed_in", "guardrail_source", "replaces").get(
        pk=kpi.pk
    )


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
            % {"source": kpi.source},
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


def demand_guardrail(kpi: Kpi) -> None:
    """Growth is asked what it may cost; to leave that open is allowed, but the reason must be said."""
    if kpi.grows and not kpi.guardrail_source and not kpi.guardrail_waived_because.strip():
        sentence = _("Name a number that must not get worse meanwhile, or say why you go without one.")
        raise ValidationError({"guardrail": sentence})


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
    if kpi.target < 0 and not kpi.source.metric(kpi.metric).below_zero:
        raise Refused(_("This number is never below zero, so neither is its target."), code="target-negative")
    if not kpi.holds_a_level:
        check_distance(kpi)


def check_distance(kpi: Kpi) -> None:
    grows = kpi.grows
    words = {"baseline": value_of(kpi, kpi.baseline), "target": value_of(kpi, kpi.target)}
    if kpi.baseline is not None and kpi.baseline != kpi.target and (kpi.target < kpi.baseline) is grows:
        sentence = (
            _("To grow, the target must be above the baseline: %(target)s is below %(baseline)s.")
            if grows
            else _("To bring it down, the target must be below the baseline: %(target)s is above %(baseline)s.")
        )
        raise Refused(sentence % words, code="target-on-the-wrong-side")
    if kpi.bridge is not None:
        return  # how far the way is was agreed on before
    current = current_of(kpi)
    if current is not None and (current >= kpi.target if grows else current <= kpi.target):
        raise Refused(
            _("The target is already reached: the number is %(current)s now. Choose a target that is still ahead.")
            % {"current": value_of(kpi, current)},
            code="target-reached",
        )


def current_of(kpi: Kpi) -> Decimal | None:
    """Where the number stands, over as many days as the KPI is of; the baseline while nobody can tell."""
    now = now_of(MetricSeries.objects.filter(source=kpi.source, metric=kpi.metric).first(), kpi.over)
    return kpi.baseline if now.judged is None else now.judged


def no_numbers_sentence(kpi: Kpi) -> str:
    if kpi.over == WEEK:
        return _(
            "“%(source)s” has too few final numbers for this metric yet: five days of seven are needed, because a "
            "single day says little. They come with the next pulls; until then a baseline can be typed."
        ) % {"source": kpi.source}
    return _(
        "“%(source)s” has no final number for this metric yet. It comes with the next pull; until then a baseline "
        "can be typed."
    ) % {"source": kpi.source}


def facts_of(kpi: Kpi) -> dict:
    """What the trail remembers of a KPI's terms."""
    return {
        "name": str(kpi),
        "metric": kpi.metric,
        "kind": kpi.kind,
        "baseline": plain(kpi.baseline),
        "target": plain(kpi.target),
        "change": plain(kpi.change),
        "weight": kpi.weight,
        "owner": str(kpi.owner or ""),
        "cadence": kpi.cadence,
        "tolerance": kpi.tolerance,
        "guardrail": f"{kpi.guardrail_source_id}:{kpi.guardrail_metric}" if kpi.guardrail_source_id else "",
        "guardrail_waived_because": kpi.guardrail_waived_because,
        "starts_on": kpi.starts_on,
        "due_on": kpi.due_on,
    }
