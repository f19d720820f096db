"""Hours of a day as people write them: «9–13, 14:30–18». Pure."""

import re
from datetime import time
from itertools import pairwise

#: Begin and end on the wall clock; an end at midnight or before the beginning runs into the next day.
Span = tuple[time, time]
MOST_SPANS = 6
DASH = r"\s*[-–—−]\s*"
CLOCK = r"(\d{1,2})(?:[:.](\d{2}))?"
SPAN = re.compile(rf"{CLOCK}{DASH}{CLOCK}")


class Unreadable(ValueError):
    """What is written is no list of hours; `text` is the piece."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


def read_hours(text: str) -> list[Span]:
    """The spans in order; none when nothing is written. Raises Unreadable with the piece that is not understood."""
    pieces = [piece.strip() for piece in re.split(r"[,;]", text) if piece.strip()]
    spans = sorted(read_span(piece) for piece in pieces)
    if len(spans) > MOST_SPANS:
        raise Unreadable(text)
    for (_begins, ends), (begins, _ends) in pairwise(spans):
        if ends > begins or ends <= _begins:
            raise Unreadable(text)
    return spans


def read_span(piece: str) -> Span:
    found = SPAN.fullmatch(piece)
    if not found:
        raise Unreadable(piece)
    begins, ends = (read_clock(found[first], found[first + 1], piece) for first in (1, 3))
    if begins == ends and begins != time(0):
        raise Unreadable(piece)
    return begins, ends


def read_clock(hour: str, minute: str | None, piece: str) -> time:
    """24:00 is the midnight that ends the day."""
    hours, minutes = int(hour), int(minute or 0)
    if (hours, minutes) == (24, 0):
        return time(0)
    if hours > 23 or minutes > 59:
        raise Unreadable(piece)
    return time(hours, minutes)


def say_hours(spans: list[Span]) -> str:
    return ", ".join(f"{begins:%H:%M}–{ends:%H:%M}" for begins, ends in spans)


def as_json(spans: list[Span]) -> list[list[str]]:
    return [[f"{begins:%H:%M}", f"{ends:%H:%M}"] for begins, ends in spans]


def from_json(spans: list[list[str]]) -> list[Span]:
    return [(time.fromisoformat(begins), time.fromisoformat(ends)) for begins, ends in spans]
