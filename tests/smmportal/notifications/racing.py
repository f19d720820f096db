"""Threads that start at the same moment, each with a database connection of its own."""

import threading
from collections.abc import Callable

from django.db import connection


def at_once(*verbs: Callable[[], object]) -> list:
    """What each of them returned, sorted."""
    gate, outcomes = threading.Barrier(len(verbs)), []

    def run(verb: Callable[[], object]) -> None:
        try:
            gate.wait()
            outcomes.append(verb())
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(verb,)) for verb in verbs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(outcomes)
