import re

import pytest
from django.utils import timezone, translation

from smmportal.logs import NO_REQUEST, current_request
from smmportal.middleware import address_of


def test_every_answer_names_its_request(client):
    assert re.fullmatch("[0-9a-f]{32}", client.get("/healthz")["X-Request-ID"])


def test_the_proxys_own_id_is_kept(client):
    assert client.get("/healthz", headers={"X-Request-ID": "proxy-1234.abc"})["X-Request-ID"] == "proxy-1234.abc"


@pytest.mark.parametrize("nonsense", ["short", "a" * 65, "with space 12", 'quote"12345678', "<script>alert</script>"])
def test_an_id_that_is_nonsense_is_replaced(client, nonsense):
    assert client.get("/healthz", headers={"X-Request-ID": nonsense})["X-Request-ID"] != nonsense


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "203.0.113.9", "127.0.0.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "6.6.6.6, 203.0.113.9", "203.0.113.9"),
        (2, "6.6.6.6, 203.0.113.9, 198.51.100.2", "203.0.113.9"),
        (2, "203.0.113.9", "127.0.0.1"),
        (1, "nonsense", "127.0.0.1"),
        (1, "2001:db8::1", "2001:db8::1"),
        (1, "", "127.0.0.1"),
    ],
)
def test_the_address_is_what_our_own_proxies_say(rf, settings, proxies, forwarded, address):
    settings.TRUSTED_PROXIES = proxies
    assert address_of(rf.get("/", headers={"X-Forwarded-For": forwarded})) == address


def test_nothing_of_a_request_is_left_behind(client):
    client.get("/healthz")
    assert current_request.get() == NO_REQUEST


@pytest.mark.parametrize(("asked", "title"), [("ru", "Войти"), ("en", "Log in"), ("fr", "Войти"), ("", "Войти")])
def test_a_stranger_is_answered_as_the_browser_asks(client, db, asked, title):
    answer = client.get("/accounts/login/", headers={"Accept-Language": asked} if asked else {})
    assert title in answer.content.decode()


def test_a_person_is_answered_in_their_own_language_whatever_the_browser_says(cast, browse):
    cast.manager.language = "ru"
    cast.manager.save()
    answer = browse(cast.manager).get("/settings/", headers={"Accept-Language": "en"})
    assert (answer["Content-Language"], "Часовой пояс" in answer.content.decode()) == ("ru", True)


def test_the_switch_changes_the_persons_own_language(cast, browse):
    browser = browse(cast.manager)
    assert browser.post("/language/", {"language": "ru", "next": "/settings/"})["Location"] == "/settings/"
    assert browser.get("/settings/")["Content-Language"] == "ru"
    browser.post("/language/", {"language": "xx"})
    cast.manager.refresh_from_db()
    assert cast.manager.language == "ru"


def test_the_switch_sends_nobody_to_another_site(cast, browse):
    answer = browse(cast.manager).post("/language/", {"language": "ru", "next": "https://evil.example/"})
    assert answer["Location"] == "/"


def test_moments_are_shown_in_the_persons_zone(cast, browse, api):
    cast.manager.timezone = "Asia/Vladivostok"
    cast.manager.save()
    assert api(cast.manager).get("/api/v1/tokens/").json()["results"][0]["created_at"].endswith("+10:00")


def test_the_zone_and_the_language_do_not_outlive_the_request(cast, browse, api):
    cast.manager.timezone = "Asia/Vladivostok"
    cast.manager.save()
    zone = timezone.get_current_timezone_name()
    browse(cast.manager).get("/settings/")
    api(cast.manager).get("/api/v1/me/")
    assert timezone.get_current_timezone_name() == zone


def test_the_next_stranger_does_not_hear_the_last_persons_language(cast, browse, client):
    with translation.override("en"):
        cast.manager.language = "ru"
        cast.manager.save()
        browse(cast.manager).get("/settings/")
        assert "Log in" in client.get("/accounts/login/", headers={"Accept-Language": "en"}).content.decode()
