"""Pages behind a link. The address is the key: it lets in without a login, so nothing here rests on a session, and no
other page may learn it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import add_never_cache_headers
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables

from smmportal.limits import is_too_often

#: Looks and saves by one link in a minute, and unknown links tried from one address in ten.
A_MINUTE, UNKNOWN_TRIES = 240, 30
View = Callable[..., HttpResponse]


@dataclass(frozen=True)
class LinkPages:
    """The pages of one kind of link: `root` is the name of the first, `stands` says whether the link's maker may still
    give this, and `closed` answers with the reason why it does not open."""

    root: str
    find: Callable[[str], Any]
    stands: Callable[[Any], bool]
    closed: Callable[..., HttpResponse]

    def by_link(self, view: View) -> View:
        """Let in by the link or say why not, in its language; keep the address out of caches, referrers and frames.

        There is no CSRF check: who knows the address needs no session, and who does not can't forge a request to it.
        """

        @csrf_exempt
        @wraps(view)
        @sensitive_post_parameters()
        @sensitive_variables("secret")
        def checked(request: HttpRequest, secret: str, **named) -> HttpResponse:
            link = self.find(secret)
            language = language_of(request, link)
            zone = ZoneInfo(link.project.timezone if link else settings.TIME_ZONE)
            with translation.override(language), timezone.override(zone):
                request.link_root = reverse(self.root, args=[secret])
                response = self.refusal(request, link) or view(request, link, **named)
            return kept_quiet(response, language)

        return checked

    def refusal(self, request: HttpRequest, link: Any) -> HttpResponse | None:
        if self.is_flood(request, link):
            return self.closed(request, link, "too_often", status=429)
        if link is None:
            return self.closed(request, None, "unknown", status=404)
        if not link.is_open:
            return self.closed(request, link, link.state, status=410)
        return (
            None
            if link.created_by.is_active and self.stands(link)
            else self.closed(request, link, "closed", status=410)
        )

    def is_flood(self, request: HttpRequest, link: Any) -> bool:
        if link:
            return is_too_often(self.root, str(link.pk), most=A_MINUTE, seconds=60)
        return is_too_often(f"{self.root}-unknown", request.META["REMOTE_ADDR"], most=UNKNOWN_TRIES, seconds=600)


def language_of(request: HttpRequest, link: Any) -> str:
    """The one that was chosen for the reader, unless they choose another on the page."""
    chosen = request.GET.get("lang", "")
    if chosen in dict(settings.LANGUAGES):
        return chosen
    return link.language if link else translation.get_language()


def kept_quiet(response: HttpResponse, language: str) -> HttpResponse:
    add_never_cache_headers(response)
    response["Cache-Control"] = "no-store, private"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Content-Language"] = language
    return response


def frame_of(request: HttpRequest) -> dict[str, Any]:
    """What `base_link.html` needs: the link's own address, the language in it, and the other languages."""
    return {
        "root": request.link_root,
        "query": f"?lang={translation.get_language()}",
        "languages": [
            (code, translation.get_language_info(code)["name_local"].capitalize())
            for code, _name in settings.LANGUAGES
            if code != translation.get_language()
        ],
    }


def stay(request: HttpRequest, rest: str = "", *, place: str = "") -> HttpResponse:
    """To a page of the same link, in the language that was chosen on it."""
    chosen = request.GET.get("lang", "")
    query = f"?lang={chosen}" if chosen in dict(settings.LANGUAGES) else ""
    return redirect(request.link_root + rest + query + (f"#{place}" if place else ""))
