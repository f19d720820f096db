"""Which metrics a source can tell."""

from kpis.connectors import CONNECTORS
from kpis.metrics import METRICS
from kpis.models import MetricSeries, Source


def metrics_of(source: Source) -> list[str]:
    """Codes of the catalogue, in its order: what the platform gives, and what the source has numbers of."""
    kept = MetricSeries.objects.filter(source=source).values_list("metric", flat=True)
    return in_order({*kept, *told_by(source.platform)})


def told_by(platform: str) -> tuple[str, ...]:
    return CONNECTORS[platform].capabilities.codes if platform in CONNECTORS else ()


def in_order(codes: set[str]) -> list[str]:
    return [code for code in METRICS if code in codes]
