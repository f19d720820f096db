"""Where a call is held, told by the address of its link. Pure."""

from urllib.parse import urlsplit

#: A host, and those under it, by the name that the service calls itself.
SERVICES = {
    "telemost.yandex.ru": "Яндекс Телемост",
    "telemost.360.yandex.ru": "Яндекс Телемост",
    "zoom.us": "Zoom",
    "zoom.com": "Zoom",
    "meet.google.com": "Google Meet",
    "meet.jit.si": "Jitsi Meet",
    "8x8.vc": "Jitsi Meet",
    "teams.microsoft.com": "Microsoft Teams",
    "teams.live.com": "Microsoft Teams",
    "calls.vk.com": "VK Звонки",
    "calls.mail.ru": "VK Звонки",
    "vk.com": "VK Звонки",
}
#: A network of pages is a call only under such paths.
CALL_PATHS = {"vk.com": "/call/"}


def link_in(place: str) -> str:
    """The place, when it is an address that a browser may open."""
    return place if place.startswith(("https://", "http://")) and " " not in place else ""


def service_of(link: str) -> str:
    """The name of the service behind the link; empty for any other address, and for what is none."""
    try:
        parts = urlsplit(link)
        host = (parts.hostname or "").removesuffix(".")
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https"):
        return ""
    known = next((known for known in SERVICES if host == known or host.endswith(f".{known}")), "")
    return SERVICES[known] if known and parts.path.startswith(CALL_PATHS.get(known, "")) else ""
