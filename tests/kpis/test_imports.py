"""Files as people really bring them: read, or named by line."""

from datetime import date
from decimal import Decimal

import pytest

from kpis.cells import number_in
from kpis.imports import Mapping, guess, parse, read_table
from kpis.tables import NotATable, read_text

TODAY = date(2026, 11, 23)


def read(text: str, *, encoding: str = "utf-8", **mapping) -> tuple[list, list]:
    """(metric, day, number) of every entry, and (line, column, code) of every problem."""
    table = read_table(text.encode(encoding))
    guessed = guess(table, today=TODAY)
    parsed = parse(table, Mapping(**{**vars(guessed), **mapping}))
    entries = [
        (entry.metric, entry.day.isoformat(), None if entry.value is None else str(entry.value))
        for account in parsed.accounts
        for entry in account.entries
    ]
    return entries, [(problem.line, problem.column, problem.code) for problem in parsed.problems]


def test_a_plain_table():
    assert read("day,views\n2026-11-01,394\n2026-11-02,0\n") == (
        [("views", "2026-11-01", "394"), ("views", "2026-11-02", "0")],
        [],
    )


RUSSIAN = "дата;подписчики;охват\n01.11.2026;1\u00a0200;10,5\n25.11.2025;1 210;\n"
RUSSIAN_MEANS = [
    ("followers", "2025-11-25", "1210"),
    ("followers", "2026-11-01", "1200"),
    ("reach", "2025-11-25", None),
    ("reach", "2026-11-01", "10.5"),
]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251", "utf-16"])
def test_a_spreadsheets_russian_export_in_every_encoding(encoding):
    assert read(RUSSIAN, encoding=encoding) == (RUSSIAN_MEANS, [])


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_every_separator(delimiter):
    assert read(RUSSIAN.replace(";", delimiter)) == (RUSSIAN_MEANS, [])


def test_the_separator_note_of_a_spreadsheet_is_passed_over():
    assert read("sep=;\r\n" + RUSSIAN) == (RUSSIAN_MEANS, [])


def test_an_empty_cell_is_a_gap_and_zero_is_a_number():
    entries, problems = read("day,reach,likes\n2026-11-01,,0\n2026-11-02,n/a,—\n")
    assert entries == [
        ("likes", "2026-11-01", "0"),
        ("likes", "2026-11-02", None),
        ("reach", "2026-11-01", None),
        ("reach", "2026-11-02", None),
    ]
    assert problems == []


def test_wrong_cells_are_named_by_line_and_the_rest_is_taken():
    text = (
        "day,followers,likes\n"
        "2026-02-31,1,1\n"
        "2026-11-02,=SUM(A1),2\n"
        "2026-11-03,-5,3\n"
        "2026-11-04,many,4\n"
        "2026-11-05\n"
        ",6,6\n"
        "2099-01-01,7,7\n"
        "1066-10-14,8,8\n"
        "2026-11-08,1e30,8\n"
    )
    entries, problems = read(text)
    assert entries == [("likes", f"2026-11-0{day}", str(day)) for day in (2, 3, 4, 8)]
    assert problems == [
        (2, "day", "day"),
        (3, "followers", "formula"),
        (4, "followers", "negative"),
        (5, "followers", "number"),
        (6, "", "cells"),
        (7, "day", "no_day"),
        (8, "day", "future"),
        (9, "day", "year"),
        (10, "followers", "number"),
    ]


def test_a_day_told_twice_alike_is_one_day_and_told_differently_is_none():
    entries, problems = read("day,views\n2026-11-01,5\n2026-11-01,5\n2026-11-02,6\n2026-11-02,7\n")
    assert entries == [("views", "2026-11-01", "5")]
    assert problems == [(5, "views", "twice")]


def test_day_and_month_that_can_be_swapped_are_asked_about():
    table = read_table(b"date,views\n02/03/2026,5\n04/05/2026,6\n")
    assert guess(table).questions == ["day_format"]


@pytest.mark.parametrize(
    ("cells", "order"),
    [
        (["13/02/2026", "02/03/2026"], "dmy"),
        (["02/13/2026", "02/03/2026"], "mdy"),
        (["02.03.2026", "04.05.2026"], "dmy"),
        (["2026-03-02", "2026/03/04"], "ymd"),
        (["20260302", "20260303"], "ymd"),
    ],
)
def test_the_order_of_a_date_is_known_when_one_day_shows_it(cells, order):
    table = read_table("\n".join(["date,views", *(f"{cell},1" for cell in cells)]).encode())
    assert guess(table).day_format == order


