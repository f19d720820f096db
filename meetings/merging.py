"""Two people's texts put together, line by line. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher


@dataclass(frozen=True, slots=True)
class Edit:
    """The lines from `first` up to `last` of the base became `lines`."""

    first: int
    last: int
    lines: tuple[str, ...]

    @property
    def is_insertion(self) -> bool:
        return self.first == self.last


def merge(base: str, mine: str, theirs: str) -> str | None:
    """What both wrote over `base`; None where they changed the same lines in different ways.

    Lines that both added at one place are all kept, theirs first: nobody's word is lost.
    """
    before = lines_of(base)
    ours, others = edits(before, lines_of(mine)), edits(before, lines_of(theirs))
    ours = [edit for edit in ours if edit not in others]
    if any(touch(one, other) for one in ours for other in others):
        return None
    return "\n".join(carry_out(before, others, ours))


def lines_of(text: str) -> list[str]:
    text = text.replace("\r\n", "\n")
    return text.split("\n") if text else []


def edits(before: Sequence[str], after: Sequence[str]) -> list[Edit]:
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    return [
        Edit(first, last, tuple(after[start:end]))
        for tag, first, last, start, end in matcher.get_opcodes()
        if tag != "equal"
    ]


def touch(one: Edit, other: Edit) -> bool:
    """Whether one would be carried out upon lines that the other has changed. An insertion at the
    edge is beside them."""
    if one.is_insertion or other.is_insertion:
        return max(one.first, other.first) < min(one.last, other.last) or inside(one, other) or inside(other, one)
    return one.first < other.last and other.first < one.last


def inside(insertion: Edit, other: Edit) -> bool:
    return insertion.is_insertion and other.first < insertion.first < other.last


def carry_out(before: Sequence[str], others: Sequence[Edit], ours: Sequence[Edit]) -> list[str]:
    """At one place: insertions before what replaces the lines there, the others' before ours."""
    found: list[str] = []
    done = 0
    ordered = sorted(
        [
            (edit.first, not edit.is_insertion, whose, edit)
            for whose, each in enumerate((others, ours))
            for edit in each
        ],
        key=lambda one: one[:3],
    )
    for first, _is_change, _whose, edit in ordered:
        found += [*before[done:first], *edit.lines]
        done = max(done, edit.last)
    return [*found, *before[done:]]
