import pytest
from django.utils import translation


@pytest.fixture(autouse=True)
def english():
    """Sentences are compared in the language of the sources unless a test says otherwise."""
    with translation.override("en"):
        yield
