"""The arithmetic of formulas: what is read, what is refused and where, and that a period is a ratio of sums."""

import ast
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpis import formulas
from kpis.formulas import Formula, Outcome, WrongFormula, evaluate, over_days, parse, places_of, renamed

ONE = Fraction(1)
COUNTS = st.integers(0, 10**9).map(Decimal)


def day(**values) -> dict:
    return {name: None if value is None else Decimal(value) for name, value in values.items()}


def test_a_share_is_numerator_denominator_and_scale():
    assert parse("(likes@vk + comments@vk) / reach@vk * 100") == Formula(
        above=(("likes@vk", ONE), ("comments@vk", ONE)), below=(("reach@vk", ONE),), scale=Fraction(100)
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a / b - 1", "(a / b) + -1"),
        ("100 * (a + b)", "(b * 0 + a + b) * 100"),
        ("a ÷ b × 100 − 1", "a / b * 100 - 1"),
        ("A + b", "a+b"),
        ("a * 0,5", "a / 2"),
        ("a/b + c/b", "(a + c) / b"),
        ("-(a - b)", "b - a"),
    ],
)
def test_different_words_for_the_same_count_the_same(one, other):
    values = day(a=7, b=4, c=9)
    assert evaluate(parse(one), values) == evaluate(parse(other), values)


@pytest.mark.parametrize(
    ("text", "code", "at"),
    [
        ("", "unfinished", 0),
        ("likes +", "unfinished", 7),
        ("(likes", "bracket_not_closed", 0),
        ("likes)", "bracket_not_open", 5),
        ("likes reach", "sign_expected", 6),
        ("likes ** 2", "name_expected", 7),
        ("likes.real", "strange_sign", 5),
        ("__import__('os')", "strange_sign", 11),
        ("__class__[0]", "strange_sign", 9),
        ("lambda x: likes", "sign_expected", 7),
        ("9**9**9", "name_expected", 2),
        ("likes * comments", "product_of_metrics", 6),
        ("likes + 10", "number_added", 6),
        ("100 / clicks", "number_divided", 4),
        ("likes / reach / views", "divided_twice", 14),
        ("likes/reach + clicks/views", "two_denominators", 12),
        ("likes / 0", "division_by_zero", 6),
        ("likes / (reach - reach)", "division_by_zero", 0),
        ("5 * 5", "no_metric", 0),
        ("likes * 1000000001", "number_too_large", 8),
        ("likes * 1000000000 * 1000000000", "number_too_large", 0),
        ("(" * 21 + "likes" + ")" * 21, "too_deep", 20),
        ("likes" + " " * 300, "too_long", 300),
        ("+".join(f"m{number}" for number in range(13)), "too_many_metrics", 0),
    ],
)
def test_what_cannot_be_counted_is_refused_with_its_place(text, code, at):
    with pytest.raises(WrongFormula) as refused:
        parse(text)
    assert (refused.value.code, refused.value.at) == (code, at)


@given(st.text(max_size=320))
def test_whatever_is_typed_is_a_formula_or_a_sentence(text):
    try:
        assert parse(text).names
    except WrongFormula as refused:
        assert 0 <= refused.at <= len(text)


@given(st.text(alphabet="ab@+-*/()0123456789., ", max_size=80), COUNTS, COUNTS)
def test_what_is_read_is_counted_without_an_accident(text, a, b):
    try:
        formula = parse(text)
    except WrongFormula:
        return
    assert (evaluate(formula, dict.fromkeys(formula.names, a)).value is None) or formula.above


def test_nothing_is_ever_run():
    tree = ast.parse(Path(formulas.__file__).read_text())
    called = {node.func.id for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
    assert called & {"eval", "exec", "compile", "__import__", "getattr"} == set()


def test_a_value_with_its_two_sides():
    assert evaluate(parse("(likes + comments) / reach * 100"), day(likes=3, comments=1, reach=30)) == Outcome(
        value=Decimal("13.333333"), above=Decimal(4), below=Decimal(30)
    )


def test_an_operand_without_a_number_is_no_zero():
    assert evaluate(parse("(likes + comments) / reach"), day(likes=3, comments=None)) == Outcome(
        reason="missing", missing=("comments", "reach")
    )


def test_nothing_to_divide_by_is_a_gap():
    assert evaluate(parse("clicks / views"), day(clicks=0, views=0)) == Outcome(
        reason="nothing_to_divide", above=Decimal(0), below=Decimal(0)
    )


def test_what_no_point_can_hold_is_a_gap():
    assert evaluate(parse("a * 1000000000"), day(a=10**9)).reason == "too_large"


@given(st.lists(st.tuples(COUNTS, COUNTS, COUNTS), min_size=1, max_size=31))
def test_days_together_are_the_formula_over_their_sums(days):
    formula = parse("(likes + comments) / reach * 100")
    names = ("likes", "comments", "reach")
    sums = {name: sum(column, Decimal(0)) for name, column in zip(names, zip(*days, strict=True), strict=True)}
    assert over_days(formula, [dict(zip(names, one, strict=True)) for one in days]) == evaluate(formula, sums)


def test_the_mean_of_ratios_is_not_what_is_told():
    days = [day(clicks=1, views=1), day(clicks=0, views=99)]
    assert over_days(parse("clicks / views * 100"), days).value == Decimal(1)


def test_a_day_that_lacks_a_side_counts_on_neither():
    days = [day(clicks=5, views=10), day(clicks=1000, views=None), day(clicks=None, views=7)]
    assert over_days(parse("clicks / views"), days) == Outcome(Decimal("0.5"), above=Decimal(5), below=Decimal(10))


def test_stocks_are_taken_on_the_last_day():
    days = [day(likes=5, followers=100), day(likes=7, followers=120)]
    assert over_days(parse("likes / followers"), days, stocks={"followers"}).value == Decimal("0.1")


def test_unique_people_are_told_for_single_days_only():
    formula, days = parse("likes / reach"), [day(likes=5, reach=10), day(likes=7, reach=14)]
    assert over_days(formula, days, people={"reach"}) == Outcome(reason="not_over_days", missing=("reach",))
    assert over_days(formula, days[:1], people={"reach"}).value == Decimal("0.5")


def test_a_period_without_a_whole_day_says_what_never_came():
    days = [day(clicks=5, views=None), day(clicks=6, views=None)]
    assert over_days(parse("clicks / views"), days) == Outcome(reason="missing", missing=("views",))


def test_operands_are_renamed_where_they_stand():
    assert renamed(" (Likes+likes2) / reach ", {"likes": "likes@vk", "reach": "reach@vk"}) == (
        "(likes@vk+likes2) / reach@vk"
    )
    assert places_of("(likes + reach) / reach") == {"likes": 1, "reach": 9}
