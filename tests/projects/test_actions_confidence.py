"""How sure each side is, and when the two are too far apart."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from projects import actions, queries
from projects.models import Confidence, ConfidenceGap, Goal
from smmportal.facts import FactChanged
from smmportal.people.models import Side
from smmportal.refusals import Refused
from tests.builders import make_conclusion, make_goal
from tests.projects.test_actions_goals import told


@pytest.fixture
def goal(cast) -> Goal:
    return make_goal(cast)


def say(goal, by, value, note=""):
    return actions.say_confidence(goal, value=value, note=note, by=by)


def gaps() -> list[bool]:
    """Whether each gap is open, the oldest first."""
    return [gap.closed_at is None for gap in ConfidenceGap.objects.all()]


@pytest.mark.parametrize(
    ("who", "side"),
    [
        ("owner", "agency"),
        ("manager", "agency"),
        ("specialist", "agency"),
        ("decider", "client"),
        ("contact", "client"),
    ],
)
def test_whoever_acts_for_a_side_says_how_sure_it_is(cast, goal, who, side):
    said = say(goal, getattr(cast, who), 7, " Videos work ")
    assert (said.side, said.value, said.note, said.by) == (side, 7, "Videos work", getattr(cast, who))


@pytest.mark.parametrize("who", ["viewer", "stranger", "neighbour"])
def test_nobody_else_does(cast, goal, who):
    with pytest.raises(PermissionDenied):
        say(goal, getattr(cast, who), 7)
    assert not Confidence.objects.exists()


@pytest.mark.parametrize("value", [0, 11, -3])
def test_it_is_a_number_from_1_to_10(goal, manager, value):
    with pytest.raises(Refused, match="from 1 to 10"):
        say(goal, manager, value)
    with pytest.raises(IntegrityError), transaction.atomic():
        goal.confidences.create(side=Side.AGENCY, value=11, by=manager)


def test_the_latest_word_of_a_side_counts_and_the_earlier_stay(cast, goal):
    for value in (4, 6, 5):
        say(goal, cast.manager, value)
    say(goal, cast.contact, 7)
    assert queries.latest_confidences([goal.pk]) == {goal.pk: {"agency": 5, "client": 7}}
    assert [row.value for row in goal.confidences.filter(side="agency")] == [5, 6, 4]


def test_what_was_said_never_changes(goal, manager):
    said = say(goal, manager, 4)
    said.value = 9
    with pytest.raises(FactChanged):
        said.save()
    with pytest.raises(FactChanged):
        Confidence.objects.update(value=9)


def test_the_same_word_of_the_same_person_is_written_once(cast, goal):
    assert say(goal, cast.manager, 4) == say(goal, cast.manager, 4)
    assert say(goal, cast.specialist, 4) != say(goal, cast.manager, 4, "still")


@pytest.mark.parametrize(("agency", "client", "apart"), [(8, 5, [True]), (5, 8, [True]), (7, 5, []), (10, 1, [True])])
def test_three_apart_is_a_gap(cast, goal, agency, client, apart):
    say(goal, cast.manager, agency)
    assert gaps() == []
    say(goal, cast.decider, client)
    assert gaps() == apart


def test_a_gap_is_told_to_both_sides_once(cast, goal):
    say(goal, cast.manager, 9)
    say(goal, cast.decider, 4)
    say(goal, cast.decider, 3)
    assert (gaps(), told("goal.apart")) == ([True], ["Katya", "Maxim", "Sonya"])


def test_a_gap_closes_and_another_is_another(cast, goal):
    say(goal, cast.manager, 9)
    for value in (4, 8, 2):
        say(goal, cast.decider, value)
    assert gaps() == [False, True]


def test_a_gap_rings_for_the_agenda(cast, goal, django_capture_on_commit_callbacks):
    say(goal, cast.manager, 9)
    with django_capture_on_commit_callbacks() as bells:
        say(goal, cast.decider, 4)
    rung = [bell.args for bell in bells if getattr(bell, "args", None)]
    assert ("meetings.bring_up_goal", {"goal": goal.pk}) in rung


def test_an_ended_goal_needs_no_confidence(cast, manager):
    with pytest.raises(Refused, match="has ended"):
        say(make_conclusion(cast).goal, manager, 5)


def test_an_end_closes_the_gap(cast, manager):
    goal = make_goal(cast, status="active")
    say(goal, cast.manager, 9)
    say(goal, cast.decider, 4)
    actions.conclude_goal(goal, outcome="dropped", reason="Too far apart", by=manager)
    assert gaps() == [False]
