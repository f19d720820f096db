from typing import Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from projects import recurring
from projects.models.goals import Goal
from projects.models.project import Project
from projects.models.vocabulary import Priority
from smmportal.people.models import Side
from smmportal.scoping import ScopedQuerySet


class RecurrenceQuerySet(ScopedQuerySet):
    def running(self) -> Self:
        return self.filter(ended_at=None, project__closed_at=None)


class Recurrence(models.Model):
    """A task that comes again and again. Its next task appears when the last one is done or its day has come,
    whichever is first; days that passed while nobody looked are left out."""

    class Frequency(models.TextChoices):
        WEEKLY = "weekly", pgettext_lazy("how often", "Weekly")
        MONTHLY = "monthly", pgettext_lazy("how often", "Monthly")

    #: The last day of the month, whichever that is.
    LAST_DAY = -1
    project_path = "project"

    project = models.ForeignKey(Project, models.CASCADE, related_name="recurrences")
    goal = models.ForeignKey(Goal, models.SET_NULL, null=True, blank=True, related_name="+")
    title = models.CharField(_("What is to be done"), max_length=300)
    description = models.TextField(_("Details"), blank=True, max_length=10_000)
    side = models.CharField(_("Whose it is"), max_length=8, choices=Side)
    assignee = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    priority = models.CharField(_("Priority"), max_length=8, choices=Priority, default=Priority.NORMAL)
    estimate = models.DecimalField(_("How many hours it takes"), max_digits=6, decimal_places=2, null=True, blank=True)
    frequency = models.CharField(_("How often"), max_length=8, choices=Frequency, default=Frequency.WEEKLY)
    #: Every so many weeks or months.
    interval = models.PositiveSmallIntegerField(
        _("Every how many"), default=1, validators=[MinValueValidator(1), MaxValueValidator(52)]
    )
    #: For weeks: days as numbers, Monday is 0.
    weekdays = models.JSONField(_("On which days of the week"), default=list, blank=True)
    #: For months: 1 to 31, or LAST_DAY. A day that a month does not have is its last.
    month_day = models.SmallIntegerField(_("On which day of the month"), null=True, blank=True)
    starts_on = models.DateField(_("Starting on"))
    ends_on = models.DateField(_("Until"), null=True, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, editable=False)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False)

    objects = RecurrenceQuerySet.as_manager()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("projects:recurrence", args=[self.pk])

    @property
    def rule(self) -> recurring.Rule:
        return recurring.Rule(
            monthly=self.frequency == self.Frequency.MONTHLY,
            interval=self.interval,
            weekdays=tuple(self.weekdays),
            month_day=self.month_day,
            starts_on=self.starts_on,
            ends_on=self.ends_on,
        )
