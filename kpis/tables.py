"""What a table is, and how a text file becomes one. Pure: bytes in, rows of cells out."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from django.utils.translation import gettext_lazy as _

from kpis.cells import dates_in

LARGEST_FILE = 5 * 1024 * 1024
MOST_ROWS = 100_000
MOST_COLUMNS = 60
LOOKED_AT = 2_000

NOT_A_TABLE = {
    "empty": _("The file is empty."),
    "too_large": _("The file is larger than 5 MB. Split it by years or by accounts."),
    "too_many_rows": _("The file has more than 100,000 lines. Split it by years or by accounts."),
    "too_many_columns": _("The file has more than 60 columns. Leave the day and the numbers you need."),
    "workbook": _("This spreadsheet can't be read. Save it as XLSX or CSV and choose it again."),
    "old_workbook": _("This spreadsheet has an old form or a password. Save it as XLSX without a password, or as CSV."),
    "too_much_inside": _("This spreadsheet unpacks to too much. Leave only the numbers in it, or save it as CSV."),
    "too_many_cells": _("The sheet has more than 500,000 cells. Leave the day and the numbers you need."),
    "no_sheet": _("There is no such sheet in the file. Choose one that is there."),
    "not_text": _("This is neither a text file nor a spreadsheet. Save the table as CSV or XLSX and choose it again."),
    "one_column": _("There is only one column here. A table needs a day and at least one number, side by side."),
    "no_header": _("The first line must hold the names of the columns. Add it and choose the file again."),
    "no_rows": _("There is a line of names and nothing below it."),
    "broken": _("Line %(line)s has a quotation mark that is never closed, or one in the middle of a cell."),
}


class NotATable(Exception):
    """The file can't be read as a table at all."""

    def __init__(self, code: str, *, line: int = 0) -> None:
        super().__init__(code)
        self.code = code
        self.line = line

    @property
    def sentence(self) -> str:
        return str(NOT_A_TABLE[self.code]) % {"line": self.line}


@dataclass(frozen=True)
class Row:
    """One record: the line where it begins, its cells, and its text as it stands in the file."""

    line: int
    cells: tuple[str, ...]
    text: str = field(repr=False)


@dataclass(frozen=True)
class Table:
    columns: tuple[str, ...]
    rows: tuple[Row, ...] = field(repr=False)
    header: str = ""
    delimiter: str = ","
    encoding: str = "utf-8"
    #: The names of a spreadsheet's sheets, and the one this is; a text file has none.
    sheets: tuple[str, ...] = ()
    sheet: str = ""

    def column(self, name: str, rows: int = LOOKED_AT) -> list[str]:
        """The first cells of a column."""
        index = self.columns.index(name)
        return [row.cells[index].strip() for row in islice(self.rows, rows) if index < len(row.cells)]


def read_text(content: bytes, delimiter: str = "") -> Table:
    """A text file as a table; its delimiter is found unless it is known. Raises NotATable."""
    text, encoding = decode(content)
    if text[:4].lower() == "sep=":  # a note that spreadsheets leave for themselves
        text = text.partition("\n")[2]
    delimiter = delimiter or find_delimiter(text)
    records = list(islice(read_records(text, delimiter), MOST_ROWS + 2))
    if len(records) > MOST_ROWS + 1:
        raise NotATable("too_many_rows")
    columns = name_columns(records[0].cells)
    check_shape(columns, records)
    return Table(columns, tuple(records[1:]), records[0].text, delimiter, encoding)


def decode(content: bytes) -> tuple[str, str]:
    """The text and its encoding. Raises NotATable for what is no text."""
    if len(content) > LARGEST_FILE:
        raise NotATable("too_large")
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise NotATable("old_workbook")
    encodings = ["utf-16"] if content[:2] in {b"\xff\xfe", b"\xfe\xff"} else ["utf-8-sig", "cp1251"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not re.search("[\x00-\x08\x0e-\x1f]", text):
            if not text.strip():
                raise NotATable("empty")
            return text, encoding
    raise NotATable("not_text")


def find_delimiter(text: str) -> str:
    """The separator by which the lines below have as many cells as the first."""
    sample = io.StringIO(text, newline="")
    lines = [line for line in islice(sample, 50) if line.strip()]
    best = max(";\t,|", key=lambda delimiter: _agreement(lines, delimiter))
    if _agreement(lines, best)[0] == 0:
        raise NotATable("one_column")
    return best


def _agreement(lines: list[str], delimiter: str) -> tuple[float, int]:
    widths = [len(cells) for cells in csv.reader(lines, delimiter=delimiter)]
    width = widths[0] if widths else 0
    return (sum(one == width for one in widths) / len(widths), width) if width > 1 else (0, 0)


def read_records(text: str, delimiter: str) -> Iterator[Row]:
    """Records with the lines they come from; empty lines are passed over."""
    source = _Remembering(text)
    reader = csv.reader(source, delimiter=delimiter, strict=True)
    while True:
        begins = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise NotATable("broken", line=begins) from None
        raw = source.take()
        if any(cell.strip() for cell in cells):
            yield Row(begins, tuple(cells), raw)


class _Remembering:
    """Lines one by one, and the text of those handed out since it was last asked for."""

    def __init__(self, text: str) -> None:
        self._lines = io.StringIO(text, newline="")
        self._taken: list[str] = []

    def __iter__(self) -> "_Remembering":
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        self._taken.append(line)
        return line

    def take(self) -> str:
        text = "".join(self._taken)
        self._taken.clear()
        return text if text.endswith(("\n", "\r")) else f"{text}\n"


def name_columns(cells: Sequence[str]) -> tuple[str, ...]:
    """The columns' names, each its own; a nameless one is called by its number."""
    names: list[str] = []
    for number, cell in enumerate(cells, start=1):
        name = " ".join(cell.split())[:100] or f"#{number}"
        names.append(name if name not in names else f"{name} ({number})")
    return tuple(names)


def check_shape(columns: Sequence[str], records: Sequence[Row]) -> None:
    if len(columns) > MOST_COLUMNS:
        raise NotATable("too_many_columns")
    if any(any(dates_in(name).values()) for name in columns):
        raise NotATable("no_header")
    if len(records) < 2:
        raise NotATable("no_rows")
