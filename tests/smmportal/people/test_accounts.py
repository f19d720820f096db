"""Logging in, forgotten passwords, sessions: what allauth does for us, as we set it."""

import re

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client

from smmportal.notifications.actions import deliver_due
from smmportal.notifications.models import Notification
from smmportal.people.models import User
from tests.builders import PASSWORD

LOGIN, NEW = "/accounts/login/", "a-brand-new-anchor-3"


@pytest.fixture(autouse=True)
def fresh_counters(db):
    cache.clear()
    yield
    cache.clear()


def log_in(client: Client, email: str, password: str, **headers) -> int:
    return client.post(LOGIN, {"login": email, "password": password}, headers=headers).status_code


def test_the_right_password_lets_in_and_case_does_not_matter(cast, client):
    assert log_in(client, "Manager@Agency.example", PASSWORD) == 302
    assert client.get("/settings/").status_code == 200


def test_guessing_a_password_is_stopped_even_when_the_next_guess_is_right(cast, client):
    for _guess in range(5):
        assert log_in(client, cast.manager.email, "wrong") == 200
    stopped = client.post(LOGIN, {"login": cast.manager.email, "password": PASSWORD}, headers={"Accept-Language": "en"})
    assert (stopped.status_code, "_auth_user_id" in client.session) == (200, False)
    assert "Too many failed login attempts." in stopped.content.decode()
    assert log_in(Client(), cast.owner.email, PASSWORD) == 302


def test_knocking_from_one_address_is_limited(cast, client):
    statuses = [log_in(client, f"nobody{number}@x.example", "wrong") for number in range(31)]
    assert (statuses[0], statuses[-1]) == (200, 429)


def test_nobody_signs_up_by_themselves(client, db):
    form = {"email": "new@x.example", "password1": NEW}
    assert client.post("/accounts/signup/", form).status_code == 200
    assert User.objects.count() == 0


def test_who_was_locked_out_neither_logs_in_nor_stays(cast, client, browse):
    inside = browse(cast.manager)
    cast.manager.is_active = False
    cast.manager.save()
    assert inside.get("/settings/").status_code == 302
    log_in(client, cast.manager.email, PASSWORD)
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_the_login_sends_nobody_to_another_site(cast, client, target):
    answer = client.post(f"{LOGIN}?next={target}", {"login": cast.manager.email, "password": PASSWORD, "next": target})
    assert answer["Location"] == "/"


def forget(client: Client, email: str, **headers):
    return client.post("/accounts/password/reset/", {"email": email}, headers=headers)


def test_a_forgotten_password_is_replaced_by_the_link_in_the_letter(cast, client, browse):
    inside = browse(cast.manager)
    assert forget(client, cast.manager.email, host="evil.example").status_code == 302
    assert deliver_due() == 1
    (letter,) = mail.outbox
    assert (letter.to, letter.subject) == (["manager@agency.example"], "A new password for the project portal")
    (link,) = re.findall(r"http://portal\.example(/accounts/password/reset/key/\S+)", letter.body)
    assert "evil.example" not in letter.body
    page = client.get(link, follow=True)
    address = page.redirect_chain[-1][0]
    assert client.post(address, {"password1": NEW, "password2": NEW}).status_code == 302
    cast.manager.refresh_from_db()
    assert (cast.manager.check_password(NEW), cast.manager.check_password(PASSWORD)) == (True, False)
    # Whoever was in with the old password is out, and the link is spent.
    assert inside.get("/settings/").status_code == 302
    assert "password1" not in Client().get(link, follow=True).content.decode()


def test_a_weak_new_password_is_refused(cast, client):
    forget(client, cast.manager.email)
    link = Notification.objects.get().secret_url.removeprefix("http://portal.example")
    address = client.get(link, follow=True).redirect_chain[-1][0]
    assert client.post(address, {"password1": "12345678", "password2": "12345678"}).status_code == 200
    cast.manager.refresh_from_db()
    assert cast.manager.check_password(PASSWORD)


def test_an_unknown_address_gets_the_same_answer_and_no_letter(cast, client):
    known, unknown = forget(client, cast.manager.email), forget(client, "nobody@x.example")
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert [each.address for each in Notification.objects.all()] == ["manager@agency.example"]


def test_letters_about_one_password_are_limited(cast, client):
    statuses = [forget(client, cast.manager.email).status_code for _time in range(6)]
    assert (statuses[-1], Notification.objects.count()) == (429, 5)


def test_other_sessions_can_be_ended(cast):
    here, there = Client(), Client()
    for browser in (here, there):
        assert log_in(browser, cast.manager.email, PASSWORD) == 302
        assert browser.get("/settings/").status_code == 200
    here.post("/accounts/sessions/")
    assert (here.get("/settings/").status_code, there.get("/settings/").status_code) == (200, 302)


def test_a_new_address_counts_only_after_its_letter_was_answered(cast, client):
    log_in(client, cast.manager.email, PASSWORD)
    client.post("/accounts/email/", {"action_add": "", "email": "decider@new.example"})
    cast.manager.refresh_from_db()
    assert cast.manager.email == "manager@agency.example"
    deliver_due()
    (link,) = re.findall(r"http://portal\.example(/accounts/confirm-email/\S+)", mail.outbox[-1].body)
    client.post(link)
    cast.manager.refresh_from_db()
    assert cast.manager.email == "decider@new.example"


def test_logging_out_needs_a_button(cast, browse):
    browser = browse(cast.manager)
    browser.get("/accounts/logout/")
    assert browser.get("/settings/").status_code == 200
    browser.post("/accounts/logout/")
    assert browser.get("/settings/").status_code == 302
