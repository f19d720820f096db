"""Connected platform accounts and the logins they are read with."""

from collections.abc import Collection
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
from kpis.connectors.contract import Capabilities
from kpis.connectors.filters import LONGEST_FILTER, Condition, read_filter, say_filter
from kpis.metrics import METRICS, Metric
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

    def alive(self) -> Self:
        """Access that neither the platform nor we have put an end to."""
        return self.filter(refused_at=None, revoked_at=None)


class PlatformLogin(models.Model):
    """Access to a platform that somebody granted. One login may serve many sources: mending it mends them all."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="platform_logins")
    platform = models.CharField(max_length=20)
    name = models.CharField(max_length=160, blank=True)
    #: The platform's own number of whoever granted it, where the platform tells: who comes again mends this very login.
    person_id = models.CharField(max_length=100, null=True)
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
    #: When one of ours gave the access up: from then on there are no credentials.
    revoked_at = models.DateTimeField(null=True)

    objects = PlatformLoginQuerySet.as_manager()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.platform}: {self.name}"

    @property
    def is_renewed_by_itself(self) -> bool:
        """Whether the portal renews the access before it ends, without a person."""
        return self.platform in CONNECTORS and CONNECTORS[self.platform].renews(self.credentials)

    @property
    def is_granted(self) -> bool:
        """Whether it came by the platform's own page, and not by pasting."""
        return bool(self.credentials.get("granted_to"))


class SourceQuerySet(ScopedQuerySet):
    def due(self, now=None) -> Self:
        return self.filter(paused_at=None, next_pull_at__lte=now or timezone.now())

    def offered(self, chosen: Collection[int] = ()) -> Self:
        """Whose numbers a new KPI may take: not those of a formula that is retired or has a newer version."""
        return self.exclude(
            Q(formula__retired_at__isnull=False) | Q(formula__next__isnull=False),
            ~Q(pk__in=[pk for pk in chosen if pk]),
        )


class Source(FromAnswer):
    """One account or counter whose numbers we take. The row is also the pull job: `next_pull_at` says when it is due,
    and whoever moves that moment forward in one conditional update has claimed it."""

    class Cadence(models.TextChoices):
        DAILY = "daily", _("every day")
        WEEKLY = "weekly", _("every week")
        MONTHLY = "monthly", _("every month")

    CLAIMED_FOR = timedelta(minutes=20)
    FILE = "file"
    MANUAL = "manual"
    FORMULA = "formula"
    #: Nobody is asked for their numbers.
    NOT_PULLED = (FILE, MANUAL, FORMULA)
    project_path = "project"

    #: Two writes a pull go to every index of this table, so there is none that another serves or nobody asks.
    from_version = models.ForeignKey(
        "projects.BriefVersion",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        db_index=False,
    )
    project = models.ForeignKey(Project, models.CASCADE, related_name="sources", db_index=False)
    platform = models.CharField(max_length=20)
    external_id = models.CharField(max_length=200)
    #: Which part of the account, in the one spelling of `kpis.connectors.filters`; empty: the whole of it.
    filter = models.CharField(max_length=LONGEST_FILTER, blank=True)
    #: What the platform calls the filter's values, by the filter's name, where it isn't the value itself.
    filter_titles = models.JSONField(default=dict, blank=True)
    #: The account's own name; `str(source)` says the part as well, in the reader's language.
    title = models.CharField(_("name"), max_length=200)
    url = models.CharField(max_length=500, blank=True)
    timezone = models.CharField(max_length=64, default="UTC")
    #: The account's first day, when the platform tells.
    began_on = models.DateField(null=True)
    login = models.ForeignKey(PlatformLogin, models.PROTECT, null=True, related_name="sources")
    connected_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
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
    #: Numbers typed by hand: of which metrics, how often, and by whom.
    typed_metrics = models.JSONField(default=list, blank=True)
    typed_every = models.CharField(_("how often"), max_length=8, choices=Cadence, blank=True)
    typed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    #: How far back the platform's history has been read, and whether there is more of it.
    history_from = models.DateField(null=True)
    is_history_complete = models.BooleanField(default=False)
    #: After so many hours without a number, beyond the platform's own lag, the agency is told; None: the usual
    #: `kpis.alerts.QUIET_HOURS`.
    quiet_hours = models.PositiveSmallIntegerField(null=True)

    objects = SourceQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "platform", "external_id", "filter"], name="one_source_a_part_of_an_account"
            )
        ]
        indexes = [models.Index(fields=["next_pull_at"], condition=Q(paused_at=None), name="sources_due")]

    def __str__(self) -> str:
        return f"{self.title} — {self.part}" if self.filter else self.title

    def get_absolute_url(self) -> str:
        if self.platform == self.FORMULA:
            return self.formula.get_absolute_url()
        return reverse("kpis:source", args=[self.pk])

    @property
    def numbers_url(self) -> str:
        """Where its numbers are typed."""
        return reverse("kpis:source_numbers", args=[self.pk])

    @property
    def place(self) -> str:
        """Where its numbers are from, in a word or two: the platform; for a file, what it is called."""
        if self.platform not in CONNECTORS:
            return self.title
        name = str(CONNECTORS[self.platform].name)
        return f"{name} ({self.part})" if self.filter else name

    @property
    def conditions(self) -> tuple[Condition, ...]:
        return read_filter(self.filter)

    @property
    def part(self) -> str:
        """Which part of the account, in the reader's language; nothing for the whole."""
        filters = CONNECTORS[self.platform].filters if self.platform in CONNECTORS else ()
        return say_filter(filters, self.conditions, self.filter_titles)

    @property
    def capabilities(self) -> Capabilities:
        """What its platform can tell of it. Raises KeyError for what has no platform behind it."""
        return CONNECTORS[self.platform].abilities(self.conditions)

    @property
    def told(self) -> tuple[str, ...]:
        """The metrics that it may tell, whether or not a number has come."""
        return self.capabilities.codes if self.platform in CONNECTORS else tuple(self.typed_metrics)

    @property
    def is_pulled(self) -> bool:
        return self.platform not in self.NOT_PULLED

    def metric(self, code: str) -> Metric | None:
        """What a metric's code means here: the catalogue's, or the project's own formula."""
        return self.formula.metric if self.platform == self.FORMULA else METRICS.get(code)

    @property
    def is_typed(self) -> bool:
        """A place without an interface for programs: its numbers are typed by hand."""
        return self.platform == self.MANUAL

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    def is_being_pulled(self, now: datetime) -> bool:
        return self.claimed_at is not None and self.claimed_at > now - self.CLAIMED_FOR
