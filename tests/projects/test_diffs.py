"""Two texts word by word."""

import pytest

from projects.diffs import Piece, compare


def marked(before: str, after: str) -> str:
    marks = {"same": "%s", "added": "[+%s]", "removed": "[-%s]"}
    return "".join(marks[piece.change] % piece.text for piece in compare(before, after))


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("", "", ""),
        ("One shop.", "One shop.", "One shop."),
        ("", "One shop.", "[+One shop.]"),
        ("One shop.", "", "[-One shop.]"),
        ("One small shop.", "One shop.", "One [-small ]shop."),
        ("One shop.", "One small shop.", "One [+small ]shop."),
        ("One shop here", "Two shops here", "[-One shop ][+Two shops ]here"),
        ("a b c", "a x c", "a [-b ][+x ]c"),
        ("one two", "one\ntwo", "one\ntwo"),
        ("кофе в зёрнах", "кофе молотый и в зёрнах", "кофе [+молотый и ]в зёрнах"),
        ("  indented", "indented", "[-  ]indented"),
        ("☕", "🫖", "[-☕][+🫖]"),
        ("to be", "to be or not to be", "to be [+or not to be]"),
    ],
)
def test_what_stayed_went_and_came(before, after, said):
    assert marked(before, after) == said


def test_the_pieces_make_both_texts_again():
    before, after = "one two three four", "zero two four five"
    pieces = compare(before, after)
    assert "".join(piece.text for piece in pieces if piece.change != "removed") == after
    assert "".join(piece.text for piece in pieces if piece.change != "added").split() == before.split()


def test_one_word_ten_thousand_times_is_not_puzzled_over():
    before, after = "a " * 5000, "b " + "a " * 4000 + "c"
    assert compare(before, after) == [Piece("removed", before), Piece("added", after)]
