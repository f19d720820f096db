"""A person's own view of a dashboard: which cards, in which order, over which days. It changes no number."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kpis.models import BoardView
from kpis.queries.standings import GREEN, Standing
from smmportal.people.models import User
from smmportal.prepared import Prepared

UNKNOWN = ("no_target", "no_data", "source_lost")
Row = TypeVar("Row")


@dataclass(frozen=True)
class Arrangement:
    order: tuple[int, ...] = ()
    hidden: tuple[int, ...] = ()
    range: str = BoardView.Range.QUARTER

    def sorted(self, found: Sequence[Standing]) -> list[Standing]:
        """Those that have no place in the order come first, by what needs a hand; then the others in their places."""
        places = {pk: place for place, pk in enumerate(self.order)}
        return sorted(found, key=lambda standing: (places.get(standing.kpi.pk, -1), standing.urgency))

    def shown(self, found: Sequence[Standing]) -> list[Standing]:
        return [standing for standing in found if standing.kpi.pk not in self.hidden]

    def left_out(self, found: Sequence[Standing]) -> list[Standing]:
        return [standing for standing in found if standing.kpi.pk in self.hidden]


def arrangement_of(reader: User, project: int) -> Arrangement:
    """The reader's own; the usual one when they never changed it."""
    row = KEPT.first(reader.pk, project)
    return Arrangement(tuple(row.order), tuple(row.hidden), row.range) if row else Arrangement()


KEPT = Prepared(
    lambda reader, project: BoardView.objects.filter(user=reader, project=project).order_by(), int, int, of=BoardView
)


def say_hidden(hidden: Sequence[Standing]) -> str:
    """«Hidden: 3, of them off course: 1»: what is out of sight still counts. Empty when nothing is hidden."""
    if not hidden:
        return ""
    ill = sum(standing.shade not in GREEN and standing.status not in UNKNOWN for standing in hidden)
    unknown = sum(standing.status in UNKNOWN for standing in hidden)
    words = ngettext("%(count)s KPI is hidden", "%(count)s KPIs are hidden", len(hidden)) % {"count": len(hidden)}
    parts = [words]
    if ill:
        parts.append(_("not on course: %(count)s") % {"count": ill})
    if unknown:
        parts.append(_("not known: %(count)s") % {"count": unknown})
    return "; ".join(parts) + "."
