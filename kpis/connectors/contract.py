"""What every connector promises, in types.

A connector turns a platform's answers into points and gaps. It opens no connection and knows no models: it yields
`smmportal.http.Request` and is sent `Answer` (see `smmportal.http.run`). Its reading is made of two halves:

- `visit` decides what to request next and keeps every answer verbatim as an `Exchange`;
- `note` is pure: exchange by exchange it puts points and gaps down on a `Sheet`. Points can therefore be rebuilt from
  stored exchanges at any time.

For every metric and day that the answers speak about there is exactly one point or one gap. Missing is not zero: what a
platform left out is a gap with a reason. A gap never says that an earlier point was wrong, so it replaces none.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import cached_property, partial
from json import loads
from math import ceil
from typing import Any, ClassVar, Literal, TypeVar
from urllib.parse import parse_qsl, urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from smmportal.http import MASK, Answer, Request, TransportError, Untrusted

Text = str | Promise
Credentials = Mapping[str, str]
Result = TypeVar("Result")
Steps = Generator[Request, Answer, Result]

LONGEST_WAIT = 24 * 60 * 60
SHORTEST_LIFE = 60
TOKEN = re.compile(r"[\x21-\x7e]{1,2000}")
NUMBER = re.compile(r"[0-9]{1,18}(\.[0-9]{1,18})?")

GAP_REASONS: dict[str, Text] = {
    "not_given": _("The platform gave no number for this day."),
    "not_ready": _("The platform has not counted this day yet; the number usually comes within a few days."),
    "below_threshold": _("The audience is too small: the platform hides this number until more people take part."),
    "retired": _("The platform no longer gives this number."),
    "before_history": _("This day is before the beginning of what the platform keeps."),
    "hidden": _("The account hides this number."),
    "not_permitted": _("This token may not see this number. Connect the source with an administrator's token."),
    "only_now": _("The platform tells this number only for the present moment, and nobody asked it on that day."),
    "empty_in_file": _("The file has no number for this day."),
    "nothing_to_divide": _("There is nothing to divide by: nobody came on that day."),
}


# --- What goes wrong ------------------------------------------------------------------------------------------------


class ConnectorError(Exception):
    """The platform said no. `detail` holds its own words, without secrets; `sentence` is for the reader.

    `gap` is the reason for the gaps of a metric that was refused so; empty where the refusal is not about metrics.
    `of_one`: it is about one metric, so that of several asked together it says nothing about each.
    """

    kind: ClassVar[str] = "error"
    says: ClassVar[Text] = ""
    gap: ClassVar[str] = ""
    of_one: ClassVar[bool] = False

    def __init__(self, detail: str = "", *, sentence: Text | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self._sentence = sentence
        self.exchanges: tuple[Exchange, ...] = ()

    @property
    def sentence(self) -> Text:
        """What happened and what to do next, in the reader's language."""
        return self._sentence or self.says


class Reauthorise(ConnectorError):
    """The access is gone: expired, revoked, mistyped. Only a person can mend it."""

    kind = "reauthorise"
    says = _("The platform no longer accepts the saved access. Connect the source again with a fresh token.")


class ScopeMissing(ConnectorError):
    """The access is good, but not for this."""

    kind = "scope_missing"
    gap = "not_permitted"
    says = _(
        "The saved access does not allow reading these numbers. Ask an administrator of the account to connect it, "
        "or to give your account the right to see statistics."
    )


class RateLimited(ConnectorError):
    """Too many requests. `retry_after` is in seconds, at least one and at most a day, whatever the platform says."""

    kind = "rate_limited"
    says = _("The platform asks us to slow down. The portal will try again by itself; there is nothing to do.")

    def __init__(self, detail: str = "", *, retry_after: int, sentence: Text | None = None) -> None:
        super().__init__(detail, sentence=sentence)
        self.retry_after = max(1, min(retry_after, LONGEST_WAIT))

    def retry_at(self, now: datetime) -> datetime:
        """The moment from which asking again is allowed."""
        return now + timedelta(seconds=self.retry_after)


