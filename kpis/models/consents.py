from datetime import timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone

from kpis.models.links import ConnectionLink
from kpis.models.sources import Source
from projects.models import Project
from smmportal.encryption import EncryptedJSONField


class ConsentAttemptQuerySet(models.QuerySet):
    def visible_to(self, user) -> Self:
        """An attempt is seen by whoever began it and by nobody else; one by a link by nobody at all."""
        if not (user.is_authenticated and user.is_active):
            return self.none()
        return self.filter(by=user, link=None)

    def open(self) -> Self:
        return self.filter(used_at=None, expires_at__gt=timezone.now())


class ConsentAttempt(models.Model):
    """One person's way to a platform's page and back. Of the state only the hash is kept; it serves once."""

    LASTS = timedelta(minutes=10)

    project = models.ForeignKey(Project, models.CASCADE, related_name="+")
    platform = models.CharField(max_length=20)
    #: Whose access is to be replaced; None: there is a new account to connect.
    source = models.ForeignKey(Source, models.CASCADE, null=True, related_name="+")
    #: The link that its visitor came by; then `by` is whoever made the link.
    link = models.ForeignKey(ConnectionLink, models.CASCADE, null=True, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    state_hash = models.CharField(max_length=64, unique=True)
    #: What only the visitor's browser has, hashed; empty where a login says who it is.
    browser_hash = models.CharField(max_length=64, blank=True)
    #: The verifier, and for a visitor the secret of the link that leads back; gone once it was used.
    kept = EncryptedJSONField(null=True)
    #: The answer of the brief that it began from (`projects.origins`).
    origin = models.CharField(max_length=100, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    objects = ConsentAttemptQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.platform}: {self.by}"
