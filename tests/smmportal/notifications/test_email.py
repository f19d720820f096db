"""Letters over a real mail server on this machine."""

from datetime import timedelta

import pytest
from django.utils import timezone

from smmportal.notifications.actions import announce, deliver, deliver_due, write_to_address
from smmportal.notifications.models import Delivery, Notification
from tests.smmportal.notifications.racing import at_once


def tell(person, **fields) -> Notification:
    facts = {"organisation": "Roast No. 7", **fields}
    announce("person.joined", to=[person], about=person, by=fields.pop("by", None), url="/settings/", facts=facts)
    return Notification.objects.latest("pk")


def later(minutes: float) -> None:
    """As if so much time had passed for everything that waits."""
    for delivery in Delivery.objects.filter(sent_at=None):
        Delivery.objects.filter(pk=delivery.pk).update(
            next_attempt_at=delivery.next_attempt_at - timedelta(minutes=minutes)
        )


def body_of(letter, kind: str) -> str:
    return letter.get_body((kind,)).get_content()


def test_a_letter_goes_out_with_its_headers_and_both_bodies(cast, mailbox):
    notification = tell(cast.manager, by="Katya")
    assert deliver_due() == 1
    (letter,) = mailbox.letters
    assert {
        name: letter[name] for name in ("To", "From", "Subject", "Message-ID", "Auto-Submitted", "Content-Type")
    } | {"Content-Type": letter.get_content_type()} == {
        "To": "manager@agency.example",
        "From": "portal@portal.example",
        "Subject": "Katya has joined Roast No. 7",
        "Message-ID": f"<notification-{notification.pk}-email@portal.example>",
        "Auto-Submitted": "auto-generated",
        "Content-Type": "multipart/alternative",
    }
    assert body_of(letter, "plain").replace("\r", "").strip() == (
        "Katya has accepted the invitation to Roast No. 7.\n\n"
        "http://portal.example/settings/\n\n—\n"
        "You can choose which letters you get: http://portal.example/notifications/settings/"
    )


def test_a_letter_is_in_its_readers_language(cast, mailbox):
    cast.manager.language = "ru"
    cast.manager.save()
    tell(cast.manager, by="Катя")
    tell(cast.owner, by="Катя")
    deliver_due()
    assert {letter["To"]: letter["Subject"].strip() for letter in mailbox.letters} == {
        "manager@agency.example": "Катя теперь в организации «Roast No. 7»",
        "owner@agency.example": "Катя has joined Roast No. 7",
    }


def test_names_in_a_letter_are_text(cast, mailbox):
    tell(cast.manager, by="<a href='http://evil.example'>Katya</a>", organisation="Roast\nBcc: all@x.example")
    deliver_due()
    (letter,) = mailbox.letters
    assert letter["Subject"] == "<a href='http://evil.example'>Katya</a> has joined Roast Bcc: all@x.example"
    assert (letter["Bcc"], "<a href='http://evil" in body_of(letter, "html")) == (None, False)
    assert "&lt;a href=&#x27;http://evil.example&#x27;&gt;Katya" in body_of(letter, "html")


def test_an_invitation_speaks_of_no_settings_and_its_link_is_only_in_the_letter(cast, mailbox):
    write_to_address(
        "person.invited",
        "new@x.example",
        language="en",
        facts={"organisation": "Roast", "inviter": "", "role": "contact", "expires_at": "2026-11-30T09:00:00+00:00"},
        secret_url="http://portal.example/invitation/secret/",
    )
    deliver_due()
    text = body_of(mailbox.letters[0], "plain")
    assert ("http://portal.example/invitation/secret/" in text, "/notifications/settings/" in text) == (True, False)
    assert "works once and until 30 November 2026" in text


def test_a_refused_mailbox_is_tried_again_with_pauses_and_then_given_up(cast, mailbox):
    mailbox.refused.add("manager@agency.example")
    tell(cast.manager, by="Katya")
    pauses = []
    for _attempt in range(5):
        before = timezone.now()
        assert (deliver_due(), deliver_due()) == (0, 0)
        delivery = Delivery.objects.get(channel="email")
        pauses.append(round((delivery.next_attempt_at - before).total_seconds() / 60))
        later(pauses[-1] + 1)
    assert (pauses, delivery.attempts, delivery.failed_at) == ([1, 5, 30, 120, 480], 5, None)
    assert deliver_due() == 0
    delivery.refresh_from_db()
    assert (delivery.attempts, delivery.failed_at is not None, delivery.sent_at) == (6, True, None)
    assert delivery.error.startswith("SMTPRecipientsRefused: {'manager@agency.example': (550, b'No such mailbox')}")
    later(100000)
    assert (deliver_due(), mailbox.letters) == (0, [])


def test_a_mailbox_that_comes_back_gets_its_letter_once(cast, mailbox):
    mailbox.refused.add("manager@agency.example")
    tell(cast.manager, by="Katya")
    deliver_due()
    mailbox.refused.clear()
    later(2)
    assert (deliver_due(), deliver_due(), len(mailbox.letters)) == (1, 0, 1)
    delivery = Delivery.objects.get(channel="email")
    assert (delivery.attempts, delivery.error, delivery.sent_at is not None) == (2, "", True)


def test_one_bad_mailbox_keeps_no_other_letter_back(cast, mailbox):
    mailbox.refused.add("manager@agency.example")
    announce("person.joined", to=[cast.manager, cast.owner], about=cast.client, facts={"organisation": "Roast"})
    assert deliver_due() == 1
    assert [letter["To"] for letter in mailbox.letters] == ["owner@agency.example"]


def test_a_mail_server_that_is_down_is_only_a_reason_to_try_again(cast, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    tell(cast.manager, by="Katya")
    assert deliver_due() == 0
    assert Delivery.objects.get(channel="email").error.startswith("ConnectionRefusedError")


@pytest.mark.django_db(transaction=True)
def test_two_workers_send_one_letter(cast, mailbox):
    tell(cast.manager, by="Katya")
    delivery = Delivery.objects.get(channel="email")
    assert at_once(*[lambda: deliver(Delivery.objects.get(pk=delivery.pk))] * 6) == [False] * 5 + [True]
    assert len(mailbox.letters) == 1


@pytest.mark.django_db(transaction=True)
def test_without_the_claim_both_send(cast, mailbox):
    """The control arm: looking and then sending, with nothing claimed in between."""
    from smmportal.notifications.channels import CHANNELS
    from smmportal.notifications.wording import message_for

    tell(cast.manager, by="Katya")
    delivery = Delivery.objects.get(channel="email")

    def careless() -> bool:
        found = Delivery.objects.due().filter(pk=delivery.pk).first()
        CHANNELS["email"].send(message_for(found))
        return True

    assert at_once(careless, careless) == [True, True]
    assert len(mailbox.letters) == 2


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_died_while_sending_gives_the_letter_back(cast, mailbox):
    tell(cast.manager, by="Katya")
    Delivery.objects.filter(channel="email").update(attempts=1, next_attempt_at=timezone.now() + Delivery.CLAIMED_FOR)
    assert deliver_due() == 0
    later(6)
    assert deliver_due() == 1
