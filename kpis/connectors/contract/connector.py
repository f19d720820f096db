"""The connector itself."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial
from math import ceil
from typing import Any, ClassVar

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from kpis.connectors.contract.asking import ask_apart
from kpis.connectors.contract.errors import (
    Complaint,
    ConnectorError,
    Meaning,
    MetricRetired,
    NotTrusted,
    Permanent,
    RateLimited,
    ScopeMissing,
    Text,
    Transient,
)
from kpis.connectors.contract.exchanged import (
    Account,
    Capabilities,
    Charge,
    Credentials,
    Exchange,
    Field,
    Gap,
    Identity,
    Measured,
    Quota,
    Reading,
    Renewed,
    Steps,
    Visit,
    Window,
)
from kpis.connectors.contract.limits import Limits
from kpis.connectors.contract.sheet import Sheet
from kpis.connectors.filters import Choice, Condition, Filter
from smmportal.http import MASK, Answer, Request, TransportError, Untrusted

_UNKNOWN_FILTER = _("The portal no longer knows how to ask for this part of the account. Add it once more.")
Judge = Callable[[Exchange, int | None], ConnectorError | None]


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
    #: The pasted fields that name the application at the platform; the first that is filled in counts.
    client_fields: ClassVar[tuple[str, ...]] = ()
    #: By what an account can be narrowed down.
    filters: ClassVar[tuple[Filter, ...]] = ()
    #: How long to wait, in seconds, when the platform asks to slow down and does not say for how long.
    default_wait: ClassVar[int] = 60

    @property
    def base_url(self) -> str:
        return settings.PLATFORMS[self.base_setting]

    @property
    def door(self) -> Text:
        """By what name the platform lets people in on its own page; empty where access is only pasted."""
        return ""

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

    def revoke(self, credentials: Credentials) -> Steps[bool]:
        """Tell the platform that the access is no longer wanted; False where there is no way to tell it.

        Raises ConnectorError.
        """
        return False
        yield

    @abstractmethod
    def discover(self, credentials: Credentials, hint: str = "") -> Steps[list[Account]]:
        """The accounts that can be connected, and those that cannot with the reason. `hint` is a name or address."""

    def values(self, credentials: Credentials, account: Account, filter: Filter) -> Steps[list[Choice]]:
        """What the platform itself lists for this filter of the account. Raises ConnectorError."""
        return []
        yield

    def abilities(self, conditions: Sequence[Condition]) -> Capabilities:
        """What can be told of the part of an account where these conditions hold; of the whole, `capabilities`."""
        return self.capabilities

    def filter_of(self, condition: Condition) -> Filter:
        """Raises Permanent for a filter that is no longer there."""
        found = next((one for one in self.filters if one.name == condition.name), None)
        if found is None:
            raise Permanent(f"no filter {condition.name}", sentence=_UNKNOWN_FILTER)
        return found

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
        named = {sheet.capabilities[metric].native_name: metric for metric in sheet.metrics}
        asked = {name: named[name] for name in names if name in named}
        return asked if self.expects(sheet, exchange, asked.values(), days, alone=len(names) == 1) else None

    def accounts(self, credentials: Credentials, hint: str = "") -> Steps[list[Account]]:
        """`discover`, without those whose id was not told: nothing can be asked about them."""
        return [account for account in (yield from self.discover(credentials, hint)) if account.external_id]

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
        sheet = Sheet(self.abilities(account.conditions), account, taken_at, window, metrics)
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
        metrics = [code for code in self.abilities(account.conditions).codes if code in wanted]
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

    def fetch(
        self, request: Request, exchanges: list[Exchange] | None = None, *, judge: Judge | None = None
    ) -> Steps[Any]:
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
        judge = judge or self.judge
        if verdict := judge(exchange, None):
            raise judge(exchange, self._wait_after(answer)) or verdict
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
