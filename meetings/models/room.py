from django.conf import settings
from django.db import models

from meetings.models.meetings import AgendaItem, Meeting
from meetings.models.minutes import Minutes
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


class NotesVersion(models.Model):
    """The notes as they were at one revision: what two people's later texts are put together over."""

    #: So many of the latest are kept; over an older one both texts are shown instead.
    KEPT = 200
    project_path = "minutes__meeting__project"

    minutes = models.ForeignKey(Minutes, models.CASCADE, related_name="versions")
    revision = models.PositiveIntegerField()
    text = models.TextField(blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["revision"]
        constraints = [models.UniqueConstraint(fields=["minutes", "revision"], name="one_text_a_revision")]

    def __str__(self) -> str:
        return f"revision {self.revision} of {self.minutes_id}"
