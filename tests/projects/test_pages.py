"""The pages as a browser without JavaScript, and as the form that saves itself, meets them."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from projects import actions
from projects.models import Answer, BriefVersion, Debrief, Goal, Project, Task
from projects.queries import Progress
from tests.builders import make_goal, make_task
from tests.projects.conftest import answered_in_full, understandings
from tests.projects.doors import with_shared_debrief, with_version

NASTY = ["я" * 10_000, "🫖☕👩‍👩‍👧", "مرحبا بالعالم", "<script>alert(1)</script>"]


def section(project, key: str = "A") -> str:
    return reverse("projects:brief_section", args=[project.pk, key])


def autosave(browser, project, field: str, value, revision: int = 0):
    sent = {"field": field, field: value, "revision": revision}
    return browser.post(section(project, field[0]), sent, headers={"Accept": "application/json"})


def stored(key: str) -> tuple:
    return Answer.objects.values_list("value", "unknown", "revision").get(key=key)


# --- Projects -------------------------------------------------------------------------------------------------------


def test_a_project_is_opened_with_a_new_client(browse, cast, manager):
    sent = {"name": "Tea", "client_name": "Dairy", "timezone": "Asia/Almaty", "team": [manager.pk]}
    answer = browse(manager).post(reverse("projects:new"), sent)
    project = Project.objects.get(name="Tea")
    assert answer.url == project.get_absolute_url()
    assert (project.client.name, project.timezone, project.agency) == ("Dairy", "Asia/Almaty", cast.agency)


@pytest.mark.parametrize("fields", [{}, {"client_name": "Dairy", "client": "own"}])
def test_a_client_is_chosen_or_named(browse, cast, manager, fields):
    fields = {**fields, **({"client": cast.client.pk} if "client" in fields else {})}
    sent = {"name": "Tea «зелёный»", "timezone": "Europe/Moscow", **fields}
    answer = browse(manager).post(reverse("projects:new"), sent)
    assert answer.status_code == 422
    assert "one of the two" in answer.text
    assert "Tea «зелёный»" in answer.text


def test_a_foreign_client_is_not_among_the_choices(browse, cast, stranger):
    sent = {"name": "Tea", "client": cast.client.pk, "timezone": "Europe/Moscow"}
    assert browse(stranger).post(reverse("projects:new"), sent).status_code == 422


def test_a_refusal_keeps_what_was_typed(browse, cast, manager):
    sent = {
        "name": "Tea",
        "client": cast.client.pk,
        "timezone": "UTC",
        "starts_on": "2027-02-01",
        "ends_on": "2027-01-01",
    }
    answer = browse(manager).post(reverse("projects:new"), sent)
    assert (answer.status_code, "would end before it starts" in answer.text) == (422, True)
    assert 'value="Tea"' in answer.text


def test_editing_does_not_lend_its_words_to_a_refused_page(browse, cast, manager):
    sent = {"name": "Tea", "timezone": "UTC", "starts_on": "2027-02-01", "ends_on": "2027-01-01"}
    answer = browse(manager).post(reverse("projects:edit", args=[cast.project.pk]), sent)
    assert "Coffee at home" in answer.text
    assert Project.objects.get(pk=cast.project.pk).name == "Coffee at home"


def test_closed_projects_have_a_tab_of_their_own(browse, cast, manager):
    actions.close_project(cast.project, by=manager)
    browser = browse(manager)
    assert "Coffee at home" not in browser.get(reverse("projects:list")).text
    assert "Coffee at home" in browser.get(reverse("projects:list") + "?show=closed").text


def fill_project(cast, number: int) -> None:
    project = cast.project
    for index in range(number):
        goal = make_goal(cast, statement=f"Goal {index}")
        make_task(cast, title=f"Task {index}", goal=goal)
        make_task(cast, title=f"Done {index}", done_at=timezone.now(), done_by=cast.contact)
        actions.create_project(cast.agency, client=cast.client, name=f"Project {index}", by=cast.manager)
    assert project


@pytest.mark.parametrize("name", ["list", "goals", "tasks"])
def test_thirty_rows_cost_as_much_as_one(browse, cast, manager, name):
    browser = browse(manager)
    address = reverse(f"projects:{name}", args=[] if name == "list" else [cast.project.pk])
    counts = []
    for number in (1, 29):
        fill_project(cast, number)
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(address).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


# --- The brief ------------------------------------------------------------------------------------------------------


def test_an_answer_saves_itself(browse, brief, project, contact):
    answer = autosave(browse(contact), project, "A1", "We roast coffee.")
    assert (answer.status_code, answer.json()) == (200, {"revision": 1})
    assert stored("A1") == ("We roast coffee.", False, 1)


@pytest.mark.parametrize("text", NASTY)
def test_any_text_saves_itself_and_is_shown_as_text(browse, brief, project, contact, text):
    browser = browse(contact)
    assert autosave(browser, project, "A1", text).status_code == 200
    assert stored("A1")[0] == text
    assert "<script>alert" not in browser.get(section(project)).text
    assert "<script>alert" not in browser.get(brief.get_absolute_url()).text


@pytest.mark.parametrize(("field", "value"), [("A1", "a\x00b"), ("A1", "x" * 10_001), ("D2", ["", "many", ""])])
def test_nonsense_is_answered_in_words(browse, brief, project, contact, field, value):
    answer = autosave(browse(contact), project, field, value)
    assert answer.status_code == 422
    assert answer.json()["sentence"]
    assert not Answer.objects.exists()


def test_of_two_who_write_at_once_the_second_sees_both(browse, brief, project, contact, decider):
    autosave(browse(contact), project, "A1", "Katya's")
    answer = autosave(browse(decider), project, "A1", "Dmitry's")
    assert (answer.status_code, answer.json()["current"], answer.json()["revision"]) == (409, ["Katya's"], 1)
    assert stored("A1") == ("Katya's", False, 1)


def test_without_javascript_the_second_sees_both_too(browse, brief, project, contact, decider):
    autosave(browse(contact), project, "A1", "Katya's words")
    sent = {"A1": "Dmitry's words", "revision-A1": "0"}
    answer = browse(decider).post(section(project), sent)
    assert answer.status_code == 422
    assert "Katya&#x27;s words" in answer.text
    assert "Dmitry&#x27;s words" in answer.text
    browse(decider).post(section(project), {**sent, "revision-A1": "1"})
    assert stored("A1") == ("Dmitry's words", False, 2)


def test_the_whole_section_is_saved_and_the_next_one_opens(browse, brief, project, contact):
    sent = {"A1": "We roast coffee.", "A4": ["Dmitry", "+7"], "revision-A1": "0", "revision-A4": "0"}
    answer = browse(contact).post(section(project), sent)
    assert answer.url == section(project, "B")
    assert stored("A4") == ({"name": "Dmitry", "contact": "+7"}, False, 1)


def test_a_question_opens_once_its_condition_holds(browse, detailed, project, contact):
    browser = browse(contact)
    page = browser.get(section(project, "I")).text
    assert ("Will there be paid promotion?" in page, "Who labels the advertising" in page) == (True, False)
    assert (
        browser.post(section(project, "I"), {"I2": ["russia", ""], "revision-I2": "0"}).url
        == f"{section(project, 'I')}#I3"
    )
    assert "Who labels the advertising" in browser.get(section(project, "I")).text
    sent = {"I2": ["russia", ""], "revision-I2": "1", "I3": "", "revision-I3": "0"}
    assert browser.post(section(project, "I"), sent).url == section(project, "J")


def test_a_question_closes_with_its_condition(browse, detailed, project, contact):
    browser = browse(contact)
    browser.post(section(project, "I"), {"I2": ["russia", ""], "revision-I2": "0"})
    assert autosave(browser, project, "I3", ["agency", ""]).json() == {"revision": 1}
    browser.post(section(project, "I"), {"I2": ["no", ""], "revision-I2": "1"})
    assert "Who labels the advertising" not in browser.get(section(project, "I")).text
    assert "Who labels the advertising" not in browser.get(detailed.get_absolute_url()).text
    assert stored("I3") == ({"choice": "agency", "note": ""}, False, 1)


def test_the_client_answers_in_more_detail(browse, brief, project, contact):
    browser = browse(contact)
    autosave(browser, project, "A1", "We roast coffee.")
    page = browser.get(brief.get_absolute_url()).text
    assert "There are 45 further questions: about 90 minutes in all." in page
    answer = browser.post(reverse("projects:brief_extension", args=[project.pk]), follow=True)
    assert "Further questions are added. All of them may stay empty." in answer.text
    assert "Answer in more detail" not in answer.text
    assert answer.context["progress"] == Progress(done=1, total=58, minutes=118)
    assert stored("A1") == ("We roast coffee.", False, 1)


def test_who_only_looks_on_is_not_offered_more(browse, brief, viewer, specialist):
    for person in (viewer, specialist):
        assert "Answer in more detail" not in browse(person).get(brief.get_absolute_url()).text


def difference(project, number: int, query: str = "") -> str:
    return reverse("projects:brief_difference", args=[project.pk, number]) + query


def test_versions_are_compared_word_by_word(browse, filled, version, project, contact):
    actions.save_answer(filled, "A1", value="We roast fine coffee.", revision=1, by=contact)
    actions.save_answer(filled, "G3", value=None, unknown=True, revision=1, by=contact)
    second = actions.submit_brief(filled, by=contact)
    browser = browse(contact)
    page = browser.get(difference(project, 2, "?from=1"))
    told = [
        (item.question["key"], item.change, [(p.change, p.text) for p in item.pieces])
        for item in page.context["differences"]
    ]
    assert told == [
        ("A1", "changed", [("same", "We roast "), ("added", "fine "), ("same", "coffee.")]),
        ("G3", "changed", [("removed", "We roast coffee."), ("added", "Don’t know")]),
    ]
    assert ("2 answers differ." in page.text, page.text.count("<ins>"), page.text.count("<del>")) == (True, 2, 1)
    assert browser.get(difference(project, 2)).context["before"] == version
    assert difference(project, 2) in browser.get(second.get_absolute_url()).text
    assert "Every answer reads the same" in browser.get(difference(project, 1, "?from=1")).text


def test_answers_that_came_and_went_are_told_apart(browse, filled, version, project, contact):
    brief = actions.extend_brief(filled, by=contact)
    actions.save_answer(brief, "A2", value=["https://vk.com/roast"], revision=0, by=contact)
    actions.submit_brief(brief, by=contact)
    browser = browse(contact)
    for query, number, change in (("?from=1", 2, "added"), ("?from=2", 1, "removed")):
        items = browser.get(difference(project, number, query)).context["differences"]
        assert [(item.question["key"], item.change) for item in items] == [("A2", change)]


@pytest.mark.parametrize(
    ("number", "query"), [(1, ""), (1, "?from=9"), (9, "?from=1"), (1, "?from=99999999999999999999")]
)
def test_a_version_that_is_not_there_compares_with_nothing(browse, version, project, contact, number, query):
    assert browse(contact).get(difference(project, number, query)).status_code == 404


def test_what_may_stay_empty_says_so(browse, detailed, project, contact):
    page = browse(contact).get(section(project, "H")).text
    assert page.count("May stay empty") == 5
    assert browse(contact).get(section(project, "J")).text.count("May stay empty") == 5


def test_a_brief_is_submitted_or_gone_on_with(browse, detailed, project, contact):
    page = browse(contact).get(detailed.get_absolute_url()).text
    assert ("Submit the brief" in page, "Continue" in page) == (True, True)


def test_after_the_last_section_comes_the_whole_brief(browse, brief, project, contact):
    assert browse(contact).post(section(project, "K"), {}).url == brief.get_absolute_url()


def test_one_wrong_answer_does_not_lose_the_others(browse, brief, project, contact):
    sent = {"D1": ["leads", ""], "revision-D1": "0", "D2": ["Followers", "lots", ""], "revision-D2": "0"}
    answer = browse(contact).post(section(project, "D"), sent)
    assert (answer.status_code, "“lots” is not a number" in answer.text) == (422, True)
    assert 'value="lots"' in answer.text
    assert stored("D1") == ({"choice": "leads", "note": ""}, False, 1)


def test_dont_know_saves_the_screen_and_counts(browse, brief, project, contact):
    sent = {"unknown": "yes", "D2": ["Followers", "", ""], "revision-D2": "0", "revision-D3": "0", "D3": ["", ""]}
    answer = browse(contact).post(reverse("projects:brief_answer", args=[project.pk, "D3"]), sent)
    assert answer.url == section(project, "D") + "#D3"
    assert stored("D3") == (None, True, 1)
    assert stored("D2")[0]["rows"][0]["what"] == "Followers"


def test_dont_know_can_be_taken_back_and_survives_the_next_button(browse, brief, project, contact):
    browser = browse(contact)
    address = reverse("projects:brief_answer", args=[project.pk, "A1"])
    browser.post(address, {"unknown": "yes", "revision-A1": "0"})
    browser.post(section(project), {"A1": "", "revision-A1": "1"})
    assert stored("A1") == (None, True, 1)
    browser.post(address, {"unknown": "no", "A1": "", "revision-A1": "1"})
    assert stored("A1") == (None, False, 2)


def test_words_typed_after_dont_know_are_the_answer(browse, brief, project, contact):
    browser = browse(contact)
    browser.post(reverse("projects:brief_answer", args=[project.pk, "A1"]), {"unknown": "yes", "revision-A1": "0"})
    autosave(browser, project, "A1", "Coffee after all", revision=1)
    assert stored("A1") == ("Coffee after all", False, 2)


@pytest.mark.parametrize("key", ["Z", "A1"])
def test_a_section_that_is_not_there(browse, brief, project, contact, key):
    assert browse(contact).get(section(project, key)).status_code == 404


def test_a_question_that_is_not_there(browse, brief, project, contact):
    assert browse(contact).post(reverse("projects:brief_answer", args=[project.pk, "Z9"])).status_code == 404
    assert autosave(browse(contact), project, "A9", "x").status_code == 404


def test_an_unfinished_brief_is_not_submitted(browse, brief, project, contact):
    answer = browse(contact).post(reverse("projects:brief_submission", args=[project.pk]), follow=True)
    assert "Still without an answer" in answer.text
    assert not BriefVersion.objects.exists()


def test_a_double_click_submits_once(browse, filled, project, contact):
    browser = browse(contact)
    address = reverse("projects:brief_submission", args=[project.pk])
    assert browser.post(address).url == browser.post(address).url
    assert BriefVersion.objects.count() == 1


def test_a_version_shows_all_of_it_as_text(browse, filled, project, contact, viewer):
    actions.save_answer(filled, "A1", value="<b>Coffee</b>", revision=1, by=contact)
    version = actions.submit_brief(filled, by=contact)
    page = browse(viewer).get(version.get_absolute_url()).text
    assert "&lt;b&gt;Coffee&lt;/b&gt;" in page
    assert version.content_hash in page


# --- The debrief ----------------------------------------------------------------------------------------------------


def test_the_agency_writes_beside_the_clients_words(browse, version, project, manager):
    sent = {"A": "You roast coffee.", "revision-A": "1"}
    answer = browse(manager).post(reverse("projects:debrief", args=[project.pk]), sent, follow=True)
    assert "We roast coffee." in answer.text
    assert "You roast coffee." in answer.text


def test_understanding_saves_itself(browse, version, project, manager):
    address = reverse("projects:debrief", args=[project.pk])
    sent = {"field": "A", "A": "You roast coffee.", "revision": "1"}
    headers = {"Accept": "application/json"}
    assert browse(manager).post(address, sent, headers=headers).json() == {"revision": 2}
    again = browse(manager).post(address, {**sent, "A": "Tea"}, headers=headers)
    assert (again.status_code, again.json()["current"]) == (409, "You roast coffee.")


def test_a_colleagues_words_are_shown_beside_ones_own(browse, version, project, manager, specialist):
    actions.write_understanding(version, texts={"A": "Sonya's words"}, by=specialist)
    address = reverse("projects:debrief", args=[project.pk])
    answer = browse(manager).post(address, {"A": "Maxim's words", "revision-A": "1"})
    assert answer.status_code == 409
    assert "Sonya&#x27;s words" in answer.text
    assert "Maxim&#x27;s words" in answer.text


def test_a_text_too_long_is_refused_and_kept(browse, version, project, manager):
    address = reverse("projects:debrief", args=[project.pk])
    answer = browse(manager).post(address, {"A": "x" * 10_001, "revision-A": "1"})
    assert (answer.status_code, "x" * 10_001 in answer.text) == (409, True)


def test_the_client_reads_nothing_of_a_draft(browse, version, project, manager, decider):
    actions.write_understanding(version, texts={"A": "An internal thought"}, by=manager)
    assert "An internal thought" not in browse(decider).get(reverse("projects:debrief", args=[project.pk])).text


def test_an_empty_remark_is_told_at_its_field(browse, shared, project, contact):
    answer = browse(contact).post(reverse("projects:debrief_remark", args=[project.pk, "A"]), {"text": " "})
    assert answer.status_code == 422
    assert "field-invalid" in answer.text


def test_the_way_from_the_brief_to_an_active_project(browse, cast, version, project):
    client, agency = browse(cast.decider), browse(cast.manager)
    page = {name: reverse(f"projects:{name}", args=[project.pk]) for name in ("debrief", "debrief_sharing")}
    agency.post(page["debrief"], understandings(version))
    agency.post(page["debrief_sharing"])
    client.post(reverse("projects:debrief_remark", args=[project.pk, "A"]), {"text": "And tea."})
    agency.post(page["debrief_sharing"])
    client.post(reverse("projects:debrief_confirmation", args=[project.pk]), {"seen": "2"})
    project.refresh_from_db()
    assert project.activated_at == Debrief.objects.get().confirmed_at


# --- Goals and tasks ------------------------------------------------------------------------------------------------


def test_a_goal_is_made_from_the_brief(browse, version, project, manager):
    page = browse(manager).get(reverse("projects:new_goal", args=[project.pk]) + "?from=D2").text
    assert "Coffee: 12,000" in page
    assert 'value="2027-03-01"' in page


def test_a_goal_goes_from_draft_to_agreed(browse, cast, project, manager, decider):
    words = dict.fromkeys(("statement", *Goal.CRITERIA), "x")
    browse(manager).post(
        reverse("projects:new_goal", args=[project.pk]), {**words, "due_on": "2027-03-01", "revision": "1"}
    )
    goal = Goal.objects.get()
    browse(manager).post(reverse("projects:goal_proposal", args=[goal.pk]))
    browse(decider).post(reverse("projects:goal_agreement", args=[goal.pk]), {"revision": "1"})
    assert Goal.objects.get().status == "agreed"


def test_what_is_missing_is_said_on_the_page(browse, cast, project, manager):
    goal = actions.draft_goal(project, by=manager, statement="More")
    browser = browse(manager)
    assert "Achievable: why it is within reach" in browser.get(goal.get_absolute_url()).text
    answer = browser.post(reverse("projects:goal_proposal", args=[goal.pk]), follow=True)
    assert "the goal needs" in answer.text


def test_of_two_editors_the_second_keeps_the_words(browse, cast, manager, contact):
    goal = make_goal(cast)
    actions.edit_goal(goal, revision=1, by=manager, statement="Ten")
    sent = {"statement": "Eleven, mine", "revision": "1"}
    answer = browse(contact).post(reverse("projects:edit_goal", args=[goal.pk]), sent)
    assert answer.status_code == 422
    assert "Eleven, mine" in answer.text
    assert "was changed while you were reading" in answer.text


def test_a_goal_without_words_is_told_at_its_field(browse, project, manager):
    answer = browse(manager).post(
        reverse("projects:new_goal", args=[project.pk]), {"specific": "Followers", "revision": "1"}
    )
    assert (answer.status_code, "Followers" in answer.text) == (422, True)


@pytest.mark.parametrize("text", NASTY)
def test_any_goal_is_shown_as_text(browse, cast, manager, text):
    goal = make_goal(cast, statement=text, specific=text)
    page = browse(manager).get(goal.get_absolute_url())
    assert page.status_code == 200
    assert "<script>alert" not in page.text


def test_a_task_is_added_finished_and_undone(browse, project, manager, contact):
    sent = {
        "title": "Send the logo",
        "side": "client",
        "priority": "normal",
        "assignee": contact.pk,
        "due_on": "2026-12-01",
    }
    browse(manager).post(reverse("projects:tasks", args=[project.pk]), sent)
    task = Task.objects.get()
    browse(contact).post(reverse("projects:task_completion", args=[task.pk]))
    assert Task.objects.get().done_by == contact
    browse(contact).post(reverse("projects:task_reopening", args=[task.pk]))
    assert Task.objects.get().done_at is None


def test_a_task_for_the_wrong_person_keeps_what_was_typed(browse, project, manager):
    sent = {"title": "Send the logo", "side": "client", "priority": "normal", "assignee": manager.pk}
    answer = browse(manager).post(reverse("projects:tasks", args=[project.pk]), sent)
    assert answer.status_code == 422
    assert "does not work on that side" in answer.text
    assert 'value="Send the logo"' in answer.text
    assert not Task.objects.exists()


# --- Both languages -------------------------------------------------------------------------------------------------

SAID = {
    "projects:brief": ("Brief", "Бриф"),
    "projects:debrief": ("How the agency understood the brief", "Как агентство поняло бриф"),
    "projects:goals": ("Goals", "Цели"),
    "projects:tasks": ("Waits on the client", "За клиентом"),
}


@pytest.mark.parametrize("name", SAID)
@pytest.mark.parametrize("language", ["en", "ru"])
def test_a_page_speaks_the_readers_language(browse, cast, name, language):
    with_shared_debrief(cast)
    cast.decider.language = language
    cast.decider.save()
    page = browse(cast.decider).get(reverse(name, args=[cast.project.pk])).text
    assert SAID[name][language == "ru"] in page


def test_the_questions_are_asked_in_the_readers_language(browse, cast):
    with_version(cast)
    cast.contact.language = "ru"
    cast.contact.save()
    assert "Какой результат и к" in browse(cast.contact).get(section(cast.project, "D")).text


def test_the_first_goal_begins_with_the_brief_only_once_it_is_submitted(cast, project, browse, manager, contact):
    address = reverse("projects:goals", args=[project.pk])
    before = browse(manager).get(address).text
    actions.submit_brief(
        answered_in_full(cast, {"D2": {"rows": [{"what": "Readers", "value": "9", "by": ""}], "note": ""}}), by=contact
    )
    after = browse(manager).get(address).text
    assert ["?from=D2" in page for page in (before, after)] == [False, True]
    assert ["Reword, reorder or remove" in page for page in (before, after)] == [False, False]
