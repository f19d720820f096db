import json
import logging
import sys

import pytest

from smmportal.logs import AddContext, JsonLines, Request, current_request


def line_of(message: str, *args: object, error: bool = False, **extra: object) -> dict:
    """What one call of a logger writes."""
    record = logging.getLogger("portal.test").makeRecord(
        "portal.test",
        logging.WARNING,
        __file__,
        1,
        message,
        args,
        sys.exc_info() if error else None,
        extra=extra,
    )
    record.created = 1795424400.5
    AddContext().filter(record)
    written = JsonLines().format(record)
    assert "\n" not in written
    return json.loads(written)


def test_a_line_is_json_with_the_request_it_belongs_to():
    token = current_request.set(Request(id="request-0042", address="203.0.113.9"))
    try:
        line = line_of("pulled %d points", 90, source=7)
    finally:
        current_request.reset(token)
    assert line == {
        "at": "2026-11-23T09:00:00.500+00:00",
        "level": "warning",
        "from": "portal.test",
        "said": "pulled 90 points",
        "request_id": "request-0042",
        "source": 7,
    }


def test_outside_a_request_the_id_is_empty():
    assert line_of("tick")["request_id"] == ""


def test_a_traceback_stays_on_the_line():
    try:
        raise ValueError("broken\nin two")
    except ValueError:
        line = line_of("failed", error=True)
    assert "ValueError: broken\nin two" in line["traceback"]


def test_what_json_does_not_know_is_written_as_text_and_cyrillic_as_it_is():
    line = line_of("сбой", about=Request(id="x"))
    assert (line["said"], line["about"]) == ("сбой", "Request(id='x', address='')")


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("Gone: /delegated/AbC-123_x/", "Gone: /delegated/…/"),
        ('"GET /invitation/AbC-123_x/ HTTP/1.1" 404', '"GET /invitation/…/ HTTP/1.1" 404'),
        ("Conflict: /delegated/AbC/answers/A1/files/", "Conflict: /delegated/…/answers/A1/files/"),
        ("Not Found: /projects/7/", "Not Found: /projects/7/"),
    ],
)
def test_an_address_that_is_a_key_is_not_written_down(said, written):
    record = logging.LogRecord("django.request", logging.WARNING, __file__, 1, "%s", (said,), None)
    assert json.loads(JsonLines().format(record))["said"] == written


def test_django_writes_nowhere_else():
    assert logging.getLogger("django").handlers == []
