"""What is told of metrics and days, and the rule of what replaces what. Pure.

For what is already there (old) and what comes (new), on the same metric and day:

- a gap never replaces a number; it may give a better reason to another gap;
- but a person may take back what a person typed;
- a number replaces a gap;
- what the platform itself measured replaces what was imported or typed, never the other way round;
- between two of the same origin the later wins, but a provisional number never replaces a final one;
- what says the same changes nothing: not even which snapshot the point came from.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from kpis.models import Source

MEASURED, MANUAL = "measured", "manual"


class Cell(NamedTuple):
    """What is told about one metric on one day: a number, or None with a reason."""

    metric: str
    day: date
    value: Decimal | None
    final: bool = True
    reason: str = ""
    provenance: str = MEASURED


def replaces(new: Cell, old: Cell) -> bool:
    """Whether what comes takes the place of what is there; `UPSERT` of `kpis.bulk` says the same."""
    if new.value is None:
        taken_back = new.provenance == old.provenance == MANUAL
        return new.reason != old.reason and (old.value is None or taken_back)
    if old.value is None:
        return True
    if (new.value, new.final, new.provenance) == (old.value, old.final, old.provenance):
        return False
    if new.provenance != MEASURED or old.provenance != MEASURED:
        return new.provenance == MEASURED or old.provenance != MEASURED
    return new.final or not old.final


@dataclass(frozen=True)
class Told:
    """What one snapshot (None: nothing verbatim) tells about one source, at most one cell for a metric and day.

    A measured number of a day before `settled_before` was told when that day was over: replacing it is a revision.
    """

    source: "Source"
    cells: Sequence[Cell]
    snapshot_id: int | None = None
    settled_before: date | None = None

    def is_settled(self, cell: Cell) -> bool:
        return self.settled_before is not None and cell.day < self.settled_before and cell.provenance == MEASURED
