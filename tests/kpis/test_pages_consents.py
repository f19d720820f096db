"""To the platform's page and back, with the stand-in on the other end: connecting, mending, and everything that ends
without access."""

import html
import json
import logging
import re
from datetime import timedelta
from decimal import Decimal
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.core.cache import cache
from django.utils import timezone

from kpis.actions import consents as actions
from kpis.models import ConsentAttempt, Expense, PlatformLogin, Source
from projects.actions import close_project
from smmportal.audit import AuditEntry
from smmportal.logs import JsonLines
from smmportal.people.models import Membership
from tests.builders import make_attempt, make_connection_link, make_source
from tests.kpis.consenting import approve, decide, registered

ROAST = "207700007"


@pytest.fixture(autouse=True)
def apps(db, sandbox, settings):
    registered(settings)
    cache.clear()


@pytest.fixture
def link(cast):
    return make_connection_link(cast, first_opened_at=timezone.now())


def leave(browser, address: str, **headers) -> str:
    """The address of the platform's page that the button leads to."""
    page = browser.post(address, **headers)
    assert page.status_code == 200, page.status_code
    return html.unescape(re.search(r'http-equiv="refresh" content="0;url=([^"]+)"', page.text)[1])


def back_from(url: str, decision: str = "allow") -> str:
    """Where the platform sends the person: an address of the portal, without its host."""
    parts = urlsplit(decide(url, decision))
    assert f"{parts.scheme}://{parts.netloc}" == "http://portal.example"
    return f"{parts.path}?{parts.query}"


def new_vk(cast) -> str:
    return f"/projects/{cast.project.pk}/sources/new/vk/consent/"


def outcome() -> tuple[int, int]:
    """How many accesses there are, and how many attempts that may still come back."""
    return PlatformLogin.objects.count(), ConsentAttempt.objects.open().count()


# --- The button -----------------------------------------------------------------------------------------------------


def test_the_door_comes_first_and_pasting_stays(cast, browse):
    text = browse(cast.manager).get(f"/projects/{cast.project.pk}/sources/new/vk/").text
    assert text.index("Continue with VK ID") < text.index("Paste a key by hand") < text.index('name="token"')


@pytest.mark.parametrize("platform", ["vk", "telegram"])
def test_without_an_application_there_is_only_pasting(cast, browse, settings, platform):
    if platform == "vk":
        settings.PLATFORM_APPS = {}
    text = browse(cast.manager).get(f"/projects/{cast.project.pk}/sources/new/{platform}/").text
    assert ("Continue with" in text, "Paste a key by hand" in text, 'name="token"' in text) == (False, False, True)


def test_looking_begins_nothing(cast, browse):
    browser = browse(cast.manager)
    browser.get(f"/projects/{cast.project.pk}/sources/new/vk/")
    assert (browser.get(new_vk(cast)).status_code, ConsentAttempt.objects.count()) == (405, 0)


def test_where_there_is_no_application_beginning_is_refused_in_words(cast, browse, settings):
    settings.PLATFORM_APPS = {}
    browser = browse(cast.manager)
    browser.post(new_vk(cast))
    assert "This portal has no application at VK. Paste the access by hand." in browser.get("/").text


def test_of_the_state_and_the_verifier_nothing_readable_is_stored(cast, browse):
    url = leave(browse(cast.manager), new_vk(cast))
    (state,) = parse_qs(urlsplit(url).query)["state"]
    attempt = ConsentAttempt.objects.get()
    raw = ConsentAttempt.objects.extra(select={"raw": "kept"}).values_list("raw", flat=True)[0]
    assert attempt.state_hash != state and attempt.kept["verifier"] not in raw
    assert attempt.expires_at - timezone.now() < timedelta(minutes=10)


def test_beginning_is_not_done_by_the_hundred(cast, browse):
    browser = browse(cast.manager)
    answers = [browser.post(new_vk(cast)).status_code for _time in range(actions.MOST_BEGUN + 1)]
    assert (answers, ConsentAttempt.objects.count()) == ([200] * actions.MOST_BEGUN + [302], actions.MOST_BEGUN)


# --- Connecting -----------------------------------------------------------------------------------------------------


