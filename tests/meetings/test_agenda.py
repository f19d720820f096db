"""What comes before what, and what the length of a meeting lets in."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from meetings.agenda import KINDS, Line, cut, place_for

HOUR = timedelta(hours=1)
sorts = st.sampled_from(["", "unheard of", *KINDS])
long = st.one_of(st.none(), st.integers(1, 90))


@st.composite
def agendas(draw) -> list[Line]:
    some = draw(st.lists(st.tuples(sorts, long, st.booleans(), st.booleans()), max_size=30))
    return [Line(key, *each) for key, each in enumerate(some)]


def test_what_weighs_more_is_let_in_first():
    lines = [Line(1, "material", 30), Line(2, "kpi", 40), Line(3, "overdue", 30)]
    assert cut(lines, HOUR) == {2}
    assert cut(lines, timedelta(minutes=70)) == {2, 3}


def test_what_a_person_wrote_comes_before_all_that_came_by_itself():
    assert cut([Line(1, "kpi", 50), Line(2, "", 20, is_by_hand=True)], HOUR) == {2}


def test_a_shorter_line_still_comes_in_after_one_that_is_too_long():
    assert cut([Line(1, "kpi", 50), Line(2, "gap", 20), Line(3, "alert", 10)], HOUR) == {1, 3}


def test_what_is_settled_takes_no_time():
    assert cut([Line(1, "kpi", 60), Line(2, "gap", 60, is_settled=True)], HOUR) == {1, 2}


def test_one_line_always_stays():
    assert cut([Line(1, "kpi", 90)], timedelta(minutes=15)) == {1}


def test_a_new_line_goes_before_the_first_that_came_by_itself_and_weighs_less():
    there = [Line(1, "", is_by_hand=True), Line(2, "kpi"), Line(3, "overdue"), Line(4, "material")]
    assert [place_for(kind, there) for kind in ("kpi", "gap", "overdue", "material", "alert")] == [2, 2, 3, 4, 4]


@given(agendas(), st.integers(5, 240))
def test_what_is_kept_never_takes_longer_than_the_meeting_but_for_a_single_line(lines, minutes):
    kept = cut(lines, timedelta(minutes=minutes))
    takes = [line.takes for line in lines if line.key in kept and line.takes]
    assert sum(takes) <= minutes or len(takes) == 1


@given(agendas(), st.integers(5, 240))
def test_nothing_is_left_out_that_would_still_fit(lines, minutes):
    kept = cut(lines, timedelta(minutes=minutes))
    left = minutes - sum(line.takes for line in lines if line.key in kept)
    assert all(line.takes > left for line in lines if line.key not in kept)


@given(agendas(), st.integers(5, 120))
def test_the_order_of_the_list_changes_nothing_between_lines_of_different_weight(lines, minutes):
    one_a_kind = list({(line.is_settled, line.is_by_hand, line.weight): line for line in lines}.values())
    length = timedelta(minutes=minutes)
    assert cut(one_a_kind, length) == cut(one_a_kind[::-1], length)
