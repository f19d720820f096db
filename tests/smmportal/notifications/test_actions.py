"""Who is told of what, by which way, and how often."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone, translation

from smmportal.notifications.actions import announce, choose_channels, forget_delivered_secrets, mark_read
from smmportal.notifications.events import EVENTS, choices
from smmportal.notifications.models import Delivery, Notification
from smmportal.notifications.queries import preferences_of, unread_count, wanted_channels
from smmportal.notifications.wording import sentence
from tests.builders import make_notification

JOINED = {"organisation": "Roast No. 7"}


def tell(*people, by=None, about=None) -> None:
    announce("person.joined", to=people, about=about or people[0], by=by, url="/settings/", facts=JOINED)


def told() -> set[tuple]:
    return {(each.notification.to.name, each.channel) for each in Delivery.objects.select_related("notification__to")}


def test_everyone_is_told_once_by_their_channels_and_never_the_author(cast):
    tell(cast.manager, cast.owner, cast.manager, by=cast.owner)
    assert told() == {("Maxim", "inapp"), ("Maxim", "email")}


def test_who_was_locked_out_is_not_told(cast):
    cast.manager.is_active = False
    cast.manager.save()
    tell(cast.manager)
    assert told() == set()


def test_what_is_not_wanted_is_not_sent_and_what_is_wanted_is(cast):
    choose_channels(cast.manager, {"person.joined": {"email": False}})
    choose_channels(cast.owner, {"person.joined": {"email": False, "inapp": False}})
    tell(cast.manager, cast.owner)
    assert (told(), Notification.objects.count()) == ({("Maxim", "inapp")}, 1)


def test_a_channel_that_is_off_by_default_may_be_chosen(cast):
    choose_channels(cast.manager, {"person.invited": {"inapp": True}})
    assert wanted_channels([cast.manager, cast.owner], "person.invited") == {
        cast.manager.pk: ["inapp", "email"],
        cast.owner.pk: ["email"],
    }


def test_the_last_word_counts(cast):
    for wanted in (False, True, False):
        choose_channels(cast.manager, {"person.joined": {"email": wanted}})
    assert preferences_of(cast.manager)["person.joined"] == {"inapp": True, "email": False}


@pytest.mark.parametrize("many", [1, 30])
def test_telling_costs_the_same_for_1_and_30(cast, django_assert_num_queries, many):
    from tests.builders import make_user

    people = [make_user(f"P{number}", f"p{number}@x.example") for number in range(many)]
    with django_assert_num_queries(5):  # preferences, a savepoint and its release, the notifications, the deliveries
        tell(*people)


def test_an_unknown_event_is_our_mistake(cast):
    with pytest.raises(AssertionError, match=r"no\.such is not a registered event"):
        announce("no.such", to=[cast.manager], about=cast.client)


@pytest.mark.parametrize("event", sorted(EVENTS))
@pytest.mark.parametrize("language", ["ru", "en"])
def test_every_event_has_its_words_in_both_languages(event, language):
    from django.template.loader import get_template

    assert get_template(f"messages/{event}/subject.txt") and get_template(f"messages/{event}/body.txt")
    with translation.override(language):
        assert str(EVENTS[event].name) != ""


def test_a_letter_that_was_asked_for_is_nobodys_choice():
    offered = {event.code for event in choices()}
    assert {"account.password_reset", "account.address_given", "person.invited"} & offered == set()
    assert {"person.joined", "role.changed"} <= offered


def test_a_sentence_is_in_the_language_of_whoever_reads_it_now(cast):
    notification = make_notification(cast.manager)
    with translation.override("ru"):
        russian = sentence(notification)
    with translation.override("en"):
        assert (russian, sentence(notification)) == (
            "Katya теперь в организации «Roast No. 7»",
            "Katya has joined Roast No. 7",
        )


def test_reading_concerns_only_ones_own(cast):
    mine, other = make_notification(cast.manager), make_notification(cast.owner)
    assert mark_read(cast.manager, ids=[mine.pk, other.pk]) == 1
    assert (unread_count(cast.manager), unread_count(cast.owner)) == (0, 1)
    assert (mark_read(cast.manager), mark_read(cast.owner), mark_read(cast.owner)) == (0, 1, 0)


def test_a_letter_by_mail_only_is_not_on_the_page(cast):
    choose_channels(cast.manager, {"person.joined": {"inapp": False}})
    tell(cast.manager)
    assert (Notification.objects.count(), unread_count(cast.manager)) == (1, 0)


def test_a_link_that_is_a_key_is_encrypted_and_dropped_after_a_week(cast):
    from smmportal.people.actions import invite

    _invitation, secret = invite(cast.client, email="new@x.example", role="viewer", by=cast.manager)
    with connection.cursor() as cursor:
        cursor.execute("SELECT secret_url FROM notifications_notification")
        (stored,) = cursor.fetchone()
    assert secret not in stored
    assert forget_delivered_secrets() == 0
    Notification.objects.update(created_at=timezone.now() - timedelta(days=8))
    assert (forget_delivered_secrets(), Notification.objects.get().secret_url) == (1, None)
