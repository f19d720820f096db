"""Goals read in a second, against only splitting them into tokens: what the understanding costs."""

import time
from collections.abc import Callable
from datetime import date

from projects.coach import read
from projects.coach.tokens import tokenise

#: The promise is 20 ms a sentence.
AIM = "≥ 50 a second"


def run() -> list[dict]:
    from tests.projects.coach.golden import sentences

    goals = [(goal["text"], date.fromisoformat(goal["today"])) for code in ("ru", "en") for goal in sentences(code)]
    read(*goals[0])  # the dictionary comes with the first sentence
    ours = per_second(lambda: [read(text, today) for text, today in goals], len(goals))
    floor = per_second(lambda: [tokenise(text) for text, _today in goals], len(goals))
    return [{"name": "coach: goals read a second", "ours": ours, "floor": floor, "ratio": ours / floor, "aim": AIM}]


def per_second(work: Callable, count: int) -> float:
    started = time.perf_counter()
    work()
    return count / (time.perf_counter() - started)
