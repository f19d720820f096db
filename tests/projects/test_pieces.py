"""The pieces of an answer."""

import pytest

from projects.pieces import Piece, find_piece, pieces_of

TABLE = {"type": "table", "columns": [{"key": "link", "type": "text"}]}


@pytest.mark.parametrize(
    ("kind", "value", "pieces"),
    [
        ("text", "Coffee", [Piece(None, "Coffee")]),
        ("text", None, []),
        ("long_text", "No politics. No jokes\n- Nothing sad!", ["No politics.", "No jokes", "Nothing sad!"]),
        ("long_text", "1. Politics\n2) Sleep", ["Politics", "Sleep"]),
        ("links", ["https://vk.com/a", "https://t.me/b"], ["https://vk.com/a", "https://t.me/b"]),
        ("many_of", {"choices": ["reach", "leads"], "note": "and more"}, ["reach", "leads"]),
        ("one_of", {"choice": "weekly", "note": ""}, [Piece(None, {"choice": "weekly", "note": ""})]),
        ("person", {"name": "Boris", "contact": ""}, [Piece(None, {"name": "Boris", "contact": ""})]),
    ],
)
def test_an_answer_falls_into_its_pieces(kind, value, pieces):
    expected = [each if isinstance(each, Piece) else Piece(number, each) for number, each in enumerate(pieces)]
    assert pieces_of({"type": kind}, value) == expected


def test_empty_rows_of_a_table_keep_their_numbers_and_are_no_pieces():
    value = {"rows": [{"link": ""}, {"link": "Brew"}], "note": ""}
    assert pieces_of(TABLE, value) == [Piece(1, {"link": "Brew"})]


def test_without_a_number_the_only_piece_is_meant():
    value = {"rows": [{"link": "Brew"}], "note": ""}
    assert find_piece(TABLE, value, None) == Piece(0, {"link": "Brew"})


@pytest.mark.parametrize("row", [None, 2])
def test_of_several_pieces_one_has_to_be_named(row):
    value = {"rows": [{"link": "Brew"}, {"link": "Tea"}], "note": ""}
    assert find_piece(TABLE, value, row) is None