class MetricRetired(ConnectorError):
    """The platform no longer knows this metric, by our code."""

    kind = "metric_retired"
    gap = "retired"
    of_one = True
    says = _("The platform no longer gives this number. Choose another metric for the KPI, or enter it by hand.")

    def __init__(self, detail: str = "", *, metric: str = "", sentence: Text | None = None) -> None:
        super().__init__(detail, sentence=sentence)
        self.metric = metric


class BelowThreshold(ConnectorError):
    """The audience is too small for the platform to tell."""

    kind = "below_threshold"
    gap = "below_threshold"
    of_one = True
    says = _("The audience is still too small for the platform to show its numbers. They will come as it grows.")


class NotReady(ConnectorError):
    """The platform is still counting."""

    kind = "not_ready"
    gap = "not_ready"
    says = _("The platform is still counting. The portal will ask again later; there is nothing to do.")


class Transient(ConnectorError):
    """The platform or the road to it is out of order for now."""

    kind = "transient"
    says = _("The platform did not answer properly. The portal will try again by itself; there is nothing to do.")


class Outage(ConnectorError):
    """The platform has not been answering anybody, so it was not asked (`kpis.breaker`)."""

    kind = "outage"
    says = _(
        "The platform is not answering anybody right now, so the portal leaves it in peace and looks in from time to "
        "time. There is nothing to do."
    )


class Unreadable(ConnectorError):
    """Something came that our own code could not take in: a mistake of ours, in the log with its traceback."""

    kind = "unreadable"
    says = _(
        "The portal could not make sense of the platform's answer. It will try again later; if this lasts for more "
        "than a day, tell whoever runs the portal."
    )


class Permanent(ConnectorError):
    """Asking again will not help until something is changed."""

    kind = "permanent"
    says = _("The platform refused the request, and asking again will not help. Check the account's address.")


class NotTrusted(Permanent):
    """We would not speak to whoever answered: the certificate is not one that our system trusts."""

    says = _(
        "The portal's server does not trust the platform's certificate. Ask whoever runs the portal to add its root "
        "certificate to the system's trusted ones."
    )


@dataclass(frozen=True)
class Complaint:
    """What a platform says is wrong, before we say what it means.

    `codes` are all the names it gives it, such as (190, "OAuthException"); `wait` is in seconds, when the answer tells;
    `metric` is the platform's own name of what was asked, for a complaint that may be about it.
    """

    codes: tuple[Any, ...]
    words: str = ""
    wait: int | None = None
    metric: str = ""

    @property
    def detail(self) -> str:
        return shorten(" ".join(str(part) for part in (*self.codes, self.words) if part or part == 0))


@dataclass(frozen=True)
class Meaning:
    """A row of a platform's table of errors: the complaints it is about, and what they come to.

    A complaint is ours when one of its codes is in `codes` (empty: whatever the code), `words` (in lower case) is a
    part of its detail, and the path that was asked ends in `asked`. `wait`: seconds, when no answer tells for how long.
    """

    error: type[ConnectorError]
    codes: Collection[int | str] = ()
    words: str = ""
    asked: str = ""
    sentence: Text | None = None
    wait: int | None = None

    def is_about(self, complaint: Complaint, exchange: "Exchange") -> bool:
        named = any(isinstance(code, int | str) and code in self.codes for code in complaint.codes)
        return (
            (named or not self.codes) and self.words in complaint.detail.lower() and exchange.path.endswith(self.asked)
        )

    def problem(self, complaint: Complaint, wait: int) -> ConnectorError:
        """The error; `wait` is how long to stay away if it is a matter of waiting."""
        if issubclass(self.error, RateLimited):
            return self.error(complaint.detail, retry_after=wait, sentence=self.sentence)
        if issubclass(self.error, MetricRetired):
            return self.error(complaint.detail, metric=complaint.metric, sentence=self.sentence)
        return self.error(complaint.detail, sentence=self.sentence)


# --- What is exchanged ----------------------------------------------------------------------------------------------


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
    """

    code: str
    native_name: str
    level: str = "account"
    lag_days: int = 0
    revision_days: int = 0
    only_now: bool = False
    token_kinds: tuple[str, ...] = ()
    scope: str = ""

    def is_final(self, day: date, today: date) -> bool:
        """Whether the platform will no longer change this day's number."""
        return (today - day).days > self.revision_days


