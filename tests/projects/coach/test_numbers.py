from decimal import Decimal

import pytest

from projects.coach.numbers import read_quantity
from projects.coach.tokens import tokenise


@pytest.mark.parametrize(
    ("text", "value", "kind"),
    [
        ("11 800,5", "11800.5", "count"),
        ("11,800.5", "11800.5", "count"),
        ("1.200.000", "1200000", "count"),
        ("4,5 %", "4.5", "percent"),
        ("10к", "10000", "count"),
        ("1.2M", "1200000", "count"),
        ("2,5 тыс.", "2500", "count"),
        ("2 с половиной тысячи", "2500", "count"),
        ("двадцать пять тысяч", "25000", "count"),
        ("двести пятьдесят три", "253", "count"),
        ("тысяч десять", "10000", "count"),
        ("пару сотен", "200", "count"),
        ("полмиллиона", "500000", "count"),
        ("полтора миллиона", "1500000", "count"),
        ("twenty-five thousand", "25000", "count"),
        ("two hundred and fifty", "250", "count"),
        ("half a million", "500000", "count"),
        ("a quarter of a million", "250000", "count"),
        ("a couple of hundred", "200", "count"),
        ("тридцать процентов", "30", "percent"),
        ("1,5 п. п.", "1.5", "points"),
        ("2 процентных пункта", "2", "points"),
        ("three percentage points", "3", "points"),
        ("$1.2 million", "1200000", "money"),
        ("300 руб.", "300", "money"),
        ("10 cents", "0.1", "money"),
        ("в полтора раза", "1.5", "times"),
        ("вдвое", "2", "times"),
        ("x3", "3", "times"),
        ("1.5x", "1.5", "times"),
        ("triple", "3", "times"),
        ("a third", "33.3", "fraction"),
        ("две трети", "66.7", "fraction"),
        ("на четверть", None, None),
        ("2 часа", "120", "minutes"),
        ("half an hour", "30", "minutes"),
        ("1 млн 100 тыс.", "1100000", "count"),
        ("two dozen", "24", "count"),
        ("ten grand", "10000", "count"),
        ("35 per cent", "35", "percent"),
        ("60-percent", "60", "percent"),
        ("полпроцента", "0.5", "percent"),
        ("10  000", "10000", "count"),
        ("подписчики", None, None),
        ("12345678901234567890", None, None),
    ],
)
def test_amounts_in_figures_and_words(text, value, kind):
    quantity = read_quantity(tokenise(text), 0)
    assert (quantity and (quantity.value, quantity.kind)) == (value and (Decimal(value), kind))


@pytest.mark.parametrize("text", ["10–15 %", "десять-пятнадцать процентов"])
def test_two_ends_are_a_range(text):
    quantity = read_quantity(tokenise(text), 0)
    assert (quantity.is_range, quantity.kind) == (True, "percent")


def test_a_letter_apart_from_its_figure_is_a_preposition():
    assert read_quantity(tokenise("10 к марту"), 0).value == 10
