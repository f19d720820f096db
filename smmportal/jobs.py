"""Queue work after the commit, by name.

The work itself is always a due row in the database. `later` only rings the bell so that it starts at once; when the
broker is away the bell is lost, the row is not, and the timetable finds it.
"""

import logging
from functools import partial

from django.db import transaction

from smmportal.celery import app, prepare_embedded_broker

log = logging.getLogger(__name__)


def later(task: str, **kwargs: object) -> None:
    """Ring for `task` once the current transaction is committed. Arguments are plain JSON: ids, not objects."""
    transaction.on_commit(partial(ring, task, kwargs), robust=True)


def ring(task: str, kwargs: dict) -> bool:
    try:
        prepare_embedded_broker()
        app.send_task(task, kwargs=kwargs, retry=False)
    except Exception as error:  # any broker, any failure: the row waits for the timetable
        log.warning("bell not rung", extra={"task": task, "error": type(error).__name__})
        return False
    return True
