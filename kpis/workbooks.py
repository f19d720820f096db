"""A spreadsheet (XLSX) as a table. Pure: bytes in, rows of cells out.

A spreadsheet says itself which cells are numbers and days, so those leave nothing to guess; what stands in it as text
is read like the text of any other file. A formula counts as its last result; one that was never counted is named.

The file comes from outside: how much it unpacks to is looked at before anything is unpacked, documents that define
their own entities are refused, and what it says about its own size is not believed.
"""

import io
import json
import math
import re
import warnings
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from itertools import repeat
from typing import Any
from zipfile import ZipFile

from openpyxl import load_workbook

from kpis.cells import Stated
from kpis.tables import LARGEST_FILE, MOST_COLUMNS, MOST_ROWS, NotATable, Row, Table, check_shape, name_columns

WORKBOOK = "xlsx"
MOST_SHEETS = 50
MOST_PARTS = 1_000
MOST_CELLS = 500_000
#: Bytes, unpacked: of everything, and of a part that holds no cells. The latter are slower to read.
LARGEST_INSIDE = 32 * 1024 * 1024
LARGEST_PART = 2 * 1024 * 1024
HOLDS_CELLS = re.compile(r"xl/(?:worksheets/[^/]+|sharedStrings)\.xml", re.IGNORECASE)
#: No sheet is longer; a file may claim so.
LAST_LINE = 1_048_576


def is_workbook(content: bytes) -> bool:
    return content[:4] in {b"PK\x03\x04", b"PK\x05\x06"}


def read_workbook(content: bytes, sheet: str = "") -> Table:
    """The sheet that is named, or else the first that is a table. Raises NotATable."""
    if len(content) > LARGEST_FILE:
        raise NotATable("too_large")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            refuse_bombs(content)
            return _Workbook(content).table(sheet)
    except NotATable:
        raise
    except Exception:  # what a spoiled file makes of its reader is anybody's guess
        raise NotATable("workbook") from None


def refuse_bombs(content: bytes) -> None:
    """Refuse what is small and unpacks to much, in the file or in its XML."""
    with ZipFile(io.BytesIO(content)) as archive:
        parts = [part for part in archive.infolist() if part.filename.lower().endswith((".xml", ".rels"))]
        rest = sum(part.file_size for part in parts if not HOLDS_CELLS.fullmatch(part.filename))
        if len(parts) > MOST_PARTS or rest > LARGEST_PART or sum(part.file_size for part in parts) > LARGEST_INSIDE:
            raise NotATable("too_much_inside")
        for part in parts:
            xml = archive.read(part)
            if not xml.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<") or b"\0" in xml or b"<!DOCTYPE" in xml:
                raise NotATable("workbook")


class _Workbook:
    """The file's visible sheets; those of results, and, when asked for, those of formulas."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.results = self._open(results=True)
        self.names = tuple(sheet.title for sheet in self.results.worksheets if sheet.sheet_state == "visible")
        if len(self.names) > MOST_SHEETS:
            raise NotATable("too_much_inside")
        if not self.names:
            raise NotATable("empty")

    def _open(self, *, results: bool):
        return load_workbook(io.BytesIO(self.content), read_only=True, data_only=results, keep_links=False)

    def table(self, name: str) -> Table:
        if not name:
            return self.first_table()
        if name not in self.names:
            raise NotATable("no_sheet")
        return as_table(self.rows(name), self.names, name)

    def first_table(self) -> Table:
        """The first sheet that is a table. When none is, what is wrong with the first one that is not empty."""
        wrong = NotATable("empty")
        for name in self.names:
            try:
                return self.table(name)
            except NotATable as problem:
                wrong = problem if wrong.code == "empty" else wrong
        raise wrong

    def rows(self, name: str) -> Iterator[Row]:
        """The filled rows with the numbers that the spreadsheet itself gives them."""
        cells = 0
        formulas = self.lines(self._open(results=False), name) if self.has_formulas(name) else repeat(())
        for line, (row, formula) in enumerate(zip(self.lines(self.results, name), formulas, strict=False), start=1):
            cells += len(row)
            if cells > MOST_CELLS:
                raise NotATable("too_many_cells")
            texts = [text_of(cell) for cell in row]
            for place, cell in enumerate(formula[: len(texts)]):
                if row[place].value is None and cell.data_type == "f":
                    texts[place] = cell.value if isinstance(cell.value, str) else "="
            if any(texts):
                yield as_row(line, texts)
            if line >= LAST_LINE:
                return

    def lines(self, book, name: str) -> Iterable[tuple]:
        book[name].reset_dimensions()
        return book[name].iter_rows()

    def has_formulas(self, name: str) -> bool:
        with self.results[name]._get_source() as source:
            return re.search(rb"<(?:\w+:)?f[\s>/]", source.read()) is not None


def as_row(line: int, texts: list[str]) -> Row:
    while not texts[-1].strip():
        texts.pop()
    return Row(line, tuple(texts), "")


def as_table(rows: Iterable[Row], sheets: tuple[str, ...] = (), sheet: str = "") -> Table:
    """Rows under the first of them. Cells that are missing at a line's end are empty, and are kept as such."""
    kept: list[Row] = []
    for row in rows:
        width = max(len(kept[0].cells) if kept else 0, len(row.cells))
        if width > MOST_COLUMNS:
            raise NotATable("too_many_columns")
        if len(kept) > MOST_ROWS:
            raise NotATable("too_many_rows")
        cells = row.cells + ("",) * (width - len(row.cells))
        kept.append(Row(row.line, cells, as_text(cells)))
    if not kept:
        raise NotATable("empty")
    if len(kept[0].cells) < 2:
        raise NotATable("one_column")
    columns = name_columns(kept[0].cells)
    check_shape(columns, kept)
    return Table(columns, tuple(kept[1:]), kept[0].text, "", WORKBOOK, sheets, sheet)


# --- A cell ---------------------------------------------------------------------------------------------------------


def text_of(cell: Any) -> str:
    """A cell as text: as a `Stated` one where the spreadsheet knows that it is a number or a day."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, datetime):
        return Stated(value.isoformat() if value.time() != datetime.min.time() else value.date().isoformat())
    if isinstance(value, date):
        return Stated(value.isoformat())
    if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
        return number_text(value, is_share="%" in (cell.number_format or ""))
    return str(value)


def number_text(value: float, *, is_share: bool) -> Stated:
    """As a spreadsheet shows it: fifteen digits, and a share as percents."""
    exact = Decimal(value if isinstance(value, int) else f"{value:.15g}")
    text = f"{exact * 100 if is_share else exact:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return Stated(f"{text}%" if is_share else text)


# --- As a snapshot keeps it -----------------------------------------------------------------------------------------


def as_text(cells: Iterable[str]) -> str:
    """A line of JSON; what the spreadsheet itself calls a number or a day stands in brackets of its own."""
    kept = [[cell] if isinstance(cell, Stated) else cell for cell in cells]
    return json.dumps(kept, ensure_ascii=False, separators=(",", ":")) + "\n"


def read_workbook_text(text: str) -> Table:
    lines = (json.loads(line) for line in text.split("\n") if line)
    cells = ([Stated(cell[0]) if isinstance(cell, list) else cell for cell in line] for line in lines)
    return as_table(Row(number, tuple(line), "") for number, line in enumerate(cells, start=1))
