"""How often something comes again, in words."""

from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from projects.models import Recurrence
from smmportal.formatting import format_day, is_russian


def speak_rule(recurrence: Recurrence) -> str:
    """«Каждую неделю: пн, чт; до 1 марта 2027»."""
    said = speak_weeks(recurrence) if recurrence.frequency == Recurrence.Frequency.WEEKLY else speak_months(recurrence)
    if recurrence.ends_on:
        said += _("; until %(day)s") % {"day": format_day(recurrence.ends_on)}
    return said


def speak_weeks(recurrence: Recurrence) -> str:
    days = recurrence.weekdays or [recurrence.starts_on.weekday()]
    names = ", ".join(weekday(day) for day in days)
    count = recurrence.interval
    if count == 1:
        return _("Every week: %(days)s") % {"days": names}
    sentence = ngettext("Every %(count)s week: %(days)s", "Every %(count)s weeks: %(days)s", count)
    return sentence % {"count": count, "days": names}


def weekday(day: int) -> str:
    name = str(WEEKDAYS_ABBR[day])
    return name.lower() if is_russian() else name


def speak_months(recurrence: Recurrence) -> str:
    day = recurrence.month_day or recurrence.starts_on.day
    which = _("on the last day") if day == Recurrence.LAST_DAY else _("on day %(day)s") % {"day": day}
    count = recurrence.interval
    if count == 1:
        return _("Every month %(which)s") % {"which": which}
    sentence = ngettext("Every %(count)s month %(which)s", "Every %(count)s months %(which)s", count)
    return sentence % {"count": count, "which": which}
