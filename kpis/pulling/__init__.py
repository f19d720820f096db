"""Taking sources' numbers: claim those that are due, ask all their platforms at once, store what came in bulk.

The row is the job. `next_pull_at` says when it is due; one conditional update moves it `CLAIMED_FOR` ahead, and whoever
moved it has the claim (`claimed_at`). Everything that a pull writes is written only while the claim still stands, so a
worker that dies leaves a claim that runs out, and two workers never write the same pull.

One event loop drives hundreds of pulls (`kpis.asking`); the thread that started it claims and stores, so no query ever
waits inside the loop, and while one lot is being stored the next gathers.

`claims` says which rows are ours, `pull` what one pull asks and writes, `rounds` how many go side by side.
"""

import gc
import random
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from kpis.asking import Clock, Desk, at_desk
from kpis.models import Source
from kpis.pulling.claims import BATCH, Claimed, claim, claim_due, with_access
from kpis.pulling.pull import Pull, Pulled, account_of, left_alone, words_of
from kpis.pulling.rounds import More, Places, Round
from kpis.timing import Chance, utc_now

__all__ = [
    "BATCH",
    "Claimed",
    "Places",
    "Pull",
    "Pulled",
    "Round",
    "account_of",
    "claim",
    "claim_due",
    "left_alone",
    "pull_claimed",
    "pull_due",
    "pull_source",
    "run_round",
    "with_access",
    "words_of",
]

#: A round takes on no more sources after so many seconds; the timetable starts the next one.
ROUND_TAKES = 25.0
USUAL_COLLECTIONS = gc.get_threshold()


def pull_source(source: Source, *, clock: Clock = utc_now, chance: Chance = random.random) -> Pulled | None:
    """Pull the source if it is due and nobody else is at it; None when there was nothing to do.

    `chance` gives numbers from 0 to 1 that spread the pauses after an error.
    """
    claimed = claim_due(clock(), only=source.pk)
    return pull_claimed(claimed, clock=clock, chance=chance)[source.pk] if claimed else None


def pull_claimed(
    claimed: Sequence[Claimed], *, clock: Clock = utc_now, chance: Chance = random.random
) -> dict[int, Pulled]:
    """Pull these and no others; how each went, by source."""
    rest = [claimed]
    done: dict[int, Pulled] = {}
    run_round(lambda _number: rest.pop() if rest else [], clock=clock, chance=chance, done=done)
    return done


def pull_due(*, clock: Clock = utc_now, chance: Chance = random.random, seconds: float = ROUND_TAKES) -> Counter[str]:
    """Pull whatever is due until nothing is, or the time is up. Returns how many went well («ok») or how else."""
    ends = time.monotonic() + seconds

    def more(number: int) -> list[Claimed]:
        return claim_due(clock(), at_most=number) if time.monotonic() < ends else []

    with few_collections():
        return run_round(more, clock=clock, chance=chance)


@contextmanager
def few_collections() -> Iterator[None]:
    """Hundreds of pulls in flight keep growing and shedding objects; what the process had before is not looked through
    for garbage again and again meanwhile, which took a third of the time."""
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)
    try:
        yield
    finally:
        gc.set_threshold(*USUAL_COLLECTIONS)
        gc.unfreeze()


def run_round(more: More, *, clock: Clock, chance: Chance, done: dict[int, Pulled] | None = None) -> Counter[str]:
    """Pull what `more(number)` claims, until it brings nothing and everything is written."""

    async def work(desk: Desk) -> Counter[str]:
        return await Round(desk, more, clock, chance, done).run()

    return at_desk(work, clock=clock)
