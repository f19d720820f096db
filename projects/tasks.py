from celery import shared_task
from django.utils import timezone

from projects import actions


@shared_task(name="projects.remind_of_tasks")
def remind_of_tasks() -> int:
    return actions.remind(timezone.now())


@shared_task(name="projects.continue_recurrences")
def continue_recurrences() -> int:
    return actions.continue_all()
