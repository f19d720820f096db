"""The demo's history happens on the days it happened: the verbs are the real ones, only the clock is moved."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from unittest.mock import patch


@contextmanager
def moved_to(moment: datetime) -> Iterator[datetime]:
    """Let `django.utils.timezone.now()` say `moment`; the models' own time stamps follow it."""
    with patch("django.utils.timezone.now", lambda: moment):
        yield moment
