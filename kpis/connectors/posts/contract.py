"""What a platform tells of single posts, beside what it tells of the account.

A reader opens no connection and knows no models, as its connector: `look` finds the account's recent posts, asks for
the numbers of those that are due, and keeps every answer as an `Exchange`; `note` is pure and puts what one exchange
says down on a `PostSheet`. Which posts were asked for stands in the requests themselves, so all can be read again.

A post's numbers only ever grow with its age, so a number without its moment says nothing. Missing is not zero, hidden
is not zero, and a post that the platform no longer has is gone, not a post without numbers.
"""

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, ClassVar, Generic, Literal, TypeVar

from django.utils.translation import gettext_lazy as _

from kpis.connectors.contract import (
    Account,
    Connector,
    ConnectorError,
    Credentials,
    Exchange,
    Steps,
    Text,
    as_number,
)

Platform = TypeVar("Platform", bound=Connector)

Kind = Literal["text", "photo", "album", "video", "short", "link", "poll", "other"]
LONGEST_OPENING = 140
#: A list of posts is read for so many pages at most: nobody publishes a thousand times a month.
MOST_PAGES = 10

POST_REASONS: dict[str, Text] = {
    "not_given": _("The platform gave no number for this post."),
    "hidden": _("The platform hides this number of the post."),
    "below_threshold": _("Too few people have seen the post: the platform hides this number until there are more."),
    "retired": _("The platform no longer gives this number."),
    "not_permitted": _("The saved access may not see this number."),
    "not_ready": _("The platform is still counting this number."),
}


@dataclass(frozen=True)
class PostAbility:
    """One metric that the platform tells of a post.

    `lag`: how far behind the platform is; `settles`: the age from which the number no longer changes, None when the
    platform counts on for ever. `threshold` names in words from what audience on it is told. `token_kinds`: which kinds
    of token may read it; empty means any.
    """

    metric: str
    native_name: str
    lag: timedelta = timedelta()
    settles: timedelta | None = None
    threshold: Text = ""
    token_kinds: tuple[str, ...] = ()


@dataclass(frozen=True)
class FoundPost:
    """A post as it stands in the account's list. `opening`: its first words, at most 140 characters, one line."""

    external_id: str
    published_at: datetime
    permalink: str = ""
    kind: Kind = "other"
    opening: str = ""


@dataclass(frozen=True)
class PostReading:
    """One number of one post at the moment of the visit, or None with a key of `POST_REASONS`."""

    external_id: str
    metric: str
    value: Decimal | None
    reason: str = ""