@dataclass(frozen=True)
class Capabilities:
    """What the platform can tell. `history_days` is how far back it goes; None means from the account's first day."""

    metrics: tuple[MetricAbility, ...]
    history_days: int | None = None
    min_audience: int = 0
    token_kinds: tuple[str, ...] = ()

    def __getitem__(self, code: str) -> MetricAbility:
        return next(ability for ability in self.metrics if ability.code == code)

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
    """Whom the credentials belong to. `token_kind` is one of the connector's `token_kinds`.

    `credentials` are what is to be kept instead of what was pasted, when the check exchanged it for other access.
    """

    login: str
    token_kind: str = ""
    scopes: tuple[str, ...] = ()
    expires_at: datetime | None = None
    credentials: Credentials | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Renewed:
    """Access that replaces the saved one, and the moment until which it serves; None: it does not run out."""

    credentials: Credentials = field(repr=False)
    expires_at: datetime | None = None


@dataclass(frozen=True)
class Account:
    """A page, channel or counter. `timezone` is empty when the platform has no opinion: the caller fills it in.

    `refused_because` is a sentence when the account is seen but cannot be read.
    `began_on` is its first day, when the platform tells.
    """

    external_id: str
    title: str = ""
    url: str = ""
    timezone: str = ""
    refused_because: Text = ""
    began_on: date | None = None

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
            return loads(self.body, parse_float=Decimal, parse_constant=lambda name: None)
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


# --- How much may be asked ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Rate:
    """At most `calls` in any `seconds`, for each token, or for the whole portal when `per` is «app».

    `at_once` of them may come in one go. `token_kinds`: it holds for these kinds of token; empty means any.
    """

    calls: int
    seconds: float = 1.0
    per: Literal["token", "app"] = "token"
    at_once: int = 1
    token_kinds: tuple[str, ...] = ()

    @property
    def interval(self) -> float:
        """Seconds between calls, so that even with `at_once` of them in one go no window holds more than `calls`."""
        return self.seconds / (self.calls - self.at_once + 1)


@dataclass(frozen=True)
class DailyUnits:
    """At most `units` a day, which begins at midnight in `zone`; `costs` by the end of the path, one for the rest."""

    units: int
    per: Literal["token", "app"] = "app"
    zone: str = "UTC"
    costs: Mapping[str, int] = field(default_factory=dict)

    def cost(self, path: str) -> int:
        return next((cost for end, cost in self.costs.items() if path.endswith(end)), 1)


@dataclass(frozen=True)
class Limits:
    """What the platform allows. Where it names no rate, ten calls a second with each token are taken for polite."""

    rates: tuple[Rate, ...] = (Rate(10),)
    daily: tuple[DailyUnits, ...] = ()

    def rates_for(self, token_kind: str) -> tuple[Rate, ...]:
        """What holds for this kind of token; everything when the kind is not known yet."""
        return tuple(
            rate for rate in self.rates if not (rate.token_kinds and token_kind) or token_kind in rate.token_kinds
        )


# --- The connector --------------------------------------------------------------------------------------------------


