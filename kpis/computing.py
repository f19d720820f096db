"""How computed series follow the series that they are counted from.

Points of a computed series are written by the same rule as any others (`kpis.points`), in the transaction that changes
an operand. Each is as sure as the least sure of its operands: final when all are, and typed or imported when one is.
A day on which an operand has no number is a gap that names it.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from kpis import formulas
from kpis.metrics import METRICS
from kpis.models import Computed, MetricSeries, Operand, Point, Source
from kpis.points import Cell, Told, put_many, series_ids
from kpis.queries.metrics import expression_from
from kpis.sureness import weakest

SAID_WITH_NAME = formulas.MISSING + ":"

Day = tuple[int, date]


@dataclass(frozen=True)
class Counted:
    """A computed series, its formula, and the id of the series that each name stands for."""

    source: Source
    series_id: int
    metric: str
    formula: formulas.Formula
    operands: Mapping[str, int]


# --- Which -----------------------------------------------------------------------------------------------------------


def counted(found: Iterable[Computed]) -> list[Counted]:
    rows = Operand.objects.filter(computed__in=found).select_related("computed__series__source__project")
    by_series: dict[Computed, dict[str, int]] = defaultdict(dict)
    for row in rows:
        by_series[row.computed][row.name] = row.series_id
    return [
        Counted(one.series.source, one.series_id, one.series.metric, formulas.parse(one.expression), operands)
        for one, operands in by_series.items()
    ]


def counted_from(sources: Collection[int]) -> list[Counted]:
    """What is counted from any series of these sources; one query says that nothing is.

    The rows stay locked, so that of two workers who change two operands the second sees what the first has written.
    """
    named = Operand.objects.filter(series__source__among=sources) if sources else Operand.objects.none()
    ids = set(named.order_by().values_list("computed", flat=True))
    return counted(list(Computed.objects.select_for_update().filter(pk__in=ids).order_by("pk"))) if ids else []


# --- Following -------------------------------------------------------------------------------------------------------


def follow(told: Sequence[Told], changed: Mapping[int, int], *, closed: bool = False) -> None:
    """Count again what hangs on the sources that changed; `closed`: some of them had days that became final."""
    sources = {one.source.pk for one in told if closed or changed.get(one.source.pk)}
    waiting = counted_from(sources)
    if not waiting:
        return
    days = sorted({cell.day for one in told if one.source.pk in sources for cell in one.cells})
    settled = min((one.settled_before for one in told if one.settled_before), default=None)
    recount(waiting, {*days, *open_days(waiting)}, settled_before=settled)


def open_days(waiting: Sequence[Counted]) -> set[date]:
    """Days that were counted from provisional numbers, which may be final by now."""
    points = Point.objects.filter(series__in=[one.series_id for one in waiting], final=False)
    return set(points.order_by().values_list("day", flat=True))


def recount(waiting: Sequence[Counted], days: Collection[date], *, settled_before: date | None = None) -> None:
    cells = cells_of(waiting, days)
    put_many(
        [
            Told(source, [cell for one in own for cell in cells[one.series_id]], None, settled_before)
            for source, own in by_source(waiting)
        ]
    )


def by_source(waiting: Sequence[Counted]) -> list[tuple[Source, list[Counted]]]:
    grouped: dict[int, list[Counted]] = defaultdict(list)
    for one in waiting:
        grouped[one.source.pk].append(one)
    return [(own[0].source, own) for own in grouped.values()]


def cells_of(waiting: Sequence[Counted], days: Collection[date] | None = None) -> dict[int, list[Cell]]:
    """For each computed series what its days come to; None: every day that an operand speaks of."""
    known = points_of({series_id for one in waiting for series_id in one.operands.values()}, days)
    spoken = defaultdict(set)
    for series_id, day in known:
        spoken[series_id].add(day)
    return {
        one.series_id: [
            cell_of(one, day, known) for day in sorted(set().union(*(spoken[pk] for pk in one.operands.values())))
        ]
        for one in waiting
    }


def points_of(series: Collection[int], days: Collection[date] | None) -> dict[Day, Point]:
    rows = Point.objects.filter(series__in=series).only("series_id", "day", "value", "final", "provenance").order_by()
    if days is not None:
        rows = rows.filter(day__in=days)
    return {(row.series_id, row.day): row for row in rows.iterator(chunk_size=5000)}


def cell_of(one: Counted, day: date, known: Mapping[Day, Point]) -> Cell:
    points = [point for pk in one.operands.values() if (point := known.get((pk, day))) and point.value is not None]
    values = {name: known[pk, day].value for name, pk in one.operands.items() if (pk, day) in known}
    outcome = formulas.evaluate(one.formula, values)
    if outcome.value is None:
        reason = reason_of(outcome)
        return Cell(one.metric, day, None, not outcome.missing, reason)
    return Cell(
        one.metric,
        day,
        outcome.value,
        all(point.final for point in points),
        "",
        weakest(point.provenance for point in points),
    )


def reason_of(outcome: formulas.Outcome) -> str:
    """A code that names the first missing metric; a point has no room for all."""
    if not outcome.missing:
        return outcome.reason
    return (SAID_WITH_NAME + outcome.missing[0].partition("@")[0])[: Point._meta.get_field("reason").max_length]


# --- Beginning -------------------------------------------------------------------------------------------------------


def begin(
    source: Source, metric: str, expression: str, *, version: int, operands: Mapping[str, tuple[int, str]]
) -> None:
    """Begin a computed series with all the history that its operands have; one that is there already stays.

    `operands`: for each name in the expression the id of a source and its metric.
    """
    wait_for({source_id for source_id, _metric in operands.values()})
    ids = series_ids([(source.pk, metric), *operands.values()])
    computed, is_new = Computed.objects.get_or_create(
        series_id=ids[source.pk, metric], defaults={"expression": expression, "version": version}
    )
    if is_new:
        Operand.objects.bulk_create(
            Operand(computed=computed, name=name, series_id=ids[key]) for name, key in operands.items()
        )
        waiting = counted(Computed.objects.filter(pk=computed.pk))
        put_many([Told(source, cells) for cells in cells_of(waiting).values()])


def wait_for(sources: Collection[int]) -> None:
    """Let whoever is writing these sources' numbers finish: they can't know yet that something is counted from them,
    and whoever comes next will. Recording takes the same rows first, so neither waits for the other's series."""
    rows = Source.objects.select_for_update(no_key=True).filter(pk__in=sources)
    list(rows.order_by("pk").values_list("pk"))


