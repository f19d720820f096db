"""How points are written: one rule for what replaces what, one statement that holds it, and the latest value beside.

The rule, for what is already there (old) and what comes (new), on the same metric and day:

- a gap never replaces a number; it may give a better reason to another gap;
- a number replaces a gap;
- what the platform itself measured replaces what was imported or typed, never the other way round;
- between two of the same origin the later wins, but a provisional number never replaces a final one;
- what says the same changes nothing: not even which snapshot the point came from.

Where a platform changes what it had measured of a day that was over, the number that was there is kept as a `Revision`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone

from kpis.metrics import FLOWS
from kpis.models import MetricSeries, Point, Revision, Snapshot, Source

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


@dataclass(frozen=True)
class Told:
    """What one snapshot (None: nothing verbatim) tells about one source, at most one cell for a metric and day.

    A measured number of a day before `settled_before` was told when that day was over: replacing it is a revision.
    """

    source: Source
    cells: Sequence[Cell]
    snapshot_id: int | None = None
    settled_before: date | None = None

    def is_settled(self, cell: Cell) -> bool:
        return self.settled_before is not None and cell.day < self.settled_before and cell.provenance == MEASURED


SeriesIds = Mapping[tuple[int, str], int]


def put_points(source: Source, cells: Sequence[Cell], *, snapshot: Snapshot | None) -> int:
    """Write one source's cells by the rule. Returns how many points changed."""
    return put_many([Told(source, cells, snapshot.pk if snapshot else None)])[source.pk]


def put_many(told: Sequence[Told], *, also: Iterable[int] = ()) -> dict[int, int]:
    """Write many sources' cells by the rule; how many points changed, by source. `also`: series to refresh besides."""
    ids = series_ids((one.source.pk, cell.metric) for one in told for cell in one.cells)
    write = _write_by_copy if connection.vendor == "postgresql" else _write_row_by_row
    changed = write(told, ids)
    refresh_latest({*changed, *also})
    counts = dict.fromkeys((one.source.pk for one in told), 0)
    for (source_id, _metric), series_id in ids.items():
        counts[source_id] += changed.get(series_id, 0)
    return counts


def series_ids(wanted: Iterable[tuple[int, str]]) -> dict[tuple[int, str], int]:
    """The id of each source's series of a metric; series that are not there yet are made."""
    keys = dict.fromkeys(wanted)
    known = known_series({source_id for source_id, _metric in keys})
    missing = [MetricSeries(source_id=source_id, metric=metric) for source_id, metric in keys.keys() - known.keys()]
    if missing:
        missing.sort(key=lambda series: (series.source_id, series.metric))
        MetricSeries.objects.bulk_create(missing, ignore_conflicts=True)
        known = known_series({source_id for source_id, _metric in keys})
    return {key: known[key] for key in keys}


def known_series(sources: Iterable[int]) -> dict[tuple[int, str], int]:
    rows = MetricSeries.objects.filter(source__among=sources).values_list("source_id", "metric", "pk")
    return {(source_id, metric): series_id for source_id, metric, series_id in rows.order_by()}


#: Every row in one statement, as arrays, which keeps pace with COPY into a temporary table. What says the same as
#: before is left out by the join, because an upsert locks even the rows that it leaves alone. `kpis_point` in the
#: same statement is as it was before it, so what was there is at hand for the revisions.
MANY = f"""
WITH told AS (
    SELECT told.*, old.value AS was, old.provenance AS was_from
    FROM unnest(%s::bigint[], %s::date[], %s::numeric[], %s::boolean[], %s::text[], %s::text[], %s::bigint[],
        %s::boolean[]) AS told (series_id, day, value, final, reason, provenance, snapshot_id, settled)
    LEFT JOIN kpis_point AS old ON old.series_id = told.series_id AND old.day = told.day
    WHERE old.series_id IS NULL OR (old.value, old.final, old.reason, old.provenance)
        IS DISTINCT FROM (told.value, told.final, told.reason, told.provenance)
), changed AS (
    {UPSERT.format(rows="SELECT series_id, day, value, final, reason, provenance, snapshot_id FROM told ORDER BY 1, 2")}
    RETURNING kpis_point.series_id, kpis_point.day, kpis_point.value
), revised AS (
    INSERT INTO kpis_revision (series_id, day, before, after, snapshot_id, at)
    SELECT told.series_id, told.day, told.was, changed.value, told.snapshot_id, %s
    FROM told JOIN changed ON changed.series_id = told.series_id AND changed.day = told.day
    WHERE told.settled AND told.was_from = 'measured' AND told.was <> changed.value
)
SELECT series_id, count(*) FROM changed GROUP BY series_id
"""  # noqa: S608 - no words of others


def _write_by_copy(told: Sequence[Told], ids: SeriesIds) -> dict[int, int]:
    """PostgreSQL. Returns how many points changed, by series."""
    if not ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(MANY, [*_as_arrays(told, ids), timezone.now()])
        return dict(cursor.fetchall())


