"""The days that are shown against as many days before them, by the metric's own way of putting days together."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _

from kpis.charts import Before
from kpis.queries.lines import lines_of, say_reason
from kpis.queries.periods import WHOLE, Over, days_of, over, way_of
from kpis.queries.standings import Standing
from kpis.series import Day
from kpis.terms import say_value
from smmportal.formatting import format_day, format_percent, format_signed

ADDED, MEAN, LATEST, RATIO = COMPARED_BY = ("sum", "mean", "last", "ratio")


@dataclass(frozen=True)
class Side:
    """One of the two periods. `value` is its sum, its last level, its ratio of sums, or the mean of the days that have
    a number, as `how` of the comparison says; None with a reason."""

    over: Over
    value: Decimal | None

    @property
    def reason(self) -> str:
        return say_reason(self.over.reason) if self.value is None and self.over.reason else ""


@dataclass(frozen=True)
class Comparison:
    """`how`: what is compared. `line` is that of the days before, each on the day it is compared with."""

    how: str
    now: Side
    before: Side
    unit: str
    line: Sequence[Before] = ()

    @property
    def change(self) -> Decimal | None:
        if self.now.value is None or self.before.value is None:
            return None
        return self.now.value - self.before.value

    @property
    def percent(self) -> Decimal | None:
        """In percent of what was before; a share's change is told in points, and from nothing there is no percent."""
        if self.change is None or not self.before.value or self.unit == "percent":
            return None
        return self.change / abs(self.before.value) * 100

    @property
    def words(self) -> str:
        """The comparison in a sentence or two, or why there is none."""
        if self.change is None:
            why = self.now.reason or self.before.reason or _("One of the two periods has no number.")
            return _("There is nothing to compare. %(why)s") % {"why": why}
        said = {"now": figure(self.now.value, self.unit), "before": figure(self.before.value, self.unit)}
        said |= {"days": self.now.over.length, "change": self.change_words}
        sentences = {
            ADDED: _("In these %(days)s days: %(now)s. In the %(days)s days before: %(before)s. Change: %(change)s."),
            MEAN: _(
                "A day on average: %(now)s. In the %(days)s days before: %(before)s. Change: %(change)s. "
                "Days without a number are left out."
            ),
            LATEST: _("At the end: %(now)s. At the end of the %(days)s days before: %(before)s. Change: %(change)s."),
            RATIO: _("Over these %(days)s days: %(now)s. Over the %(days)s before: %(before)s. Change: %(change)s."),
        }
        return sentences[self.how] % said

    @property
    def change_words(self) -> str:
        if self.unit == "percent":
            return _("%(change)s points") % {"change": format_signed(self.change)}
        if self.percent is None:
            return format_signed(round_like(self.change))
        sign = "+" if self.percent > 0 else "\u2212" if self.percent < 0 else ""
        percent = sign + format_percent(round(abs(self.percent), 1))
        return f"{format_signed(round_like(self.change))} ({percent})"

    @property
    def days(self) -> tuple[str, str]:
        return say_span(self.now.over), say_span(self.before.over)


def comparison_of(standing: Standing, first: date, last: date) -> Comparison | None:
    """These days as far as they are known, and as many days before them; None while there is no number in them."""
    if standing.series is None or standing.current_on is None or standing.current_on < first:
        return None
    last = min(last, standing.current_on)
    length = timedelta(days=(last - first).days + 1)
    now, before, how = sides_of(standing, (first, last), (first - length, last - length))
    return Comparison(how, now, before, standing.unit, moved(standing, first - length, last - length, length))


def sides_of(standing: Standing, *spans: tuple[date, date]) -> tuple[Side, Side, str]:
    """Both by one way: where a sum lacks a day in either, or people must not be added up, means are compared."""
    way = way_of(standing.series)
    days = days_of(way, spans[1][0], spans[0][1])
    overs = [over(way, days, first, last) for first, last in spans]
    how = LATEST if way.formula is WHOLE and way.stocks else ADDED if way.is_sum else RATIO
    if way.formula is WHOLE and not way.stocks and any(one.value is None for one in overs):
        return *(Side(one, mean_of(days, one)) for one in overs), MEAN
    return *(Side(one, one.value) for one in overs), how


def mean_of(days: dict, one: Over) -> Decimal | None:
    """Of the days that have a number, when those are at least half of them."""
    known = [values["value"] for day, values in days.items() if one.first <= day <= one.last and "value" in values]
    return sum(known, Decimal(0)) / len(known) if known and len(known) * 2 >= one.length else None


def moved(standing: Standing, first: date, last: date, by: timedelta) -> list[Before]:
    line: Sequence[Day] = lines_of([standing], first=first, last=last)[standing.kpi.pk]
    return [(day.day + by, None if day.value is None else float(day.value)) for day in line]


def figure(value: Decimal, unit: str) -> str:
    return say_value(round_like(value), unit)


def round_like(value: Decimal) -> Decimal:
    """Means have more places than anybody reads."""
    return round(value, 0 if abs(value) >= 100 else 2)


def say_span(one: Over) -> str:
    return f"{format_day(one.first, 'near')} – {format_day(one.last)}"
