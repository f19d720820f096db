"""Posts that look like life: one every couple of days, each with numbers that grow quickly at first and then hardly.

As everything here they are a function of the seed, the account and the moment: asked twice at one moment, the same.
Every ninth post is deleted on its fifth day, every seventh keeps its likes to itself.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property, lru_cache
from math import exp

from kpis.sandbox.numbers import chance

HOURS_BETWEEN = 40
#: After so many hours a post has about two thirds of all that it will ever have.
RIPENS = 20.0
DELETED_AFTER = timedelta(days=4, hours=3)
KINDS = ("photo", "text", "video", "album", "link")
WORDS = (
    "Обжарили свежую партию из Эфиопии: жасмин, бергамот и немного мёда. Кто пробовал — расскажите, как варите дома",
    "Как выбрать помол для воронки: три правила, которые работают в любой кухне",
    "Новая кофейня на Металлистов откроется в субботу. Первым ста гостям — фильтр в подарок",
    "Зачем мы жарим по вторникам и четвергам",
    "A short guide to water: why your tap ruins good beans, and what to do about it in five minutes",
    "Разбираем ваши вопросы про хранение зерна, морозилку и клапан на пачке",
    "Fresh harvest from Colombia has landed",
)
#: What becomes of a view, at least and at most.
SHARES = {
    "likes": (0.02, 0.07),
    "comments": (0.001, 0.009),
    "shares": (0.001, 0.012),
    "saves": (0.003, 0.014),
    "clicks": (0.002, 0.011),
    "reach": (0.55, 0.8),
}


@dataclass(frozen=True)
class StandInPost:
    """One post of one account; `number` counts them from the account's first."""

    seed: int
    account: str
    number: int
    published_at: datetime
    audience: int

    @cached_property
    def kind(self) -> str:
        return KINDS[self.number % len(KINDS)]

    @cached_property
    def words(self) -> str:
        return WORDS[self.number % len(WORDS)]

    @property
    def deleted_at(self) -> datetime | None:
        return self.published_at + DELETED_AFTER if self.number % 9 == 4 else None

    @property
    def hides_likes(self) -> bool:
        return self.number % 7 == 3

    def is_there(self, now: datetime) -> bool:
        return self.published_at <= now and (self.deleted_at is None or now < self.deleted_at)

    def count(self, name: str, now: datetime) -> int:
        """How many views, likes and so on it has gathered by now: never fewer than before."""
        hours = max(0.0, (now - self.published_at).total_seconds() / 3600)
        return int(self._in_the_end(name) * (1 - exp(-hours / RIPENS)))

    def _in_the_end(self, name: str) -> float:
        views = self.audience * (0.15 + 0.9 * chance(self.seed, self.account, "post", self.number) ** 2)
        low, high = SHARES.get(name, (1.0, 1.0))
        return views * (low + (high - low) * chance(self.seed, self.account, name, self.number))


@dataclass(frozen=True)
class Feed:
    """All posts of an account since it was opened."""

    seed: int
    account: str
    born: date
    audience: int

    def post(self, number: int) -> StandInPost:
        """The post of this number, published in its own hour of the forty."""
        return _post(self, number)

    def newest(self, now: datetime) -> Iterator[StandInPost]:
        """What is there now, the newest first."""
        last = int((now - datetime.combine(self.born, time(), UTC)).total_seconds() // 3600 // HOURS_BETWEEN)
        return (post for number in range(last, -1, -1) if (post := self.post(number)).is_there(now))

    def known(self, number: int, now: datetime) -> StandInPost | None:
        """The post of this number, if it is there."""
        post = self.post(number) if number >= 0 else None
        return post if post and post.is_there(now) else None


@lru_cache(maxsize=16384)
def _post(feed: Feed, number: int) -> StandInPost:
    late = HOURS_BETWEEN * 0.9 * chance(feed.seed, feed.account, "late", number)
    hours = number * HOURS_BETWEEN + round(late, 2)
    published_at = datetime.combine(feed.born, time(), UTC) + timedelta(seconds=round(hours * 3600))
    return StandInPost(feed.seed, feed.account, number, published_at, feed.audience)
