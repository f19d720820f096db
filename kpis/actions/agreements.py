"""From drafted KPIs to terms in force: prepare a text, sign it side by side, or withdraw it in time."""

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kpis import rules
from kpis.actions.amendments import kpis_in_force, propose_for, settle_by_signing
from kpis.actions.kpis import check_open, latest_version, lock
from kpis.actions.successors import settle_successions
from kpis.models import Agreement, Kpi, Signature
from kpis.queries.agreements import kpis_to_agree_on, says_what_stands
from kpis.terms import content_of, same_terms
from projects.actions import begin_goals
from projects.actions.projects import demand_active
from projects.models import BriefVersion, Project
from smmportal.audit import record
from smmportal.facts import content_hash
from smmportal.notifications.actions import announce
from smmportal.people.models import Proof, Side, User
from smmportal.refusals import Refused, demand


@transaction.atomic
def prepare_agreement(project: Project, *, by: User) -> Agreement:
    """Write the text over the KPIs as they stand now. An unsigned text that says something else is withdrawn."""
    demand(
        rules.can_prepare_agreement(by, project),
        _("An agreement is prepared by the agency’s owner or manager."),
    )
    lock(project)
    check_open(project)
    demand_active(project)
    waiting, in_force = waiting_of(project), in_force_of(project)
    content = content_now(project, number=next_number(project), previous_hash=in_force.content_hash if in_force else "")
    if waiting and same_terms(waiting.content, content):
        return waiting
    if in_force and same_terms(in_force.content, content):
        raise Refused(
            _("Nothing has changed since agreement No. %(number)s, which is in force.") % {"number": in_force.number},
            code="nothing-changed",
        )
    if waiting:
        put_aside(waiting, by=by)
    return put_forward(project, content, by=by)


def put_forward(project: Project, content: dict, *, by: User) -> Agreement:
    agreement = Agreement.objects.create(
        project=project,
        number=content["number"],
        brief_version=latest_version(project),
        content=content,
        content_hash=content_hash(content),
        previous_hash=content["previous_hash"],
        prepared_by=by,
    )
    record("agreement.prepared", about=agreement, by=by, project=project, **facts_of(agreement))
    announce("agreement.ready", to=project.people, about=agreement, by=by, facts=words_of(agreement))
    return agreement


@transaction.atomic
def sign_agreement(agreement: Agreement, *, by: User, seen_hash: str, proof: Proof) -> Signature:
    """Put one side's signature under exactly the text that the person saw. Signing twice is signing once.

    `proof` is how the door made sure of the person (`kpis.actions.signing`); the verb only writes it down.
    """
    demand_signing(by, agreement)
    agreement = lock_agreement(agreement)
    check_seen(agreement, seen_hash)
    if signed := signature_beside(agreement, by):
        return signed
    check_can_be_signed(agreement)
    side = agreement.project.side_of(by)
    signature = agreement.signatures.create(side=side, by=by, content_hash=seen_hash, proof=proof)
    words = {**facts_of(agreement), "side": side, "proof": proof}
    record("agreement.signed", about=agreement, by=by, project=agreement.project, **words)
    if agreement.signatures.count() == len(Side):
        bring_into_force(agreement, by=by)
    else:
        words = {**words_of(agreement), "organisation": agreement.project.organisation_of(side).name}
        announce("agreement.signed", to=agreement.project.people, about=agreement, by=by, facts=words)
    return signature


def demand_signing(by: User, agreement: Agreement) -> None:
    demand(
        rules.can_sign(by, agreement.project),
        _("An agreement is signed by the agency’s owner or manager and by the client’s decision-maker."),
    )


def signature_beside(agreement: Agreement, person: User) -> Signature | None:
    """The one that already stands for the person's side."""
    side = agreement.project.side_of(person)
    return agreement.signatures.filter(side=side).select_related("by").first()


def check_seen(agreement: Agreement, seen_hash: str) -> None:
    if seen_hash != agreement.content_hash:
        raise Refused(
            _("This is not the text you saw. Please read the agreement again and sign it then."), code="other-text"
        )


def check_can_be_signed(agreement: Agreement) -> None:
    check_open(agreement.project)
    if agreement.withdrawn_at:
        raise Refused(
            _("Agreement No. %(number)s was withdrawn, so it can’t be signed any more.") % {"number": agreement.number},
            code="withdrawn",
        )
    if not says_what_stands(agreement):
        raise Refused(
            _("The KPIs have changed since this text was prepared. The agency prepares a new one, then it is signed."),
            code="out-of-date",
        )


