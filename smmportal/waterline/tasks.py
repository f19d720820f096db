from celery import shared_task

from smmportal.waterline import actions


@shared_task(name="waterline.take_readings")
def take_readings() -> None:
    """Where every open project stands today."""
    actions.take_readings()
