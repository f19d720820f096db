"""A report behind a link: a button that opens it, a password, an end, a log, and nothing else of the portal."""

import logging
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from kpis.actions import report_links as actions
from kpis.models import Report, ReportLink, ReportOpening
from projects.actions import close_project
from smmportal.audit import AuditEntry
from smmportal.logs import JsonLines
from smmportal.notifications.models import Notification
from smmportal.people.models import Membership
from tests.builders import make_issued_report, make_kpi, make_report, make_report_link

PASSWORD = "harbour-7"


@pytest.fixture
def report(cast) -> Report:
    make_kpi(cast)
    return make_issued_report(cast)


@pytest.fixture
def link(cast, report) -> ReportLink:
    return make_report_link(cast, report=report)


@pytest.fixture
def locked(cast, report):
    made, address = actions.make_report_link(report, name="Pyotr", password=PASSWORD, language="en", by=cast.manager)
    made.secret = address.rstrip("/").rsplit("/", 1)[1]
    return made


def at(link, rest: str = "") -> str:
    return f"/report/{link.secret}/{rest}"


WORDS = "We grew."


def test_looking_changes_nothing_and_shows_no_number(browse, link):
    answer = browse().get(at(link))
    assert (WORDS in answer.text, "Open the report" in answer.text, ReportOpening.objects.count()) == (False, True, 0)
    assert ReportLink.objects.get().state == "sent"


def test_the_button_opens_it_and_the_log_says_whose_link_and_when(browse, link):
    browser = browse()
    assert browser.post(at(link)).url == at(link)
    assert WORDS in browser.get(at(link)).text
    browser.post(at(link))
    browser.get(at(link, "xlsx/"))
    assert list(ReportOpening.objects.order_by("pk").values_list("link", "what")) == [
        (link.pk, "page"),
        (link.pk, "xlsx"),
    ]
    assert ReportLink.objects.get().state == "opened"


def test_an_hour_later_it_is_another_opening(browse, link):
    moment = datetime(2026, 11, 25, 9, tzinfo=UTC)
    ReportLink.objects.update(expires_at=moment + timedelta(days=7))
    for number in range(2):
        with time_machine.travel(moment + timedelta(hours=number), tick=False):
            browse().post(at(link))
    assert [opening.at for opening in ReportOpening.objects.order_by("pk")] == [moment, moment + timedelta(hours=1)]


def test_nothing_is_given_before_the_button(browse, link):
    answers = [browse().get(at(link, rest)) for rest in ("pdf/", "xlsx/", "logo/")]
    assert [answer.url for answer in answers] == [at(link)] * 3


def test_a_wrong_password_opens_nothing_and_the_right_one_does(browse, locked):
    browser = browse()
    wrong = browser.post(at(locked), {"password": "guessed-it"})
    assert (wrong.status_code, "This is not the password" in wrong.text, "guessed-it" in wrong.text) == (
        422,
        True,
        False,
    )
    assert browser.post(at(locked)).status_code == 422
    assert (WORDS in browser.get(at(locked)).text, ReportOpening.objects.count()) == (False, 0)
    assert browser.post(at(locked), {"password": PASSWORD}).status_code == 302
    assert WORDS in browser.get(at(locked)).text


def test_what_opened_one_link_opens_no_other(browse, cast, report, link, locked):
    browser = browse()
    browser.post(at(link))
    browser.cookies[f"report-{locked.pk}"] = browser.cookies[f"report-{link.pk}"].value
    browser.cookies[f"report-{locked.pk}"]["path"] = "/"
    assert WORDS not in browser.get(at(locked)).text


def test_passwords_are_not_tried_without_end(browse, locked, settings, monkeypatch):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "tries"}}
    monkeypatch.setattr(actions, "TRIES", 2)
    answers = [browse().post(at(locked), {"password": word}) for word in ("one-one", "two-two", PASSWORD)]
    assert ["Too many tries" in answer.text for answer in answers] == [False, False, True]


@pytest.mark.parametrize(
    ("fields", "heading"),
    [
        ({"revoked_at": timezone.now()}, "This link was revoked"),
        ({"expires_at": timezone.now() - timedelta(days=1)}, "This link is out of date"),
    ],
)
def test_a_closed_link_says_why_and_shows_nothing(browse, cast, report, link, fields, heading):
    browser = browse()
    browser.post(at(link))
    ReportLink.objects.update(**fields)
    answers = [browser.get(at(link, rest)) for rest in ("", "pdf/", "xlsx/", "logo/")] + [browser.post(at(link))]
    assert [(answer.status_code, heading in answer.text, WORDS in answer.text) for answer in answers] == [
        (410, True, False)
    ] * 5


