"""What the rest of the portal asks of KPIs: what waits for whom, and how each project's numbers stand."""

from collections.abc import Sequence

from kpis.queries.amendments import waiting_for_amendments
from kpis.queries.byhand import waiting_for_numbers
from kpis.queries.reports import waiting_for_reports
from kpis.queries.rituals import waiting_for_reviews
from kpis.queries.sources import source_states, waiting_for_access
from kpis.queries.standings import board_states
from kpis.queries.successors import waiting_for_successors
from kpis.queries.waiting import waiting_for_agreement
from projects.models import Project
from smmportal.waiting import Waiting


def waiting(projects: Sequence[Project]) -> list[Waiting]:
    return [
        *waiting_for_agreement(projects),
        *waiting_for_amendments(projects),
        *waiting_for_successors(projects),
        *waiting_for_access(projects),
        *waiting_for_numbers(projects),
        *waiting_for_reviews(projects),
        *waiting_for_reports(projects),
    ]


def spine_states(projects: Sequence[Project]) -> dict[int, dict[str, dict]]:
    """For each project the states of its KPIs and its sources (`{"board": {"status", "word"}, "sources": …}`)."""
    states: dict[int, dict[str, dict]] = {project.pk: {} for project in projects}
    for part in (board_states(projects), source_states(projects)):
        for project_id, steps in part.items():
            states[project_id].update(steps)
    return states
