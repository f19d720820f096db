"""What can no longer be known: sources that let nobody in, and numbers that their platform gave up."""

from datetime import date

from django.db.models import Q

from kpis.connectors.contract import MetricRetired, Permanent, Reauthorise, ScopeMissing
from kpis.models import MetricSeries, Operand, Source

#: Errors that only a person can mend: until then nothing new comes from the source.
LOST = {error.kind for error in (Reauthorise, ScopeMissing, MetricRetired, Permanent)}


def is_retired(series: MetricSeries | None, due_on: date) -> bool:
    """Gone before the KPI was over: of one whose last day is known the outcome stands."""
    if series is None or series.retired_on is None:
        return False
    return series.latest_on is None or series.latest_on < due_on


def is_lost(source: Source) -> bool:
    return source.error_kind in LOST


def lost_formulas(sources: set[int]) -> set[int]:
    """Those of these formulas' sources that count from a source which is lost, or from a retired number; no query where
    there is no formula."""
    if not sources:
        return set()
    gone = Q(series__source__error_kind__in=LOST) | Q(series__retired_on__isnull=False)
    operands = Operand.objects.filter(gone, computed__series__source__in=sources)
    return set(operands.order_by().values_list("computed__series__source", flat=True))
