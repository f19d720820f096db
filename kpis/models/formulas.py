"""Numbers that are counted from others: a project's own formulas, and the series of the catalogue's derived metrics."""

from functools import cached_property

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kpis import formulas
from kpis.metrics import METRICS, OWN, OWN_STOCK, STOCKS, Metric
from kpis.models.measurements import MetricSeries
from kpis.models.sources import Source
from projects.models import Project
from smmportal.scoping import ScopedQuerySet


class FormulaQuerySet(ScopedQuerySet):
    def current(self) -> "FormulaQuerySet":
        """The newest versions of those that are not retired."""
        return self.filter(retired_at=None, next=None)


class Formula(models.Model):
    """One version of a project's own metric. Its numbers are the one series of a source of its own, so a newer version
    changes nothing that was agreed about an older one."""

    class Unit(models.TextChoices):
        COUNT = "count", _("a count")
        PERCENT = "percent", _("percent")
        MINUTES = "minutes", _("time in minutes")
        CURRENCY = "currency", _("money")

    class Direction(models.TextChoices):
        UP = "up", _("more is better")
        DOWN = "down", _("less is better")

    MOST_DECIMALS = 4
    project_path = "project"

    project = models.ForeignKey(Project, models.CASCADE, related_name="formulas")
    source = models.OneToOneField(Source, models.PROTECT, related_name="formula")
    name = models.CharField(_("name"), max_length=120)
    #: With the source's alias at each operand: `likes@vk / reach@vk * 100`.
    expression = models.CharField(_("formula"), max_length=formulas.LONGEST)
    unit = models.CharField(_("unit"), max_length=8, choices=Unit)
    decimals = models.PositiveSmallIntegerField(_("decimals"), default=2)
    direction = models.CharField(_("where good lies"), max_length=4, choices=Direction)
    version = models.PositiveSmallIntegerField(default=1)
    previous = models.OneToOneField("self", models.PROTECT, null=True, editable=False, related_name="next")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    retired_at = models.DateTimeField(null=True, editable=False)

    objects = FormulaQuerySet.as_manager()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("kpis:formula", args=[self.pk])

    @cached_property
    def parsed(self) -> formulas.Formula:
        return formulas.parse(self.expression)

    @property
    def code(self) -> str:
        """The metric code of its series: what is there at any moment is told apart from what is counted by day."""
        stocks = all(name.partition("@")[0] in STOCKS for name in self.parsed.names)
        return OWN_STOCK if stocks and not self.parsed.below else OWN

    @property
    def metric(self) -> Metric:
        """As the rest of the portal knows metrics."""
        aggregation = "ratio" if self.parsed.below else "last" if self.code == OWN_STOCK else "sum"
        return Metric(
            code=self.code,
            kind="stock" if self.code == OWN_STOCK else "rate",
            unit=self.unit,
            direction=self.direction,
            aggregation=aggregation,
            decimals=self.decimals,
            name=self.name,
            definition=METRICS[OWN].definition,
            expressions=(self.expression,),
            version=self.version,
            below_zero=True,
        )


class Computed(models.Model):
    """A series that is counted from others, and how. The expression is the one it was begun with: a later wording of
    the catalogue changes no series that is there."""

    project_path = "series__source__project"

    series = models.OneToOneField(MetricSeries, models.CASCADE, related_name="computed")
    expression = models.CharField(max_length=formulas.LONGEST)
    version = models.PositiveSmallIntegerField()

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.series_id}: {self.expression}"


class Operand(models.Model):
    """One name in the expression of a computed series, and the series that it stands for."""

    project_path = "computed__series__source__project"

    computed = models.ForeignKey(Computed, models.CASCADE, related_name="operands")
    name = models.CharField(max_length=80)
    series = models.ForeignKey(MetricSeries, models.PROTECT, related_name="feeds")

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["computed", "name"], name="an_operand_is_named_once")]

    def __str__(self) -> str:
        return f"{self.name} of {self.computed_id}"