def bring_into_force(agreement: Agreement, *, by: User) -> None:
    agreement.in_force_at = timezone.now()
    agreement.save(update_fields=["in_force_at"])
    signed = Kpi.objects.filter(pk__in=kpi_ids(agreement))
    newly = list(signed.exclude(signed_in__isnull=False))
    signed.update(signed_in=agreement)
    settle_by_signing(newly, by=by)
    settle_successions(newly, by=by)
    hold_against_brief(agreement)
    record("agreement.in_force", about=agreement, by=by, project=agreement.project, **facts_of(agreement))
    announce("agreement.in_force", to=agreement.project.people, about=agreement, by=by, facts=words_of(agreement))
    begin_goals(agreement.project, signed.exclude(goal=None).values_list("goal", flat=True), by=by)


def hold_against_brief(agreement: Agreement) -> None:
    """Terms written before the latest version of the brief may differ from it on the day they come into force."""
    version = BriefVersion.objects.filter(brief__project=agreement.project).first()
    if version:
        propose_for([kpi for kpi in kpis_in_force(agreement.project) if kpi.brief_version != version], version)


@transaction.atomic
def withdraw_agreement(agreement: Agreement, *, by: User) -> Agreement:
    """Take the text back before the second signature. Withdrawing twice is withdrawing once."""
    demand(
        rules.can_withdraw_agreement(by, agreement.project),
        _("An agreement is withdrawn by those who may sign it."),
    )
    agreement = lock_agreement(agreement)
    if agreement.in_force_at:
        raise Refused(
            _(
                "Agreement No. %(number)s is in force: both sides have signed. To change the terms, prepare a new "
                "agreement; it takes this one’s place when both sides sign it."
            )
            % {"number": agreement.number},
            code="in-force",
        )
    if agreement.withdrawn_at is None:
        put_aside(agreement, by=by)
        announce("agreement.withdrawn", to=agreement.project.people, about=agreement, by=by, facts=words_of(agreement))
    return agreement


def put_aside(agreement: Agreement, *, by: User) -> None:
    agreement.withdrawn_at, agreement.withdrawn_by = timezone.now(), by
    agreement.save(update_fields=["withdrawn_at", "withdrawn_by"])
    record("agreement.withdrawn", about=agreement, by=by, project=agreement.project, **facts_of(agreement))


# --- What stands now ------------------------------------------------------------------------------------------------


def content_now(project: Project, *, number: int, previous_hash: str) -> dict:
    """The content of an agreement over the project's KPIs as they stand, or a refusal that says what is missing."""
    kpis = kpis_to_agree_on(project)
    if not kpis:
        raise Refused(
            _("There is no KPI with a target yet. Give a KPI its target first; then there is something to sign."),
            code="nothing-to-sign",
        )
    for kpi in kpis:
        if kpi.baseline is None and not kpi.holds_a_level:
            raise Refused(
                _(
                    "“%(kpi)s” has no baseline, so nobody could judge how far it got. Take it from the source, or "
                    "type it if the source has none."
                )
                % {"kpi": kpi},
                code="no-baseline",
            )
    version = latest_version(project)
    return content_of(
        project, kpis, number=number, previous_hash=previous_hash, brief_version=version.number if version else None
    )


def waiting_of(project: Project) -> Agreement | None:
    return project.agreements.filter(withdrawn_at=None, in_force_at=None).first()


def in_force_of(project: Project) -> Agreement | None:
    """The latest that both sides signed; those before it are history."""
    return project.agreements.filter(in_force_at__isnull=False).order_by("-number").first()


def next_number(project: Project) -> int:
    return (project.agreements.aggregate(last=models.Max("number"))["last"] or 0) + 1


def lock_agreement(agreement: Agreement) -> Agreement:
    lock(agreement.project)
    return Agreement.objects.select_related("project__agency", "project__client").get(pk=agreement.pk)


def kpi_ids(agreement: Agreement) -> list[int]:
    return [term["id"] for term in agreement.content["kpis"]]


def facts_of(agreement: Agreement) -> dict:
    return {"number": agreement.number, "hash": agreement.content_hash}


def words_of(agreement: Agreement) -> dict:
    return {"number": agreement.number, "project": agreement.project.name}