def test_from_the_button_to_a_source(cast, browse):
    browser = browse(cast.specialist)
    answer = browser.get(back_from(leave(browser, new_vk(cast))))
    login = PlatformLogin.objects.get()
    assert answer.headers["Location"] == f"/projects/{cast.project.pk}/sources/accounts/{login.pk}/"
    assert (login.name, login.organisation, login.granted_by) == ("Вера Зёрнова", cast.agency, cast.specialist)
    assert "Обжарка №7" in browser.get(answer.headers["Location"]).text
    browser.post(answer.headers["Location"], {"external_id": ROAST})
    assert Source.objects.get().login == login
    assert AuditEntry.objects.get(verb="access.granted").about == login


def test_what_x_charges_for_is_paid_from_the_budget_before_it_is_asked(cast, browse, settings):
    settings.X_MONTHLY_BUDGET_USD = Decimal("0.01")
    browser, begin = browse(cast.manager), f"/projects/{cast.project.pk}/sources/new/x/consent/"
    browser.get(back_from(leave(browser, begin)))
    assert list(Expense.objects.values_list("thing", "usd")) == [("users/me", Decimal("0.010"))]
    settings.X_MONTHLY_BUDGET_USD = Decimal("0")
    assert (browser.post(begin).status_code, outcome()) == (302, (1, 0))


def test_what_is_stored_of_the_access_is_encrypted(cast, browse):
    browser = browse(cast.manager)
    browser.get(back_from(leave(browser, new_vk(cast))))
    raw = PlatformLogin.objects.extra(select={"raw": "credentials"}).values_list("raw", flat=True)[0]
    assert (PlatformLogin.objects.get().credentials["token"][:16], "sandbox" in raw) == ("sandbox-granted-", False)


def test_no_answer_of_the_way_is_cached_or_tells_where_it_came_from(cast, browse):
    browser = browse(cast.manager)
    page = browser.post(new_vk(cast))
    url = html.unescape(re.search(r'0;url=([^"]+)"', page.text)[1])
    answers = [page, browser.get(back_from(url, "deny"))]
    assert [(one.headers["Cache-Control"], one.headers["Referrer-Policy"]) for one in answers] == [
        ("no-store, private", "no-referrer")
    ] * 2
    assert "form-action 'self'" in answers[1].headers["Content-Security-Policy"]


def test_neither_code_nor_state_nor_access_is_logged(cast, browse, caplog):
    caplog.set_level(logging.DEBUG)
    browser = browse(cast.manager)
    url = leave(browser, new_vk(cast))
    back = back_from(url)
    browser.get(back)
    browser.get(back)
    logging.getLogger("django.server").info('"GET %s HTTP/1.1" 200 7', back)
    secrets = [value for values in parse_qs(urlsplit(back).query).values() for value in values if len(value) > 3]
    secrets += [PlatformLogin.objects.get().credentials[name] for name in ("token", "refresh_token")]
    lines = [JsonLines().format(record) for record in caplog.records]
    assert [secret for secret in secrets for line in lines if secret in line] == []
    assert any("/oauth/vk/callback/?…" in json.loads(line)["said"] for line in lines)


# --- Mending --------------------------------------------------------------------------------------------------------


@pytest.fixture
def broken(cast):
    """Two sources of one login that has run out."""
    login = PlatformLogin.objects.create(
        organisation=cast.agency,
        platform="vk",
        credentials={"token": "sandbox-old"},
        granted_by=cast.manager,
        refused_at=timezone.now(),
    )
    fields = {"login": login, "error_kind": "reauthorise", "next_pull_at": None}
    return [make_source(cast, external_id=id, **fields) for id in (ROAST, "207700008")]


def test_one_consent_heals_every_source_of_the_login(cast, browse, broken):
    browser = browse(cast.manager)
    answer = browser.get(back_from(leave(browser, f"/sources/{broken[0].pk}/consent/")))
    assert answer.headers["Location"] == f"/sources/{broken[0].pk}/"
    assert [(one.error_kind, one.next_pull_at is not None) for one in Source.objects.all()] == [("", True)] * 2
    login = PlatformLogin.objects.get(pk=broken[0].login_id)
    assert (login.refused_at, login.is_granted, login.is_renewed_by_itself) == (None, True, True)


