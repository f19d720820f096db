from typing import Self

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from projects.models.goals import Goal
from projects.models.origins import FromAnswer
from projects.models.project import Project
from smmportal.people.models import Side
from smmportal.scoping import ScopedQuerySet


class TaskQuerySet(ScopedQuerySet):
    def open(self) -> Self:
        return self.filter(done_at=None)


class Task(FromAnswer):
    """Something one side does by a date. Which side it waits on is a fact of each task."""

    project_path = "project"

    project = models.ForeignKey(Project, models.CASCADE, related_name="tasks")
    goal = models.ForeignKey(Goal, models.SET_NULL, null=True, blank=True, related_name="tasks")
    title = models.CharField(_("What is to be done"), max_length=300)
    side = models.CharField(_("Whose it is"), max_length=8, choices=Side)
    assignee = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="tasks")
    due_on = models.DateField(_("By when"), null=True, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    done_at = models.DateTimeField(null=True, editable=False)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False)

    objects = TaskQuerySet.as_manager()

    class Meta:
        ordering = [models.F("due_on").asc(nulls_last=True), "id"]
        indexes = [models.Index(fields=["project", "due_on"], condition=models.Q(done_at=None), name="tasks_open")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("projects:tasks", args=[self.project_id])
