"""The registry of what platforms tell of single posts. To add one: a module beside this file and a line below."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from kpis.connectors import CONNECTORS
from kpis.connectors.contract import Text
from kpis.connectors.posts.contract import PostReader
from kpis.connectors.posts.facebook import FacebookPosts
from kpis.connectors.posts.instagram import InstagramPosts
from kpis.connectors.posts.odnoklassniki import OKPosts
from kpis.connectors.posts.tiktok import TikTokPosts
from kpis.connectors.posts.vk import VKPosts
from kpis.connectors.posts.youtube import YouTubePosts

READERS: dict[str, PostReader[Any]] = {
    code: reader(CONNECTORS[code])
    for code, reader in {
        "vk": VKPosts,
        "youtube": YouTubePosts,
        "instagram": InstagramPosts,
        "facebook": FacebookPosts,
        "tiktok": TikTokPosts,
        "ok": OKPosts,
    }.items()
}

_A_SITE = _("A counter of visits knows pages, not posts.")

#: Why the others tell nothing of posts.
SILENT: dict[str, Text] = {
    "telegram": _(
        "Telegram tells no bot how often a post was viewed or what people did with it: "
        "only the channel’s followers are counted."
    ),
    "max": _("Nobody could confirm yet that MAX tells a bot the numbers of posts."),
    "linkedin": _("The portal does not read single posts of LinkedIn yet."),
    "tiktok_business": _("The portal reads single videos through TikTok’s other connection, the one for creators."),
    "x": _("X charges for every post that is read, so the portal leaves single posts alone."),
    "metrika": _A_SITE,
    "ga4": _A_SITE,
}


def reader_for(platform: str) -> PostReader[Any] | None:
    """What reads the platform's posts; None where it tells nothing of them."""
    return READERS.get(platform)


def silence_of(platform: str) -> Text:
    """Why the platform tells nothing of posts; empty where it does."""
    return "" if platform in READERS else SILENT.get(platform, _("Only connected accounts have posts here."))
