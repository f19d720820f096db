"""What the pages of reports say."""

import re
from datetime import date

from django import forms, template
from django.utils.safestring import SafeString, mark_safe

from kpis.forms.reports import ReportForm
from kpis.report_words import say_period

register = template.Library()

#: The shapes of the statuses with their colours, for a document whose sheet does not reach into drawings.
SHAPE = re.compile(r'(<svg class="tone-([\w-]+)"[^>]*>)')
INKS = {"on-course": "#17704a", "at-risk": "#8a5300", "off-course": "#b02a22"}
UNKNOWN = "#5a666c"


@register.filter(is_safe=True)
def inked(html: str) -> SafeString:
    """The same markup whose status shapes bring their colours along."""
    return mark_safe(SHAPE.sub(lambda found: found[1] + style_of(found[2]), html))  # noqa: S308  only styles of ours


def style_of(tone: str) -> str:
    ink = INKS.get(tone, UNKNOWN)
    return (
        f"<style>.status-mark-fill {{ fill: {ink}; }} .status-mark-cut {{ fill: none; stroke: #fff; stroke-width: 2; }}"
        f" .status-mark-line {{ fill: none; stroke: {ink}; stroke-width: 1.5; }}</style>"
    )


@register.simple_tag
def words_field(form: ReportForm, key: str) -> forms.BoundField:
    """The field for the agency's words on a block."""
    return form.words_of(key)


@register.simple_tag
def period_words(first: date, last: date) -> str:
    """«ноябрь 2026»."""
    return say_period(first, last)
