"""How the stand-ins split a site's day into parts, and read the platforms' languages of filters.

A day's visits are dealt out to kinds of visits by largest remainders, so that the parts sum to the whole, to the visit.
The readers are written from the platforms' own descriptions and share nothing with what the connectors write.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from math import floor
from typing import Any

Kind = Mapping[str, str]
Fits = Callable[[Kind], bool]


def deal(whole: int, weights: Sequence[float]) -> list[int]:
    """`whole` in parts that are as the weights and sum to it; where there is no weight, nothing."""
    total = sum(weights)
    if not total:
        return [0] * len(weights)
    exact = [whole * weight / total for weight in weights]
    parts = [floor(share) for share in exact]
    by_remainder = sorted(range(len(parts)), key=lambda place: parts[place] - exact[place])
    for place in by_remainder[: whole - sum(parts)]:
        parts[place] += 1
    return parts


class Unclear(ValueError):
    """The filter is not one of the platform's language."""


# --- Metrika: ym:s:lastsignUTMCampaign=='лето' AND ym:s:startURL=@'/summer' ---

TERM = re.compile(r"\s*(?P<field>ym:s:\w+)(?P<sign>==|=@)'(?P<value>(?:[^'\\]|\\['\\])*)'\s*")
AND = re.compile(r"AND\b")


def read_expression(text: str, fields: Sequence[str]) -> Fits:
    """What visits fit an expression of Metrika's. Raises Unclear for one that it would refuse."""
    terms = list(_terms(text))
    for field, _sign, _value in terms:
        if field not in fields:
            raise Unclear(f"Wrong attribute: {field}")
    return lambda kind: all(_compares(sign, kind[field], value) for field, sign, value in terms)


def _terms(text: str) -> Iterator[tuple[str, str, str]]:
    place = 0
    while found := TERM.match(text, place):
        yield found["field"], found["sign"], re.sub(r"\\(.)", r"\1", found["value"])
        place = found.end()
        if place == len(text):
            return
        joint = AND.match(text, place)
        if not joint:
            break
        place = joint.end()
    raise Unclear("Could not parse filter")


def _compares(sign: str, told: str, value: str) -> bool:
    return value in told if sign == "=@" else value == told


# --- Google Analytics: FilterExpression ---

MATCHES: dict[str, Callable[[str, str], bool]] = {
    "EXACT": lambda told, value: told == value,
    "CONTAINS": lambda told, value: value in told,
    "BEGINS_WITH": lambda told, value: told.startswith(value),
}


def read_filter_expression(sent: Any, fields: Sequence[str]) -> Fits:
    """What visits fit a `dimensionFilter`. Raises Unclear for one that Google would refuse."""
    if not sent:
        return lambda kind: True
    group = sent.get("andGroup")
    if group:
        parts = [read_filter_expression(part, fields) for part in group["expressions"]]
        return lambda kind: all(part(kind) for part in parts)
    try:
        field, match = sent["filter"]["fieldName"], sent["filter"]["stringFilter"]
        compares, value = MATCHES[match["matchType"]], match["value"]
    except (KeyError, TypeError):
        raise Unclear("Invalid value at 'dimension_filter'") from None
    if field not in fields:
        raise Unclear(f"Field {field} is not a valid dimension.")
    return lambda kind: field in kind and compares(kind[field], value)
