"""Connecting by a link: a browser that belongs to nobody, with the stand-in on the other end of the wire."""

import json
import logging
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kpis.actions import links as actions
from kpis.models import ConnectionLink, PlatformLogin, Source
from projects.actions import close_project
from smmportal.audit import AuditEntry
from smmportal.logs import JsonLines
from smmportal.notifications.models import Notification
from smmportal.people.models import Membership
from tests.builders import make_connection_link, make_source

TOKEN = "sandbox-user-7f3a9c"
ROAST = "207700007"
BLOCKED = "207700009"


@pytest.fixture
def link(cast, sandbox) -> ConnectionLink:
    return make_connection_link(cast, first_opened_at=timezone.now())


def at(link, rest: str = "") -> str:
    return f"/connection/{link.secret}/{rest}"


def granted(browser, link, token: str = TOKEN) -> str:
    """The address of the accounts that the token opens."""
    return browser.post(at(link, "platforms/vk/"), {"token": token, "community": ""}).headers["Location"]


# --- The visitor ----------------------------------------------------------------------------------------------------


def test_looking_changes_nothing_and_beginning_is_a_button(browse, cast, sandbox):
    link, browser = make_connection_link(cast), browse()
    text = browser.get(at(link)).text
    assert ("asks you to connect the accounts" in text, ">VK<" in text) == (True, False)
    assert ConnectionLink.objects.get().state == "sent"
    assert browser.post(at(link, "beginning/")).url == at(link)
    assert ConnectionLink.objects.get().state == "opened"
    assert f'href="{at(link)}platforms/vk/?lang=en"' in browser.get(at(link)).text


def test_from_a_pasted_token_to_a_source_of_the_clients(browse, cast, link):
    browser = browse()
    accounts = granted(browser, link)
    text = browser.get(accounts).text
    assert ("Обжарка №7" in text, "VK has blocked or deleted this community." in text, TOKEN in text) == (
        True,
        True,
        False,
    )
    assert browser.post(accounts, {"external_id": ROAST, "hint": ""}).url == at(link)
    source = Source.objects.select_related("login").get()
    assert (source.project, source.connected_by, source.login.organisation, source.login.granted_by) == (
        cast.project,
        cast.manager,
        cast.client,
        cast.manager,
    )
    text = browser.get(at(link)).text
    assert ("Connected, thank you" in text, "What will be read: Followers" in text) == (True, True)


def test_several_platforms_in_one_visit_until_done(browse, link):
    browser = browse()
    browser.post(granted(browser, link), {"external_id": ROAST, "hint": ""})
    telegram = {"token": "sandbox-bot", "channel": "@obzharka7"}
    answer = browser.post(at(link, "platforms/telegram/"), telegram)
    page = browser.get(answer.url)
    assert page.status_code == 200
    browser.post(answer.url, {"external_id": "@obzharka7", "hint": ""})
    end = browser.post(at(link, "end/"))
    assert ("Thank you, that is all" in end.text, "Обжарка №7" in end.text) == (True, True)
    assert sorted(Source.objects.values_list("platform", flat=True)) == ["telegram", "vk"]
    assert (ConnectionLink.objects.get().state, browser.get(at(link)).status_code) == ("finished", 410)


def test_the_maker_is_told_once_of_each_account(browse, cast, link):
    browser = browse()
    accounts = granted(browser, link)
    for _click in range(2):
        browser.post(accounts, {"external_id": ROAST, "hint": ""})
    told = Notification.objects.filter(event="source.connected_by_link")
    assert {note.to for note in told} == {cast.manager}
    used = AuditEntry.objects.filter(verb="connection_link.used")
    assert (Source.objects.count(), used.count()) == (1, 1)


def test_a_refused_token_is_explained_and_never_written_back(browse, link):
    answer = browse().post(at(link, "platforms/vk/"), {"token": "stolen-77", "community": "vk.com/coffee"})
    assert answer.status_code == 422
    assert [words in answer.text for words in ("no longer accepts", "vk.com/coffee", "stolen-77")] == [
        True,
        True,
        False,
    ]
    assert not PlatformLogin.objects.exists()


@pytest.mark.parametrize(("account", "words"), [(BLOCKED, "blocked or deleted"), ("1", "Choose one from the list")])
def test_an_account_that_can_not_be_read_is_not_connected(browse, link, account, words):
    browser = browse()
    answer = browser.post(granted(browser, link), {"external_id": account, "hint": ""})
    assert (words in answer.text, Source.objects.count()) == (True, 0)


