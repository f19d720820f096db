"""Agreements as their pages show them, what comes next, and whether what was signed is still what is kept."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kpis import rules
from kpis.differing import Change, changes_between
from kpis.models import Agreement, Kpi
from kpis.terms import content_of, term_of, text_of
from projects.models import Project
from projects.queries import inactive_sentence
from smmportal.facts import content_hash
from smmportal.people.models import Side, User


@dataclass(frozen=True)
class Step:
    """What happens next with the project's agreement: a sentence, and a button for whom it waits."""

    sentence: str
    url: str = ""
    action: str = ""
    #: The button changes something (POST) instead of opening a page.
    is_verb: bool = False
    #: It waits for the reader.
    is_mine: bool = False


@dataclass(frozen=True)
class Party:
    """A side of an agreement: who speaks for it and whether they have signed."""

    side: Side
    organisation: object
    signature: object | None


def next_step(project: Project, reader: User, kpis: Sequence[Kpi], agreements: Sequence[Agreement]) -> Step | None:
    """The one thing to do about signing; None when everything with a target is signed. `kpis` are those standing."""
    waiting = next((agreement for agreement in agreements if agreement.is_waiting), None)
    if waiting:
        return step_of_signing(waiting, project, reader)
    unsigned = [kpi for kpi in kpis if kpi.target is not None and not kpi.is_signed]
    if not unsigned:
        return None
    words = ngettext(
        "%(count)s KPI is not in an agreement yet.", "%(count)s KPIs are not in an agreement yet.", len(unsigned)
    ) % {"count": len(unsigned)}
    if project.activated_at is None:
        return step_before_signing(project, words)
    if not rules.can_prepare_agreement(reader, project):
        return Step(words)
    return Step(
        words, reverse("kpis:agreements", args=[project.pk]), _("Prepare the agreement"), is_verb=True, is_mine=True
    )


def step_before_signing(project: Project, words: str) -> Step:
    """Nothing is signed before both sides understand the brief alike: it says whose move that is, and leads there."""
    url = reverse("projects:brief", args=[project.pk])
    return Step(f"{words} {inactive_sentence(project)}", url, _("Open the brief"))


def step_of_signing(agreement: Agreement, project: Project, reader: User) -> Step:
    signed = {signature.side for signature in agreement.signatures.all()}
    url, words = agreement.get_absolute_url(), {"number": agreement.number}
    if rules.can_sign(reader, project) and project.side_of(reader) not in signed:
        return Step(
            _("Agreement No. %(number)s waits for your signature.") % words, url, _("Read and sign"), is_mine=True
        )
    sentences = {
        (): _("Agreement No. %(number)s waits for the signatures of both sides."),
        (Side.AGENCY,): _("Agreement No. %(number)s waits for the client’s signature."),
        (Side.CLIENT,): _("Agreement No. %(number)s waits for the agency’s signature."),
    }
    return Step(sentences[tuple(signed)] % words, url, _("Read"))


def kpis_to_agree_on(project: Project) -> list[Kpi]:
    """Those with a target; where new terms are written for a signed KPI, the new ones."""
    kpis = project.kpis.standing().filter(target__isnull=False).exclude(successor__target__isnull=False)
    return list(for_terms(kpis))


def for_terms(kpis: QuerySet[Kpi]) -> QuerySet[Kpi]:
    """The KPIs with the rows that their terms name."""
    named = ("goal", "source", "baseline_snapshot", "owner", "guardrail_source", "guardrail_snapshot")
    return kpis.select_related(*named).defer("baseline_snapshot__body", "guardrail_snapshot__body")


def says_what_stands(agreement: Agreement) -> bool:
    """Whether the text still says what the KPIs say; names may have been mended meanwhile, terms may not."""
    now = content_of(agreement.project, kpis_to_agree_on(agreement.project), number=0, previous_hash="")
    return [bare(term) for term in now["kpis"]] == [bare(term) for term in agreement.content["kpis"]]


#: The terms that are said the same way by the content and by the row.
PLAIN_TERMS = (
    *("id", "kind", "baseline", "target", "change", "weight", "cadence", "tolerance", "starts_on", "due_on"),
    *("guardrail_waived_because", "bridge"),
)


def bare(term: dict) -> dict:
    """The promise without the words around it, which may be mended while a text waits."""
    guardrail = term["guardrail"]
    return {
        "metric": term["metric"]["code"],
        "source": term["source"]["id"],
        "goal": term["goal"]["id"] if term["goal"] else None,
        "owner": term["owner"] and term["owner"]["id"],
        "guardrail": guardrail
        and (
            *(guardrail["metric"]["code"], guardrail["source"]["id"], guardrail["direction"]),
            *(guardrail["baseline"], guardrail.get("over")),
        ),
        "over": term.get("over"),
        **{name: term[name] for name in PLAIN_TERMS},
    }


