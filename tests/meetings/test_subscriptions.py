"""Calendars kept elsewhere, read over real HTTP."""

import logging
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.urls import reverse
from django.utils import timezone

from meetings import queries, subscriptions
from meetings.models import BusyTime, CalendarSubscription
from smmportal.encryption import encrypted_fields
from smmportal.refusals import Refused
from tests.meetings.test_busy import calendar


class Elsewhere:
    """A calendar server; `status` and `text` are what it answers with."""

    def __init__(self) -> None:
        self.status, self.text, self.asked = 200, b"", 0
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                outer.asked += 1
                is_known = self.headers.get("If-None-Match") == '"1"' and outer.status == 200
                self.send_response(304 if is_known else outer.status)
                self.send_header("ETag", '"1"')
                self.send_header("Content-Length", "0" if is_known else str(len(outer.text)))
                self.end_headers()
                if not is_known:
                    self.wfile.write(outer.text)

            def log_message(self, *_args):
                """Quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.base = f"http://127.0.0.1:{self.server.server_port}"
        self.address = f"{self.base}/private-very-secret/work.ics"


@pytest.fixture
def tomorrow() -> datetime:
    """At noon in UTC: 15:00 in Moscow."""
    return (timezone.now() + timedelta(days=1)).replace(hour=12, minute=0, second=0, microsecond=0)


@pytest.fixture
def elsewhere(settings, tomorrow) -> Iterator[Elsewhere]:
    found = Elsewhere()
    found.text = calendar(f"DTSTART:{tomorrow:%Y%m%dT%H%M%SZ}\nDURATION:PT1H\nSUMMARY:Dentist")
    settings.TRUSTED_BASES = [*settings.TRUSTED_BASES, found.base]
    yield found
    found.server.shutdown()


def subscribe(cast, elsewhere) -> CalendarSubscription:
    return subscriptions.subscribe(cast.manager, name="Work", address=elsewhere.address)


def busy() -> list[tuple[datetime, datetime]]:
    return list(BusyTime.objects.values_list("starts_at", "ends_at"))


def due(subscription: CalendarSubscription) -> CalendarSubscription:
    """As if its time had come."""
    CalendarSubscription.objects.filter(pk=subscription.pk).update(next_read_at=timezone.now())
    assert subscriptions.read_due() == 1
    return CalendarSubscription.objects.get(pk=subscription.pk)


def test_it_is_read_at_once_and_only_the_times_are_kept(cast, elsewhere, tomorrow):
    found = subscribe(cast, elsewhere)
    assert busy() == [(tomorrow, tomorrow + timedelta(hours=1))]
    assert (found.person, found.trouble, found.last_read_at is not None) == (cast.manager, "", True)
    assert {field.name for field in BusyTime._meta.concrete_fields} == {"id", "subscription", "starts_at", "ends_at"}


def test_who_is_busy_elsewhere_is_not_offered(cast, elsewhere, tomorrow):
    cast.project.timezone = "UTC"
    cast.project.save()
    window = {"first": tomorrow.replace(hour=0), "last": tomorrow + timedelta(days=4), "minutes": 60, "step": 60}
    before = queries.free_times(cast.project, [cast.manager], **window)
    subscribe(cast, elsewhere)
    after = queries.free_times(cast.project, [cast.manager], **window)
    taken = [slot for slot in before if slot.start == tomorrow]
    assert [slot for slot in before if slot not in after] == taken


def test_a_calendar_that_stays_the_same_is_not_sent_again(cast, elsewhere):
    found = due(subscribe(cast, elsewhere))
    was = busy()
    elsewhere.text = b"nothing"
    assert (due(found).trouble, busy(), elsewhere.asked) == ("", was, 3)


def test_once_a_day_it_is_read_in_full(cast, elsewhere):
    """What recurs reaches further each day."""
    found = subscribe(cast, elsewhere)
    CalendarSubscription.objects.update(last_read_at=timezone.now() - timedelta(days=1), etag="")
    BusyTime.objects.all().delete()
    assert (due(found).etag, len(busy())) == ("", 1)


@pytest.mark.parametrize(
    "status, text, trouble",
    [(403, b"", "refused"), (404, b"", "refused"), (500, b"", "unreachable"), (200, b"<html>", "no_calendar")],
)
def test_while_it_can_not_be_read_what_was_known_stays(cast, elsewhere, status, text, trouble):
    found = subscribe(cast, elsewhere)
    was = busy()
    elsewhere.status, elsewhere.text = status, text
    CalendarSubscription.objects.update(etag="")
    read = due(found)
    assert (read.trouble, read.failures, busy()) == (trouble, 1, was)
    assert read.next_read_at > timezone.now() + timedelta(minutes=10)


def test_after_trouble_it_is_asked_less_often_and_then_as_before(cast, elsewhere):
    found = subscribe(cast, elsewhere)
    elsewhere.status = 500
    pauses = [due(found).next_read_at - timezone.now() for _time in range(8)]
    assert [round(pause / timedelta(minutes=15)) for pause in pauses] == [1, 2, 4, 8, 16, 32, 48, 48]
    elsewhere.status = 200
    assert (due(found).failures, due(found).trouble) == (0, "")


@pytest.mark.parametrize("address", ["http://127.0.0.1:9/x.ics", "file:///etc/passwd", "nonsense", "http://10.0.0.1/a"])
def test_an_inner_address_is_never_asked(cast, address):
    with pytest.raises(Refused, match="can’t be read"):
        subscriptions.subscribe(cast.manager, name="Work", address=address)
    assert CalendarSubscription.objects.exists() is False


def test_the_same_calendar_is_not_added_twice(cast, elsewhere):
    subscribe(cast, elsewhere)
    with pytest.raises(Refused, match="already"):
        subscribe(cast, elsewhere)


def test_ten_are_as_many_as_are_read(cast, elsewhere):
    CalendarSubscription.objects.bulk_create(
        CalendarSubscription(person=cast.manager, name="x", address=f"https://x.example/{number}")
        for number in range(10)
    )
    with pytest.raises(Refused, match="Ten"):
        subscribe(cast, elsewhere)


def test_webcal_is_read_over_https():
    assert subscriptions.web_address(" webcal://x.example/a.ics ") == "https://x.example/a.ics"


def test_the_address_is_kept_like_a_key_and_never_logged(cast, elsewhere, caplog, api, browse):
    caplog.set_level(logging.DEBUG)
    found = due(subscribe(cast, elsewhere))
    assert "very-secret" not in caplog.text
    assert CalendarSubscription._meta.get_field("address") in encrypted_fields()
    page = browse(cast.manager).get(reverse("meetings:availability")).content.decode()
    listed = api(cast.manager).get(reverse("api:calendar_subscriptions")).json()["results"]
    assert ("very-secret" in page, "Work" in page) == (False, True)
    assert [(row["id"], row["name"], "address" in row) for row in listed] == [(found.pk, "Work", False)]


def test_off_the_list_its_times_are_forgotten(cast, elsewhere, api):
    found = subscribe(cast, elsewhere)
    assert api(cast.manager).delete(reverse("api:calendar_subscription", args=[found.pk])).status_code == 204
    assert (CalendarSubscription.objects.exists(), BusyTime.objects.exists()) == (False, False)


def test_the_page_adds_one(cast, elsewhere, browse):
    sent = {"name": "Work", "address": elsewhere.address}
    assert browse(cast.manager).post(reverse("meetings:subscription_new"), sent).status_code == 302
    assert CalendarSubscription.objects.get().name == "Work"
