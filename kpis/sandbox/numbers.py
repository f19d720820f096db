"""Numbers that look like life and never change their mind.

Every number is a function of the seed, the account, what is counted, and the day: asked today or next year, in any
order, yesterday stays what it was. There is a slow growth, a weekly rhythm, noise, and now and then a bad week.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from hashlib import blake2b
from math import exp

#: Monday to Sunday: people read about coffee at work, and shop for it before the weekend.
WEEK = (1.04, 1.08, 1.1, 1.05, 1.02, 0.88, 0.83)
BLOCK = 60


def chance(*key: object) -> float:
    """A number from 0 to 1 that is always the same for the same key."""
    return _draws("\x1f".join(map(str, key)), 1)[0]


def _draws(key: str, count: int) -> list[float]:
    digest = blake2b(key.encode(), digest_size=8 * count).digest()
    return [int.from_bytes(digest[place : place + 8], "big") / 2**64 for place in range(0, len(digest), 8)]


@dataclass(frozen=True)
class Recount:
    """A seed whose days from `since` on come out otherwise than with the plain one: the platform counted them anew."""

    seed: int
    since: date

    def on(self, day: date) -> int:
        return self.seed + (day >= self.since)


Seed = int | Recount


@dataclass(frozen=True)
class Life:
    """The life of one account since the day it was opened."""

    seed: Seed
    account: str
    born: date
    audience: int
    growth: float = 0.25
    week: Sequence[float] = WEEK

    def flow(self, name: str, day: date, mean: float) -> int:
        """How many of something there were on a day, around a mean at the time of birth; nothing before it."""
        if day < self.born:
            return 0
        years = (day - self.born).days / 365
        mood = exp(0.36 * (self._noise(name, day) - 0.5))
        return round(mean * (1 + self.growth * years) * self.week[day.weekday()] * self._dip(day) * mood)

    def share(self, name: str, day: date, low: float, high: float) -> float:
        """A proportion between two bounds, a little different each day."""
        return low + (high - low) * chance(self._seed(day), self.account, name, day)

    def follows(self, day: date) -> int:
        return self.flow("follows", day, self.audience * 0.0031)

    def unfollows(self, day: date) -> int:
        return self.flow("unfollows", day, self.audience * 0.0014)

    def followers(self, day: date) -> int:
        """Followers at the end of the day: those of the day before, and the new ones, less the lost."""
        return _followers(self, day)

    def _noise(self, name: str, day: date) -> float:
        """The mean of three draws: closer to the middle than one."""
        return sum(_draws(f"{self._seed(day)}\x1f{self.account}\x1f{name}\x1f{day}", 3)) / 3

    def _seed(self, day: date) -> int:
        return self.seed.on(day) if isinstance(self.seed, Recount) else self.seed

    def _dip(self, day: date) -> float:
        """In every sixty days there is one bad week: a holiday, a dead server, a person who is ill."""
        block, place = divmod((day - self.born).days, BLOCK)
        return 0.55 if place in _bad_days(self._seed(self.born), self.account, block) else 1.0


@lru_cache(maxsize=4096)
def _bad_days(seed: int, account: str, block: int) -> range:
    begins = int(chance(seed, account, "dip", block) * (BLOCK - 12))
    return range(begins, begins + 5 + int(chance(seed, account, "dip length", block) * 5))


@lru_cache(maxsize=65536)
def _followers(life: Life, day: date) -> int:
    if day < life.born:
        return 0
    months = (day.year - life.born.year) * 12 + day.month - life.born.month
    first = life.born if months == 0 else day.replace(day=1)
    days = (first + timedelta(days=number) for number in range((day - first).days + 1))
    return _followers_before(life, months) + sum(life.follows(one) - life.unfollows(one) for one in days)


@lru_cache(maxsize=4096)
def _followers_before(life: Life, months: int) -> int:
    """Followers on the eve of the month that is so many months after the birth: kept, so that a day costs a month."""
    if months == 0:
        return life.audience
    count = life.born.year * 12 + life.born.month - 1 + months
    return _followers(life, date(count // 12, count % 12 + 1, 1) - timedelta(days=1))
