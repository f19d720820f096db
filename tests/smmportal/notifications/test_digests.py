"""What is small is gathered into one letter a day, and no letter that can wait comes at night."""

import random
import re
from datetime import UTC, datetime, time, timedelta

import pytest
from django.core import mail

from smmportal.demo.clock import moved_to
from smmportal.notifications.actions import announce, choose_hours, deliver_due, send_digests, write_to_address
from smmportal.notifications.models import Delivery, Notification
from smmportal.notifications.queries import unread_count
from smmportal.refusals import Refused
from tests.smmportal.notifications.racing import at_once

#: The cast lives by Moscow's clock: three hours ahead.
NOON = datetime(2026, 11, 23, 9, tzinfo=UTC)
EVENING = datetime(2026, 11, 23, 19, tzinfo=UTC)
MORNING = datetime(2026, 11, 24, 5, tzinfo=UTC)
DIGEST = datetime(2026, 11, 24, 6, tzinfo=UTC)


@pytest.fixture(autouse=True)
def night(settings):
    settings.QUIET_HOURS = (time(21), time(8))


def drift(*people, number: int = 1) -> None:
    evidence = {"task": f"Task {number}", "due_on": "2026-11-20"}
    facts = {"project": "Coffee", "kind": "action_overdue", "evidence": evidence, "name": {}}
    announce("alert.drift", to=people, about=people[0], url=f"/alerts/{number}/", facts=facts)


def tell(person, event: str = "person.joined") -> None:
    announce(event, to=[person], about=person, url="/settings/", facts={"organisation": "Roast No. 7"})


def work(moment: datetime) -> tuple[int, int]:
    """What the timetable does in one minute: how many digests were made, how many letters went out."""
    with moved_to(moment):
        return send_digests(), deliver_due()


def subjects(mailbox) -> list[tuple[str, str]]:
    return [(letter["To"], letter["Subject"].strip()) for letter in mailbox.letters]


def test_drift_is_on_the_portal_at_once_and_in_one_letter_in_the_morning(cast, mailbox):
    cast.manager.language = "ru"
    cast.manager.save()
    with moved_to(NOON):
        drift(cast.manager, cast.owner, number=1)
        drift(cast.manager, number=2)
    assert (unread_count(cast.manager), work(EVENING), work(DIGEST - timedelta(minutes=1))) == (2, (0, 0), (0, 0))
    assert (work(DIGEST), work(DIGEST), work(DIGEST + timedelta(hours=1))) == ((2, 2), (0, 0), (0, 0))
    letters = {letter["To"]: letter.get_body(("plain",)).get_content() for letter in mailbox.letters}
    assert [
        re.findall(r"http://portal.example\S*", letters[f"{name}@agency.example"]) for name in ("manager", "owner")
    ] == [
        [
            "http://portal.example/alerts/1/",
            "http://portal.example/alerts/2/",
            "http://portal.example/notifications/",
            "http://portal.example/notifications/settings/",
        ],
        [
            "http://portal.example/alerts/1/",
            "http://portal.example/notifications/",
            "http://portal.example/notifications/settings/",
        ],
    ]
    assert "— “Coffee”: Was to be done by 20 November: Task 1" in letters["owner@agency.example"]
    assert "— «Coffee»" in letters["manager@agency.example"]
    assert Delivery.objects.filter(sent_at=None).count() == 0


def test_every_line_of_the_letter_is_a_link(cast, mailbox):
    with moved_to(NOON):
        drift(cast.owner, number=1)
        drift(cast.owner, number=2)
    work(DIGEST)
    html = mailbox.letters[0].get_body(("html",)).get_content()
    assert re.findall(r'<li><a href="http://portal.example(/alerts/\d/)">[^<]+</a></li>', html) == [
        "/alerts/1/",
        "/alerts/2/",
    ]


def test_a_day_without_news_has_no_letter(cast, mailbox):
    assert (work(DIGEST), mailbox.letters) == ((0, 0), [])


def test_a_digest_is_nothing_to_read_on_the_portal(cast, mailbox):
    with moved_to(NOON):
        drift(cast.owner)
    work(DIGEST)
    assert (unread_count(cast.owner), Notification.objects.filter(event="digest").count()) == (1, 1)


def test_what_comes_after_the_letter_of_the_day_waits_for_the_next(cast, mailbox):
    with moved_to(NOON):
        drift(cast.owner, number=1)
    work(DIGEST)
    with moved_to(NOON):  # written by a slow worker, for the letter that is out already
        drift(cast.owner, number=2)
    assert [work(DIGEST), work(DIGEST + timedelta(hours=3)), work(DIGEST + timedelta(days=1))] == [
        (0, 0),
        (0, 0),
        (1, 1),
    ]
    assert "/alerts/2/" in mailbox.letters[1].get_body(("plain",)).get_content()


def test_a_digest_that_is_late_does_not_come_at_night(cast, mailbox):
    with moved_to(NOON):
        drift(cast.owner)
    night = datetime(2026, 11, 24, 20, tzinfo=UTC)
    assert [work(night), work(MORNING + timedelta(days=1))] == [(0, 0), (1, 1)]


def test_a_mailbox_that_refuses_gets_its_digest_later_and_whole(cast, mailbox):
    mailbox.refused.add("owner@agency.example")
    with moved_to(NOON):
        drift(cast.owner, number=1)
    assert work(DIGEST) == (1, 0)
    mailbox.refused.clear()
    assert (work(DIGEST + timedelta(minutes=2)), len(mailbox.letters)) == ((0, 1), 1)
    assert Delivery.objects.filter(sent_at=None).count() == 0


