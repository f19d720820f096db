"""Beginning without the client's confirmation, and what needs a project that has begun."""

import pytest
from django.core.exceptions import PermissionDenied

from projects import actions
from projects.actions.projects import demand_active
from projects.questionnaire import questions_of
from smmportal.audit import AuditEntry
from smmportal.notifications.models import Notification
from smmportal.refusals import Refused
from tests.projects.conftest import sample, understandings

REASON = "The season begins on Monday; Dmitry is away until the tenth."


def refusal_of(project) -> str:
    with pytest.raises(Refused) as refused:
        demand_active(project)
    assert refused.value.code == "project-inactive"
    return str(refused.value.sentence)


def test_both_sides_are_told_why(project, owner):
    actions.activate_project(project, reason=f"  {REASON} ", by=owner)
    told = Notification.objects.filter(event="project.activated")
    assert (project.activated_by, project.activation_reason) == (owner, REASON)
    everybody = dict.fromkeys(["Maxim", "Sonya", "Dmitry", "Katya"], REASON)
    assert {row.to.name: row.facts["reason"] for row in told} == everybody
    assert AuditEntry.objects.get(verb="project.activated").facts == {"reason": REASON}


@pytest.mark.parametrize("name", ["specialist", "decider", "contact", "viewer", "stranger"])
def test_only_the_agencys_heads_begin_without_it(cast, name):
    with pytest.raises(PermissionDenied):
        actions.activate_project(cast.project, reason=REASON, by=getattr(cast, name))


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_without_a_reason_nothing_begins(project, manager, reason):
    with pytest.raises(Refused) as refused:
        actions.activate_project(project, reason=reason, by=manager)
    project.refresh_from_db()
    assert (refused.value.code, project.activated_at) == ("no-reason", None)


def test_a_project_begins_once(project, manager, owner):
    actions.activate_project(project, reason=REASON, by=manager)
    actions.activate_project(project, reason="Another", by=owner)
    assert (project.activated_by, project.activation_reason) == (manager, REASON)
    assert AuditEntry.objects.filter(verb="project.activated").count() == 1


def test_a_project_that_the_client_confirmed_needs_no_reason(shared, decider, manager):
    actions.confirm_debrief(shared, by=decider)
    project = shared.version.brief.project
    actions.activate_project(project, reason=REASON, by=manager)
    assert (project.activated_by, project.activation_reason) == (None, "")


def test_the_client_can_still_confirm(shared, decider, manager, project):
    actions.activate_project(project, reason=REASON, by=manager)
    began = project.activated_at
    confirmed = actions.confirm_debrief(shared, by=decider)
    project.refresh_from_db()
    assert (confirmed.confirmed_by, project.activated_at) == (decider, began)


def test_a_closed_project_does_not_begin(project, manager):
    actions.close_project(project, by=manager)
    with pytest.raises(Refused) as refused:
        actions.activate_project(project, reason=REASON, by=manager)
    assert refused.value.code == "project-closed"


def test_a_refusal_says_whose_move_it_is(filled, contact, manager, decider, project):
    said = [refusal_of(project)]
    version = actions.submit_brief(filled, by=contact)
    said.append(refusal_of(project))
    debrief = actions.write_understanding(version, texts=understandings(version), by=manager)
    said.append(refusal_of(project))
    debrief = actions.share_debrief(debrief, by=manager)
    said.append(refusal_of(project))
    actions.confirm_debrief(debrief, by=decider)
    project.refresh_from_db()
    demand_active(project)
    agency = "The project has not begun: the agency says how it understood the brief, then the client confirms it."
    assert said == [
        "The project has not begun: first the client submits the brief.",
        agency,
        agency,
        "The project has not begun: the client’s decision-maker has not confirmed how the brief was understood. The"
        " agency’s manager may begin without it and say why.",
    ]


# --- Pages and the API ------------------------------------------------------------------------------------------------


def text_of(answer) -> str:
    return answer.content.decode()


def test_the_form_is_the_agencys_heads_alone_until_the_project_begins(shared, browse, cast):
    page = f"/projects/{cast.project.pk}/debrief/"
    offered = {
        name: "Begin without the client’s confirmation" in text_of(browse(getattr(cast, name)).get(page))
        for name in cast.INSIDE
    }
    assert offered == {name: name in ("owner", "manager") for name in cast.INSIDE}
    actions.activate_project(cast.project, reason=REASON, by=cast.manager)
    assert "Begin the project" not in text_of(browse(cast.manager).get(page))


def test_the_reason_is_read_on_the_project_and_on_the_brief(shared, browse, manager, decider, project):
    browse(manager).post(f"/projects/{project.pk}/activation/", {"reason": REASON})
    reader = browse(decider)
    pages = ("", "brief/", "debrief/")
    assert [REASON in text_of(reader.get(f"/projects/{project.pk}/{page}")) for page in pages] == [True] * 3


def test_an_empty_reason_comes_back_with_the_page(shared, browse, manager, project):
    answer = browse(manager).post(f"/projects/{project.pk}/activation/", {"reason": ""})
    project.refresh_from_db()
    assert (answer.status_code, project.activated_at) == (422, None)
    assert '<details class="disclosure" open>' in text_of(answer)


def test_a_program_begins_it_too(api, manager, project):
    answer = api(manager).post(f"/api/v1/projects/{project.pk}/activation/", {"reason": REASON}, format="json")
    assert (answer.status_code, answer.json()["activation_reason"]) == (201, REASON)
    assert answer.json()["activated_at"]


# --- A confirmation stands for its version ----------------------------------------------------------------------------


def test_a_new_version_needs_a_confirmation_of_its_own_and_says_so(shared, brief, contact, decider, manager, browse):
    actions.confirm_debrief(shared, by=decider)
    actions.save_answer(brief, "A1", value="Tea too.", revision=1, by=contact)
    version = actions.submit_brief(brief, by=contact)
    page = f"/projects/{brief.project_id}/debrief/"
    sentence = "and that stands for version 1. This is version 2: it needs a confirmation of its own."
    assert sentence in text_of(browse(decider).get(page))
    debrief = actions.write_understanding(version, texts=understandings(version), by=manager)
    actions.confirm_debrief(actions.share_debrief(debrief, by=manager), by=decider)
    assert sentence not in text_of(browse(decider).get(page))


def test_open_questions_are_listed_for_both_sides(brief, contact, decider, manager, browse):
    for question in questions_of(brief.form):
        unknown = question["key"] == "K1"
        value = None if unknown else sample(question)
        actions.save_answer(brief, question["key"], value=value, unknown=unknown, revision=0, by=contact)
    actions.submit_brief(brief, by=contact)
    page = f"/projects/{brief.project_id}/debrief/"
    assert "1 answer the client doesn’t know" in text_of(browse(manager).get(page))
    assert "1 answer is open: “don’t know”" in text_of(browse(decider).get(page))
    assert "Discuss at the next meeting" in text_of(browse(decider).get(page))
