"""What one cell of a table means: a day, a number, or nothing. Pure."""

import re
from datetime import date
from decimal import Decimal

YMD, DMY, MDY = "ymd", "dmy", "mdy"
POINT, COMMA = ".", ","

#: What people write for «there is no number».
NOTHING = frozenset({"", "-", "–", "—", "n/a", "na", "null", "none", "нет", "нет данных"})

YEAR_FIRST = re.compile(r"([0-9]{4})([-/.]?)([0-9]{1,2})\2([0-9]{1,2})(?:[T ][0-9:.+Z-]*)?")
YEAR_LAST = re.compile(r"([0-9]{1,2})([-/.])([0-9]{1,2})\2([0-9]{4}|[0-9]{2})(?:[T ,]+[0-9:.+Z-]*)?")
SPACES = re.compile("(?<=[0-9])[ \u00a0\u2009\u202f'’](?=[0-9]{3}(?![0-9]))")
WITH = {
    POINT: re.compile(r"[+-]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?"),
    COMMA: re.compile(r"[+-]?(?:[0-9]{1,3}(?:\.[0-9]{3})+|[0-9]+)(?:,[0-9]+)?"),
}


class Stated(str):
    """A cell that its spreadsheet itself calls a number or a day: year first, with a point. It leaves no question."""

    def strip(self, chars: str | None = None, /) -> "Stated":
        return Stated(super().strip(chars))

    def rstrip(self, chars: str | None = None, /) -> "Stated":
        return Stated(super().rstrip(chars))


def dates_in(cell: str) -> dict[str, date | None]:
    """The day that a cell means in each order of day, month and year; None where it means none."""
    cell = cell.strip()
    if found := YEAR_FIRST.fullmatch(cell):
        day = _day(found[1], found[3], found[4])
        other = day if isinstance(cell, Stated) else None
        return {YMD: day, DMY: other, MDY: other}
    if found := YEAR_LAST.fullmatch(cell):
        year = found[4] if len(found[4]) == 4 else f"20{found[4]}"
        american = None if found[2] == "." else _day(year, found[1], found[3])
        return {YMD: None, DMY: _day(year, found[3], found[1]), MDY: american}
    return {YMD: None, DMY: None, MDY: None}


def _day(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def number_in(cell: str, decimal: str) -> Decimal | None:
    """The number that a cell means when this sign separates its fraction; None when it is no number."""
    decimal = POINT if isinstance(cell, Stated) else decimal
    text = SPACES.sub("", cell.strip().replace("\u2212", "-"))
    if not WITH[decimal].fullmatch(text):
        return None
    thousands = COMMA if decimal == POINT else POINT
    return Decimal(text.replace(thousands, "").replace(COMMA, POINT))


def is_nothing(cell: str) -> bool:
    return cell.strip().lower() in NOTHING
