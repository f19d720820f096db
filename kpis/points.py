"""How points are written: by the rule of `kpis.told`, in the database's own words, and the latest value beside.

Where a platform changes what it had measured of a day that was over, the number that was there is kept as a `Revision`.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone

from kpis.bulk import UPSERT, Written, write_many
from kpis.metrics import FLOWS, SUMS
from kpis.models import MetricSeries, Point, Revision, Snapshot, Source
from kpis.told import MEASURED, Cell, Told, replaces
from kpis.weeks import put_mean_days, refresh_weeks

__all__ = ["Cell", "Told", "close_days", "put_many", "put_points", "refresh_latest", "replaces", "series_ids"]

SMALLEST = Decimal("0.000001")
#: A latest value is looked for here first: a look into these days leaves all older months alone.
RECENT = timedelta(days=62)

SeriesIds = Mapping[tuple[int, str], int]


def put_points(source: Source, cells: Sequence[Cell], *, snapshot: Snapshot | None) -> int:
    """Write one source's cells by the rule. Returns how many points changed."""
    return put_many([Told(source, cells, snapshot.pk if snapshot else None)])[source.pk]


@transaction.atomic(savepoint=False)
def put_many(told: Sequence[Told], *, also: Iterable[int] = (), known: SeriesIds | None = None) -> dict[int, int]:
    """Write many sources' cells by the rule; how many points changed, by source.

    `also`: series to refresh besides. `known`: the sources' series, from whoever has just looked.
    """
    wanted = ((one.source.pk, metric) for one in told for metric in sorted({cell.metric for cell in one.cells}))
    ids = series_ids(wanted, known)
    write = write_many if connection.vendor == "postgresql" else _write_row_by_row
    changed, beside = write(told, ids)
    refresh_latest({*(changed.keys() - beside), *also})
    if beside:  # their latest values are there; what is divided by the week is not
        refresh_weeks(beside, {one.source.pk for one in told})
    counts = dict.fromkeys((one.source.pk for one in told), 0)
    for (source_id, _metric), series_id in ids.items():
        counts[source_id] += changed.get(series_id, 0)
    return counts


def series_ids(wanted: Iterable[tuple[int, str]], known: SeriesIds | None = None) -> dict[tuple[int, str], int]:
    """The id of each source's series of a metric; series that are not there yet are made."""
    keys = dict.fromkeys(wanted)
    if known is None:
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


def _write_row_by_row(told: Sequence[Told], ids: SeriesIds) -> Written:
    """Any database with ON CONFLICT."""
    changed: dict[int, int] = {}
    for one in told:
        own = {metric: series_id for (source_id, metric), series_id in ids.items() if source_id == one.source.pk}
        before = _settled_values(one, own)
        changed |= _write_source(one, own)
        _keep_revisions(one, before, _settled_values(one, own) if before else {})
    return Written(changed, set())


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
    """Put the latest value, the last final day and the number of the last week beside each series that changed."""
    chosen = set(series)
    if not chosen:
        return
    rows = _rows_of(chosen)
    _put_latest(rows, since=timezone.localdate() - RECENT)
    long_ago = MetricSeries.objects.filter(Q(latest_on=None) | Q(final_through=None), pk__among=chosen)
    _put_latest(_rows_of(set(long_ago.values_list("pk", flat=True))), since=None)
    refresh_weeks(chosen, {source_id for _pk, _metric, source_id, _zone in rows})


def _put_latest(rows: Sequence[tuple], *, since: date | None) -> None:
    """What is counted through the day says nothing before its evening: today's provisional visits are drawn on the
    chart, and are not where the KPI stands. What day it is today depends on the account's zone.
    """
    known = Point.objects.filter(series=OuterRef("pk"), value__isnull=False).order_by("-day")
    known = known.filter(day__gte=since) if since else known
    by_today: dict[date, list[int]] = {}
    for series_id, _metric, _source, zone in rows:
        by_today.setdefault(timezone.localdate(timezone=ZoneInfo(zone)), []).append(series_id)
    for today, ids in by_today.items():
        whole = known.exclude(Q(final=False, day__gte=today, series__metric__in=FLOWS))
        MetricSeries.objects.filter(pk__among=ids).update(
            latest_value=Subquery(whole.values("value")[:1]),
            latest_on=Subquery(whole.values("day")[:1]),
            final_through=Subquery(known.filter(final=True).values("day")[:1]),
            changed_at=timezone.now(),
        )
    if sums := [series_id for series_id, metric, _source, _zone in rows if metric in SUMS]:
        put_mean_days(sums, since=since)


def _rows_of(series: set[int]) -> list[tuple[int, str, int, str]]:
    rows = MetricSeries.objects.filter(pk__among=series).order_by()
    return list(rows.values_list("pk", "metric", "source_id", "source__timezone")) if series else []


def close_days(series: Iterable[int], *, before: date) -> set[int]:
    """What a platform tells only for the present moment: once the day is over, its last number is final.

    Returns the series that changed, whose latest values want refreshing.
    """
    series = list(series)
    if not series:
        return set()
    open_points = Point.objects.filter(
        series__among=series, day__lt=before, final=False, value__isnull=False
    ).order_by()
    touched = set(open_points.values_list("series", flat=True))
    if touched:
        open_points.update(final=True)
    return touched
