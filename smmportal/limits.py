"""How often something may be done: counted in the cache, so a count may be lost and keeps nobody out for long."""

import time

from django.core.cache import cache


def is_too_often(what: str, who: str, *, most: int, seconds: int) -> bool:
    """Count this time; True when `who` has done `what` more than `most` times in this stretch of so many seconds."""
    # The stretch is part of the key: counting on must not prolong it.
    key = f"limit:{what}:{who}:{int(time.time() // seconds)}"
    if cache.add(key, 1, timeout=seconds):
        return False
    try:
        return cache.incr(key) > most
    except ValueError:  # it ran out between the two
        return False
