"""A goal is begun, ends, and is taken up again; who answers for it."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from projects import actions
from projects.models import Conclusion, Goal
from smmportal.audit import AuditEntry
from smmportal.people.models import Side
from smmportal.refusals import Refused
from tests.builders import make_business_goal, make_conclusion, make_goal, make_running_goal
from tests.projects.test_actions_goals import told


def refusal(verb, *args, **kwargs) -> str:
    with pytest.raises(Refused) as caught:
        verb(*args, **kwargs)
    return caught.value.code


@pytest.fixture
def agreed(cast) -> Goal:
    return make_running_goal(cast, status=Goal.Status.AGREED, begun_at=None, begun_by=None)


@pytest.fixture
def running(cast) -> Goal:
    return make_running_goal(cast)


def conclude(goal: Goal, by, outcome="missed", **words) -> Conclusion:
    return actions.conclude_goal(goal, outcome=outcome, by=by, **{"reason": "We began late.", **words})


# --- Beginning ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["owner", "manager", "decider"])
def test_either_side_begins_what_both_agreed_to(cast, agreed, who):
    goal = actions.begin_goal(agreed, by=getattr(cast, who))
    assert (goal.status, goal.begun_by, goal.begun_at is not None) == ("active", getattr(cast, who), True)


@pytest.mark.parametrize("who", ["specialist", "contact", "viewer", "stranger", "neighbour"])
def test_nobody_else_begins_it(cast, agreed, who):
    with pytest.raises(PermissionDenied, match="begun by a manager or a decision-maker"):
        actions.begin_goal(agreed, by=getattr(cast, who))
    assert Goal.objects.get().status == "agreed"


def test_both_sides_are_told_once(agreed, manager):
    actions.begin_goal(agreed, by=manager)
    actions.begin_goal(agreed, by=manager)
    assert told("goal.begun") == ["Dmitry", "Katya", "Sonya"]
    assert AuditEntry.objects.filter(verb="goal.begun").count() == 1


@pytest.mark.parametrize("status", ["draft", "proposed"])
def test_what_nobody_agreed_to_is_not_begun(cast, manager, status):
    assert refusal(actions.begin_goal, make_goal(cast, status=status), by=manager) == "not-agreed"


def test_before_the_brief_is_confirmed_nothing_begins(cast, manager):
    assert refusal(actions.begin_goal, make_goal(cast, status="agreed"), by=manager) == "project-inactive"


def test_nothing_begins_in_a_closed_project(cast, agreed, manager):
    actions.close_project(cast.project, by=manager)
    agreed.project.refresh_from_db()
    assert refusal(actions.begin_goal, agreed, by=manager) == "project-closed"


def test_several_are_begun_at_once_and_only_those_that_wait_for_it(cast, agreed, manager):
    draft, running = make_goal(cast), make_running_goal(cast)
    begun = actions.begin_goals(cast.project, [agreed.pk, draft.pk, running.pk], by=manager)
    assert [goal.pk for goal in begun] == [agreed.pk]


def test_signing_before_the_brief_is_confirmed_begins_nothing(cast, manager):
    goal = make_goal(cast, status="agreed")
    assert actions.begin_goals(cast.project, [goal.pk], by=manager) == []


def test_another_projects_goals_are_not_begun(cast, agreed, manager):
    other = actions.create_project(cast.agency, client=cast.client, name="Tea", by=manager)
    other.activated_at = agreed.agreed_at
    assert actions.begin_goals(other, [agreed.pk], by=manager) == []


# --- Ending ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["owner", "manager", "decider"])
@pytest.mark.parametrize("outcome", ["achieved", "missed", "dropped"])
def test_either_side_says_how_it_ended(cast, running, who, outcome):
    said = conclude(running, getattr(cast, who), outcome, worked=" Videos ", failed="Contests", lesson="Begin earlier")
    assert (said.outcome, said.reason, said.worked, said.failed, said.lesson, said.by) == (
        outcome,
        "We began late.",
        "Videos",
        "Contests",
        "Begin earlier",
        getattr(cast, who),
    )
    assert Goal.objects.get().status == outcome


@pytest.mark.parametrize("who", ["specialist", "contact", "viewer", "stranger"])
def test_nobody_else_says_it(cast, running, who):
    with pytest.raises(PermissionDenied):
        conclude(running, getattr(cast, who))
    assert not Conclusion.objects.exists()


@pytest.mark.parametrize(("outcome", "needed"), [("achieved", False), ("missed", True), ("dropped", True)])
def test_a_bad_end_says_why(running, manager, outcome, needed):
    if needed:
        assert refusal(conclude, running, manager, outcome, reason="  ") == "no-reason"
    else:
        assert conclude(running, manager, outcome, reason="").reason == ""


def test_a_goal_that_was_not_begun_is_only_dropped(agreed, manager):
    assert [refusal(conclude, agreed, manager, outcome) for outcome in ("achieved", "missed")] == ["not-begun"] * 2
    assert conclude(agreed, manager, "dropped").outcome == "dropped"


@pytest.mark.parametrize("status", ["draft", "proposed"])
def test_a_draft_does_not_end(cast, manager, status):
    assert refusal(conclude, make_goal(cast, status=status), manager, "dropped") == "not-agreed"


def test_saying_it_twice_is_saying_it_once(running, manager, decider):
    assert conclude(running, manager) == conclude(running, decider, reason="")
    assert told("goal.concluded") == ["Dmitry", "Katya", "Sonya"]


def test_saying_something_else_afterwards_is_refused(running, manager, decider):
    conclude(running, manager)
    assert refusal(conclude, running, decider, "achieved") == "concluded"


def test_an_ended_goal_is_neither_begun_nor_changed(running, manager):
    conclude(running, manager)
    assert refusal(actions.begin_goal, running, by=manager) == "concluded"
    assert refusal(actions.edit_goal, running, by=manager, client_owner=None, statement="x") == "concluded"


# --- Taken up again -------------------------------------------------------------------------------------------------


def test_a_goal_goes_on_where_it_was_and_keeps_its_ending(cast, decider):
    said = make_conclusion(cast)
    goal = actions.reopen_goal(said.goal, reason=" There is a new budget. ", by=decider)
    said.refresh_from_db()
    assert (goal.status, said.outcome, said.reopened_by, said.reopened_because) == (
        "active",
        "missed",
        decider,
        "There is a new budget.",
    )
    assert told("goal.reopened") == ["Katya", "Maxim", "Sonya"]


def test_one_that_was_dropped_before_it_began_is_only_agreed_again(agreed, manager):
    conclude(agreed, manager, "dropped")
    assert actions.reopen_goal(agreed, reason="We can after all", by=manager).status == "agreed"


def test_going_on_needs_a_reason(cast, manager):
    assert refusal(actions.reopen_goal, make_conclusion(cast).goal, reason=" ", by=manager) == "no-reason"


def test_going_on_twice_has_one_effect(cast, manager):
    goal = make_conclusion(cast).goal
    actions.reopen_goal(goal, reason="Budget", by=manager)
    assert actions.reopen_goal(goal, reason="Budget", by=manager).status == "active"
    assert AuditEntry.objects.filter(verb="goal.reopened").count() == 1


@pytest.mark.parametrize("who", ["specialist", "contact", "viewer", "neighbour"])
def test_who_does_not_take_it_up_again(cast, who):
    with pytest.raises(PermissionDenied):
        actions.reopen_goal(make_conclusion(cast).goal, reason="Budget", by=getattr(cast, who))


def test_it_can_end_again_and_both_endings_stay(cast, manager):
    goal = make_conclusion(cast).goal
    actions.reopen_goal(goal, reason="Budget", by=manager)
    conclude(goal, manager, "achieved")
    assert list(goal.conclusions.values_list("outcome", flat=True)) == ["achieved", "missed"]


# --- Whose it is ----------------------------------------------------------------------------------------------------


def test_each_side_has_an_owner_who_is_told(cast, manager):
    goal = actions.draft_goal(
        cast.project, by=manager, statement="More", client_owner=cast.contact, agency_owner=cast.specialist
    )
    assert (goal.owner_of(Side.CLIENT), goal.owner_of(Side.AGENCY)) == (cast.contact, cast.specialist)
    assert told("goal.entrusted") == ["Katya", "Sonya"]


@pytest.mark.parametrize(
    ("field", "who"),
    [
        ("client_owner", "manager"),
        ("client_owner", "viewer"),
        ("client_owner", "neighbour"),
        ("agency_owner", "decider"),
        ("agency_owner", "stranger"),
        ("agency_owner", "colleague"),
    ],
)
def test_an_owner_acts_on_that_side_and_sees_the_project(cast, running, manager, field, who):
    assert refusal(actions.edit_goal, running, by=manager, **{field: getattr(cast, who)}) == "not-of-this-side"
    assert (
        refusal(actions.draft_goal, cast.project, by=manager, statement="x", **{field: getattr(cast, who)})
        == "not-of-this-side"
    )


def test_whose_it_is_changes_under_words_that_do_not(cast, running, manager):
    goal = actions.edit_goal(running, by=manager, client_owner=cast.decider, business_goal=make_business_goal(cast))
    assert (goal.status, goal.revision, goal.client_owner) == ("active", 1, cast.decider)
    assert refusal(actions.edit_goal, running, revision=1, by=manager, statement="Ten") == "agreed"


def test_whose_it_is_does_not_take_a_proposal_back(cast, manager):
    proposed = actions.propose_goal(make_goal(cast, due_on=date(2027, 3, 1)), by=manager)
    assert actions.edit_goal(proposed, by=manager, agency_owner=cast.owner).status == "proposed"


def test_another_projects_business_goal_is_not_taken(cast, running, manager):
    other = actions.create_project(cast.agency, client=cast.client, name="Tea", by=manager)
    foreign = make_business_goal(cast, project=other)
    assert refusal(actions.edit_goal, running, by=manager, business_goal=foreign) == "foreign-business-goal"
