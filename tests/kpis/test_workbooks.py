"""Spreadsheets as people bring them, and as nobody should."""

import io
import zipfile
from datetime import date, datetime, time, timedelta
from decimal import Decimal

import openpyxl
import pytest

from kpis.cells import Stated
from kpis.imports import guess, parse, read_kept, read_table
from kpis.tables import NotATable
from kpis.workbooks import read_workbook_text

TODAY = date(2026, 11, 23)
FIRST = date(2024, 1, 1)
DAYS = 700


def workbook(*rows: list, formats: dict[str, str] | None = None, **more_sheets: list) -> bytes:
    """An XLSX file: its first sheet is called «Дни», the others by their keywords."""
    book = openpyxl.Workbook()
    fill(book.active, "Дни", rows)
    for cell, number_format in (formats or {}).items():
        book.active[cell].number_format = number_format
    for name, lines in more_sheets.items():
        fill(book.create_sheet(), name, lines)
    return saved(book)


def fill(sheet, name: str, rows) -> None:
    sheet.title = name
    for row in rows:
        sheet.append(row)


def saved(book) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def read(content: bytes, sheet: str = "") -> tuple[list, list]:
    """(metric, day, number) of every entry, and (line, column, code, value) of every problem."""
    table = read_table(content, sheet)
    mapping = guess(table, today=TODAY)
    assert mapping.questions == []
    parsed = parse(table, mapping)
    entries = [
        (entry.metric, entry.day.isoformat(), None if entry.value is None else str(entry.value))
        for account in parsed.accounts
        for entry in account.entries
    ]
    return entries, [(problem.line, problem.column, problem.code, problem.value) for problem in parsed.problems]


def refusal(content: bytes, sheet: str = "") -> str:
    with pytest.raises(NotATable) as refused:
        read_table(content, sheet)
    assert refused.value.sentence
    return refused.value.code


# --- What people bring ---


def test_days_and_numbers_are_cells_of_their_own_kind():
    content = workbook(
        ["Дата", "Подписчики", "CTR", "Выручка"],
        [date(2026, 3, 2), 1200, 1.234, 1234.5],
        [datetime.fromisoformat("2026-03-04 10:30"), 1210, 0.1 + 0.2, -0.0],
    )
    assert read(content) == (
        [
            ("ctr", "2026-03-02", "1.234"),
            ("ctr", "2026-03-04", "0.3"),
            ("followers", "2026-03-02", "1200"),
            ("followers", "2026-03-04", "1210"),
            ("revenue", "2026-03-02", "1234.5"),
            ("revenue", "2026-03-04", "0"),
        ],
        [],
    )


def test_text_among_numbers_is_read_like_the_text_of_any_file():
    content = workbook(["day", "views", "ctr"], ["02.03.2026", "1 234", "4,5"], [date(2026, 3, 3), 1235, 10.125])
    assert read(content) == (
        [
            ("ctr", "2026-03-02", "4.5"),
            ("ctr", "2026-03-03", "10.125"),
            ("views", "2026-03-02", "1234"),
            ("views", "2026-03-03", "1235"),
        ],
        [],
    )


def test_numbers_of_the_spreadsheet_prove_nothing_about_its_text():
    table = read_table(workbook(["day", "views"], ["02/03/2026", "1,234"], [date(2026, 3, 3), 10.5]))
    assert guess(table, today=TODAY).questions == ["day_format", "decimal"]


def test_a_share_shown_as_percents_is_percents():
    content = workbook(
        ["day", "ctr", "likes"],
        [date(2026, 3, 2), 0.045, 0.05],
        [date(2026, 3, 3), 0.07, 7],
        formats={"B2": "0.0%", "B3": "0%", "C2": "0%"},
    )
    assert read(content) == (
        [("ctr", "2026-03-02", "4.5"), ("ctr", "2026-03-03", "7"), ("likes", "2026-03-03", "7")],
        [(2, "likes", "number", "5%")],
    )


def test_empty_cells_are_gaps_and_zero_is_a_number():
    content = workbook(["day", "views", "likes"], [date(2026, 3, 2), 0], [None], [date(2026, 3, 3), None, 0])
    assert read(content)[0] == [
        ("likes", "2026-03-02", None),
        ("likes", "2026-03-03", "0"),
        ("views", "2026-03-02", "0"),
        ("views", "2026-03-03", None),
    ]


