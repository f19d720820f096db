"""What was said, kept verbatim, and what was read in it, kept beside: one transaction, and a chain of hashes.

Points can be read again from the snapshots alone (`read_again`, `expected_points`); `manage.py rebuild_points` does.
"""

import base64
import hashlib
import json
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.db.models import OuterRef, Subquery

from kpis import imports
from kpis.computing import computed_metrics, follow
from kpis.connectors import connector_for
from kpis.connectors.contract import Account, Exchange, Gap, Measured, Reading, Window
from kpis.connectors.filters import read_filter
from kpis.models import Point, Snapshot, Source
from kpis.points import SMALLEST, SeriesIds, close_days, known_series, put_many
from kpis.retiring import note_retirements
from kpis.told import Cell, Told, replaces
from smmportal.lookups import as_array

#: Fast enough not to be felt beside the database, and platforms' JSON still shrinks five times and more.
COMPRESSION = 1
#: Answers below so many bytes are packed with small tables: preparing the usual ones costs more than the packing.
SHORT = 1024
COMPACT = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=str)
IMPORTED = Point.Provenance.IMPORTED


@dataclass(frozen=True)
class Recorded:
    """What one recording left behind: the snapshot's id (None when nothing was said) and how many points changed."""

    snapshot_id: int | None
    changed: int


# --- Three things that are said -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Visit:
    """What one visit to the platform brought, for which days and metrics it was asked.

    `retired` were not asked for, because the platform had said earlier that day that it no longer knows them.
    """

    source: Source
    reading: Reading
    window: Window
    metrics: Sequence[str]
    retired: Sequence[str] = ()

    @property
    def cells(self) -> list[Cell]:
        return [*as_cells(self.reading.points, self.reading.gaps), *retired_cells(self.retired, self.window)]

    @property
    def today(self) -> date:
        return self.reading.taken_at.astimezone(self.source.zone).date()

    @property
    def settled_before(self) -> date | None:
        """What was known of the days before the last success was told when they were over."""
        last = self.source.last_success_at
        return last.astimezone(self.source.zone).date() if last else None


@transaction.atomic
def record_reading(source: Source, reading: Reading, *, window: Window, metrics: Sequence[str]) -> Recorded:
    """Keep what the platform answered and what it means. Recording the same twice changes no point."""
    return record_visits([Visit(source, reading, window, metrics)])[0]


@transaction.atomic
def record_visits(visits: Sequence[Visit], *, held: bool = False) -> list[Recorded]:
    """Keep many sources' visits, each source's at most once, in a constant number of statements.

    `held`: their rows are locked already.
    """
    told = [visit for visit in visits if visit.reading.exchanges]
    snapshots = add_links([link_of(visit) for visit in told], held=held)
    known = known_series({visit.source.pk for visit in told})
    closed = close_finished_days(told, known)
    cells = [
        Told(visit.source, visit.cells, snapshot_id, visit.settled_before)
        for visit, snapshot_id in zip(told, snapshots, strict=True)
    ]
    changed = put_many(cells, also=closed, known=known)
    follow(cells, changed, closed=bool(closed))
    fresh = [visit for visit in told if visit.window.last >= visit.today]
    note_retirements((visit.source, visit.reading, visit.today) for visit in fresh)
    kept = {visit.source.pk: snapshot_id for visit, snapshot_id in zip(told, snapshots, strict=True)}
    return [Recorded(kept.get(visit.source.pk), changed.get(visit.source.pk, 0)) for visit in visits]


def link_of(visit: Visit) -> "Link":
    source = visit.source
    content = {
        "account": {
            "external_id": source.external_id,
            "timezone": source.timezone,
            "began_on": source.began_on,
            "filter": source.filter,
        },
        "metrics": list(visit.metrics),
        "exchanges": [written(exchange) for exchange in visit.reading.exchanges],
        **({"retired": list(visit.retired)} if visit.retired else {}),
    }
    return Link(source.pk, "pull", visit.reading.taken_at, visit.window.first, visit.window.last, pack(content))


def close_finished_days(visits: Sequence[Visit], known: SeriesIds) -> set[int]:
    """The series of which yesterday's last number became final."""
    by_today: dict[date, list[int]] = {}
    for visit in visits:
        keys = ((visit.source.pk, metric) for metric in only_now(visit.source))
        by_today.setdefault(visit.today, []).extend(known[key] for key in keys if key in known)
    return set().union(*(close_days(series, before=today) for today, series in by_today.items()))


