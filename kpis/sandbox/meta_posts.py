"""The posts of Meta's stand-in: how they are named, listed and counted."""

from collections.abc import Mapping, Sequence
from typing import Any

from kpis.sandbox.platform import Asked
from kpis.sandbox.posts import Feed, StandInPost

NUMBERS = 100_000
MEDIA = {"photo": "IMAGE", "video": "VIDEO", "album": "CAROUSEL_ALBUM", "text": "IMAGE", "link": "IMAGE"}
STATUS = {"photo": "added_photos", "album": "added_photos", "video": "added_video", "link": "shared_story"}
OF_INSTAGRAM = {
    "reach": "reach",
    "views": "views",
    "likes": "likes",
    "comments": "comments",
    "shares": "shares",
    "saved": "saves",
    "total_interactions": "interactions",
}
OF_PAGES = {"post_total_media_view_unique": "reach", "post_media_view": "views", "post_clicks": "clicks"}
INTERACTIONS = ("likes", "comments", "shares", "saves")


def named(name: str) -> tuple[int, int] | None:
    """The account and the number of a post; None for what is no post."""
    page, underscore, number = name.partition("_")
    if underscore and page.isdecimal() and number.isdecimal():
        return int(page), int(number)
    return divmod(int(name), NUMBERS) if name.isdecimal() and len(name) > 17 else None


def listed(asked: Asked, id: int, feed: Feed) -> dict[str, Any]:
    """One page of an account's posts, with the fields that were asked for."""
    posts = [] if asked.misbehave == "empty" else list(feed.newest(asked.now))
    first, count = asked.number("after", 0), min(asked.number("limit", 25), 100)
    fields = asked.params.get("fields", "id").split(",")
    page = [_described(id, post, asked.path.endswith("/media")) for post in posts[first : first + count]]
    after = str(first + len(page))
    paging: dict[str, Any] = {"cursors": {"before": str(first), "after": after}} if page else {}
    if first + count < len(posts):
        paging["next"] = "https://graph.facebook.com/next"
    return {"data": [{name: post[name] for name in fields if name in post} for post in page], "paging": paging}


def _described(id: int, post: StandInPost, is_media: bool) -> dict[str, Any]:
    moment = post.published_at.strftime("%Y-%m-%dT%H:%M:%S+0000")
    if not is_media:
        name = f"{id}_{post.number}"
        kind, address = (
            STATUS.get(post.kind, "mobile_status_update"),
            f"https://www.facebook.com/{id}/posts/{post.number}",
        )
        told = {"id": name, "created_time": moment, "message": post.words, "status_type": kind}
        return {**told, "permalink_url": address}
    reel = "REELS" if post.kind == "video" else "FEED"
    told = {"id": str(id * NUMBERS + post.number), "timestamp": moment, "caption": post.words}
    address = f"https://www.instagram.com/p/C{post.number:010d}/"
    return {**told, "media_type": MEDIA[post.kind], "media_product_type": reel, "permalink": address}


def counted(asked: Asked, post: StandInPost) -> dict[str, Any]:
    """What a Page's post says of itself."""
    comments, reactions = (_bend(asked, post.count(name, asked.now)) for name in ("comments", "likes"))
    told: dict[str, Any] = {"comments": {"data": [], "summary": {"total_count": comments}}}
    if not post.hides_likes:
        told["reactions"] = {"data": [], "summary": {"total_count": reactions}}
    if asked.misbehave != "partial":
        told["shares"] = {"count": _bend(asked, post.count("shares", asked.now))}
    return {"id": asked.path.rpartition("/")[2], **({} if asked.misbehave in {"empty", "hidden"} else told)}


def insights(asked: Asked, post: StandInPost, names: Sequence[str], known: Mapping[str, str]) -> dict[str, Any]:
    """A row for each metric with its one number."""
    if asked.misbehave == "empty":
        return {"data": []}
    names = names[1:] if asked.misbehave == "partial" else names
    return {"data": [_row(asked, post, name, known[name]) for name in names]}


def _row(asked: Asked, post: StandInPost, name: str, ours: str) -> dict[str, Any]:
    parts = INTERACTIONS if ours == "interactions" else (ours,)
    value = _bend(asked, sum(post.count(part, asked.now) for part in parts))
    hidden = ours == "likes" and post.hides_likes
    return {"name": name, "period": "lifetime", "values": [{"value": None if hidden else value}]}


def _bend(asked: Asked, value: int) -> Any:
    if asked.misbehave == "hidden":
        return None
    if asked.misbehave == "zero":
        return 0
    return str(value) if asked.misbehave == "strings" else value
