"""An agency's colour can be read wherever the portal puts it; the grounds are those of the style sheet itself."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smmportal import colours
from tests.smmportal.test_contrast import GROUNDS, TOKENS, contrast

STEPS = ("00", "33", "66", "99", "cc", "ff")


def test_the_grounds_are_those_of_the_sheet():
    light, dark = zip(*(TOKENS[ground] for ground in GROUNDS), strict=True)
    assert (light, dark) == (colours.LIGHT_GROUNDS, colours.DARK_GROUNDS)


def test_the_measure_is_wcags():
    assert (round(colours.contrast("#000000", "#ffffff"), 2), round(colours.contrast("#777777", "#ffffff"), 2)) == (
        21,
        4.48,
    )


def weakest(accents: colours.Accents, grounds: tuple[str, ...], ink: str) -> float:
    pairs = [(hue, ground) for hue in (accents.accent, accents.strong) for ground in (*grounds, accents.tint)]
    pairs += [(accents.on_accent, accents.accent), (accents.on_accent, accents.strong), (ink, accents.tint)]
    return min(contrast(*pair) for pair in pairs)


@pytest.mark.parametrize("colour", ["#" + "".join(parts) for parts in product(STEPS, repeat=3)])
def test_every_pair_of_a_colour_that_may_be_kept_stands_out(colour):
    fit = colours.nearest_fit(colour)
    light, dark = colours.in_light(fit), colours.in_dark(fit)
    assert weakest(light, colours.LIGHT_GROUNDS, TOKENS["ink"][0]) >= 4.5
    assert weakest(dark, colours.DARK_GROUNDS, TOKENS["ink"][1]) >= 4.5


@given(st.integers(0, 0xFFFFFF))
def test_a_colour_that_can_be_read_is_left_alone(number):
    colour = f"#{number:06x}"
    assert (colours.nearest_fit(colour) == colour) == colours.stands_out(colour)


def test_a_sheet_sets_the_four_accents_and_nothing_else():
    assert colours.sheet_of("#0f5c74") == (
        "@layer overrides{:root{--accent:light-dark(#0f5c74,#5c90a0);--accent-strong:light-dark(#0b4557,#9dbcc6);"
        "--on-accent:light-dark(#ffffff,#0d1214);--accent-tint:light-dark(#dde8ec,#1b2327);}}"
    )
