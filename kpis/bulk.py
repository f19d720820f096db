"""Many series' cells into PostgreSQL by the rule, latest values too, in one statement; what is all new, by COPY."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from io import StringIO
from itertools import chain
from typing import NamedTuple

from django.db import connection
from django.utils import timezone

from kpis.metrics import FLOWS
from kpis.models import MetricSeries, Source
from kpis.told import Cell, Told
from smmportal.lookups import as_array

#: From so many cells of one series on it pays to look first whether all of them are new.
LONG = 30

UPSERT = """
INSERT INTO kpis_point (series_id, day, value, final, reason, provenance, snapshot_id) {rows}
ON CONFLICT (series_id, day) DO UPDATE SET
    value = excluded.value, final = excluded.final, reason = excluded.reason,
    provenance = excluded.provenance, snapshot_id = excluded.snapshot_id
WHERE CASE
    WHEN excluded.value IS NULL THEN excluded.reason <> kpis_point.reason
        AND (kpis_point.value IS NULL OR (excluded.provenance = 'manual' AND kpis_point.provenance = 'manual'))
    WHEN kpis_point.value IS NULL THEN TRUE
    WHEN excluded.value = kpis_point.value AND excluded.final = kpis_point.final
        AND excluded.provenance = kpis_point.provenance THEN FALSE
    WHEN excluded.provenance <> 'measured' OR kpis_point.provenance <> 'measured'
        THEN excluded.provenance = 'measured' OR kpis_point.provenance <> 'measured'
    ELSE excluded.final OR NOT kpis_point.final
END
"""

LOTS = (
    "unnest(%s::bigint[], %s::boolean[], %s::text[], %s::text[], %s::bigint[], %s::date[], %s::date[], %s::date[]) "
    "WITH ORDINALITY "
    "AS lot (series_id, final, reason, provenance, snapshot_id, settled_before, first, last, number)"
)
#: The limits of all lots together leave most months out before the statement begins.
WITHIN = "old.series_id = lot.series_id AND old.day BETWEEN lot.first AND lot.last AND old.day BETWEEN %s AND %s"

#: Every row in one statement, as arrays, which keeps pace with COPY into a temporary table. What says the same as
#: before is left out by the join, because an upsert locks even the rows that it leaves alone; what was there is read
#: from the index, a span a lot, and is at hand for the revisions. The latest value of a stock can only move forward, to
#: what was just written; a flow's depends on what day it is, and where something was taken away one has to look.
MANY = f"""
WITH lot AS MATERIALIZED (
    SELECT * FROM {LOTS}
), old AS MATERIALIZED (
    SELECT lot.number, old.day, old.value, old.final, old.reason, old.provenance
    FROM lot JOIN kpis_point AS old ON {WITHIN}
), told AS (
    SELECT lot.*, told.day, told.value, old.value AS was, old.final AS was_final,
        old.provenance = 'measured' AND lot.provenance = 'measured' AND told.day < lot.settled_before AS settled
    FROM unnest(%s::int[], %s::date[], %s::numeric[]) AS told (number, day, value)
    JOIN lot ON lot.number = told.number
    LEFT JOIN old ON old.number = told.number AND old.day = told.day
    WHERE old.number IS NULL OR (old.value, old.final, old.reason, old.provenance)
        IS DISTINCT FROM (told.value, lot.final, lot.reason, lot.provenance)
), changed AS (
    {UPSERT.format(rows="SELECT series_id, day, value, final, reason, provenance, snapshot_id FROM told ORDER BY 1, 2")}
    RETURNING kpis_point.series_id, kpis_point.day, kpis_point.value, kpis_point.final
), revised AS (
    INSERT INTO kpis_revision (series_id, day, before, after, snapshot_id, at)
    SELECT told.series_id, told.day, told.was, changed.value, told.snapshot_id, %s
    FROM told JOIN changed ON changed.series_id = told.series_id AND changed.day = told.day
    WHERE told.settled AND told.was <> changed.value
), news AS (
    SELECT series_id, count(*) AS number, max(changed.day) FILTER (WHERE changed.value IS NOT NULL) AS last,
        max(changed.day) FILTER (WHERE changed.value IS NOT NULL AND changed.final) AS final_through,
        (array_agg(changed.value ORDER BY changed.day DESC) FILTER (WHERE changed.value IS NOT NULL))[1] AS latest,
        bool_or(told.was IS NOT NULL AND (changed.value IS NULL OR (told.was_final AND NOT changed.final))) AS lost
    FROM changed JOIN told USING (series_id, day) GROUP BY series_id
), beside AS (
    UPDATE kpis_metricseries AS series SET
        latest_value = CASE WHEN series.latest_on > news.last THEN latest_value ELSE coalesce(latest, latest_value) END,
        latest_on = greatest(latest_on, news.last),
        final_through = greatest(series.final_through, news.final_through),
        changed_at = %s
    FROM news WHERE series.id = news.series_id AND NOT news.lost AND series.metric <> ALL(%s)
    RETURNING series.id
)
SELECT series_id, number, beside.id IS NOT NULL FROM news LEFT JOIN beside ON beside.id = series_id
"""  # noqa: S608 - no words of others

TOUCHED = f"SELECT series_id FROM {LOTS} WHERE EXISTS (SELECT FROM kpis_point AS old WHERE {WITHIN} OFFSET 0)"  # noqa: S608
COPY = "COPY kpis_point (series_id, day, value, final, reason, provenance, snapshot_id) FROM STDIN"
NULL = r"\N"


class Written(NamedTuple):
    """How many points changed, by series; and the series that have their latest value beside them already."""

    changed: dict[int, int]
    beside: set[int]


class Lot(NamedTuple):
    """What is told of one series in one way: all final or all provisional, of one origin, with one reason or none."""

    series_id: int
    final: bool
    reason: str
    provenance: str
    snapshot_id: int | None
    settled_before: date | None
    source_id: int
    cells: list[Cell]


def write_many(told: Iterable[Told], ids: Mapping[tuple[int, str], int]) -> Written:
    """Write the cells by the rule of `kpis.told`, in a transaction."""
    plan_quickly()
    lots = [lot for one in told for lot in lots_of(one, ids)]
    long = {series_id for series_id, count in counts_of(lots).items() if count >= LONG}
    new = copy_new([lot for lot in lots if lot.series_id in long])
    merged = merge([lot for lot in lots if lot.series_id not in new])
    return Written(new | merged.changed, merged.beside)


def plan_quickly() -> None:
    """PostgreSQL takes the arrays for more than they are, and would spend a second on compiling what runs for 50 ms."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL jit = off")


