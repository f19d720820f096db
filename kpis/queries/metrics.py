"""Which metrics a source can tell, and which can be counted from what it tells."""

from collections.abc import Collection

from kpis.formulas import parse
from kpis.metrics import METRICS
from kpis.models import MetricSeries, Source


def metrics_of(source: Source) -> list[str]:
    """Codes of the catalogue, in its order: what the platform gives, what the source has numbers of, and what can be
    counted from these."""
    kept = MetricSeries.objects.filter(source=source).values_list("metric", flat=True)
    return measurable({*kept, *source.told})


def measurable(given: Collection[str]) -> list[str]:
    return in_order({*given, *countable(given)})


def countable(given: Collection[str]) -> dict[str, str]:
    """What can be counted from these metrics of one source and is not among them, each with its fullest expression."""
    found = {code: expression_from(code, given) for code in METRICS if code not in given}
    return {code: expression for code, expression in found.items() if expression}


def expression_from(code: str, given: Collection[str]) -> str:
    """The first way to count it for which all parts are given; empty when there is none."""
    ways = METRICS[code].expressions
    return next((text for text in ways if set(parse(text).names) <= set(given)), "")


def in_order(codes: Collection[str]) -> list[str]:
    return [code for code in METRICS if code in codes]
