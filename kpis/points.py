"""How points are written: one rule for what replaces what, one statement that holds it, and the latest value beside.

The rule, for what is already there (old) and what comes (new), on the same metric and day:

- a gap never replaces a number; it may give a better reason to another gap;
- a number replaces a gap;
- what the platform itself measured replaces what was imported or typed, never the other way round;
- between two of the same origin the later wins, but a provisional number never replaces a final one;
- what says the same changes nothing: not even which snapshot the point came from.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import connection
from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone

from kpis.metrics import FLOWS
from kpis.models import MetricSeries, Point, Snapshot, Source

MEASURED = Point.Provenance.MEASURED
SMALLEST = Decimal("0.000001")


@dataclass(frozen=True, slots=True)
class Cell:
    """What is told about one metric on one day: a number, or None with a reason."""

    metric: str
    day: date
    value: Decimal | None
    final: bool = True
    reason: str = ""
    provenance: str = MEASURED


def replaces(new: Cell, old: Cell) -> bool:
    """Whether what comes takes the place of what is there; the SQL below says the same."""
    if new.value is None:
        return old.value is None and new.reason != old.reason
    if old.value is None:
        return True
    if (new.value, new.final, new.provenance) == (old.value, old.final, old.provenance):
        return False
    if new.provenance != MEASURED or old.provenance != MEASURED:
        return new.provenance == MEASURED or old.provenance != MEASURED
    return new.final or not old.final


UPSERT = """
INSERT INTO kpis_point (series_id, day, value, final, reason, provenance, snapshot_id) {rows}
ON CONFLICT (series_id, day) DO UPDATE SET
    value = excluded.value, final = excluded.final, reason = excluded.reason,
    provenance = excluded.provenance, snapshot_id = excluded.snapshot_id
WHERE CASE
    WHEN excluded.value IS NULL THEN kpis_point.value IS NULL AND excluded.reason <> kpis_point.reason
    WHEN kpis_point.value IS NULL THEN TRUE
    WHEN excluded.value = kpis_point.value AND excluded.final = kpis_point.final
        AND excluded.provenance = kpis_point.provenance THEN FALSE
    WHEN excluded.provenance <> 'measured' OR kpis_point.provenance <> 'measured'
        THEN excluded.provenance = 'measured' OR kpis_point.provenance <> 'measured'
    ELSE excluded.final OR NOT kpis_point.final
END
"""


def put_points(source: Source, cells: Sequence[Cell], *, snapshot: Snapshot | None) -> int:
    """Write the cells by the rule, at most one for a metric and day. Returns how many points changed."""
    ids = series_ids(source, dict.fromkeys(cell.metric for cell in cells))
    write = _write_by_copy if connection.vendor == "postgresql" else _write_row_by_row
    changed = write(cells, ids, snapshot.pk if snapshot else None)
    refresh_latest(changed)
    return sum(changed.values())


def series_ids(source: Source, metrics: Iterable[str]) -> dict[str, int]:
    """The id of each metric's series; series that are not there yet are made."""
    metrics = list(metrics)
    known = dict(source.series.values_list("metric", "pk"))
    missing = [metric for metric in metrics if metric not in known]
    if missing:
        MetricSeries.objects.bulk_create(
            [MetricSeries(source=source, metric=metric) for metric in missing], ignore_conflicts=True
        )
        known = dict(source.series.values_list("metric", "pk"))
    return {metric: known[metric] for metric in metrics}


