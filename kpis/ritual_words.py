"""Periods, drops and their two clocks in words."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import npgettext

from kpis.models import Dip, Kpi, Review
from kpis.ritual import Period
from kpis.terms import say_value
from smmportal.formatting import format_day, format_signed

if TYPE_CHECKING:  # the queries put things in words themselves
    from kpis.queries.reviews import Facts


def say_period(period: Period | Review) -> str:
    return say_between(period.first, period.last)


def say_days(dip: Dip) -> str:
    return say_between(dip.day, dip.until)


def say_between(first: date, last: date) -> str:
    """«14 November», «16–22 November», «28 September — 4 October»."""
    if first == last:
        return format_day(last, "near")
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{format_day(last, 'near')}"
    return f"{format_day(first, 'near')} — {format_day(last, 'near')}"


def say_band(dip: Dip) -> str:
    """The number of the first day, and where it was expected, as the KPI's own numbers are written."""
    metric = dip.kpi.source.metric(dip.kpi.metric)
    unit = metric.unit if metric else "count"
    value, low, high = (say_value(figure(dip.kpi, number), unit) for number in (dip.value, dip.low, dip.high))
    return _("%(value)s, and %(low)s to %(high)s was expected") % {"value": value, "low": low, "high": high}


def unexplained_drop() -> str:
    return _("A drop that is not explained yet")


def say_noticed(dip: Dip, now: datetime | None = None) -> str:
    """The first clock."""
    if dip.noticed_at is None:
        return _("Not noticed for %(time)s") % {"time": say_span((now or timezone.now()) - dip.found_at)}
    words = {"time": say_span(dip.noticed_at - dip.found_at), "person": dip.noticed_by}
    return _("Noticed after %(time)s: %(person)s") % words


def say_explained(dip: Dip, now: datetime | None = None) -> str:
    """The second clock."""
    if dip.explained_at is None:
        return _("Not explained for %(time)s") % {"time": say_span((now or timezone.now()) - dip.found_at)}
    words = {"time": say_span(dip.explained_at - dip.found_at), "person": dip.explained_by}
    return _("Explained after %(time)s: %(person)s") % words


def say_span(span: timedelta) -> str:
    """A length of time to its largest unit."""
    minutes = max(int(span.total_seconds() // 60), 1)
    if minutes < 60:
        return npgettext("how long", "%(count)s minute", "%(count)s minutes", minutes) % {"count": minutes}
    if minutes < 48 * 60:
        return npgettext("how long", "%(count)s hour", "%(count)s hours", minutes // 60) % {"count": minutes // 60}
    days = minutes // (24 * 60)
    return npgettext("how long", "%(count)s day", "%(count)s days", days) % {"count": days}


def say_change(facts: "Facts") -> str:
    """«Followers: from 10,853 to 10,993, +140»; what is not known is not said."""
    kpi, before, now = facts.kpi, facts.before, facts.now
    if now is None or now.value is None:
        return ""
    unit, words = facts.standing.unit, {"kpi": kpi, "now": say_value(figure(kpi, now.value), facts.standing.unit)}
    if before is None or before.value is None:
        return _("%(kpi)s: %(now)s.") % words
    words |= {"before": say_value(figure(kpi, before.value), unit), "change": format_signed(figure(kpi, facts.change))}
    return _("%(kpi)s: %(now)s after %(before)s, %(change)s.") % words


def figure(kpi: Kpi, value: Decimal) -> Decimal:
    """With as many places as the KPI's numbers have."""
    metric = kpi.source.metric(kpi.metric)
    return round(value, metric.decimals if metric else 2)
