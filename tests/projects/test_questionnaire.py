"""The questions: complete in both languages, and each of a type that is known."""

import pytest

from projects.answers import CURRENCIES, TYPES, read, write
from projects.questionnaire import QUICK, find_question, minutes_of, new_form, questions_of, unanswered

QUESTIONS = list(questions_of(QUICK))


def words_in(node: object):
    if isinstance(node, dict):
        if "ru" in node or "en" in node:
            yield node
        else:
            for value in node.values():
                yield from words_in(value)
    elif isinstance(node, list):
        for item in node:
            yield from words_in(item)


def test_the_quick_tier_has_the_fourteen_questions_in_order():
    assert [question["key"] for question in QUESTIONS] == [
        "A1",
        "A4",
        "B1",
        "C1",
        "D1",
        "D2",
        "D3",
        "E4",
        "F1",
        "G3",
        "I1",
        "J1",
        "J2",
        "K1",
    ]


def test_every_word_is_there_in_both_languages():
    assert [words for words in words_in(QUICK) if set(words) != {"ru", "en"} or not all(words.values())] == []


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question["key"])
def test_a_question_names_its_type_its_help_and_its_minutes(question):
    assert question["type"] in TYPES
    assert question["help"]
    assert 1 <= question["minutes"] <= 5
    assert question["key"].startswith(section_of(question["key"]))


def section_of(key: str) -> str:
    return next(
        section["key"] for section in QUICK["sections"] if any(item["key"] == key for item in section["questions"])
    )


def test_the_whole_brief_takes_about_half_an_hour():
    assert sum(minutes_of(question) for question in QUESTIONS) == 35


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question["key"])
def test_an_empty_page_reads_as_no_answer(question):
    assert TYPES[question["type"]].clean(question, read(question, write(question, None))) is None


def test_a_project_gets_a_copy_of_its_own():
    form = new_form()
    form["sections"][0]["questions"][0]["label"]["en"] = "Changed"
    assert find_question(QUICK, "A1")["label"]["en"] != "Changed"


def test_what_is_left_is_named():
    every = {question["key"] for question in QUESTIONS}
    assert [question["key"] for question in unanswered(QUICK, every - {"C1", "K1"})] == ["C1", "K1"]


def test_a_question_that_may_stay_empty_is_not_named():
    form = {"sections": [{"key": "A", "questions": [{"key": "A1", "required": False}, {"key": "A2"}]}]}
    assert [question["key"] for question in unanswered(form, set())] == ["A2"]


def test_an_unknown_key_finds_nothing():
    assert find_question(QUICK, "Z9") is None


def test_the_first_currency_is_the_one_offered():
    assert write({"type": "money"}, None) == ["", CURRENCIES[0]]
