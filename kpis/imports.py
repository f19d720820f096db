"""A table of daily numbers out of a file: what its columns mean, and what is wrong, named by line.

Pure: bytes in, numbers and problems out; no models. Nothing is guessed that two readings fit: a date that may be
2 March or 3 February, a «1,234» that may be a thousand or one and a bit, is asked about.

Totals that only grow (all views since the channel began) are kept as totals, in metrics of their own; they are not
turned into daily numbers, because a correction by the platform would become views that nobody made.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from kpis.cells import COMMA, DMY, MDY, POINT, YMD, dates_in, is_nothing, number_in
from kpis.metrics import CATALOGUE, METRICS
from kpis.tables import Row, Table, read_text
from kpis.workbooks import WORKBOOK, is_workbook, read_workbook, read_workbook_text

MOST_ACCOUNTS = 300
#: From fewer changes than this nobody can tell a total from a week that went well.
FEWEST_STEPS = 5
EARLIEST_YEAR = 1990
LARGEST_NUMBER = Decimal(10) ** 18

DAY, ACCOUNT, TITLE, SKIP = "day", "account", "title", "skip"

NAMES: dict[str, str] = {
    name: role
    for role, names in {
        DAY: "day date date_utc дата день",
        ACCOUNT: "account account_id channel_id page_id profile_id канал аккаунт id_канала",
        TITLE: "channel_title account_name channel_name page_name title название канал_название",
        "followers": "followers subscribers members fans подписчики подписчиков участники",
        "follows": "follows new_followers new_subscribers подписки новые_подписчики подписались",
        "unfollows": "unfollows lost_followers отписки отписались",
        "reach": "reach охват",
        "impressions": "impressions показы",
        "views": "views просмотры",
        "video_views": "video_views plays просмотры_видео",
        "likes": "likes reactions лайки реакции нравится",
        "comments": "comments комментарии",
        "shares": "shares reposts репосты поделились",
        "saves": "saves сохранения",
        "mentions": "mentions упоминания",
        "clicks": "clicks link_clicks клики переходы",
        "ctr": "ctr",
        "visits": "visits sessions визиты посещения",
        "visitors": "visitors users посетители",
        "page_views": "page_views pageviews просмотры_страниц",
        "bounce_rate": "bounce_rate отказы",
        "leads": "leads заявки лиды",
        "sales": "sales orders продажи заказы",
        "revenue": "revenue выручка доход",
        "spend": "spend cost расход расходы бюджет",
        "posts": "posts videos посты публикации видео",
        "engagement_rate": "er engagement_rate вовлечённость вовлеченность",
    }.items()
    for name in names.split()
}
#: The total that a daily metric of this name becomes when the column never goes down.
TOTALS = {"views": "total_views", "video_views": "total_views", "posts": "total_posts"}
MAY_BE_NEGATIVE = frozenset(code for code, metric in METRICS.items() if metric.below_zero)
PROBLEMS = {
    "cells": _("This line has %(value)s cells, and the first line has %(expected)s."),
    "no_day": _("There is no date."),
    "day": _("“%(value)s” is not a date in the chosen order."),
    "year": _("“%(value)s” is too long ago to be meant."),
    "future": _("“%(value)s” has not come yet."),
    "no_account": _("It is not said whose numbers these are."),
    "number": _("“%(value)s” is not a number."),
    "negative": _("“%(value)s” is below zero, which this metric can't be."),
    "number_size": _("“%(value)s” is too large a number."),
    "formula": _("“%(value)s” is a formula; only its result can be imported."),
    "twice": _("“%(value)s” contradicts line %(expected)s, which tells of the same day. Neither is taken."),
}


@dataclass(frozen=True)
class Problem:
    """One thing that could not be read, and where. `column` is empty when it concerns the whole line."""

    line: int
    code: str
    column: str = ""
    value: str = ""
    expected: str = ""

    @property
    def sentence(self) -> str:
        return str(PROBLEMS[self.code]) % {"value": self.value[:60], "expected": self.expected}


@dataclass(frozen=True)
class Mapping:
    """What each column is. An empty `day_format` or `decimal` means: two readings fit, and a person must say."""

    day: str = ""
    account: str = ""
    title: str = ""
    metrics: dict[str, str] = field(default_factory=dict)
    day_format: str = ""
    decimal: str = ""
    today: date | None = None

    @property
    def questions(self) -> list[str]:
        """What has to be answered before the numbers can be read."""
        missing = {"day": self.day, "metrics": self.metrics, "day_format": self.day_format, "decimal": self.decimal}
        return [name for name, answer in missing.items() if not answer]

    def as_json(self) -> dict[str, Any]:
        return {**vars(self), "today": self.today.isoformat() if self.today else None}

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> "Mapping":
        today = kept.get("today")
        return cls(**{**kept, "today": date.fromisoformat(today) if today else None})


@dataclass(frozen=True, slots=True)
class Entry:
    """One number of a file; None when its cell is empty."""

    metric: str
    day: date
    value: Decimal | None
    line: int


@dataclass(frozen=True)
class AccountEntries:
    key: str
    title: str
    entries: tuple[Entry, ...] = field(repr=False)
    #: The header and the account's own lines, as they stand in the file.
    text: str = field(repr=False, default="")


@dataclass(frozen=True)
class Parsed:
    accounts: tuple[AccountEntries, ...]
    problems: tuple[Problem, ...]

    @property
    def count(self) -> int:
        """How many numbers were read; empty cells are not numbers."""
        return sum(entry.value is not None for account in self.accounts for entry in account.entries)

    @property
    def days(self) -> tuple[date, date] | None:
        days = [entry.day for account in self.accounts for entry in account.entries]
        return (min(days), max(days)) if days else None


# --- What the columns mean ------------------------------------------------------------------------------------------


def read_table(content: bytes, sheet: str = "") -> Table:
    """The file as a table; of a spreadsheet, the sheet of this name, or the first table in it. Raises NotATable."""
    return read_workbook(content, sheet) if is_workbook(content) else read_text(content)


def read_kept(kept: dict[str, Any]) -> Table:
    """One account's lines as a snapshot keeps them."""
    if kept["encoding"] == WORKBOOK:
        return read_workbook_text(kept["text"])
    return read_text(kept["text"].encode(), kept["delimiter"])


