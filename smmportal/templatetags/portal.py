"""What every template may say without loading it: formatting filters, marks of status and side."""

from datetime import date, datetime
from functools import cache

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from smmportal import formatting
from smmportal.drawing import Svg, draw_shares, draw_waterline

register = template.Library()

#: status → (meaning, word, marks drawn on a field of 16 × 16). Each has a silhouette of its own, not only a colour.
STATUSES = {
    "ahead": (
        "on-course",
        _("ahead of plan"),
        (("fill", "M8 0a8 8 0 1 0 0 16A8 8 0 0 0 8 0z"), ("cut", "M8 12V4.5M4.8 7.5 8 4.3l3.2 3.2")),
    ),
    "on_track": (
        "on-course",
        _("on course"),
        (("fill", "M8 0a8 8 0 1 0 0 16A8 8 0 0 0 8 0z"), ("cut", "M4.5 8.2 7 10.7l4.5-5")),
    ),
    "at_risk": ("at-risk", _("at risk"), (("fill", "M8 .5 16 15H0z"), ("cut", "M8 6v4M8 12.6v.1"))),
    "off_track": ("off-course", _("off course"), (("fill", "M1 1h14v14H1z"), ("cut", "M5 5l6 6M11 5l-6 6"))),
    "no_target": (
        "unknown",
        _("no target"),
        (("line", "M8 1a7 7 0 0 1 5 2M15 7.5a7 7 0 0 1-2 5.5M8.5 15A7 7 0 0 1 3 13M1 8.5A7 7 0 0 1 3 3"),),
    ),
    "no_data": (
        "unknown",
        _("no data"),
        (("line", "M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1zM3.5 13 13 3.5M2 9l7-7M7 14l7-7"),),
    ),
    "source_lost": ("unknown", _("source lost"), (("line", "M1.5 1.5h13v13h-13zM1.5 14.5l13-13"),)),
}
PATH = '<path class="status-mark-{}" d="{}"/>'


def meaning_of(status: str) -> tuple:
    """What a status means; one that nobody has said yet is no data, never a blank or a green."""
    return STATUSES.get(status, STATUSES["no_data"])


@register.simple_tag
def status_shape(status: str) -> SafeString:
    """The shape alone, for a place where the word stands beside it."""
    meaning, _word, marks = meaning_of(status)
    return format_html(
        '<svg class="tone-{}" viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">{}</svg>',
        meaning,
        format_html_join("", PATH, marks),
    )


@register.simple_tag
def status_mark(status: str, word: str = "") -> SafeString:
    """Shape, word and colour of a status; `word` says it in the page's own way."""
    meaning, usual, _marks = meaning_of(status)
    return format_html(
        '<span class="status tone-{}">{}<span>{}</span></span>', meaning, status_shape(status), word or usual
    )


@register.simple_tag
@cache
def status_symbols() -> SafeString:
    """Every shape once, for a page on which `status_use` draws many."""
    symbols = [(status, format_html_join("", PATH, marks)) for status, (_meaning, _word, marks) in STATUSES.items()]
    return format_html_join("", '<symbol id="m-{}" viewBox="0 0 16 16">{}</symbol>', symbols)


@register.simple_tag
def status_use(status: str, word: str = "") -> SafeString:
    """As `status_mark`, on a page that holds the `status_symbols`: a third of the bytes."""
    meaning, usual, _marks = meaning_of(status)
    return format_html(
        '<span class="status tone-{}"><svg aria-hidden="true"><use href="#m-{}"/></svg>{}</span>',
        meaning,
        status if status in STATUSES else "no_data",
        word or usual,
    )


@register.filter
def tone(status: str) -> str:
    """The class of a status' meaning: «tone-at-risk»."""
    return f"tone-{meaning_of(status)[0]}"


@register.simple_tag
def side_mark(side: str) -> SafeString:
    """The side as a badge."""
    return format_html('<span class="badge side side-{}">{}</span>', side, formatting.side_name(side))


