from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from projects.models import Project
from smmportal.people.models import Organisation
from smmportal.scoping import ScopedQuerySet

#: The level as a status of the look: a shape and a colour.
STATUS_OF = {"afloat": "on_track", "listing": "at_risk", "sinking": "off_track", "unknown": "no_data"}


class Reading(models.Model):
    """Where a project's water stood on a day: the last gauge of that day. The days make the history."""

    class Level(models.TextChoices):
        AFLOAT = "afloat", _("afloat")
        LISTING = "listing", _("listing")
        SINKING = "sinking", _("sinking")
        UNKNOWN = "unknown", _("not known yet")

    project_path = "project"

    project = models.ForeignKey(Project, models.CASCADE, related_name="waterline")
    day = models.DateField()
    #: 0–100, in tenths of a point; None while too little is known.
    score = models.DecimalField(max_digits=4, decimal_places=1, null=True)
    #: Points of each rule, out of the agency's weights for it; what is not known is in none of them.
    clarity = models.DecimalField(max_digits=5, decimal_places=2)
    kpis = models.DecimalField(max_digits=5, decimal_places=2)
    rhythm = models.DecimalField(max_digits=5, decimal_places=2)
    #: Points that nobody can tell: grey, and never part of the score.
    unknown = models.DecimalField(max_digits=5, decimal_places=2, default=0)
    level = models.CharField(max_length=8, choices=Level)
    #: `[{"code", "points", "side", "subject", …}]`: every lost point with its record (`queries.as_row`).
    losses = models.JSONField(default=list)
    #: The same of the points that nobody can tell.
    greys = models.JSONField(default=list)
    #: What each of the three rules counted that day, in the order of the rules.
    weights = models.JSONField(default=list)
    made_at = models.DateTimeField(auto_now=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["project", "-day"]
        constraints = [models.UniqueConstraint(fields=["project", "day"], name="one_reading_a_day")]

    def __str__(self) -> str:
        return f"{self.project_id} on {self.day}: {self.score}"

    @property
    def status(self) -> str:
        return STATUS_OF[self.level]

    @property
    def word(self) -> str:
        return self.get_level_display()


class Weights(models.Model):
    """What each of the three rules counts for an agency; together 100."""

    LEAST, MOST = 15, 60
    WITHIN = [MinValueValidator(LEAST), MaxValueValidator(MOST)]

    agency = models.OneToOneField(Organisation, models.CASCADE, related_name="waterline_weights")
    clarity = models.PositiveSmallIntegerField(_("Clarity"), default=30, validators=WITHIN)
    kpis = models.PositiveSmallIntegerField(_("KPIs"), default=40, validators=WITHIN)
    rhythm = models.PositiveSmallIntegerField(_("Rhythm"), default=30, validators=WITHIN)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(clarity=100 - models.F("kpis") - models.F("rhythm")), name="weights_make_a_hundred"
            )
        ]

    def __str__(self) -> str:
        return f"{self.clarity}/{self.kpis}/{self.rhythm}"
