"""How the KPIs of projects are kept: signed, heading for their targets, fed, reviewed. For any number of projects in a
constant number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Exists, F, Max, OuterRef, Q
from django.utils import timezone

from kpis.models import Agreement, AmendmentProposal, Dip, Kpi, Review, Source
from kpis.queries.byhand import due_of
from kpis.queries.reviews import owed
from kpis.queries.sources import NEEDS_A_PERSON
from kpis.queries.standings import Standing, for_standing, is_lost, standings
from kpis.ritual import Period, periods
from projects.models import Goal, Project
from smmportal.people.models import Membership, Side


@dataclass
class Health:
    """What is read of one project."""

    #: Those that count: not of a goal that has ended, and terms that wait to replace signed ones are told by their
    #: agreement.
    kpis: list[Kpi] = field(default_factory=list)
    #: Of the signed ones, by id.
    standings: dict[int, Standing] = field(default_factory=dict)
    #: Periods whose review is owed, by KPI.
    owed: dict[int, Period] = field(default_factory=dict)
    #: KPIs of which some period was reviewed.
    reviewed: set[int] = field(default_factory=set)
    agreement: Agreement | None = None
    sources: list[Source] = field(default_factory=list)
    dips: list[Dip] = field(default_factory=list)
    amendments: list[AmendmentProposal] = field(default_factory=list)


def health_of(projects: Sequence[Project]) -> dict[int, Health]:
    """For each project's id; ten queries, and one more where a formula counts."""
    found = {project.pk: Health() for project in projects}
    read_kpis(found)
    read_agreements(found)
    read_sources(found)
    for dip in Dip.objects.unexplained().filter(kpi__project__in=list(found)).select_related("kpi__source"):
        found[dip.kpi.project_id].dips.append(dip)
    amendments = AmendmentProposal.objects.open().filter(kpi__project__in=list(found)).select_related("kpi__source")
    for proposal in amendments:
        found[proposal.kpi.project_id].amendments.append(proposal)
    return found


def read_kpis(found: dict[int, Health]) -> None:
    counting = Kpi.objects.filter(project__in=list(found)).standing().exclude(goal__status__in=Goal.CONCLUDED)
    kpis = list(for_standing(counting.exclude(replaces__isnull=False, signed_in=None)))
    for kpi in kpis:
        found[kpi.project_id].kpis.append(kpi)
    signed = [kpi for kpi in kpis if kpi.is_signed]
    for standing in standings(signed):
        found[standing.kpi.project_id].standings[standing.kpi.pk] = standing
    late = owed(signed) if signed else {}
    reviewed = set(Review.objects.filter(kpi__in=signed).order_by().values_list("kpi", flat=True).distinct())
    for kpi in signed:
        if kpi.pk in late:
            found[kpi.project_id].owed[kpi.pk] = late[kpi.pk]
        if kpi.pk in reviewed:
            found[kpi.project_id].reviewed.add(kpi.pk)


def read_agreements(found: dict[int, Health]) -> None:
    waiting = Agreement.objects.filter(project__in=list(found), withdrawn_at=None, in_force_at=None)
    for agreement in waiting.defer("content").prefetch_related("signatures"):
        found[agreement.project_id].agreement = agreement


def read_sources(found: dict[int, Health]) -> None:
    """The sources that KPIs stand on; on each is put the day of its last number (`last`), and whether it is the
    client's access or the client's person who types (`from_client`)."""
    used = {kpi.source_id: kpi.source for health in found.values() for kpi in health.kpis}
    typist = Membership.objects.filter(user=OuterRef("typed_by"), organisation=OuterRef("project__client"))
    told = Source.objects.filter(pk__in=used).annotate(
        last=Max("series__latest_on"),
        from_client=Exists(typist) | Q(login__organisation=F("project__client")),
    )
    for pk, last, from_client in told.order_by("pk").values_list("pk", "last", "from_client"):
        used[pk].last, used[pk].from_client = last, from_client
        found[used[pk].project_id].sources.append(used[pk])


def missing_signatures(agreement: Agreement) -> tuple[str, ...]:
    signed = {signature.side for signature in agreement.signatures.all()}
    return tuple(side.value for side in Side if side not in signed)


def first_review_by(kpi: Kpi):
    """When the review of its first period has to be there."""
    return next(periods(kpi.starts_on, kpi.due_on, kpi.cadence)).review_by


def state_of_source(source: Source, now: datetime | None = None, *, lost_operand: bool = False) -> str:
    """alive, new (nothing has come yet), paused, refused (only a person can mend it) or late (nobody typed)."""
    now = now or timezone.now()
    if source.paused_at:
        return "paused"
    if lost_operand or is_lost(source) or source.error_kind in NEEDS_A_PERSON:
        return "refused"
    if source.is_typed:
        due = due_of(source, source.last, now)
        return "late" if due.is_late else "alive" if due.last else "new"
    is_fed = source.last or source.last_success_at or source.platform == Source.FORMULA
    return "alive" if is_fed else "new"
