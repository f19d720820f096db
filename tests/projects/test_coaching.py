"""What the coach found, said to a person."""

from datetime import date

import pytest
from django.utils import translation

from projects import coaching
from projects.coach import Advice, check

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize("language", ["ru", "en"])
def test_every_advice_is_a_sentence_in_both_languages(language):
    with translation.override(language):
        said = {code: coaching.sentence_of(Advice(code, {"metric": "reach"})) for code in coaching.SENTENCES}
    assert all(sentence.endswith((".", "?")) and "%(" not in sentence for sentence in said.values())


def test_russian_sentences_are_in_russian():
    with translation.override("en"):
        english = {code: coaching.sentence_of(Advice(code, {"metric": "reach"})) for code in coaching.SENTENCES}
    with translation.override("ru"):
        russian = {code: coaching.sentence_of(Advice(code, {"metric": "reach"})) for code in coaching.SENTENCES}
        names = {str(name) for name in coaching.METRIC_NAMES.values()}
    assert [code for code in english if english[code] == russian[code]] == []
    assert [name for name in names if name.isascii()] == ["CTR"]


def test_a_question_names_the_number_it_is_about():
    with translation.override("ru"):
        advice = check("снизить отписки", TODAY).criteria["measurable"].advice
        assert coaching.sentence_of(advice) == "На сколько или до какого уровня нужно снизить (отписки)?"


def test_the_statement_is_cut_where_the_words_relied_on_begin_and_end():
    text = "Хотим +20 % подписчиков за 3 месяца!"
    assert list(coaching.pieces_of(text, check(text, TODAY))) == [
        ("Хотим ", ""),
        ("+20 %", "M"),
        (" ", ""),
        ("подписчиков", "S"),
        (" ", ""),
        ("за 3 месяца", "T"),
        ("!", ""),
    ]


def test_days_are_proposed_in_the_language_of_the_statement(project):
    project.ends_on = date(2027, 5, 31)
    assert list(coaching.deadlines_for("больше подписчиков", project, TODAY)) == [
        "к 31\xa0мая 2027",
        "к 31\xa0декабря 2026",
        "за три месяца",
    ]
    assert list(coaching.deadlines_for("more followers", project, date(2026, 12, 20)))[1:] == [
        "by 31\xa0March 2027",
        "in three months",
    ]


def test_what_is_proposed_is_understood(project):
    for text in ("больше подписчиков", "more followers"):
        proposed = list(coaching.deadlines_for(text, project, TODAY))
        assert all(check(f"{text} {words}", TODAY).reading.deadline for words in proposed)
