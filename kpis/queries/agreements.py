"""Whether what was signed is still what is kept."""

from collections.abc import Iterator

from kpis.models import Agreement
from smmportal.facts import content_hash
from smmportal.people.models import Side


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


def signature_troubles(agreement: Agreement) -> Iterator[str]:
    signatures = list(agreement.signatures.all())
    for signature in signatures:
        if signature.content_hash != agreement.content_hash:
            yield f"the signature of the {signature.side} is under another text"
    if agreement.in_force_at and {signature.side for signature in signatures} != set(Side.values):
        yield "it is in force without both signatures"
