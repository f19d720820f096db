import re
from xml.etree import ElementTree

import pytest

from smmportal.drawing import draw_waterline


def surface_of(score: float) -> float:
    return float(re.search(r'draught-surface" d="M34 ([\d.]+)', draw_waterline(score, title="t", unknown="u"))[1])


def test_the_water_stands_where_the_score_says():
    assert [surface_of(score) for score in (0, 50, 100, 140, -5)] == [172, 92, 12, 12, 172]


def test_an_unknown_waterline_has_no_water():
    svg = draw_waterline(None, title="t", unknown="not known yet")
    assert "draught-water" not in svg
    assert "draught-unknown" in svg
    assert ">not known yet</text>" in svg


@pytest.mark.parametrize("score", [None, 0, 72.4, 100])
def test_the_drawing_is_sound_and_its_words_are_text(score):
    svg = draw_waterline(score, title='<b>"', unknown="<i>")
    assert ElementTree.fromstring(svg).get("aria-label") == '<b>"'  # noqa: S314  our own drawing