def lots_of(told: Told, ids: Mapping[tuple[int, str], int]) -> list[Lot]:
    found: dict[tuple[str, bool, str, str], list[Cell]] = {}
    for cell in told.cells:
        metric, _day, _value, final, reason, provenance = cell
        found.setdefault((metric, final, reason, provenance), []).append(cell)
    source_id, whence = told.source.pk, (told.snapshot_id, told.settled_before, told.source.pk)
    return [Lot(ids[source_id, metric], *how, *whence, cells) for (metric, *how), cells in found.items()]


def counts_of(lots: Iterable[Lot]) -> dict[int, int]:
    """How many cells each series has."""
    counts: dict[int, int] = defaultdict(int)
    for lot in lots:
        counts[lot.series_id] += len(lot.cells)
    return counts


def as_lots(lots: Sequence[Lot]) -> list:
    """What `LOTS` and `WITHIN` ask for."""
    *columns, _sources, cells = zip(*lots, strict=True)
    firsts = [min(cell.day for cell in some) if len(some) > 1 else some[0].day for some in cells]
    lasts = [max(cell.day for cell in some) if len(some) > 1 else some[0].day for some in cells]
    return [*map(as_array, (*columns, firsts, lasts)), min(firsts), max(lasts)]


# --- What is all new ------------------------------------------------------------------------------------------------


def copy_new(lots: Sequence[Lot]) -> dict[int, int]:
    """Write those of whose days none is known yet, and say how many points that made, by series."""
    if not lots:
        return {}
    hold_sources(lots)
    new = without_touched(without_latest(lots))
    if not new:
        return {}
    with connection.cursor() as cursor, connection.wrap_database_errors:  # Django wraps `execute` only
        cursor.copy_expert(COPY, StringIO("".join(lines_of(new))))
    return counts_of(new)


def without_latest(lots: Sequence[Lot]) -> list[Lot]:
    """What can't be all new is left out without a look at the points: the day of the latest value is among its days."""
    latest = dict(MetricSeries.objects.filter(pk__among={lot.series_id for lot in lots}).values_list("pk", "latest_on"))
    known = {lot.series_id for lot in lots if any(cell.day == latest[lot.series_id] for cell in lot.cells)}
    return [lot for lot in lots if lot.series_id not in known]


def without_touched(lots: Sequence[Lot]) -> list[Lot]:
    if not lots:
        return []
    with connection.cursor() as cursor:
        cursor.execute(TOUCHED, as_lots(lots))
        touched = {series_id for (series_id,) in cursor.fetchall()}
    return [lot for lot in lots if lot.series_id not in touched]


def hold_sources(lots: Sequence[Lot]) -> None:
    """Nobody else may write these days between the look and the COPY; most callers hold the rows already."""
    ids = {lot.source_id for lot in lots}
    list(Source.objects.select_for_update().filter(pk__among=ids).order_by("pk").values_list("pk"))


def lines_of(lots: Iterable[Lot]) -> Iterator[str]:
    """Rows as COPY reads them. Reasons and provenances are our own words, never a reader's."""
    for lot in lots:
        head = f"{lot.series_id}\t"
        tail = f"\t{lot.final}\t{lot.reason}\t{lot.provenance}\t{lot.snapshot_id or NULL}\n"
        for cell in lot.cells:
            yield f"{head}{cell.day.isoformat()}\t{NULL if cell.value is None else cell.value!s}{tail}"


# --- What may be there already --------------------------------------------------------------------------------------


def merge(lots: Sequence[Lot]) -> Written:
    """Write them row by row where they say something new."""
    if not lots:
        return Written({}, set())
    now = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(MANY, [*as_lots(lots), *as_arrays(lots), now, now, list(FLOWS)])
        rows = cursor.fetchall()
    changed = {series_id: number for series_id, number, _beside in rows}
    return Written(changed, {series_id for series_id, _number, beside in rows if beside})


def as_arrays(lots: Sequence[Lot]) -> list[str]:
    """The number of each cell's lot, its day and its value."""
    cells = [cell for lot in lots for cell in lot.cells]
    numbers = chain.from_iterable([number] * len(lot.cells) for number, lot in enumerate(lots, 1))
    return [as_array(numbers), as_array(cell.day for cell in cells), as_array(cell.value for cell in cells)]
