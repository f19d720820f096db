"""The cells of the portfolio: figures with their words, so that forty rows stay dense and still say everything."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from smmportal.formatting import MISSING, format_day, format_number
from smmportal.people.models import Side
from smmportal.portfolio import wording
from smmportal.templatetags.portal import meaning_of, status_mark, status_shape

if TYPE_CHECKING:
    from kpis.queries.latest import OpenAlerts
    from meetings.regularity import Due
    from smmportal.portfolio.readings import Water
    from smmportal.portfolio.rows import Row

register = template.Library()
NONE = mark_safe('<span class="faint">0</span>')


@register.simple_tag
def level_mark(level: str) -> SafeString:
    """How a project stands: shape, word and colour."""
    return status_mark(level, wording.LEVELS[level])


@register.simple_tag
def level_shape(level: str) -> SafeString:
    """The same in a narrow column: the word stands above the table, beside the same shape."""
    one = '<span class="portfolio-mark" title="{0}">{1}<span class="visually-hidden">{0}</span></span>'
    return format_html(one, wording.LEVELS[level], status_shape(level))


@register.filter
def reasons(row: "Row", at_most: int | None = None) -> str:
    """Why it stands so, in a line."""
    return "; ".join(wording.say_reasons(row, at_most))


@register.simple_tag
def water(found: "Water") -> SafeString:
    """The score with the shape of its level; hatched while nobody knows it."""
    word = found.reading.get_level_display() if found.reading else _("not known yet")
    shape = status_shape(wording.water_status(found.level))
    figure = MISSING if found.score is None else format_number(found.score)
    return format_html(
        '<span class="portfolio-mark" title="{0}">{1} {2}<span class="visually-hidden"> {0}</span></span>',
        word,
        shape,
        figure,
    )


@register.simple_tag
def counts(found: Mapping[str, int]) -> SafeString:
    """How many KPIs have each status: a shape and a number each, with the word on demand."""
    if not found:
        return format_html('<span class="faint">{}</span>', _("none yet"))
    marks = ((str(meaning_of(status)[1]), status_shape(status), count) for status, count in found.items())
    one = '<span class="portfolio-mark" title="{0}">{1}{2}<span class="visually-hidden"> {0}</span></span>'
    return format_html_join(" ", one, marks)


@register.simple_tag
def clocked(count: int, days: int = 0) -> SafeString:
    """A number of things, and for how many days the oldest waits; nothing of the days while it is the first."""
    if not count:
        return NONE
    if not days:
        return format_html('<span class="strong">{}</span>', format_number(count))
    days_words = wording.say_days(days)
    return format_html(
        '<span class="strong">{}</span> <span class="soft" title="{}">{}</span>',
        format_number(count),
        days_words,
        _("%(days)sd") % {"days": format_number(days)},
    )


@register.simple_tag
def meeting(due: "Due") -> SafeString:
    """By how much the meeting is late, or when it is."""
    if due.days_late:
        said = _("late: %(days)s") % {"days": wording.say_days(due.days_late)}
        short = _("late %(days)sd") % {"days": format_number(due.days_late)}
        return format_html('<span title="{}">{}</span>', said, status_mark("at_risk", short))
    if due.next_at:
        return format_html("<span>{}</span>", format_day(localdate(due.next_at), "short"))
    if due.due_on:
        said = _("to book by %(day)s") % {"day": format_day(due.due_on, "short")}
        short = _("by %(day)s") % {"day": format_day(due.due_on, "short")}
        return format_html('<span class="soft" title="{}">{}</span>', said, short)
    return format_html('<span class="faint">{}</span>', pgettext("meeting", "none"))


@register.simple_tag
def alerts(found: "OpenAlerts") -> SafeString:
    """How many are open, and how many of them are sharp."""
    if not found.count:
        return NONE
    if not found.cliffs:
        return format_html('<span class="strong">{}</span>', format_number(found.count))
    return format_html(
        '<span class="strong">{}</span> <span class="tone-off-course portfolio-sharp">{}</span>',
        format_number(found.count),
        _("%(count)s sharp") % {"count": format_number(found.cliffs)},
    )


@register.simple_tag
def moves(found: Mapping[str, int]) -> SafeString:
    """How many things wait for us, how many for the client."""
    if not found:
        return format_html('<span class="faint">{}</span>', _("nobody’s"))
    words = {Side.AGENCY: _("us %(count)s"), Side.CLIENT: _("client %(count)s")}
    return format_html_join(" · ", "{}", ((words[side] % {"count": found[side]},) for side in Side if side in found))
