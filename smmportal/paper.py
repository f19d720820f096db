"""A page made into PDF, for whoever keeps things on paper."""

import logging
from collections.abc import Mapping, Sequence

from django.template.loader import render_to_string

PDF_TYPE = "application/pdf"
#: How a document names a picture that its maker hands over: `<img src="picture:logo">`.
PICTURE = "picture:"

log = logging.getLogger(__name__)


def as_pdf(
    template: str, context: dict, *, sheets: Sequence[str] = (), pictures: Mapping[str, bytes] | None = None
) -> bytes | None:
    """The template on A4; None where the system's text library (Pango) is missing.

    `sheets` are templates of style sheets of the document's own, rendered with its context; `pictures` (PNG, by name)
    are the only ones it can show.
    """
    try:
        from weasyprint import CSS, HTML  # heavy, and stands on libraries of the system
    except (ImportError, OSError) as error:
        log.warning("no PDF without Pango", extra={"error": str(error)[:200]})
        return None
    fetch = fetcher_of(pictures or {})
    words = render_to_string(template, context)
    styles = [CSS(string=render_to_string(sheet, context), url_fetcher=fetch) for sheet in ("paper.css", *sheets)]
    return HTML(string=words, url_fetcher=fetch).write_pdf(stylesheets=styles)


def fetcher_of(pictures: Mapping[str, bytes]):
    """What stands on paper is in the page itself or handed over with it: no address in somebody's words is opened."""
    from weasyprint.urls import URLFetcherResponse

    def fetch(address: str, *_args: object, **_named: object) -> URLFetcherResponse:
        name = address.removeprefix(PICTURE)
        if name != address and name in pictures:
            return URLFetcherResponse(address, pictures[name], {"Content-Type": "image/png"})
        raise ValueError(f"A document fetches nothing: {address[:80]}")

    # A picture that is refused is left out; the document is made without it.
    fetch._fail_on_errors = False
    return fetch
