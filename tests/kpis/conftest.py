"""The platforms' stand-in for the tests of numbers: one server for the run, well-behaved at the start of each test."""

from collections.abc import Iterator
from datetime import date

import pytest
from django.utils import translation

from kpis.sandbox import Sandbox, start_sandbox

#: The day that the stand-in believes to be today.
TODAY = date(2026, 11, 23)


@pytest.fixture(scope="session")
def sandbox_server() -> Iterator[Sandbox]:
    server = start_sandbox(seed=7, today=TODAY)
    yield server
    server.stop()


@pytest.fixture
def sandbox(sandbox_server: Sandbox, settings) -> Sandbox:
    """The stand-in in the platforms' places; `misbehave` and `requests` start afresh."""
    sandbox_server.reset()
    sandbox_server.today = lambda: TODAY
    settings.PLATFORMS = {**settings.PLATFORMS, **sandbox_server.urls}
    settings.TRUSTED_BASES = [*settings.TRUSTED_BASES, *sandbox_server.urls.values()]
    return sandbox_server


@pytest.fixture(autouse=True)
def english():
    """Sentences are asserted in English, the language they are written in; Russian has tests of its own."""
    with translation.override("en"):
        yield
