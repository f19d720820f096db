"""A KPI's numbers in the templates of the floors above, in the words of its own page."""

from django import template

from kpis import wording
from kpis.queries.standings import Standing
from kpis.terms import say_value

register = template.Library()


@register.filter
def current_words(standing: Standing) -> str:
    return wording.current_words(standing)


@register.filter
def target_words(standing: Standing) -> str:
    return say_value(standing.kpi.target, standing.unit)
