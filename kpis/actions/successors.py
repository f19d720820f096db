"""When a platform retires the number of a signed KPI: say so, propose another, and carry the terms over to it."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kpis import rules
from kpis.actions.kpis import TERMS, check_open, demand_drafting, draft_kpi, lock
from kpis.bridging import Bridge
from kpis.models import Kpi, Source, SuccessorProposal
from kpis.queries.metrics import metrics_of
from kpis.queries.successors import best_of, bridge_of, bridge_to, for_successors, no_factor_sentence
from kpis.succession import is_comparable
from kpis.terms import plain
from projects.models import Project
from smmportal.audit import record
from smmportal.notifications.actions import announce
from smmportal.people.models import User
from smmportal.refusals import Refused, demand

Outcome = SuccessorProposal.Outcome


@transaction.atomic
def propose_successors(source: Source) -> list[SuccessorProposal]:
    """Hold the source's KPIs in force against what the platform still gives; safe to repeat."""
    lock(source.project)
    retired = dict(source.series.filter(retired_on__isnull=False).values_list("metric", "retired_on"))
    came_back = SuccessorProposal.objects.open().filter(kpi__source=source).exclude(kpi__metric__in=retired)
    settle(came_back.select_related("kpi__project"), outcome=Outcome.RETURNED, by=None)
    return [found for kpi in kpis_of(source, retired) for found in propose(kpi, retired[kpi.metric])]


def kpis_of(source: Source, retired: dict[str, date]) -> list[Kpi]:
    """Those in force that were not over by then."""
    kpis = source.kpis.standing().filter(signed_in__isnull=False, metric__in=retired)
    kpis = kpis.select_related("project", "source", "goal")
    return [kpi for kpi in kpis if kpi.due_on >= retired[kpi.metric]]


def propose(kpi: Kpi, retired_on: date) -> list[SuccessorProposal]:
    if kpi.successor_proposals.open().exists():
        return []
    series, found = best_of(kpi)
    proposal, is_new = SuccessorProposal.objects.get_or_create(kpi=kpi, retired_on=retired_on)
    if not is_new and proposal.outcome != Outcome.RETURNED:
        return []
    proposal.settled_at, proposal.settled_by, proposal.outcome = None, None, ""
    put_candidate(proposal, series and series.source, series.metric if series else "", found)
    facts = facts_of(proposal)
    record("successor.proposed", about=proposal, project=kpi.project, **trail_of(proposal))
    announce("successor.proposed", to=kpi.project.people, about=proposal, facts=facts)
    return [proposal]


def put_candidate(proposal: SuccessorProposal, source: Source | None, metric: str, found: Bridge) -> None:
    proposal.source, proposal.metric = source, metric
    proposal.first_day, proposal.last_day, proposal.days = found.first, found.last, found.days
    proposal.factor, proposal.low, proposal.high = found.factor, found.low, found.high
    proposal.no_factor = found.reason if source else ""
    proposal.save()


# --- What people decide ---------------------------------------------------------------------------------------------


@transaction.atomic
def choose_successor(proposal: SuccessorProposal, *, source: Source, metric: str, by: User) -> SuccessorProposal:
    """Propose another number that arrives; the bridge to it is reckoned anew."""
    demand_drafting(by, proposal.kpi.project)
    proposal = lock_proposal(proposal)
    check_undecided(proposal)
    check_candidate(proposal.kpi, source, metric)
    put_candidate(proposal, source, metric, bridge_to(proposal.kpi, source, metric))
    record("successor.chosen", about=proposal, by=by, project=proposal.kpi.project, **trail_of(proposal))
    return proposal


@transaction.atomic
def accept_successor(proposal: SuccessorProposal, *, by: User) -> Kpi:
    """Draft the terms anew on the successor, baseline and target carried over. Accepting twice is accepting once."""
    demand_drafting(by, proposal.kpi.project)
    proposal = lock_proposal(proposal)
    if newer := Kpi.objects.filter(replaces=proposal.kpi, bridge__isnull=False).first():
        return newer
    check_undecided(proposal)
    check_bridge(proposal)
    kpi = proposal.kpi
    newer = draft_kpi(kpi.project, by=by, replaces=kpi, bridge=bridge_of(proposal), **terms_of(proposal))
    check_carried(newer)
    record("successor.accepted", about=proposal, by=by, project=kpi.project, **trail_of(proposal))
    return newer