def _as_arrays(told: Sequence[Told], ids: SeriesIds) -> list[str]:
    """The columns as PostgreSQL's array literals. Reasons and provenances are our own words, never a reader's."""
    rows = [(one, cell) for one in told for cell in one.cells]
    words = {word: f'"{word}"' for _one, cell in rows for word in (cell.reason, cell.provenance)}
    days = {day: day.isoformat() for day in {cell.day for _one, cell in rows}}
    columns = (
        [str(ids[one.source.pk, cell.metric]) for one, cell in rows],
        [days[cell.day] for _one, cell in rows],
        ["NULL" if cell.value is None else str(cell.value) for _one, cell in rows],
        ["t" if cell.final else "f" for _one, cell in rows],
        [words[cell.reason] for _one, cell in rows],
        [words[cell.provenance] for _one, cell in rows],
        [str(one.snapshot_id or "NULL") for one, _cell in rows],
        ["t" if one.is_settled(cell) else "f" for one, cell in rows],
    )
    return [f"{{{','.join(column)}}}" for column in columns]


def _write_row_by_row(told: Sequence[Told], ids: SeriesIds) -> dict[int, int]:
    """Any database with ON CONFLICT. Returns how many points changed, by series."""
    changed: dict[int, int] = {}
    for one in told:
        own = {metric: series_id for (source_id, metric), series_id in ids.items() if source_id == one.source.pk}
        before = _settled_values(one, own)
        changed |= _write_source(one, own)
        _keep_revisions(one, before, _settled_values(one, own) if before else {})
    return changed


def _write_source(told: Told, ids: Mapping[str, int]) -> dict[int, int]:
    """The count of a batch says whether its series changed."""
    by_metric: dict[str, list[tuple]] = {}
    adapt = connection.ops.adapt_decimalfield_value
    for cell in told.cells:
        value = None if cell.value is None else adapt(cell.value, 24, 6)
        row = (ids[cell.metric], cell.day.isoformat(), value, cell.final, cell.reason, cell.provenance)
        by_metric.setdefault(cell.metric, []).append((*row, told.snapshot_id))
    changed = {}
    with connection.cursor() as cursor:
        for metric, rows in by_metric.items():
            cursor.executemany(UPSERT.format(rows="VALUES (%s, %s, %s, %s, %s, %s, %s)"), rows)
            if cursor.rowcount > 0:
                changed[ids[metric]] = cursor.rowcount
    return changed


def _settled_values(told: Told, ids: Mapping[str, int]) -> dict[tuple[int, date], Decimal]:
    """What is known by measuring of those days that were over when it was told."""
    days = [cell.day for cell in told.cells if told.is_settled(cell)]
    if not days:
        return {}
    rows = Point.objects.filter(series__in=ids.values(), day__range=(min(days), max(days)), provenance=MEASURED)
    values = rows.exclude(value=None).values_list("series_id", "day", "value")
    return {(series_id, day): value for series_id, day, value in values}


def _keep_revisions(told: Told, before: Mapping, after: Mapping) -> None:
    at = timezone.now()
    Revision.objects.bulk_create(
        Revision(series_id=key[0], day=key[1], before=old, after=after[key], snapshot_id=told.snapshot_id, at=at)
        for key, old in before.items()
        if after.get(key, old) != old
    )


def refresh_latest(series: Iterable[int]) -> None:
    """Put the latest value, and the last final day, beside each series that changed.

    What is counted through the day says nothing before its evening: today's provisional visits are drawn on the
    chart, and are not where the KPI stands. What day it is today depends on the account's zone.
    """
    zones = MetricSeries.objects.filter(pk__among=series).order_by().values_list("pk", "source__timezone")
    by_today: dict[date, list[int]] = {}
    for series_id, zone in zones:
        by_today.setdefault(timezone.localdate(timezone=ZoneInfo(zone)), []).append(series_id)
    known = Point.objects.filter(series=OuterRef("pk"), value__isnull=False).order_by("-day")
    for today, ids in by_today.items():
        whole = known.exclude(Q(final=False, day__gte=today, series__metric__in=FLOWS))
        MetricSeries.objects.filter(pk__among=ids).update(
            latest_value=Subquery(whole.values("value")[:1]),
            latest_on=Subquery(whole.values("day")[:1]),
            final_through=Subquery(known.filter(final=True).values("day")[:1]),
            changed_at=timezone.now(),
        )


def close_days(series: Iterable[int], *, before: date) -> set[int]:
    """What a platform tells only for the present moment: once the day is over, its last number is final.

    Returns the series that changed, whose latest values want refreshing.
    """
    open_points = Point.objects.filter(
        series__among=series, day__lt=before, final=False, value__isnull=False
    ).order_by()
    touched = set(open_points.values_list("series", flat=True))
    if touched:
        open_points.update(final=True)
    return touched
