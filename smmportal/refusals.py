"""Every no is a sentence in the reader's language that says what to do next."""

from collections.abc import Callable
from typing import TypeVar
from urllib.parse import urlsplit

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.http import HttpResponseClientRedirect

T = TypeVar("T")


class Refused(Exception):
    """What was asked can't be done as things stand: a message on a page, a 409 problem in the API.

    `code` lets a program tell one refusal from another; `extra` is what it may use to try again (free slots, say).
    """

    status = 409

    def __init__(self, sentence: str, *, code: str = "refused", **extra: object):
        super().__init__(sentence)
        self.sentence = sentence
        self.code = code
        self.extra = extra


class TooOften(Refused):
    """Too many of these for now: 429 in the API."""

    status = 429


def demand(allowed: bool, sentence: str) -> None:
    """Stop with 403 and a sentence unless the rule allows it."""
    if not allowed:
        raise PermissionDenied(sentence)


def carried_out(form: BaseForm, verb: Callable[..., T], **kwargs: object) -> T | None:
    """Run the verb for a valid form; a refusal becomes the form's own error, so that nothing typed is lost."""
    try:
        return verb(**kwargs)
    except ValidationError as error:  # it names its fields
        form.add_error(None, error)
        return None
    except Refused as refusal:
        form.add_error(None, str(refusal.sentence))
        return None


def page_before(request: HttpRequest) -> str:
    """The page of ours that the person came from; home when there is none."""
    address = request.headers.get("Referer", "")
    if url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure()):
        parts = urlsplit(address)
        return parts.path + (f"?{parts.query}" if parts.query else "")
    return "/"


class RefusalMiddleware:
    """A refusal that no form took becomes a message on the page the person came from."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, Refused):
            return None
        messages.error(request, str(error.sentence))
        if getattr(request, "htmx", False):
            return HttpResponseClientRedirect(page_before(request))
        return HttpResponseRedirect(page_before(request))
