"""What a platform told, taken for what it is: a number, a day, a list, or nothing."""

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

#: No account has so much of anything, and no column of ours holds more.
TOO_MUCH = 10**18
NUMBER = re.compile(r"[0-9]{1,18}(\.[0-9]{1,18})?")


def as_list(told: Any) -> list[Any]:
    """The list that was told; an empty one for anything else."""
    return told if isinstance(told, list) else []


def as_dict(told: Any) -> dict[str, Any]:
    """The object that was told; an empty one for anything else."""
    return told if isinstance(told, dict) else {}


def only_dicts(items: Any) -> list[dict[str, Any]]:
    """The rows of a list that are rows; nothing when it is no list."""
    return [item for item in as_list(items) if isinstance(item, dict)]


def in_step(names: Sequence[Any], values: Any) -> list[tuple[Any, Any]]:
    """Each value of a list with its name; nothing when there are not as many of both: then no name is certain."""
    return list(zip(names, as_list(values), strict=True)) if len(as_list(values)) == len(names) else []


def parts(items: Any, name: str) -> list[Any]:
    """One part of each item of a list, in its place; None for an item that has none."""
    return [item.get(name) if isinstance(item, dict) else None for item in as_list(items)]


def as_day(told: Any) -> date | None:
    """The day that an ISO date or moment begins with; None for anything else."""
    try:
        return date.fromisoformat(str(told)[:10])
    except ValueError:
        return None


def as_seconds(told: Any) -> int | None:
    """A wait that a platform wrote into its answer, in whole seconds; None for what is none."""
    return told if isinstance(told, int) and not isinstance(told, bool) else None


def shorten(words: Any) -> str:
    """The platform's own words, short enough for a line."""
    return " ".join(str(words or "").split())[:300]


def as_number(value: Any) -> Decimal | None:
    """The number exactly as the platform wrote it, as a number or as a string; None for anything else.

    Nothing that we read can be negative, so a negative number is not one, nor is one beyond all measure.
    """
    if isinstance(value, bool) or not isinstance(value, int | Decimal | str):
        return None
    if isinstance(value, str) and not NUMBER.fullmatch(value.strip()):
        return None
    number = Decimal(value.strip() if isinstance(value, str) else value)
    return number if number.is_finite() and 0 <= number < TOO_MUCH else None
