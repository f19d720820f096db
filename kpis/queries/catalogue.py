"""The catalogue of metrics as a reader sees it: what each number counts, and which platforms give it and how."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kpis.connectors import CONNECTORS
from kpis.connectors.contract import Connector, MetricAbility
from kpis.formula_words import say_denominator, say_formula, say_together
from kpis.formulas import parse
from kpis.metrics import CATALOGUE, METRICS, Metric
from kpis.queries.metrics import countable
from smmportal.formatting import format_day


@dataclass(frozen=True)
class Giver:
    """One platform and one metric: told by the platform, or counted by the portal from what it tells."""

    connector: Connector
    level: str
    ability: MetricAbility | None = None
    expression: str = ""

    @property
    def platform(self) -> str:
        return str(self.connector.name)

    @property
    def level_word(self) -> str:
        return LEVELS[self.level]()

    @property
    def lag(self) -> str:
        days = self.ability.lag_days if self.ability else 0
        if not days:
            return _("on the same day")
        return ngettext("up to %(count)s day later", "up to %(count)s days later", days) % {"count": days}

    @property
    def history(self) -> str:
        if self.ability and self.ability.only_now:
            return _("from the day it is connected: the platform tells only the present moment")
        days = self.connector.capabilities.history_days
        if days is None:
            return _("from the first day of the account")
        return ngettext("%(count)s day back", "%(count)s days back", days) % {"count": days}

    @property
    def counted(self) -> str:
        return say_formula(parse(self.expression)) if self.expression else ""

    @property
    def since(self) -> str:
        return format_day(self.ability.valid_from) if self.ability and self.ability.valid_from else ""

    @property
    def until(self) -> str:
        if self.ability is None:
            return ""
        return format_day(self.ability.retired_on) if self.ability.retired_on else _("the platform named no day")


LEVELS = {"account": lambda: _("account"), "post": lambda: _("post"), "site": lambda: _("site")}


@dataclass(frozen=True)
class Entry:
    """One metric of the catalogue."""

    metric: Metric
    givers: Sequence[Giver]
    former: Sequence[Giver]

    @property
    def formula(self) -> str:
        return say_formula(parse(self.metric.expression)) if self.metric.expression else ""

    @property
    def denominator(self) -> str:
        if self.metric.expression:
            return say_denominator(parse(self.metric.expression))
        return str(METRICS[self.metric.weighted_by].name) if self.metric.weighted_by else ""

    @property
    def together(self) -> str:
        return say_together(self.metric)

    @property
    def unit(self) -> str:
        return UNITS[self.metric.unit]()

    @property
    def direction(self) -> str:
        return _("more is better") if self.metric.direction == "up" else _("less is better")

    @property
    def platforms(self) -> str:
        return ", ".join(giver.platform for giver in self.givers)


UNITS = {
    "count": lambda: _("a count"),
    "percent": lambda: _("percent"),
    "minutes": lambda: _("time in minutes"),
    "currency": lambda: _("money"),
}


def catalogue() -> list[Entry]:
    """Every metric with the platforms that give it, those that the portal counts for, and those that gave it once."""
    return [
        Entry(metric, givers_of(code), [given(connector, one) for connector, one in former_of(code)])
        for code, metric in CATALOGUE.items()
    ]


def givers_of(code: str) -> list[Giver]:
    told = [
        given(connector, ability)
        for connector in CONNECTORS.values()
        for ability in connector.capabilities.metrics
        if ability.code == code
    ]
    counted = [
        Giver(connector, METRICS[code].level, expression=expression)
        for connector in CONNECTORS.values()
        if (expression := countable(connector.capabilities.codes).get(code))
    ]
    return told + counted


def former_of(code: str) -> list[tuple[Connector, MetricAbility]]:
    return [
        (connector, ability)
        for connector in CONNECTORS.values()
        for ability in connector.capabilities.former
        if ability.code == code
    ]


def given(connector: Connector, ability: MetricAbility) -> Giver:
    """A counter's numbers are about a site, whatever the counter calls its account."""
    level = METRICS[ability.code].level if ability.level == "account" else ability.level
    return Giver(connector, level, ability)
