import re
from datetime import date, timedelta
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpis.charts import (
    ROWS,
    Scale,
    Target,
    Words,
    day_ticks,
    draw_chart,
    draw_sparkline,
    draw_strip,
    gaps_of,
    marks_of,
    nice_ticks,
    runs_of,
)

FIRST = date(2026, 9, 1)
WORDS = Words(title="Followers", summary="11,800 of 12,000 by March", unit="Followers")


def on(offset: int) -> date:
    return FIRST + timedelta(days=offset)


def series(*values: float | None, final: int | None = None) -> list:
    last_final = len(values) if final is None else final
    return [(on(index), value, index < last_final) for index, value in enumerate(values)]


def draw(samples: list, **kwargs) -> str:
    usual = {"words": WORDS, "key": "k", "format_number": lambda value: f"{value:g}", "format_day": date.isoformat}
    return draw_chart(samples, **{**usual, **kwargs})


def paths(svg: str, name: str) -> list[str]:
    return re.findall(rf'<path class="{name}" d="([^"]+)"', svg)


def points_of(path: str) -> list[tuple[int, int]]:
    """Where a polyline goes; each pair of its numbers is a step from the point before."""
    numbers = [int(number) for number in re.findall(r"-?\d+", path)]
    steps = list(zip(numbers[::2], numbers[1::2], strict=True))
    return [(sum(x for x, _ in steps[:end]), sum(y for _, y in steps[:end])) for end in range(1, len(steps) + 1)]


@pytest.mark.parametrize(
    ("low", "high", "ticks"),
    [
        (0, 100, [0, 25, 50, 75, 100]),
        (10_000, 12_300, [10_000, 11_000, 12_000, 13_000]),
        (-3, 7, [-5, -2.5, 0, 2.5, 5, 7.5]),
        (0.001, 0.0042, [0.001, 0.002, 0.003, 0.004, 0.005]),
        (5, 5, [4, 4.5, 5, 5.5, 6]),
        (0, 0, [-0.5, -0.25, 0, 0.25, 0.5]),
    ],
)
def test_ticks_are_round_and_hold_both_ends(low, high, ticks):
    assert nice_ticks(low, high) == ticks


def test_short_spans_name_days_and_long_ones_months():
    assert day_ticks(FIRST, on(6), most=7) == [on(index) for index in range(7)]
    assert day_ticks(FIRST, on(30), most=6) == [on(index) for index in (0, 7, 14, 21, 28)]
    assert day_ticks(date(2026, 9, 15), date(2027, 1, 10), most=6) == [
        date(2026, 10, 1),
        date(2026, 11, 1),
        date(2026, 12, 1),
        date(2027, 1, 1),
    ]


def test_a_gap_breaks_the_line_and_is_never_bridged():
    samples = series(1, 2, None, 4, 5)
    assert [[value for _, value, _ in run] for run in runs_of(samples)] == [[1, 2], [4, 5]]
    assert gaps_of(samples) == [(on(1), on(3))]
    assert len(paths(draw(samples), "chart-line")) == 2


def test_a_day_that_is_not_in_the_series_is_a_gap_too():
    samples = [(on(0), 1, True), (on(1), 2, True), (on(5), 3, True), (on(6), 4, True)]
    assert gaps_of(samples) == [(on(1), on(5))]
    assert gaps_of(samples, step=7) == []


def test_gaps_at_the_edges_reach_the_edges():
    assert gaps_of(series(None, None, 3, None)) == [(on(0), on(2)), (on(2), on(3))]
    assert gaps_of(series(None, None, None)) == [(on(0), on(2))]
    assert gaps_of([]) == []


def test_zero_is_a_value_and_not_a_gap():
    samples = series(0, 0, 3)
    assert gaps_of(samples) == []
    assert 'class="chart-gap"' not in draw(samples)


def test_every_gap_is_hatched():
    assert draw(series(1, None, 3, None, 5)).count('class="chart-gap"') == 2


def test_the_provisional_tail_is_a_line_of_its_own_that_starts_where_the_final_one_ends():
    svg = draw(series(1, 2, 3, 4, final=2))
    settled, tail = paths(svg, "chart-line"), paths(svg, "chart-line chart-provisional")
    assert [len(points_of(line)) for line in (*settled, *tail)] == [2, 3]
    assert points_of(settled[0])[-1] == points_of(tail[0])[0]


def test_a_value_alone_between_gaps_is_a_dot():
    assert draw(series(1, None, 3, None, None)).count("<circle") == 3


@pytest.mark.parametrize(("day", "value"), [(FIRST, 100), (on(50), 150), (on(100), 200), (on(150), 200), (on(-5), 100)])
def test_the_target_asks_for_its_share_on_every_day(day, value):
    assert Target(FIRST, 100, on(100), 200).at(day) == value


