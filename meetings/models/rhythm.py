from typing import Self

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from projects.models import FromAnswer, Project
from smmportal.scoping import ScopedQuerySet

#: Hours before a meeting up to which either side moves it freely, where the sides have agreed on nothing else.
USUAL_NOTICE = 24


class RhythmQuerySet(ScopedQuerySet):
    def current(self) -> Self:
        return self.filter(ended_at=None)


class Rhythm(FromAnswer):
    """How often the two sides agreed to meet, and who must be there. Agreeing on another ends the one before."""

    class Cadence(models.TextChoices):
        WEEKLY = "weekly", _("once a week")
        BIWEEKLY = "biweekly", _("once in two weeks")
        MONTHLY = "monthly", _("once a month")

    class Weekday(models.IntegerChoices):
        MONDAY = 0, _("Monday")
        TUESDAY = 1, _("Tuesday")
        WEDNESDAY = 2, _("Wednesday")
        THURSDAY = 3, _("Thursday")
        FRIDAY = 4, _("Friday")
        SATURDAY = 5, _("Saturday")
        SUNDAY = 6, _("Sunday")

    EDITABLE = ("cadence", "weekday", "time", "people", "notice_hours")
    project_path = "project"

    project = models.ForeignKey(Project, models.CASCADE, related_name="rhythms")
    cadence = models.CharField(_("How often"), max_length=8, choices=Cadence)
    weekday = models.PositiveSmallIntegerField(_("Day of the week"), choices=Weekday, null=True, blank=True)
    #: In the project's time zone.
    time = models.TimeField(_("Time"), null=True, blank=True)
    people = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+", blank=True)
    notice_hours = models.PositiveSmallIntegerField(
        _("Moved or called off without a reason up to, hours before"),
        default=USUAL_NOTICE,
        validators=[MaxValueValidator(24 * 14)],
    )
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)
    set_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, editable=False)
    #: The series that says it; then nobody says it by hand.
    series = models.ForeignKey("Series", models.SET_NULL, null=True, related_name="rhythms", editable=False)

    objects = RhythmQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["project"], condition=models.Q(ended_at=None), name="one_current_rhythm_a_project"
            )
        ]

    def __str__(self) -> str:
        return str(self.get_cadence_display())

    def get_absolute_url(self) -> str:
        return reverse("meetings:list", args=[self.project_id])
