from typing import Self

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kpis.models.kpis import Kpi
from kpis.models.sources import Source
from smmportal.scoping import ScopedQuerySet


class SuccessorProposalQuerySet(ScopedQuerySet):
    def open(self) -> Self:
        return self.filter(settled_at=None)


class SuccessorProposal(models.Model):
    """The platform has retired the number of a signed KPI: another number that may take its place, and the factor that
    leads from the one to the other (`kpis.bridging`). Both sides sign the new terms, or say why there are none."""

    class Outcome(models.TextChoices):
        SIGNED = "signed", _("new terms were signed")
        DISMISSED = "dismissed", _("dismissed")
        RETURNED = "returned", _("the number came again")

    project_path = "kpi__project"

    kpi = models.ForeignKey(Kpi, models.CASCADE, related_name="successor_proposals")
    retired_on = models.DateField()
    #: None while no number that arrives is near enough to be proposed: a person chooses.
    source = models.ForeignKey(Source, models.PROTECT, null=True, related_name="+")
    metric = models.CharField(max_length=40, blank=True)
    #: The days on which both numbers are known.
    first_day = models.DateField(null=True)
    last_day = models.DateField(null=True)
    days = models.PositiveSmallIntegerField(default=0)
    factor = models.DecimalField(max_digits=24, decimal_places=12, null=True)
    #: The smallest and the largest ratio of a single day.
    low = models.DecimalField(max_digits=24, decimal_places=12, null=True)
    high = models.DecimalField(max_digits=24, decimal_places=12, null=True)
    #: Why there is no factor, by the codes of `kpis.bridging`.
    no_factor = models.CharField(max_length=20, blank=True)
    opened_at = models.DateTimeField(auto_now_add=True)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    outcome = models.CharField(max_length=9, choices=Outcome, blank=True)
    reason = models.CharField(max_length=1000, blank=True)

    objects = SuccessorProposalQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["kpi", "retired_on"], name="one_successor_proposal_a_retirement"),
            models.UniqueConstraint(
                fields=["kpi"], condition=models.Q(settled_at=None), name="one_open_successor_proposal_a_kpi"
            ),
            models.CheckConstraint(
                condition=models.Q(source=None, metric="") | models.Q(source__isnull=False) & ~models.Q(metric=""),
                name="a_successor_is_a_metric_of_a_source",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kpi_id}: {self.metric or '—'}"

    def get_absolute_url(self) -> str:
        return reverse("kpis:successor", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.settled_at is None