def test_a_level_to_hold_is_a_level():
    assert Target(FIRST, 40, FIRST, 40).at(on(3)) == 40


def test_the_picture_reaches_the_targets_day_and_names_it():
    svg = draw(series(100, 110), target=Target(FIRST, 100, on(100), 200))
    assert f'data-days="{FIRST} {on(100)}"' in svg
    assert ">200</text>" in svg
    assert 'class="chart-target-end"' in svg


def test_a_target_beyond_the_picture_is_pointed_at():
    svg = draw(series(100, 110), target=Target(FIRST, 100, on(100), 200), last=on(10))
    assert ">target →</text>" in svg
    assert 'class="chart-target-end"' not in svg


def label_places(svg: str) -> dict[str, float]:
    return {words: float(y) for y, words in re.findall(r'<text class="chart-label[^>]* y="([^"]+)">([^<]+)', svg)}


def test_the_baseline_is_named_beside_its_line_where_no_other_line_runs():
    svg = draw(series(100, 110, 90, 120), baseline=105)
    places, right = label_places(svg), float(re.search(r'data-frame="\S+ (\S+)', svg)[1])
    assert list(places) == ["120", "105"]
    assert {float(x) for x in re.findall(r'<text class="chart-label[^>]* x="([^"]+)"', svg)} == {right + 8}
    assert ">baseline</text>" in svg


@pytest.mark.parametrize("baseline", [1, 95, 103, 199, 200])
def test_labels_at_the_edge_never_lie_on_each_other_and_stay_inside(baseline):
    svg = draw(series(100, 100, 101), target=Target(FIRST, 1, on(2), 102), baseline=baseline, width=300, height=220)
    places = sorted(label_places(svg).values())
    assert len(places) == 3
    assert min(after - before for before, after in pairwise(places)) >= 29
    assert places[-1] <= 220 - 20


def test_ninety_days_weigh_little():
    assert len(draw(series(*(700 + (day * 37) % 200 for day in range(90))), width=300, height=220)) < 2000


def test_a_description_is_there_when_there_is_one():
    assert draw(series(1, 2)).count("11,800 of 12,000 by March") == 1
    assert "desc" not in draw(series(1, 2), words=Words(title="Followers"))


def test_a_scale_that_does_not_start_at_nought_says_so():
    assert "scale starts at 10000" in draw(series(10_000, 10_400, 10_900))
    assert "scale starts" not in draw(series(10_000, 10_400, 10_900), from_zero=True)
    assert "scale starts" not in draw(series(10, 400, 900))


def test_the_forecast_is_a_band_that_leaves_from_the_last_known_value():
    svg = draw(series(100, 110), forecast=[(on(10), 120, 130, 140)])
    assert len(paths(svg, "chart-band")) == 1
    assert ">130</text>" in svg
    assert ">forecast</text>" in svg


def test_no_data_says_so_and_draws_no_line():
    for samples in ([], series(None, None)):
        svg = draw(samples, target=Target(FIRST, 100, on(10), 200), today=on(3))
        assert ">no data</text>" in svg
        assert paths(svg, "chart-line") == []
        assert 'class="chart-gap"' in svg


def test_notes_are_numbered_and_those_outside_stay_out():
    svg = draw(series(1, 2, 3), notes=[(on(1), "A giveaway"), (on(90), "Later")])
    assert "<title>A giveaway</title>" in svg
    assert "Later" not in svg


def test_what_people_wrote_is_text_and_nothing_else():
    nasty = '<script>alert("&")</script>'
    words = Words(title=nasty, summary=nasty, unit=nasty, target=nasty, baseline=nasty, today=nasty, no_data=nasty)
    target = Target(FIRST, 1, on(9), 2)
    svg = draw(
        series(None, None), words=words, key='"><x', notes=[(on(1), nasty)], target=target, baseline=1, today=on(2)
    )
    tree = ElementTree.fromstring(svg)  # noqa: S314  our own drawing
    assert "<script" not in svg
    assert tree.find("title").text == nasty


@pytest.mark.parametrize("width", [300, 720])
@pytest.mark.parametrize(
    "samples", [[], series(5), series(5, 5, 5), series(-3, 0, 4), series(1e9, 1e9 + 1), series(0.0001, 0.0003)]
)
def test_every_series_gives_a_sound_drawing_without_inline_styles(samples, width):
    svg = draw(samples, width=width, baseline=1, forecast=[(on(40), 1, 2, 3)], today=on(1))
    ElementTree.fromstring(svg)  # noqa: S314  our own drawing
    assert re.search(r"style=|nan|inf", svg) is None
    assert svg.startswith('<svg class="chart" role="img"')


