from celery import shared_task

from meetings import actions, preparing, proposals, queries, reminders, series, settling, subscriptions, watching
from projects.models import Project


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


@shared_task(name="meetings.remind")
def remind() -> int:
    """Whoever has a meeting coming up."""
    return reminders.send_due()


@shared_task(name="meetings.refresh_agenda")
def refresh_agenda(*, project: int) -> None:
    """Look at this project's evidence anew, for its next meeting."""
    for found in Project.objects.filter(pk=project, closed_at=None):
        preparing.refresh_next(found)


@shared_task(name="meetings.refresh_agendas")
def refresh_agendas() -> None:
    """The agenda of each project's next meeting: what a lost bell left behind, and what no bell tells of."""
    preparing.refresh_agendas()


@shared_task(name="meetings.watch")
def watch() -> None:
    """Meetings and action items that are overdue."""
    watching.watch()


@shared_task(name="meetings.conclude_minutes")
def conclude_minutes() -> None:
    """Minutes whose term to object has ended."""
    settling.conclude_due()


@shared_task(name="meetings.expire_proposals")
def expire_proposals() -> None:
    """Proposals that nothing came of in time."""
    proposals.expire_due()


@shared_task(name="meetings.continue_series")
def continue_series() -> None:
    """The meetings ahead of every series that runs."""
    series.continue_all()
