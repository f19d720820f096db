"""Which number is wished for, which is told: decided by the words around it, not by its place in the sentence."""

from datetime import date

import pytest

from projects.coach.amounts import Weighing, clauses_of
from projects.coach.dates import find_moments
from projects.coach.tokens import tokenise

TODAY = date(2026, 11, 23)


def stances(text: str) -> list[tuple[str, str]]:
    tokens = tokenise(text)
    weighing = Weighing(tokens, find_moments(tokens, TODAY, set()), clauses_of(tokens))
    return [(str(quantity.value), weighing.stances.of(quantity)) for quantity in weighing.quantities]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("было 2800, сейчас 3200, хотим 5 тысяч", [("2800", "told"), ("3200", "told"), ("5000", "wished")]),
        ("сейчас 45 а надо 100", [("45", "told"), ("100", "wished")]),
        ("хотим 15к сейчас 11к", [("15000", "wished"), ("11000", "told")]),
        ("приходит 12 заявок, нужно 30", [("12", "likely_told"), ("30", "wished")]),
        ("у нас 400 в инсте и 600 в телеге", [("400", "told"), ("600", "told")]),
        ("в прошлом году собрали 4 млн", [("4000000", "told")]),
        ("чтобы к лету стало 8 тысяч", [("8000", "wished")]),
        ("доведите до 500", [("500", "wished")]),
        ("500 заявок слишком мало", [("500", "told")]),
        ("500 заявок", [("500", "plain")]),
        ("500 заявок к марту", [("500", "wished")]),
        ("у конкурента 50 тысяч", [("50000", "told")]),
        ("we had 40 leads, the plan is 60", [("40", "told"), ("60", "wished")]),
        ("we get 70 clicks a week and need 150", [("70", "likely_told"), ("150", "wished")]),
        ("get us 70 clicks a week", [("70", "wished")]),
        ("could you get us 30 leads", [("30", "wished")]),
        ("the rate sits at 0.7%", [("0.7", "likely_told")]),
        ("our goal is 4500", [("4500", "wished")]),
        ("our 2000 followers should become 3000", [("2000", "told"), ("3000", "wished")]),
        ("40 shares instead of 12", [("40", "plain"), ("12", "told")]),
        ("but get only 12 likes", [("12", "likely_told")]),
        ("it was 40 two years ago", [("40", "told")]),
    ],
)
def test_a_number_is_wished_for_or_told_by_the_words_around_it(text, expected):
    assert stances(text) == expected


def test_a_multiple_is_a_wish_unless_it_happened():
    assert stances("300 подписчиков увеличить вдвое")[-1] == ("2", "wished")
    assert stances("охват упал в 2 раза")[-1] == ("2", "told")
