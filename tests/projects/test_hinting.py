"""Every hint has a sentence in both languages."""

import re

import pytest
from django.utils import translation

from projects.hinting import SENTENCES, hints_by_key, hints_in_words, sentence_of
from projects.hints import ADS_BANNED_ON, Hint
from tests.projects.test_hints import GIVEN

HINTS = {hint.code: hint for _plan, hint in GIVEN}


def test_every_hint_that_is_given_has_a_sentence():
    assert set(HINTS) == set(SENTENCES)


@pytest.mark.parametrize("code", SENTENCES)
@pytest.mark.parametrize("language", ["ru", "en"])
def test_a_hint_is_a_whole_sentence_in_the_readers_language(code, language):
    with translation.override(language):
        sentence = sentence_of(HINTS[code])
    assert sentence.endswith((".", "?")) and "%(" not in sentence
    assert bool(re.search("[а-яё]{3}", sentence)) == (language == "ru")


def test_the_law_is_named_with_its_number_and_its_day():
    with translation.override("ru"):
        hint = Hint("ads_banned", facts={"platforms": ("instagram", "facebook"), "since_on": ADS_BANNED_ON})
        sentence = sentence_of(hint).replace("\u00a0", " ")
    words = ("72-ФЗ", "1 сентября 2025", "Instagram, Facebook", "юрист")
    assert [word for word in words if word not in sentence] == []


def test_a_hint_stands_beside_each_of_its_answers():
    hint = Hint("no_decider", ("A4", "A5"))
    assert hints_by_key([hint]) == {"A4": [sentence_of(hint)], "A5": [sentence_of(hint)]}


def test_a_program_gets_the_code_the_answers_and_the_sentence():
    hint = HINTS["excluded_in_goal"]
    assert hints_in_words([hint]) == [
        {
            "code": "excluded_in_goal",
            "keys": ["I1"],
            "goals": [7],
            "soft": False,
            "text": "VK is excluded in the brief, and there is a goal on it.",
        }
    ]
