"""The value of a metric over several days: sums first and the division last, never a mean of ratios.

What can't be told honestly is not told: a sum of which a day is missing, and different people over several days.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from kpis import formulas
from kpis.formulas import Outcome
from kpis.metrics import PEOPLE, STOCKS
from kpis.models import MetricSeries, Operand, Point

#: What a KPI on a jumpy number is judged by: so many days, of which so many must be known.
WEEK, ENOUGH = 7, 5
DAYS_MISSING, DAYS_EMPTY = "days_missing", "days_empty"
#: A share with its weight, put as a formula: the parts that the platform does not tell follow from the two.
WEIGHTED = formulas.parse("part / weight")
WHOLE = formulas.parse("value")

Values = Mapping[str, Decimal | None]
Span = tuple[date, date]


@dataclass(frozen=True)
class Over:
    """A metric over the days of one period. `days` of `length` had every number that is needed."""

    first: date
    last: date
    outcome: Outcome
    days: int

    @property
    def value(self) -> Decimal | None:
        return self.outcome.value

    @property
    def reason(self) -> str:
        return self.outcome.reason

    @property
    def length(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def is_whole(self) -> bool:
        return self.days == self.length


@dataclass(frozen=True)
class Way:
    """How a series' days are put together: a formula, the series behind its names, and which names are what."""

    formula: formulas.Formula
    series: Mapping[str, int]
    stocks: Collection[str] = ()
    people: Collection[str] = ()
    #: The value itself is a share, told by the platform, and `weight` is its denominator.
    is_weighted: bool = False
    is_sum: bool = False


