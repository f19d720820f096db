import re
import uuid
from ipaddress import ip_address
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import Http404, HttpRequest
from django.utils import timezone, translation

from smmportal.logs import Request, current_request

LARGEST_ID = 2**63 - 1
SAFE_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")


class RequestContext:
    """Give each request an id, taken from the proxy when it is a sane one, for logs and for the audit trail."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        given = request.headers.get("X-Request-ID", "")
        request.id = given if SAFE_ID.fullmatch(given) else uuid.uuid4().hex
        request.META["REMOTE_ADDR"] = address_of(request)
        token = current_request.set(Request(id=request.id, address=request.META["REMOTE_ADDR"]))
        try:
            response = self.get_response(request)
        finally:
            current_request.reset(token)
        response["X-Request-ID"] = request.id
        return response


def address_of(request: HttpRequest) -> str:
    """Whose request it is. Each proxy adds who asked it to the end of X-Forwarded-For; what stands before the
    entries of our own proxies was written by the asker and is not believed."""
    chain = [entry.strip() for entry in request.headers.get("X-Forwarded-For", "").split(",")]
    entry = chain[-settings.TRUSTED_PROXIES] if 0 < settings.TRUSTED_PROXIES <= len(chain) else ""
    try:
        return str(ip_address(entry))
    except ValueError:
        return request.META.get("REMOTE_ADDR", "")


class SaneIds:
    """An id that no database can hold is unknown like any other: 404, whatever the view would have asked with it."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, _request, _view, _args, kwargs):
        if any(isinstance(value, int) and value > LARGEST_ID for value in kwargs.values()):
            raise Http404


class PersonalSettings:
    """Answer in the person's own language and time zone; a stranger gets what the browser asks for."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        person = request.user
        if not person.is_authenticated:
            # A token may turn out to be somebody's later (people.authentication): that zone must not stay on after.
            with timezone.override(None):
                return self.get_response(request)
        if person.language:
            translation.activate(person.language)
            request.LANGUAGE_CODE = translation.get_language()
        with timezone.override(ZoneInfo(person.timezone)):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", translation.get_language())
        return response
