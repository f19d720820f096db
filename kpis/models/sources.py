"""Connected platform accounts and the logins they are read with."""

from datetime import datetime, timedelta
from typing import Self
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kpis.connectors import CONNECTORS
from projects.models import FromAnswer, Project
from smmportal.encryption import EncryptedJSONField
from smmportal.people.models import Organisation
from smmportal.scoping import ScopedQuerySet


class PlatformLoginQuerySet(models.QuerySet):
    def visible_to(self, user) -> Self:
        """A login is seen by the people of the organisation that keeps it; its secrets by nobody."""
        if not (user.is_authenticated and user.is_active):
            return self.none()
        return self.filter(organisation__memberships__user=user)


class PlatformLogin(models.Model):
    """Access to a platform that somebody granted. One login may serve many sources: mending it mends them all."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="platform_logins")
    platform = models.CharField(max_length=20)
    name = models.CharField(max_length=160, blank=True)
    credentials = EncryptedJSONField()
    token_kind = models.CharField(max_length=20, blank=True)
    scopes = models.JSONField(default=list)
    granted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    granted_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True)
    #: How many days ahead people were last warned of this end (`kpis.ending`); None: not yet.
    warned_days = models.PositiveSmallIntegerField(null=True)
    #: When a worker began to renew it; one that died leaves it, and it runs out.
    renewing_at = models.DateTimeField(null=True)
    refused_at = models.DateTimeField(null=True)

    objects = PlatformLoginQuerySet.as_manager()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.platform}: {self.name}"

    @property
    def is_renewed_by_itself(self) -> bool:
        """Whether the portal renews the access before it ends, without a person."""
        return self.platform in CONNECTORS and CONNECTORS[self.platform].renews(self.credentials)


class SourceQuerySet(ScopedQuerySet):
    def due(self, now=None) -> Self:
        return self.filter(paused_at=None, next_pull_at__lte=now or timezone.now())


class Source(FromAnswer):
    """One account or counter whose numbers we take. The row is also the pull job: `next_pull_at` says when it is due,
    and whoever moves that moment forward in one conditional update has claimed it."""

    CLAIMED_FOR = timedelta(minutes=20)
    FILE = "file"
    MANUAL = "manual"
    project_path = "project"

    project = models.ForeignKey(Project, models.CASCADE, related_name="sources")
    platform = models.CharField(max_length=20)
    external_id = models.CharField(max_length=200)
    title = models.CharField(_("name"), max_length=200)
    url = models.CharField(max_length=500, blank=True)
    timezone = models.CharField(max_length=64, default="UTC")
    #: The account's first day, when the platform tells.
    began_on = models.DateField(null=True)
    login = models.ForeignKey(PlatformLogin, models.PROTECT, null=True, related_name="sources")
    connected_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    connected_at = models.DateTimeField(auto_now_add=True)
    paused_at = models.DateTimeField(null=True)
    #: None: nothing to pull (a file, numbers typed by hand).
    next_pull_at = models.DateTimeField(null=True)
    #: When the pull that is running began; a worker that died leaves it, and it runs out with the claim.
    claimed_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_attempt_at = models.DateTimeField(null=True)
    last_success_at = models.DateTimeField(null=True)
    #: The kind of the last error (`kpis.connectors.contract`), empty when the last pull went well.
    error_kind = models.CharField(max_length=30, blank=True)
    error_detail = models.CharField(max_length=500, blank=True)
    #: The error's sentence as it stands in the code: it is translated for whoever reads it.
    error_words = models.CharField(max_length=500, blank=True)
    #: How far back the platform's history has been read, and whether there is more of it.
    history_from = models.DateField(null=True)
    is_history_complete = models.BooleanField(default=False)

    objects = SourceQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["project", "platform", "external_id"], name="one_source_an_account")
        ]
        indexes = [models.Index(fields=["next_pull_at"], condition=Q(paused_at=None), name="sources_due")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("kpis:source", args=[self.pk])

    @property
    def place(self) -> str:
        """Where its numbers are from, in a word or two: the platform; for a file, what it is called."""
        return str(CONNECTORS[self.platform].name) if self.platform in CONNECTORS else self.title

    @property
    def is_pulled(self) -> bool:
        return self.platform not in (self.FILE, self.MANUAL)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    def is_being_pulled(self, now: datetime) -> bool:
        return self.claimed_at is not None and self.claimed_at > now - self.CLAIMED_FOR
