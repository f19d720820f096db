"""A section behind a colleague's link: a browser that belongs to nobody."""

import json
import logging
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from projects import actions
from projects.models import Answer, Brief, Delegation
from projects.questionnaire import FULL, new_form
from smmportal.logs import JsonLines
from smmportal.people.models import Membership
from tests.builders import make_delegation

HANDED_IN = {"finished_at": timezone.now()}
JSON = {"Accept": "application/json"}


@pytest.fixture
def brief(cast) -> Brief:
    brief = Brief.objects.create(project=cast.project, form=new_form(FULL))
    cast.made[Brief] = brief
    return brief


@pytest.fixture
def delegation(cast, brief) -> Delegation:
    return make_delegation(cast, section="G", first_opened_at=timezone.now())


def link(delegation, rest: str = "") -> str:
    return f"/delegated/{delegation.secret}/{rest}"


def typed(**more) -> dict:
    return {"revision-G1": "0", "G1": "Kindly.", **more}


def test_looking_changes_nothing_and_beginning_is_a_button(browse, cast, brief):
    delegation = make_delegation(cast, section="G")
    browser = browse()
    text = browser.get(link(delegation)).text
    assert ("Katya asks you" in text, "There are 5 questions." in text, "<textarea" in text) == (True, True, False)
    assert Delegation.objects.get().first_opened_at is None
    assert browser.post(link(delegation, "beginning/")).url == link(delegation)
    assert Delegation.objects.get().state == "opened"
    assert 'name="G1"' in browser.get(link(delegation)).text


def test_only_that_section_is_open(browse, brief, delegation, contact):
    actions.save_answer(brief, "B1", value="A secret recipe.", revision=0, by=contact)
    browser = browse()
    text = browser.get(link(delegation)).text
    assert ('name="G1"' in text, 'name="A1"' in text, "secret recipe" in text) == (True, False, False)
    sent = {"field": "A1", "A1": "Sneaked in", "revision": "0"}
    assert browser.post(link(delegation), sent, headers=JSON).status_code == 404
    browser.post(link(delegation), {"revision-A1": "0", "A1": "Sneaked in"})
    assert not Answer.objects.filter(key="A1").exists()
    assert browser.get(f"/projects/{brief.project_id}/brief/").status_code == 302


def test_answers_save_themselves_one_by_one(browse, delegation):
    sent = {"field": "G1", "G1": "Kindly.", "revision": "0"}
    assert browse().post(link(delegation), sent, headers=JSON).json() == {"revision": 1}
    kept = Answer.objects.get()
    assert (kept.value, kept.author, kept.link_from) == ("Kindly.", "Pyotr", "Katya")


def test_a_meeting_at_one_answer_shows_both_texts(browse, brief, delegation, contact):
    actions.save_answer(brief, "G1", value="Drily.", revision=0, by=contact)
    browser = browse()
    answer = browser.post(link(delegation), {"field": "G1", "G1": "Kindly.", "revision": "0"}, headers=JSON)
    assert (answer.status_code, answer.json()["current"], answer.json()["revision"]) == (409, ["Drily."], 1)
    text = browser.post(link(delegation), typed()).text
    assert ("Drily." in text, "Kindly." in text) == (True, True)


def test_dont_know_is_an_answer_here_too(browse, delegation):
    answer = browse().post(link(delegation, "answers/G1/"), {"unknown": "yes"})
    assert answer.url == link(delegation) + "#G1"
    assert (Answer.objects.get().unknown, Answer.objects.get().author) == (True, "Pyotr")


def test_files_come_and_go_by_the_link(browse, brief, delegation, contact):
    elsewhere = actions.add_file(brief, "C5", file=SimpleUploadedFile("secret.txt", b"x"), by=contact)
    browser = browse()
    sent = {"revision-G2": "0", "G2": "", "file-G2": SimpleUploadedFile("logo.svg", b"<svg/>")}
    assert browser.post(link(delegation, "answers/G2/files/"), sent).status_code == 302
    number = Answer.objects.get(key="G2").value["files"][0]["file"]
    assert b"".join(browser.get(link(delegation, f"files/{number}/")).streaming_content) == b"<svg/>"
    assert browser.get(link(delegation, f"files/{elsewhere.pk}/")).status_code == 404
    browser.post(link(delegation, f"files/{number}/removal/"))
    assert Answer.objects.get(key="G2").value is None
    assert browser.get(link(delegation, f"files/{number}/")).status_code == 404


def test_the_page_is_kept_out_of_caches_referrers_and_search(browse, delegation):
    browser = browse()
    closed = browser.get("/delegated/never-issued/")
    for answer in (browser.get(link(delegation)), browser.post(link(delegation), typed()), closed):
        assert (answer["Cache-Control"], answer["Referrer-Policy"], answer["X-Robots-Tag"]) == (
            "no-store, private",
            "no-referrer",
            "noindex, nofollow",
        )


@pytest.mark.parametrize(("chosen", "query", "shown"), [("ru", "", "ru"), ("en", "", "en"), ("ru", "?lang=en", "en")])
def test_the_page_speaks_the_chosen_language(browse, cast, brief, chosen, query, shown):
    delegation = make_delegation(cast, section="G", language=chosen)
    answer = browse(headers={"Accept-Language": "en"}).get(link(delegation) + query)
    words = {"ru": "вас просят ответить", "en": "asks you to answer"}
    assert (words[shown] in answer.text, answer["Content-Language"], f'<html lang="{shown}"' in answer.text) == (
        True,
        shown,
        True,
    )


