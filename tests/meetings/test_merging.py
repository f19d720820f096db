"""Two people's texts, put together line by line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetings.merging import lines_of, merge

texts = st.lists(st.sampled_from(["", "a", "b", "c", "a b"]), max_size=6).map("\n".join)


@pytest.mark.parametrize(
    ("base", "mine", "theirs", "together"),
    [
        ("", "One", "Two", "Two\nOne"),
        ("x", "x\nOne", "x\nTwo", "x\nTwo\nOne"),
        ("a\nb\nc", "A\nb\nc", "a\nb\nC", "A\nb\nC"),
        ("a\nb", "A\nb", "a\nB", "A\nB"),
        ("a\nb\nc", "a\nc", "a\nb\nc\nd", "a\nc\nd"),
        ("a\nb", "A\nb", "A\nb", "A\nb"),
        ("a\r\nb", "a\r\nb\r\nc", "a\nb", "a\nb\nc"),
    ],
)
def test_what_does_not_touch_is_put_together(base, mine, theirs, together):
    assert merge(base, mine, theirs) == together


@pytest.mark.parametrize(
    ("base", "mine", "theirs"), [("a", "b", "c"), ("a\nb\nc", "a\nc", "a\nB\nc"), ("a\nb", "c", "a\nx\nb")]
)
def test_the_same_lines_changed_in_two_ways_are_for_people(base, mine, theirs):
    assert merge(base, mine, theirs) is None


def test_a_line_that_goes_on_being_typed_stays_one_line():
    base = "We met."
    first = merge(base, "We met.\nWe dec", "We met.\nKatya was late.")
    assert merge("We met.\nWe dec", "We met.\nWe decided.", first) == "We met.\nKatya was late.\nWe decided."


@given(texts, texts)
def test_who_writes_alone_gets_their_own_text(base, mine):
    assert merge(base, mine, base) == merge(base, base, mine) == mine


@given(texts, texts)
def test_the_same_change_made_twice_is_made_once(base, mine):
    assert merge(base, mine, mine) == mine


@given(texts, texts, texts)
def test_no_line_that_somebody_added_is_lost(base, mine, theirs):
    together = merge(base, mine, theirs)
    if together is None:
        return
    before, after = lines_of(base), lines_of(together)
    new = {line for text in (mine, theirs) for line in lines_of(text) if line not in before}
    assert new <= set(after)


@given(texts, texts, texts)
def test_whether_it_can_be_put_together_does_not_depend_on_who_comes_first(base, mine, theirs):
    assert (merge(base, mine, theirs) is None) == (merge(base, theirs, mine) is None)
