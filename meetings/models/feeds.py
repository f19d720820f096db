from typing import Self

from django.conf import settings
from django.db import models

from projects.models import Project
from smmportal.encryption import EncryptedJSONField


class FeedQuerySet(models.QuerySet):
    def visible_to(self, user) -> Self:
        """One's own: an address is its owner's secret, whatever project it shows."""
        return self.filter(person=user) if user.is_authenticated and user.is_active else self.none()


class CalendarFeed(models.Model):
    """A private address that a calendar program reads: one's own meetings, or all those of a project one is in."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="calendar_feeds")
    project = models.ForeignKey(Project, models.CASCADE, null=True, related_name="calendar_feeds")
    #: The secret is kept to be shown again to its owner; what an address brings is looked up by its hash.
    secret = EncryptedJSONField()
    secret_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(auto_now_add=True)
    last_read_at = models.DateTimeField(null=True)

    objects = FeedQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "project"],
                condition=models.Q(project__isnull=False),
                name="one_feed_a_person_and_project",
            ),
            models.UniqueConstraint(
                fields=["person"], condition=models.Q(project=None), name="one_feed_of_ones_own_meetings"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.project_id or 'own'}"
