from decimal import Decimal

import pytest

from kpis.changing import target_after


@pytest.mark.parametrize(
    ("baseline", "change", "decimals", "target"),
    [
        ("10000", "20", 0, "12000"),
        ("10000", "-15", 0, "8500"),
        ("10003", "20", 0, "12004"),
        ("10003", "-20", 0, "8002"),
        ("3", "10", 0, "4"),
        ("3", "-10", 0, "2"),
        ("3.4", "20", 2, "4.08"),
        ("3.4", "-0.1", 2, "3.39"),
        ("41.2", "-15", 1, "35.0"),
        ("-10", "20", 1, "-8.0"),
        ("10000", "-100", 0, "0"),
        ("0.5", "100", 2, "1.00"),
    ],
)
def test_a_target_is_never_less_of_a_change_than_was_promised(baseline, change, decimals, target):
    assert target_after(Decimal(baseline), Decimal(change), decimals) == Decimal(target)