def test_an_unknown_link_is_not_there(browse, cast):
    answer = browse(headers={"Accept-Language": "en"}).get("/report/never-issued/")
    assert (answer.status_code, "There is no such link" in answer.text) == (404, True)


def test_a_link_closes_with_the_right_of_who_made_it_but_outlives_the_project(browse, cast, link):
    close_project(cast.project, by=cast.owner)
    assert browse().get(at(link)).status_code == 200
    Membership.objects.filter(user=cast.manager).delete()
    assert browse().get(at(link)).status_code == 410


def test_the_page_is_kept_out_of_caches_referrers_and_search(browse, link):
    browser = browse()
    browser.post(at(link))
    for answer in (browser.get(at(link)), browser.get(at(link, "xlsx/")), browser.get("/report/never/")):
        assert (answer["Cache-Control"], answer["Referrer-Policy"], answer["X-Robots-Tag"]) == (
            "no-store, private",
            "no-referrer",
            "noindex, nofollow",
        )


def test_the_cookie_is_for_this_link_only_and_no_script_reads_it(browse, link):
    cookie = browse().post(at(link)).cookies[f"report-{link.pk}"]
    assert (cookie["path"], bool(cookie["httponly"]), cookie["samesite"]) == (at(link), True, "Lax")


def test_its_reader_gets_nothing_else_of_the_portal(browse, cast, report, link):
    other = make_issued_report(cast)
    browser = browse()
    browser.post(at(link))
    addresses = [f"/reports/{report.pk}/", f"/reports/{other.pk}/pdf/", f"/projects/{cast.project.pk}/"]
    assert [browser.get(address).status_code for address in addresses] == [302] * 3
    assert "/projects/" not in browser.get(at(link)).text


@pytest.mark.parametrize(("query", "words"), [("", "In short"), ("?lang=ru", "Коротко")])
def test_it_speaks_the_language_that_was_chosen(browse, link, query, words):
    browser = browse()
    browser.post(at(link))
    assert words in browser.get(at(link) + query).text


def test_no_secret_and_no_password_reaches_the_rows_or_the_logs(browse, locked, caplog):
    with caplog.at_level(logging.DEBUG):
        browse().post(at(locked), {"password": PASSWORD})
        browse().get(at(locked, "none/"))
    said = [JsonLines().format(entry) for entry in caplog.records]
    models = (ReportLink, ReportOpening, AuditEntry, Notification)
    kept = [str(row) for model in models for row in model.objects.values()]
    assert [line for line in [*said, *kept] if locked.secret in line or PASSWORD in line] == []


# --- The side of who makes it -----------------------------------------------------------------------------------------


def test_a_new_link_is_shown_once(browse, cast, report):
    browser, address = browse(cast.decider), f"/reports/{report.pk}/links/"
    sent = {"name": "Pyotr", "days": "7", "password": PASSWORD, "language": "en"}
    secret = browser.post(address, sent).text.split("http://portal.example/report/")[1].split("/")[0]
    made = actions.find_report_link(secret)
    assert (made.name, made.has_password, made.created_by) == ("Pyotr", True, cast.decider)
    assert made.expires_at - made.created_at == pytest.approx(timedelta(days=7), abs=timedelta(seconds=5))
    text = browser.get(address).text
    assert (secret in text, PASSWORD in text, "Not opened yet." in text) == (False, False, True)


@pytest.mark.parametrize(
    "fields", [{"name": ""}, {"days": "365"}, {"password": "short"}, {"name": "https://x.example"}]
)
def test_a_wrong_request_makes_no_link(browse, cast, report, fields):
    sent = {"name": "Pyotr", "days": "7", "language": "en", **fields}
    answer = browse(cast.manager).post(f"/reports/{report.pk}/links/", sent)
    assert (answer.status_code, ReportLink.objects.count()) == (422, 0)


def test_a_draft_has_no_links(api, cast):
    draft = make_report(cast)
    answer = api(cast.manager).post(f"/api/v1/reports/{draft.pk}/links/", {"name": "Pyotr"}, format="json")
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:portal:not-issued")


def test_a_program_makes_lists_and_revokes(api, browse, cast, report):
    client, root = api(cast.manager), f"/api/v1/reports/{report.pk}/links/"
    made = client.post(root, {"name": "Pyotr", "days": 90, "password": PASSWORD}, format="json").json()
    secret = made.pop("link").removeprefix("http://portal.example/report/").rstrip("/")
    assert client.get(root).json()["results"] == [made]
    browse().post(f"/report/{secret}/", {"password": PASSWORD})
    [listed] = client.get(root).json()["results"]
    assert (listed["state"], [opening["what"] for opening in listed["openings"]]) == ("opened", ["page"])
    assert client.delete(f"{root}{made['id']}/").status_code == 204
    assert browse().get(f"/report/{secret}/").status_code == 410