def guess(table: Table, *, today: date | None = None) -> Mapping:
    """What the columns seem to be; what two readings fit is left open."""
    day = find_day(table)
    day_format = find_day_format(table.column(day)) if day else ""
    account = find_account(table, day) if day else ""
    title = next((name for name in table.columns if account and role_of(name) == TITLE), "")
    mapping = Mapping(day=day, account=account, title=title, day_format=day_format, today=today)
    taken = {day, account, title}
    metrics: dict[str, str] = {}
    for name in table.columns:
        metric = guess_metric(table, name, mapping) if name not in taken else ""
        if metric and metric not in metrics.values():
            metrics[name] = metric
    return replace(mapping, metrics=metrics, decimal=find_decimal(table, metrics))


def role_of(name: str) -> str:
    """What a column is by its name; nothing when the name says nothing."""
    return NAMES.get(re.sub(r"\W+", "_", name.strip().lower()).strip("_"), "")


def find_day(table: Table) -> str:
    named = [name for name in table.columns if role_of(name) == DAY]
    return next((name for name in (*named, *table.columns) if _mostly_dates(table.column(name))), "")


def _mostly_dates(cells: Sequence[str]) -> bool:
    filled = [cell for cell in cells if cell]
    return bool(filled) and sum(any(dates_in(cell).values()) for cell in filled) * 2 > len(filled)


def find_day_format(cells: Iterable[str]) -> str:
    """The order of day, month and year that fits most cells; nothing when two fit and tell different days."""
    fits: Counter[str] = Counter()
    differ = False
    for cell in cells:
        days = dates_in(cell)
        fits.update(order for order, day in days.items() if day)
        differ = differ or bool(days[DMY] and days[MDY] and days[DMY] != days[MDY])
    if fits[DMY] == fits[MDY] > fits[YMD] and differ:
        return ""
    return max((YMD, DMY, MDY), key=lambda order: fits[order])


def find_account(table: Table, day: str) -> str:
    """The column that tells accounts apart: only needed when days repeat."""
    days = [cell for cell in table.column(day) if cell]
    if len(set(days)) == len(days):
        return ""
    return next((name for name in table.columns if role_of(name) == ACCOUNT), "")


def guess_metric(table: Table, name: str, mapping: Mapping) -> str:
    """The metric of a column by its name; a total when its numbers never go down."""
    metric = role_of(name)
    if metric not in CATALOGUE:
        return ""
    return TOTALS[metric] if metric in TOTALS and only_grows(table, name, mapping) else metric


def only_grows(table: Table, name: str, mapping: Mapping) -> bool:
    """Whether each account's numbers never go down from day to day, and do not all stay the same."""
    runs: dict[str, dict[date, Decimal]] = {}
    places = [table.columns.index(column) if column else None for column in (mapping.day, mapping.account, name)]
    for row in table.rows:
        if len(row.cells) == len(table.columns):
            day, account, cell = ("" if place is None else row.cells[place] for place in places)
            when, value = dates_in(day).get(mapping.day_format or DMY), number_in(cell, POINT)
            if when and value is not None:
                runs.setdefault(account, {})[when] = value
    steps = [
        later - earlier
        for run in runs.values()
        for earlier, later in zip(_in_order(run), _in_order(run)[1:], strict=False)
    ]
    # A platform takes spam back now and then; a total may go down a little, rarely.
    return len(steps) >= FEWEST_STEPS and any(steps) and sum(step < 0 for step in steps) * 20 <= len(steps)


def _in_order(run: dict[date, Decimal]) -> list[Decimal]:
    return [run[day] for day in sorted(run)]


