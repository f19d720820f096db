"""Facebook Pages, Graph API.

https://developers.facebook.com/documentation/pages-api/platforminsights/page — insights want the Page's own token;
Meta gives it to a person who runs the Page, it is asked for at every visit and not kept. Names that Meta has retired
(`page_fans`, `page_impressions` and the like) are not asked.

Unconfirmed: `page_daily_unfollows_unique` (a wrong name ends as retired).
"""

from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy as _

from kpis.connectors.contract import (
    Account,
    Capabilities,
    ConnectorError,
    Field,
    Steps,
    Visit,
    as_list,
    pasted_token,
)
from kpis.connectors.meta import TIME_ZONE, Graph, daily, meta_consent, retired

DAYS_A_REQUEST = 90


class FacebookPages(Graph):
    """Followers, reach, views and engagement of a Page, by day."""

    code = "facebook"
    name = _("Facebook Pages")
    capabilities = Capabilities(
        metrics=(
            daily("followers", "page_follows"),
            daily("follows", "page_daily_follows_unique"),
            daily("unfollows", "page_daily_unfollows_unique"),
            daily("reach", "page_total_media_view_unique"),
            daily("views", "page_media_view"),
            daily("interactions", "page_post_engagements"),
        ),
        history_days=2 * 365,
        min_audience=100,
        token_kinds=("user", "page"),
        former=(
            retired("followers", "page_fans", date(2025, 11, 15), "page_follows"),
            retired("follows", "page_fan_adds", date(2025, 11, 15)),
            retired("reach", "page_impressions_unique", date(2026, 6, 15), "page_total_media_view_unique"),
        ),
    )
    consent = meta_consent("read_insights", "pages_read_engagement", "pages_show_list")
    fields = (
        Field(
            "token",
            _("Access token"),
            _(
                "A token of Facebook Login with the permissions read_insights, pages_read_engagement and "
                "pages_show_list, of a person who may see the Page's insights; or the Page's own token."
            ),
        ),
    )
    permission = "read_insights"
    lacking = _(
        "The token lacks the permission read_insights. Make it again with read_insights, pages_read_engagement "
        "and pages_show_list."
    )
    page_fields = "id,name,link"
    profile = {"followers": "followers_count"}
    hidden_from_few = frozenset(capabilities.codes)

    def account_of(self, page: Mapping[str, Any]) -> Account:
        id = str(page.get("id", ""))
        may_analyze = "ANALYZE" in (as_list(page.get("tasks")) or ["ANALYZE"])
        return Account(
            external_id=id,
            title=str(page.get("name") or ""),
            url=str(page.get("link") or f"https://www.facebook.com/{id}"),
            timezone=TIME_ZONE,
            refused_because="" if may_analyze else _MAY_NOT_SEE,
        )

    def visit(self, visit: Visit) -> Steps[ConnectorError | None]:
        person = pasted_token(visit.credentials)
        page = yield from self._get(person, visit.account.external_id, fields="access_token")
        token = str(page.get("access_token") or person)
        yield from self._get(token, visit.account.external_id, visit.exchanges, fields="followers_count")
        names = [self.insight(metric)[0] for metric in visit.metrics]
        return (yield from self.ask_days(visit, DAYS_A_REQUEST, names, partial(self.ask_insights, token, {})))


_MAY_NOT_SEE = _(
    "The person who gave the access may not see this Page's insights. "
    "Ask an administrator of the Page to let them see its insights."
)
