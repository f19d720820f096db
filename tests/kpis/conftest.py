"""The tests of numbers speak English."""

from collections.abc import Iterator

import pytest
from django.utils import translation


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Sentences are asserted in English, the language they are written in; Russian has tests of its own."""
    with translation.override("en"):
        yield
