from typing import Self

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kpis.models.kpis import Kpi
from projects.models import BriefVersion
from smmportal.scoping import ScopedQuerySet


class AmendmentProposalQuerySet(ScopedQuerySet):
    def open(self) -> Self:
        return self.filter(settled_at=None)


class AmendmentProposal(models.Model):
    """An answer that a signed KPI rests on has changed since: either the terms are amended, or the two sides keep what
    they signed and say why. `version` is the latest that says something else."""

    class Outcome(models.TextChoices):
        KEPT = "kept", _("kept as signed")
        AMENDED = "amended", _("amended")

    project_path = "kpi__project"

    kpi = models.ForeignKey(Kpi, models.CASCADE, related_name="amendment_proposals")
    version = models.ForeignKey(BriefVersion, models.PROTECT, related_name="+")
    key = models.CharField(max_length=40)
    opened_at = models.DateTimeField(auto_now_add=True)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    outcome = models.CharField(max_length=8, choices=Outcome, blank=True)
    reason = models.CharField(max_length=1000, blank=True)

    objects = AmendmentProposalQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["kpi", "key"],
                condition=models.Q(settled_at=None),
                name="one_open_proposal_a_kpi_and_answer",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kpi_id}: {self.key}"

    def get_absolute_url(self) -> str:
        return reverse("kpis:amendment", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.settled_at is None


class ComparedVersion(models.Model):
    """A version of the brief that was held against the signed KPIs; one without such a row is due to be."""

    project_path = "version__brief__project"

    version = models.OneToOneField(BriefVersion, models.CASCADE, related_name="compared")
    at = models.DateTimeField(auto_now_add=True)

    objects = ScopedQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.version_id}"