def test_a_comma_that_can_be_read_in_two_ways_is_asked_about():
    assert guess(read_table(b"day;views\n2026-11-01;1,234\n2026-11-02;2,345\n")).questions == ["decimal"]


def test_one_cell_can_show_what_the_comma_means():
    assert guess(read_table(b"day;ctr\n2026-11-01;1,234\n2026-11-02;2,3\n")).decimal == ","
    assert guess(read_table(b'day;views\n2026-11-01;1,234\n2026-11-02;"1,234.5"\n')).decimal == "."


@pytest.mark.parametrize(
    ("cell", "decimal", "means"),
    [
        ("1 234,5", ",", "1234.5"),
        ("1\u202f234\u202f567", ".", "1234567"),
        ("1'234.5", ".", "1234.5"),
        ("1.234,5", ",", "1234.5"),
        ("\u22125", ".", "-5"),
        ("12 34", ".", None),
        ("1,23", ".", None),
        ("٣", ".", None),
        ("NaN", ".", None),
        ("0x10", ".", None),
    ],
)
def test_what_is_a_number(cell, decimal, means):
    assert number_in(cell, decimal) == (None if means is None else Decimal(means))


def test_percent_signs_belong_to_percents_only():
    assert read("day,ctr,likes\n2026-11-01,4.5%,5%\n") == (
        [("ctr", "2026-11-01", "4.5")],
        [(2, "likes", "number")],
    )


YOUTUBE = "date_utc,channel_id,channel_title,subscribers,views,videos\n" + "".join(
    f"2026-01-{day:02},UC{channel},Channel {channel},{1000 * channel},{100 * day * channel},{day // 3}\n"
    for day in range(1, 9)
    for channel in (1, 2)
)


def test_many_accounts_in_one_file_are_told_apart():
    table = read_table(YOUTUBE.encode())
    mapping = guess(table)
    assert (mapping.day, mapping.account, mapping.title) == ("date_utc", "channel_id", "channel_title")
    accounts = parse(table, mapping).accounts
    assert [(one.key, one.title, len(one.entries)) for one in accounts] == [
        ("UC1", "Channel 1", 24),
        ("UC2", "Channel 2", 24),
    ]


def test_a_column_that_only_grows_is_a_total_and_is_not_turned_into_days():
    mapping = guess(read_table(YOUTUBE.encode()))
    assert mapping.metrics == {"subscribers": "followers", "views": "total_views", "videos": "total_posts"}


def test_each_accounts_lines_are_kept_as_they_stand_and_read_the_same_alone():
    table = read_table(YOUTUBE.encode())
    mapping = guess(table)
    [_first, second] = parse(table, mapping).accounts
    assert second.text.splitlines()[:2] == [
        "date_utc,channel_id,channel_title,subscribers,views,videos",
        "2026-01-01,UC2,Channel 2,2000,200,0",
    ]
    [alone] = parse(read_text(second.text.encode(), ","), mapping).accounts
    assert [(entry.metric, entry.day, entry.value) for entry in alone.entries] == [
        (entry.metric, entry.day, entry.value) for entry in second.entries
    ]


def test_cells_with_line_breaks_keep_the_lines_numbers_right():
    entries, problems = read('day,views,note\n2026-11-01,5,"two\nlines"\n2026-11-02,x,\n')
    assert (entries, problems) == ([("views", "2026-11-01", "5")], [(4, "views", "number")])


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"  \n \n", "empty"),
        (b"just a line\nand another\n", "one_column"),
        (b"day,views\n", "no_rows"),
        (b"2026-11-01,5\n2026-11-02,6\n", "no_header"),
        (b"PK\x03\x04rest", "workbook"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "not_text"),
        (b"day,views\n2026-11-01,\x005\n", "not_text"),
        (b'day,views\n2026-11-01,"5\n2026-11-02,6\n', "broken"),
        (b"a," * 70 + b"b\n" + b"1," * 70 + b"2\n", "too_many_columns"),
        (b"day,views\n" + b"2026-11-01,5\n" * 100_001, "too_many_rows"),
        (b"x" * (5 * 1024 * 1024 + 1), "too_large"),
    ],
)
def test_what_is_no_table_is_refused_with_its_own_sentence(content, code):
    with pytest.raises(NotATable) as refusal:
        read_table(content)
    assert (refusal.value.code, bool(refusal.value.sentence)) == (code, True)


def test_html_and_emoji_in_cells_are_text():
    _entries, [problem] = (None, read("day,views\n2026-11-01,<b>🙂</b>\n")[1])
    assert problem == (2, "views", "number")
