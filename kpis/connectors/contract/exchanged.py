"""What goes to a connector and comes from it."""

from collections.abc import Collection, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cached_property
from json import JSONDecoder, detect_encoding, loads
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlsplit
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from kpis.connectors.contract.errors import ConnectorError, Text
from kpis.connectors.filters import Condition
from smmportal.http import Answer, Request

Credentials = Mapping[str, str]
Result = TypeVar("Result")
Steps = Generator[Request, Answer, Result]
#: Made once: `json.loads` with such wishes makes a decoder for every answer.
TOLERANT = JSONDecoder(parse_float=Decimal, parse_constant=lambda name: None)
GAP_REASONS: dict[str, Text] = {
    "not_given": _("The platform gave no number for this day."),
    "not_ready": _("The platform has not counted this day yet; the number usually comes within a few days."),
    "below_threshold": _("The audience is too small: the platform hides this number until more people take part."),
    "retired": _("The platform no longer gives this number."),
    "before_history": _("This day is before the beginning of what the platform keeps."),
    "hidden": _("The account hides this number."),
    "not_permitted": _("This token may not see this number. Connect the source with an administrator's token."),
    "only_now": _("The platform tells this number only for the present moment, and nobody asked it on that day."),
    "taken_back": _("The number that was typed for this day was taken back."),
    "empty_in_file": _("The file has no number for this day."),
    "nothing_to_divide": _("There is nothing to divide by: nobody came on that day."),
}


@dataclass(frozen=True)
class Field:
    """One thing a person pastes in to connect the platform."""

    name: str
    label: Text
    help: Text
    secret: bool = True
    required: bool = True


@dataclass(frozen=True)
class MetricAbility:
    """One metric that the platform gives, and how far it can be trusted.

    `lag_days`: so many last days may be missing because they are not counted yet.
    `revision_days`: so many days before today may still change; today always may.
    `only_now`: the platform tells the present value and no history.
    `token_kinds`: which kinds of token may read it; empty means any.
    `scope`: the right without which it is not told, by the platform's own name; empty: none in particular.
    `endpoint`: the path at which it is asked, with `{…}` for what differs by account.
    `valid_from`, `retired_on`: since when and until when it is given; None: the platform does not say.
    `successor`: what the platform gives instead, by the platform's own name; empty: it names none.
    """

    code: str
    native_name: str
    level: str = "account"
    lag_days: int = 0
    revision_days: int = 0
    only_now: bool = False
    token_kinds: tuple[str, ...] = ()
    scope: str = ""
    endpoint: str = ""
    valid_from: date | None = None
    retired_on: date | None = None
    successor: str = ""

    def is_final(self, day: date, today: date) -> bool:
        """Whether the platform will no longer change this day's number."""
        return (today - day).days > self.revision_days


@dataclass(frozen=True)
class Capabilities:
    """What the platform can tell. `history_days` is how far back it goes; None means from the account's first day.

    `former` is what it once gave under these names and gives no more: it is never asked.
    """

    metrics: tuple[MetricAbility, ...]
    history_days: int | None = None
    min_audience: int = 0
    token_kinds: tuple[str, ...] = ()
    former: tuple[MetricAbility, ...] = ()

    def __getitem__(self, code: str) -> MetricAbility:
        return self._by_code[code]

    @cached_property
    def _by_code(self) -> dict[str, MetricAbility]:
        return {ability.code: ability for ability in self.metrics}

    @cached_property
    def changes_for(self) -> int:
        """For so many days, the present one among them, what it tells of a day may still change or come."""
        return max(ability.revision_days + ability.lag_days for ability in self.metrics) + 1

    @cached_property
    def knows_only_now(self) -> bool:
        return all(ability.only_now for ability in self.metrics)

    @cached_property
    def tells_now(self) -> bool:
        return any(ability.only_now for ability in self.metrics)

    @cached_property
    def codes(self) -> tuple[str, ...]:
        return tuple(ability.code for ability in self.metrics)

    def readable_with(self, token_kind: str) -> tuple[str, ...]:
        """The metrics that a token of this kind may read; all of them when the kind is unknown."""
        return tuple(
            ability.code
            for ability in self.metrics
            if not (ability.token_kinds and token_kind) or token_kind in ability.token_kinds
        )

    def without_right(self, scopes: Collection[str]) -> dict[str, list[str]]:
        """The rights that were not granted, each with the metrics that need it; none when the rights are unknown."""
        missing: dict[str, list[str]] = {}
        for ability in self.metrics if scopes else ():
            if ability.scope and ability.scope not in scopes:
                missing.setdefault(ability.scope, []).append(ability.code)
        return missing


@dataclass(frozen=True)
class Identity:
    """Whom the credentials belong to. `token_kind` is one of the connector's `token_kinds`. `person` is the platform's
    own number of whoever granted the access, where it tells one: names change, and two people may share one.

    `credentials` are what is to be kept instead of what was pasted, when the check exchanged it for other access.
    """

    login: str
    token_kind: str = ""
    scopes: tuple[str, ...] = ()
    expires_at: datetime | None = None
    credentials: Credentials | None = field(default=None, repr=False)
    person: str = ""


