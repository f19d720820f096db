"""What waits for whom on the way to signed KPIs; two queries and one more for any number of projects."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kpis.models import Agreement, Kpi
from projects.models import Goal, Project
from smmportal.people.models import Role, Side
from smmportal.waiting import Waiting

#: Who signs for each side.
SIGNING = {Side.AGENCY: (Role.OWNER, Role.MANAGER), Side.CLIENT: (Role.DECIDER,)}


def waiting_for_agreement(projects: Sequence[Project]) -> list[Waiting]:
    """Goals without a KPI, KPIs without an agreement, and agreements without a signature."""
    by_id = {project.pk: project for project in projects}
    agreements = list(
        Agreement.objects.filter(project__in=by_id, withdrawn_at=None, in_force_at=None).prefetch_related("signatures")
    )
    unsigned = defaultdict(list)
    kpis = Kpi.objects.filter(project__in=by_id, signed_in=None, target__isnull=False)
    for kpi in kpis.exclude(project__in=[agreement.project_id for agreement in agreements]):
        unsigned[kpi.project_id].append(kpi)
    return [
        *(line for agreement in agreements for line in signatures_of(agreement, by_id[agreement.project_id])),
        *(agreement_to_prepare(by_id[pk], kpis) for pk, kpis in unsigned.items() if by_id[pk].activated_at),
        *(kpi_to_draft(goal, by_id[goal.project_id]) for goal in goals_without_kpi(by_id)),
    ]


def signatures_of(agreement: Agreement, project: Project) -> Iterator[Waiting]:
    signed = {signature.side: signature.at for signature in agreement.signatures.all()}
    for side in Side:
        if side not in signed:
            yield Waiting(
                project_id=project.pk,
                project_name=project.name,
                side=side,
                sentence=_("Read KPI agreement No. %(number)s and sign it") % {"number": agreement.number},
                button=_("Read and sign"),
                url=agreement.get_absolute_url(),
                since=max(signed.values(), default=agreement.prepared_at),
                roles=SIGNING[side],
                kind="sign",
            )


def agreement_to_prepare(project: Project, kpis: Sequence[Kpi]) -> Waiting:
    return Waiting(
        project_id=project.pk,
        project_name=project.name,
        side=Side.AGENCY,
        sentence=ngettext(
            "%(count)s KPI has a target but no agreement: prepare it for signing",
            "%(count)s KPIs have targets but no agreement: prepare it for signing",
            len(kpis),
        )
        % {"count": len(kpis)},
        button=_("Prepare the agreement"),
        url=reverse("kpis:agreements", args=[project.pk]),
        since=min(kpi.created_at for kpi in kpis),
        roles=SIGNING[Side.AGENCY],
    )


def kpi_to_draft(goal: Goal, project: Project) -> Waiting:
    return Waiting(
        project_id=project.pk,
        project_name=project.name,
        side=Side.AGENCY,
        sentence=_("No KPI shows yet whether the goal “%(goal)s” is coming true") % {"goal": brief(goal.statement)},
        button=_("Add a KPI"),
        url=reverse("kpis:kpi_new", args=[project.pk]) + f"?goal={goal.pk}",
        since=goal.agreed_at,
        roles=(Role.OWNER, Role.MANAGER, Role.SPECIALIST),
    )


def goals_without_kpi(projects: dict[int, Project]):
    agreed = Goal.objects.filter(project__in=projects, status__in=Goal.RUNNING)
    return agreed.filter(~Exists(Kpi.objects.filter(goal=OuterRef("pk"))))


def brief(text: str, at_most: int = 80) -> str:
    """The first words of a text, on one line."""
    line = " ".join(text.split())
    return line if len(line) <= at_most else line[: at_most - 1].rstrip() + "…"
