"""Answers in the reader's own words and figures."""

import pytest
from django.utils import translation

from projects import wording
from projects.answers import Unclear

CHOICES = [
    {"value": "leads", "label": {"en": "More leads", "ru": "Больше заявок"}},
    {"value": "sales", "label": {"en": "More sales", "ru": "Больше продаж"}},
]
NOTE = {"en": "In your own words", "ru": "Своими словами"}
ONE = {"type": "one_of", "label": {"en": "Why?", "ru": "Зачем?"}, "choices": CHOICES, "note": NOTE}
MANY = {**ONE, "type": "many_of"}
TABLE = {
    "type": "table",
    "label": {"en": "Success", "ru": "Успех"},
    "note": NOTE,
    "columns": [
        {"key": "what", "type": "text", "label": {"en": "What", "ru": "Что"}},
        {"key": "value", "type": "number", "label": {"en": "How many", "ru": "Сколько"}},
        {"key": "by", "type": "date", "label": {"en": "By", "ru": "К какому дню"}},
        {"key": "place", "type": "one_of", "label": {"en": "Place", "ru": "Место"}, "choices": CHOICES},
    ],
}
ROW = {"what": "Followers", "value": "12000.5", "by": "2027-03-01", "place": "sales"}


def plain(kind: str) -> dict:
    return {"type": kind, "label": {"en": "Question", "ru": "Вопрос"}}


@pytest.mark.parametrize(
    ("question", "value", "said"),
    [
        (plain("long_text"), "We roast.\nTwice a week.", "We roast.\nTwice a week."),
        (plain("number"), "12000.5", "12,000.5"),
        (plain("date"), "2027-03-01", "1\u00a0March 2027"),
        (plain("money"), {"amount": "90000", "currency": "RUB"}, "90,000 RUB"),
        (plain("links"), ["https://a.example", "https://b.example"], "https://a.example\nhttps://b.example"),
        (plain("person"), {"name": "Dmitry", "contact": ""}, "Dmitry"),
        (plain("person"), {"name": "Dmitry", "contact": "+7 900"}, "Dmitry, +7 900"),
        (ONE, {"choice": "leads", "note": ""}, "More leads"),
        (ONE, {"choice": "", "note": "Fewer calls"}, "In your own words: Fewer calls"),
        (ONE, {"choice": "gone", "note": ""}, "gone"),
        (MANY, {"choices": ["leads", "sales"], "note": "both"}, "More leads, More sales\nIn your own words: both"),
        (MANY, {"choices": [], "note": ""}, ""),
        (plain("long_text"), None, ""),
        (plain("a type of tomorrow"), "x", ""),
    ],
)
def test_every_type_of_answer_has_its_words(question, value, said):
    with translation.override("en"):
        assert wording.text_of(question, value) == said


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "What: Followers\nHow many: 12,000.5\nBy: 1\u00a0March 2027\nPlace: More sales"),
        ("ru", "Что: Followers\nСколько: 12\u00a0000,5\nК какому дню: 1\u00a0марта 2027\nМесто: Больше продаж"),
    ],
)
def test_a_table_is_told_cell_by_cell_in_the_readers_language(language, said):
    with translation.override(language):
        assert wording.lines_of(TABLE, {"rows": [ROW], "note": ""}) == [("", said)]


def test_what_was_left_empty_in_a_table_is_not_told():
    rows = [{"what": "Followers", "value": "", "by": "", "place": ""}, {"what": "", "value": "", "by": "", "place": ""}]
    with translation.override("en"):
        assert wording.lines_of(TABLE, {"rows": rows, "note": "later"}) == [
            ("", "What: Followers"),
            ("In your own words", "later"),
        ]


def test_a_long_list_of_questions_is_cut_in_words():
    items = [{"label": {"en": f"Q{number}"}} for number in range(7)]
    with translation.override("en"):
        assert wording.names_of(items[:2]) == "“Q0”; “Q1”"
        assert wording.names_of(items) == "“Q0”; “Q1”; “Q2”; “Q3”; “Q4” and 2 more"


def test_what_is_unclear_is_said_in_the_readers_language():
    error = Unclear("“%(text)s” is not a number. Write it in figures.", text="много")
    with translation.override("ru"):
        assert wording.sentence_of(error) == "«много» — не число. Напишите цифрами."
