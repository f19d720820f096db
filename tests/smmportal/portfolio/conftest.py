from collections.abc import Iterator

import pytest
from django.utils import translation

from smmportal.demo.clock import moved_to
from tests.smmportal.portfolio.desk import NOW, Desk, lay_out


@pytest.fixture
def desk(cast) -> Iterator[Desk]:
    """Three projects, on the day on which they are looked at."""
    with moved_to(NOW), translation.override("en"):
        yield lay_out(cast)
