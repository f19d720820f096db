"""A YouTube channel's videos: the uploads playlist and `videos.list`, by the Data API v3.

https://developers.google.com/youtube/v3/docs/videos — one unit of the day's quota a request; nothing is searched for.
The playlist of a channel that never published is not there. Likes and comments that the owner hides are left out.
"""

from collections.abc import Sequence
from typing import Any

from kpis.connectors.contract import Exchange, Permanent, Steps, only_dicts
from kpis.connectors.posts.contract import (
    MOST_PAGES,
    FoundPost,
    PostAbility,
    PostLook,
    PostReader,
    PostSheet,
    as_moment,
    dig,
    opening_of,
)
from kpis.connectors.youtube import YouTube

VIDEOS_A_PAGE = 50
CHANNELS, UPLOADS, VIDEOS = "channels", "playlistItems", "videos"
#: What the owner can switch off; a view is counted of every video.
HIDEABLE = ("likes", "comments")


class YouTubePosts(PostReader[YouTube]):
    """Views, likes and comments in all, as they are now."""

    batch = 50
    abilities = (
        PostAbility("video_views", "viewCount"),
        PostAbility("likes", "likeCount"),
        PostAbility("comments", "commentCount"),
    )

    def find(self, look: PostLook) -> Steps[None]:
        asked = {"part": "contentDetails", "id": look.account.external_id}
        page = yield from self.connector.ask_data(look.credentials, CHANNELS, look.exchanges, **asked)
        channel = next(iter(only_dicts(page.get("items"))), {})
        if uploads := dig(channel, "contentDetails.relatedPlaylists.uploads"):
            yield from self._turn_pages(look, str(uploads))

    def _turn_pages(self, look: PostLook, playlist: str) -> Steps[None]:
        asked = {"part": "snippet,contentDetails", "playlistId": playlist, "maxResults": str(VIDEOS_A_PAGE)}
        for _number in range(MOST_PAGES):
            try:
                page = yield from self.connector.ask_data(look.credentials, UPLOADS, look.exchanges, **asked)
            except Permanent as refusal:
                if "playlistNotFound" in refusal.detail:
                    return
                raise
            moments = [moment for item in only_dicts(page.get("items")) if (moment := _published_at(item))]
            following = page.get("nextPageToken")
            if not following or not moments or min(moments) < look.since:
                return
            asked["pageToken"] = str(following)

    def ask(self, look: PostLook, ids: Sequence[str]) -> Steps[None]:
        asked = {"part": "statistics", "id": ",".join(ids)}
        yield from self.connector.ask_data(look.credentials, VIDEOS, look.exchanges, **asked)

    def note(self, sheet: PostSheet, exchange: Exchange) -> None:
        if not self.answers(exchange):
            return
        items = only_dicts(exchange.json().get("items"))
        if exchange.path.endswith(f"/{UPLOADS}"):
            for item in items:
                _find(sheet, item)
        elif exchange.path.endswith(f"/{VIDEOS}"):
            self._note_numbers(sheet, exchange, {str(item.get("id")): item for item in items})

    def _note_numbers(self, sheet: PostSheet, exchange: Exchange, videos: dict[str, dict[str, Any]]) -> None:
        asked = exchange.asked.get("id", "").split(",")
        sheet.lose_untold(asked, videos.keys())
        for id in asked:
            if id in videos:
                for ability in self.abilities:
                    told = dig(videos[id], f"statistics.{ability.native_name}")
                    silence = "hidden" if ability.metric in HIDEABLE else "not_given"
                    sheet.tell(id, ability.metric, told, silence=silence)


def _published_at(item: dict[str, Any]) -> Any:
    """When the video went public; a private or planned one has no such moment."""
    return as_moment(dig(item, "contentDetails.videoPublishedAt"))


def _find(sheet: PostSheet, item: dict[str, Any]) -> None:
    id, published_at = dig(item, "contentDetails.videoId"), _published_at(item)
    if isinstance(id, str) and published_at:
        address = f"https://www.youtube.com/watch?v={id}"
        sheet.find(FoundPost(id, published_at, address, "video", opening_of(dig(item, "snippet.title"))))