@transaction.atomic
def record_file(source: Source, content: Mapping[str, Any], *, taken_at: datetime, by) -> Recorded:
    """Keep one account's lines of a file as they were written, and the numbers in them."""
    return _record_given(source, Snapshot.Kind.FILE, content, taken_at=taken_at, by=by)


@transaction.atomic
def record_given_points(
    source: Source, metric: str, values: Mapping[date, Decimal | None], *, taken_at: datetime, by
) -> Recorded:
    """Keep numbers that a program sent for one metric."""
    content = {
        "metric": metric,
        "points": [[day, None if value is None else str(value)] for day, value in values.items()],
    }
    return _record_given(source, Snapshot.Kind.API, content, taken_at=taken_at, by=by)


@transaction.atomic
def record_typed(
    source: Source,
    values: Sequence[tuple[str, date, Decimal | None, Decimal | None]],
    *,
    taken_at: datetime,
    by,
) -> Recorded:
    """Keep what a person typed: metric, day, number (None takes back what was typed), and what stood there before.

    Who typed is in the content too, where the chain of hashes covers it.
    """
    told = [
        {"metric": metric, "day": day, "value": _plain(value), "was": _plain(was)} for metric, day, value, was in values
    ]
    content = {"by": {"id": by.pk, "name": by.name}, "numbers": told}
    return _record_given(source, Snapshot.Kind.HAND, content, taken_at=taken_at, by=by)


def _plain(value: Decimal | None) -> str | None:
    return None if value is None else f"{value.normalize():f}"


def _record_given(source: Source, kind: str, content: Mapping[str, Any], *, taken_at: datetime, by) -> Recorded:
    source = Source.objects.select_for_update().get(pk=source.pk)
    cells = GIVEN[kind](json.loads(_json(content)))
    if not cells or _says_the_same(source, kind, content):
        return Recorded(None, 0)
    window = Window(min(cell.day for cell in cells), max(cell.day for cell in cells))
    snapshot_id = take_snapshot(source, kind, content, window=window, taken_at=taken_at, by=by)
    counted = computed_metrics(source)
    told = [Told(source, [cell for cell in cells if cell.metric not in counted], snapshot_id)]
    changed = put_many(told)
    follow(told, changed)
    return Recorded(snapshot_id, changed[source.pk])


def _says_the_same(source: Source, kind: str, content: Mapping[str, Any]) -> bool:
    """Whether the source's last snapshot is this very content: brought again, it adds nothing."""
    last = source.snapshots.order_by("-pk").first()
    return last is not None and last.kind == kind and bytes(last.body) == pack(content)


# --- Snapshots ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Link:
    """A snapshot that is not yet in the chain of its source."""

    source_id: int
    kind: str
    taken_at: datetime
    first_day: date
    last_day: date
    body: bytes
    taken_by_id: int | None = None


def take_snapshot(
    source: Source, kind: str, content: Mapping[str, Any], *, window: Window, taken_at: datetime, by=None
) -> int:
    """Add one link to the source's chain; its id."""
    return add_links([Link(source.pk, kind, taken_at, window.first, window.last, pack(content), by and by.pk)])[0]


def add_links(links: Sequence[Link], *, held: bool = False) -> list[int]:
    """Add one link to the chain of each source; their ids. The rows stay locked, so that no chain forks.

    `held`: they are locked already.
    """
    if not links:
        return []
    ids = [link.source_id for link in links]
    if not held:
        list(Source.objects.select_for_update().filter(pk__among=ids).order_by("pk").values_list("pk"))
    newest = Snapshot.objects.filter(source=OuterRef("pk")).order_by("-pk").values("content_hash")[:1]
    tips = dict(Source.objects.filter(pk__among=ids).annotate(tip=Subquery(newest)).order_by().values_list("pk", "tip"))
    insert = _insert_arrays if connection.vendor == "postgresql" else _insert_rows
    return insert(links, [tips[source_id] or "" for source_id in ids])


def _insert_rows(links: Sequence[Link], previous: Sequence[str]) -> list[int]:
    made = Snapshot.objects.bulk_create(
        Snapshot(**vars(link), previous_hash=before, content_hash=_hash_of(link, before))
        for link, before in zip(links, previous, strict=True)
    )
    return [snapshot.pk for snapshot in made]


