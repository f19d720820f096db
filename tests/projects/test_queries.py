"""How projects stand, what waits for whom, and what it costs to know."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from projects import actions, queries
from projects.models import Project
from projects.origins import place_named
from smmportal.people.models import Role, Side
from tests.builders import make_goal, make_task
from tests.projects.test_actions_debriefs import next_version


def lines(project) -> list[tuple]:
    return [(line.side, line.sentence) for line in queries.waiting([project])]


def words(project) -> list[tuple]:
    return [(key, step.status, step.word) for key, step in queries.spine_states([project])[project.pk].items()]


def test_an_empty_brief_waits_for_the_client(brief, project):
    line = queries.waiting([project])[0]
    assert (line.side, line.sentence, line.roles) == (
        Side.CLIENT,
        "Fill in the brief: it is what the whole project rests on.",
        (Role.DECIDER, Role.CONTACT),
    )
    assert words(project) == [
        ("brief", "no_data", "not begun"),
        ("goals", "no_data", "none yet"),
        ("tasks", "no_data", "no open tasks"),
    ]


def test_a_brief_begun_says_how_much_is_left(brief, project, contact):
    actions.save_answer(brief, "A1", value="x", revision=0, by=contact)
    actions.save_answer(brief, "A4", value=None, unknown=True, revision=0, by=contact)
    assert lines(project) == [(Side.CLIENT, "Finish the brief: 12 questions are left.")]
    assert words(project)[0] == ("brief", "no_target", "2 of 14")


def test_a_brief_that_may_be_submitted_says_so(detailed, project):
    assert lines(project) == [(Side.CLIENT, "All the brief needs is answered: submit it, or add what you like first.")]
    assert words(project)[0] == ("brief", "no_target", "14 of 58")


def test_an_answer_taken_back_is_not_counted(brief, project, contact):
    actions.save_answer(brief, "A1", value="x", revision=0, by=contact)
    actions.save_answer(brief, "A1", value=None, revision=1, by=contact)
    assert words(project)[0] == ("brief", "no_data", "not begun")


def test_a_filled_brief_waits_to_be_submitted(filled, project):
    assert lines(project) == [(Side.CLIENT, "The brief is filled in: submit it, and the agency can begin.")]


def test_a_submitted_brief_waits_for_the_debrief(version, project):
    assert lines(project) == [(Side.AGENCY, "Write how the brief was understood: the client waits to hear it.")]
    assert words(project)[0] == ("brief", "no_target", "submitted")


def test_a_shared_debrief_waits_for_the_decision_maker(shared, project):
    line = queries.waiting([project])[0]
    assert (line.side, line.roles) == (Side.CLIENT, (Role.DECIDER,))
    assert words(project)[0] == ("brief", "no_target", "to confirm")


def test_remarks_wait_for_the_agency(shared, project, contact):
    actions.remark_on_debrief(shared, "A", text="No.", by=contact)
    assert lines(project) == [(Side.AGENCY, "Answer the client's remarks on how the brief was understood.")]
    assert words(project)[0] == ("brief", "at_risk", "remarks")


def test_after_the_confirmation_the_first_goal_waits(shared, project, decider):
    actions.confirm_debrief(shared, by=decider)
    assert lines(project) == [(Side.AGENCY, "The brief is confirmed: write the first goal.")]
    assert words(project)[0] == ("brief", "on_track", "confirmed")


def test_a_new_version_opens_the_step_again(shared, filled, project, decider, contact):
    actions.confirm_debrief(shared, by=decider)
    next_version(filled, contact)
    assert words(project)[0] == ("brief", "no_target", "submitted")


@pytest.mark.parametrize(("who", "side"), [("manager", Side.CLIENT), ("decider", Side.AGENCY)])
def test_a_proposed_goal_waits_for_the_other_side(cast, brief, project, who, side):
    actions.propose_goal(make_goal(cast), by=getattr(cast, who))
    assert lines(project)[1] == (side, "Read the proposed goal: “Twelve thousand followers by 1 March”")
    assert words(project)[1] == ("goals", "no_target", "to agree")


def test_an_agreed_goal_waits_for_nobody(cast, brief, project, manager, decider):
    goal = actions.propose_goal(make_goal(cast, due_on=date(2099, 3, 1)), by=manager)
    actions.agree_to_goal(goal, revision=1, by=decider)
    assert len(lines(project)) == 1
    assert words(project)[1] == ("goals", "on_track", "agreed")


def test_a_task_waits_for_its_person(cast, brief, project, contact):
    make_task(cast, due_on=date(2020, 1, 1))
    line = queries.waiting([project])[1]
    assert (line.sentence, line.side, line.person_id, line.due_on) == (
        "Send the logo",
        Side.CLIENT,
        contact.pk,
        date(2020, 1, 1),
    )
    assert words(project)[2] == ("tasks", "at_risk", "1 overdue")


def test_a_task_of_nobody_is_no_viewers(cast, brief, project):
    make_task(cast, assignee=None)
    assert not queries.waiting([project])[1].is_for(cast.viewer.pk, Role.VIEWER)


def test_a_done_task_waits_for_nobody(cast, brief, project):
    make_task(cast, done_at=timezone.now())
    assert len(lines(project)) == 1


def test_nothing_waits_in_a_closed_project(brief, project, manager):
    actions.close_project(project, by=manager)
    assert lines(project) == []


def test_the_stage_is_the_first_step_that_is_not_behind(cast, brief, project):
    assert queries.stage_of(project, queries.spine_states([project])[project.pk]).word == "Brief: not begun"


def test_a_project_without_a_brief_still_has_its_steps(project):
    assert words(project)[0] == ("brief", "no_data", "not begun")


def busy_project(cast) -> Project:
    project = actions.create_project(cast.agency, client=cast.client, name="Tea", by=cast.manager)
    make_goal(cast, project=project)
    make_task(cast, project=project)
    return project


@pytest.mark.parametrize("read", [queries.waiting, queries.spine_states])
def test_thirty_projects_cost_as_much_as_one(cast, read):
    busy = [busy_project(cast) for _index in range(30)]
    with CaptureQueriesContext(connection) as one:
        read(busy[:1])
    with CaptureQueriesContext(connection) as thirty:
        read(busy)
    assert len(one) == len(thirty)


def test_a_goal_begins_with_the_brief(version, project):
    assert queries.goal_from(place_named(project, "D2")) == {
        "origin": "1.D2.0",
        "statement": "Coffee: 12,000 — 1\u00a0March 2027",
        "specific": "Coffee",
        "measurable": "Coffee: 12,000",
        "due_on": date(2027, 3, 1),
    }


@pytest.mark.parametrize("key", ["", "Z9", "\x00"])
def test_an_answer_that_is_not_there_begins_nothing(version, project, key):
    assert queries.goal_from(place_named(project, key)) == {}


def test_any_other_answer_becomes_the_statement(version, project):
    assert queries.goal_from(place_named(project, "A1")) == {
        "origin": "1.A1.0",
        "statement": "We roast coffee.",
        "due_on": None,
    }


def test_progress_counts_minutes_left(brief):
    progress = queries.progress_of(brief.form, {"A1", "C1"}, {})
    assert (progress.done, progress.total, progress.minutes, progress.percent) == (2, 14, 27, 14)
