"""How sure a number is that was made of others: as sure as the least sure of them. Pure."""

from collections.abc import Iterable

#: The surest first; the values of `Point.Provenance`.
SURENESS = ("measured", "imported", "manual")


def weakest(provenances: Iterable[str]) -> str:
    return max(provenances, key=SURENESS.index, default=SURENESS[0])
