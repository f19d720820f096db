from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.urls import reverse

from projects.models import BriefVersion, Project
from smmportal.facts import Fact, FactQuerySet
from smmportal.people.models import Proof, Side
from smmportal.scoping import ScopedQuerySet


class Agreement(models.Model):
    """The KPI terms that both sides put their names under. `content` is the canonical JSON they sign, `content_hash`
    its SHA-256, and `previous_hash` the hash of the agreement this one replaces."""

    project_path = "project"

    project = models.ForeignKey(Project, models.PROTECT, related_name="agreements")
    number = models.PositiveIntegerField()
    #: The latest version of the brief when the text was prepared; the text names it too.
    brief_version = models.ForeignKey(BriefVersion, models.PROTECT, null=True, related_name="agreements")
    content = models.JSONField(encoder=DjangoJSONEncoder, editable=False)
    content_hash = models.CharField(max_length=64, editable=False)
    previous_hash = models.CharField(max_length=64, blank=True, editable=False)
    prepared_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    prepared_at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    #: When the second signature was put; the terms never change after that.
    in_force_at = models.DateTimeField(null=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["project", "number"], name="one_agreement_a_number"),
            models.UniqueConstraint(
                fields=["project"],
                condition=models.Q(withdrawn_at=None, in_force_at=None),
                name="one_agreement_waits_for_signatures",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project_id} v{self.number}"

    def get_absolute_url(self) -> str:
        return reverse("kpis:agreement", args=[self.pk])

    @property
    def is_waiting(self) -> bool:
        return self.withdrawn_at is None and self.in_force_at is None


class SignatureQuerySet(FactQuerySet, ScopedQuerySet):
    pass


class Signature(Fact):
    """One side's name under exactly the text that the person saw."""

    project_path = "agreement__project"

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="signatures")
    side = models.CharField(max_length=8, choices=Side)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    content_hash = models.CharField(max_length=64)
    #: How the person proved at that moment that it was them.
    proof = models.CharField(max_length=8, choices=Proof)

    objects = SignatureQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["agreement", "side"], name="one_signature_a_side")]

    def __str__(self) -> str:
        return f"{self.agreement} {self.side}"
