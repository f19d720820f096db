"""What is there, which words say so, and what is asked for the rest."""

from datetime import date

import pytest

from projects.coach import check

TODAY = date(2026, 11, 23)


def letters(text: str) -> dict[str, tuple[bool | None, str]]:
    """For each criterion whether it is there, and the words relied on or the code of the advice."""
    found = {}
    for name, criterion in check(text, TODAY).criteria.items():
        words = text[slice(*criterion.span)] if criterion.span else criterion.advice.code
        found[name] = (criterion.ok, words)
    return found


def test_a_whole_goal_shows_the_words_it_was_read_from():
    assert letters("Увеличить число подписчиков в Instagram на 20 % за 3 месяца") == {
        "specific": (True, "подписчиков в Instagram"),
        "measurable": (True, "на 20 %"),
        "achievable": (None, "achievable"),
        "relevant": (None, "relevant"),
        "time_bound": (True, "за 3 месяца"),
    }


def test_an_english_goal_too():
    assert letters("We want to grow reach from 10k to 12k by the end of March") == {
        "specific": (True, "reach"),
        "measurable": (True, "from 10k to 12k"),
        "achievable": (None, "achievable"),
        "relevant": (None, "relevant"),
        "time_bound": (True, "by the end of March"),
    }


def test_vague_words_get_questions():
    assert letters("увеличение продаж") == {
        "specific": (True, "продаж"),
        "measurable": (False, "no_change"),
        "achievable": (None, "achievable_incomplete"),
        "relevant": (None, "relevant"),
        "time_bound": (False, "no_deadline"),
    }


@pytest.mark.parametrize(
    ("text", "letter", "code"),
    [
        ("повышение узнаваемости", "specific", "foreign_metric"),
        ("сделайте красиво", "specific", "no_metric"),
        ("сделайте красиво", "measurable", "no_number"),
        ("снизить отписки", "measurable", "no_change_down"),
        ("удерживать охват", "measurable", "no_change_hold"),
        ("удерживать охват", "time_bound", "no_deadline_hold"),
        ("подписчики +10–15 %", "measurable", "range"),
        ("+20 % подписчиков за 2–3 месяца", "time_bound", "vague_deadline"),
        ("+20 % подписчиков до 1 марта 2025", "time_bound", "past_deadline"),
    ],
)
def test_each_gap_has_its_own_question(text, letter, code):
    assert letters(text)[letter] == (False, code)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("+20 % подписчиков и 100 заявок к маю", ["two_metrics"]),
        ("+20 % подписчиков в инсте и вк", ["two_platforms"]),
        ("guaranteed sales", ["guaranteed"]),
        ("+20 % подписчиков за 3 месяца", []),
    ],
)
def test_what_is_odd_is_said(text, codes):
    assert [advice.code for advice in check(text, TODAY).warnings] == codes


def test_offsets_count_every_character_of_the_text_as_typed():
    text = "🚀\u00a0Подпи\u0301счики +20\u00a0% за\u202f3 месяца"
    assert letters(text)["specific"] == (True, "Подпи\u0301счики")
    assert letters(text)["measurable"] == (True, "+20\u00a0%")
