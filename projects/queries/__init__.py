from projects.queries.briefs import (
    Progress,
    delegations_of,
    further_of,
    goal_from_brief,
    people_to_name,
    progress_of,
    version_parts,
)
from projects.queries.standings import Standing, Step, spine_states, stage_of, standings, waiting
from projects.queries.templates import shipped_name, shipped_templates, size_of, templates_offered

__all__ = [
    "Progress",
    "Standing",
    "Step",
    "delegations_of",
    "further_of",
    "goal_from_brief",
    "people_to_name",
    "progress_of",
    "shipped_name",
    "shipped_templates",
    "size_of",
    "spine_states",
    "stage_of",
    "standings",
    "templates_offered",
    "version_parts",
    "waiting",
]
