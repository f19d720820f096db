"""Which numbers a platform has stopped giving, as its visits tell: written beside the series, and rung for.

A metric is retired when a visit that reached up to today brought the reason and not a single number of it. Points can't
say so: a gap replaces no number, so the days that were known stay as they were. It is over when a number comes again.
"""

from collections.abc import Collection, Iterable
from datetime import date

from kpis.connectors.contract import Reading
from kpis.models import MetricSeries, Source
from smmportal.jobs import later

RETIRED = "retired"


def gone_in(reading: Reading) -> set[str]:
    """The metrics of which the platform says that they are no more."""
    refused = {gap.metric for gap in reading.gaps if gap.reason == RETIRED}
    return refused - {point.metric for point in reading.points} if refused else refused


def note_retirements(told: Iterable[tuple[Source, Reading, date]]) -> None:
    """`told` are the visits that reached up to their today, each with that day. One query where nothing changes."""
    told = list(told)
    gone = {(source.pk, metric): today for source, reading, today in told for metric in gone_in(reading)}
    sources = [source.pk for source, _reading, _today in told]
    marked = {(source_id, metric) for source_id, metrics in marked_metrics(sources).items() for metric in metrics}
    turned = {key: today for key, today in gone.items() if key not in marked}
    turned |= dict.fromkeys(came_again(told, marked)) if marked else {}
    for (source_id, metric), day in turned.items():
        MetricSeries.objects.filter(source=source_id, metric=metric).update(retired_on=day)
    ring_for({source_id for source_id, _metric in turned})


def marked_metrics(sources: Collection[int]) -> dict[int, set[str]]:
    """The metrics of each source that are marked as retired; only sources that have one."""
    found: dict[int, set[str]] = {}
    if sources:
        rows = MetricSeries.objects.filter(source__among=sources, retired_on__isnull=False).order_by()
        for source_id, metric in rows.values_list("source_id", "metric"):
            found.setdefault(source_id, set()).add(metric)
    return found


def came_again(
    told: Iterable[tuple[Source, Reading, date]], marked: Collection[tuple[int, str]]
) -> set[tuple[int, str]]:
    came = {(source.pk, point.metric) for source, reading, _today in told for point in reading.points}
    return came.intersection(marked)


def retire_all(source: Source, today: date) -> None:
    """The platform refused everything of the source with that reason."""
    if source.series.filter(retired_on=None).update(retired_on=today):
        ring_for({source.pk})


def ring_for(sources: Iterable[int]) -> None:
    for source_id in sorted(sources):
        later("kpis.propose_successors", source_id=source_id)