def _insert_arrays(links: Sequence[Link], previous: Sequence[str]) -> list[int]:
    """PostgreSQL: the rows as arrays, in one statement of a few parameters."""
    columns = zip(*(vars(link).values() for link in links), strict=True)
    hashes = [_hash_of(link, before) for link, before in zip(links, previous, strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO kpis_snapshot
                (source_id, kind, taken_at, first_day, last_day, body, taken_by_id, previous_hash, content_hash)
            SELECT * FROM unnest(%s::bigint[], %s::text[], %s::timestamptz[], %s::date[], %s::date[], %s::bytea[],
                %s::bigint[], %s::text[], %s::text[])
            RETURNING source_id, id
            """,
            [*map(as_array, (*columns, previous, hashes))],
        )
        made = dict(cursor.fetchall())
    return [made[link.source_id] for link in links]


def chain_hash(
    source_id: int, kind: str, taken_at: datetime, first: date, last: date, body: bytes, previous: str
) -> str:
    """SHA-256 over everything a snapshot says and over the one before it, in hexadecimal."""
    head = f"{source_id} {kind} {taken_at.astimezone(UTC).isoformat()} {first} {last} {previous}\n"
    return hashlib.sha256(head.encode() + body).hexdigest()


def pack(content: Mapping[str, Any]) -> bytes:
    text = _json(content).encode()
    window, memory = (10, 4) if len(text) < SHORT else (zlib.MAX_WBITS, zlib.DEF_MEM_LEVEL)
    packing = zlib.compressobj(COMPRESSION, zlib.DEFLATED, window, memory)
    return packing.compress(text) + packing.flush()


def unpack(snapshot: Snapshot) -> dict[str, Any]:
    return json.loads(zlib.decompress(bytes(snapshot.body)))


def _json(content: Mapping[str, Any]) -> str:
    return COMPACT.encode(content)


def written(exchange: Exchange) -> dict[str, Any]:
    """An exchange as it is kept; an answer that is not text is kept all the same, byte for byte."""
    kept: dict[str, Any] = {"request": exchange.request, "status": exchange.status}
    try:
        return {**kept, "body": exchange.body.decode()}
    except UnicodeDecodeError:
        return {**kept, "body_base64": base64.b64encode(exchange.body).decode()}


def read_kept_exchange(kept: Mapping[str, Any]) -> Exchange:
    body = kept["body"].encode() if "body" in kept else base64.b64decode(kept["body_base64"])
    return Exchange(kept["request"], kept["status"], body)


def verify_snapshots() -> list[str]:
    """One line for each snapshot that is not what it was, or whose chain is broken; nothing when all is well."""
    problems = []
    source_id, previous = None, ""
    for snapshot in Snapshot.objects.order_by("source_id", "pk").iterator(chunk_size=100):
        if snapshot.source_id != source_id:
            source_id, previous = snapshot.source_id, ""
        if snapshot.content_hash != _hash_of(snapshot, snapshot.previous_hash):
            problems.append(f"snapshot {snapshot.pk} of source {source_id}: its content does not match its hash")
        if snapshot.previous_hash != previous:
            problems.append(f"snapshot {snapshot.pk} of source {source_id}: the one before it is gone or was changed")
        previous = snapshot.content_hash
    return problems


def _hash_of(snapshot: "Snapshot | Link", previous: str) -> str:
    return chain_hash(
        snapshot.source_id,
        snapshot.kind,
        snapshot.taken_at,
        snapshot.first_day,
        snapshot.last_day,
        bytes(snapshot.body),
        previous,
    )


# --- Reading again --------------------------------------------------------------------------------------------------


def as_cells(points: Iterable[Measured], gaps: Iterable[Gap]) -> list[Cell]:
    """A reading as rows: numbers, and gaps with their reasons; «not ready» is the one that may still be filled."""
    cells = [Cell(point.metric, point.day, point.value, point.final) for point in points]
    cells += [Cell(gap.metric, gap.day, None, gap.reason != "not_ready", gap.reason) for gap in gaps]
    return cells


def retired_cells(metrics: Iterable[str], window: Window) -> list[Cell]:
    """The gaps of metrics that were not asked for because the platform no longer knows them."""
    return [Cell(metric, day, None, reason="retired") for metric in metrics for day in window]


def read_again(snapshot: Snapshot, source: Source) -> list[Cell]:
    """The cells of a snapshot, out of nothing but what it keeps."""
    content = unpack(snapshot)
    if snapshot.kind != Snapshot.Kind.PULL:
        return GIVEN[snapshot.kind](content)
    account = content["account"]
    began_on = date.fromisoformat(account["began_on"]) if account["began_on"] else None
    window = Window(snapshot.first_day, snapshot.last_day)
    points, gaps = connector_for(source.platform).parse(
        [read_kept_exchange(kept) for kept in content["exchanges"]],
        account=Account(
            account["external_id"],
            timezone=account["timezone"],
            began_on=began_on,
            conditions=read_filter(account.get("filter", "")),
        ),
        window=window,
        metrics=content["metrics"],
        taken_at=snapshot.taken_at,
    )
    return [*as_cells(points, gaps), *retired_cells(content.get("retired", ()), window)]


def _cells_of_file(content: Mapping[str, Any]) -> list[Cell]:
    parsed = imports.parse(imports.read_kept(content), imports.Mapping.from_json(content["mapping"]))
    return [
        Cell(
            entry.metric,
            entry.day,
            entry.value,
            reason="" if entry.value is not None else "empty_in_file",
            provenance=IMPORTED,
        )
        for account in parsed.accounts
        for entry in account.entries
    ]


def _cells_of_api(content: Mapping[str, Any]) -> list[Cell]:
    return [
        Cell(
            content["metric"],
            date.fromisoformat(day),
            None if value is None else Decimal(value),
            reason="" if value is not None else "empty_in_file",
            provenance=IMPORTED,
        )
        for day, value in content["points"]
    ]


def _cells_of_hand(content: Mapping[str, Any]) -> list[Cell]:
    return [
        Cell(
            told["metric"],
            date.fromisoformat(told["day"]),
            None if told["value"] is None else Decimal(told["value"]),
            reason="" if told["value"] is not None else "taken_back",
            provenance=Point.Provenance.MANUAL,
        )
        for told in content["numbers"]
    ]


#: What is told of single posts is no point of the account's (`kpis.post_recording`).
GIVEN = {
    Snapshot.Kind.FILE: _cells_of_file,
    Snapshot.Kind.API: _cells_of_api,
    Snapshot.Kind.HAND: _cells_of_hand,
    Snapshot.Kind.POSTS: lambda content: [],
}


def only_now(source: Source) -> list[str]:
    """The source's metrics that its platform tells only for the present moment."""
    if not source.is_pulled:
        return []
    return [ability.code for ability in source.capabilities.metrics if ability.only_now]


Key = tuple[str, date]


def expected_points(source: Source) -> dict[Key, Cell]:
    """What the source's points should be: its snapshots read again, oldest first, by the rule of `kpis.told`."""
    points: dict[Key, Cell] = {}
    present = set(only_now(source))
    for snapshot in source.snapshots.order_by("pk").iterator(chunk_size=20):
        if snapshot.kind == Snapshot.Kind.PULL:
            _close(points, present, before=snapshot.taken_at.astimezone(source.zone).date())
        for cell in read_again(snapshot, source):
            key = cell.metric, cell.day
            if key not in points or replaces(cell, points[key]):
                points[key] = cell
    return points


def _close(points: dict[Key, Cell], metrics: set[str], *, before: date) -> None:
    for key, cell in points.items():
        if cell.metric in metrics and cell.day < before and cell.value is not None and not cell.final:
            points[key] = cell._replace(final=True)


def kept_points(source: Source) -> dict[Key, Cell]:
    """The points as they are in the database, but those counted from others, which no snapshot knows of."""
    rows = Point.objects.filter(series__source=source, series__computed=None)
    fields = rows.values_list("series__metric", "day", "value", "final", "reason", "provenance")
    return {(metric, day): Cell(metric, day, *rest) for metric, day, *rest in fields.iterator()}


def differences(source: Source) -> Iterator[tuple[Key, Cell | None, Cell | None]]:
    """Each point that is not what the snapshots say: its metric and day, what is there, what should be."""
    kept, expected = kept_points(source), expected_points(source)
    counted = computed_metrics(source)
    for key in sorted(key for key in kept.keys() | expected.keys() if key[0] not in counted):
        here, there = kept.get(key), expected.get(key)
        if _rounded(here) != _rounded(there):
            yield key, here, there


def _rounded(cell: Cell | None) -> Cell | None:
    """A cell with as many decimals as the database keeps."""
    if cell is None or cell.value is None:
        return cell
    return cell._replace(value=cell.value.quantize(SMALLEST))
