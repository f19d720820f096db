"""The colours are legible in both themes: WCAG 2.2 AA, computed from the tokens themselves."""

import re

import pytest
from django.conf import settings

PAIR = re.compile(r"--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)")
TOKENS = {name: colours for name, *colours in PAIR.findall((settings.BASE_DIR / "static/css/tokens.css").read_text())}
GROUNDS = ("ground", "surface", "sunken")
INKS = ("ink", "ink-soft", "ink-faint", "accent", "accent-strong", "on-course", "at-risk", "off-course", "unknown")
TEXT = [
    *((ink, ground) for ink in INKS for ground in GROUNDS),
    ("on-accent", "accent"),
    ("on-accent", "accent-strong"),
    ("accent", "accent-tint"),
    ("accent-strong", "accent-tint"),
    *(("ink", f"{tone}-tint") for tone in ("accent", "on-course", "at-risk", "off-course", "unknown")),
    *((tone, f"{tone}-tint") for tone in ("on-course", "at-risk", "off-course", "unknown")),
    ("surface", "ink-soft"),
]
EDGES = [("line-strong", "ground"), ("line-strong", "surface"), ("accent", "ground"), ("off-course", "surface")]


def luminance(colour: str) -> float:
    parts = [int(colour[index : index + 2], 16) / 255 for index in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), TEXT)
def test_text_stands_out(ink, ground, theme):
    assert contrast(TOKENS[ink][theme], TOKENS[ground][theme]) >= 4.5


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("edge", "ground"), EDGES)
def test_edges_of_controls_can_be_seen(edge, ground, theme):
    assert contrast(TOKENS[edge][theme], TOKENS[ground][theme]) >= 3


def test_the_measure_itself_knows_black_from_white():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


def test_a_page_loads_under_a_hundred_kilobytes_of_our_own_css_and_scripts():
    """Every sheet, the entry with what it imports, and the three heaviest of the behaviours that it fetches when a page
    asks for them: no page asks for more."""
    scripts = settings.BASE_DIR / "static/js"
    entry = (scripts / "portal.js").read_text()
    always = ["portal.js", *re.findall(r'from "\./([\w-]+\.js)"', entry)]
    later = re.findall(r': "\./([\w-]+\.js)"', entry)
    assert {*always, *later} == {path.name for path in scripts.rglob("*.js")}
    sheets = sum(path.stat().st_size for path in (settings.BASE_DIR / "static/css").rglob("*.css"))
    heaviest = sorted(((scripts / name).stat().st_size for name in later), reverse=True)[:3]
    assert sheets + sum((scripts / name).stat().st_size for name in always) + sum(heaviest) < 100_000


def test_every_sheet_is_on_the_page_and_every_sheet_keeps_to_its_layer():
    listed = set(re.findall(r"'(css/[\w/.-]+)'", (settings.BASE_DIR / "templates/_styles.html").read_text()))
    sheets = {
        path.relative_to(settings.BASE_DIR / "static").as_posix()
        for path in (settings.BASE_DIR / "static/css").rglob("*.css")
    }
    assert listed == sheets
    assert [sheet for sheet in sheets if "@layer" not in (settings.BASE_DIR / "static" / sheet).read_text()] == []


def test_no_template_carries_inline_style_or_script():
    inline = re.compile(r"\sstyle=|\son\w+=|<style|<script(?![^>]*(?:src=|application/json))")
    templates = (settings.BASE_DIR / "templates").rglob("*.html")
    assert [path.name for path in templates if path.name != "letter.html" and inline.search(path.read_text())] == []
