from projects.queries.briefs import Progress, further_of, goal_from_brief, progress_of
from projects.queries.standings import Standing, Step, spine_states, stage_of, standings, waiting
from projects.queries.tasks import (
    GoalEffort,
    by_date,
    by_state,
    could_wait_for,
    effort_by_goal,
    history_of,
    in_order,
    mine,
    people_in,
    tasks_of,
    told_in_full,
)

__all__ = [
    "GoalEffort",
    "Progress",
    "Standing",
    "Step",
    "by_date",
    "by_state",
    "could_wait_for",
    "effort_by_goal",
    "further_of",
    "goal_from_brief",
    "history_of",
    "in_order",
    "mine",
    "people_in",
    "progress_of",
    "spine_states",
    "stage_of",
    "standings",
    "tasks_of",
    "told_in_full",
    "waiting",
]
