from django.conf import settings
from django.db import models

from meetings.models.meetings import AgendaItem, Meeting
from smmportal.scoping import ScopedQuerySet


class Room(models.Model):
    """A meeting that is being held: since when, and which line is talked about since when. The clock is the server's,
    so that every screen in the room shows the same time and a reload loses none."""

    project_path = "meeting__project"

    meeting = models.OneToOneField(Meeting, models.CASCADE, related_name="room")
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    item = models.ForeignKey(AgendaItem, models.SET_NULL, null=True, related_name="+")
    item_since = models.DateTimeField(null=True)

    objects = ScopedQuerySet.as_manager()

    def __str__(self) -> str:
        return f"room of {self.meeting_id}"