class Connector(ABC):
    """One platform. Subclasses hold no state: one instance serves every source."""

    code: ClassVar[str]
    name: ClassVar[Text]
    base_setting: ClassVar[str]
    capabilities: ClassVar[Capabilities]
    fields: ClassVar[tuple[Field, ...]]
    #: The platform's table of errors: of the rows about a complaint the first counts, and no row means `Permanent`.
    meanings: ClassVar[tuple[Meaning, ...]] = ()
    #: What the platform's answers are in JSON; whatever else comes is from a proxy or a crash.
    shapes: ClassVar[tuple[type, ...]] = (dict,)
    limits: ClassVar[Limits] = Limits()
    #: How long to wait, in seconds, when the platform asks to slow down and does not say for how long.
    default_wait: ClassVar[int] = 60

    @property
    def base_url(self) -> str:
        return settings.PLATFORMS[self.base_setting]

    @property
    def monthly_budget(self) -> Decimal | None:
        """How many US dollars a month may be spent on asking; None where the platform charges nothing."""
        return None

    @property
    def is_offered(self) -> bool:
        """Whether new accounts may be connected."""
        return self.monthly_budget is None or self.monthly_budget > 0

    def charges(self, credentials: Credentials, whom: str = "") -> tuple[Charge, ...]:
        """What asking about an account costs: the pasted one, or the one of this id, name or address."""
        return ()

    @abstractmethod
    def check(self, credentials: Credentials) -> Steps[Identity]:
        """Whom the credentials belong to. Raises ConnectorError."""

    def renew(self, credentials: Credentials) -> Steps[Renewed | None]:
        """Fresh access for access that is about to run out; None where only a person can bring a new one.

        Raises ConnectorError.
        """
        return None
        yield

    def renews(self, credentials: Credentials) -> bool:
        """Whether this access is renewed without a person: whether `renew` would ask for anything."""
        try:
            next(self.renew(credentials))
        except (StopIteration, ConnectorError):
            return False
        return True

    @abstractmethod
    def discover(self, credentials: Credentials, hint: str = "") -> Steps[list[Account]]:
        """The accounts that can be connected, and those that cannot with the reason. `hint` is a name or address."""

    @abstractmethod
    def visit(self, visit: Visit) -> Steps[ConnectorError | None]:
        """Request what the metrics need and append each exchange to the visit's.

        Returns the refusal when a part is refused for good (no right, metric retired) and the rest went on.
        Raises ConnectorError when it has to break off.
        """

    @abstractmethod
    def note(self, sheet: "Sheet", exchange: Exchange) -> None:
        """Put down what one exchange tells of the sheet's metrics and days; pure."""

    def complete(self, sheet: "Sheet") -> None:
        """Put down what can be said only when every exchange is noted."""
        return

    def ask_days(
        self,
        visit: Visit,
        days: int,
        names: Sequence[str],
        ask: Callable[[Visit, Window, Sequence[str]], Steps[Any]],
    ) -> Steps[ConnectorError | None]:
        """Ask for the metrics, by the platform's names, in windows of at most so many days, the newest first.

        A name that is found dead is not asked again. Returns the first refusal: of a metric, or of everything for want
        of a right. Raises Permanent when each of several metrics is dead: then it is not the metrics.
        """
        refusals: list[ConnectorError] = []
        dead: set[str] = set()
        for part in visit.window.chunks(days):
            try:
                refusals += yield from ask_apart(partial(ask, visit, part), [one for one in names if one not in dead])
            except ScopeMissing as refusal:
                return refusal
            dead = {refusal.metric for refusal in refusals if isinstance(refusal, MetricRetired)}
            if len(dead) == len(names) > 1:
                raise Permanent(refusals[0].detail)
            if len(dead) == len(names):
                break
        return next(iter(refusals), None)

    def expects(
        self, sheet: "Sheet", exchange: Exchange, metrics: Iterable[str], days: Iterable[date], *, alone: bool = True
    ) -> bool:
        """Expect on the sheet what was asked for, with the reason when it was refused; whether there is an answer.

        A refusal of several metrics together says nothing about each of them: then they were not asked `alone`.
        """
        problem = self.judge(exchange)
        if problem and (not problem.gap or (problem.of_one and not alone)):
            return False
        # After a missing right nothing more was asked, nor for a metric that is dead: so it is for the whole window.
        whole = isinstance(problem, ScopeMissing | MetricRetired)
        days = sheet.window if whole else [day for day in days if day in sheet.window]
        for metric in metrics:
            if metric in sheet.metrics:
                sheet.expect(metric, days, problem.gap if problem else "")
        return problem is None

    def expects_named(
        self, sheet: "Sheet", exchange: Exchange, names: Sequence[str], days: Iterable[date]
    ) -> dict[str, str] | None:
        """`expects`, by the platform's names: our metrics under those names; None when there is no answer."""
        named = {self.capabilities[metric].native_name: metric for metric in sheet.metrics}
        asked = {name: named[name] for name in names if name in named}
        return asked if self.expects(sheet, exchange, asked.values(), days, alone=len(names) == 1) else None

    def quota(self, exchanges: Sequence[Exchange]) -> Quota | None:
        """What is left of the platform's allowance, when its answers tell."""
        return next((exchange.quota for exchange in reversed(exchanges) if exchange.quota), None)

    def quota_in(self, headers: Mapping[str, str], now: datetime) -> Quota | None:
        """What an answer's headers (in lower case) say of the allowance."""
        return None

    def parse(
        self,
        exchanges: Iterable[Exchange],
        *,
        account: Account,
        window: Window,
        metrics: Sequence[str],
        taken_at: datetime,
    ) -> tuple[tuple[Measured, ...], tuple[Gap, ...]]:
        """Points and gaps out of kept exchanges; pure."""
        sheet = Sheet(self.capabilities, account, taken_at, window, metrics)
        for exchange in exchanges:
            self.note(sheet, exchange)
        self.complete(sheet)
        return sheet.result()

    def read(
        self,
        *,
        credentials: Credentials,
        account: Account,
        window: Window,
        metrics: Sequence[str],
        taken_at: datetime,
    ) -> Steps[Reading]:
        """The account's numbers for the window. Raises ConnectorError when not one point could be had.

        Days after `taken_at` in the account's zone are not asked; metrics that the platform does not give are passed
        over.
        """
        error = refusal = None
        wanted = set(metrics)
        metrics = [code for code in self.capabilities.codes if code in wanted]
        today = taken_at.astimezone(account.zone).date()
        part = window.until(today)
        if part is None or not metrics:
            return Reading((), (), (), taken_at)
        visit = Visit(credentials, account, part, metrics, today=today)
        try:
            refusal = yield from self.visit(visit)
        except ConnectorError as problem:
            error = problem
        exchanges = tuple(visit.exchanges)
        points, gaps = self.parse(exchanges, account=account, window=part, metrics=metrics, taken_at=taken_at)
        if not points and (reason := error or refusal):
            reason.exchanges = exchanges
            raise reason
        return Reading(points, gaps, exchanges, taken_at, self.quota(exchanges), error)

    def fetch(self, request: Request, exchanges: list[Exchange] | None = None) -> Steps[Any]:
        """Make one request, keep it in `exchanges`, and return its JSON. Raises what `judge` makes of it.

        When the visit's last answer said that the allowance is nearly spent, nothing more is asked. What is kept is
        without our secrets; what is not kept is returned as it came, because it may bring the same secret again.
        """
        if exchanges and (quota := exchanges[-1].quota) and quota.is_low:
            raise RateLimited(
                f"{quota.remaining} of {quota.limit} left", retry_after=self._seconds_until(quota.resets_at)
            )
        try:
            answer = yield request
        except Untrusted as problem:
            raise NotTrusted(problem.detail) from None
        except TransportError as problem:
            raise Transient(f"{type(problem).__name__}: {problem.detail}") from None
        quota = self.quota_in(answer.headers, datetime.now(UTC))
        exchange = Exchange(request.described(), answer.status, _without(request.secrets, answer.body), quota)
        if exchanges is not None:
            exchanges.append(exchange)
        if verdict := self.judge(exchange, self._wait_after(answer)):
            raise verdict
        return exchange.json() if exchanges is not None else replace(exchange, body=answer.body).json()

    def judge(self, exchange: Exchange, wait: int | None = None) -> ConnectorError | None:
        """What is wrong with an answer, if anything. `wait`: the seconds its Retry-After asks for."""
        body = exchange.json()
        complaint = self.complaint(exchange, body) if isinstance(body, dict) else None
        if complaint:
            return self.explain(complaint, exchange, wait)
        if problem := self.judge_status(exchange, wait):
            return problem
        return None if exchange.status < 300 else Transient(f"HTTP {exchange.status} without an explanation")

    def complaint(self, exchange: Exchange, body: Mapping[str, Any]) -> Complaint | None:
        """What the platform says is wrong, in an answer with whatever status; None when it does not complain."""
        return None

    def explain(self, complaint: Complaint, exchange: Exchange, wait: int | None) -> ConnectorError:
        """What the complaint means by the platform's table of errors."""
        meaning = next((row for row in self.meanings if row.is_about(complaint, exchange)), Meaning(Permanent))
        waits = (complaint.wait, wait, meaning.wait, self.default_wait)
        return meaning.problem(complaint, next(seconds for seconds in waits if seconds is not None))

    def judge_status(self, exchange: Exchange, wait: int | None) -> ConnectorError | None:
        """What every platform means by these statuses; bodies without JSON come from a proxy or a crash."""
        if exchange.status in {420, 429}:
            return RateLimited(f"HTTP {exchange.status}", retry_after=self.default_wait if wait is None else wait)
        if exchange.status >= 500:
            return Transient(f"HTTP {exchange.status}")
        if 300 <= exchange.status < 400:
            return Permanent(f"HTTP {exchange.status}: the platform sends us elsewhere")
        if not isinstance(exchange.json(), self.shapes):
            return Transient(f"HTTP {exchange.status} without JSON")
        return None

    def _wait_after(self, answer: Answer) -> int | None:
        """For how long the platform asks us to stay away, or until when its allowance is spent."""
        now = datetime.now(UTC)
        asked, quota = answer.retry_after(now), self.quota_in(answer.headers, now)
        return self._seconds_until(quota.resets_at) if asked is None and quota and quota.resets_at else asked

    def _seconds_until(self, moment: datetime | None) -> int:
        return self.default_wait if moment is None else ceil((moment - datetime.now(UTC)).total_seconds())


