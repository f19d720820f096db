from typing import Self

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kpis.alerts import INTERNAL
from kpis.models.kpis import Kpi
from kpis.models.sources import Source
from projects.models import Project
from smmportal.people.models import Membership, Role, Side
from smmportal.scoping import ScopedQuerySet


class AlertQuerySet(ScopedQuerySet):
    def standing(self) -> Self:
        """Those that still ask for somebody's hand."""
        return self.exclude(state=Alert.State.CLOSED)

    def visible_to(self, user) -> Self:
        """Both sides see what concerns their project, but for the agency's own housekeeping."""
        seen = super().visible_to(user)
        if not (user.is_authenticated and user.is_active):
            return seen
        agencies = Membership.objects.filter(user=user).values("organisation")
        return seen.filter(~Alert.HOUSEKEEPING | models.Q(project__agency__in=agencies))

    def of(self, user) -> Self:
        """What this person is to look after: what is theirs, and what their side has and nobody owns."""
        mine = Membership.objects.filter(user=user).exclude(role=Role.VIEWER).values("organisation")
        own_side = models.Q(side=Side.AGENCY, project__agency__in=mine) | models.Q(
            side=Side.CLIENT, project__client__in=mine
        )
        return self.filter(models.Q(owner=user) | models.Q(owner=None) & own_side)


class Alert(models.Model):
    """Something in a project that needs a look. However often it fires it is one row until it is closed."""

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("alert", "open")
        SEEN = "seen", pgettext_lazy("alert", "seen")
        EXPLAINED = "explained", pgettext_lazy("alert", "explained")
        CLOSED = "closed", pgettext_lazy("alert", "closed")

    class Weight(models.TextChoices):
        """How it is told: drift goes into a digest, a cliff at once."""

        DRIFT = "drift", _("drift")
        CLIFF = "cliff", _("cliff")

    project_path = "project"
    #: The agency's own, which the client's people don't see: `is_internal` for the database.
    HOUSEKEEPING = models.Q(side=Side.AGENCY, kind__in=INTERNAL)

    project = models.ForeignKey(Project, models.CASCADE, related_name="alerts")
    #: A code of `kpis.alerts`; the words are made for whoever reads, from `facts`.
    kind = models.CharField(max_length=40)
    #: What it is about, the same each time it fires: «kpi:12», «source:3», «task:40».
    subject = models.CharField(max_length=60)
    kpi = models.ForeignKey(Kpi, models.CASCADE, null=True, related_name="alerts")
    source = models.ForeignKey(Source, models.CASCADE, null=True, related_name="alerts")
    weight = models.CharField(max_length=8, choices=Weight, default=Weight.DRIFT)
    #: Whose move it is.
    side = models.CharField(max_length=8, choices=Side, default=Side.AGENCY)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="alerts")
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    #: Plain values: the numbers, days and ids that it rests on.
    evidence = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    url = models.CharField(max_length=300)
    times = models.PositiveIntegerField(default=1)
    first_at = models.DateTimeField(default=timezone.now)
    last_at = models.DateTimeField(default=timezone.now)
    told_at = models.DateTimeField(null=True)
    seen_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    seen_at = models.DateTimeField(null=True)
    explanation = models.CharField(_("What it is"), max_length=2000, blank=True)
    explained_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    explained_at = models.DateTimeField(null=True)
    #: By whom, or None when what it was about passed by itself.
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)
    closed_because = models.CharField(_("Why it can be closed"), max_length=2000, blank=True)

    objects = AlertQuerySet.as_manager()

    class Meta:
        ordering = ["-last_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "kind", "subject"],
                condition=~models.Q(state="closed"),
                name="one_standing_alert_a_subject",
            )
        ]
        indexes = [
            models.Index(fields=["project", "state", "-last_at"], name="alerts_in_order"),
            #: The watcher asks for what stands.
            models.Index(fields=["kind"], condition=~models.Q(state="closed"), name="alerts_standing"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"

    def get_absolute_url(self) -> str:
        return reverse("kpis:alert", args=[self.pk])

    @property
    def is_standing(self) -> bool:
        return self.state != self.State.CLOSED

    @property
    def is_internal(self) -> bool:
        return self.side == Side.AGENCY and self.kind in INTERNAL

    @property
    def status(self) -> str:
        """The status whose shape and colour it wears."""
        if not self.is_standing:
            return "on_track"
        return "off_track" if self.weight == self.Weight.CLIFF else "at_risk"


class AlertThreshold(models.Model):
    """A level of a KPI's number at whose crossing somebody of the agency wants to be told."""

    project_path = "kpi__project"

    kpi = models.ForeignKey(Kpi, models.CASCADE, related_name="thresholds")
    is_above = models.BooleanField(_("When it is"), choices=[(False, _("below")), (True, _("above"))], default=False)
    value = models.DecimalField(_("Level"), max_digits=24, decimal_places=6)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)
    set_at = models.DateTimeField(auto_now_add=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["kpi", "is_above", "value"]
        constraints = [models.UniqueConstraint(fields=["kpi", "is_above", "value"], name="one_threshold_a_level")]

    def __str__(self) -> str:
        return f"{self.kpi_id} {'>' if self.is_above else '<'} {self.value}"
