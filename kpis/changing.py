"""Where a change in percent leads. Pure."""

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal


def target_after(baseline: Decimal, change: Decimal, decimals: int) -> Decimal:
    """The value at which a number that started at `baseline` has changed by `change` percent (negative: down).

    It is rounded away from the baseline, to as many places as the metric shows: whoever reaches the target has changed
    the number by no less than was promised, and a target is never the baseline itself. Percents of a number below zero
    are counted from its size, so that +20 % always leads up.
    """
    exact = baseline + abs(baseline) * change / 100
    return exact.quantize(Decimal(1).scaleb(-decimals), ROUND_CEILING if change > 0 else ROUND_FLOOR)
