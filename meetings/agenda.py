"""What comes on an agenda before what, how many minutes it is given, and what the length of a meeting lets in. Pure.

Weights say which of two lines goes first when there is not time for both. They follow the question «what becomes
dearer while nobody talks about it»: a number that leaves its course and a goal seen differently (90, 85); terms that
wait for a name under them (80–65); what is broken or late (60–50); what merely waits or is news (45–30). What a person
wrote, moved, timed or assigned comes before all of it: somebody asked for it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Kind:
    """A sort of evidence: its weight, and the minutes that one line of it is given."""

    weight: int
    minutes: int


KINDS = {
    "kpi": Kind(90, 10),
    "gap": Kind(85, 10),
    "agreement": Kind(80, 5),
    "amendment": Kind(75, 5),
    "source": Kind(70, 3),
    "debrief": Kind(65, 5),
    "overdue": Kind(60, 3),
    "conclusion": Kind(58, 5),
    "goal": Kind(55, 5),
    "review": Kind(50, 3),
    "material": Kind(45, 2),
    "brief": Kind(40, 5),
    "parked": Kind(35, 5),
    "alert": Kind(30, 2),
}
#: What a person wrote down, and a kind that nobody listed.
PLAIN = Kind(20, 5)


@dataclass(frozen=True, slots=True)
class Line:
    """`minutes` is None where nobody said how many. A settled line takes no time."""

    key: int
    kind: str = ""
    minutes: int | None = None
    is_by_hand: bool = False
    is_settled: bool = False

    @property
    def takes(self) -> int:
        """In minutes."""
        if self.is_settled:
            return 0
        return kind_of(self.kind).minutes if self.minutes is None else self.minutes

    @property
    def weight(self) -> int:
        return kind_of(self.kind).weight


def kind_of(code: str) -> Kind:
    return KINDS.get(code, PLAIN)


def cut(lines: Sequence[Line], length: timedelta) -> frozenset[int]:
    """The keys of the lines that fit into a meeting of this length.

    They are let in by who asked for them, by weight, and by place; a line too long for what is left is passed over, a
    shorter one after it may still come in. The first line always stays: a meeting about nothing is none.
    """
    left = int(length.total_seconds() // 60)
    ranked = sorted(range(len(lines)), key=lambda place: rank(lines[place], place))
    kept: set[int] = set()
    for place in ranked:
        line = lines[place]
        if line.takes <= left or not kept:
            kept.add(line.key)
            left -= line.takes
    return frozenset(kept)


def rank(line: Line, place: int) -> tuple:
    return (line.is_settled, not line.is_by_hand, -line.weight, place)


def place_for(kind: str, there: Sequence[Line]) -> int:
    """Where among these lines a new one of this kind goes: before the first that came by itself and weighs less, never
    before one that people put where it is and that stands above all such."""
    weight = kind_of(kind).weight
    for place, line in enumerate(there):
        if not line.is_by_hand and line.weight < weight:
            return place
    return len(there)
