"""The tests of numbers speak English."""

from collections.abc import Iterator

import pytest
from django.utils import timezone, translation

from tests.builders import Cast


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Sentences are asserted in English, the language they are written in; Russian has tests of its own."""
    with translation.override("en"):
        yield


@pytest.fixture
def cast(cast: Cast) -> Cast:
    """Numbers are agreed on in a project that has begun."""
    return begun(cast)


def begun(cast: Cast) -> Cast:
    cast.project.activated_at = timezone.now()
    cast.project.save()
    return cast
