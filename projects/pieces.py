"""The pieces of an answer, each of which may become an object of its own. Pure; types: `projects.answers`.

A table's pieces are its filled rows, those of «many of» the choices, of links the links, of a long text its sentences;
any other answer is one piece. A piece's number is its place in the answer, from 0; None for an answer that is whole.
"""

import re
from dataclasses import dataclass

from projects.answers import Value

SENTENCE_END = re.compile(r"(?<=[.!?…;])\s+")
BULLET = re.compile(r"^(?:[-–—•*]|\d+[.)])\s+")


@dataclass(frozen=True)
class Piece:
    row: int | None
    value: Value


def pieces_of(question: dict, value: Value) -> list[Piece]:
    """The pieces in which this answer can be taken; none of no answer."""
    if value is None:
        return []
    parts = {"table": rows_of, "many_of": choices_of, "links": list, "long_text": sentences_of}.get(question["type"])
    if parts is None:
        return [Piece(None, value)]
    return [Piece(number, part) for number, part in enumerate(parts(value)) if part]


def rows_of(value: Value) -> list[dict | None]:
    return [row if any(row.values()) else None for row in value["rows"]]


def choices_of(value: Value) -> list[str]:
    return value["choices"]


def sentences_of(text: str) -> list[str]:
    """Line by line and sentence by sentence, without the bullets."""
    lines = [BULLET.sub("", line.strip()) for line in text.split("\n")]
    return [part for line in lines for part in SENTENCE_END.split(line) if part]


def find_piece(question: dict, value: Value, row: int | None) -> Piece | None:
    """The piece with this number. Without a number: the only one there is."""
    pieces = pieces_of(question, value)
    if row is None and len(pieces) == 1:
        return pieces[0]
    return next((piece for piece in pieces if piece.row == row), None)
