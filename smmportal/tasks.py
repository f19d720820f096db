from celery import shared_task
from django.core.cache import cache
from django.utils import timezone

from smmportal import idempotency

HEARTBEAT = "worker-heartbeat"


@shared_task(name="portal.heartbeat")
def heartbeat() -> None:
    """Goes through the queue like any other work, so a worker that stopped consuming is seen."""
    cache.set(HEARTBEAT, timezone.now().isoformat(), timeout=3600)


@shared_task(name="portal.forget_old_replies")
def forget_old_replies() -> None:
    idempotency.forget_old_replies()
