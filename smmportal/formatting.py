"""Numbers, days and words as the reader's language writes them. No request here: pages, mail and the API share it."""

import re
from datetime import date, datetime, tzinfo
from decimal import ROUND_HALF_UP, Decimal

from django.utils import timezone
from django.utils.dates import MONTHS, MONTHS_ALT, WEEKDAYS, WEEKDAYS_ABBR
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

NBSP = "\u00a0"
MINUS = "\u2212"
MISSING = "—"
Number = int | float | Decimal


def is_russian() -> bool:
    """Whether the reader's language is Russian."""
    return (get_language() or "").startswith("ru")


def format_number(value: Number | str | None, decimals: int | None = None) -> str:
    """«11 800,5» or “11,800.5”; a dash for a value that is missing, because missing is not zero.

    Without `decimals` at most two are shown, trailing zeros dropped; a number under 0.01 keeps two significant digits.
    """
    if value is None or value == "":
        return MISSING
    number = Decimal(str(value))
    if not number.is_finite():
        return MISSING
    text = f"{_round(number, decimals):,f}"
    if decimals is None and "." in text:
        text = text.rstrip("0").rstrip(".")
    if is_russian():
        text = text.replace(",", NBSP).replace(".", ",")
    return "0" if text == "-0" else text.replace("-", MINUS)


def _round(number: Decimal, decimals: int | None) -> Decimal:
    if decimals is None:
        tiny = number != 0 and abs(number) < Decimal("0.01")
        decimals = 1 - number.adjusted() if tiny else 2
    return number.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def quoted(text: str) -> str:
    """A title inside a sentence: «бриф», “brief”."""
    return f"«{text}»" if is_russian() else f"“{text}”"


def format_signed(value: Number | str | None, decimals: int | None = None) -> str:
    """A change: «+20», «−3», «0»."""
    text = format_number(value, decimals)
    return text if text[0] in f"{MINUS}{MISSING}" or not re.search("[1-9]", text) else f"+{text}"


def format_percent(value: Number | str | None, decimals: int | None = None) -> str:
    """«20 %» in Russian, “20%” in English; `value` is in percent already."""
    text = format_number(value, decimals)
    if text == MISSING:
        return text
    return f"{text}{NBSP}%" if is_russian() else f"{text}%"


def format_day(day: date | None, style: str = "long") -> str:
    """A day in words. Styles: long «1 марта 2027», short «1 мар», near «1 марта», weekday «пн, 1 марта», full."""
    if day is None:
        return MISSING
    month = str(MONTHS_ALT[day.month])
    near = f"{day.day}{NBSP}{month.lower() if is_russian() else month}"
    if style == "short":
        return f"{day.day}{NBSP}{short_month(day.month)}"
    if style == "near":
        return near
    if style == "weekday":
        return f"{_weekday(WEEKDAYS_ABBR, day)}, {near}"
    if style == "full":
        return f"{_weekday(WEEKDAYS, day)}, {near} {day.year}"
    return f"{near} {day.year}"


def _weekday(names: dict, day: date) -> str:
    name = str(names[day.weekday()])
    return name.lower() if is_russian() else name


def short_month(month: int) -> str:
    """The month for an axis: «мар», «мая», “Mar”, “June”."""
    name = str(MONTHS_ALT[month])
    name = name.lower() if is_russian() else name
    return name if len(name) <= 4 else name[:3]


def month_name(month: int) -> str:
    """The month on its own: «март», “March”."""
    name = str(MONTHS[month])
    return name.lower() if is_russian() else name


def format_time(moment: datetime, zone: tzinfo | None = None) -> str:
    """«14:30» in the reader's zone (the current one unless another is given)."""
    return f"{_local(moment, zone):%H:%M}"


def format_moment(moment: datetime | None, zone: tzinfo | None = None, style: str = "long") -> str:
    """«1 марта 2027, 14:30»; the styles are those of format_day."""
    if moment is None:
        return MISSING
    local = _local(moment, zone)
    return f"{format_day(local.date(), style)}, {local:%H:%M}"


def _local(moment: datetime, zone: tzinfo | None) -> datetime:
    return timezone.localtime(moment, zone) if timezone.is_aware(moment) else moment


def format_since(moment: datetime | None, now: datetime | None = None) -> str:
    """How long ago, in words a person would use; a day's date once it is over two weeks."""
    if moment is None:
        return MISSING
    now = now or timezone.now()
    minutes = int((now - moment).total_seconds() // 60)
    days = (_local(now, None).date() - _local(moment, None).date()).days
    if minutes < 1:
        return _("just now")
    if minutes < 60:
        return ngettext("%(count)s minute ago", "%(count)s minutes ago", minutes) % {"count": minutes}
    if days == 0:
        hours = minutes // 60
        return ngettext("%(count)s hour ago", "%(count)s hours ago", hours) % {"count": hours}
    if days == 1:
        return _("yesterday")
    if days <= 14:
        return ngettext("%(count)s day ago", "%(count)s days ago", days) % {"count": days}
    return format_day(_local(moment, None).date())


def side_name(side: str) -> str:
    """The side in a word."""
    return {"agency": _("agency"), "client": _("client")}.get(side, side)


def pick_language(words: dict | str | None) -> str:
    """The reader's language out of {"ru": …, "en": …}; any other that is there rather than nothing."""
    if not isinstance(words, dict):
        return "" if words is None else str(words)
    wanted = (get_language() or "en").split("-")[0]
    return words.get(wanted) or words.get("en") or next((text for text in words.values() if text), "")


_SHORT_WORD = re.compile(r"(?<![\w-])([A-Za-zА-Яа-яЁё]{1,2}) (?=\S)")
_BEFORE_UNIT = re.compile(r"(\d) (?=(?:\d{3}\b|%|₽|€|\$|тыс|млн|млрд|шт|мин|ч\b|дн|км|кг|руб|г\.))")
_BEFORE_DASH = re.compile(r" (?=—)")


def keep_together(text: str) -> str:
    """Non-breaking spaces after short words, before units and before a dash, as Russian typesetting asks."""
    text = _BEFORE_DASH.sub(NBSP, _BEFORE_UNIT.sub(r"\1" + NBSP, text))
    return _SHORT_WORD.sub(r"\1" + NBSP, text) if is_russian() else text


def initials(name: str) -> str:
    """One or two letters for a person: «Анна Серова» → «АС»."""
    words = re.findall(r"[^\W\d_]+", str(name).split("@")[0])
    return "".join(word[0].upper() for word in words[:2]) or "?"


BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("YaBrowser", "Yandex Browser"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
)
SYSTEMS = (("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS", "macOS"))


def name_browser(user_agent: str) -> str:
    """“Firefox, Linux” for what a browser says of itself; its own words when they are not known."""
    known = (*BROWSERS, ("Safari", "Safari")), (*SYSTEMS, ("Linux", "Linux"))
    names = [next((name for mark, name in marks if mark in user_agent), None) for marks in known]
    return ", ".join(name for name in names if name) or user_agent[:80]