def _without(secrets: Iterable[str], body: bytes) -> bytes:
    """A platform may quote the token back at us; what is kept does not."""
    for secret in filter(None, secrets):
        body = body.replace(secret.encode(), MASK.encode())
    return body


def pasted_token(credentials: Credentials) -> str:
    """The token without the spaces that come along when it is copied. Raises Reauthorise for what is none."""
    token = credentials.get("token", "").strip()
    if not TOKEN.fullmatch(token):
        raise Reauthorise("not a token", sentence=_("This is not an access token. Copy it whole."))
    return token


def renewed(credentials: Credentials, told: Mapping[str, Any]) -> Renewed:
    """The saved access with what an OAuth server told in place of it (RFC 6749, 5.1). Raises Transient for less."""
    token, seconds = told.get("access_token"), as_number(told.get("expires_in"))
    if not isinstance(token, str) or not token or seconds is None:
        raise Transient("a renewal without a token")
    refresh_token = str(told.get("refresh_token") or credentials.get("refresh_token", ""))
    fresh = {**credentials, "token": token, "refresh_token": refresh_token}
    return Renewed(fresh, datetime.now(UTC) + timedelta(seconds=max(int(seconds), SHORTEST_LIFE)))


def bearing(token: str, method: str, url: str, *, scheme: str = "Bearer", **parts: Any) -> Request:
    """A request that shows the token in its `Authorization` header, and nowhere else."""
    shown = f"{scheme} {token}".strip()
    return Request(method, url, headers={"Authorization": shown}, secrets=(token,), **parts)


