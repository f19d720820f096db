"""The questions: complete in both languages, and each of a type that is known."""

import pytest

from projects.answers import CURRENCIES, TYPES, read, write
from projects.questionnaire import (
    FULL,
    QUICK,
    asked_keys,
    find_question,
    grown,
    is_required,
    minutes_of,
    new_form,
    questions_of,
    unanswered,
)

QUESTIONS = list(questions_of(QUICK))
EVERY = list(questions_of(FULL))


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
    assert [words for words in words_in(FULL) if set(words) != {"ru", "en"} or not all(words.values())] == []


@pytest.mark.parametrize("question", EVERY, ids=lambda question: question["key"])
def test_a_question_names_its_type_its_help_and_its_minutes(question):
    assert question["type"] in TYPES
    assert question["help"]
    assert 1 <= question["minutes"] <= 5
    assert question["key"].startswith(section_of(question["key"]))


def section_of(key: str) -> str:
    return next(
        section["key"] for section in FULL["sections"] if any(item["key"] == key for item in section["questions"])
    )


def test_the_whole_brief_takes_about_half_an_hour():
    assert sum(minutes_of(question) for question in QUESTIONS) == 35


@pytest.mark.parametrize("question", EVERY, ids=lambda question: question["key"])
def test_an_empty_page_reads_as_no_answer(question):
    assert TYPES[question["type"]].clean(question, read(question, write(question, None))) is None


def test_a_project_gets_a_copy_of_its_own():
    form = new_form()
    form["sections"][0]["questions"][0]["label"]["en"] = "Changed"
    assert find_question(QUICK, "A1")["label"]["en"] != "Changed"


def test_what_is_left_is_named():
    every = {question["key"] for question in QUESTIONS}
    assert [question["key"] for question in unanswered(QUICK, every - {"C1", "K1"}, {})] == ["C1", "K1"]


def test_a_question_that_may_stay_empty_is_not_named():
    form = {"sections": [{"key": "A", "questions": [{"key": "A1", "required": False}, {"key": "A2"}]}]}
    assert [question["key"] for question in unanswered(form, set(), {})] == ["A2"]


def test_an_unknown_key_finds_nothing():
    assert find_question(QUICK, "Z9") is None


def test_the_first_currency_is_the_one_offered():
    assert write({"type": "money"}, None) == ["", CURRENCIES[0]]


# --- The full tier --------------------------------------------------------------------------------------------------

COUNTS = {"A": 6, "B": 7, "C": 5, "D": 7, "E": 5, "F": 3, "G": 5, "H": 5, "I": 5, "J": 7, "K": 4}


def test_the_full_tier_asks_fifty_nine_questions_in_order():
    keys = [f"{letter}{number}" for letter, count in COUNTS.items() for number in range(1, count + 1)]
    assert (FULL["tier"], [question["key"] for question in EVERY], len(keys)) == ("full", keys, 59)


def test_of_the_full_tier_only_the_quick_one_is_required():
    required = [question["key"] for question in EVERY if is_required(question)]
    assert required == [question["key"] for question in QUESTIONS]


def test_the_full_tier_asks_the_quick_questions_in_the_same_words():
    assert [question for question in EVERY if is_required(question)] == QUESTIONS


def test_the_full_tier_takes_two_hours():
    assert sum(minutes_of(question) for question in EVERY) == 122


def test_no_label_and_no_help_is_said_twice():
    said = [question[part][language] for question in EVERY for part in ("label", "help") for language in ("ru", "en")]
    assert sorted(said) == sorted(set(said))


def test_a_condition_looks_back_at_a_choice_that_is_there():
    keys = [question["key"] for question in EVERY]
    conditions = [(question["key"], question["condition"]) for question in EVERY if "condition" in question]
    assert [key for key, _condition in conditions] == ["I3"]
    for key, condition in conditions:
        asked = find_question(FULL, condition["question"])
        assert keys.index(asked["key"]) < keys.index(key)
        assert {*condition["choice"]} <= {choice["value"] for choice in asked["choices"]}


@pytest.mark.parametrize(
    ("known", "is_asked"),
    [
        ({}, False),
        ({"I2": {"choice": "no", "note": ""}}, False),
        ({"I2": {"choice": "", "note": "russia"}}, False),
        ({"I2": {"choice": "russia", "note": ""}}, True),
        ({"I2": {"choice": "both", "note": ""}}, True),
        ({"I2": None}, False),
    ],
)
def test_marking_is_asked_only_with_paid_promotion_in_russia(known, is_asked):
    assert ("I3" in asked_keys(FULL, known)) is is_asked


def form_of(*questions: dict) -> dict:
    return {"tier": "quick", "sections": [{"key": "A", "title": {}, "questions": list(questions)}]}


CHAIN = form_of(
    {"key": "A1"},
    {"key": "A2", "condition": {"question": "A1", "choice": ["yes"]}},
    {"key": "A3", "condition": {"question": "A2", "choice": ["yes", "perhaps"]}},
)


def test_a_question_that_is_not_asked_opens_no_other():
    perhaps = {"choices": ["perhaps"]}
    assert asked_keys(CHAIN, {"A2": perhaps}) == {"A1"}
    assert asked_keys(CHAIN, {"A1": {"choice": "yes"}, "A2": perhaps}) == {"A1", "A2", "A3"}


def test_a_condition_on_an_unknown_question_never_holds():
    form = form_of({"key": "A1", "condition": {"question": "Z9", "choice": ["yes"]}})
    assert asked_keys(form, {"Z9": {"choice": "yes"}}) == set()


def test_a_question_that_is_not_asked_is_not_missed():
    assert [question["key"] for question in unanswered(CHAIN, set(), {})] == ["A1"]
    assert [question["key"] for question in unanswered(CHAIN, {"A1"}, {"A1": {"choice": "yes"}})] == ["A2"]


def test_a_form_grows_without_losing_a_word():
    own = form_of({"key": "A1", "label": {"en": "Asked otherwise"}}, {"key": "A4", "label": {"en": "Ours"}})
    own["sections"].append({"key": "X", "title": {"en": "Ours alone"}, "questions": [{"key": "X1"}]})
    form = grown(own, FULL)
    assert [question["key"] for question in form["sections"][0]["questions"]] == ["A1", "A2", "A3", "A4", "A5", "A6"]
    assert find_question(form, "A1") == {"key": "A1", "label": {"en": "Asked otherwise"}}
    assert form["sections"][-1] == own["sections"][-1]
    assert (form["tier"], own["tier"]) == ("full", "quick")


def test_a_form_that_has_everything_does_not_grow():
    assert grown(FULL, FULL) == FULL
    assert grown(new_form(), FULL) == FULL


def test_a_form_shares_nothing_with_the_one_it_grew_from():
    grown(QUICK, FULL)["sections"][0]["questions"][1]["label"]["en"] = "Changed"
    assert find_question(FULL, "A2")["label"]["en"] != "Changed"
