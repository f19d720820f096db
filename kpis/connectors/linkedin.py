"""Pages of organisations on LinkedIn, Community Management API.

https://learn.microsoft.com/linkedin/marketing/community-management — versions of the API live for about a year, each
request names its own. Numbers are organic only, go back twelve months, and their days begin at midnight in UTC.

Unconfirmed: `networkSizes` (another address or field is an error or a gap), the day's limits, and how late a day comes.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from kpis.connectors.consent import ByConsent, Consent, Place
from kpis.connectors.contract import (
    Account,
    Capabilities,
    Complaint,
    ConnectorError,
    Credentials,
    Exchange,
    Field,
    Identity,
    Meaning,
    MetricAbility,
    MetricRetired,
    Permanent,
    RateLimited,
    Reauthorise,
    ScopeMissing,
    Sheet,
    Steps,
    Transient,
    Visit,
    Window,
    as_number,
    only_dicts,
    pasted_token,
)
from smmportal.http import Request

VERSION = "202604"
ROLES_A_PAGE = 100
NAMES_A_REQUEST = 50
DAYS_A_REQUEST = 90
#: Twelve months to the day, less one: the oldest day leaves while we ask.
DAYS_KEPT = 364

SIZE = "networkSizes"
GAINS = "organizationalEntityFollowerStatistics"
SHARES = "organizationalEntityShareStatistics"
PAGE = "organizationPageStatistics"

INTERVALS = re.compile(r"start:([0-9]{1,15}),end:([0-9]{1,15})")

_NOT_ADMINISTRATOR = _(
    "LinkedIn tells numbers only to administrators of the page. Ask an administrator to connect it, or to make you one."
)

ERRORS = (
    Meaning(RateLimited, {429, "TOO_MANY_REQUESTS", "QUOTA_EXCEEDED"}),
    Meaning(
        Permanent,
        {426, "NONEXISTENT_VERSION"},
        sentence=_("LinkedIn has retired the version of its API that this portal speaks. The portal must be updated."),
    ),
    Meaning(Reauthorise, {401, "EXPIRED_ACCESS_TOKEN", "REVOKED_ACCESS_TOKEN", "INVALID_ACCESS_TOKEN"}),
    Meaning(ScopeMissing, {403, "ACCESS_DENIED"}, sentence=_NOT_ADMINISTRATOR),
    Meaning(MetricRetired, {410, "RESOURCE_NOT_FOUND"}),
    Meaning(Permanent, {404}, sentence=_("LinkedIn knows no such page. Choose the page again.")),
    Meaning(Transient, range(500, 600)),
)


def _daily(code: str, resource: str, path: str) -> MetricAbility:
    # LinkedIn names no term; a day's numbers have been seen to come up to two days later.
    return MetricAbility(code, f"{resource}.{path}", lag_days=2, revision_days=2, endpoint=f"/rest/{resource}")


class LinkedIn(ByConsent):
    """Followers now; new followers, impressions, reach, clicks and reactions of a page by day."""

    code = "linkedin"
    name = "LinkedIn"
    base_setting = "LINKEDIN_API_URL"
    default_wait = 3600
    meanings = ERRORS
    capabilities = Capabilities(
        metrics=(
            MetricAbility("followers", f"{SIZE}.firstDegreeSize", only_now=True, endpoint=f"/rest/{SIZE}/{{id}}"),
            _daily("follows", GAINS, "followerGains"),
            _daily("views", PAGE, "totalPageStatistics.views.allPageViews.pageViews"),
            _daily("impressions", SHARES, "totalShareStatistics.impressionCount"),
            _daily("reach", SHARES, "totalShareStatistics.uniqueImpressionsCount"),
            _daily("clicks", SHARES, "totalShareStatistics.clickCount"),
            _daily("likes", SHARES, "totalShareStatistics.likeCount"),
            _daily("comments", SHARES, "totalShareStatistics.commentCount"),
            _daily("shares", SHARES, "totalShareStatistics.shareCount"),
        ),
        history_days=DAYS_KEPT,
        token_kinds=("member",),
    )
    #: https://learn.microsoft.com/linkedin/shared/authentication/ — refresh tokens are for admitted partners only.
    consent = Consent(
        app="LINKEDIN",
        door="LinkedIn",
        page=Place("LINKEDIN_LOGIN_URL", "/oauth/v2/authorization"),
        token=Place("LINKEDIN_LOGIN_URL", "/oauth/v2/accessToken"),
        revocation=Place("LINKEDIN_LOGIN_URL", "/oauth/v2/revoke"),
        scopes=("rw_organization_admin",),
        is_renewable=False,
    )
    fields = (
        Field(
            "token",
            _("Access token"),
            _(
                "A token of an administrator of the page, with the permission rw_organization_admin, for an app "
                "that LinkedIn has admitted to Community Management. It serves for about sixty days."
            ),
        ),
    )

    # --- Who and what ---

    def check(self, credentials: Credentials) -> Steps[Identity]:
        accounts = yield from self.discover(credentials)
        if not accounts:
            raise ScopeMissing("no page", sentence=_("This person has no role on any LinkedIn page."))
        return Identity(accounts[0].title or accounts[0].external_id, "member", ("rw_organization_admin",))

    def discover(self, credentials: Credentials, hint: str = "") -> Steps[list[Account]]:
        roles = yield from self._roles(credentials)
        names = yield from self._names(credentials, list(roles))
        accounts = [_account(id, names.get(id, {}), is_ours) for id, is_ours in roles.items()]
        number = hint.strip().rpartition(":")[2].strip()
        return [one for one in accounts if one.external_id == number or one.matches(hint)]

    def _roles(self, credentials: Credentials) -> Steps[dict[str, bool]]:
        """The pages on which the person has a role, and whether it is that of an administrator."""
        roles: dict[str, bool] = {}
        start = 0
        while True:
            asked = {"q": "roleAssignee", "start": str(start), "count": str(ROLES_A_PAGE)}
            page = yield from self._get(credentials, "organizationAcls", None, **asked)
            elements = only_dicts(page.get("elements"))
            for role in elements:
                id = str(role.get("organization") or role.get("organizationTarget") or "").rpartition(":")[2]
                is_ours = role.get("role") == "ADMINISTRATOR" and role.get("state", "APPROVED") == "APPROVED"
                roles[id] = is_ours or roles.get(id, False)
            start += ROLES_A_PAGE
            paging = page.get("paging")
            total = as_number(paging.get("total")) if isinstance(paging, dict) else None
            if not elements or start >= int(total or 0):
                return {id: is_ours for id, is_ours in roles.items() if id.isdecimal()}

    def _names(self, credentials: Credentials, ids: Sequence[str]) -> Steps[dict[str, Any]]:
        names: dict[str, Any] = {}
        for first in range(0, len(ids), NAMES_A_REQUEST):
            asked = f"List({','.join(ids[first : first + NAMES_A_REQUEST])})"
            page = yield from self._get(credentials, "organizations", ids=asked)
            names |= page["results"] if isinstance(page.get("results"), dict) else {}
        return names

    # --- Reading ---

    def visit(self, visit: Visit) -> Steps[ConnectorError | None]:
        refusals: list[ConnectorError | None] = []
        resources = dict.fromkeys(self._resource(metric) for metric in visit.metrics)
        for resource in resources:
            ask, days = (
                (self._ask_size, len(list(visit.window))) if resource == SIZE else (self._ask_days, DAYS_A_REQUEST)
            )
            refusals.append((yield from self.ask_days(visit, days, [resource], ask)))
        return next(filter(None, refusals), None)

    def _ask_size(self, visit: Visit, part: Window, resources: Sequence[str]) -> Steps[Any]:
        path = f"{SIZE}/{_urn(visit.account)}"
        return self._get(visit.credentials, path, visit.exchanges, edgeType="COMPANY_FOLLOWED_BY_MEMBER")

    def _ask_days(self, visit: Visit, part: Window, resources: Sequence[str]) -> Steps[Any]:
        over = visit.finished(part)
        start, end = (visit.account.midnight(day) * 1000 for day in (over.first, over.last + timedelta(days=1)))
        whose = "organization" if resources[0] == PAGE else "organizationalEntity"
        asked = {
            "q": whose,
            whose: _urn(visit.account),
            "timeIntervals": f"(timeRange:(start:{start},end:{end}),timeGranularityType:DAY)",
        }
        return self._get(visit.credentials, resources[0], visit.exchanges, **asked)

    def note(self, sheet: Sheet, exchange: Exchange) -> None:
        resource = _asked_resource(exchange)
        metrics = [metric for metric in sheet.metrics if self._resource(metric) == resource]
        if resource == SIZE:
            if self.expects(sheet, exchange, metrics, sheet.window):
                sheet.tell("followers", sheet.today, exchange.json().get("firstDegreeSize"))
        elif self.expects(sheet, exchange, metrics, _asked_days(exchange, sheet)):
            for day, row in _rows(exchange.json(), sheet.account):
                for metric in metrics:
                    sheet.tell(metric, day, self._number(metric, row))

    def _resource(self, metric: str) -> str:
        return self.capabilities[metric].native_name.partition(".")[0]

    def _number(self, metric: str, row: Mapping[str, Any]) -> Any:
        found: Any = row
        for name in self.capabilities[metric].native_name.split(".")[1:]:
            found = found.get(name) if isinstance(found, dict) else None
        return _gain(found) if metric == "follows" else found

    # --- Errors and the wire ---

    def complaint(self, exchange: Exchange, body: Mapping[str, Any]) -> Complaint | None:
        status = body.get("status")
        told = status if isinstance(status, int) and status >= 400 else exchange.status
        if told < 400 and "serviceErrorCode" not in body:
            return None
        codes = (told, body.get("code"), body.get("serviceErrorCode"))
        return Complaint(codes, str(body.get("message") or ""), metric=_asked_resource(exchange))

    def _get(
        self, credentials: Credentials, path: str, exchanges: list[Exchange] | None = None, **params: str
    ) -> Steps[dict[str, Any]]:
        token = pasted_token(credentials)
        headers = {
            "Authorization": f"Bearer {token}",
            "LinkedIn-Version": VERSION,
            "X-Restli-Protocol-Version": "2.0.0",
        }
        url = f"{self.base_url}/rest/{path}"
        return (yield from self.fetch(Request("GET", url, params=params, headers=headers, secrets=(token,)), exchanges))


def _urn(account: Account) -> str:
    return f"urn:li:organization:{account.external_id}"


def _account(id: str, told: Any, is_ours: bool) -> Account:
    told = told if isinstance(told, dict) else {}
    return Account(
        external_id=id,
        title=str(told.get("localizedName") or ""),
        url=f"https://www.linkedin.com/company/{told.get('vanityName') or id}/",
        timezone="UTC",
        refused_because="" if is_ours else _NOT_ADMINISTRATOR,
    )


def _asked_resource(exchange: Exchange) -> str:
    return exchange.path.partition("/rest/")[2].partition("/")[0]


def _asked_days(exchange: Exchange, sheet: Sheet) -> list[date]:
    """The days that were asked for, and today, which is never told."""
    found = INTERVALS.search(exchange.asked.get("timeIntervals", ""))
    if not found:
        return []
    first, last = (_day_at(moment, sheet.account) for moment in (int(found[1]), int(found[2]) - 1))
    return [*Window(first, last), sheet.today]


def _rows(body: Mapping[str, Any], account: Account) -> Iterator[tuple[date, dict[str, Any]]]:
    """Each row with its day: the one that holds the middle of its time."""
    for row in only_dicts(body.get("elements")):
        told = row.get("timeRange")
        begins, ends = (
            (as_number(told.get(name)) for name in ("start", "end")) if isinstance(told, dict) else (None,) * 2
        )
        if begins is not None and ends is not None and max(begins, ends) < 1 << 44:
            yield _day_at(int(begins + ends) // 2, account), row


def _day_at(milliseconds: int, account: Account) -> date:
    return datetime.fromtimestamp(milliseconds // 1000, UTC).astimezone(account.zone).date()


def _gain(told: Any) -> Any:
    """New followers: those who came by themselves and those who came by advertising; of one without the other, none."""
    if not isinstance(told, dict):
        return None
    gains = [as_number(told.get(name)) for name in ("organicFollowerGain", "paidFollowerGain")]
    known = [gain for gain in gains if gain is not None]
    return int(sum(known)) if len(known) == len(gains) else None
