"""Chains of what waits for what. Pure."""

from collections.abc import Iterable


def would_come_back(pairs: Iterable[tuple[int, int]], *, task: int, first: int) -> bool:
    """Whether `task` would in the end wait for itself if it waited for `first`.

    `pairs` are (task, what it waits for).
    """
    waits_for: dict[int, list[int]] = {}
    for waiting, before in pairs:
        waits_for.setdefault(waiting, []).append(before)
    seen, left = set(), [first]
    while left:
        here = left.pop()
        if here == task:
            return True
        if here not in seen:
            seen.add(here)
            left += waits_for.get(here, [])
    return False
