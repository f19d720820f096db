"""What both sides say of a KPI: the review of a period, the explanation of a dip, a note on a day."""

from typing import Self

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kpis.models.kpis import Kpi
from projects.models import Project, Task
from smmportal.facts import Fact, FactQuerySet
from smmportal.people.models import Side
from smmportal.scoping import ScopedQuerySet


class ReviewQuerySet(FactQuerySet, ScopedQuerySet):
    def counting(self) -> Self:
        """Those after which a period counts as reviewed: the agency's, and the KPI's own owner's on whichever side."""
        return self.filter(models.Q(side=Side.AGENCY) | models.Q(by=models.F("kpi__owner")))


class Review(Fact):
    """What happened in a period, why, and what we do about it. A correction is a review of its own, and the newest of
    a period counts. The numbers are those that the page showed when it was written."""

    project_path = "kpi__project"

    kpi = models.ForeignKey(Kpi, models.PROTECT, related_name="reviews")
    first = models.DateField()
    last = models.DateField()
    happened = models.CharField(_("What happened"), max_length=2000)
    why = models.CharField(_("Why"), max_length=2000, blank=True)
    measure = models.CharField(_("What we do"), max_length=2000, blank=True)
    #: The measure as somebody's task with a date.
    task = models.OneToOneField(Task, models.SET_NULL, null=True, editable=False, related_name="review")
    value = models.DecimalField(max_digits=24, decimal_places=6, null=True, editable=False)
    value_on = models.DateField(null=True, editable=False)
    status = models.CharField(max_length=12, editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)
    side = models.CharField(max_length=8, choices=Side, editable=False)
    at = models.DateTimeField(auto_now_add=True)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        ordering = ["-last", "-id"]
        indexes = [models.Index(fields=["kpi", "-last", "-id"], name="reviews_in_order")]

    def __str__(self) -> str:
        return self.happened

    def get_absolute_url(self) -> str:
        return reverse("kpis:review", args=[self.pk])

    @property
    def counts(self) -> bool:
        """As `counting` has it."""
        return self.side == Side.AGENCY or self.by_id == self.kpi.owner_id


class DipQuerySet(ScopedQuerySet):
    def unexplained(self) -> Self:
        return self.filter(explained_at=None)


class Dip(models.Model):
    """A day on which a KPI's number fell outside the band in which it was expected, on the wrong side of it. Two clocks
    run: until somebody of the agency notices it, and until somebody explains it."""

    project_path = "kpi__project"

    kpi = models.ForeignKey(Kpi, models.CASCADE, related_name="dips")
    #: The first of the days in a row that lie outside, and the last of them so far; the number and the band are those
    #: of the first.
    day = models.DateField()
    until = models.DateField()
    value = models.DecimalField(max_digits=24, decimal_places=6)
    low = models.DecimalField(max_digits=24, decimal_places=6)
    high = models.DecimalField(max_digits=24, decimal_places=6)
    found_at = models.DateTimeField(auto_now_add=True)
    noticed_at = models.DateTimeField(null=True, editable=False)
    noticed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    explanation = models.CharField(_("What it was"), max_length=2000, blank=True)
    explained_at = models.DateTimeField(null=True, editable=False)
    explained_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    #: When the platform counted the day again and it was no dip any more. One that nobody had explained is forgotten.
    revised_at = models.DateTimeField(null=True, editable=False)

    objects = DipQuerySet.as_manager()

    class Meta:
        ordering = ["-day", "-id"]
        constraints = [models.UniqueConstraint(fields=["kpi", "day"], name="one_dip_a_day")]

    def __str__(self) -> str:
        return f"{self.kpi_id} on {self.day}"

    def get_absolute_url(self) -> str:
        return reverse("kpis:kpi", args=[self.kpi_id]) + f"#dip-{self.pk}"


class Annotation(models.Model):
    """A note on a day or some days, shown beside the lines of a project's KPIs, or of one of them."""

    class Kind(models.TextChoices):
        CAMPAIGN = "campaign", _("campaign")
        HOLIDAY = "holiday", _("holiday")
        NOTE = "note", _("note")

    project_path = "project"

    project = models.ForeignKey(Project, models.CASCADE, related_name="annotations")
    kpi = models.ForeignKey(Kpi, models.CASCADE, null=True, blank=True, related_name="annotations")
    kind = models.CharField(_("What it is"), max_length=8, choices=Kind, default=Kind.NOTE)
    day = models.DateField(_("Day"))
    until = models.DateField(_("Last day"), null=True, blank=True)
    text = models.CharField(_("In a few words"), max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)
    at = models.DateTimeField(auto_now_add=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["day", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(until=None) | models.Q(until__gte=models.F("day")),
                name="a_note_ends_after_it_begins",
            )
        ]

    def __str__(self) -> str:
        return self.text
