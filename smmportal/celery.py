"""The Celery app and the whole timetable.

A database row is the job and a message only the bell: the timetable rings for whatever rows are due, so a lost
message costs one tick. A tick that nobody took before the next one expires.
"""

import os
from pathlib import Path

from celery import Celery
from celery.signals import worker_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "smmportal.settings")

app = Celery("smmportal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["smmportal", "smmportal.notifications", "projects", "kpis", "meetings"])


def every(seconds: int, task: str) -> dict:
    return {"task": task, "schedule": seconds, "options": {"expires": seconds}}


app.conf.beat_schedule = {
    "send what is due": every(10, "notifications.deliver_due"),
    "pull what is due": every(30, "kpis.pull_due"),
    "bring up what the sides see differently": every(600, "meetings.bring_up_goals"),
    "compare new briefs with signed KPIs": every(300, "kpis.open_due_amendments"),
    "warn of access that ends": every(3600, "kpis.warn_of_ends"),
    "show that the worker lives": every(30, "portal.heartbeat"),
    "remind of tasks": every(900, "projects.remind_of_tasks"),
    "let tasks come again": every(900, "projects.continue_recurrences"),
    "forget old replies": every(3600, "portal.forget_old_replies"),
    "forget what nobody confirmed": every(86400, "kpis.forget_abandoned"),
    "forget delivered secrets": every(86400, "notifications.forget_delivered_secrets"),
}


def prepare_embedded_broker() -> None:
    """The embedded broker keeps messages in folders, which must be there before the first of them."""
    from django.conf import settings

    for name in ("data_folder_in", "control_folder"):
        folder = settings.CELERY_BROKER_TRANSPORT_OPTIONS.get(name)
        if folder:
            Path(folder).mkdir(parents=True, exist_ok=True)


@worker_init.connect
def _prepare(**_kwargs: object) -> None:
    prepare_embedded_broker()