def ask_apart(ask: Callable[[Sequence[str]], Steps[Any]], names: Sequence[str]) -> Steps[list[ConnectorError]]:
    """Ask for the metrics together; when the platform stumbles over one of them, for each half of them, and so on.

    Returns what was refused of metrics asked alone.
    """
    try:
        yield from ask(names)
    except (MetricRetired, BelowThreshold) as refusal:
        if len(names) == 1:
            return [refusal]
    else:
        return []
    refusals: list[ConnectorError] = []
    for half in (names[: len(names) // 2], names[len(names) // 2 :]):
        refusals += yield from ask_apart(ask, half)
    return refusals


def only_dicts(items: Any) -> list[dict[str, Any]]:
    """The rows of a list that are rows; nothing when it is no list."""
    return [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []


def as_day(told: Any) -> date | None:
    """The day that an ISO date or moment begins with; None for anything else."""
    try:
        return date.fromisoformat(str(told)[:10])
    except ValueError:
        return None


def as_seconds(told: Any) -> int | None:
    """A wait that a platform wrote into its answer, in whole seconds; None for what is none."""
    return told if isinstance(told, int) and not isinstance(told, bool) else None


def shorten(words: Any) -> str:
    """The platform's own words, short enough for a line."""
    return " ".join(str(words or "").split())[:300]


class Sheet:
    """Gathers what was told for each metric and day, and turns it into points and gaps at the end.

    A later row for the same metric and day replaces an earlier one. `window` and `metrics` are what a reading wants.
    """

    def __init__(
        self,
        capabilities: Capabilities,
        account: Account,
        taken_at: datetime,
        window: Window | None = None,
        metrics: Sequence[str] = (),
    ) -> None:
        self.capabilities = capabilities
        self.account = account
        self.today = taken_at.astimezone(account.zone).date()
        self.window = window or Window(self.today, self.today)
        self.metrics = metrics
        self.cells: dict[tuple[str, date], Measured | Gap] = {}
        self.rates: dict[tuple[str, date], tuple[Any, bool]] = {}
        self.wholes: dict[date, Decimal] = {}
        #: What a connector keeps from one exchange for the next, or for `complete`.
        self.kept: dict[str, Any] = {}

    def expect(self, metric: str, days: Iterable[date], reason: str = "") -> None:
        """These days are asked for: until told otherwise each is a gap, and never in place of what is known.

        `reason` is a better one than the day's silence.
        """
        for day in days:
            if day <= self.today:
                self.cells.setdefault((metric, day), Gap(metric, day, self.silence(metric, day)))
            if reason:
                self.miss(metric, day, reason)

    def silence(self, metric: str, day: date) -> str:
        """Why a day that the platform passed over has no number."""
        ability = self.capabilities[metric]
        if self._is_before_history(day):
            return "before_history"
        if ability.only_now:
            return "only_now" if day < self.today else "not_given"
        return "not_ready" if (self.today - day).days <= ability.lag_days else "not_given"

    def miss(self, metric: str, day: date, reason: str) -> None:
        """Name a better reason for an expected day that has no number."""
        cell = self.cells.get((metric, day))
        if isinstance(cell, Gap) and cell.reason != "before_history":
            self.cells[metric, day] = Gap(metric, day, reason)

    def tell(
        self, metric: str, day: date, value: Any, *, approximate: bool = False, weight: Decimal | None = None
    ) -> None:
        """Put a number down. What is no number, or for a day that was not asked, is not put down."""
        number = as_number(value)
        if number is None or (metric, day) not in self.cells or self._is_before_history(day):
            return
        final = self.capabilities[metric].is_final(day, self.today)
        self.cells[metric, day] = Measured(metric, day, number, final, approximate, weight)

    def tell_whole(self, day: date, value: Any) -> None:
        """Put down what the day's rates are divided by; it may come in another answer than they."""
        if (number := as_number(value)) is not None:
            self.wholes[day] = number

    def tell_rate(self, metric: str, day: date, value: Any, *, approximate: bool = False) -> None:
        """Put a rate down, to be weighed at the end by the day's whole; of nothing there is no rate."""
        self.rates[metric, day] = value, approximate

    def _weigh_rates(self) -> None:
        for (metric, day), (value, approximate) in self.rates.items():
            weight = self.wholes.get(day)
            if weight == 0:
                self.miss(metric, day, "nothing_to_divide")
            else:
                self.tell(metric, day, value, approximate=approximate, weight=weight)

    def _is_before_history(self, day: date) -> bool:
        kept = self.capabilities.history_days
        begins = [self.account.began_on, self.today - timedelta(days=kept) if kept else None]
        return any(begin is not None and day < begin for begin in begins)

    def result(self) -> tuple[tuple[Measured, ...], tuple[Gap, ...]]:
        """Points and gaps, each by metric and day."""
        self._weigh_rates()
        cells = [self.cells[key] for key in sorted(self.cells)]
        return (
            tuple(cell for cell in cells if isinstance(cell, Measured)),
            tuple(cell for cell in cells if isinstance(cell, Gap)),
        )


def as_number(value: Any) -> Decimal | None:
    """The number exactly as the platform wrote it, as a number or as a string; None for anything else.

    Nothing that we read can be negative, so a negative number is not one.
    """
    if isinstance(value, bool) or not isinstance(value, int | Decimal | str):
        return None
    if isinstance(value, str) and not NUMBER.fullmatch(value.strip()):
        return None
    number = Decimal(value.strip() if isinstance(value, str) else value)
    return number if number.is_finite() and number >= 0 else None