def begin_from_catalogue(source: Source, code: str) -> None:
    """Begin a metric that the catalogue can count from what the source gives; nothing for one that it gives itself."""
    if not METRICS[code].expressions or code in (given := given_by(source)):
        return
    if expression := expression_from(code, given):
        operands = {name: (source.pk, name) for name in formulas.parse(expression).names}
        begin(source, code, expression, version=METRICS[code].version, operands=operands)


def given_by(source: Source) -> set[str]:
    kept = MetricSeries.objects.filter(source=source).values_list("metric", flat=True)
    return {*kept, *source.told}


def computed_metrics(source: Source) -> set[str]:
    """What is counted here, and so is taken from nobody: the terms that stand on it say how it is counted."""
    return set(MetricSeries.objects.filter(source=source, computed__isnull=False).values_list("metric", flat=True))


def pinned(source: Source, code: str) -> dict | None:
    """How a computed series is counted, for good: `{"version", "expression", "operands": [{"name", "metric",
    "source"}]}`; None for a series that is told."""
    computed = Computed.objects.filter(series__source=source, series__metric=code).first()
    if computed is None:
        return None
    operands = computed.operands.select_related("series__source")
    return {"version": computed.version, "expression": computed.expression, "operands": list(operands)}


# --- Rebuilding ------------------------------------------------------------------------------------------------------


def differences(source: Source) -> Iterator[tuple[tuple[str, date], Cell | None, Cell | None]]:
    """Each computed point of a source that its operands do not say: metric and day, what is there, what should be."""
    for one in counted(Computed.objects.filter(series__source=source)):
        expected = {cell.day: cell for cell in cells_of([one])[one.series_id]}
        kept = {row.day: as_cell(one.metric, row) for row in Point.objects.filter(series=one.series_id)}
        for day in sorted(kept.keys() | expected.keys()):
            if kept.get(day) != expected.get(day):
                yield (one.metric, day), kept.get(day), expected.get(day)


def as_cell(metric: str, row: Point) -> Cell:
    return Cell(metric, row.day, row.value, row.final, row.reason, row.provenance)