def test_access_that_does_not_open_the_account_mends_nothing(cast, browse, broken):
    Source.objects.filter(pk=broken[0].pk).update(platform="metrika", external_id="1")
    browser = browse(cast.manager)
    answer = browser.get(back_from(leave(browser, f"/sources/{broken[0].pk}/consent/")))
    assert "This access does not open that account." in answer.text
    assert PlatformLogin.objects.get(pk=broken[0].login_id).credentials == {"token": "sandbox-old"}
    assert Source.objects.get(pk=broken[0].pk).error_kind == "reauthorise"


# --- By a link ------------------------------------------------------------------------------------------------------


def at(link, rest: str = "") -> str:
    return f"/connection/{link.secret}/{rest}"


def test_a_visitor_of_a_link_connects_without_a_login(cast, browse, link):
    browser = browse()
    assert "Continue with VK ID" in browser.get(at(link, "platforms/vk/")).text
    answer = browser.get(back_from(leave(browser, at(link, "platforms/vk/consent/?lang=ru"))))
    login = PlatformLogin.objects.get()
    assert answer.headers["Location"] == at(link, f"accounts/{login.pk}/?lang=ru")
    browser.post(answer.headers["Location"], {"external_id": ROAST})
    assert (Source.objects.get().login, login.organisation, login.granted_by) == (login, cast.client, cast.manager)
    assert list(link.logins.all()) == [login]


def test_the_visitors_browser_is_known_by_a_cookie_for_coming_back_only(browse, link):
    browser = browse()
    leave(browser, at(link, "platforms/vk/consent/"))
    cookie = browser.cookies["consent"]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == ("/oauth/vk/callback/", True, "Lax")
    assert cookie.value not in str(ConsentAttempt.objects.values())


def test_the_answer_of_a_link_is_worth_nothing_in_another_browser(cast, browse, link):
    """Somebody sends the platform's page that they began to the person who holds the accounts."""
    back = back_from(leave(browse(), at(link, "platforms/vk/consent/")))
    answers = [browse(person, headers={"accept-language": "en"}).get(back) for person in (None, cast.manager)]
    assert [(one.status_code, "This was begun elsewhere" in one.text) for one in answers] == [(403, True)] * 2
    assert outcome() == (0, 1)


def test_a_visitor_who_says_no_finds_the_way_back_in_their_language(browse, link):
    browser = browse()
    answer = browser.get(back_from(leave(browser, at(link, "platforms/vk/consent/?lang=ru")), "deny"))
    assert f'href="{at(link)}platforms/vk/"' in answer.text
    assert (answer.headers["Content-Language"], outcome()) == ("ru", (0, 0))


@pytest.mark.parametrize("how", ["revoked", "closed"])
def test_a_link_that_was_closed_meanwhile_takes_nothing(cast, browse, link, how):
    browser = browse()
    back = back_from(leave(browser, at(link, "platforms/vk/consent/")))
    if how == "revoked":
        type(link).objects.update(revoked_at=timezone.now())
    else:
        close_project(cast.project, by=cast.owner)
    assert "This link does not work any more." in browser.get(back).text
    assert PlatformLogin.objects.count() == 0


def test_a_platform_that_was_not_asked_for_has_no_door(cast, browse):
    link = make_connection_link(cast, platforms=["telegram"])
    assert browse().post(at(link, "platforms/vk/consent/")).status_code == 404


# --- What ends without access ---------------------------------------------------------------------------------------


def test_saying_no_changes_nothing_and_shows_the_way_back(cast, browse):
    browser = browse(cast.manager)
    answer = browser.get(back_from(leave(browser, new_vk(cast)), "deny"))
    assert (answer.status_code, "Access was not granted" in answer.text) == (200, True)
    assert f'href="/projects/{cast.project.pk}/sources/new/vk/"' in answer.text
    assert outcome() == (0, 0)


def test_linkedin_spells_no_in_its_own_way(cast, browse):
    browser = browse(cast.manager)
    url = leave(browser, f"/projects/{cast.project.pk}/sources/new/linkedin/consent/")
    assert "Access was not granted" in browser.get(back_from(url, "deny")).text


