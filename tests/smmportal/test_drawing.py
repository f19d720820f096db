import re
from xml.etree import ElementTree

import pytest

from smmportal.drawing import draw_shares, draw_waterline


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


def width_done(done: float) -> float:
    return float(re.search(r'shares-done" width="([\d.]+)', draw_shares(done, 0, title="t"))[1])


def test_a_bar_is_filled_as_far_as_it_is_done():
    assert [width_done(done) for done in (0, 0.5, 1, 1.4, -0.2)] == [0, 100, 200, 200, 0]


@pytest.mark.parametrize(("unknown", "first"), [(0, None), (0.25, 150), (1, 0), (1.5, 0)])
def test_what_nobody_knows_is_hatched_at_the_end(unknown, first):
    path = re.search(r'shares-unknown" d="([^"]*)"', draw_shares(0, unknown, title="t"))[1]
    places = [float(place) for place in re.findall(r"[ML]([\d.]+) ", path)]
    assert (min(places) if places else None, max(places, default=0) <= 200) == (first, True)


def test_the_words_of_a_bar_are_escaped():
    ElementTree.fromstring(draw_shares(0.5, 0.2, title='<b> & "'))  # noqa: S314  our own drawing


def test_what_nobody_knows_is_hatched_above_the_water_and_nowhere_else():
    path = re.search(r'draught-unknown" d="([^"]*)"', draw_waterline(50, title="t", unknown="u", grey=20))[1]
    heights = [float(height) for height in re.findall(r"[ML][\d.]+ ([\d.]+)", path)]
    assert (min(heights), max(heights)) == (60, 92)
    assert "draught-unknown" not in draw_waterline(50, title="t", unknown="u")


def test_the_score_is_written_as_the_reader_writes_it():
    assert ">71,4</text>" in draw_waterline(71.4, title="t", unknown="u", label="71,4")
