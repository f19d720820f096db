import pytest
from django.utils import translation


@pytest.fixture(autouse=True)
def english():
    """Sentences are asserted in English, the language they are written in; Russian has tests of its own."""
    with translation.override("en"):
        yield
