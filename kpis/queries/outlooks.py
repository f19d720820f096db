"""Where KPIs are heading: the forecast of each from its final days, kept until its series or its terms change."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from kpis.forecast import BY_WEEKS, LONGEST, Lookout, Outlook, TrackRecord, Unforeseen, rolled
from kpis.kept import Kept
from kpis.metrics import METRICS, RATIOS
from kpis.models import Forecast, Kpi, MetricSeries, Point
from kpis.queries.periods import WEEK, Way, can_be_weekly, ways_of

#: Two years of a series take some 30 KB.
LOOKOUTS: Kept[Lookout] = Kept(at_most=400)
#: The record is told at the distance of the deadline, but no further than so many days.
RECORD_AT_MOST = 28


@dataclass(frozen=True)
class Prospect:
    """A KPI's chance, its band, and how such forecasts of this series did; `lookout` is None without numbers."""

    kpi: Kpi
    lookout: Lookout | None

    @property
    def on(self) -> date:
        return self.kpi.due_on

    @cached_property
    def told(self) -> Outlook | Unforeseen | None:
        """What is said of the due day."""
        return self.lookout.on(self.on) if self.lookout else None

    @property
    def outlook(self) -> Outlook | None:
        return self.told if isinstance(self.told, Outlook) else None

    @property
    def unforeseen(self) -> Unforeseen | None:
        return self.told if isinstance(self.told, Unforeseen) else None

    @cached_property
    def chance(self) -> float | None:
        """The probability that on the due day the number, over as many days as it is judged by, is at its target or
        beyond it."""
        if self.outlook is None or self.kpi.target is None:
            return None
        return self.outlook.chance(float(self.kpi.target), above=is_upwards(self.kpi))

    @property
    def reason(self) -> str:
        """Why there is no chance, by code; empty when there is one."""
        if self.chance is not None:
            return ""
        if self.kpi.target is None:
            return "no_target"
        return self.unforeseen.reason if self.unforeseen else "no_numbers"

    @cached_property
    def band(self) -> list[Outlook]:
        return self.lookout.band(self.on) if self.lookout else []

    @cached_property
    def ahead(self) -> int:
        """At how many days ahead the record is told."""
        return min((self.on - self.lookout.last).days, RECORD_AT_MOST) if self.lookout else 0

    @cached_property
    def record(self) -> TrackRecord | None:
        return self.lookout.track_record(self.ahead) if self.lookout and self.outlook else None


def is_upwards(kpi: Kpi) -> bool:
    if kpi.holds_a_level or kpi.baseline is None:
        return kpi.kind in (Kpi.Kind.INCREASE_TO, Kpi.Kind.STAY_ABOVE)
    return kpi.target >= kpi.baseline


Rows = Sequence[tuple[Kpi, MetricSeries | None]]


def prospects_of(rows: Rows) -> dict[int, Prospect]:
    """For each KPI's id where it is heading: one query for all whose series has changed since it was last asked, and
    two more for what is divided and judged by weeks."""
    told = {(series.pk, kpi.over): series for kpi, series in rows if series is not None and series.latest_on}
    known = {key: LOOKOUTS.get((*key, series.changed_at)) for key, series in told.items()}
    for key, lookout in lookouts_of({key: told[key] for key, found in known.items() if found is None}).items():
        known[key] = lookout
        LOOKOUTS.put((*key, told[key].changed_at), lookout)
    return {kpi.pk: Prospect(kpi, known.get((series.pk, kpi.over)) if series else None) for kpi, series in rows}


Key = tuple[int, int]


def lookouts_of(told: Mapping[Key, MetricSeries]) -> dict[Key, Lookout]:
    """Of each series, over so many days, what looks ahead of it."""
    if not told:
        return {}
    divided = [series for (_pk, over), series in told.items() if over == WEEK and series.metric in RATIOS]
    ways = {pk: way for pk, way in ways_of(divided).items() if can_be_weekly(way) and way.formula.below}
    ids = {pk for pk, _over in told}.union(*(way.series.values() for way in ways.values()))
    stored = final_days(ids, since=min(series.latest_on for series in told.values()) - timedelta(days=LONGEST))
    return {
        (pk, over): lookout_over(stored.get(pk, {}), series)
        if over != WEEK
        else lookout_over_parts(ways[pk], stored)
        if pk in ways
        else lookout_over_weeks(stored.get(pk, {}), series)
        for (pk, over), series in told.items()
    }


def final_days(series_ids: Collection[int], *, since: date) -> dict[int, dict[date, float]]:
    """What will no longer change, by series, oldest first."""
    stored: dict[int, dict[date, float]] = defaultdict(dict)
    rows = Point.objects.filter(series__in=series_ids, day__gte=since, final=True, value__isnull=False)
    for series_id, day, value in rows.order_by("series", "day").values_list("series_id", "day", "value"):
        stored[series_id][day] = float(value)
    return stored


