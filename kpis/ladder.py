"""At what ages a post's numbers are compared, and which reading speaks for an age.

A post of yesterday has fewer views than one of last month, and that says nothing about either: only numbers at an equal
age do. For each step of the ladder the reading that is nearest to it speaks, never a later one, and one that is too far
before it doesn't: then the post has no number at this age. Nothing is interpolated. Pure.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Generic, TypeVar

Value = TypeVar("Value")


@dataclass(frozen=True)
class Step:
    """An age at which posts are compared. A reading speaks for it when it is at most `within` younger."""

    code: str
    age: timedelta
    within: timedelta

    @property
    def earliest(self) -> timedelta:
        return self.age - self.within

    @property
    def aim(self) -> timedelta:
        """The age at which the platform is asked: late enough to be near, and with room for another try."""
        return self.age - self.within / 4

    def holds(self, age: timedelta) -> bool:
        return self.earliest <= age <= self.age


#: The tolerance is small beside what a post gathers between two steps.
LADDER = (
    Step("1h", timedelta(hours=1), timedelta(minutes=30)),
    Step("6h", timedelta(hours=6), timedelta(hours=1)),
    Step("1d", timedelta(days=1), timedelta(hours=3)),
    Step("3d", timedelta(days=3), timedelta(hours=6)),
    Step("7d", timedelta(days=7), timedelta(hours=12)),
    Step("28d", timedelta(days=28), timedelta(days=2)),
)
STEPS = {step.code: step for step in LADDER}
#: From this age on a post is left alone.
LAST_AGE = LADDER[-1].age
#: With fewer posts a rank says nothing.
FEWEST_TO_COMPARE = 10


@dataclass(frozen=True)
class Aged(Generic[Value]):
    """Something that was so at an age."""

    age: timedelta
    value: Value


def at_step(step: Step, readings: Iterable[Aged[Value]]) -> Aged[Value] | None:
    """The reading that speaks for the step: the oldest of those that are within it."""
    return max((one for one in readings if step.holds(one.age)), key=lambda one: one.age, default=None)


def next_due(published_at: datetime, after: datetime) -> datetime | None:
    """When the post is to be asked for next, having been asked at `after`; None when its ladder is climbed."""
    age = after - published_at
    ahead = (step for step in LADDER if step.aim > age)
    return next((published_at + step.aim for step in ahead), None)


def more_than(value: Decimal, all_values: Sequence[Decimal]) -> int | None:
    """Than how many per cent of the others this one is more, rounded down; None where there are too few to say.

    `all_values` are of all posts at the same age, this one among them.
    """
    if len(all_values) < FEWEST_TO_COMPARE:
        return None
    return sum(other < value for other in all_values) * 100 // (len(all_values) - 1)
