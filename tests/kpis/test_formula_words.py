"""A formula in words, in both languages, and a sentence for everything that can be wrong with one."""

import re
from pathlib import Path

import pytest
from django.utils import translation

from kpis import formulas
from kpis.formula_words import SENTENCES, say_denominator, say_formula, say_together, say_wrong
from kpis.formulas import WrongFormula, parse
from kpis.metrics import METRICS
from kpis.queries import formulas as queries


@pytest.mark.parametrize(
    ("text", "english", "russian"),
    [
        ("likes@vk + likes@ok", "Likes (vk) + Likes (ok)", "Лайки (vk) + Лайки (ok)"),
        (
            "(2 * likes - comments) / reach",
            "“2 × Likes − Comments” divided by “Reach”",
            "«2 × Лайки − Комментарии» разделить на «Охват»",
        ),
        (
            "revenue / spend * 100 - 100",
            "“Revenue” divided by “Spend”, multiplied by 100, minus 100",
            "«Выручка» разделить на «Расход», умножить на 100, минус 100",
        ),
        ("likes / 2", "Likes, multiplied by 0.5", "Лайки, умножить на 0,5"),
    ],
)
def test_a_formula_is_said_in_words(text, english, russian):
    said = {}
    for language in ("en", "ru"):
        with translation.override(language):
            said[language] = say_formula(parse(text))
    assert said == {"en": english, "ru": russian}


def test_the_denominator_is_named():
    assert say_denominator(parse("likes / (views + video_views)")) == "Views + Video views"


def test_everything_that_can_be_wrong_has_a_sentence_in_both_languages():
    raised = {
        code
        for module in (formulas, queries)
        for call in re.findall(r"WrongFormula\((.*)", Path(module.__file__).read_text())
        for code in re.findall(r'"([a-z_]+)"', call)
    }
    assert raised == set(SENTENCES)
    for code in SENTENCES:
        with translation.override("ru"):
            russian = say_wrong(WrongFormula(code, 4, "x"))
        assert re.fullmatch(r"Знак 5: .*[а-яё].*\.", russian), russian
        assert say_wrong(WrongFormula(code, 4, "x")).startswith("Character 5: ")


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("followers", "Of several days the last one counts."),
        ("likes", "Days are added up."),
        ("reach", "Only told for single days: the days can't be put together."),
        ("engagement_rate", "Only told for single days: the different people of several days can't be added up."),
        (
            "ctr",
            "Over several days the sums are made first and the division last; it is never a mean of the days.",
        ),
    ],
)
def test_how_days_are_put_together(code, words):
    assert say_together(METRICS[code]) == words
