from typing import Self

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kpis.metrics import METRICS
from kpis.models.measurements import Point, Snapshot
from kpis.models.sources import Source
from projects.models import BriefVersion, FromAnswer, Goal, Project
from smmportal.scoping import ScopedQuerySet


class KpiQuerySet(ScopedQuerySet):
    def standing(self) -> Self:
        """Those that count today: terms that newer signed terms replaced are history."""
        return self.exclude(successor__signed_in__isnull=False)


class Kpi(FromAnswer):
    """A number that both sides watch: a metric of a source, from a baseline to a target, between two dates."""

    class Kind(models.TextChoices):
        INCREASE_TO = "increase_to", _("Grow to")
        DECREASE_TO = "decrease_to", _("Bring down to")
        STAY_ABOVE = "stay_above", _("Keep at or above")
        STAY_BELOW = "stay_below", _("Keep at or below")

    class Cadence(models.TextChoices):
        WEEKLY = "weekly", _("every week")
        BIWEEKLY = "biweekly", _("every two weeks")
        MONTHLY = "monthly", _("every month")

    MOST_TOLERANCE = 50
    project_path = "project"

    project = models.ForeignKey(Project, models.CASCADE, related_name="kpis")
    goal = models.ForeignKey(Goal, models.PROTECT, null=True, blank=True, related_name="kpis")
    #: The version of the brief that these terms rest on.
    brief_version = models.ForeignKey(BriefVersion, models.PROTECT, null=True, editable=False, related_name="kpis")
    name = models.CharField(_("name"), max_length=160, blank=True)
    source = models.ForeignKey(Source, models.PROTECT, related_name="kpis")
    metric = models.CharField(_("metric"), max_length=40)
    kind = models.CharField(_("what we want of it"), max_length=12, choices=Kind)
    baseline = models.DecimalField(_("baseline"), max_digits=24, decimal_places=6, null=True, blank=True)
    baseline_on = models.DateField(_("baseline day"), null=True, blank=True)
    #: Where the baseline comes from: a point's own provenance, or «manual» when the source had none and it was typed.
    baseline_provenance = models.CharField(max_length=8, choices=Point.Provenance, blank=True, editable=False)
    baseline_snapshot = models.ForeignKey(Snapshot, models.PROTECT, null=True, editable=False, related_name="+")
    target = models.DecimalField(_("target"), max_digits=24, decimal_places=6, null=True, blank=True)
    #: Its share of the goal, against the weights of the goal's other KPIs.
    weight = models.PositiveSmallIntegerField(_("weight"), default=1)
    #: Who answers for it.
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="kpis_owned"
    )
    cadence = models.CharField(_("how often we look at it"), max_length=8, choices=Cadence, default=Cadence.WEEKLY)
    #: How far behind the plan, in percent of it, still counts as on course.
    tolerance = models.PositiveSmallIntegerField(_("tolerance, %"), default=0)
    #: The number that must not get worse while this one grows.
    guardrail_source = models.ForeignKey(Source, models.PROTECT, null=True, blank=True, related_name="+")
    guardrail_metric = models.CharField(max_length=40, blank=True)
    starts_on = models.DateField(_("from"))
    due_on = models.DateField(_("by"))
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    #: The agreement in force that holds these very terms; set when the second side signs, and then the terms are fixed.
    signed_in = models.ForeignKey(
        "kpis.Agreement", models.PROTECT, null=True, editable=False, related_name="kpis_in_force"
    )

    #: The signed KPI whose terms these newer ones take over once they are signed themselves.
    replaces = models.OneToOneField("self", models.PROTECT, null=True, editable=False, related_name="successor")

    objects = KpiQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(due_on__gt=models.F("starts_on")), name="a_kpi_ends_after_it_starts"
            ),
            models.CheckConstraint(condition=models.Q(weight__range=(1, 100)), name="a_weight_is_from_1_to_100"),
            models.CheckConstraint(condition=models.Q(tolerance__lte=50), name="a_tolerance_is_at_most_50_percent"),
            models.CheckConstraint(
                condition=models.Q(guardrail_source=None, guardrail_metric="")
                | models.Q(guardrail_source__isnull=False) & ~models.Q(guardrail_metric=""),
                name="a_guardrail_is_a_metric_of_a_source",
            ),
        ]

    def __str__(self) -> str:
        """The name it was given, or what it counts and where: a project may watch the followers of two platforms."""
        metric = METRICS[self.metric].name if self.metric in METRICS else self.metric
        return self.name or f"{metric}, {self.source.place}"

    def get_absolute_url(self) -> str:
        return reverse("kpis:kpi", args=[self.pk])

    @property
    def is_signed(self) -> bool:
        return self.signed_in_id is not None

    @property
    def holds_a_level(self) -> bool:
        """A number to keep on one side of a level; the others go from a baseline to a target."""
        return self.kind in (self.Kind.STAY_ABOVE, self.Kind.STAY_BELOW)
