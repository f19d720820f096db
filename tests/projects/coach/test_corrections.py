"""People who correct themselves are read by their last word."""

from datetime import date

import pytest

from projects.coach import read

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("цену клика срезать на треть? нет, на 20 процентов", 20),
        ("Снизить долю отказов вчетверо — да шучу, на 12 процентных пунктов", 12),
        ("500 followers, no wait, 800 followers", 800),
        ("до 300 заявок, точнее до 350", 350),
        ("grow reach by 10%, I mean by 15%", 15),
    ],
)
def test_the_last_number_counts(text, value):
    assert read(text, TODAY).change.value == value


def test_the_last_day_counts():
    assert read("+5 % охвата к Black Friday... ладно, к 20 декабря", TODAY).deadline == date(2026, 12, 20)


@pytest.mark.parametrize("text", ["у нас нет 500 подписчиков, нужно 800", "no followers yet, 800 by May"])
def test_no_is_a_correction_only_between_two_numbers(text):
    assert read(text, TODAY).change.value == 800
