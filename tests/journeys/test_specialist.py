"""The specialist's day: a source that broke and is mended, and a table of numbers brought by hand."""

import csv
import io
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import TypeVar

import pytest
from django.db import connection
from django.utils import timezone
from playwright.sync_api import expect

from kpis import pulling
from kpis.actions.sources import connect_source
from kpis.models import Point, Source
from tests.journeys.conftest import DESK

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Result = TypeVar("Result")
CHANNELS = {"UCroastery": "Roast No. 7", "UCschool": "Coffee School"}
FIRST = date(2026, 8, 1)
DAYS = 60


@pytest.fixture
def source(cast, todays_sandbox) -> Source:
    said = {"platform": "vk", "credentials": {"token": "sandbox-token-of-vera"}, "external_id": "207700007"}
    return aside(lambda: connect_source(cast.project, **said, by=cast.specialist))


def aside(verb: Callable[[], Result]) -> Result:
    """In a thread of its own: the browser keeps this thread's event loop busy."""

    def run() -> Result:
        try:
            return verb()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(run).result()


def pull_due() -> None:
    """What the worker does at its next tick."""
    aside(pulling.pull_due)


def an_hour_passes() -> None:
    """Numbers just taken are not asked for again."""
    Source.objects.update(last_attempt_at=timezone.now() - timedelta(hours=1))


def test_a_source_that_broke_says_so_and_is_mended(cast, visit, source, todays_sandbox):
    pull_due()
    specialist = visit(cast.specialist, DESK)
    specialist.go(f"/projects/{cast.project.pk}/sources/")
    specialist.follow("Обжарка №7")
    specialist.sees("connected")
    todays_sandbox.misbehave("vk", "expired", times=20)
    an_hour_passes()
    specialist.press("Take numbers now")
    pull_due()
    specialist.go(source.get_absolute_url())
    specialist.sees("access lost")
    specialist.look()
    todays_sandbox.reset()
    specialist.follow("Replace the access")
    specialist.fill(token="sandbox-another-token-of-vera")
    specialist.press("Replace the access")
    pull_due()
    specialist.go(source.get_absolute_url())
    expect(specialist.page.locator("body")).not_to_contain_text("access lost")
    specialist.sees("connected")


def table() -> bytes:
    """Daily totals of two channels, as the platform's own export has them; one cell is spoiled."""
    out = io.StringIO()
    lines = csv.writer(out)
    lines.writerow(["date_utc", "channel_id", "channel_title", "subscribers", "views", "videos"])
    for index in range(DAYS):
        day = FIRST + timedelta(days=index)
        for channel, title in CHANNELS.items():
            lines.writerow([day, channel, title, 1000 + 3 * index, 50_000 + 170 * index, 40 + index // 7])
    return (
        out.getvalue()
        .replace("2026-08-02,UCroastery,Roast No. 7,1003,", "2026-08-02,UCroastery,Roast No. 7,a lot,")
        .encode()
    )


def test_a_table_is_looked_over_and_taken(cast, visit):
    specialist = visit(cast.specialist, DESK)
    page = specialist.go(f"/projects/{cast.project.pk}/sources/import/")
    page.set_input_files("#id_file", {"name": "channels.csv", "mimeType": "text/csv", "buffer": table()})
    specialist.press("Look at it")
    specialist.sees("of 2 accounts", re.compile(r"Line 4,\s+subscribers\."))
    specialist.press("Import")
    assert Point.objects.filter(series__metric="followers").count() == DAYS * len(CHANNELS) - 1
    roastery = Source.objects.get(title="Roast No. 7")
    specialist.go(roastery.get_absolute_url())
    expect(specialist.page.locator("main svg").first).to_be_visible()
    specialist.sees("Followers", "1,177")
