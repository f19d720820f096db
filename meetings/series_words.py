"""A series said in words, in the reader's language."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from meetings.models import Rhythm, Series
from meetings.recurrence import Rule
from smmportal.formatting import format_day

#: For each nth of a month: the sentence with a weekday in it.
NTH = {
    1: gettext_lazy("once a month, the first: %(day)s"),
    2: gettext_lazy("once a month, the second: %(day)s"),
    3: gettext_lazy("once a month, the third: %(day)s"),
    4: gettext_lazy("once a month, the fourth: %(day)s"),
    -1: gettext_lazy("once a month, the last: %(day)s"),
}


def words_of(series: Series) -> str:
    """«once in two weeks: Tuesday, 10:00–11:00, until 5 May»."""
    ends = series.moment_on(series.starts_on) + series.length
    clock = f"{series.time:%H:%M}–{ends.astimezone(series.clock_zone):%H:%M}"
    return ", ".join(part for part in (rule_in_words(series.recurs), clock, end_in_words(series)) if part)


def rule_in_words(rule: Rule) -> str:
    days = ", ".join(str(Rhythm.Weekday(day).label) for day in rule.weekdays)
    if not rule.monthly:
        return f"{every_so_many_weeks(rule.interval)}: {days}"
    if rule.interval > 1:
        days = days or (_("the last day") if rule.month_day == -1 else str(rule.month_day))
        sentence = ngettext("every %(count)s month: %(days)s", "every %(count)s months: %(days)s", rule.interval)
        return sentence % {"count": rule.interval, "days": days}
    if rule.nth:
        return str(NTH[rule.nth]) % {"day": days}
    if rule.month_day == -1:
        return _("once a month, on the last day")
    return _("once a month, on day %(day)s") % {"day": rule.month_day}


def every_so_many_weeks(interval: int) -> str:
    if interval == 1:
        return _("once a week")
    if interval == 2:
        return _("once in two weeks")
    return ngettext("every %(count)s week", "every %(count)s weeks", interval) % {"count": interval}


def end_in_words(series: Series) -> str:
    if series.until:
        return _("until %(day)s") % {"day": format_day(series.until)}
    if series.count:
        return ngettext("%(count)s meeting", "%(count)s meetings", series.count) % {"count": series.count}
    return ""