@transaction.atomic
def dismiss_successor(proposal: SuccessorProposal, *, reason: str, by: User) -> SuccessorProposal:
    """Leave the KPI without its number, and say why. Dismissing twice is dismissing once."""
    project = proposal.kpi.project
    demand(
        rules.can_settle_amendment(by, project),
        _("Only the agency’s owner or manager and the client’s decision-maker settle this."),
    )
    proposal = lock_proposal(proposal)
    if not proposal.is_open:
        return proposal
    check_open(project)
    reason = reason.strip()
    if not reason:
        raise Refused(_("Say why no other number takes its place: the other side will read it."), code="no-reason")
    settle([proposal], outcome=Outcome.DISMISSED, by=by, reason=reason)
    facts = {**facts_of(proposal), "reason": reason}
    announce("successor.dismissed", to=project.people, about=proposal, by=by, facts=facts)
    return proposal


def settle_successions(kpis: Iterable[Kpi], *, by: User) -> None:
    """Newer terms are in force: what was proposed about those they replace is done."""
    replaced = [kpi.replaces_id for kpi in kpis if kpi.replaces_id]
    open_ones = SuccessorProposal.objects.open().filter(kpi__in=replaced).select_related("kpi__project")
    settle(open_ones, outcome=Outcome.SIGNED, by=by)


def settle(proposals: Iterable[SuccessorProposal], *, outcome: str, by: User | None, reason: str = "") -> None:
    for proposal in proposals:
        proposal.settled_at, proposal.settled_by = timezone.now(), by
        proposal.outcome, proposal.reason = outcome, reason
        proposal.save()
        project = proposal.kpi.project
        record("successor.settled", about=proposal, by=by, project=project, outcome=outcome, reason=reason)


# --- The terms carried over -----------------------------------------------------------------------------------------


def terms_of(proposal: SuccessorProposal) -> dict:
    """The terms as they were signed, on the other number."""
    kpi = proposal.kpi
    terms = {name: getattr(kpi, name) for name in TERMS}
    target = bridge_of(proposal)["target"]
    terms |= {"source": proposal.source, "metric": proposal.metric, "target": target and Decimal(target["after"])}
    if kpi.owner not in kpi.project.people:
        terms["owner"] = None  # gone since it was signed
    if (kpi.guardrail_source_id, kpi.guardrail_metric) == (proposal.source_id, proposal.metric):
        reason = _("What guarded it has become the number itself.")
        terms |= {"guardrail_source": None, "guardrail_metric": "", "guardrail_waived_because": reason}
    return terms


# --- What is refused ------------------------------------------------------------------------------------------------


def lock_proposal(proposal: SuccessorProposal) -> SuccessorProposal:
    lock(proposal.kpi.project)
    return for_successors(SuccessorProposal.objects.filter(pk=proposal.pk)).get()


def check_undecided(proposal: SuccessorProposal) -> None:
    check_open(proposal.kpi.project)
    if not proposal.is_open:
        raise Refused(_("This is settled already: open the KPI to see how."), code="settled")
    if Kpi.objects.filter(replaces=proposal.kpi).exists():
        raise Refused(_("New terms for this KPI are already being written."), code="already-replaced")


def check_candidate(kpi: Kpi, source: Source, metric: str) -> None:
    alive = source.series.filter(metric=metric, retired_on=None, latest_value__isnull=False).exists()
    if source.project_id != kpi.project_id or metric not in metrics_of(source) or not alive:
        raise Refused(
            _("A successor must be a number that arrives from a source of this project. Choose one from the list."),
            code="successor-unknown",
        )
    if not is_comparable(kpi.metric, metric):
        raise Refused(
            _("A number of another unit can’t take over: no factor leads from days’ counts to levels or shares."),
            code="successor-incomparable",
        )


def check_bridge(proposal: SuccessorProposal) -> None:
    if proposal.source is None:
        raise Refused(_("Choose the number that takes its place first."), code="no-successor")
    if proposal.factor is None:
        raise Refused(no_factor_sentence(proposal), code="no-factor")


def check_carried(kpi: Kpi) -> None:
    """Small numbers may be rounded until nothing is left of the way."""
    if not kpi.holds_a_level and kpi.baseline is not None and kpi.baseline == kpi.target:
        raise Refused(
            _("Carried over and rounded, the baseline and the target are the same. Write new terms by hand."),
            code="bridge-too-coarse",
        )


def trail_of(proposal: SuccessorProposal) -> dict:
    return {"metric": proposal.metric, "source": proposal.source_id, "factor": plain(proposal.factor)}


def facts_of(proposal: SuccessorProposal) -> dict:
    project: Project = proposal.kpi.project
    return {"project": project.name, "name": proposal.kpi.name, "source": proposal.kpi.source.title}
