"""`/healthz`: the process is up. `/readyz`: the database and the broker answer, or 503 with the reason."""

from django.conf import settings
from django.db import Error, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from redis import Redis, RedisError

from smmportal.celery import prepare_embedded_broker


@never_cache
@require_safe
def healthz(_request: HttpRequest) -> JsonResponse:
    return JsonResponse({"status": "up"})


@never_cache
@require_safe
def readyz(_request: HttpRequest) -> JsonResponse:
    reasons = {"database": database_trouble(), "broker": broker_trouble()}
    troubles = {part: reason for part, reason in reasons.items() if reason}
    if troubles:
        return JsonResponse({"status": "not ready", "reasons": troubles}, status=503)
    return JsonResponse({"status": "ready"})


def database_trouble() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error as error:
        return type(error).__name__
    return ""


def broker_trouble() -> str:
    if not settings.REDIS_URL:
        try:
            prepare_embedded_broker()
        except OSError as error:
            return type(error).__name__
        return ""
    try:
        Redis.from_url(settings.REDIS_URL, socket_connect_timeout=1, socket_timeout=1).ping()
    except (RedisError, OSError) as error:
        return type(error).__name__
    return ""
