"""One brand colour made into the four accents of the look, in both themes. Pure.

Contrast is WCAG 2.2's: https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio, with the relative luminance of sRGB. The
grounds are those of static/css/tokens.css; a test holds them together.
"""

import re
from dataclasses import dataclass

WHITE, BLACK = "#ffffff", "#000000"
LIGHT_GROUNDS = ("#f5f6f4", "#ffffff", "#eceeeb")
DARK_GROUNDS = ("#12181b", "#1a2226", "#0d1214")
#: What text needs against its ground: AA for text of any size.
ENOUGH = 4.5
HEX = re.compile(r"#[0-9a-f]{6}")
#: How much of a colour is mixed in at each try.
STEP = 0.02


@dataclass(frozen=True)
class Accents:
    """The four accents in one theme."""

    accent: str
    strong: str
    on_accent: str
    tint: str


def is_colour(text: str) -> bool:
    """A colour as it is kept: «#0f5c74»."""
    return HEX.fullmatch(text) is not None


def luminance(colour: str) -> float:
    parts = [int(colour[index : index + 2], 16) / 255 for index in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """From 1 (the same) to 21 (black on white)."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def mix(one: str, other: str, share: float) -> str:
    """`one` with so much of the `other` in it."""
    parts = ((int(one[index : index + 2], 16), int(other[index : index + 2], 16)) for index in (1, 3, 5))
    return "#" + "".join(f"{round(first + (second - first) * share):02x}" for first, second in parts)


def least_contrast(colour: str, grounds: tuple[str, ...] = LIGHT_GROUNDS) -> float:
    """Against the ground on which it stands out least."""
    return min(contrast(colour, ground) for ground in grounds)


def stands_out(colour: str, grounds: tuple[str, ...] = LIGHT_GROUNDS) -> bool:
    return least_contrast(colour, grounds) >= ENOUGH


def towards(colour: str, end: str, grounds: tuple[str, ...]) -> str:
    """The colour, with as little of `end` mixed in as makes it stand out on these grounds."""
    tries = (mix(colour, end, number * STEP) for number in range(round(1 / STEP) + 1))
    return next((one for one in tries if stands_out(one, grounds)), end)


def nearest_fit(colour: str) -> str:
    """The nearest darker shade that can be read in the light theme; the colour itself when it can."""
    return towards(colour, BLACK, LIGHT_GROUNDS)


def in_light(colour: str) -> Accents:
    """The colour as it is: whoever saves it has been told when it can't be read."""
    return Accents(colour, mix(colour, BLACK, 0.25), WHITE, tint_of(colour, WHITE))


def in_dark(colour: str) -> Accents:
    """The same hue, as much lighter as dark grounds need."""
    accent = towards(colour, WHITE, DARK_GROUNDS)
    return Accents(accent, mix(accent, WHITE, 0.4), DARK_GROUNDS[2], tint_of(accent, DARK_GROUNDS[1]))


def tint_of(accent: str, ground: str) -> str:
    """A breath of the accent on the ground: as much as leaves the accent itself readable on it."""
    tries = (mix(ground, accent, number / 100) for number in range(14, 0, -1))
    return next((one for one in tries if contrast(accent, one) >= ENOUGH), ground)


def sheet_of(colour: str) -> str:
    """A style sheet that puts the accents in the place of the portal's own."""
    light, dark = in_light(colour), in_dark(colour)
    pairs = {
        "accent": (light.accent, dark.accent),
        "accent-strong": (light.strong, dark.strong),
        "on-accent": (light.on_accent, dark.on_accent),
        "accent-tint": (light.tint, dark.tint),
    }
    lines = "".join(f"--{name}:light-dark({one},{other});" for name, (one, other) in pairs.items())
    return f"@layer overrides{{:root{{{lines}}}}}"
