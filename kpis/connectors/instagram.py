"""Instagram's professional accounts, read through the Page that they are tied to (Graph API with Facebook Login).

https://developers.facebook.com/documentation/instagram-platform/api-reference/instagram-user/insights — only reach comes
as a series of days; all else is told as one total of the time asked for, so that each day is a request of its own.
Names that Meta has retired (`impressions`, `profile_views`, `website_clicks`, …) are not asked.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from kpis.connectors.contract import (
    Account,
    Capabilities,
    ConnectorError,
    Field,
    MetricAbility,
    ScopeMissing,
    Steps,
    Visit,
    pasted_token,
)
from kpis.connectors.meta import TIME_ZONE, Graph, daily

DAYS_A_REQUEST = 30
#: How far back we ask. A day costs two requests, and two hundred an hour are allowed: sixty days fit into one visit.
DAYS_BACK = 60
FOLLOWS = "follows_and_unfollows"


class Instagram(Graph):
    """Followers now; reach, views and reactions by day."""

    code = "instagram"
    name = "Instagram"
    capabilities = Capabilities(
        metrics=(
            MetricAbility("followers", "followers_count", only_now=True),
            # «Follower» is what the person became, not what they were.
            daily("follows", f"{FOLLOWS}.FOLLOWER"),
            daily("unfollows", f"{FOLLOWS}.NON_FOLLOWER"),
            daily("reach", "reach"),
            daily("views", "views"),
            daily("interactions", "total_interactions"),
            daily("likes", "likes"),
            daily("comments", "comments"),
            daily("shares", "shares"),
            daily("saves", "saves"),
            MetricAbility("total_posts", "media_count", only_now=True),
        ),
        history_days=DAYS_BACK,
        min_audience=100,
        token_kinds=("user", "page"),
    )
    fields = (
        Field(
            "token",
            _("Access token"),
            _(
                "A token of Facebook Login with the permissions instagram_basic, instagram_manage_insights, "
                "pages_show_list and pages_read_engagement, of a person who runs the Page that the account is tied to. "
                "The account must be a business or creator account."
            ),
        ),
    )
    permission = "instagram_manage_insights"
    lacking = _(
        "The token lacks the permission instagram_manage_insights. Make it again with instagram_basic, "
        "instagram_manage_insights, pages_show_list and pages_read_engagement."
    )
    page_fields = "id,name,instagram_business_account{id,username,name}"
    profile = {"followers": "followers_count", "total_posts": "media_count"}
    hidden_from_few = frozenset({"follows", "unfollows"})

    def account_of(self, page: Mapping[str, Any]) -> Account:
        own = page.get("instagram_business_account")
        if not isinstance(own, dict):
            name = str(page.get("name") or "")
            return Account(str(page.get("id", "")), name, refused_because=_NOT_TIED)
        username = str(own.get("username") or "")
        return Account(
            external_id=str(own.get("id", "")),
            title=str(own.get("name") or username),
            url=f"https://www.instagram.com/{username}/" if username else "",
            timezone=TIME_ZONE,
        )

    def visit(self, visit: Visit) -> Steps[ConnectorError | None]:
        token = pasted_token(visit.credentials)
        names = {self.insight(metric)[0] for metric in visit.metrics}
        if names & {"followers_count", "media_count", FOLLOWS}:
            fields = ",".join(self.profile.values())
            yield from self._get(token, visit.account.external_id, visit.exchanges, fields=fields)
        try:
            return (yield from self._ask_all(visit, token, names - {"followers_count", "media_count"}))
        except ScopeMissing as refusal:
            return refusal

    def _ask_all(self, visit: Visit, token: str, names: set[str]) -> Steps[ConnectorError | None]:
        days = list(visit.window.chunks(1))
        totals = sorted(names - {"reach", FOLLOWS})
        series = sorted(names & {"reach"})
        refusals = yield from self.ask_insights(visit, token, visit.window.chunks(DAYS_A_REQUEST), series)
        refusals += yield from self.ask_insights(visit, token, days, totals, metric_type="total_value")
        if FOLLOWS in names:
            broken_down = {"metric_type": "total_value", "breakdown": "follow_type"}
            refusals += yield from self.ask_insights(visit, token, days, [FOLLOWS], **broken_down)
        return next(iter(refusals), None)


_NOT_TIED = _("No Instagram business account is tied to this Page. Tie it in the Page's settings first.")
