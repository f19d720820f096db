"""Claims: taking due rows for ourselves, with the access to ask with and whether their platform may be asked."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from kpis import breaker
from kpis.access import Access, accesses_of
from kpis.breaker import Gate
from kpis.models import Source
from kpis.retiring import marked_metrics

#: So many sources are claimed in one go.
BATCH = 500


@dataclass(frozen=True)
class Claimed:
    """A source that is ours until the claim runs out, with the access to ask with.

    `retired`: the metrics that its platform was last heard to give no more.
    """

    source: Source
    at: datetime
    access: Access
    gate: Gate
    retired: Collection[str] = ()


#: What a pull reads of its row; the rest is fetched if somebody asks.
COLUMNS = (
    *("id", "project_id", "platform", "external_id", "filter", "title", "url", "timezone", "began_on", "login_id"),
    *("next_pull_at", "claimed_at", "attempts", "last_success_at", "error_kind", "history_from", "is_history_complete"),
)
#: The rows are chosen once and for all: a subquery that skips locked rows would be run again for each row, without end.
CLAIM = """
WITH due AS MATERIALIZED (
    SELECT id FROM kpis_source WHERE paused_at IS NULL AND next_pull_at <= %s {only}
    ORDER BY next_pull_at LIMIT %s {lock}
)
UPDATE kpis_source SET next_pull_at = %s, claimed_at = %s, last_attempt_at = %s
WHERE id IN (SELECT id FROM due) AND paused_at IS NULL AND next_pull_at <= %s
RETURNING {columns}, (SELECT agency_id FROM projects_project WHERE id = kpis_source.project_id) AS agency_id
"""


def claim_due(now: datetime, *, at_most: int = BATCH, only: int | None = None) -> list[Claimed]:
    """Take due rows for ourselves in one conditional update, those that have waited longest first.

    Rows that somebody else is claiming at the moment are passed over.
    """
    sources = claim(now, at_most=at_most, only=only)
    return with_access(sources, now, marked_metrics([source.pk for source in sources]))


def with_access(
    sources: Sequence[Source], now: datetime, retired: Mapping[int, Collection[str]] | None = None
) -> list[Claimed]:
    """Sources that are ours, each with the access to ask with and whether its platform may be asked.

    `retired`: the metrics that are marked so, by source.
    """
    access = accesses_of((source.login_id for source in sources), now)
    gates = breaker.gates({source.platform for source in sources}, now)
    claimed = []
    for source in sources:
        gate = gates[source.platform]
        claimed.append(Claimed(source, now, access[source.login_id], gate, (retired or {}).get(source.pk, ())))
        if gate.is_probe:
            gates[source.platform] = Gate(gate.opens_at)
    return claimed


def claim(now: datetime, *, at_most: int = BATCH, only: int | None = None) -> list[Source]:
    """The rows that were due and are ours now, with nothing of the access or the platform looked up yet."""
    lock = "FOR UPDATE SKIP LOCKED" if connection.vendor == "postgresql" else ""
    statement = CLAIM.format(only="" if only is None else "AND id = %s", lock=lock, columns=", ".join(COLUMNS))
    moment = connection.ops.adapt_datetimefield_value
    due, until = moment(now), moment(now + Source.CLAIMED_FOR)
    chosen = [] if only is None else [only]
    return list(Source.objects.raw(statement, [due, *chosen, at_most, until, due, due, due]))