def test_handing_in_saves_says_thanks_and_closes_the_link(browse, delegation):
    browser = browse()
    answer = browser.post(link(delegation, "handing-in/"), typed())
    assert (answer.status_code, "Thank you, the section is handed in" in answer.text) == (200, True)
    assert f'href="{link(delegation)}?lang=ru"' in answer.text
    assert Answer.objects.get().value == "Kindly."
    again = browser.get(link(delegation))
    assert (again.status_code, "Pyotr handed it in" in again.text) == (410, True)


def test_an_answer_that_can_not_be_kept_is_not_handed_in(browse, brief, delegation, contact):
    actions.save_answer(brief, "G1", value="Drily.", revision=0, by=contact)
    assert browse().post(link(delegation, "handing-in/"), typed()).status_code == 422
    assert Delegation.objects.get().finished_at is None


@pytest.mark.parametrize(
    ("fields", "heading"),
    [
        (HANDED_IN, "This section is handed in"),
        ({"revoked_at": timezone.now()}, "This link was revoked"),
        ({"expires_at": timezone.now() - timedelta(days=1)}, "This link is out of date"),
    ],
)
def test_a_closed_link_says_why_and_takes_nothing(browse, cast, brief, fields, heading):
    delegation = make_delegation(cast, section="G", **fields)
    browser = browse()
    answers = [
        browser.get(link(delegation)),
        browser.post(link(delegation), typed()),
        browser.post(link(delegation, "beginning/")),
        browser.post(link(delegation, "handing-in/"), typed()),
        browser.post(link(delegation, "answers/G1/"), {"unknown": "yes"}),
    ]
    assert [(answer.status_code, heading in answer.text) for answer in answers] == [(410, True)] * 5
    saved = browser.post(link(delegation), {"field": "G1", "G1": "x", "revision": "0"}, headers=JSON)
    assert (saved.status_code, saved.json()["sentence"]) == (
        410,
        "This link does not work any more. Ask the person who sent it for a new one.",
    )
    assert not Answer.objects.exists()


def test_an_unknown_link_is_not_found_and_says_what_to_do(browse, brief):
    answer = browse(headers={"Accept-Language": "en"}).get("/delegated/never-issued/")
    assert (answer.status_code, "The address may be cut short." in answer.text) == (404, True)


def test_a_link_closes_with_its_project_and_with_the_right_of_who_made_it(browse, cast, delegation):
    actions.close_project(cast.project, by=cast.owner)
    assert browse().get(link(delegation)).status_code == 410
    actions.reopen_project(cast.project, by=cast.owner)
    assert browse().get(link(delegation)).status_code == 200
    Membership.objects.filter(user=cast.contact).delete()
    assert browse().get(link(delegation)).status_code == 410


def test_a_link_closes_with_the_account_of_who_made_it(browse, cast, brief, delegation):
    type(cast.contact).objects.filter(pk=delegation.created_by_id).update(is_active=False)
    answer = browse().post(link(delegation), typed(A1="We roast coffee."))
    assert (answer.status_code, brief.answers.count()) == (410, 0)


def test_trying_many_unknown_links_is_slowed_down(browse, brief, settings):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "tries"}}
    browser = browse()
    statuses = {browser.get(f"/delegated/guess-{number}/").status_code for number in range(70)}
    assert statuses == {404, 429}


def test_no_secret_reaches_the_logs(browse, delegation, caplog):
    with caplog.at_level(logging.INFO):
        browse().get(link(delegation, "files/1/"))
        browse().post(link(delegation), {"field": "A1", "revision": "0"}, headers=JSON)
    lines = [json.loads(JsonLines().format(record))["said"] for record in caplog.records]
    assert [line for line in lines if delegation.secret in line] == []
    assert "Not Found: /delegated/…/files/1/" in lines


# --- The side of who asks -------------------------------------------------------------------------------------------


def test_a_new_link_is_shown_once(browse, brief, contact):
    browser = browse(contact)
    address = f"/projects/{brief.project_id}/brief/delegations/"
    text = browser.post(address, {"section": "G", "name": "Pyotr", "language": "en"}).text
    secret = text.split("http://portal.example/delegated/")[1].split("/")[0]
    assert actions.find_delegation(secret).section == "G"
    assert (secret in browser.get(address).text, "not opened yet" in browser.get(address).text) == (False, True)


@pytest.mark.parametrize("fields", [{"name": ""}, {"name": "see https://x.example"}, {"section": "Z"}, {"email": "x"}])
def test_a_wrong_request_makes_no_link_and_keeps_the_words(browse, brief, contact, fields):
    sent = {"section": "G", "name": "Pyotr", "language": "en", **fields}
    answer = browse(contact).post(f"/projects/{brief.project_id}/brief/delegations/", sent)
    assert (answer.status_code, Delegation.objects.count()) == (422, 0)


def test_both_sides_see_who_was_asked_and_what_came_of_it(browse, cast, brief, delegation):
    actions.save_answer(brief, "G1", value="Kindly.", revision=0, by=cast.contact, delegation=delegation)
    for person in (cast.contact, cast.manager):
        text = browse(person).get(f"/projects/{brief.project_id}/brief/").text
        assert ("Pyotr, by a link from Katya" in text, "asked by Katya" in text) == (True, True)
    section = browse(cast.decider).get(f"/projects/{brief.project_id}/brief/sections/G/").text
    assert "Pyotr, by a link from Katya" in section


def test_the_brief_costs_the_same_with_many_links(browse, cast, brief):
    browser, counts = browse(cast.contact), []
    for keys in (["A1"], ["A2", "A3", "B1", "B2", "B3"]):
        for key in keys:
            actions.save_answer(
                brief, key, value=None, unknown=True, revision=0, by=cast.contact, delegation=make_delegation(cast)
            )
        with CaptureQueriesContext(connection) as queries:
            browser.get(f"/projects/{brief.project_id}/brief/")
        counts.append(len(queries))
    assert counts[0] == counts[1]
