"""Counting how often something is done."""

import pytest

from smmportal.limits import is_too_often


@pytest.fixture(autouse=True)
def cache_in_memory(settings):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}


def counts(who: str, times: int) -> list[bool]:
    return [is_too_often("tested", who, most=3, seconds=10_000_000) for _ in range(times)]


def test_after_so_many_times_it_is_too_often():
    assert counts("anna", 5) == [False, False, False, True, True]


def test_everybody_is_counted_alone():
    counts("boris", 4)
    assert counts("vera", 1) == [False]
