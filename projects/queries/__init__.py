from projects.queries.briefs import Progress, further_of, goal_from_brief, progress_of
from projects.queries.standings import Standing, Step, spine_states, stage_of, standings, waiting

__all__ = [
    "Progress",
    "Standing",
    "Step",
    "further_of",
    "goal_from_brief",
    "progress_of",
    "spine_states",
    "stage_of",
    "standings",
    "waiting",
]
