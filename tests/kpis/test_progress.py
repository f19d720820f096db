"""How far a goal is by its KPIs and their weights."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from kpis.actions.agreements import prepare_agreement, sign_agreement
from kpis.actions.kpis import draft_kpi, edit_kpi
from kpis.models import Kpi, Source
from kpis.queries.progress import parts_of_goal, progress_of_parts
from projects.measures import Progress, measures
from projects.models import Goal
from smmportal.refusals import Refused
from tests.builders import make_goal, make_kpi, make_points, make_running_goal, make_series, make_source


@pytest.fixture(autouse=True)
def active(cast) -> None:
    cast.project.activated_at = timezone.now()
    cast.project.save()


@pytest.fixture
def goal(cast) -> Goal:
    goal = make_goal(cast)
    cast.made[Goal] = goal
    return goal


def watched(cast, goal, *values, metric="followers", **fields) -> Kpi:
    """A KPI half-way through its term, over a source of its own with these values up to yesterday."""
    today = timezone.localdate()
    source = make_source(cast)
    if values:
        make_points(make_series(cast, source=source, metric=metric), list(values), last=today - timedelta(days=1))
    term = {"starts_on": today - timedelta(days=50), "due_on": today + timedelta(days=50)}
    return make_kpi(cast, goal=goal, source=source, metric=metric, **{**term, **fields})


def shares(goal) -> list[tuple]:
    return [(round(part.share, 2), None if part.done is None else round(part.done, 2)) for part in parts_of_goal(goal)]


def told(goal) -> tuple:
    known = progress_of_parts(parts_of_goal(goal))
    return round(known.done, 2), round(known.unknown, 2), known.kpis


def test_equal_weights_are_equal_shares(cast, goal):
    watched(cast, goal, 11000)
    watched(cast, goal, 10500)
    assert (shares(goal), told(goal)) == (
        [(Decimal("0.5"), Decimal("0.5")), (Decimal("0.5"), Decimal("0.25"))],
        (
            Decimal("0.38"),
            0,
            2,
        ),
    )


def test_weights_are_of_the_goals_own_kpis(cast, goal):
    watched(cast, goal, 11000, weight=3)
    watched(cast, goal, 10000, weight=1)
    watched(cast, None, 10000, weight=100)
    assert told(goal) == (Decimal("0.38"), 0, 2)


@pytest.mark.parametrize(
    ("values", "fields"),
    [((), {}), ((11000,), {"target": None}), ((11000,), {"baseline": None})],
)
def test_what_nobody_can_judge_is_unknown_and_never_zero(cast, goal, values, fields):
    watched(cast, goal, 12000)
    watched(cast, goal, *values, **fields)
    assert told(goal) == (Decimal("0.5"), Decimal("0.5"), 2)


def test_a_lost_source_is_unknown(cast, goal):
    kpi = watched(cast, goal, 11000)
    Source.objects.filter(pk=kpi.source_id).update(error_kind="reauthorise")
    assert told(goal) == (0, 1, 1)


@pytest.mark.parametrize(("now", "done"), [(9000, 0), (10000, 0), (11000, "0.5"), (12000, 1), (15000, 1)])
def test_a_way_is_never_less_than_nothing_nor_more_than_all(cast, goal, now, done):
    watched(cast, goal, now)
    assert told(goal) == (Decimal(done), 0, 1)


def test_a_way_down(cast, goal):
    watched(cast, goal, 8500, kind="decrease_to", target=Decimal(8000))
    assert told(goal) == (Decimal("0.75"), 0, 1)


@pytest.mark.parametrize(("now", "done"), [(12000, "0.5"), (11000, 0)])
def test_a_level_counts_by_its_time_while_it_is_held(cast, goal, now, done):
    watched(cast, goal, now, kind="stay_above")
    assert told(goal) == (Decimal(done), 0, 1)


def test_a_goal_without_kpis_has_no_progress(goal):
    assert progress_of_parts(parts_of_goal(goal)) == Progress()
    assert measures().progress_of([goal]) == {}


def test_new_terms_count_once_they_are_signed(cast, goal):
    signed = watched(cast, goal, 11000)
    agreement = prepare_agreement(cast.project, by=cast.manager)
    for person in (cast.manager, cast.decider):
        sign_agreement(agreement, by=person, seen_hash=agreement.content_hash, proof="password")
    signed.refresh_from_db()
    newer = watched(cast, goal, 11000, target=Decimal(20000), replaces=signed)
    assert [part.kpi for part in parts_of_goal(goal)] == [signed]
    second = prepare_agreement(cast.project, by=cast.manager)
    for person in (cast.manager, cast.decider):
        sign_agreement(second, by=person, seen_hash=second.content_hash, proof="password")
    assert [part.kpi for part in parts_of_goal(goal)] == [newer]


def test_twenty_goals_cost_as_much_as_one(cast, goal, django_assert_num_queries):
    goals = [goal, *(make_goal(cast) for _index in range(19))]
    for each in goals:
        watched(cast, each, 11000)
    with django_assert_num_queries(2):
        measures().progress_of(goals[:1])
    with django_assert_num_queries(2):
        assert len(measures().progress_of(goals)) == 20


# --- Weights --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("weight", [0, 101])
def test_a_weight_is_from_1_to_100(cast, goal, weight):
    kpi = watched(cast, goal, 11000)
    with pytest.raises(Refused) as refusal:
        edit_kpi(kpi, by=cast.manager, weight=weight)
    assert refusal.value.code == "weight-out-of-range"


def test_a_weight_is_drafted_with_the_kpi(cast, goal):
    kpi = watched(cast, goal, 11000)
    terms = {"source": kpi.source, "metric": "followers", "kind": "stay_above", "target": Decimal(9000), "weight": 7}
    drafted = draft_kpi(cast.project, by=cast.manager, starts_on=kpi.starts_on, due_on=kpi.due_on, **terms)
    assert Kpi.objects.get(pk=drafted.pk).weight == 7


@pytest.mark.parametrize("change", ["weight", "goal"])
def test_another_weight_or_goal_is_another_text(cast, goal, change):
    kpi = watched(cast, goal, 11000)
    agreement = prepare_agreement(cast.project, by=cast.manager)
    edit_kpi(kpi, by=cast.manager, **{change: {"weight": 2, "goal": make_goal(cast)}[change]})
    with pytest.raises(Refused) as refusal:
        sign_agreement(agreement, by=cast.manager, seen_hash=agreement.content_hash, proof="password")
    assert refusal.value.code == "out-of-date"


# --- Signing begins the goal ----------------------------------------------------------------------------------------


def sign_everything(cast) -> None:
    agreement = prepare_agreement(cast.project, by=cast.manager)
    sign_agreement(agreement, by=cast.manager, seen_hash=agreement.content_hash, proof="password")
    assert not Goal.objects.filter(status="active").exists()
    sign_agreement(agreement, by=cast.decider, seen_hash=agreement.content_hash, proof="password")


def test_the_second_signature_begins_the_goals_under_it(cast):
    agreed = {"status": "agreed", "begun_at": None, "begun_by": None}
    goal, other = make_running_goal(cast, **agreed), make_running_goal(cast, **agreed)
    draft = make_goal(cast)
    for each in (goal, draft):
        watched(cast, each, 11000)
    sign_everything(cast)
    states = dict(Goal.objects.filter(pk__in=[goal.pk, other.pk, draft.pk]).values_list("pk", "status"))
    assert states == {goal.pk: "active", other.pk: "agreed", draft.pk: "draft"}
    goal.refresh_from_db()
    assert goal.begun_by == cast.decider