def test_wrong_cells_are_named_by_the_line_of_the_sheet():
    content = workbook(
        [],
        ["day", "views"],
        [date(2026, 3, 2), "many"],
        [],
        [date(2026, 3, 3), True],
        [time(10, 30), 5],
        [date(2026, 3, 4), -5],
        [date(2099, 1, 1), 5],
        [date(2026, 3, 5), "#N/A"],
        [date(2026, 3, 6), "=SUM(B1:B5)"],
        [date(2026, 3, 7), 5, "and a word"],
        [date(2026, 3, 8), 8],
    )
    assert read(content) == (
        [("views", "2026-03-08", "8")],
        [
            (3, "views", "number", "many"),
            (5, "views", "number", "True"),
            (6, "day", "day", "10:30:00"),
            (7, "views", "negative", "-5"),
            (8, "day", "future", "2099-01-01"),
            (9, "views", "number", "#N/A"),
            (10, "views", "formula", "=SUM(B1:B5)"),
            (11, "", "cells", "3"),
        ],
    )


def test_a_formula_that_was_counted_counts_as_its_result():
    content = workbook(["day", "views"], [date(2026, 3, 2), "=2+3"], [date(2026, 3, 3), 6])
    assert read(changed(content, "xl/worksheets/sheet1.xml", b"<v></v>", b"<v>5</v>")) == (
        [("views", "2026-03-02", "5"), ("views", "2026-03-03", "6")],
        [],
    )


def test_the_first_sheet_that_is_a_table_is_taken_unless_another_is_named():
    days = [["day", "views"], [date(2026, 3, 2), 5]]
    content = workbook(["Report for March"], views=days, likes=[["day", "likes"], [date(2026, 3, 2), 7]])
    table = read_table(content)
    assert (table.sheets, table.sheet) == (("Дни", "views", "likes"), "views")
    assert read(content, "likes") == ([("likes", "2026-03-02", "7")], [])
    assert (refusal(content, "Дни"), refusal(content, "nope")) == ("one_column", "no_sheet")


def test_hidden_sheets_stay_hidden():
    book = openpyxl.load_workbook(
        io.BytesIO(workbook(["day", "views"], [date(2026, 3, 2), 5], own=[["pay", "per hour"]]))
    )
    book["own"].sheet_state = "hidden"
    content = saved(book)
    assert (read_table(content).sheets, refusal(content, "own")) == (("Дни",), "no_sheet")


def test_a_real_looking_file_of_daily_series_reads_the_same_again_from_what_is_kept():
    rows = [
        [FIRST + timedelta(days=index), f"UC{channel}", f"Канал «{channel}»", 1000 + 3 * index, 70.25 * index]
        for index in range(DAYS)
        for channel in (1, 2)
    ]
    content = workbook(["Дата", "channel_id", "Название канала", "Подписчики", "Выручка"], *rows)
    table = read_table(content)
    mapping = guess(table, today=TODAY)
    parsed = parse(table, mapping)
    assert (parsed.count, parsed.problems) == (DAYS * 4, ())
    for account in parsed.accounts:
        [alone] = parse(read_kept({"encoding": "xlsx", "delimiter": "", "text": account.text}), mapping).accounts
        assert [(entry.metric, entry.day, entry.value) for entry in alone.entries] == [
            (entry.metric, entry.day, entry.value) for entry in account.entries
        ]


def test_what_is_kept_tells_numbers_from_text():
    table = read_table(workbook(["day", "views", "note"], [date(2026, 3, 2), 10.5, 'a "word"\nand more']))
    text = table.header + table.rows[0].text
    assert text == '["day","views","note"]\n[["2026-03-02"],["10.5"],"a \\"word\\"\\nand more"]\n'
    [row] = read_workbook_text(text).rows
    assert [(type(cell), str(cell)) for cell in row.cells] == [
        (Stated, "2026-03-02"),
        (Stated, "10.5"),
        (str, 'a "word"\nand more'),
    ]


def test_numbers_are_exact_to_fifteen_digits():
    content = workbook(["day", "revenue"], [date(2026, 3, 2), 123456789012.345], [date(2026, 3, 3), 1e-7])
    assert [Decimal(value) for _metric, _day, value in read(content)[0]] == [
        Decimal("123456789012.345"),
        Decimal("0.0000001"),
    ]


# --- What nobody should bring ---


