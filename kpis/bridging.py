"""The bridge from a number that its platform retired to the one that takes its place. Pure.

Both were counted for a while, and the days on which both are known are compared:

- of what is counted through the day (views, visits) and of shares and costs the factor is the ratio of sums: the new
  number summed over those days, divided by the old one's sum. A day with little on it then weighs little, and an odd
  ratio of two small numbers can't carry the rest. Each number is one account's of one day; they are summed only to
  compare, and the sum is never shown as if it were a number of the whole time;
- of a level (followers) it is the mean of the daily ratios. A level is the same crowd met again every day, not
  something that adds up: its sums would weigh the days on which the crowd was larger, while each day tells the same
  ratio once more, and counts once.

Fewer than AT_LEAST common days give no factor; of more than AT_MOST the latest count, four whole weeks, so that every
day of the week is there equally often and what was long ago says nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

Daily = Mapping[date, Decimal]

AT_LEAST = 7
AT_MOST = 28
#: As many figures of a factor as are signed: with them the sums can be checked by hand.
FIGURES = 4

TOO_FEW_DAYS = "too_few_days"
NO_RATIO = "no_ratio"


@dataclass(frozen=True)
class Bridge:
    """`factor` is what the old number is multiplied by, None with a `reason` where there is none. `low` and `high` are
    the smallest and the largest ratio of a single day: how far the factor can be trusted."""

    days: int = 0
    first: date | None = None
    last: date | None = None
    factor: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    reason: str = TOO_FEW_DAYS


def bridge(old: Daily, new: Daily, *, is_level: bool) -> Bridge:
    """Compare the days on which both numbers are known."""
    common = sorted(old.keys() & new.keys())[-AT_MOST:]
    if not common:
        return Bridge()
    span = {"days": len(common), "first": common[0], "last": common[-1]}
    if len(common) < AT_LEAST:
        return Bridge(**span)
    ratios = [new[day] / old[day] for day in common if old[day]]
    factor = mean_ratio(ratios) if is_level else ratio_of_sums(old, new, common)
    if factor is None or factor <= 0:
        return Bridge(**span, reason=NO_RATIO)
    low, high = rounded(min(ratios)), rounded(max(ratios))
    return Bridge(**span, factor=rounded(factor), low=low, high=high, reason="")


def mean_ratio(ratios: list[Decimal]) -> Decimal | None:
    return sum(ratios, Decimal(0)) / len(ratios) if ratios else None


def ratio_of_sums(old: Daily, new: Daily, days: list[date]) -> Decimal | None:
    """None where there is nothing to divide by."""
    before = sum((old[day] for day in days), Decimal(0))
    return sum((new[day] for day in days), Decimal(0)) / before if before else None


def rounded(ratio: Decimal) -> Decimal:
    """To so many figures that matter: 0.93127 → 0.9313, 14.2857 → 14.29."""
    if not ratio:
        return Decimal(0)
    return ratio.quantize(Decimal(1).scaleb(ratio.adjusted() - FIGURES + 1), ROUND_HALF_UP)


def carried(value: Decimal, factor: Decimal, decimals: int) -> Decimal:
    """A number taken over the bridge, with as many places as its metric shows."""
    return (value * factor).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
