from django.db import models

from kpis.models.kpis import Kpi
from smmportal.scoping import ScopedQuerySet


class Forecast(models.Model):
    """Where a KPI is heading, worked out ahead of whoever looks. What no longer rests on the series and the terms as
    they are (`rests_on`) is worked out again; nothing is lost with the row."""

    project_path = "kpi__project"

    kpi = models.OneToOneField(Kpi, models.CASCADE, related_name="forecast")
    rests_on = models.CharField(max_length=200)
    #: The probability that on the due day the number is at its target or beyond it; None with a `reason`.
    chance = models.FloatField(null=True)
    median = models.FloatField(null=True)
    low80 = models.FloatField(null=True)
    high80 = models.FloatField(null=True)
    reason = models.CharField(max_length=20, blank=True)
    #: How many of how many days have a number.
    usable = models.PositiveIntegerField(default=0)
    days = models.PositiveIntegerField(default=0)
    made_at = models.DateTimeField(auto_now=True)

    objects = ScopedQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.kpi_id}: {self.chance}"


class ForecastDay(models.Model):
    """What a day's last forecast said, kept: how the chance went, and what was expected before a number came."""

    project_path = "kpi__project"

    kpi = models.ForeignKey(Kpi, models.CASCADE, related_name="forecast_days")
    day = models.DateField()
    chance = models.FloatField(null=True)
    median = models.FloatField(null=True)
    low80 = models.FloatField(null=True)
    high80 = models.FloatField(null=True)
    reason = models.CharField(max_length=20, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["kpi", "day"]
        constraints = [models.UniqueConstraint(fields=["kpi", "day"], name="one_forecast_a_day")]

    def __str__(self) -> str:
        return f"{self.kpi_id} on {self.day}: {self.chance}"
