"""How a KPI's pace is put in words."""

from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.utils import translation

from kpis.wording import say_pace


@pytest.mark.parametrize(
    ("needed", "english", "russian"),
    [
        (None, "", ""),
        ("14.9", "+15 a day", "+15 в день"),
        ("-1.96", "−2.0 a day", "−2,0 в день"),
        ("0.5", "+0.5 a day", "+0,5 в день"),
        ("0.37", "+11 a month", "+11 в месяц"),
        ("-0.003359", "−0.1 a month", "−0,1 в месяц"),
        ("0", "0 a month", "0 в месяц"),
    ],
)
def test_a_pace_is_told_by_the_day_or_when_that_is_nothing_by_the_month(needed, english, russian):
    standing = SimpleNamespace(needed_per_day=None if needed is None else Decimal(needed))
    said = []
    for language in ("en", "ru"):
        with translation.override(language):
            said.append(say_pace(standing))
    assert said == [english, russian]
