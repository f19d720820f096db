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
        CHANGE_BY = "change_by", _("Change by percent")

    class Cadence(models.TextChoices):
        WEEKLY = "weekly", _("every week")
        BIWEEKLY = "biweekly", _("every two weeks")
        MONTHLY = "monthly", _("every month")

    BRIDGED = ("bridged", _("carried over"))
    MOST_TOLERANCE = 50
    MOST_CHANGE = 100_000
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
    #: Where the baseline comes from: a point's own provenance, «manual» when the source had none and it was typed, or
    #: «bridged» when it was carried over from a number that is retired.
    baseline_provenance = models.CharField(
        max_length=8, choices=[*Point.Provenance.choices, BRIDGED], blank=True, editable=False
    )
    baseline_snapshot = models.ForeignKey(Snapshot, models.PROTECT, null=True, editable=False, related_name="+")
    target = models.DecimalField(_("target"), max_digits=24, decimal_places=6, null=True, blank=True)
    #: Percent of the baseline, with its sign; only of a change by percent, and then the target follows from it.
    change = models.DecimalField(_("change, %"), max_digits=24, decimal_places=6, null=True, blank=True)
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
    guardrail_baseline = models.DecimalField(max_digits=24, decimal_places=6, null=True, editable=False)
    guardrail_baseline_on = models.DateField(null=True, editable=False)
    #: Of how many days the KPI's number and its guardrail's are: 1, or 7 where single days jump (`kpis.weeks`). The
    #: baselines are taken, the course judged and the target foretold in the same way.
    over = models.PositiveSmallIntegerField(default=1, editable=False)
    guardrail_over = models.PositiveSmallIntegerField(default=1, editable=False)
    guardrail_provenance = models.CharField(max_length=8, choices=Point.Provenance, blank=True, editable=False)
    guardrail_snapshot = models.ForeignKey(Snapshot, models.PROTECT, null=True, editable=False, related_name="+")
    #: Why the sides let it grow without one.
    guardrail_waived_because = models.CharField(max_length=500, blank=True)
    starts_on = models.DateField(_("from"))
    due_on = models.DateField(_("by"))
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    #: The agreement in force that holds these very terms; set when the second side signs, and then the terms are fixed.
    signed_in = models.ForeignKey(
        "kpis.Agreement", models.PROTECT, null=True, editable=False, related_name="kpis_in_force"
    )
    #: When the series that dips were last looked for in had changed.
    dips_sought_at = models.DateTimeField(null=True, editable=False)

    #: How these terms were carried over from a number that its platform retired, as it stands in the signed text.
    bridge = models.JSONField(null=True, editable=False)
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
            models.CheckConstraint(
                condition=models.Q(kind="change_by", change__isnull=False, target__isnull=False)
                | ~models.Q(kind="change_by") & models.Q(change=None),
                name="a_change_is_in_percent_and_leads_to_a_target",
            ),
        ]

    def __str__(self) -> str:
        """The name it was given, or what it counts and where: a project may watch the followers of two platforms."""
        if self.name or self.source.platform == Source.FORMULA:
            return self.name or self.source.title
        metric = METRICS[self.metric].name if self.metric in METRICS else self.metric
        return f"{metric}, {self.source.place}"

    def get_absolute_url(self) -> str:
        return reverse("kpis:kpi", args=[self.pk])

    @property
    def is_signed(self) -> bool:
        return self.signed_in_id is not None

    @property
    def holds_a_level(self) -> bool:
        """A number to keep on one side of a level; the others go from a baseline to a target."""
        return self.kind in (self.Kind.STAY_ABOVE, self.Kind.STAY_BELOW)

    @property
    def grows(self) -> bool:
        """Whether it is a way up: such a one is asked what it may cost."""
        return self.kind == self.Kind.INCREASE_TO or (self.kind == self.Kind.CHANGE_BY and (self.change or 0) > 0)