def test_only_the_platforms_that_were_asked_for_are_shown_and_taken(browse, cast, sandbox):
    link = make_connection_link(cast, platforms=["telegram"], first_opened_at=timezone.now())
    browser = browse()
    text = browser.get(at(link)).text
    assert ("platforms/telegram/" in text, "platforms/vk/" in text) == (True, False)
    assert browser.get(at(link, "platforms/vk/")).status_code == 404
    assert browser.post(at(link, "platforms/vk/"), {"token": TOKEN}).status_code == 404
    assert not PlatformLogin.objects.exists()


def test_nothing_else_of_the_portal_is_seen(browse, cast, link):
    make_source(cast, title="Another page", external_id=ROAST)
    other = PlatformLogin.objects.get()
    other.organisation = cast.client
    other.save()
    browser = browse()
    pages = [browser.get(at(link)), browser.get(granted(browser, link))]
    assert ["Another page" in page.text or "/projects/" in page.text for page in pages] == [False, False]
    assert browser.get(at(link, f"accounts/{other.pk}/")).status_code == 404
    assert browser.get(f"/projects/{cast.project.pk}/sources/").status_code == 302


def test_one_links_access_is_not_opened_by_another(browse, cast, link):
    browser = browse()
    accounts = granted(browser, link)
    other = make_connection_link(cast, first_opened_at=timezone.now())
    assert browser.get(accounts.replace(link.secret, other.secret)).status_code == 404


@pytest.mark.parametrize("kind", ["reauthorise", "scope_missing"])
def test_a_lost_source_is_mended_by_the_link(browse, cast, link, kind):
    lost = make_source(cast, external_id=ROAST, error_kind=kind, error_words="x", next_pull_at=None)
    browser = browse()
    browser.post(granted(browser, link), {"external_id": ROAST, "hint": ""})
    lost.refresh_from_db()
    assert (lost.error_kind, lost.login.organisation, lost.next_pull_at <= timezone.now()) == ("", cast.client, True)


def test_a_source_that_works_keeps_its_access(browse, cast, link):
    source = make_source(cast, external_id=ROAST)
    browser = browse()
    browser.post(granted(browser, link), {"external_id": ROAST, "hint": ""})
    source.refresh_from_db()
    assert source.login.organisation == cast.agency


# --- The link itself ------------------------------------------------------------------------------------------------


def test_the_page_is_kept_out_of_caches_referrers_and_search(browse, link):
    browser = browse()
    for answer in (browser.get(at(link)), browser.get(granted(browser, link)), browser.get("/connection/never/")):
        assert (answer["Cache-Control"], answer["Referrer-Policy"], answer["X-Robots-Tag"]) == (
            "no-store, private",
            "no-referrer",
            "noindex, nofollow",
        )


@pytest.mark.parametrize(("chosen", "query", "shown"), [("ru", "", "ru"), ("en", "", "en"), ("ru", "?lang=en", "en")])
def test_the_page_speaks_the_chosen_language(browse, cast, sandbox, chosen, query, shown):
    answer = browse(headers={"Accept-Language": "en"}).get(at(make_connection_link(cast, language=chosen)) + query)
    words = {"ru": "Подключение аккаунтов", "en": "Connect accounts"}
    assert (words[shown] in answer.text, answer["Content-Language"]) == (True, shown)


@pytest.mark.parametrize(
    ("fields", "heading"),
    [
        ({"finished_at": timezone.now()}, "This link has done its work"),
        ({"revoked_at": timezone.now()}, "This link was revoked"),
        ({"expires_at": timezone.now() - timedelta(days=1)}, "This link is out of date"),
    ],
)
def test_a_closed_link_says_why_and_takes_nothing(browse, cast, sandbox, fields, heading):
    link = make_connection_link(cast, **fields)
    browser = browse()
    answers = [
        browser.get(at(link)),
        browser.post(at(link, "beginning/")),
        browser.post(at(link, "platforms/vk/"), {"token": TOKEN}),
        browser.post(at(link, "accounts/1/"), {"external_id": ROAST}),
        browser.post(at(link, "end/")),
    ]
    assert [(answer.status_code, heading in answer.text) for answer in answers] == [(410, True)] * 5
    assert (PlatformLogin.objects.count(), list(sandbox.requests)) == (0, [])


def test_a_link_closes_with_its_project_and_with_the_right_of_who_made_it(browse, cast, link):
    Membership.objects.filter(user=cast.manager).delete()
    assert browse().get(at(link)).status_code == 410
    other = make_connection_link(cast, created_by=cast.contact)
    assert browse().get(at(other)).status_code == 200
    close_project(cast.project, by=cast.owner)
    assert browse().get(at(other)).status_code == 410


def test_platforms_are_not_asked_without_end(browse, link, settings, monkeypatch):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "asks"}}
    monkeypatch.setattr(actions, "ASKED_AN_HOUR", 2)
    browser = browse()
    answers = [browser.post(at(link, "platforms/vk/"), {"token": "stolen", "community": ""}) for _try in range(4)]
    assert ["That was very often" in answer.text for answer in answers] == [False, False, True, True]