def find_decimal(table: Table, columns: Iterable[str]) -> str:
    """The sign that separates fractions; nothing when both fit and tell different numbers."""
    failed: Counter[str] = Counter()
    differ = False
    for name in columns:
        for cell in table.column(name):
            values = {sign: number_in(cell.rstrip("% "), sign) for sign in (POINT, COMMA)}
            failed.update(sign for sign, value in values.items() if value is None)
            differ = differ or (None not in values.values() and values[POINT] != values[COMMA])
    if failed[POINT] == failed[COMMA]:
        return "" if differ else POINT
    return min((POINT, COMMA), key=lambda sign: failed[sign])


# --- The numbers ----------------------------------------------------------------------------------------------------


def parse(table: Table, mapping: Mapping) -> Parsed:
    """The numbers of each account, and every cell that could not be read. `mapping` must leave no question open."""
    reader = _Reader(table, mapping)
    for row in table.rows:
        reader.take(row)
    return reader.result()


class _Reader:
    def __init__(self, table: Table, mapping: Mapping) -> None:
        self.table = table
        self.mapping = mapping
        self.place = {name: index for index, name in enumerate(table.columns)}
        self.problems: list[Problem] = []
        self.titles: dict[str, str] = {}
        self.lines: dict[str, list[str]] = {}
        self.entries: dict[str, dict[tuple[str, date], Entry]] = {}
        self.disputed: set[tuple[str, str, date]] = set()

    def take(self, row: Row) -> None:
        cells = row.cells
        while len(cells) > len(self.table.columns) and not cells[-1].strip():
            cells = cells[:-1]
        if len(cells) != len(self.table.columns):
            self._complain(row, "cells", "", str(len(cells)), str(len(self.table.columns)))
            return
        account = self._account(row, cells)
        if account is None:
            return
        self.lines.setdefault(account, []).append(row.text)
        day = self._day(row, cells[self.place[self.mapping.day]])
        if day is None:
            return
        for column, metric in self.mapping.metrics.items():
            self._number(row, account, day, column, metric, cells[self.place[column]].strip())

    def _complain(self, row: Row, code: str, column: str, value: str = "", expected: str = "") -> None:
        self.problems.append(Problem(row.line, code, column, value, expected))

    def _account(self, row: Row, cells: Sequence[str]) -> str | None:
        if not self.mapping.account:
            return ""
        account = cells[self.place[self.mapping.account]].strip()[:200]
        if not account:
            self._complain(row, "no_account", self.mapping.account)
            return None
        title = cells[self.place[self.mapping.title]].strip() if self.mapping.title else ""
        self.titles[account] = title[:200] or self.titles.get(account, account)
        return account

    def _day(self, row: Row, cell: str) -> date | None:
        cell = cell.strip()
        if not cell:
            self._complain(row, "no_day", self.mapping.day)
            return None
        day = dates_in(cell)[self.mapping.day_format]
        code = "day" if day is None else self._wrong_day(day)
        if code:
            self._complain(row, code, self.mapping.day, cell)
            return None
        return day

    def _wrong_day(self, day: date) -> str:
        if self.mapping.today and day > self.mapping.today:
            return "future"
        return "year" if day.year < EARLIEST_YEAR else ""

    def _number(self, row: Row, account: str, day: date, column: str, metric: str, cell: str) -> None:
        value = None
        if not is_nothing(cell):
            value = number_in(cell.rstrip("% ") if METRICS[metric].unit == "percent" else cell, self.mapping.decimal)
            if code := _wrong_number(cell, value, metric):
                self._complain(row, code, column, cell)
                return
        self._put(row, account, column, Entry(metric, day, value, row.line))

    def _put(self, row: Row, account: str, column: str, entry: Entry) -> None:
        entries = self.entries.setdefault(account, {})
        known = entries.get((entry.metric, entry.day))
        if known is None or known.value is None:
            entries[entry.metric, entry.day] = entry
        elif entry.value is not None and entry.value != known.value:
            self.disputed.add((account, entry.metric, entry.day))
            self._complain(row, "twice", column, str(entry.value), str(known.line))

    def result(self) -> Parsed:
        accounts = tuple(
            AccountEntries(
                account,
                self.titles.get(account, account),
                tuple(
                    entry
                    for key, entry in sorted(self.entries[account].items())
                    if (account, *key) not in self.disputed
                ),
                self.table.header + "".join(self.lines[account]),
            )
            for account in self.entries
        )
        return Parsed(accounts, tuple(self.problems))


def _wrong_number(cell: str, value: Decimal | None, metric: str) -> str:
    """What is wrong with a cell that should hold a number; nothing when nothing is."""
    if value is None:
        return "formula" if re.match(r"[=@]|[+-][^0-9.,\s]", cell) else "number"
    if abs(value) >= LARGEST_NUMBER:
        return "number_size"
    return "negative" if value < 0 and metric not in MAY_BE_NEGATIVE else ""
