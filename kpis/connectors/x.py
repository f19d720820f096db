"""X, API v2: how many follow an account, now. Every read costs money, so there is a month's budget.

https://docs.x.com/x-api — prepaid: a user read is $0.010, a post read $0.005, each charged once in a day of UTC however
often it is read. Posts are not read: their numbers are of all their life, and a hundred a day are $15 a month.

X's own package calls the number of posts `post_count`, its pages call it `tweet_count`: either is read.

Unconfirmed: which of the two comes, and what becomes of a read when the credit is used up.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from kpis.connectors.consent import ByConsent, Consent, Place, is_granted
from kpis.connectors.contract import (
    Account,
    Capabilities,
    Charge,
    Complaint,
    ConnectorError,
    Credentials,
    Exchange,
    Field,
    Identity,
    Limits,
    Meaning,
    MetricAbility,
    MetricRetired,
    Permanent,
    Quota,
    Rate,
    RateLimited,
    Reauthorise,
    ScopeMissing,
    Sheet,
    Steps,
    Transient,
    Visit,
    Window,
    as_day,
    as_number,
    bearing,
    only_dicts,
    pasted_token,
)

USER_READ = Decimal("0.010")
FIELDS = "created_at,public_metrics"
FORMERLY = {"post_count": "tweet_count"}

ADDRESS = re.compile(r"(?:https?://)?(?:www\.|mobile\.)?(?:x|twitter)\.com/(\w{1,15})/?(?:\?.*)?", re.ASCII)
NAME = re.compile(r"@?(\w{1,15})", re.ASCII)
NUMBER = re.compile(r"[0-9]{1,20}")
ME = "users/me"

_UNKNOWN = _("X knows no such account. Check its name.")

ERRORS = (
    Meaning(RateLimited, {429, 88}),
    Meaning(
        Permanent,
        {402, "CreditsDepleted"},
        sentence=_("The prepaid credit at X is used up. Top it up in X's developer console; the numbers then go on."),
    ),
    Meaning(Reauthorise, {401, 32, 89}),
    Meaning(ScopeMissing, {403}),
    Meaning(Permanent, {404, "resource-not-found"}, sentence=_UNKNOWN),
    Meaning(MetricRetired, {400, "invalid-request"}, words="user.fields"),
    Meaning(Transient, range(500, 600)),
    Meaning(Transient, {130, 131}),
)


class X(ByConsent):
    """Followers and posts of an account, once a day."""

    code = "x"
    name = "X"
    base_setting = "X_API_URL"
    default_wait = 900
    meanings = ERRORS
    capabilities = Capabilities(
        metrics=(
            MetricAbility("followers", "public_metrics.followers_count", only_now=True, endpoint="/2/users/{id}"),
            MetricAbility("total_posts", "public_metrics.post_count", only_now=True, endpoint="/2/users/{id}"),
        ),
        token_kinds=("app", "user"),
    )
    #: https://docs.x.com/fundamentals/authentication/oauth-2-0 — access serves for two hours, refresh tokens change.
    consent = Consent(
        app="X",
        door="X",
        page=Place("X_LOGIN_URL", "/i/oauth2/authorize"),
        token=Place("X_API_URL", "/2/oauth2/token"),
        revocation=Place("X_API_URL", "/2/oauth2/revoke"),
        scopes=("tweet.read", "users.read", "offline.access"),
        pkce=True,
        authentication="basic",
    )
    limits = Limits(rates=(Rate(75, 900, at_once=25),))
    fields = (
        Field(
            "token",
            _("Bearer token"),
            _("From X's developer console. X charges whoever it belongs to: about 30 cents a month for an account."),
        ),
        Field(
            "account",
            _("Account"),
            _("Its name, such as @coffee, or its address."),
            secret=False,
        ),
    )

    # --- What it costs ---

    @property
    def monthly_budget(self) -> Decimal:
        return settings.X_MONTHLY_BUDGET_USD

    def charges(self, credentials: Credentials, whom: str = "") -> tuple[Charge, ...]:
        return (Charge(_path(whom or self._own_name(credentials)), USER_READ),)

    # --- Who and what ---

    def check(self, credentials: Credentials) -> Steps[Identity]:
        user = yield from self._user(credentials, _path(self._own_name(credentials)))
        name, person = f"@{user.get('username', '')}", str(user.get("id") or "")
        return Identity(name, "user", person=person) if is_granted(credentials) else Identity(name, "app")

    def _own_name(self, credentials: Credentials) -> str:
        """The account that was pasted; with granted access, the person's own."""
        return credentials.get("account", "") or (ME if is_granted(credentials) else "")

    def discover(self, credentials: Credentials, hint: str = "") -> Steps[list[Account]]:
        user = yield from self._user(credentials, _path(hint or self._own_name(credentials)))
        username = str(user.get("username") or "")
        return [
            Account(
                external_id=str(user.get("id") or ""),
                title=str(user.get("name") or username),
                url=f"https://x.com/{username}",
                began_on=as_day(user.get("created_at")),
            )
        ]

    # --- Reading ---

    def visit(self, visit: Visit) -> Steps[ConnectorError | None]:
        return (yield from self.ask_days(visit, len(list(visit.window)), ["public_metrics"], self._ask_now))

    def _ask_now(self, visit: Visit, part: Window, names: Sequence[str]) -> Steps[Any]:
        return self._user(visit.credentials, f"users/{visit.account.external_id}", visit.exchanges)

    def note(self, sheet: Sheet, exchange: Exchange) -> None:
        if not self.expects(sheet, exchange, sheet.metrics, sheet.window):
            return
        counts = _user_in(exchange.json()).get("public_metrics")
        counts = counts if isinstance(counts, dict) else {}
        for metric in sheet.metrics:
            name = self.capabilities[metric].native_name.partition(".")[2]
            sheet.tell(metric, sheet.today, counts.get(name, counts.get(FORMERLY.get(name, ""))))

    # --- Errors, limits and the wire ---

    def complaint(self, exchange: Exchange, body: Mapping[str, Any]) -> Complaint | None:
        if "data" in body:
            return None
        error = next(iter(only_dicts(body.get("errors"))), {})
        if not error and exchange.status < 400 and "title" not in body:
            return None
        statuses = (error.get("code"), error.get("status"), body.get("status"))
        kinds = [str(told.get("type") or "").rpartition("/")[2] for told in (error, body)]
        codes = (*statuses, exchange.status if exchange.status >= 400 else None, *kinds, body.get("title"))
        words = error.get("message") or error.get("detail") or body.get("detail") or ""
        return Complaint(codes, str(words), metric="public_metrics")

    def quota_in(self, headers: Mapping[str, str], now: datetime) -> Quota | None:
        limit, remaining, resets = (
            as_number(headers.get(f"x-rate-limit-{name}")) for name in ("limit", "remaining", "reset")
        )
        if limit is None or remaining is None:
            return None
        moment = datetime.fromtimestamp(int(resets), UTC) if resets is not None and resets < 1 << 34 else None
        return Quota(int(limit), int(remaining), moment)

    def _user(
        self, credentials: Credentials, path: str, exchanges: list[Exchange] | None = None
    ) -> Steps[dict[str, Any]]:
        url = f"{self.base_url}/2/{path}"
        request = bearing(pasted_token(credentials), "GET", url, params={"user.fields": FIELDS})
        return _user_in((yield from self.fetch(request, exchanges)))


def _path(text: str) -> str:
    """Where the account is asked for, from whatever a person pastes. Raises Permanent with a sentence."""
    text = text.strip()
    if text == ME:
        return ME
    if NUMBER.fullmatch(text):
        return f"users/{text}"
    if found := ADDRESS.fullmatch(text) or NAME.fullmatch(text):
        return f"users/by/username/{found[1].lower()}"
    raise Permanent("not an account", sentence=_("Write the account's name, such as @coffee, or its address."))


def _user_in(body: Mapping[str, Any]) -> dict[str, Any]:
    data = body.get("data")
    return data if isinstance(data, dict) else {}
