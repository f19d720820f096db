"""A page made into PDF, for whoever keeps things on paper."""

import logging

from django.template.loader import render_to_string

PDF_TYPE = "application/pdf"

log = logging.getLogger(__name__)


def as_pdf(template: str, context: dict) -> bytes | None:
    """The template on A4; None where the system's text library (Pango) is missing."""
    try:
        from weasyprint import CSS, HTML  # heavy, and stands on libraries of the system
    except (ImportError, OSError) as error:
        log.warning("no PDF without Pango", extra={"error": str(error)[:200]})
        return None
    words = render_to_string(template, context)
    style = CSS(string=render_to_string("paper.css"), url_fetcher=fetch_nothing)
    return HTML(string=words, url_fetcher=fetch_nothing).write_pdf(stylesheets=[style])


def fetch_nothing(address: str, *_args: object, **_named: object) -> dict:
    """What stands on paper is in the page itself: no address in somebody's words is ever opened."""
    raise ValueError(f"A document fetches nothing: {address[:80]}")
