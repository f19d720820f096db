"""Two texts compared word by word. Pure."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from re import findall

SAME, ADDED, REMOVED = "same", "added", "removed"

#: Pairs of equal words beyond which looking for what moved takes longer than a reader would wait.
MOST_PAIRS = 1_000_000


@dataclass(frozen=True)
class Piece:
    change: str
    text: str


def compare(before: str, after: str) -> list[Piece]:
    """What stayed, went and came, in reading order; what went stands before what came in its place.

    Words are compared, not the spaces between them: words told apart only by a line break are the same.
    """
    old, new = words_of(before), words_of(after)
    start = same_at_start(old, new)
    end = same_at_start(old[start:][::-1], new[start:][::-1])
    middle = pieces_between(old[start : len(old) - end], new[start : len(new) - end])
    pieces = [Piece(SAME, "".join(new[:start])), *middle, Piece(SAME, "".join(new[len(new) - end :]))]
    return [piece for piece in pieces if piece.text]


def words_of(text: str) -> list[str]:
    """Each word with the spaces after it, so that the words joined are the text."""
    return findall(r"\S+\s*|^\s+", text)


def same_at_start(old: list[str], new: list[str]) -> int:
    pairs = zip(old, new, strict=False)
    return next(
        (index for index, (one, other) in enumerate(pairs) if bare(one) != bare(other)), min(len(old), len(new))
    )


def bare(word: str) -> str:
    return word.rstrip()


def pieces_between(old: list[str], new: list[str]) -> Iterator[Piece]:
    if too_alike(old, new):
        yield from (Piece(REMOVED, "".join(old)), Piece(ADDED, "".join(new)))
        return
    matcher = SequenceMatcher(None, [*map(bare, old)], [*map(bare, new)], autojunk=False)
    for change, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        went, came = "".join(old[old_from:old_to]), "".join(new[new_from:new_to])
        if change == "equal":
            yield Piece(SAME, came)
        else:
            yield Piece(REMOVED, went)
            yield Piece(ADDED, came)


def too_alike(old: list[str], new: list[str]) -> bool:
    """One word a thousand times over, twice: every pair of them would be tried."""
    ours, theirs = Counter(map(bare, old)), Counter(map(bare, new))
    return sum(count * theirs[word] for word, count in ours.items()) > MOST_PAIRS
