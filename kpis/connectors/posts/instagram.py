"""An Instagram account's posts and reels, and the insights of each.

https://developers.facebook.com/documentation/instagram-platform — insights may be two days late, and are kept for two
years; where too few have seen a post Meta refuses in words. Stories are not in the list.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from kpis.connectors.posts.contract import FoundPost, Kind, PostAbility, PostSheet, as_moment, opening_of
from kpis.connectors.posts.meta import GraphPosts

KINDS: dict[str, Kind] = {"IMAGE": "photo", "VIDEO": "video", "CAROUSEL_ALBUM": "album"}


def _insight(metric: str, native_name: str) -> PostAbility:
    return PostAbility(
        metric, native_name, lag=timedelta(days=2), threshold=_("told once enough people have seen the post")
    )


class InstagramPosts(GraphPosts):
    """Reach, views and reactions, as far as Meta has counted them."""

    abilities = (
        _insight("reach", "reach"),
        _insight("views", "views"),
        _insight("likes", "likes"),
        _insight("comments", "comments"),
        _insight("shares", "shares"),
        _insight("saves", "saved"),
        _insight("interactions", "total_interactions"),
    )
    insights = {ability.native_name: ability.metric for ability in abilities}
    edge, moment = "media", "timestamp"
    fields = "id,permalink,timestamp,media_type,media_product_type,caption"

    def note_post(self, sheet: PostSheet, post: Mapping[str, Any]) -> None:
        if published_at := as_moment(post.get(self.moment)):
            reel = post.get("media_product_type") == "REELS"
            kind: Kind = "short" if reel else KINDS.get(str(post.get("media_type")), "other")
            id, address = str(post.get("id") or ""), str(post.get("permalink") or "")
            sheet.find(FoundPost(id, published_at, address, kind, opening_of(post.get("caption"))))
