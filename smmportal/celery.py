"""The Celery app and the whole timetable.

A database row is the job and a message only the bell: the timetable rings for whatever rows are due, so a lost
message costs one tick. A tick that nobody took before the next one expires.
"""

import os
from pathlib import Path

from celery import Celery
from celery.signals import worker_init
from kombu.transport import TRANSPORT_ALIASES

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "smmportal.settings")

TRANSPORT_ALIASES["folders"] = "smmportal.embedded:Transport"
app = Celery("smmportal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["smmportal", "smmportal.notifications", "projects", "kpis", "meetings", "smmportal.waterline"])


def every(seconds: int, task: str) -> dict:
    return {"task": task, "schedule": seconds, "options": {"expires": seconds}}


app.conf.beat_schedule = {
    "send what is due": every(10, "notifications.deliver_due"),
    "send digests": every(60, "notifications.send_digests"),
    "pull what is due": every(30, "kpis.pull_due"),
    "look at the posts that are due": every(60, "kpis.look_at_posts"),
    "bring up what the sides see differently": every(600, "meetings.bring_up_goals"),
    "read people's other calendars": every(60, "meetings.read_calendars"),
    "remind of meetings": every(120, "meetings.remind"),
    "conclude minutes whose term has ended": every(600, "meetings.conclude_minutes"),
    "keep agendas up to date": every(300, "meetings.refresh_agendas"),
    "end proposals that have run out": every(60, "meetings.expire_proposals"),
    "make the meetings of series ahead": every(3600, "meetings.continue_series"),
    "see where KPIs are heading": every(300, "kpis.foresee"),
    "look for numbers that fell": every(900, "kpis.find_dips"),
    "watch over the projects": every(300, "kpis.watch"),
    "watch over meetings": every(300, "meetings.watch"),
    "hold followers against reach": every(3600, "kpis.watch_reach"),
    "compare new briefs with signed KPIs": every(300, "kpis.open_due_amendments"),
    "propose successors of retired numbers": every(300, "kpis.propose_due_successors"),
    "prepare reports": every(1800, "kpis.prepare_reports"),
    "warn of access that ends": every(3600, "kpis.warn_of_ends"),
    "show that the worker lives": every(30, "portal.heartbeat"),
    "see where the water stands": every(600, "waterline.take_readings"),
    "remind of tasks": every(900, "projects.remind_of_tasks"),
    "let tasks come again": every(900, "projects.continue_recurrences"),
    "make room for the months to come": every(3600, "kpis.make_room"),
    "count the points anew": every(86400, "kpis.refresh_statistics"),
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
