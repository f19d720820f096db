"""What a report is made of: kinds of blocks, and a template as an ordered list of them with their options. Pure.

A block of a layout is `{"key", "kind", "title", "must_comment", …options of the kind}`. The key tells two blocks of one
kind apart, and the commentary of a block is kept under it.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

#: In the order in which they are offered.
KINDS = (
    "summary",
    "kpi_table",
    "kpi_charts",
    "goals",
    "reviews",
    "dips",
    "posts",
    "next_steps",
    "sources",
    "text",
)
#: Those that show nothing without words of their own.
ONLY_WORDS = ("text",)
MOST_BLOCKS = 20
LONGEST_TITLE = 120
KEY = re.compile(r"[a-z][a-z0-9_-]{0,39}")
AGES = ("1d", "3d", "7d", "28d")
MOST_POSTS = 10


class BadLayout(Exception):
    """A layout that can't be used; `code` says why, `block` which block."""

    def __init__(self, code: str, block: str = ""):
        super().__init__(code)
        self.code = code
        self.block = block


@dataclass(frozen=True)
class Option:
    """A choice that a kind of block leaves to its template."""

    name: str
    usual: object
    choices: tuple


OPTIONS: Mapping[str, tuple[Option, ...]] = {
    "posts": (
        Option("count", 3, tuple(range(1, MOST_POSTS + 1))),
        Option("age", "7d", AGES),
    ),
}


def block(kind: str, *, key: str = "", title: str = "", must_comment: bool = False, **options: object) -> dict:
    """A block of a kind with what its template usually says."""
    usual = {option.name: options.get(option.name, option.usual) for option in OPTIONS.get(kind, ())}
    return {"key": key or kind, "kind": kind, "title": title, "must_comment": must_comment, **usual}


#: The template that every agency has from its first day.
SHIPPED = (
    block("summary", must_comment=True),
    block("kpi_table"),
    block("kpi_charts"),
    block("goals"),
    block("reviews"),
    block("dips"),
    block("posts"),
    block("next_steps", must_comment=True),
    block("sources"),
)


def judged(layout: object) -> list[dict]:
    """The layout as it is kept, or `BadLayout`. What a block leaves out is as usual; what nobody knows is refused."""
    if not isinstance(layout, Sequence) or isinstance(layout, str) or not layout:
        raise BadLayout("empty")
    if len(layout) > MOST_BLOCKS:
        raise BadLayout("too_many")
    blocks = [judged_block(one) for one in layout]
    keys = [one["key"] for one in blocks]
    twice = next((key for key in keys if keys.count(key) > 1), None)
    if twice:
        raise BadLayout("same_key", twice)
    return blocks


def judged_block(given: object) -> dict:
    if not isinstance(given, Mapping) or given.get("kind") not in KINDS:
        raise BadLayout("unknown_kind", str(given.get("kind", "") if isinstance(given, Mapping) else given)[:40])
    kind = given["kind"]
    key, title, must = given.get("key") or kind, given.get("title", ""), given.get("must_comment", False)
    if not isinstance(key, str) or not KEY.fullmatch(key):
        raise BadLayout("bad_key", kind)
    if not isinstance(title, str) or len(title) > LONGEST_TITLE or not isinstance(must, bool):
        raise BadLayout("bad_words", key)
    options = {option.name: judged_option(option, given, key) for option in OPTIONS.get(kind, ())}
    unknown = set(given) - {"key", "kind", "title", "must_comment", *options}
    if unknown:
        raise BadLayout("unknown_option", key)
    return {"key": key, "kind": kind, "title": title.strip(), "must_comment": must, **options}


def judged_option(option: Option, given: Mapping, key: str) -> object:
    value = given.get(option.name, option.usual)
    if isinstance(value, bool) or value not in option.choices:
        raise BadLayout("bad_option", key)
    return value


def new_key(kind: str, keys: Iterable[str]) -> str:
    """A key for one more block of this kind."""
    taken = set(keys)
    names = (kind, *(f"{kind}-{number}" for number in range(2, MOST_BLOCKS + 2)))
    return next(name for name in names if name not in taken)


def without_words(layout: Iterable[Mapping], commentaries: Mapping[str, str]) -> list[Mapping]:
    """The blocks whose mandatory commentary is still empty, in order."""
    return [one for one in layout if one["must_comment"] and not commentaries.get(one["key"], "").strip()]