def test_nothing_is_drawn_outside_the_frame():
    svg = draw(series(*range(100, 190)), target=Target(FIRST, 100, on(120), 260), width=300, height=220)
    left, right, top, bottom = map(float, re.search(r'data-frame="([^"]+)"', svg)[1].split())
    points = [point for line in paths(svg, "chart-line") for point in points_of(line)]
    assert len(points) == 90
    assert all(left <= x <= right and top <= y <= bottom for x, y in points)
    assert 0 < left < right < 300


def test_the_drawing_is_safe_for_a_template_as_it_is():
    svg = draw(series(1, 2))
    assert svg.__html__() == svg


def test_two_sizes_on_one_page_have_ids_of_their_own():
    ids = [re.findall(r'id="([^"]+)"', draw(series(1, None, 3), width=width)) for width in (300, 720)]
    assert set(ids[0]) & set(ids[1]) == set()


def test_a_sparkline_leaves_its_gaps_open():
    svg = draw_sparkline([1, 2, None, 4, 5])
    assert paths(svg, "chart-line")[0].count("M") == 2
    assert 'aria-hidden="true"' in svg


@pytest.mark.parametrize("values", [[], [None], [3], [0, 0]])
def test_a_sparkline_of_next_to_nothing_still_is_a_drawing(values):
    ElementTree.fromstring(draw_sparkline(values))  # noqa: S314  our own drawing


def test_a_note_that_would_lie_on_its_neighbour_stands_a_step_lower():
    drawn = draw(series(*[1] * 90), notes=[(on(0), "a"), (on(1), "b"), (on(60), "c")])
    heights = re.findall(r'<circle cx="[\d.]+" cy="([\d.]+)" r="8"/>', drawn)
    assert (len(heights), float(heights[1]) - float(heights[0]), heights[2]) == (3, 17.0, heights[0])


def labels_of(drawn: str) -> list[str]:
    return re.findall(r'class="chart-mark-number"[^>]*>([^<]+)<', drawn)


def test_notes_that_would_hide_the_line_share_a_mark_with_their_numbers():
    eighteen = [(on(number * 5), f"note {number}") for number in range(18)]
    wide, narrow = (draw(series(*[1] * 90), notes=eighteen, width=width) for width in (720, 300))
    assert labels_of(wide) == [str(number) for number in range(1, 19)]
    assert labels_of(narrow) == ["1–3", "4–6", "7–9", "10–12", "13–14", "15–17", "18"]
    assert '<g class="chart-mark" data-notes="1 3"><title>note 0\nnote 1\nnote 2</title>' in narrow


def test_notes_of_one_day_share_their_mark_first():
    drawn = draw(series(*[1] * 90), notes=[(on(3), "a"), (on(3), "b"), (on(3), "c"), (on(40), "d")])
    assert labels_of(drawn) == ["1–3", "4"]


@given(
    days=st.lists(st.integers(0, 400), max_size=24).map(sorted),
    length=st.integers(2, 400),
    width=st.sampled_from([300, 720]),
)
def test_marks_keep_to_their_rows_and_every_note_has_one(days, length, width):
    notes = [(on(day), str(day)) for day in days]
    scale = Scale(FIRST, on(length), 0, 1, left=40, right=width - 60, top=30, bottom=200)
    marks = marks_of(scale, notes)
    assert [number for mark in marks for number in range(mark.first, mark.last + 1)] == [
        number for number, day in enumerate(days, 1) if day <= length
    ]
    assert all(mark.row < ROWS for mark in marks)
    assert [word for mark in marks for word in mark.words] == [str(day) for day in days if day <= length]


def test_the_line_before_is_drawn_under_the_line_with_its_gaps_and_its_label():
    before = [(on(number), None if number == 3 else 5.0) for number in range(8)]
    drawn = draw(series(*range(1, 9)), before=before)
    assert (drawn.count('class="chart-before"'), ">before<" in drawn) == (2, True)
    assert drawn.index("chart-before") < drawn.index('class="chart-line"')


def test_a_strip_holds_line_target_and_gaps_in_few_bytes():
    values = [1000 + number * 3 for number in range(90)]
    values[40] = None
    target = Target(on(0), 1000, on(200), 2000)
    drawn = draw_strip(series(*values), target=target, baseline=1000)
    assert (len(drawn) < 1000, drawn.count("chart-line"), drawn.count('fill="url(#gap)"')) == (True, 2, 1)
    assert ("chart-target" in drawn, "chart-baseline" in drawn, "<text" in drawn) == (True, True, False)


def test_a_strip_without_numbers_is_one_gap():
    assert draw_strip(series(*[None] * 10)).count("M2 5H295V60H2z") == 1
