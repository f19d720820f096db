from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kpis.models.measurements import Snapshot
from kpis.models.sources import Source
from projects.models import Goal, Project
from smmportal.scoping import ScopedQuerySet


class Kpi(models.Model):
    """A number that both sides watch: a metric of a source, from a baseline to a target, between two dates."""

    class Kind(models.TextChoices):
        INCREASE_TO = "increase_to", _("Grow to")
        DECREASE_TO = "decrease_to", _("Bring down to")
        STAY_ABOVE = "stay_above", _("Keep at or above")
        STAY_BELOW = "stay_below", _("Keep at or below")

    project_path = "project"

    project = models.ForeignKey(Project, models.CASCADE, related_name="kpis")
    goal = models.ForeignKey(Goal, models.PROTECT, null=True, blank=True, related_name="kpis")
    name = models.CharField(_("name"), max_length=160, blank=True)
    source = models.ForeignKey(Source, models.PROTECT, related_name="kpis")
    metric = models.CharField(_("metric"), max_length=40)
    kind = models.CharField(_("what we want of it"), max_length=12, choices=Kind)
    baseline = models.DecimalField(_("baseline"), max_digits=24, decimal_places=6, null=True, blank=True)
    baseline_on = models.DateField(_("baseline day"), null=True, blank=True)
    baseline_snapshot = models.ForeignKey(Snapshot, models.PROTECT, null=True, editable=False, related_name="+")
    target = models.DecimalField(_("target"), max_digits=24, decimal_places=6, null=True, blank=True)
    starts_on = models.DateField(_("from"))
    due_on = models.DateField(_("by"))
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    #: The agreement in force that holds these very terms; set when the second side signs, and then the terms are fixed.
    signed_in = models.ForeignKey(
        "kpis.Agreement", models.PROTECT, null=True, editable=False, related_name="kpis_in_force"
    )

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(due_on__gt=models.F("starts_on")), name="a_kpi_ends_after_it_starts"
            )
        ]

    def __str__(self) -> str:
        return self.name or self.metric

    def get_absolute_url(self) -> str:
        return reverse("kpis:kpi", args=[self.pk])

    @property
    def is_signed(self) -> bool:
        return self.signed_in_id is not None
