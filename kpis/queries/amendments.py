"""Changes of the brief under signed terms, as the page, the API and «what waits» show them."""

from collections.abc import Sequence

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from kpis import rules
from kpis.models import AmendmentProposal, Kpi
from projects.comparing import differences
from projects.models import BriefVersion, Project
from projects.origins import Place, place_at
from projects.pieces import pieces_of
from projects.questionnaire import find_question
from smmportal.formatting import pick_language
from smmportal.people.models import Role, Side, User
from smmportal.waiting import Waiting

AT_ONCE = 200


def for_amendments(proposals: QuerySet[AmendmentProposal]) -> QuerySet[AmendmentProposal]:
    return proposals.select_related(
        "kpi__project__agency",
        "kpi__project__client",
        "kpi__source",
        "kpi__goal",
        "kpi__brief_version",
        "version",
        "settled_by",
    )


def amendment_page(proposal: AmendmentProposal, reader: User) -> dict:
    kpi = proposal.kpi
    project, before = kpi.project, base_of(kpi, proposal.key)
    is_open = proposal.is_open and project.is_open
    successor = Kpi.objects.filter(replaces=kpi).first()
    return {
        "project": project,
        "section": "board",
        "proposal": proposal,
        "kpi": kpi,
        "before": before,
        "question": find_question(proposal.version.content["form"], proposal.key),
        "changes": [each for each in differences(before, proposal.version) if each.question["key"] == proposal.key],
        "place": Place(proposal.version, proposal.key),
        "successor": successor,
        "may_amend": is_open and rules.can_draft_kpis(reader, project),
        "may_keep": is_open and rules.can_settle_amendment(reader, project),
    }


def waiting_for_amendments(projects: Sequence[Project]) -> list[Waiting]:
    """The agency's move: new terms, or a reason to keep those that are signed. One query."""
    by_id = {project.pk: project for project in projects if project.is_open}
    proposals = AmendmentProposal.objects.open().filter(kpi__project__in=by_id).select_related("kpi__source", "version")
    return [
        Waiting(
            project_id=proposal.kpi.project_id,
            project_name=by_id[proposal.kpi.project_id].name,
            side=Side.AGENCY,
            sentence=_("The brief has changed what the signed KPI “%(kpi)s” rests on: %(question)s")
            % {"kpi": proposal.kpi, "question": question_of(proposal)},
            button=_("Prepare new terms"),
            url=proposal.get_absolute_url(),
            since=proposal.opened_at,
            roles=(Role.OWNER, Role.MANAGER),
        )
        for proposal in proposals
    ]


def question_of(proposal: AmendmentProposal) -> str:
    question = find_question(proposal.version.content["form"], proposal.key)
    return pick_language(question["label"]) if question else proposal.key


# --- Whether the brief has changed under the terms ------------------------------------------------------------------


def keys_of(kpi: Kpi) -> list[str]:
    """The answers that the KPI rests on: its own, and those of the goal it serves. Of a wanted result (D2) the number
    it starts from (D3) is a part."""
    keys = {kpi.from_key, kpi.goal.from_key if kpi.goal else ""} - {""}
    return sorted(keys | ({"D3"} if "D2" in keys else set()))


def is_changed(kpi: Kpi, key: str, version: BriefVersion) -> bool:
    """Whether the answer says something else than when the terms were written, or than when they were last kept."""
    base = base_of(kpi, key)
    return base != version and said(base, kpi, key) != said(version, kpi, key)


def base_of(kpi: Kpi, key: str) -> BriefVersion:
    kept = kpi.amendment_proposals.filter(key=key, settled_by__isnull=False).select_related("version")
    last = kept.order_by("-settled_at").first()
    return last.version if last and last.version.number > kpi.brief_version.number else kpi.brief_version


def said(version: BriefVersion, kpi: Kpi, key: str) -> object:
    """The answer, or, where the KPI began with one line of it, whether that line still stands in it."""
    value = version.content["answers"].get(key, {}).get("value")
    line = line_of(kpi, key)
    if line is None:
        return value
    question = find_question(version.content["form"], key)
    return line in [piece.value for piece in pieces_of(question, value)] if question else False


def line_of(kpi: Kpi, key: str) -> object:
    """The words of the line that the KPI or its goal began with; None when the whole answer counts."""
    for row in (kpi, kpi.goal):
        if row and row.from_key == key and row.from_row is not None and key not in ("D2", "D3"):
            project = kpi.project
            return place_at(project, key=key, row=row.from_row, version=row.from_version.number).piece
    return None


def due_versions() -> list[BriefVersion]:
    """Versions that nobody has held against the signed KPIs yet, where there are any."""
    signed = Kpi.objects.filter(signed_in__isnull=False).values("project")
    versions = BriefVersion.objects.filter(compared=None, brief__project__in=signed)
    return list(versions.select_related("brief__project").order_by("id")[:AT_ONCE])
