"""What every API view shares: cursor pages, problems in words."""

import http

from django.core.exceptions import PermissionDenied
from django.core.exceptions import ValidationError as ModelValidationError
from django.core.validators import MaxValueValidator
from django.db import DataError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import defaults
from django_filters import rest_framework as filters
from rest_framework import exceptions, pagination, serializers, status
from rest_framework.response import Response

from smmportal.middleware import LARGEST_ID
from smmportal.refusals import Refused

PROBLEM = "application/problem+json"


class Cursor(pagination.CursorPagination):
    page_size = 50
    max_page_size = 200
    page_size_query_param = "page_size"
    ordering = "-id"


class IdFilter(filters.NumberFilter):
    """A list's `?project=…`: a number that no database can hold is refused alike on all of them."""

    def get_max_validator(self) -> MaxValueValidator:
        return MaxValueValidator(LARGEST_ID)


class ProblemSerializer(serializers.Serializer):
    """RFC 9457, as the schema shows it."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    errors = serializers.DictField(child=serializers.ListField(child=serializers.CharField()), required=False)


class EmptySerializer(serializers.Serializer):
    """A body with nothing in it: the address says everything."""


TITLES = {
    400: gettext_lazy("Something is missing or misspelt"),
    401: gettext_lazy("Please log in"),
    403: gettext_lazy("This is not yours to do"),
    404: gettext_lazy("There is nothing here"),
    405: gettext_lazy("This address does not take that method"),
    409: gettext_lazy("This can't be done as things stand"),
    429: gettext_lazy("Too many requests"),
}


def problem_body(code_number: int, code: str, sentence: str, **extra: object) -> dict:
    title = TITLES.get(code_number) or http.HTTPStatus(code_number).phrase
    return {"type": f"urn:portal:{code}", "title": str(title), "status": code_number, "detail": sentence, **extra}


def problem_response(code_number: int, code: str, sentence: str) -> JsonResponse:
    body = problem_body(code_number, code, sentence)
    return JsonResponse(body, status=code_number, content_type=PROBLEM, json_dumps_params={"ensure_ascii": False})


def answer_problem(error: Exception, _context: dict) -> Response | None:
    """DRF's exception handler: whatever went wrong becomes `application/problem+json`."""
    answer = describe(error)
    if answer is None:
        return None
    code_number, body, headers = answer
    return Response(body, status=code_number, headers=headers, content_type=PROBLEM)


def describe(error: Exception) -> tuple[int, dict, dict] | None:
    if isinstance(error, Refused):
        return error.status, problem_body(error.status, error.code, str(error.sentence), **error.extra), {}
    if isinstance(error, ModelValidationError):
        error = exceptions.ValidationError(serializers.as_serializer_error(error))
    if isinstance(error, Http404):
        return 404, problem_body(404, "not-found", _("There is nothing here, or it is not yours to see.")), {}
    if isinstance(error, PermissionDenied):
        return 403, problem_body(403, "not-yours", str(error) or _("Your role does not allow this.")), {}
    if isinstance(error, exceptions.ValidationError):
        sentence = _("Some fields need another look.")
        return 400, problem_body(400, "invalid", sentence, errors=errors_by_field(error.detail)), {}
    if isinstance(error, OverflowError | DataError):
        sentence = _("A number or a day in this request is larger or smaller than anything the portal can hold.")
        return 400, problem_body(400, "out-of-range", sentence), {}
    if isinstance(error, exceptions.APIException):
        return describe_api_exception(error)
    return None


def describe_api_exception(error: exceptions.APIException) -> tuple[int, dict, dict]:
    headers = {}
    if isinstance(error, exceptions.NotAuthenticated | exceptions.AuthenticationFailed):
        headers["WWW-Authenticate"] = "Bearer"
        error.status_code = status.HTTP_401_UNAUTHORIZED
    if getattr(error, "wait", None):
        headers["Retry-After"] = str(int(error.wait))
    return error.status_code, problem_body(error.status_code, error.default_code, str(error.detail)), headers


def errors_by_field(detail: object, path: str = "") -> dict[str, list[str]]:
    """DRF's nested errors as one level: `{"items.0.title": ["…"]}`; what concerns no field is under "" ."""
    if isinstance(detail, dict):
        pairs = [
            (path if key == "non_field_errors" else f"{path}.{key}".lstrip("."), value) for key, value in detail.items()
        ]
    elif isinstance(detail, list) and any(isinstance(item, dict | list) for item in detail):
        pairs = [(f"{path}.{index}" if path else str(index), item) for index, item in enumerate(detail) if item]
    else:
        sentences = detail if isinstance(detail, list) else [detail]
        # A sentence may quote what was sent, and half of a character can't be written in UTF-8.
        return {path: [str(sentence).encode(errors="replace").decode() for sentence in sentences]}
    found: dict[str, list[str]] = {}
    for key, value in pairs:
        found.update(errors_by_field(value, key))
    return found


# --- Outside DRF's views: an unknown address, a body that is too large, a mistake of ours -----------------------------


def answer_400(request: HttpRequest, exception: Exception) -> HttpResponse:
    if not request.path.startswith("/api/"):
        return defaults.bad_request(request, exception)
    return problem_response(400, "bad-request", _("The portal could not read this request."))


def answer_404(request: HttpRequest, exception: Exception) -> HttpResponse:
    if not request.path.startswith("/api/"):
        return defaults.page_not_found(request, exception)
    return problem_response(404, "not-found", _("There is nothing here, or it is not yours to see."))


def answer_500(request: HttpRequest) -> HttpResponse:
    if not request.path.startswith("/api/"):
        return defaults.server_error(request)
    return problem_response(500, "our-mistake", _("Something broke on our side. Please try again in a moment."))
