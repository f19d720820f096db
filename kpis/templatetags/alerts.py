"""Alerts in the templates: their words are made for whoever reads."""

from decimal import Decimal

from django import template

from kpis import alert_words
from kpis.models import Alert
from kpis.terms import say_value
from kpis.wording import say_chance
from smmportal.formatting import pick_language

register = template.Library()


@register.filter
def alert_sentence(alert: Alert) -> str:
    return alert_words.sentence_of(alert)


@register.filter
def level(value: Decimal, unit: str) -> str:
    """A number with its unit."""
    return say_value(value, unit)


@register.filter
def chance(share: float | None) -> str:
    """«about 65%» of 0.64."""
    return say_chance(share)


@register.filter
def alert_kind(kind: str) -> str:
    return alert_words.kind_name(kind)


@register.simple_tag
def say_alert(kind: str, evidence: dict, name: dict | None) -> str:
    """Of a message, which keeps the facts and not the row."""
    return alert_words.sentence(kind, evidence or {}, pick_language(name))


@register.simple_tag
def alert_move(kind: str) -> str:
    return alert_words.next_move(kind)