def changed(content: bytes, name: str, old: bytes, new: bytes, *, compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """The file with something else inside one of its parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(out, "w", compression) as after:
        for part in before.namelist():
            inside = before.read(part)
            if part == name:
                assert old in inside
                inside = inside.replace(old, new, 1)
            after.writestr(part, inside)
    return out.getvalue()


PLAIN = [["day", "views"], [date(2026, 3, 2), 5], [date(2026, 3, 3), 6]]
SHEET, STYLES = "xl/worksheets/sheet1.xml", "xl/styles.xml"
WRITTEN = [("views", "2026-03-02", "5"), ("views", "2026-03-03", "6")]


@pytest.mark.parametrize(
    ("part", "old", "new", "code"),
    [
        (SHEET, b"</sheetData>", b"</sheetData>" + b" " * 33 * 1024 * 1024, "too_much_inside"),
        (STYLES, b"</styleSheet>", b" " * 3 * 1024 * 1024 + b"</styleSheet>", "too_much_inside"),
        (SHEET, b"<worksheet", b'<!DOCTYPE a [<!ENTITY b "c">]><worksheet', "workbook"),
        (SHEET, b"</sheetData>", b"", "workbook"),
        (SHEET, b"<v>5</v>", b"<v>five</v>", "workbook"),
        (SHEET, b"</row>", b'<c r="XFD1"><v>1</v></c></row>', "too_many_columns"),
        (SHEET, b"</sheetData>", b'<row><c r="XFD9"/></row>' * 40 + b"</sheetData>", "too_many_cells"),
    ],
)
def test_bombs_and_broken_files_are_refused_in_words(part, old, new, code):
    assert refusal(changed(workbook(*PLAIN), part, old, new)) == code


def test_external_entities_are_not_followed_in_any_encoding():
    evil = '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'
    content = workbook(*PLAIN)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        inside = archive.read(SHEET)
    assert refusal(changed(content, SHEET, inside, evil.encode("utf-16"))) == "workbook"


@pytest.mark.parametrize(
    "said",
    [b'<dimension ref="A1:XFD1048576"/>', b'<dimension ref="A1:A1"/>', b'<dimension ref="A1"/>'],
)
def test_what_a_sheet_says_about_its_own_size_is_not_believed(said):
    content = workbook(*PLAIN)
    assert read(changed(content, SHEET, b'<dimension ref="A1:B3"/>', said)) == (WRITTEN, [])


def test_a_line_far_away_costs_nothing():
    far = b'<row r="999999999999"><c r="A999999999999"><v>1</v></c></row></sheetData>'
    assert read(changed(workbook(*PLAIN), SHEET, b"</sheetData>", far)) == (WRITTEN, [])


def test_more_lines_than_can_be_taken_are_refused(monkeypatch):
    monkeypatch.setattr("kpis.workbooks.MOST_ROWS", 50)
    taken, refused = (workbook(["day", "views"], *[[date(2026, 3, 2), 5]] * lines) for lines in (50, 51))
    assert (len(read_table(taken).rows), refusal(refused)) == (50, "too_many_rows")


def test_empty_cells_without_end_are_refused():
    more = b"<row><c/><c/></row>" * 251_000 + b"</sheetData>"
    assert refusal(changed(workbook(*PLAIN), SHEET, b"</sheetData>", more)) == "too_many_cells"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"PK\x03\x04rest", "workbook"),
        (b"PK\x05\x06" + b"\x00" * 18, "workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old_workbook"),
        (b"PK\x03\x04" + b"x" * (5 * 1024 * 1024), "too_large"),
        (workbook(), "empty"),
        (workbook(["day", "views"]), "no_rows"),
        (workbook(["only"], [1]), "one_column"),
        (workbook([date(2026, 3, 2), 5], [date(2026, 3, 3), 6]), "no_header"),
        (workbook([f"c{number}" for number in range(61)], [1] * 61), "too_many_columns"),
    ],
)
def test_what_is_no_table_is_refused_with_its_own_sentence(content, code):
    assert refusal(content) == code


def test_a_locked_part_is_refused():
    content = bytearray(workbook(*PLAIN))
    for sign, place in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        start = content.find(sign)
        while start >= 0:
            content[start + place] |= 1
            start = content.find(sign, start + 4)
    assert refusal(bytes(content)) == "workbook"


def test_a_file_that_is_cut_off_is_refused():
    content = workbook(*PLAIN)
    assert refusal(content[: len(content) // 2]) == "workbook"