def test_the_platforms_own_refusal_is_quoted_and_never_as_markup(cast, browse):
    make_attempt(cast, "mine")
    said = urlencode({"state": "mine", "error": "invalid_scope", "error_description": "<script>x</script>"})
    text = browse(cast.manager).get(f"/oauth/vk/callback/?{said}").text
    assert ("VK ID gave no access" in text, "&lt;script&gt;x" in text, "<script>x" in text) == (True, True, False)


@pytest.mark.parametrize(
    ("fields", "status", "words"),
    [
        ({"expires_at": timezone.now() - timedelta(seconds=1)}, 410, "That took more than ten minutes"),
        ({"used_at": timezone.now()}, 410, "This answer was used already"),
        ({"platform": "metrika"}, 404, "Nothing was begun here"),
    ],
)
def test_a_state_that_does_not_serve_is_explained(cast, browse, sandbox, fields, status, words):
    make_attempt(cast, "mine", **fields)
    answer = browse(cast.manager).get("/oauth/vk/callback/?state=mine&code=c&device_id=d")
    assert (answer.status_code, words in answer.text) == (status, True)
    assert (PlatformLogin.objects.count(), list(sandbox.requests)) == (0, [])


@pytest.mark.parametrize("query", ["", "?state=", "?state=guess&code=c", "?code=c"])
def test_a_state_that_nobody_gave_out_is_unknown(cast, browse, query):
    make_attempt(cast, "mine")
    answer = browse(cast.manager).get(f"/oauth/vk/callback/{query}")
    assert (answer.status_code, outcome()) == (404, (0, 1))


def test_unknown_states_are_not_tried_by_the_thousand(cast, browse):
    browser = browse()
    answers = [browser.get(f"/oauth/vk/callback/?state={number}").status_code for number in range(31)]
    assert answers == [404] * 30 + [429]


@pytest.mark.parametrize("name", ["owner", "specialist", "decider", "stranger", None])
def test_another_persons_answer_is_refused_and_stays_theirs(cast, browse, name):
    manager = browse(cast.manager)
    back = back_from(leave(manager, new_vk(cast)))
    answer = browse(getattr(cast, name) if name else None).get(back)
    assert (answer.status_code, cast.project.name in answer.text, outcome()) == (403, False, (0, 1))
    assert manager.get(back).status_code == 302


def test_the_same_answer_twice_gives_one_login(cast, browse):
    browser = browse(cast.manager)
    back = back_from(leave(browser, new_vk(cast)))
    answers = [browser.get(back).status_code for _time in range(2)]
    assert (answers, outcome()) == ([302, 410], (1, 0))


@pytest.mark.parametrize("method", ["head", "post", "options"])
def test_only_a_visit_uses_the_answer_up(cast, browse, method):
    browser = browse(cast.manager)
    back = back_from(leave(browser, new_vk(cast)))
    assert (getattr(browser, method)(back).status_code, outcome()) == (405, (0, 1))


def test_a_platform_that_breaks_while_it_is_asked_is_said_and_one_may_begin_again(cast, browse, sandbox):
    browser = browse(cast.manager)
    back = back_from(leave(browser, new_vk(cast)))
    sandbox.misbehave("vk", "html")
    text = browser.get(back).text
    assert ("The platform did not answer properly." in text, "Begin again" in text) == (True, True)
    assert outcome() == (0, 0)


def test_an_answer_without_a_code_is_explained_and_may_come_again(cast, browse):
    make_attempt(cast, "mine")
    text = browse(cast.manager).get("/oauth/vk/callback/?state=mine").text
    assert ("The platform came back without an answer." in text, outcome()) == (True, (0, 1))


def test_vk_without_its_device_is_explained(cast, browse):
    make_attempt(cast, "mine")
    text = browse(cast.manager).get("/oauth/vk/callback/?state=mine&code=c").text
    assert "The platform came back without the number of the device." in text


def test_who_lost_the_right_meanwhile_gets_nothing(cast, browse):
    browser = browse(cast.manager)
    back = back_from(leave(browser, new_vk(cast)))
    Membership.objects.filter(user=cast.manager).delete()
    assert (browser.get(back).status_code, PlatformLogin.objects.count()) == (403, 0)


