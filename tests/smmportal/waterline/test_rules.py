"""The gauge: what each situation costs and why, that it adds up, and that worse facts never raise it."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smmportal.waterline import rules
from smmportal.waterline.rules import Agreement, Brief, Decider, Facts, Gauge, Kpi, Meetings, changes, gauge, level_of
from tests.smmportal.waterline.situations import (
    AGREEMENT,
    GOAL,
    KPI,
    NEW,
    TODAY,
    WELL,
    WORSE,
    days_ago,
    late,
    with_brief,
    with_goal,
    with_kpi,
    with_kpis,
    with_meetings,
    with_source,
)


def told(facts: Facts) -> dict[tuple[str, str, str], Decimal]:
    """What is lost, by cause, record and whose move it is."""
    return {(loss.code, loss.subject, loss.side): loss.points for loss in gauge(facts).losses}


def grey(facts: Facts) -> dict[tuple[str, str], Decimal]:
    return {(loss.code, loss.subject): loss.points for loss in gauge(facts).greys}


def test_where_everything_is_well_nothing_is_lost():
    found = gauge(WELL)
    assert (found.score, found.lost, found.unknown, found.level, found.losses) == (100, 0, 0, "afloat", ())


SITUATIONS = {
    "half of the brief": (
        with_brief(WELL, questions=14, answered=7, open=7),
        {("brief_open", "brief", "client"): "4"},
    ),
    "the brief is not submitted": (
        with_brief(WELL, stage="filling"),
        {("brief_unsubmitted", "brief", "client"): "7"},
    ),
    "nobody wrote the debrief": (
        with_brief(WELL, stage="submitted"),
        {("debrief_unshared", "debrief", "agency"): "4.7"},
    ),
    "remarks without an answer": (
        with_brief(WELL, stage="remarked"),
        {("remarks_open", "debrief", "agency"): "4.7"},
    ),
    "the debrief waits for the client": (
        with_brief(WELL, stage="shared"),
        {("debrief_unconfirmed", "debrief", "client"): "2.4"},
    ),
    "a brief of half a year": (with_brief(WELL, submitted_on=days_ago(180)), {}),
    "a brief of nine months": (
        with_brief(WELL, submitted_on=days_ago(254)),
        {("brief_old", "brief", "client"): "1.2"},
    ),
    "a brief of two years": (with_brief(WELL, submitted_on=days_ago(730)), {("brief_old", "brief", "client"): "3"}),
    "no goal": (
        replace(WELL, goals=()),
        {("goals_none", "goals", "agency"): "8"},
    ),
    "a goal without number and day": (
        with_goal(missing=("measurable", "time_bound")),
        {("goal_vague", "goal:1", "agency"): "3.2"},
    ),
    "a vague goal beside a good one": (
        replace(WELL, goals=(replace(GOAL, missing=("measurable",)), replace(GOAL, id=2))),
        {("goal_vague", "goal:1", "agency"): "0.8"},
    ),
    "nobody decides": (replace(WELL, decider=Decider()), {("decider_none", "decider", "agency"): "4"}),
    "who decides has no login": (
        replace(WELL, decider=Decider(people=0, named=1)),
        {("decider_none", "decider", "agency"): "2"},
    ),
    "three decide": (replace(WELL, decider=Decider(people=3)), {("deciders_many", "decider", "client"): "2"}),
    "three decide, one has the last word": (replace(WELL, decider=Decider(people=3, named=1)), {}),
    "no KPI in two months": (
        replace(WELL, kpis=(), sources=()),
        {("kpis_none", "kpis", "agency"): "10 12 6"},
    ),
    "one KPI of four is not signed": (
        with_kpis(4, is_signed=False),
        {("kpis_unsigned", "agreements", "agency"): "2.5"},
    ),
    "an agreement without signatures": (
        replace(with_kpi(is_signed=False), agreement=AGREEMENT),
        {
            ("signature_missing", "agreement:5", "agency"): "5",
            ("signature_missing", "agreement:5", "client"): "5",
        },
    ),
    "the client has not signed": (
        replace(with_kpi(is_signed=False), agreement=Agreement(5, 2, ("client",))),
        {("signature_missing", "agreement:5", "client"): "5"},
    ),
    "a KPI without a target": (
        with_kpi(is_signed=False, has_target=False),
        {("kpi_targetless", "kpi:1", "agency"): "10"},
    ),
    "a goal without a KPI": (
        replace(WELL, goals=(GOAL, replace(GOAL, id=2, has_kpi=False))),
        {("goal_unmeasured", "goal:2", "agency"): "5"},
    ),
    "a chance of 70 %": (with_kpi(chance=Fraction(7, 10)), {}),
    "a chance of 45 %": (with_kpi(chance=Fraction(45, 100)), {("chance_low", "kpi:1", "agency"): "6"}),
    "a chance of 3 %, one of two": (
        with_kpis(2, chance=Fraction(3, 100)),
        {("chance_low", "kpi:1", "agency"): "6"},
    ),
    "off course without a forecast": (
        with_kpi(chance=None, status="off_track"),
        {("kpi_off_course", "kpi:1", "agency"): "12"},
    ),
    "the day came and the target did not": (
        with_kpi(is_over=True, status="off_track", chance=Fraction(0)),
        {("kpi_missed", "kpi:1", "agency"): "12"},
    ),
    "the day came and the target of a goal did not": (
        with_kpi(is_over=True, status="off_track", goal=1),
        {("kpi_missed", "kpi:1", "agency"): "12"},
    ),
    "the day came and so did the target": (with_kpi(is_over=True, status="on_track", chance=None), {}),
    "the access to VK is lost": (with_source("refused", "client"), {("source_refused", "source:1", "client"): "6"}),
    "numbers by hand are late": (with_source("late"), {("source_late", "source:1", "agency"): "6"}),
    "a review a day late": (with_kpi(review_late=1), {("review_overdue", "kpi:1", "agency"): "2"}),
    "a review a month late": (with_kpi(review_late=30), {("review_overdue", "kpi:1", "agency"): "6"}),
    "the guardrail fell": (with_kpi(guardrail="worse"), {("guardrail_worse", "kpi:1", "agency"): "3"}),
    "no guardrail is asked for": (with_kpi(guardrail=""), {}),
    "a drop of today": (
        replace(WELL, dips=(late("dip", 0, "agency"),)),
        {("dip_unexplained", "dip:1", "agency"): "1"},
    ),
    "two old drops": (
        replace(WELL, dips=(late("dip", 20, "agency"), late("dip", 20, "agency", 2))),
        {("dip_unexplained", "dip:1", "agency"): "1.5", ("dip_unexplained", "dip:2", "agency"): "1.5"},
    ),
    "no rhythm": (
        replace(WELL, meetings=Meetings(last_on=days_ago(3))),
        {("rhythm_none", "rhythm", "agency"): "9"},
    ),
    "nine days without the weekly meeting": (with_meetings(last_on=days_ago(9)), {}),
    "fifteen days without it, the next is booked": (
        with_meetings(last_on=days_ago(15)),
        {("meeting_overdue", "meetings", "agency"): "2.3"},
    ),
    "fifteen days without it, nothing is booked": (
        with_meetings(last_on=days_ago(15), next_on=None),
        {("meeting_overdue", "meetings", "agency"): "4.5"},
    ),
    "a month without it": (
        with_meetings(last_on=days_ago(31), next_on=None),
        {("meeting_overdue", "meetings", "agency"): "9"},
    ),
    "never met": (
        with_meetings(last_on=None, next_on=None),
        {("meeting_first", "meetings", "agency"): "9"},
    ),
    "a task a day late": (replace(WELL, overdue=(late("task", 1),)), {("task_overdue", "task:1", "client"): "1.2"}),
    "a task two weeks late": (replace(WELL, overdue=(late("task", 14),)), {("task_overdue", "task:1", "client"): "3"}),
    "five old tasks": (
        replace(WELL, overdue=tuple(late("task", 20, "agency", number) for number in range(5))),
        {("task_overdue", f"task:{number}", "agency"): "1.2" for number in range(5)},
    ),
    "a material waits": (
        replace(WELL, waiting=(late("material", 1),)),
        {("material_waiting", "material:1", "client"): "1.4"},
    ),
    "a goal waits for the client": (
        replace(WELL, waiting=(late("goal", 14),)),
        {("goal_waiting", "goal:1", "client"): "3.5"},
    ),
    "a question is open": (
        with_brief(WELL, unknown=("K1",)),
        {("question_open", "question:K1", "client"): "1"},
    ),
    "six questions are open": (
        with_brief(WELL, unknown=tuple(f"K{number}" for number in range(6))),
        {("question_open", f"question:K{number}", "client"): "0.7" for number in range(4)}
        | {("question_open", f"question:K{number}", "client"): "0.6" for number in (4, 5)},
    ),
    "the sides differ by three": (
        with_goal(confidence=(8, 5)),
        {("confidence_apart", "goal:1", "both"): "2"},
    ),
    "the sides differ by seven": (
        with_goal(confidence=(9, 2)),
        {("confidence_apart", "goal:1", "both"): "4"},
    ),
    "the sides differ by two": (with_goal(confidence=(9, 7)), {}),
}


@pytest.mark.parametrize("name", SITUATIONS)
def test_a_situation_costs_what_the_rules_say(name):
    facts, causes = SITUATIONS[name]
    points = sorted(Decimal(each) for said in causes.values() for each in said.split())
    assert (set(told(facts)), sorted(loss.points for loss in gauge(facts).losses)) == (set(causes), points)
    assert {key: Decimal(said) for key, said in causes.items() if " " not in said} == {
        key: value for key, value in told(facts).items() if " " not in causes[key]
    }


UNKNOWN = {
    "too few numbers for a forecast": (with_kpi(chance=None), {("chance_unknown", "kpi:1"): "12"}),
    "no fresh number": (
        with_kpi(status="no_data"),
        {("chance_unknown", "kpi:1"): "12", ("dips_unseen", "kpis"): "3"},
    ),
    "a source that is paused": (with_source("paused"), {("source_paused", "source:1"): "6"}),
    "a source that has told nothing": (with_source("new"), {("source_new", "source:1"): "6"}),
    "no period is over": (
        with_kpi(review_late=None, first_review_on=TODAY + timedelta(days=5)),
        {("review_to_come", "kpi:1"): "6"},
    ),
    "a guardrail without a number": (with_kpi(guardrail="unknown"), {("guardrail_unknown", "kpi:1"): "3"}),
    "the client has not said how sure they are": (
        with_goal(confidence=(7, None)),
        {("confidence_unsaid", "goal:1"): "4"},
    ),
    "the first meeting is not booked": (
        replace(WELL, begun_on=days_ago(2), meetings=Meetings("weekly", agreed_on=days_ago(2))),
        {("meeting_to_come", "meetings"): "9"},
    ),
    "one of two KPIs is not signed": (
        with_kpis(2, is_signed=False),
        {("kpi_unsigned", "kpi:1"): "6 3 1.5"},
    ),
}


@pytest.mark.parametrize("name", UNKNOWN)
def test_what_nobody_can_tell_is_grey_and_never_there(name):
    facts, causes = UNKNOWN[name]
    points = sorted(Decimal(each) for said in causes.values() for each in said.split())
    found = gauge(facts)
    assert (set(grey(facts)), sorted(loss.points for loss in found.greys)) == (set(causes), points)
    assert found.had == 100 - sum(points) - found.lost


# --- New projects -----------------------------------------------------------------------------------------------------


def test_a_new_project_is_not_known_yet():
    found = gauge(NEW)
    assert (found.score, found.level, found.had, found.lost, found.unknown) == (None, "unknown", 4, 15, 81)


def test_a_project_that_has_just_begun_well_floats_and_gains_by_booking_its_first_meeting():
    begun = replace(
        WELL,
        begun_on=days_ago(3),
        kpis=(replace(KPI, chance=None, review_late=None),),
        meetings=Meetings("weekly", agreed_on=days_ago(3)),
    )
    booked = replace(begun, meetings=replace(begun.meetings, next_on=TODAY + timedelta(days=2)))
    assert [(gauge(facts).level, gauge(facts).had) for facts in (begun, booked)] == [("afloat", 73), ("afloat", 82)]


def test_what_is_missing_is_unknown_while_the_project_is_new_and_lost_when_its_grace_is_over():
    bare = replace(WELL, goals=(), kpis=(), sources=(), meetings=Meetings())
    new, old = (gauge(replace(bare, begun_on=days_ago(days))) for days in (14, 15))
    assert [(found.level, found.lost, found.unknown) for found in (new, old)] == [
        ("unknown", 0, 61),
        ("sinking", 45, 16),
    ]


# --- It adds up -------------------------------------------------------------------------------------------------------

WEIGHTS = (
    st.tuples(st.integers(15, 60), st.integers(15, 60))
    .map(lambda two: (*two, 100 - sum(two)))
    .filter(lambda three: 15 <= three[2] <= 60)
)
STEPS = st.lists(st.sampled_from(sorted(WORSE)), max_size=14)
STARTS = st.sampled_from(
    [
        WELL,
        NEW,
        with_kpis(3),
        with_kpis(7, chance=Fraction(1, 3)),
        replace(WELL, goals=(GOAL, replace(GOAL, id=2), replace(GOAL, id=3, missing=("relevant",)))),
        replace(with_kpis(2, is_signed=False), agreement=AGREEMENT),
    ]
)


def after(facts: Facts, steps: list[str]) -> Facts:
    for step in steps:
        facts = WORSE[step](facts)
    return facts


@given(STARTS, STEPS, WEIGHTS)
@settings(deadline=None, derandomize=True, max_examples=200)
def test_score_lost_and_unknown_make_a_hundred_in_every_part(start, steps, weights):
    found = gauge(after(start, steps), weights)
    assert found.had + found.lost + found.unknown == 100
    assert found.lost == sum(loss.points for loss in found.losses)
    assert found.unknown == sum(loss.points for loss in found.greys)
    assert [part.had + part.lost + part.unknown for part in found.parts] == [part.most for part in found.parts]
    assert [rule.most for rule in found.rules] == list(weights)
    assert all(min(part.had, part.lost, part.unknown) >= 0 for part in found.parts)


@given(STARTS, STEPS, st.sampled_from(sorted(WORSE)), WEIGHTS)
@settings(deadline=None, derandomize=True, max_examples=400)
def test_a_worse_fact_never_raises_it(start, steps, step, weights):
    facts = after(start, steps)
    assert gauge(WORSE[step](facts), weights).had <= gauge(facts, weights).had


@given(STARTS, STEPS)
@settings(deadline=None, derandomize=True, max_examples=50)
def test_the_same_facts_give_the_same_gauge(start, steps):
    facts = after(start, steps)
    assert gauge(facts) == gauge(facts)


@pytest.mark.parametrize("name", [name for name, (_facts, causes) in SITUATIONS.items() if causes])
def test_mending_gives_every_point_back(name):
    broken = gauge(SITUATIONS[name][0])
    assert broken.had < 100
    assert sum(change.points for change in changes(broken.losses, gauge(WELL).losses)) == broken.lost


def test_the_parts_of_a_rule_make_its_weight_whatever_the_agency_chose():
    dealt = gauge(WELL, (33, 41, 26))
    assert [rule.most for rule in dealt.rules] == [33, 41, 26]


# --- Levels -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("score", "before", "level"),
    [
        ("70", "unknown", "afloat"),
        ("69.9", "unknown", "listing"),
        ("69.9", "afloat", "afloat"),
        ("65", "afloat", "afloat"),
        ("64.9", "afloat", "listing"),
        ("69.9", "listing", "listing"),
        ("70", "listing", "afloat"),
        ("45", "listing", "listing"),
        ("44.9", "listing", "sinking"),
        ("49.9", "sinking", "sinking"),
        ("50", "sinking", "listing"),
        ("70", "sinking", "afloat"),
        ("44", "afloat", "sinking"),
    ],
)
def test_a_level_is_kept_a_little_beyond_its_border(score, before, level):
    assert level_of(Decimal(score), Decimal(0), before) == level


def test_a_project_on_a_border_does_not_flicker():
    level, told_levels = "afloat", []
    for score in ("69", "71", "66", "70", "64", "69", "65", "70", "46", "44", "49", "45", "51"):
        level = level_of(Decimal(score), Decimal(0), level)
        told_levels.append(level)
    assert told_levels == ["afloat"] * 4 + ["listing"] * 3 + ["afloat", "listing"] + ["sinking"] * 3 + ["listing"]


@pytest.mark.parametrize(("unknown", "level"), [("30", "afloat"), ("30.1", "unknown")])
def test_with_too_much_unknown_there_is_no_level(unknown, level):
    assert level_of(Decimal(70), Decimal(unknown), "afloat") == level


def test_without_a_level_there_is_no_score_but_the_points_stay():
    found = gauge(replace(WELL, begun_on=None, kpis=(), sources=(), goals=()))
    assert (found.score, found.level, found.had + found.lost + found.unknown) == (None, "unknown", 100)


# --- What became of it ------------------------------------------------------------------------------------------------


def test_what_changed_is_told_by_its_cause_the_largest_first():
    before, now = gauge(with_brief(WELL, stage="shared")), gauge(replace(WELL, overdue=(late("task", 14),)))
    assert [(change.code, change.subject, change.points) for change in changes(before.losses, now.losses)] == [
        ("task_overdue", "task:1", Decimal("-3")),
        ("debrief_unconfirmed", "debrief", Decimal("2.4")),
    ]


def test_what_stayed_the_same_is_no_change():
    found = gauge(with_goal(confidence=(9, 2)))
    assert changes(found.losses, found.losses) == []


def test_one_cause_in_several_parts_is_one_change():
    now = gauge(replace(WELL, kpis=(), sources=()))
    assert [(change.code, change.points) for change in changes((), now.losses)] == [("kpis_none", Decimal(-28))]


def test_every_loss_names_its_record_and_whose_move_it_is():
    every = gauge(after(WELL, sorted(WORSE)))
    assert all(loss.subject and loss.side in ("agency", "client", "both") for loss in (*every.losses, *every.greys))


def test_the_module_says_what_every_part_looks_at():
    assert [name for _rule, name, _share, _judge in rules.PARTS if f"- *{name}*:" not in rules.__doc__] == []


def test_the_usual_weights_are_the_guides():
    shares = {rule: sum(share for own, _n, share, _j in rules.PARTS if own == rule) for rule in rules.RULES}
    assert tuple(shares.values()) == rules.USUAL


def test_a_gauge_of_nothing_is_all_grey_or_lost():
    found: Gauge = gauge(Facts(today=TODAY))
    assert (found.had, found.lost, found.unknown) == (0, 11, 89)


def test_an_empty_brief_that_asks_nothing_is_unknown():
    assert ("brief_none", "brief") in grey(replace(WELL, brief=Brief()))


def test_a_signed_kpi_counts_by_itself_only():
    assert told(replace(with_kpis(3), kpis=(KPI, Kpi(2, "Reach", is_signed=False, has_target=True)))) == {
        ("kpis_unsigned", "agreements", "agency"): Decimal("5")
    }
