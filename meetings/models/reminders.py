from django.conf import settings
from django.db import models

from meetings.models.availability import OwnQuerySet
from meetings.models.meetings import Meeting
from smmportal.scoping import ScopedQuerySet


class ReminderTimes(models.Model):
    """How long before a meeting a person wants to be reminded; who has said nothing has the usual times."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="reminder_times")
    #: Minutes before the start, the longest first; empty: no reminders.
    minutes = models.JSONField(default=list)

    objects = OwnQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.person_id}: {self.minutes}"


class MeetingReminder(models.Model):
    """A person was reminded of a meeting, so many minutes before the start that it had then: never twice."""

    project_path = "meeting__project"

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="reminders")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    starts_at = models.DateTimeField()
    minutes = models.PositiveIntegerField()
    sent_at = models.DateTimeField(auto_now_add=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "person", "starts_at", "minutes"], name="one_reminder_of_each_kind"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.meeting_id}, {self.minutes} minutes before"
