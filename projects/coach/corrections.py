"""People correct themselves in the middle of a goal: «на треть? нет, на 20 %», «by June, I mean July»."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Protocol, TypeVar

from projects.coach.tokens import Token

MARKERS = ("i mean", "no wait", "make that", "or rather", "scratch that", "то есть", "в смысле", "точнее", "вернее")
#: These are said of much else too, so a pause must stand before or after them.
PAUSED = {"нет", "no", "nope", "ладно", "вру", "шучу", "sorry", "oops", "ой", "короче"}
PAUSES = {",", ".", "?", "!", "-", "\n"}
LONGEST = 8


class Placed(Protocol):
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


Item = TypeVar("Item", bound=Placed)


def not_taken_back(tokens: Sequence[Token], items: Sequence[Item]) -> list[Item]:
    """The numbers, or the days, without those that the next one corrects."""
    gone = {first.start for first, second in pairwise(items) if is_corrected(tokens, first.end, second.start)}
    return [item for item in items if item.start not in gone]


def is_corrected(tokens: Sequence[Token], start: int, end: int) -> bool:
    between = [token.text for token in tokens[start:end]]
    if not between or len(between) > LONGEST:
        return False
    said = f" {' '.join(between)} "
    return any(f" {marker} " in said for marker in MARKERS) or any(
        word in PAUSED and {between[place - 1] if place else "", *between[place + 1 : place + 2]} & PAUSES
        for place, word in enumerate(between)
    )