@dataclass(frozen=True)
class PostLook:
    """One visit: posts published in `since`…`now` are to be found, and those that are `due` or new asked for numbers.

    New is what is not in `known`. `kept` is what a reader found out in one step for the next; it is not recorded.
    """

    credentials: Credentials
    account: Account
    since: datetime
    now: datetime
    due: Sequence[str] = ()
    known: Collection[str] = ()
    exchanges: list[Exchange] = field(default_factory=list)
    kept: dict[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class PostsRead:
    """What one visit brought. `gone`: the posts that were asked for and that the platform no longer has.

    `error` is set when the visit broke off half-way: what had arrived by then is here all the same.
    """

    posts: tuple[FoundPost, ...]
    readings: tuple[PostReading, ...]
    gone: tuple[str, ...]
    exchanges: tuple[Exchange, ...]
    taken_at: datetime
    error: ConnectorError | None = None


Told = tuple[tuple[FoundPost, ...], tuple[PostReading, ...], tuple[str, ...]]


class PostSheet:
    """Gathers what the exchanges of one visit say; a later word about the same post and metric replaces an earlier."""

    def __init__(self, abilities: Iterable[PostAbility], account: Account, since: datetime, now: datetime) -> None:
        self.abilities = {ability.metric: ability for ability in abilities}
        self.account = account
        self.since = since
        self.now = now
        self.posts: dict[str, FoundPost] = {}
        self.readings: dict[tuple[str, str], PostReading] = {}
        self.absent: dict[str, None] = {}

    def find(self, post: FoundPost) -> None:
        """Put a post of the list down, if it was published in the days that were asked for."""
        if post.external_id and self.since <= post.published_at <= self.now:
            self.posts[post.external_id] = post

    def tell(self, post: str, metric: str, value: Any, *, silence: str = "not_given") -> None:
        """Put a number of a post down; where it is none, the reason for its silence."""
        number = as_number(value)
        reading = PostReading(post, metric, number, "" if number is not None else silence)
        if number is not None or (post, metric) not in self.readings:
            self.readings[post, metric] = reading

    def miss(self, post: str, metrics: Iterable[str], reason: str) -> None:
        """None of these numbers of the post was told, and why."""
        for metric in metrics:
            self.tell(post, metric, None, silence=reason)

    def refuse(self, post: str, metric: str, reason: str) -> None:
        """Name a better reason for a number that was missed before."""
        reading = self.readings.get((post, metric))
        if reading and reading.value is None:
            self.readings[post, metric] = PostReading(post, metric, None, reason)

    def lose(self, post: str) -> None:
        """The platform says that it no longer has the post."""
        self.absent[post] = None

    def lose_untold(self, asked: Sequence[str], told: Collection[str]) -> None:
        """Of several posts asked together some were left out; an answer with none of them is no answer."""
        if told or len(asked) == 1:
            for post in asked:
                if post not in told:
                    self.lose(post)

    def result(self) -> Told:
        """What is still in the list is not gone, whatever another answer left out."""
        for post in self.absent.keys() & self.posts.keys():
            self.miss(post, self.abilities, "not_given")
        gone = tuple(post for post in self.absent if post not in self.posts)
        return tuple(self.posts.values()), tuple(self.readings.values()), gone


class PostReader(ABC, Generic[Platform]):
    """What one platform tells of posts. It holds no state but the connector that it asks with."""

    abilities: ClassVar[tuple[PostAbility, ...]]
    #: So many posts are asked for in one request.
    batch: ClassVar[int] = 1

    def __init__(self, connector: Platform) -> None:
        self.connector = connector

    @property
    def metrics(self) -> tuple[str, ...]:
        return tuple(ability.metric for ability in self.abilities)

    @abstractmethod
    def find(self, look: PostLook) -> Steps[None]:
        """Request the account's posts since `look.since`. Raises ConnectorError."""

    @abstractmethod
    def ask(self, look: PostLook, ids: Sequence[str]) -> Steps[None]:
        """Request the numbers of at most `batch` posts. Raises ConnectorError."""

    @abstractmethod
    def note(self, sheet: PostSheet, exchange: Exchange) -> None:
        """Put down what one exchange tells; pure."""

    def look(self, look: PostLook) -> Steps[PostsRead]:
        """Find the posts, then ask for those that are due or new. Raises ConnectorError when nothing was had at all.

        A refusal in the middle is told beside what had come by then.
        """
        error: ConnectorError | None = None
        try:
            yield from self.find(look)
            found, _readings, _gone = self.read_again(look.exchanges, look.account, look.since, look.now)
            fresh = [post.external_id for post in found if post.external_id not in look.known]
            for ids in lots([*look.due, *fresh], self.batch):
                yield from self.ask(look, ids)
        except ConnectorError as problem:
            error = problem
        told = self.read_again(look.exchanges, look.account, look.since, look.now)
        if error and not any(told):
            error.exchanges = tuple(look.exchanges)
            raise error
        return PostsRead(*told, tuple(look.exchanges), look.now, error)

    def read_again(self, exchanges: Iterable[Exchange], account: Account, since: datetime, now: datetime) -> Told:
        """Posts, numbers and lost posts out of kept exchanges; pure."""
        sheet = PostSheet(self.abilities, account, since, now)
        for exchange in exchanges:
            self.note(sheet, exchange)
        return sheet.result()

    # --- For the readers ---

    def answers(self, exchange: Exchange) -> bool:
        """Whether the exchange is an answer, not a refusal."""
        return self.connector.judge(exchange) is None

    def note_refusal(self, sheet: PostSheet, exchange: Exchange, post: str, metrics: Sequence[str]) -> bool:
        """Put the refusal of a post's numbers down, if it is one that stays; whether there is an answer instead.

        A refusal of several metrics together says nothing about each of them, unless it is about the right to see any.
        """
        problem = self.connector.judge(exchange)
        if problem and problem.gap and (len(metrics) == 1 or not problem.of_one):
            sheet.miss(post, metrics, problem.gap)
        return problem is None


def lots(ids: Sequence[str], size: int) -> Iterable[Sequence[str]]:
    """The ids in lists of at most `size`."""
    return (ids[first : first + size] for first in range(0, len(ids), size))


# --- What all readers need ------------------------------------------------------------------------------------------


def opening_of(text: Any) -> str:
    """The first words of a post in one line, whole words, at most 140 characters with the dots."""
    line = " ".join(str(text or "").split())
    if len(line) <= LONGEST_OPENING:
        return line
    cut = line[: LONGEST_OPENING - 1]
    whole = cut.rpartition(" ")[0] if line[LONGEST_OPENING - 1] != " " else cut
    return (whole if len(whole) > LONGEST_OPENING // 2 else cut).rstrip() + "…"


def as_moment(told: Any) -> datetime | None:
    """A moment told in whole seconds since 1970, or in ISO 8601 with its offset; None for anything else."""
    seconds = as_number(told)
    if seconds is not None:
        return datetime.fromtimestamp(int(seconds), UTC) if seconds < 1 << 34 else None
    try:
        moment = datetime.fromisoformat(str(told))
    except ValueError:
        return None
    return moment.astimezone(UTC) if moment.tzinfo else None


def dig(told: Any, path: str) -> Any:
    """What lies at «likes.count» in nested objects; None where there is nothing."""
    for name in path.split("."):
        told = told.get(name) if isinstance(told, Mapping) else None
    return told
