"""What many pulls bring, written in a few statements; a row is written only while its claim still stands."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from kpis.connectors.contract import MetricRetired
from kpis.models import PlatformLogin, Source
from kpis.recording import Visit, record_visits
from kpis.retiring import retire_all
from projects.models import Project
from smmportal.audit import record
from smmportal.lookups import as_array
from smmportal.notifications.actions import announce
from smmportal.people.models import Side

log = logging.getLogger(__name__)

#: What a pull may change on its row, in the order of the statements below.
COLUMNS = {
    "claimed_at": "timestamptz",
    "next_pull_at": "timestamptz",
    "last_success_at": "timestamptz",
    "history_from": "date",
    "is_history_complete": "boolean",
    "attempts": "smallint",
    "error_kind": "text",
    "error_detail": "text",
    "error_words": "text",
}


class ClaimLost(Exception):
    """The claim ran out while we were asking, and another worker has taken the source: what we brought is dropped."""


@dataclass(frozen=True)
class Write:
    """One source's part: what the platform said, if anything, and what is to stand on the row.

    `lost_access` is the moment at which the platform refused the access for good.
    """

    source: Source
    claimed_at: datetime
    fields: dict[str, Any] = field(default_factory=dict)
    visit: Visit | None = None
    lost_access: datetime | None = None


def store(writes: Sequence[Write]) -> list[int | Exception]:
    """Write them all, each source at most once; how many points changed for each, or why it was not written.

    When one of them can't be written, each is tried alone: what a platform sent for one source harms no other.
    """
    try:
        return _store_together(writes)
    except Exception as error:
        if len(writes) == 1:
            log.exception("a pull could not be written", extra={"source": writes[0].source.pk})
            return [error]
        return [store([write])[0] for write in writes]


@transaction.atomic
def _store_together(writes: Sequence[Write]) -> list[int | Exception]:
    _commit_without_waiting()
    rows = _lock(writes)
    ours = [write for write in writes if rows.get(write.source.pk, {}).get("claimed_at") == write.claimed_at]
    visits = [write.visit for write in ours if write.visit]
    recorded = record_visits(visits, held=True)
    changed = {visit.source.pk: one.changed for visit, one in zip(visits, recorded, strict=True)}
    _update_rows([(write.source.pk, *_columns(write, rows[write.source.pk])) for write in ours if write.fields])
    for write in ours:
        if write.lost_access:
            tell_of_lost_access(write.source, write.lost_access)
        if write.visit is None and write.fields.get("error_kind") == MetricRetired.kind:
            retire_all(write.source, write.claimed_at.astimezone(write.source.zone).date())
    held = {write.source.pk for write in ours}
    return [changed.get(pk, 0) if pk in held else ClaimLost() for pk in (write.source.pk for write in writes)]


def _commit_without_waiting() -> None:
    """Not wait for the disk: after a power cut the claims of the last moment stand, and the sources are asked again."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL synchronous_commit = off")


def _lock(writes: Sequence[Write]) -> dict[int, dict[str, Any]]:
    """The rows as they are now; they stay locked to the end of the transaction, in one order for all workers."""
    ids = [write.source.pk for write in writes]
    rows = Source.objects.select_for_update().filter(pk__among=ids).order_by("pk").values("pk", *COLUMNS)
    return {row["pk"]: row for row in rows}


def _columns(write: Write, row: dict[str, Any]) -> list[Any]:
    """What the row will say. When somebody asked for a pull meanwhile, that moment stays."""
    said = {**row, **write.fields}
    if row["next_pull_at"] != write.claimed_at + Source.CLAIMED_FOR:
        said["next_pull_at"] = row["next_pull_at"]
    return [said[name] for name in COLUMNS]


def _update_rows(rows: Sequence[tuple]) -> None:
    if not rows:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            types = ", ".join(f"%s::{kind}[]" for kind in ("bigint", *COLUMNS.values()))
            names = ", ".join(f"{name} = told.{name}" for name in COLUMNS)
            cursor.execute(
                f"UPDATE kpis_source SET {names} FROM unnest({types}) AS told (id, {', '.join(COLUMNS)}) "  # noqa: S608
                "WHERE kpis_source.id = told.id",
                [as_array(column) for column in zip(*rows, strict=True)],
            )
        else:
            names = ", ".join(f"{name} = %s" for name in COLUMNS)
            told = [(*map(_adapted, row[1:]), row[0]) for row in rows]
            cursor.executemany(f"UPDATE kpis_source SET {names} WHERE id = %s", told)  # noqa: S608


def _adapted(value: Any) -> Any:
    return connection.ops.adapt_datetimefield_value(value) if isinstance(value, datetime) else value


def tell_of_lost_access(source: Source, now: datetime) -> None:
    """Write on the login that it was refused, and tell the project's team, once for each time it is lost."""
    PlatformLogin.objects.filter(pk=source.login_id, refused_at=None).update(refused_at=now)
    project = Project.objects.get(pk=source.project_id)
    record("source.access_lost", about=source, project=project, platform=source.platform, title=source.title)
    announce(
        "source.access_lost",
        to=project.people_of(Side.AGENCY),
        about=source,
        facts={"project": project.name, "source": str(source), "platform": source.platform},
    )
