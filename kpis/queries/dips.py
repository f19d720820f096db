"""Drops of KPIs: which are not explained, and what a chart marks."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from kpis.models import Dip, Kpi
from kpis.ritual_words import unexplained_drop


@dataclass(frozen=True)
class DipNote:
    """A numbered mark on a chart, and the line beside it."""

    kpi: int
    day: date
    until: date
    kind: str
    text: str
    url: str


def unexplained(kpis: Iterable[Kpi]) -> dict[int, list[Dip]]:
    """For each KPI that has any: its drops that wait for a word, the oldest first. One query for any number."""
    found: dict[int, list[Dip]] = defaultdict(list)
    for dip in Dip.objects.unexplained().filter(kpi__in=list(kpis)).order_by("day", "pk"):
        found[dip.kpi_id].append(dip)
    return dict(found)


def in_full(dips):
    """With what a line of a list shows, in a constant number of queries."""
    return dips.select_related("kpi__project", "kpi__source__formula", "noticed_by", "explained_by")


def dip_notes(kpi_ids: Collection[int], first: date, last: date) -> list[DipNote]:
    """The drops that touch these days, in their order. One query for any number of KPIs."""
    found = Dip.objects.filter(kpi__in=kpi_ids, day__lte=last, until__gte=first, revised_at=None)
    return [
        DipNote(dip.kpi_id, dip.day, dip.until, "dip", note_of(dip), dip.get_absolute_url())
        for dip in in_full(found).order_by("day", "pk")
    ]


def note_of(dip: Dip) -> str:
    return dip.explanation or unexplained_drop()