@register.simple_tag
def draught_mark(score: float | None, unknown: float = 0) -> Svg:
    """The waterline as a picture; what nobody can tell is hatched above the water."""
    said = formatting.format_number(score)
    title = _("The waterline stands at %s of 100") % said if score is not None else _("not known yet")
    shown = None if score is None else float(score)
    return draw_waterline(shown, title=str(title), unknown=str(_("not known yet")), label=said, grey=float(unknown))


@register.simple_tag
def waterline_bar(score: float | None, unknown: float) -> Svg:
    """The waterline as a bar: the points that are there from the left, what nobody knows hatched at the right."""
    title = _("The waterline stands at %s of 100") % formatting.format_number(score) if score is not None else ""
    shown = (float(score or 0) / 100, float(unknown) / 100) if score is not None else (0, 1)
    return draw_shares(*shown, title=str(title or _("not known yet")))


@register.simple_tag
def shares_mark(done: float, unknown: float) -> Svg:
    """How much of the way is behind, and how much of it nobody knows, as a bar; both are percent."""
    words = {"done": formatting.format_percent(done, 0), "unknown": formatting.format_percent(unknown, 0)}
    title = _("%(done)s of the way is covered; %(unknown)s is not known") if unknown else _("%(done)s of the way")
    return draw_shares(float(done) / 100, float(unknown) / 100, title=str(title % words))


@register.simple_tag(takes_context=True)
def querystring_for(context: template.Context, name: str, value: object) -> str:
    """This page's address with one parameter changed, its name in a variable; the list goes back to its first page."""
    query = context["request"].GET.copy()
    query.pop("page", None)
    query[name] = value
    return f"?{query.urlencode()}"


@register.filter
def number(value: formatting.Number | None, decimals: int | None = None) -> str:
    """«11 800,5»."""
    return formatting.format_number(value, decimals)


@register.filter
def signed(value: formatting.Number | None, decimals: int | None = None) -> str:
    """«+20», «−3»."""
    return formatting.format_signed(value, decimals)


@register.filter
def percent(value: formatting.Number | None, decimals: int | None = None) -> str:
    """«20 %»."""
    return formatting.format_percent(value, decimals)


@register.filter
def day(value: date | datetime | None, style: str = "long") -> str:
    """«1 марта 2027»; styles long, short, near, weekday, full."""
    return formatting.format_day(localtime(value).date() if isinstance(value, datetime) else value, style)


@register.filter
def moment(value: datetime | None, style: str = "long") -> str:
    """«1 марта 2027, 14:30» in the reader's zone, marked up as a time."""
    return _time(value, formatting.format_moment(value, style=style))


@register.filter
def clock(value: datetime | None) -> str:
    """«14:30» in the reader's zone, marked up as a time."""
    return _time(value, formatting.format_time(value) if value else formatting.MISSING)


@register.filter
def since(value: datetime | None) -> str:
    """«5 минут назад», with the exact moment on demand."""
    if value is None:
        return formatting.MISSING
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        value.isoformat(),
        formatting.format_moment(value),
        formatting.format_since(value),
    )


def _time(value: datetime | None, words: str) -> str:
    if value is None:
        return words
    return format_html('<time datetime="{}">{}</time>', localtime(value).isoformat(), words)


@register.filter
def side_name(side: str) -> str:
    """The side in a word."""
    return formatting.side_name(side)


@register.filter(needs_autoescape=True)
def nbsp(text: str, autoescape: bool = True) -> str:
    """Non-breaking spaces where Russian typesetting wants them."""
    kept = formatting.keep_together(str(text))
    return mark_safe(kept) if isinstance(text, SafeString) else kept  # noqa: S308  only spaces were changed


@register.filter
def localised(words: dict | str | None) -> str:
    """The reader's language out of {"ru": …, "en": …}."""
    return formatting.pick_language(words)


@register.filter
def initials(name: object) -> str:
    """«АС» for «Анна Серова»."""
    return formatting.initials(str(name))


@register.filter
def browser_words(user_agent: str) -> str:
    """“Firefox, Linux” for what a browser says of itself."""
    return formatting.name_browser(user_agent)
