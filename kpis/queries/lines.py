"""The daily lines of KPIs: many series and their last days in one query, without a row object for each point."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date

from django.utils.translation import gettext as _

from kpis.connectors.contract import GAP_REASONS
from kpis.models import Point
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
        rows = Point.objects.filter(series__in=series_ids, day__range=(first, last)).order_by("series", "day")
        for series_id, *day in rows.values_list(*COLUMNS):
            stored[series_id].append(Day(*day))
    return stored


def say_reason(code: str) -> str:
    """Why a day has no number, in a sentence."""
    own = {
        BEFORE_FIRST: _("Before the first number of the source."),
        NOT_TAKEN: _("No number was taken on this day."),
        NOT_YET: _("The number for this day has not come yet."),
    }
    return own.get(code) or str(GAP_REASONS.get(code, code))
