from projects.queries.briefs import Progress, further_of, goal_from_brief, progress_of
from projects.queries.goals import GoalLine, groups_of, latest_confidences, lines_of, task_of_brief, voices_of
from projects.queries.standings import Standing, Step, spine_states, stage_of, standings, waiting

__all__ = [
    "GoalLine",
    "Progress",
    "Standing",
    "Step",
    "further_of",
    "goal_from_brief",
    "groups_of",
    "latest_confidences",
    "lines_of",
    "progress_of",
    "spine_states",
    "stage_of",
    "standings",
    "task_of_brief",
    "voices_of",
    "waiting",
]