def test_a_usual_letter_waits_for_the_morning_and_an_urgent_one_does_not(cast, mailbox):
    with moved_to(EVENING):
        tell(cast.owner)
        facts = {"project": "Coffee", "kind": "chance", "evidence": {"chance": 0.1}, "name": {"en": "Followers"}}
        announce("alert.urgent", to=[cast.owner], about=cast.owner, url="/alerts/1/", facts=facts)
        write_to_address(
            "account.password_reset", "x@x.example", language="en", facts={}, secret_url="http://x.example/"
        )
    assert (work(EVENING)[1], work(MORNING - timedelta(minutes=1))[1], work(MORNING)[1]) == (2, 0, 1)
    assert subjects(mailbox)[0] == (
        "owner@agency.example",
        "“Coffee”: “Followers”: the chance of reaching the target in time is about 10%",
    )


def test_waiting_for_the_morning_is_no_attempt(cast, mailbox):
    with moved_to(EVENING):
        tell(cast.owner)
    work(EVENING)
    delivery = Delivery.objects.get(channel="email")
    assert (delivery.attempts, delivery.next_attempt_at) == (0, MORNING)


def test_ones_own_hours_count(cast, mailbox):
    with moved_to(NOON):
        choose_hours(cast.owner, digest_at=time(18), quiet_from=None, quiet_to=None)
        drift(cast.owner)
        tell(cast.owner)
    assert [work(EVENING - timedelta(hours=4, minutes=1)), work(EVENING - timedelta(hours=4))] == [(0, 1), (1, 1)]


def test_what_is_gathered_moves_with_the_hour(cast, mailbox):
    with moved_to(NOON):
        drift(cast.owner)
        choose_hours(cast.owner, digest_at=time(15), quiet_from=time(22), quiet_to=time(7))
    assert work(NOON + timedelta(hours=3)) == (1, 1)


@pytest.mark.parametrize("hours", [(time(22), None), (None, time(7)), (time(7), time(7))])
def test_half_a_night_is_refused(cast, hours):
    with pytest.raises(Refused):
        choose_hours(cast.owner, digest_at=time(9), quiet_from=hours[0], quiet_to=hours[1])


def test_gathering_costs_the_same_for_1_and_30(cast, django_assert_num_queries):
    from tests.builders import make_user

    people = [make_user(f"P{number}", f"p{number}@x.example") for number in range(30)]
    for some in (people[:1], people):
        with django_assert_num_queries(7), moved_to(NOON):
            drift(*some)


@pytest.mark.django_db(transaction=True)
def test_two_workers_make_one_digest_and_send_one_letter(cast, mailbox):
    with moved_to(NOON):
        drift(cast.owner, number=1)
        drift(cast.owner, number=2)
    with moved_to(DIGEST):
        assert at_once(*[send_digests] * 4) == [0, 0, 0, 1]
        assert at_once(*[deliver_due] * 4) == [0, 0, 0, 1]
    assert len(mailbox.letters) == 1


@pytest.mark.parametrize("seed", range(4))
def test_nothing_is_lost_and_nothing_is_told_twice(cast, seed):
    """A fortnight of news at any hour, workers that come when they come, and a reader who changes their mind."""
    dice, moment, sent = random.Random(seed), NOON, 0
    while moment < NOON + timedelta(days=14):
        with moved_to(moment):
            for _news in range(dice.choice((0, 0, 1, 3))):
                sent += 1
                drift(cast.owner, number=sent)
            if dice.random() < 0.1:
                choose_hours(cast.owner, digest_at=time(dice.randrange(24)), quiet_from=time(21), quiet_to=time(8))
            if dice.random() < 0.7:
                send_digests()
                deliver_due()
        moment += timedelta(minutes=dice.randrange(20, 400))
    for day in range(3):
        work(moment + timedelta(days=day))
    told = [int(number) for letter in mail.outbox for number in re.findall(r"/alerts/(\d+)/", letter.body)]
    assert sorted(told) == list(range(1, sent + 1))
    days = [digest.digest_of for digest in Notification.objects.filter(event="digest")]
    assert len(days) == len(set(days)) == len(mail.outbox)


# --- The page and the API -------------------------------------------------------------------------------------------


def test_the_hours_are_set_on_the_page(cast, browse):
    browser = browse(cast.owner)
    text = browser.get("/notifications/settings/").content.decode()
    assert [f'value="{clock}"' in text for clock in ("09:00", "21:00", "08:00")] == [True, True, True]
    answer = browser.post("/notifications/hours/", {"digest_at": "10:30", "quiet_from": "", "quiet_to": ""})
    assert (answer.status_code, answer["Location"]) == (302, "/notifications/settings/")
    text = browser.get("/notifications/settings/").content.decode()
    assert ['value="10:30"' in text, 'value="21:00"' in text] == [True, False]


def test_half_a_night_is_refused_at_the_form_and_nothing_is_lost(cast, browse):
    answer = browse(cast.owner).post("/notifications/hours/", {"digest_at": "10:30", "quiet_from": "22:00"})
    assert answer.status_code == 422
    text = answer.content.decode()
    assert ["Quiet hours need both a beginning and an end." in text, 'value="22:00"' in text] == [True, True]


def test_the_hours_through_the_api(cast, api):
    mine = api(cast.owner)
    assert mine.get("/api/v1/preferences/hours/").json() == {
        "digest_at": "09:00",
        "quiet_from": "21:00",
        "quiet_to": "08:00",
    }
    said = {"digest_at": "07:45", "quiet_from": None, "quiet_to": None}
    assert mine.put("/api/v1/preferences/hours/", said, format="json").json() == said
    half = {**said, "quiet_from": "22:00"}
    assert mine.put("/api/v1/preferences/hours/", half, format="json").status_code == 409
    assert mine.get("/api/v1/preferences/hours/").json() == said
