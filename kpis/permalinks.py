"""Which post an address leads to. Pure: the address is read, nobody is asked.

Whatever is pasted here is a stranger's text, so an address counts only when its host is exactly one of the platform's:
no login in front of it, no port, no other scheme, no letters that merely look alike.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qs, urlsplit

LONGEST = 2_000


@dataclass(frozen=True)
class PostAddress:
    """A post by its platform's code, the id that the platform knows it by, and whose it is, where the address tells."""

    platform: str
    post: str
    account: str = ""


Reader = Callable[[SplitResult], PostAddress | None]

VK_WALL = re.compile(r"wall(-?[0-9]{1,15}_[0-9]{1,15})", re.ASCII)
VIDEO = re.compile(r"[\w-]{11}", re.ASCII)
TELEGRAM = re.compile(r"/(?:s/)?(?!joinchat/|addstickers/|share/)(\w{4,32}|c/[0-9]{1,15})/([0-9]{1,15})/?", re.ASCII)
INSTAGRAM = re.compile(r"/(?:([\w.]{1,30})/)?(?:p|reel|reels|tv)/([\w-]{5,40})/?", re.ASCII)
FACEBOOK = re.compile(r"/([\w.]{1,60})/(?:posts|videos)/(?:[\w-]+/)?(pfbid\w{5,120}|[0-9]{1,20})/?", re.ASCII)
TIKTOK = re.compile(r"/@([\w.]{1,30})/(?:video|photo)/([0-9]{5,25})/?", re.ASCII)
OK_TOPIC = re.compile(r"/(?:group/)?([\w.-]{1,64})/topic/([0-9]{1,25})/?", re.ASCII)


def post_at(address: str) -> PostAddress | None:
    """The post that the address leads to; None for anything else."""
    address = address.strip()
    if len(address) > LONGEST or not address.isprintable() or "\\" in address or " " in address:
        return None
    try:
        parts = urlsplit(address if "://" in address else f"https://{address}")
        is_plain = parts.port is None and parts.username is None and parts.password is None
    except ValueError:
        return None
    host = (parts.hostname or "").removeprefix("www.")
    reader = HOSTS.get(host)
    return reader(parts) if reader and is_plain and parts.scheme in {"http", "https"} else None


def _asked(parts: SplitResult, name: str) -> str:
    return parse_qs(parts.query).get(name, [""])[0]


def _vk(parts: SplitResult) -> PostAddress | None:
    """`/wall-1_2`, or a page with the post laid over it: `/coffee?w=wall-1_2`."""
    found = VK_WALL.fullmatch(parts.path.strip("/")) or VK_WALL.fullmatch(_asked(parts, "w").partition("/")[0])
    return PostAddress("vk", found[1], found[1].partition("_")[0].removeprefix("-")) if found else None


def _telegram(parts: SplitResult) -> PostAddress | None:
    found = TELEGRAM.fullmatch(parts.path)
    return PostAddress("telegram", found[2], f"@{found[1]}".removeprefix("@c/")) if found else None


def _youtube(parts: SplitResult) -> PostAddress | None:
    kind, _slash, id = parts.path.strip("/").partition("/")
    video = _asked(parts, "v") if kind == "watch" else id if kind in {"shorts", "live", "embed"} else ""
    return PostAddress("youtube", video) if VIDEO.fullmatch(video) else None


def _short_youtube(parts: SplitResult) -> PostAddress | None:
    video = parts.path.strip("/")
    return PostAddress("youtube", video) if VIDEO.fullmatch(video) else None


def _matching(platform: str, pattern: re.Pattern[str]) -> Reader:
    """A reader of addresses that name the account first and the post second."""

    def read(parts: SplitResult) -> PostAddress | None:
        found = pattern.fullmatch(parts.path)
        return PostAddress(platform, found[2], found[1] or "") if found else None

    return read


HOSTS: dict[str, Reader] = {
    **dict.fromkeys(("vk.com", "vk.ru", "m.vk.com", "m.vk.ru"), _vk),
    **dict.fromkeys(("t.me", "telegram.me"), _telegram),
    **dict.fromkeys(("youtube.com", "m.youtube.com"), _youtube),
    "youtu.be": _short_youtube,
    "instagram.com": _matching("instagram", INSTAGRAM),
    **dict.fromkeys(("facebook.com", "m.facebook.com"), _matching("facebook", FACEBOOK)),
    **dict.fromkeys(("tiktok.com", "m.tiktok.com"), _matching("tiktok", TIKTOK)),
    **dict.fromkeys(("ok.ru", "m.ok.ru"), _matching("ok", OK_TOPIC)),
}