def lookout_over(days: Mapping[date, float], series: MetricSeries) -> Lookout:
    first, values = daily(days, series.latest_on)
    return Lookout(first, values, kind_of(series))


def lookout_over_weeks(days: Mapping[date, float], series: MetricSeries) -> Lookout:
    """What is summed, and so judged by its mean day; what turned out not to be, as it is."""
    first, values = daily(days, series.latest_on)
    if series.week_days is None:
        return Lookout(first, values, kind_of(series))
    return Lookout(first, rolled(values), BY_WEEKS, days=values)


def lookout_over_parts(way: Way, stored: Mapping[int, Mapping[date, float]]) -> Lookout:
    """Numerator and denominator together: days that lack either count for neither, and what looks ahead is the ratio of
    the two weeks' sums, as it will be judged."""
    parts = {day: sides for day in days_known(way, stored) if (sides := sides_on(way, stored, day))}
    first, above = daily({day: sides[0] for day, sides in parts.items()}, date.max)
    _first, below = daily({day: sides[1] for day, sides in parts.items()}, date.max)
    formula, stocks = way.formula, set(way.stocks)
    tops = above if {name for name, _times in formula.above} <= stocks else rolled(above)
    bottoms = below if {name for name, _times in formula.below} <= stocks else rolled(below)
    scale, plus = float(formula.scale), float(formula.plus)
    ratios = [
        None if top is None or not bottom else scale * top / bottom + plus
        for top, bottom in zip(tops, bottoms, strict=True)
    ]
    return Lookout(first, ratios, BY_WEEKS, days=above)


def days_known(way: Way, stored: Mapping[int, Mapping[date, float]]) -> set[date]:
    """The days on which every part has a number."""
    return set.intersection(*(set(stored.get(pk, ())) for pk in way.series.values()))


def sides_on(way: Way, stored: Mapping[int, Mapping[date, float]], day: date) -> tuple[float, float]:
    values = {name: stored[pk][day] for name, pk in way.series.items()}
    if way.is_weighted:
        return values["part"] * values["weight"], values["weight"]
    above, below = way.formula.above, way.formula.below
    return (
        sum(float(times) * values[name] for name, times in above),
        sum(float(times) * values[name] for name, times in below),
    )


def daily(days: Mapping[date, float], otherwise: date) -> tuple[date, list[float | None]]:
    """One value a day from the first to the last; the first day, or another where there is none."""
    if not days:
        return otherwise, []
    first, last = min(days), max(days)
    return first, [days.get(first + timedelta(days=number)) for number in range((last - first).days + 1)]


def kind_of(series: MetricSeries) -> str:
    return METRICS[series.metric].kind if series.metric in METRICS else "flow"


# --- What is worked out ahead ---------------------------------------------------------------------------------------


def forecasts_of(rows: Rows) -> dict[int, Forecast]:
    """For each KPI's id what was worked out ahead; what is out of date is worked out now and not stored."""
    stored = {row.kpi_id: row for row in Forecast.objects.filter(kpi__in=[kpi.pk for kpi, _series in rows])}
    stale = [(kpi, series) for kpi, series in rows if not is_fresh(stored.get(kpi.pk), kpi, series)]
    return {**stored, **foretold(stale)}


def foretold(rows: Rows) -> dict[int, Forecast]:
    prospects = prospects_of(rows) if rows else {}
    return {kpi.pk: as_row(prospects[kpi.pk], series) for kpi, series in rows}


def is_fresh(row: Forecast | None, kpi: Kpi, series: MetricSeries | None) -> bool:
    return row is not None and row.rests_on == rests_on(kpi, series)


def rests_on(kpi: Kpi, series: MetricSeries | None) -> str:
    """Everything that a forecast depends on, in a line."""
    known = f"{series.pk} {series.changed_at.isoformat()}" if series else "-"
    return f"{known} {kpi.over} {kpi.kind} {kpi.baseline} {kpi.target} {kpi.due_on}"[:200]


def as_row(prospect: Prospect, series: MetricSeries | None) -> Forecast:
    outlook, lookout = prospect.outlook, prospect.lookout
    return Forecast(
        kpi_id=prospect.kpi.pk,
        rests_on=rests_on(prospect.kpi, series),
        chance=prospect.chance,
        median=outlook and outlook.median,
        low80=outlook and outlook.low80,
        high80=outlook and outlook.high80,
        reason=prospect.reason,
        usable=lookout.usable if lookout else 0,
        days=len(lookout.days) if lookout else 0,
    )


def series_of(kpis: Iterable[Kpi]) -> Mapping[tuple[int, str], MetricSeries]:
    """The series of these KPIs and of their guardrails, by source and metric, each with how it is counted, if it is."""
    sources = {source for kpi in kpis for source in (kpi.source_id, kpi.guardrail_source_id) if source}
    kept = MetricSeries.objects.filter(source__in=sources)
    kept = kept.select_related("computed", "source__formula")
    return {(row.source_id, row.metric): row for row in kept}