def agreements_page(project: Project, reader: User) -> dict:
    found = list(project.agreements.select_related("prepared_by", "withdrawn_by").prefetch_related("signatures__by"))
    kpis = list(project.kpis.standing())
    in_force = next((agreement for agreement in found if agreement.in_force_at), None)
    return {
        "project": project,
        "section": "board",
        "in_force": in_force,
        "waiting": next((agreement for agreement in found if agreement.is_waiting), None),
        "history": [agreement for agreement in found if agreement != in_force and not agreement.is_waiting],
        "step": next_step(project, reader, kpis, found),
        "has_targets": any(kpi.target is not None for kpi in kpis),
        "may_draft": rules.can_draft_kpis(reader, project),
    }


def agreement_page(agreement: Agreement, reader: User) -> dict:
    project = agreement.project
    parties = parties_of(agreement)
    signatures = {party.side: party.signature for party in parties if party.signature}
    previous = previous_of(agreement)
    side = project.side_of(reader)
    open_ = agreement.is_waiting and project.is_open
    outdated = open_ and not says_what_stands(agreement)
    newer = project.agreements.filter(number__gt=agreement.number, in_force_at__isnull=False).order_by("number").first()
    return {
        "project": project,
        "section": "board",
        "agreement": agreement,
        "text": text_of(agreement.content),
        "parties": parties,
        "mine": signatures.get(side),
        "side": side,
        "organisation": agreement.content[side]["name"] if side else "",
        "parties_signed": bool(signatures),
        "out_of_date": outdated,
        "may_sign": open_ and not outdated and side not in signatures and rules.can_sign(reader, project),
        "may_prepare": outdated and rules.can_prepare_agreement(reader, project),
        "may_withdraw": open_ and rules.can_withdraw_agreement(reader, project),
        "replaced_by": newer,
        "previous": previous,
        "changes": changes_of(agreement, previous),
    }


def parties_of(agreement: Agreement) -> list[Party]:
    signatures = {signature.side: signature for signature in agreement.signatures.select_related("by")}
    return [Party(side, agreement.content[side]["name"], signatures.get(side)) for side in Side]


def previous_of(agreement: Agreement) -> Agreement | None:
    """The one in whose place it comes."""
    if not agreement.previous_hash:
        return None
    return Agreement.objects.filter(project=agreement.project_id, content_hash=agreement.previous_hash).first()


def changes_of(agreement: Agreement, previous: Agreement | None) -> list[Change]:
    """What it says otherwise than the agreement before; nothing of the first."""
    if previous is None:
        return []
    newer = [term["id"] for term in agreement.content["kpis"]]
    replaced = dict(Kpi.objects.filter(pk__in=newer, replaces__isnull=False).values_list("pk", "replaces"))
    return changes_between(previous.content, agreement.content, replaced)


# --- Verification ---------------------------------------------------------------------------------------------------


def verify_agreements() -> list[str]:
    """Recompute every agreement's hash, its place in the chain and its signatures; a line for each mismatch."""
    found = []
    in_force: dict[int, str] = {}
    agreements = Agreement.objects.order_by("project_id", "number").prefetch_related("signatures")
    for agreement in agreements.iterator(chunk_size=500):
        found += [f"agreement {agreement.pk}: {trouble}" for trouble in troubles_of(agreement, in_force)]
        if agreement.in_force_at:
            in_force[agreement.project_id] = agreement.content_hash
    return found


def troubles_of(agreement: Agreement, in_force: dict[int, str]) -> Iterator[str]:
    content = agreement.content
    if content_hash(content) != agreement.content_hash:
        yield "the content does not match its hash"
    if (content.get("number"), content.get("previous_hash")) != (agreement.number, agreement.previous_hash):
        yield "the number or the chain differs from the signed content"
    if agreement.previous_hash != in_force.get(agreement.project_id, ""):
        yield "it does not follow the agreement that was in force before it"
    yield from signature_troubles(agreement)


def verify_terms() -> list[str]:
    """A line for each KPI in force that is judged by other terms than those that were signed. A signed text that was
    changed itself is `verify_agreements`' to find."""
    found = []
    kpis = for_terms(Kpi.objects.filter(signed_in__isnull=False)).select_related("signed_in").order_by("pk")
    for kpi in kpis.iterator(chunk_size=500):
        agreement = kpi.signed_in
        if content_hash(agreement.content) == agreement.content_hash and not says(agreement, kpi):
            found.append(f"kpi {kpi.pk}: its terms are not those of agreement {agreement.pk}")
    return found


def says(agreement: Agreement, kpi: Kpi) -> bool:
    signed = next((term for term in agreement.content["kpis"] if term["id"] == kpi.pk), None)
    return signed is not None and bare(signed) == bare(term_of(kpi))


def signature_troubles(agreement: Agreement) -> Iterator[str]:
    signatures = list(agreement.signatures.all())
    for signature in signatures:
        if signature.content_hash != agreement.content_hash:
            yield f"the signature of the {signature.side} is under another text"
    if agreement.in_force_at and {signature.side for signature in signatures} != set(Side.values):
        yield "it is in force without both signatures"
