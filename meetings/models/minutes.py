from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from meetings.models.meetings import Meeting
from projects.models import Task
from smmportal.facts import FactChanged
from smmportal.scoping import ScopedQuerySet


class Minutes(models.Model):
    """What was said. Once published it never changes: what was left out is added as a new line of its own."""

    project_path = "meeting__project"

    meeting = models.OneToOneField(Meeting, models.CASCADE, related_name="minutes")
    text = models.TextField(_("What was said"), blank=True, max_length=10_000)
    revision = models.PositiveIntegerField(default=1)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    written_at = models.DateTimeField(auto_now=True)
    published_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects = ScopedQuerySet.as_manager()

    def __str__(self) -> str:
        return f"minutes of {self.meeting_id}"

    def save(self, *args, **kwargs):
        refuse_if_published(self.meeting_id)
        super().save(*args, **kwargs)


def refuse_if_published(meeting_id: int) -> None:
    """Published minutes are a fact; the actions say so in words long before this is met."""
    if Minutes.objects.filter(meeting=meeting_id, published_at__isnull=False).exists():
        raise FactChanged(f"The minutes of meeting {meeting_id} are published and never change.")


class Decision(models.Model):
    project_path = "meeting__project"

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="decisions")
    text = models.CharField(_("What was decided"), max_length=1000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)
    at = models.DateTimeField(auto_now_add=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.text

    def save(self, *args, **kwargs):
        refuse_if_published(self.meeting_id)
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        refuse_if_published(self.meeting_id)
        return super().delete(*args, **kwargs)


class ActionItem(models.Model):
    """A task that came out of a meeting: its side, person and date are the task's own."""

    project_path = "meeting__project"

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="action_items")
    task = models.OneToOneField(Task, models.CASCADE, related_name="action_item")

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return str(self.task)
