"""Meetings that are overdue against the agreed rhythm, and what a meeting gave somebody to do and nobody did."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

from django.db.models import Max
from django.urls import reverse
from django.utils import timezone

from kpis import alerts
from kpis.actions.watching import keep_each
from kpis.queries.watching import Found
from meetings.models import ActionItem, Meeting, Rhythm
from meetings.queries import nearest_starts
from projects.models import Project

KINDS = ("meeting_overdue", "action_overdue")


def watch(now: datetime | None = None) -> int:
    now = now or timezone.now()
    return keep_each(KINDS, partial(look, now=now), now)


def look(projects: Sequence[Project], *, now: datetime) -> Found:
    """Four queries for any number of projects."""
    found = Found()
    look_at_rhythms(projects, now, found)
    look_at_actions(projects, now, found)
    return found


def look_at_rhythms(projects: Sequence[Project], now: datetime, found: Found) -> None:
    rhythms = {rhythm.project_id: rhythm for rhythm in Rhythm.objects.current().filter(project__in=projects)}
    held = Meeting.objects.held().filter(project__in=list(rhythms), ends_at__lt=now).order_by()
    last = dict(held.values("project").annotate(last=Max("ends_at")).values_list("project", "last"))
    booked = nearest_starts(projects)
    for project in projects:
        rhythm = rhythms.get(project.pk)
        if rhythm is None:
            continue
        since = max(last.get(project.pk, rhythm.set_at), rhythm.set_at)
        day, today = (moment.astimezone(ZoneInfo(project.timezone)).date() for moment in (since, now))
        weight = alerts.meeting_overdue((today - day).days, rhythm.cadence, is_booked=project.pk in booked)
        met = project.pk in last and last[project.pk] >= rhythm.set_at
        evidence = {"cadence": rhythm.cadence, "last_on": day.isoformat(), "has_met": met}
        url = reverse("meetings:book", args=[project.pk])
        found.add(weight, project.pk, "meeting_overdue", f"project:{project.pk}", url=url, evidence=evidence)


def look_at_actions(projects: Sequence[Project], now: datetime, found: Found) -> None:
    items = ActionItem.objects.filter(meeting__project__in=projects, task__done_at=None, task__due_on__lte=now.date())
    zones = {project.pk: ZoneInfo(project.timezone) for project in projects}
    for item in items.select_related("task"):
        task = item.task
        days = (now.astimezone(zones[task.project_id]).date() - task.due_on).days
        evidence = {"task": task.title, "due_on": task.due_on.isoformat()}
        more = {"url": task.get_absolute_url(), "side": task.side, "owner": task.assignee_id}
        weight = alerts.action_overdue(days)
        found.add(weight, task.project_id, "action_overdue", f"task:{task.pk}", evidence=evidence, **more)
