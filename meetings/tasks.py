from celery import shared_task

from meetings import actions, board, queries, series, subscriptions, watching


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


@shared_task(name="meetings.read_calendars")
def read_calendars() -> None:
    """The calendars that people keep elsewhere."""
    subscriptions.read_due()


@shared_task(name="meetings.bring_up_kpis")
def bring_up_kpis() -> None:
    """KPIs that need talking about, onto the next agenda of each project that has one."""
    for project in board.projects_to_meet():
        actions.bring_up_kpis(project)


@shared_task(name="meetings.watch")
def watch() -> None:
    """Meetings and action items that are overdue."""
    watching.watch()


@shared_task(name="meetings.continue_series")
def continue_series() -> None:
    """The meetings ahead of every series that runs."""
    series.continue_all()
