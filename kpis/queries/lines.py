"""The daily lines of KPIs: many series and their last days in one query, without a row object for each point."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from kpis import formulas
from kpis.computing import SAID_WITH_NAME
from kpis.connectors.contract import GAP_REASONS
from kpis.formula_words import plain_name
from kpis.models import Point
from kpis.queries.periods import DAYS_EMPTY, DAYS_MISSING
from kpis.queries.standings import Standing
from kpis.series import BEFORE_FIRST, NOT_TAKEN, NOT_YET, Day, daily

SHOWN_DAYS = 90
COLUMNS = ("series_id", "day", "value", "final", "provenance", "reason")


def lines_of(standings: Sequence[Standing], *, first: date, last: date) -> dict[int, list[Day]]:
    """For each KPI's id its line from `first` to `last`: one query for all of them."""
    stored = stored_days({standing.series.pk for standing in standings if standing.series}, first, last)
    return {
        standing.kpi.pk: daily(stored[standing.series.pk] if standing.series else (), first=first, last=last)
        for standing in standings
    }


def stored_days(series_ids: Collection[int], first: date, last: date) -> dict[int, list[Day]]:
    stored = defaultdict(list)
    if series_ids:
        for series_id, *day in rows_of(series_ids, first, last):
            stored[series_id].append(Day(*day))
    return stored


def rows_of(series_ids: Collection[int], first: date, last: date) -> QuerySet:
    """The `COLUMNS` of the points, in order: nothing but what PostgreSQL keeps in the index."""
    points = Point.objects.filter(series__in=series_ids, day__range=(first, last))
    return points.order_by("series_id", "day").values_list(*COLUMNS)


def say_reason(code: str) -> str:
    """Why a day has no number, in a sentence."""
    own = {
        BEFORE_FIRST: _("Before the first number of the source."),
        NOT_TAKEN: _("No number was taken on this day."),
        NOT_YET: _("The number for this day has not come yet."),
        formulas.MISSING: _("None of these days has every number that is needed."),
        formulas.NOT_OVER_DAYS: _("Different people can't be added up over several days."),
        formulas.TOO_LARGE: _("The number is too large to be kept."),
        DAYS_EMPTY: _("None of these days has a number."),
        DAYS_MISSING: _("Some of the days have no number, so there is no sum."),
    }
    if code.startswith(SAID_WITH_NAME):
        return _("There is no number for “%(metric)s”.") % {"metric": plain_name(code.removeprefix(SAID_WITH_NAME))}
    return own.get(code) or str(GAP_REASONS.get(code, code))
