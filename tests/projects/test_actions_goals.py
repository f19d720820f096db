import pytest
from django.core.exceptions import PermissionDenied

from projects import actions
from projects.models import Goal
from smmportal.notifications.models import Notification
from smmportal.people.models import Side
from smmportal.refusals import Refused
from tests.builders import make_goal, make_kpi


def told(event: str) -> list[str]:
    return sorted(Notification.objects.filter(event=event).values_list("to__name", flat=True))


@pytest.fixture
def goal(cast) -> Goal:
    return make_goal(cast)


@pytest.fixture
def proposed(goal, manager) -> Goal:
    return actions.propose_goal(goal, by=manager)


@pytest.fixture
def agreed(proposed, decider) -> Goal:
    return actions.agree_to_goal(proposed, revision=1, by=decider)


@pytest.mark.parametrize("who", ["owner", "manager", "specialist", "decider", "contact"])
def test_both_sides_draft(cast, version, who):
    goal = actions.draft_goal(cast.project, by=getattr(cast, who), statement="More followers")
    assert (goal.status, goal.brief_version, goal.created_by) == ("draft", version, getattr(cast, who))


@pytest.mark.parametrize("who", ["viewer", "stranger"])
def test_who_only_looks_does_not_draft(cast, project, who):
    with pytest.raises(PermissionDenied, match="Viewers look on"):
        actions.draft_goal(project, by=getattr(cast, who), statement="x")


def test_missing_letters_are_named(project, manager):
    goal = actions.draft_goal(project, by=manager, statement="More", specific="Followers", measurable="12,000")
    with pytest.raises(Refused, match="Achievable: why it is within reach; Relevant") as refusal:
        actions.propose_goal(goal, by=manager)
    assert refusal.value.extra == {"missing": ["achievable", "relevant", "time_bound", "due_on"]}


def test_proposing_tells_the_other_side(proposed):
    assert (proposed.status, proposed.side_to_agree) == ("proposed", Side.CLIENT)
    assert told("goal.proposed") == ["Dmitry", "Katya"]


def test_the_client_proposes_too(goal, decider):
    assert actions.propose_goal(goal, by=decider).side_to_agree is Side.AGENCY
    assert told("goal.proposed") == ["Maxim", "Sonya"]


def test_proposing_twice_has_one_effect(proposed, manager):
    assert actions.propose_goal(proposed, by=manager).proposed_at == proposed.proposed_at
    assert told("goal.proposed") == ["Dmitry", "Katya"]


@pytest.mark.parametrize("who", ["specialist", "contact", "viewer"])
def test_who_does_not_propose(cast, goal, who):
    with pytest.raises(PermissionDenied):
        actions.propose_goal(goal, by=getattr(cast, who))


def test_the_other_side_agrees(agreed, decider):
    assert (agreed.status, agreed.agreed_by) == ("agreed", decider)
    assert told("goal.agreed") == ["Katya", "Maxim", "Sonya"]


def test_agreeing_twice_has_one_effect(agreed, decider):
    assert actions.agree_to_goal(agreed, revision=1, by=decider).agreed_at == agreed.agreed_at
    assert len(told("goal.agreed")) == 3


@pytest.mark.parametrize("who", ["owner", "manager", "specialist", "contact", "viewer", "neighbour"])
def test_nobody_agrees_for_the_other_side(cast, proposed, who):
    with pytest.raises(PermissionDenied):
        actions.agree_to_goal(proposed, revision=1, by=getattr(cast, who))
    assert Goal.objects.get().status == "proposed"


def test_a_draft_is_not_agreed_to(goal, decider):
    with pytest.raises(Refused, match="not proposed"):
        actions.agree_to_goal(goal, revision=1, by=decider)


def test_words_that_changed_while_reading_are_not_agreed_to(proposed, manager, decider):
    actions.edit_goal(proposed, revision=1, by=manager, statement="Ten thousand")
    actions.propose_goal(proposed, by=manager)
    with pytest.raises(Refused) as refusal:
        actions.agree_to_goal(proposed, revision=1, by=decider)
    assert (refusal.value.code, refusal.value.extra["revision"]) == ("changed-meanwhile", 2)


def test_editing_a_proposed_goal_makes_it_a_draft(proposed, contact):
    goal = actions.edit_goal(proposed, revision=1, by=contact, statement="Ten thousand")
    assert (goal.status, goal.proposed_side, goal.proposed_at, goal.revision) == ("draft", "", None, 2)


def test_saving_the_same_words_changes_nothing(proposed, contact):
    assert actions.edit_goal(proposed, revision=0, by=contact, statement=proposed.statement).status == "proposed"


def test_an_agreed_goal_does_not_change(agreed, manager):
    with pytest.raises(Refused, match="Write a new goal instead"):
        actions.edit_goal(agreed, revision=1, by=manager, statement="Ten")


def test_of_two_editors_the_second_is_told(goal, manager, contact):
    actions.edit_goal(goal, revision=1, by=manager, statement="Ten")
    with pytest.raises(Refused) as refusal:
        actions.edit_goal(goal, revision=1, by=contact, statement="Twelve")
    assert refusal.value.extra["current"]["statement"] == "Ten"


def test_a_draft_can_be_thrown_away(goal, manager):
    actions.delete_goal(goal, by=manager)
    assert Goal.objects.count() == 0


def test_a_proposed_goal_is_not_thrown_away(proposed, manager):
    with pytest.raises(Refused, match="Only a draft"):
        actions.delete_goal(proposed, by=manager)


def test_a_goal_with_kpis_is_not_thrown_away(cast, goal, manager):
    make_kpi(cast, goal=goal)
    with pytest.raises(Refused, match="KPIs rest on this goal"):
        actions.delete_goal(goal, by=manager)
    assert Goal.objects.filter(pk=goal.pk).exists()
