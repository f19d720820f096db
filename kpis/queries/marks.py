"""What hangs over a KPI besides its course: a review that is owed, drops that nobody explained."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from kpis.models import Dip, Kpi
from kpis.queries.dips import unexplained
from kpis.queries.reviews import latest_reviewed, owed
from kpis.ritual import Period


@dataclass(frozen=True)
class Mark:
    """`reviewed_through` is the last day of the latest period that counts as reviewed."""

    owed: Period | None = None
    dips: tuple[Dip, ...] = ()
    reviewed_through: date | None = None

    def __bool__(self) -> bool:
        return bool(self.owed or self.dips)

    @property
    def fingerprint(self) -> tuple:
        return self.owed, tuple(dip.pk for dip in self.dips)


NOTHING = Mark()


def marks_of(kpis: Iterable[Kpi]) -> dict[int, Mark]:
    """For each KPI's id; the same queries for any number of them."""
    kpis = list(kpis)
    if not kpis:
        return {}
    reviews, dips, through = owed(kpis), unexplained(kpis), latest_reviewed(kpis)
    return {kpi.pk: Mark(reviews.get(kpi.pk), tuple(dips.get(kpi.pk, ())), through.get(kpi.pk)) for kpi in kpis}
