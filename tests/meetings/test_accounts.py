"""Calendars on a CalDAV server that no one here wrote (Radicale), over real HTTP."""

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from meetings import accounts, subscriptions
from meetings.models import BusyTime, CalendarAccount, CalendarSubscription
from smmportal.encryption import encrypted_fields
from smmportal.refusals import Refused
from tests.meetings.radicale import LOGIN, PASSWORD, Radicale, running

MOSCOW = ZoneInfo("Europe/Moscow")
HOUR = timedelta(hours=1)


def event(uid: str, *lines: str) -> bytes:
    """A calendar of one event, or of one with its exceptions (each line that is empty begins another)."""
    parts = "\n".join(lines).split("\n\n")
    events = "".join(
        f"BEGIN:VEVENT\nUID:{uid}\nDTSTAMP:20260101T000000Z\nSUMMARY:Private\n{part}\nEND:VEVENT\n" for part in parts
    )
    return f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\n{events}END:VCALENDAR\n".replace("\n", "\r\n").encode()


@pytest.fixture
def tomorrow() -> datetime:
    """At noon in UTC: 15:00 in Moscow."""
    return (timezone.now() + timedelta(days=1)).replace(hour=12, minute=0, second=0, microsecond=0)


@pytest.fixture
def server(settings, tmp_path, tomorrow) -> Iterator[Radicale]:
    with running(tmp_path) as found:
        settings.TRUSTED_BASES = [*settings.TRUSTED_BASES, found.base]
        found.make("work", "Work")
        found.make("home", "Home & family")
        found.make("tasks", "To do", kind="VTODO")
        found.put("work/one.ics", event("one", f"DTSTART:{tomorrow:%Y%m%dT%H%M%SZ}", "DURATION:PT1H"))
        found.asked.clear()
        yield found


def connect(cast, radicale: Radicale, **said) -> CalendarAccount:
    fields = {"provider": "other", "login": LOGIN, "password": PASSWORD, "server": radicale.base}
    return accounts.connect(cast.manager, **{**fields, **said})


def count(account: CalendarAccount, *names: str) -> list[CalendarSubscription]:
    wanted = [each["address"] for each in account.found if each["name"] in names]
    return accounts.choose(account, addresses=wanted, by=account.person)


def busy() -> list[tuple[datetime, datetime]]:
    return list(BusyTime.objects.order_by("starts_at").values_list("starts_at", "ends_at"))


def read_again(**said) -> CalendarSubscription:
    CalendarSubscription.objects.update(next_read_at=timezone.now(), **said)
    subscriptions.read_due()
    return CalendarSubscription.objects.get()


def test_the_calendars_of_a_login_are_found_by_their_names(cast, server):
    account = connect(cast, server)
    assert sorted(each["name"] for each in account.found) == ["Home & family", "Work"]
    assert server.asked == ["PROPFIND"] * 3


def test_only_what_was_ticked_counts(cast, server, tomorrow):
    account = connect(cast, server)
    server.put("home/two.ics", event("two", f"DTSTART:{tomorrow + HOUR:%Y%m%dT%H%M%SZ}", "DURATION:PT1H"))
    count(account, "Work")
    assert busy() == [(tomorrow, tomorrow + HOUR)]
    count(account, "Home & family")
    assert busy() == [(tomorrow + HOUR, tomorrow + 2 * HOUR)]


def test_recurring_all_day_free_and_cancelled_events(cast, server, tomorrow):
    """A call on three days of Moscow, one moved and one left out; a whole day; what is no busy time."""
    account = connect(cast, server)
    first = tomorrow.astimezone(MOSCOW).replace(hour=10)
    days = [first + timedelta(days=number) for number in range(5)]
    zone = "DTSTART;TZID=Europe/Moscow:"
    server.put(
        "home/series.ics",
        event(
            "series",
            f"{zone}{first:%Y%m%dT%H%M%S}",
            "DURATION:PT30M",
            "RRULE:FREQ=DAILY;COUNT=3",
            f"EXDATE;TZID=Europe/Moscow:{days[2]:%Y%m%dT%H%M%S}",
            "",
            f"RECURRENCE-ID;TZID=Europe/Moscow:{days[1]:%Y%m%dT%H%M%S}",
            f"{zone}{days[1] + HOUR:%Y%m%dT%H%M%S}",
            "DURATION:PT30M",
        ),
    )
    whole = days[3].date()
    server.put("home/day.ics", event("day", f"DTSTART;VALUE=DATE:{whole:%Y%m%d}"))
    at = f"{zone}{days[4]:%Y%m%dT%H%M%S}"
    server.put("home/free.ics", event("free", at, "DURATION:PT1H", "TRANSP:TRANSPARENT"))
    server.put("home/off.ics", event("off", at, "DURATION:PT1H", "STATUS:CANCELLED"))
    count(account, "Home & family")
    midnight = datetime.combine(whole, datetime.min.time(), MOSCOW)
    half = HOUR / 2
    assert busy() == [
        (days[0], days[0] + half),
        (days[1] + HOUR, days[1] + HOUR + half),
        (midnight, midnight + timedelta(days=1)),
    ]