@pytest.mark.parametrize(
    "extra", ["&next=//evil.example", "&redirect_uri=https://evil.example", "&from=//evil.example"]
)
def test_nothing_in_the_address_leads_elsewhere(cast, browse, extra):
    browser = browse(cast.manager)
    answer = browser.get(back_from(leave(browser, new_vk(cast))) + extra)
    assert answer.headers["Location"].startswith(f"/projects/{cast.project.pk}/sources/accounts/")
    denied = browser.get(back_from(leave(browser, new_vk(cast)), "deny") + extra)
    assert "evil.example" not in denied.text


def test_the_address_for_coming_back_is_the_registered_one_whatever_the_request_says(cast, browse):
    url = leave(browse(cast.manager), new_vk(cast), headers={"host": "evil.example"})
    assert parse_qs(urlsplit(url).query)["redirect_uri"] == ["http://portal.example/oauth/vk/callback/"]


def test_attempts_are_forgotten_in_time(cast):
    make_attempt(cast, "old", expires_at=timezone.now() - timedelta(days=2))
    fresh = make_attempt(cast, "fresh")
    assert (actions.forget_attempts(), list(ConsentAttempt.objects.all())) == (1, [fresh])


def test_an_attempt_is_seen_by_whoever_began_it_and_by_nobody_else(cast, link):
    mine = make_attempt(cast, "mine")
    make_attempt(cast, "by a link", link=link)
    seen = {name: list(ConsentAttempt.objects.visible_to(getattr(cast, name))) for name in ("manager", "owner")}
    assert seen == {"manager": [mine], "owner": []}


# --- The API --------------------------------------------------------------------------------------------------------


def test_the_api_gives_the_address_and_the_browser_comes_back(cast, api, browse):
    answer = api(cast.manager).post(f"/api/v1/projects/{cast.project.pk}/consents/", {"platform": "vk"}, format="json")
    assert (answer.status_code, list(answer.json())) == (201, ["url"])
    assert browse(cast.manager).get(back_from(answer.json()["url"])).status_code == 302
    login = PlatformLogin.objects.get()
    accounts = api(cast.manager).post(
        f"/api/v1/projects/{cast.project.pk}/accounts/", {"login": login.pk}, format="json"
    )
    assert accounts.json()[0]["external_id"] == ROAST
    said = {"project": cast.project.pk, "login": login.pk, "external_id": ROAST}
    made = api(cast.manager).post("/api/v1/sources/", said, format="json")
    assert (made.status_code, Source.objects.get().login) == (201, login)


def test_the_api_begins_mending(cast, api, browse, broken):
    answer = api(cast.manager).post(f"/api/v1/sources/{broken[0].pk}/consents/")
    browse(cast.manager).get(back_from(answer.json()["url"]))
    assert set(Source.objects.values_list("error_kind", flat=True)) == {""}


def test_the_api_says_which_platforms_grant_access_themselves(cast, api):
    told = {one["code"]: one["by_consent"] for one in api(cast.manager).get("/api/v1/platforms/").json()}
    assert (told["vk"], told["telegram"], told["max"]) == (True, False, False)


@pytest.mark.parametrize("said", [{}, {"platform": "vk"}, {"credentials": {}}])
def test_connecting_wants_an_access_or_what_makes_one(cast, api, said):
    fields = {"project": cast.project.pk, "external_id": "1", **said}
    answer = api(cast.manager).post("/api/v1/sources/", fields, format="json")
    assert (answer.status_code, answer.json()["errors"]) == (
        400,
        {"login": ["Name an access, or a platform with its credentials."]},
    )


def test_another_organisations_access_can_not_be_named(cast, api, link):
    theirs = PlatformLogin.objects.create(
        organisation=cast.client, platform="vk", credentials={"token": "sandbox-a"}, granted_by=cast.manager
    )
    fields = {"project": cast.project.pk, "external_id": ROAST, "login": theirs.pk}
    assert api(cast.manager).post("/api/v1/sources/", fields, format="json").status_code == 400


def test_approving_brings_what_the_page_was_asked_with(cast, browse):
    back = approve(leave(browse(cast.manager), new_vk(cast)))
    assert sorted(back) == ["code", "device_id", "state", "type"]
