"""What the coach found, put on a panel."""

from datetime import date

from projects import coaching
from projects.coach import check

TODAY = date(2026, 11, 23)


def test_the_statement_is_cut_where_the_words_relied_on_begin_and_end():
    text = "Хотим +20 % подписчиков за 3 месяца!"
    assert list(coaching.pieces_of(text, check(text, TODAY))) == [
        ("Хотим ", ""),
        ("+20 %", "M"),
        (" ", ""),
        ("подписчиков", "S"),
        (" ", ""),
        ("за 3 месяца", "T"),
        ("!", ""),
    ]
