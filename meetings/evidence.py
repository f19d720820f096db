"""What a project gives a meeting to talk about, read from the rows themselves: one reader a kind, the same queries for
any number of rows."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from kpis.alerts import INTERNAL
from kpis.models import Agreement, Alert, AmendmentProposal, Kpi, Source
from kpis.queries.back_then import last_chances, stood_on
from kpis.queries.rituals import Concern, concerns_of
from kpis.queries.sources import NEEDS_A_PERSON
from meetings.board import day_of, last_before
from meetings.models import Meeting
from projects.models import BriefVersion, ConfidenceGap, Debrief, Goal, MaterialRequest, Project, Task
from projects.questionnaire import find_question
from smmportal.people.models import Side, User

#: A chance that moved by so much since the last meeting is worth a word.
MOVED = 0.15


@dataclass(frozen=True)
class Evidence:
    """One row that calls for talk. `title` is its own name; `facts` are plain values from which its words are made for
    whoever reads; `only_for` is the one side that may know of it."""

    kind: str
    row: int
    title: str
    url: str
    by: User | None = None
    facts: dict = field(default_factory=dict)
    only_for: str = ""
    kpi: Kpi | None = None

    @property
    def key(self) -> tuple[str, int]:
        return self.kind, self.row


@dataclass(frozen=True)
class Look:
    """What the readers are given: the project, and when the sides last met, if they did."""

    project: Project
    met_at: datetime | None = None
    met_on: date | None = None


def evidence_for(meeting: Meeting) -> list[Evidence]:
    """All that calls for talk at this meeting now, kind by kind."""
    previous = last_before(meeting)
    look = Look(meeting.project, previous and previous.ends_at, previous and day_of(previous))
    return [found for reader in READERS for found in reader(look)]


# --- KPIs -----------------------------------------------------------------------------------------------------------


def kpis(look: Look) -> Iterator[Evidence]:
    """Off their course or near it, fallen without a word, without a review, or turned since the sides last met."""
    concerns = concerns_of(look.project.kpis.standing().filter(signed_in__isnull=False))
    turns = turned(concerns, look.met_on) if look.met_on else {}
    for concern in concerns:
        kpi = concern.kpi
        if concern.is_urgent or kpi.pk in turns:
            by = kpi.owner or kpi.created_by
            url = concern.mark.dips[0].get_absolute_url() if concern.mark.dips else kpi.get_absolute_url()
            yield Evidence("kpi", kpi.pk, str(kpi), url, by, turns.get(kpi.pk, {}), kpi=kpi)


def turned(concerns: list[Concern], day: date) -> dict[int, dict]:
    """For each KPI whose status or chance is not what it was that day: what it was."""
    was = stood_on([concern.standing for concern in concerns], day)
    chances = last_chances([concern.kpi.pk for concern in concerns], day)
    found = {}
    for concern in concerns:
        pk, then = concern.kpi.pk, was.get(concern.kpi.pk)
        facts = {"met_on": day.isoformat()}
        if then and then.status != concern.status:
            facts["was"] = then.status
        now, before = concern.standing.chance, chances.get(pk)
        if now is not None and before is not None and abs(now - before) >= MOVED:
            facts["chance_was"] = before
        if len(facts) > 1:
            found[pk] = facts
    return found


def gaps(look: Look) -> Iterator[Evidence]:
    for gap in ConfidenceGap.objects.open().filter(goal__project=look.project).select_related("goal", "opened_by"):
        facts = {"since": gap.opened_at.isoformat()}
        yield Evidence("gap", gap.pk, gap.goal.statement, gap.goal.get_absolute_url(), gap.opened_by, facts)


# --- What waits for a name, a yes or a word -------------------------------------------------------------------------


def agreements(look: Look) -> Iterator[Evidence]:
    unsigned = Agreement.objects.filter(project=look.project, withdrawn_at=None, in_force_at=None)
    for agreement in unsigned.select_related("prepared_by").prefetch_related("signatures"):
        signed = {signature.side: signature.at for signature in agreement.signatures.all()}
        since = max(signed.values(), default=agreement.prepared_at)
        facts = {
            "number": agreement.number,
            "since": since.isoformat(),
            "sides": [side.value for side in Side if side not in signed],
        }
        title = _("KPI agreement No. %(number)s") % {"number": agreement.number}
        yield Evidence("agreement", agreement.pk, title, agreement.get_absolute_url(), agreement.prepared_by, facts)


def amendments(look: Look) -> Iterator[Evidence]:
    proposals = AmendmentProposal.objects.open().filter(kpi__project=look.project)
    for proposal in proposals.select_related("kpi__source", "kpi__created_by", "version"):
        question = find_question(proposal.version.content["form"], proposal.key)
        facts = {"since": proposal.opened_at.isoformat(), "question": question["label"] if question else proposal.key}
        kpi = proposal.kpi
        yield Evidence("amendment", proposal.pk, str(kpi), proposal.get_absolute_url(), kpi.created_by, facts)


def debriefs(look: Look) -> Iterator[Evidence]:
    """How the agency understood the latest brief, when the client has not said yet whether that is right."""
    latest = BriefVersion.objects.filter(brief__project=look.project).order_by("-number").values_list("pk", flat=True)
    shared = Debrief.objects.filter(version__in=list(latest[:1]), confirmed_at=None)
    for debrief in shared.filter(shared_at__isnull=False).select_related("version__brief", "shared_by"):
        facts = {"since": debrief.shared_at.isoformat(), "number": debrief.version.number}
        title = _("How the brief was understood")
        yield Evidence("debrief", debrief.pk, title, debrief.get_absolute_url(), debrief.shared_by, facts)


def goals(look: Look) -> Iterator[Evidence]:
    """Proposed and not agreed; or past their day and not concluded."""
    rows = look.project.goals.select_related("proposed_by", "created_by")
    for goal in rows.filter(status=Goal.Status.PROPOSED):
        facts = {"since": goal.proposed_at.isoformat(), "sides": [Side(goal.proposed_side).other.value]}
        yield Evidence("goal", goal.pk, goal.statement, goal.get_absolute_url(), goal.proposed_by, facts)
    for goal in rows.filter(status__in=Goal.RUNNING, due_on__lt=look.project.today):
        url = reverse("projects:goal_conclusion", args=[goal.pk])
        yield Evidence("conclusion", goal.pk, goal.statement, url, goal.created_by, {"due_on": goal.due_on.isoformat()})


# --- What is late, asked for, broken or new -------------------------------------------------------------------------


def tasks(look: Look) -> Iterator[Evidence]:
    """Overdue; or done, and waiting for the other side to look at it."""
    rows = Task.objects.open().filter(project=look.project).select_related("assignee", "created_by")
    for task in rows.filter(review_at=None, due_on__lt=look.project.today).order_by("side", "due_on", "pk"):
        facts = {"due_on": task.due_on.isoformat(), "side": task.side, "person": str(task.assignee or "")}
        yield Evidence("overdue", task.pk, task.title, task.get_absolute_url(), task.created_by, facts)
    for task in rows.filter(review_at__isnull=False).order_by("review_at", "pk"):
        facts = {"since": task.review_at.isoformat(), "sides": [Side(task.side).other.value]}
        yield Evidence("review", task.pk, task.title, task.get_absolute_url(), task.created_by, facts)


def materials(look: Look) -> Iterator[Evidence]:
    for material in MaterialRequest.objects.awaited().filter(project=look.project).select_related("created_by"):
        due_on = material.due_on.isoformat() if material.due_on else ""
        facts = {"since": material.created_at.isoformat(), "sides": [material.side], "due_on": due_on}
        url = material.get_absolute_url()
        yield Evidence("material", material.pk, material.what, url, material.created_by, facts)


def sources(look: Look) -> Iterator[Evidence]:
    broken = Source.objects.filter(project=look.project, error_kind__in=NEEDS_A_PERSON, paused_at=None)
    for source in broken.select_related("connected_by"):
        last = source.last_success_at.isoformat() if source.last_success_at else ""
        facts = {"last": last, "error": source.error_kind}
        yield Evidence("source", source.pk, str(source), source.get_absolute_url(), source.connected_by, facts)


def briefs(look: Look) -> Iterator[Evidence]:
    """Versions of the brief that came since the sides last met; the first of all changes nothing."""
    versions = BriefVersion.objects.filter(brief__project=look.project, number__gt=1)
    if look.met_at:
        versions = versions.filter(submitted_at__gt=look.met_at)
    version = versions.select_related("brief", "submitted_by").order_by("-number").first()
    if version:
        facts = {"number": version.number, "at": version.submitted_at.isoformat(), "person": str(version.submitted_by)}
        url = reverse("projects:brief_difference", args=[look.project.pk, version.number])
        yield Evidence("brief", version.pk, _("The brief"), url, version.submitted_by, facts)


def alerts(look: Look) -> Iterator[Evidence]:
    """The agency's own housekeeping: on the agency's copy only."""
    internal = Alert.objects.standing().filter(project=look.project, side=Side.AGENCY, kind__in=INTERNAL)
    for alert in internal.order_by("first_at", "pk").select_related("source", "kpi", "owner"):
        facts = {"alert": alert.kind, "since": alert.first_at.isoformat(), "name": str(alert.source or alert.kpi or "")}
        title = facts["name"] or look.project.name
        yield Evidence("alert", alert.pk, title, alert.get_absolute_url(), alert.owner, facts, Side.AGENCY)


READERS: tuple[Callable[[Look], Iterator[Evidence]], ...] = (
    *(kpis, gaps, agreements, amendments, debriefs, goals),
    *(tasks, materials, sources, briefs, alerts),
)