def _write_by_copy(cells: Sequence[Cell], ids: Mapping[str, int], snapshot_id: int | None) -> dict[int, int]:
    """PostgreSQL: every row in one statement, as arrays, which keeps pace with COPY into a temporary table.

    What says the same as before is left out by the join, because an upsert locks even the rows that it leaves alone.
    """
    if not cells:
        return {}
    rows = """
        SELECT told.*, %s
        FROM unnest(%s::bigint[], %s::date[], %s::numeric[], %s::boolean[], %s::text[], %s::text[])
            AS told (series, day, value, final, reason, provenance)
        LEFT JOIN kpis_point AS old ON old.series_id = told.series AND old.day = told.day
        WHERE old.series_id IS NULL OR (old.value, old.final, old.reason, old.provenance)
            IS DISTINCT FROM (told.value, told.final, told.reason, told.provenance)
        ORDER BY told.series, told.day
    """
    statement = (
        f"WITH changed AS ({UPSERT.format(rows=rows)} RETURNING kpis_point.series_id) "  # noqa: S608 - no words of others
        "SELECT series_id, count(*) FROM changed GROUP BY series_id"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [snapshot_id, *_as_arrays(cells, ids)])
        return dict(cursor.fetchall())


def _as_arrays(cells: Sequence[Cell], ids: Mapping[str, int]) -> list[str]:
    """The columns as PostgreSQL's array literals. Reasons and provenances are our own words, never a reader's."""
    words = {word: f'"{word}"' for word in {cell.reason for cell in cells} | {cell.provenance for cell in cells}}
    days = {day: day.isoformat() for day in {cell.day for cell in cells}}
    columns = (
        [str(ids[cell.metric]) for cell in cells],
        [days[cell.day] for cell in cells],
        ["NULL" if cell.value is None else str(cell.value) for cell in cells],
        ["t" if cell.final else "f" for cell in cells],
        [words[cell.reason] for cell in cells],
        [words[cell.provenance] for cell in cells],
    )
    return [f"{{{','.join(column)}}}" for column in columns]


def _write_row_by_row(cells: Sequence[Cell], ids: Mapping[str, int], snapshot_id: int | None) -> dict[int, int]:
    """Any database with ON CONFLICT; the count of a batch says whether its series changed."""
    by_metric: dict[str, list[tuple]] = {metric: [] for metric in ids}
    adapt = connection.ops.adapt_decimalfield_value
    for cell in cells:
        value = None if cell.value is None else adapt(cell.value, 24, 6)
        row = (ids[cell.metric], cell.day.isoformat(), value, cell.final, cell.reason, cell.provenance, snapshot_id)
        by_metric[cell.metric].append(row)
    changed = {}
    with connection.cursor() as cursor:
        for metric, rows in by_metric.items():
            cursor.executemany(UPSERT.format(rows="VALUES (%s, %s, %s, %s, %s, %s, %s)"), rows)
            if cursor.rowcount > 0:
                changed[ids[metric]] = cursor.rowcount
    return changed


def refresh_latest(series: Iterable[int]) -> None:
    """Put the latest value, and the last final day, beside each series that changed.

    What is counted through the day says nothing before its evening: today's provisional visits are drawn on the
    chart, and are not where the KPI stands.
    """
    changed = MetricSeries.objects.filter(pk__in=list(series))
    for source in Source.objects.filter(series__in=changed).distinct():
        known = Point.objects.filter(series=OuterRef("pk"), value__isnull=False).order_by("-day")
        unfinished = Q(final=False, day__gte=timezone.localdate(timezone=source.zone), series__metric__in=FLOWS)
        whole = known.exclude(unfinished)
        changed.filter(source=source).update(
            latest_value=Subquery(whole.values("value")[:1]),
            latest_on=Subquery(whole.values("day")[:1]),
            final_through=Subquery(known.filter(final=True).values("day")[:1]),
            changed_at=timezone.now(),
        )


def close_days(source: Source, metrics: Iterable[str], *, before: date) -> None:
    """What a platform tells only for the present moment: once the day is over, its last number is final."""
    open_points = Point.objects.filter(
        series__source=source, series__metric__in=list(metrics), day__lt=before, final=False, value__isnull=False
    )
    touched = set(open_points.values_list("series", flat=True))
    if touched:
        open_points.update(final=True)
        refresh_latest(touched)
