from projects.queries.briefs import Progress, further_of, goal_from, progress_of
from projects.queries.hints import hints_for, hints_of_goal, hints_of_version
from projects.queries.origins import material_from, pieces_shown
from projects.queries.standings import Standing, Step, spine_states, stage_of, standings, waiting

__all__ = [
    "Progress",
    "Standing",
    "Step",
    "further_of",
    "goal_from",
    "hints_for",
    "hints_of_goal",
    "hints_of_version",
    "material_from",
    "pieces_shown",
    "progress_of",
    "spine_states",
    "stage_of",
    "standings",
    "waiting",
]
