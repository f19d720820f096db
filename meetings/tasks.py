from celery import shared_task

from meetings import actions, queries


@shared_task(name="meetings.bring_up_goal")
def bring_up_goal(*, goal: int) -> None:
    """Put this goal on the next agenda if the sides see it differently."""
    for gap in queries.gaps_to_raise().filter(goal=goal):
        actions.bring_up_gap(gap)


@shared_task(name="meetings.bring_up_goals")
def bring_up_goals() -> None:
    """Every goal that still waits for an agenda: what a lost bell left behind."""
    for gap in queries.gaps_to_raise():
        actions.bring_up_gap(gap)
