"""When the brief changes under a signed KPI: say so, and settle it by new terms or by keeping the old ones."""

from collections.abc import Iterable, Iterator

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kpis import rules
from kpis.actions.kpis import check_open, lock
from kpis.models import AmendmentProposal, ComparedVersion, Kpi
from kpis.queries.amendments import is_changed, keys_of
from projects.models import BriefVersion
from smmportal.audit import record
from smmportal.notifications.actions import announce
from smmportal.people.models import User
from smmportal.refusals import Refused, demand


@transaction.atomic
def open_amendments(version: BriefVersion) -> list[AmendmentProposal]:
    """Hold a new version of the brief against the KPIs in force; safe to repeat, and older versions say nothing."""
    project = version.brief.project
    lock(project)
    ComparedVersion.objects.get_or_create(version=version)
    if BriefVersion.objects.filter(brief=version.brief_id, number__gt=version.number).exists():
        return []
    return propose_for(kpis_in_force(project), version)


def kpis_in_force(project) -> list[Kpi]:
    kpis = project.kpis.standing().filter(signed_in__isnull=False, brief_version__isnull=False)
    return list(kpis.select_related("project", "goal", "source", "brief_version"))


def propose_for(kpis: Iterable[Kpi], version: BriefVersion) -> list[AmendmentProposal]:
    return [found for kpi in kpis for key in keys_of(kpi) for found in propose(kpi, key, version)]


def propose(kpi: Kpi, key: str, version: BriefVersion) -> Iterator[AmendmentProposal]:
    is_open = kpi.amendment_proposals.open().filter(key=key).first()
    if not is_changed(kpi, key, version):
        if is_open:  # the answer says again what was signed
            settle([is_open], outcome=AmendmentProposal.Outcome.KEPT, by=None)
        return
    if is_open:
        is_open.version = version
        is_open.save(update_fields=["version"])
        return
    proposal = AmendmentProposal.objects.create(kpi=kpi, version=version, key=key)
    facts = facts_of(proposal)
    record("amendment.proposed", about=proposal, project=kpi.project, key=key, version=version.number)
    announce("amendment.proposed", to=kpi.project.people, about=proposal, facts=facts)
    yield proposal


@transaction.atomic
def keep_as_signed(proposal: AmendmentProposal, *, reason: str, by: User) -> AmendmentProposal:
    """Leave the terms as both sides signed them, and say why. Keeping twice is keeping once."""
    project = proposal.kpi.project
    demand(
        rules.can_settle_amendment(by, project),
        _("Only the agency’s owner or manager and the client’s decision-maker settle this."),
    )
    lock(project)
    proposal = AmendmentProposal.objects.select_related("kpi__project", "kpi__source", "version").get(pk=proposal.pk)
    if not proposal.is_open:
        return proposal
    check_open(project)
    reason = reason.strip()
    if not reason:
        raise Refused(_("Say why the signed terms stay: the other side will read it."), code="no-reason")
    settle([proposal], outcome=AmendmentProposal.Outcome.KEPT, by=by, reason=reason)
    announce("amendment.kept", to=project.people, about=proposal, by=by, facts={**facts_of(proposal), "reason": reason})
    return proposal


def settle_by_signing(kpis: Iterable[Kpi], *, by: User) -> None:
    """Newer terms are in force: what was proposed about those they replace is done."""
    replaced = [kpi.replaces_id for kpi in kpis if kpi.replaces_id]
    open_ones = AmendmentProposal.objects.open().filter(kpi__in=replaced).select_related("kpi__project")
    settle(open_ones, outcome=AmendmentProposal.Outcome.AMENDED, by=by)


def settle(proposals: Iterable[AmendmentProposal], *, outcome: str, by: User | None, reason: str = "") -> None:
    for proposal in proposals:
        proposal.settled_at, proposal.settled_by = timezone.now(), by
        proposal.outcome, proposal.reason = outcome, reason
        proposal.save()
        project = proposal.kpi.project
        record("amendment.settled", about=proposal, by=by, project=project, outcome=outcome, reason=reason)


def facts_of(proposal: AmendmentProposal) -> dict:
    return {"project": proposal.kpi.project.name, "name": proposal.kpi.name, "number": proposal.version.number}
