from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from smmportal.notifications.queries import unread_count


def portal(request: HttpRequest) -> dict:
    """What the frame of every page shows."""
    return {
        "unread_count": SimpleLazyObject(lambda: unread_count(request.user)) if hasattr(request, "user") else 0,
        "is_demo": settings.DEMO,
    }