@dataclass(frozen=True)
class Renewed:
    """Access that replaces the saved one, and the moment until which it serves; None: it does not run out."""

    credentials: Credentials = field(repr=False)
    expires_at: datetime | None = None


@dataclass(frozen=True)
class Account:
    """A page, channel or counter. `timezone` is empty when the platform has no opinion: the caller fills it in.

    `refused_because` is a sentence when the account is seen but cannot be read.
    `began_on` is its first day, when the platform tells. With `conditions` it is only that part of the account.
    """

    external_id: str
    title: str = ""
    url: str = ""
    timezone: str = ""
    refused_because: Text = ""
    began_on: date | None = None
    conditions: tuple[Condition, ...] = ()

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone or "UTC")

    def midnight(self, day: date) -> int:
        """The moment at which the account's day begins, in seconds since 1970."""
        return int(datetime.combine(day, time(), self.zone).timestamp())

    def matches(self, hint: str) -> bool:
        """Whether this may be the account that a person means; without a word, any is."""
        hint = hint.strip().lower()
        return not hint or hint == self.external_id.lower() or hint in f"{self.title} {self.url}".lower()


@dataclass(frozen=True)
class Window:
    """Days from `first` to `last`, both included, in the account's time zone."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError("a window ends before it begins")

    def __iter__(self) -> Iterator[date]:
        return (self.first + timedelta(days=number) for number in range((self.last - self.first).days + 1))

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and self.first <= day <= self.last

    def until(self, today: date) -> "Window | None":
        """The part of the window that is not in the future."""
        return None if self.first > today else Window(self.first, min(self.last, today))

    def chunks(self, days: int) -> Iterator["Window"]:
        """The same days in windows of at most `days`, the newest first: a visit that breaks off loses the oldest."""
        last = self.last
        while last >= self.first:
            first = max(last - timedelta(days=days - 1), self.first)
            yield Window(first, last)
            last = first - timedelta(days=1)


@dataclass(frozen=True)
class Measured:
    """One number. `approximate` when the platform says that it estimated; `weight` is a rate's denominator."""

    metric: str
    day: date
    value: Decimal
    final: bool
    approximate: bool = False
    weight: Decimal | None = None


@dataclass(frozen=True)
class Gap:
    """A number that was asked for and not given; `reason` is a key of `GAP_REASONS`."""

    metric: str
    day: date
    reason: str

    @property
    def sentence(self) -> Text:
        return GAP_REASONS[self.reason]


@dataclass(frozen=True)
class Quota:
    """What is left of the platform's allowance."""

    limit: int
    remaining: int
    resets_at: datetime | None = None

    @property
    def is_low(self) -> bool:
        """Whether four fifths are spent: from there on the platforms themselves advise to slow down."""
        return self.remaining * 5 <= self.limit


@dataclass(frozen=True)
class Exchange:
    """One request in a line that is safe to keep (`POST https://…/method/stats.get?group_id=1`), and its answer.

    `quota` is what the answer's headers said of the allowance; it is not kept.
    """

    request: str
    status: int
    body: bytes = field(repr=False)
    quota: Quota | None = field(default=None, compare=False)

    @property
    def path(self) -> str:
        return urlsplit(self.request.partition(" ")[2]).path

    @cached_property
    def asked(self) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.request.partition(" ")[2]).query, keep_blank_values=True))

    @cached_property
    def sent(self) -> dict[str, Any]:
        """The JSON object that the request carried."""
        sent = loads(self.asked.get("json", "{}"))
        return sent if isinstance(sent, dict) else {}

    def json(self) -> Any:
        """The answer as JSON, fractions digit for digit; None when it is not JSON. It is read once, and only read."""
        return self._told

    @cached_property
    def _told(self) -> Any:
        try:
            return TOLERANT.decode(self.body.decode(detect_encoding(self.body), "surrogatepass"))
        except ValueError:
            return None


@dataclass(frozen=True)
class Charge:
    """What asking for one thing costs, in US dollars; for the same thing once in a day of UTC."""

    thing: str
    usd: Decimal


@dataclass(frozen=True)
class Visit:
    """What one visit is to bring, and what was exchanged in it so far. The window has no days of the future in it."""

    credentials: Credentials
    account: Account
    window: Window
    metrics: Sequence[str]
    exchanges: list[Exchange] = field(default_factory=list)
    #: In the account's zone; the window's last day when nobody says.
    today: date | None = None

    def finished(self, part: Window) -> Window:
        """The days of a part of the window that are over, and one at least: for platforms that tell whole days only."""
        last = min(part.last, (self.today or self.window.last) - timedelta(days=1))
        return Window(min(part.first, last), last)


@dataclass(frozen=True)
class Reading:
    """What one visit to the platform brought.

    `error` is set when the visit broke off half-way: what had arrived by then is here all the same.
    """

    points: tuple[Measured, ...]
    gaps: tuple[Gap, ...]
    exchanges: tuple[Exchange, ...]
    taken_at: datetime
    quota: Quota | None = None
    error: ConnectorError | None = None