def test_trying_many_unknown_links_is_slowed_down(browse, cast, settings):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "guesses"}}
    browser = browse()
    assert {browser.get(f"/connection/guess-{number}/").status_code for number in range(70)} == {404, 429}


def test_no_secret_reaches_the_logs_or_the_trail(browse, link, caplog):
    browser = browse()
    with caplog.at_level(logging.DEBUG):
        browser.post(granted(browser, link), {"external_id": ROAST, "hint": ""})
        browser.get(at(link, "platforms/none/"))
    said = [json.loads(JsonLines().format(record))["said"] for record in caplog.records]
    kept = [str(row) for model in (ConnectionLink, AuditEntry, Notification) for row in model.objects.values()]
    assert [line for line in [*said, *kept] if link.secret in line or TOKEN in line] == []
    assert "Not Found: /connection/…/platforms/none/" in said


# --- The side of who asks -------------------------------------------------------------------------------------------


def test_a_new_link_is_shown_once(browse, cast):
    browser, address = browse(cast.manager), f"/projects/{cast.project.pk}/sources/links/"
    sent = {"name": "Pyotr", "language": "en", "platforms": ["vk"], "side": "client"}
    secret = browser.post(address, sent).text.split("http://portal.example/connection/")[1].split("/")[0]
    made = actions.find_connection_link(secret)
    assert (made.platforms, made.organisation, made.state) == (["vk"], cast.client, "sent")
    assert made.expires_at - made.created_at == pytest.approx(timedelta(days=7), abs=timedelta(seconds=5))
    text = browser.get(address).text
    assert (secret in text, "not opened yet" in text, "Nothing is connected by it yet." in text) == (False, True, True)


def test_the_clients_contact_is_not_asked_whose_accounts_these_are(browse, cast):
    browser, address = browse(cast.contact), f"/projects/{cast.project.pk}/sources/links/"
    assert 'name="side"' not in browser.get(address).text
    browser.post(address, {"name": "Pyotr", "language": "en", "side": "agency"})
    assert ConnectionLink.objects.get().organisation == cast.client


@pytest.mark.parametrize("fields", [{"name": ""}, {"name": "see https://x.example"}, {"platforms": ["myspace"]}])
def test_a_wrong_request_makes_no_link(browse, cast, fields):
    sent = {"name": "Pyotr", "language": "en", "side": "client", **fields}
    answer = browse(cast.manager).post(f"/projects/{cast.project.pk}/sources/links/", sent)
    assert (answer.status_code, ConnectionLink.objects.count()) == (422, 0)


def test_the_maker_sees_what_was_connected_and_revokes(browse, cast, link):
    visitor, browser = browse(), browse(cast.manager)
    visitor.post(granted(visitor, link), {"external_id": ROAST, "hint": ""})
    address = f"/projects/{cast.project.pk}/sources/links/"
    assert "Обжарка №7" in browser.get(address).text
    browser.post(f"{address}{link.pk}/revocation/")
    assert (visitor.get(at(link)).status_code, Source.objects.count()) == (410, 1)


def test_the_list_costs_the_same_with_many_links(browse, cast):
    browser, counts = browse(cast.manager), []
    for total in (1, 6):
        for _link in range(total):
            make_connection_link(cast).sources.add(make_source(cast))
        with CaptureQueriesContext(connection) as queries:
            browser.get(f"/projects/{cast.project.pk}/sources/links/")
        counts.append(len(queries))
    assert counts[0] == counts[1]


# --- The API --------------------------------------------------------------------------------------------------------


def test_a_program_makes_lists_and_revokes(api, cast):
    client, root = api(cast.manager), f"/api/v1/projects/{cast.project.pk}/connection-links/"
    made = client.post(root, {"name": "Pyotr", "platforms": ["vk"], "side": "client"}, format="json").json()
    secret = made.pop("link").removeprefix("http://portal.example/connection/").rstrip("/")
    assert actions.find_connection_link(secret).pk == made["id"]
    assert client.get(root).json()["results"] == [made]
    assert (made["organisation"], made["state"], made["sources"]) == (cast.client.name, "sent", [])
    assert client.delete(f"{root}{made['id']}/").status_code == 204
    assert client.get(root).json()["results"][0]["state"] == "revoked"


def test_the_client_does_not_ask_for_the_agencys_accounts(api, cast):
    root = f"/api/v1/projects/{cast.project.pk}/connection-links/"
    answer = api(cast.contact).post(root, {"name": "Pyotr", "side": "agency"}, format="json")
    assert (answer.status_code, answer.json()["type"], ConnectionLink.objects.count()) == (
        409,
        "urn:portal:other-side",
        0,
    )