def test_a_calendar_that_stays_the_same_costs_one_small_question(cast, server, tomorrow):
    count(connect(cast, server), "Work")
    read_again()
    server.asked.clear()
    read_again()
    assert server.asked == ["PROPFIND"]
    server.put("work/two.ics", event("two", f"DTSTART:{tomorrow + 3 * HOUR:%Y%m%dT%H%M%SZ}", "DURATION:PT1H"))
    server.asked.clear()
    read_again()
    assert (server.asked, len(busy())) == (["PROPFIND", "REPORT"], 2)


def test_a_password_that_ends_leaves_the_busy_times_and_says_what_to_do(cast, server, tomorrow):
    account = connect(cast, server)
    count(account, "Work")
    CalendarAccount.objects.update(key={**account.key, "password": "another-password"})
    row = read_again()
    assert (row.trouble, row.failures, busy()) == ("login", 1, [(tomorrow, tomorrow + HOUR)])
    connect(cast, server)
    again = read_again()
    assert (CalendarAccount.objects.count(), again.trouble, again.failures) == (1, "", 0)


def test_a_calendar_that_is_gone_says_so(cast, server):
    count(connect(cast, server), "Work")
    server.send("DELETE", "work/")
    assert read_again().trouble == "refused"


@pytest.mark.parametrize(
    "said, code",
    [
        ({"password": "wrong-password"}, "login"),
        ({"server": "http://127.0.0.1:9/"}, "unreachable"),
        ({"server": "http://10.0.0.1/"}, "unreachable"),
        ({"server": "file:///etc/passwd"}, "unreachable"),
        ({"server": ""}, "no-server"),
    ],
)
def test_what_does_not_work_is_refused_with_its_reason(cast, server, said, code):
    with pytest.raises(Refused) as refusal:
        connect(cast, server, **said)
    assert (refusal.value.code, CalendarAccount.objects.exists()) == (code, False)


def test_nextcloud_needs_only_its_name():
    nextcloud = accounts.PROVIDERS["nextcloud"]
    assert [
        accounts.server_of(nextcloud, given) for given in ("cloud.x.example", "https://x.example/nc/remote.php/dav")
    ] == [
        "https://cloud.x.example/remote.php/dav/",
        "https://x.example/nc/remote.php/dav",
    ]


def test_the_login_is_kept_like_a_key_and_never_logged(cast, server, caplog, api, browse):
    caplog.set_level(logging.DEBUG)
    account = connect(cast, server)
    count(account, "Work")
    read_again()
    told = " ".join(str(vars(line)) for line in caplog.records if not line.name.startswith("radicale"))
    assert [secret in told for secret in (LOGIN, PASSWORD, account.found[0]["address"])] == [False, False, False]
    assert {CalendarAccount._meta.get_field(name) for name in ("key", "found")} <= set(encrypted_fields())
    page = browse(cast.manager).get(reverse("meetings:availability")).content.decode()
    listed = api(cast.manager).get(reverse("api:calendar_accounts")).json()["results"]
    assert [secret in page + str(listed) for secret in (LOGIN, PASSWORD, server.base)] == [False, False, False]


def test_the_pages_connect_choose_and_disconnect(cast, server, browse):
    page = browse(cast.manager)
    said = {"provider": "other", "login": LOGIN, "password": PASSWORD, "server": server.base}
    assert page.post(reverse("meetings:account_new"), {**said, "password": "wrong-password"}).status_code == 422
    to = page.post(reverse("meetings:account_new"), said)["Location"]
    shown = page.get(to).content.decode()
    assert ["Work" in shown, "Home &amp; family" in shown, "To do" in shown] == [True, True, False]
    work = next(number for number, each in enumerate(CalendarAccount.objects.get().found) if each["name"] == "Work")
    page.post(to, {"calendars": [str(work)]})
    assert [(row.name, row.trouble) for row in CalendarSubscription.objects.all()] == [("Work", "")]
    page.post(reverse("meetings:account_removal", args=[CalendarAccount.objects.get().pk]))
    assert (CalendarAccount.objects.exists(), BusyTime.objects.exists()) == (False, False)


def test_the_api_connects_and_chooses(cast, server, api):
    program = api(cast.manager)
    said = {"provider": "other", "login": LOGIN, "password": PASSWORD, "server": server.base}
    made = program.post(reverse("api:calendar_accounts"), said, format="json").json()
    numbers = {each["name"]: each["number"] for each in made["calendars"]}
    chosen = program.put(reverse("api:calendar_account", args=[made["id"]]), {"busy": [numbers["Work"]]}, format="json")
    assert {each["name"]: each["is_busy"] for each in chosen.json()["calendars"]} == {
        "Work": True,
        "Home & family": False,
    }