def weeks_between(first: date, last: date) -> list[Span]:
    """The whole weeks, Monday to Sunday, between two days."""
    monday = first + timedelta(days=-first.weekday() % 7)
    return [
        (day, day + timedelta(days=6))
        for number in range(max((last - monday).days + 1, 0) // 7)
        if (day := monday + timedelta(days=7 * number))
    ]


def value_over(series: MetricSeries, first: date, last: date) -> Over:
    """The value over these days, both included."""
    return values_over(series, [(first, last)])[0]


def values_over(series: MetricSeries, spans: Sequence[Span]) -> list[Over]:
    """One value for each span; the same few queries, however many there are."""
    way = way_of(series)
    days = days_of(way, min(first for first, _last in spans), max(last for _first, last in spans)) if spans else {}
    return [over(way, days, first, last) for first, last in spans]


def way_of(series: MetricSeries) -> Way:
    return ways_of([series])[series.pk]


def ways_of(series: Collection[MetricSeries]) -> dict[int, Way]:
    """For each series' id its way; two queries at most."""
    operands = operands_of([row.computed.pk for row in series if hasattr(row, "computed")])
    shares = [row for row in series if not hasattr(row, "computed") and weight_of(row)]
    weights = weights_of(shares)
    found = {row.pk: way_of_told(row) for row in series if not hasattr(row, "computed")}
    found |= {row.pk: way_of_share(row, weights.get((row.source_id, weight_of(row)))) for row in shares}
    computed = [row for row in series if hasattr(row, "computed")]
    return found | {row.pk: way_of_computed(row.computed.expression, operands[row.computed.pk]) for row in computed}


def operands_of(computed: Collection[int]) -> Mapping[int, list[Operand]]:
    found: dict[int, list[Operand]] = defaultdict(list)
    if computed:
        for operand in Operand.objects.filter(computed__in=computed).select_related("series"):
            found[operand.computed_id].append(operand)
    return found


def weight_of(series: MetricSeries) -> str:
    metric = series.source.metric(series.metric)
    return metric.weighted_by if metric else ""


def weights_of(shares: Collection[MetricSeries]) -> dict[tuple[int, str], int]:
    """The ids of the denominators that are told, by source and metric."""
    if not shares:
        return {}
    wanted = {"source__in": {row.source_id for row in shares}, "metric__in": {weight_of(row) for row in shares}}
    rows = MetricSeries.objects.filter(**wanted).order_by().values_list("source_id", "metric", "pk")
    return {(source_id, metric): pk for source_id, metric, pk in rows}


def way_of_told(series: MetricSeries) -> Way:
    metric = series.source.metric(series.metric)
    kinds = {"last": {"stocks": ("value",)}, "sum": {"is_sum": True}}
    how = kinds.get(metric.aggregation if metric else "", {"people": ("value",)})
    return Way(WHOLE, {"value": series.pk}, **how)


def way_of_computed(expression: str, operands: Collection[Operand]) -> Way:
    formula = formulas.parse(expression)
    metrics = {operand.name: operand.series.metric for operand in operands}
    return Way(
        formula,
        {operand.name: operand.series_id for operand in operands},
        stocks={name for name, code in metrics.items() if code in STOCKS},
        people={name for name, code in metrics.items() if code in PEOPLE},
        is_sum=not formula.below and not any(code in STOCKS for code in metrics.values()),
    )


def way_of_share(series: MetricSeries, weight: int | None) -> Way:
    people = ("weight",) if weight_of(series) in PEOPLE or weight is None else ()
    stocks = ("weight",) if weight_of(series) in STOCKS else ()
    named = {"part": series.pk, "weight": weight} if weight else {"part": series.pk}
    return Way(WEIGHTED, named, stocks=stocks, people=people, is_weighted=True)


def days_of(way: Way, first: date, last: date) -> dict[date, dict[str, Decimal]]:
    """What is known of each day, by the names of the way."""
    names = {series_id: name for name, series_id in way.series.items()}
    rows = Point.objects.filter(series__in=names, day__range=(first, last), value__isnull=False).order_by()
    days: dict[date, dict[str, Decimal]] = defaultdict(dict)
    for series_id, day, value in rows.values_list("series_id", "day", "value"):
        days[day][names[series_id]] = value
    return days


def over(way: Way, days: Mapping[date, Values], first: date, last: date) -> Over:
    span = [days.get(first + timedelta(days=number), {}) for number in range((last - first).days + 1)]
    needed = ("part",) if way.is_weighted and len(span) == 1 else way.formula.names
    known = sum(all(day.get(name) is not None for name in needed) for day in span)
    return Over(first, last, outcome_of(way, span, known), known)


def outcome_of(way: Way, span: Sequence[Values], known: int) -> Outcome:
    if len(span) == 1 and way.is_weighted:
        return single(span[0])
    if way.formula is WHOLE and not known:
        return Outcome(reason=DAYS_EMPTY)
    if way.is_sum and 0 < known < len(span):
        return Outcome(reason=DAYS_MISSING)
    parts = [with_part(day) for day in span] if way.is_weighted else span
    return formulas.over_days(way.formula, parts, stocks=way.stocks, people=way.people)


def single(day: Values) -> Outcome:
    """One day of a share is what the platform says, whatever is known of its denominator."""
    value = day.get("part")
    return Outcome(value) if value is not None else Outcome(reason=formulas.MISSING, missing=("part",))


def with_part(day: Values) -> Values:
    share, weight = day.get("part"), day.get("weight")
    return {} if share is None or weight is None else {"part": share * weight, "weight": weight}


def denominators_of(series: MetricSeries, last: date) -> dict[date, Decimal]:
    """What each day of a share weighs when days are put together; empty where its denominator is not known, or must
    not be added up."""
    way = way_of(series)
    if not way.formula.below or way.people or way.stocks:
        return {}
    days = days_of(way, date.min, last)
    if way.is_weighted:
        return {day: values["weight"] for day, values in days.items() if "weight" in values}
    outcomes = {day: formulas.evaluate(way.formula, values) for day, values in days.items()}
    return {day: outcome.below for day, outcome in outcomes.items() if outcome.below is not None}


# --- The last seven days ----------------------------------------------------------------------------------------------


def can_be_weekly(way: Way) -> bool:
    """Whether days may be put together, and more comes of it than the last of them."""
    return not way.people and not set(way.formula.names) <= set(way.stocks)


def final_numbers(ways: Iterable[Way], first: date, last: date) -> Mapping[int, Mapping[date, Decimal]]:
    """What will no longer change of these days, by series: one query for all ways."""
    wanted = {series_id for way in ways for series_id in way.series.values()}
    rows = Point.objects.filter(series__in=wanted, day__range=(first, last), final=True, value__isnull=False)
    numbers: dict[int, dict[date, Decimal]] = defaultdict(dict)
    for series_id, day, value in rows.order_by().values_list("series_id", "day", "value"):
        numbers[series_id][day] = value
    return numbers


def week_over(way: Way, numbers: Mapping[int, Mapping[date, Decimal]], last: date) -> Over:
    """The seven days that end on `last`, per day: a mean day, or a ratio of sums."""
    first = last - timedelta(days=WEEK - 1)
    span = [day_of(way, numbers, first + timedelta(days=number)) for number in range(WEEK)]
    parts = [with_part(day) for day in span] if way.is_weighted else span
    known = sum(all(day.get(name) is not None for name in way.formula.names) for day in parts)
    outcome = formulas.over_days(way.formula, parts, stocks=way.stocks, people=way.people, per_day=True)
    return Over(first, last, outcome, known)


def day_of(way: Way, numbers: Mapping[int, Mapping[date, Decimal]], day: date) -> Values:
    return {name: numbers[pk][day] for name, pk in way.series.items() if pk in numbers and day in numbers[pk]}
