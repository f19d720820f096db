"""The waterline in a line, as home and lists show it."""

import pytest
from django.template.loader import render_to_string

from smmportal.waterline.models import Reading
from smmportal.waterline.rules import USUAL, gauge
from smmportal.waterline.wording import GREY, LOST, PART_WORDS
from tests.smmportal.waterline.situations import NEW, WELL, WORSE, Facts


def line_of(reading: Reading | None) -> str:
    return " ".join(render_to_string("components/waterline.html", {"reading": reading}).split())


@pytest.mark.parametrize(
    ("level", "score", "tone", "words"),
    [
        ("afloat", 82.5, "tone-on-course", ("afloat", "<strong>82.5</strong> of 100")),
        ("listing", 58, "tone-at-risk", ("listing", "<strong>58</strong> of 100")),
        ("sinking", 31, "tone-off-course", ("sinking", "<strong>31</strong> of 100")),
        ("unknown", None, "tone-unknown", ("not known yet",)),
    ],
)
def test_a_level_is_a_word_a_shape_and_a_colour(level, score, tone, words):
    shown = line_of(Reading(level=level, score=score, unknown=12))
    assert [part for part in (tone, *words) if part not in shown] == []


def test_without_a_reading_nothing_is_claimed():
    shown = line_of(None)
    assert ("tone-unknown" in shown, "of 100" in shown, "on-course" in shown) == (True, False, False)


def test_without_a_score_the_whole_bar_is_hatched():
    assert "waterline stands" not in line_of(Reading(level="unknown", score=None, unknown=74))


def codes_of(facts: Facts) -> tuple[set[str], set[str]]:
    found = gauge(facts)
    return {loss.code for loss in found.losses}, {loss.code for loss in found.greys}


@pytest.mark.parametrize("start", [WELL, NEW], ids=["well", "new"])
@pytest.mark.parametrize("step", sorted(WORSE))
def test_every_cause_has_its_words(start, step):
    lost, grey = codes_of(WORSE[step](start))
    assert (lost - LOST.keys(), grey - GREY.keys()) == (set(), set())


def test_every_part_has_a_name_and_a_rule_in_words():
    assert (len(PART_WORDS), sum(USUAL)) == (16, 100)
