"""Which project needs a hand first: a table of situations, and that a worse fact never makes a project lighter."""

from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smmportal.portfolio.risk import CAPS, LEVELS, POINTS, Facts, Risk, order, weigh

WELL = Facts(water="afloat", score=82, change=0, on_course=5)

SITUATIONS = [
    (Facts(), Risk("no_data", 0, ())),
    (WELL, Risk("on_track", 0, ())),
    (replace(WELL, on_course=0), Risk("no_data", 0, ())),
    (replace(WELL, water="unknown", score=None, change=None), Risk("no_data", 0, ())),
    (replace(WELL, unknown=2), Risk("no_data", 2, ("unknown",))),
    (replace(WELL, change=-3), Risk("on_track", 3, ("fall",))),
    (replace(WELL, change=-60), Risk("on_track", 20, ("fall",))),
    (replace(WELL, change=9), Risk("on_track", 0, ())),
    (replace(WELL, water="listing"), Risk("at_risk", 20, ("listing",))),
    (replace(WELL, water="sinking"), Risk("off_track", 40, ("sinking",))),
    (replace(WELL, at_risk=2), Risk("at_risk", 8, ("at_risk",))),
    (replace(WELL, off_track=1), Risk("off_track", 8, ("off_track",))),
    (replace(WELL, off_track=50), Risk("off_track", 40, ("off_track",))),
    (replace(WELL, guardrails=1), Risk("at_risk", 4, ("guardrail",))),
    (replace(WELL, drops=1), Risk("at_risk", 6, ("drops",))),
    (replace(WELL, drops=1, drop_days=9), Risk("at_risk", 15, ("unexplained", "drops"))),
    (replace(WELL, drop_days=9), Risk("on_track", 0, ())),
    (replace(WELL, overdue_reviews=3), Risk("at_risk", 9, ("reviews",))),
    (replace(WELL, stalled_approvals=1), Risk("at_risk", 4, ("approvals",))),
    (replace(WELL, broken_sources=1), Risk("at_risk", 5, ("sources",))),
    (replace(WELL, meeting_days=4), Risk("at_risk", 4, ("meeting",))),
    (replace(WELL, alerts=2), Risk("at_risk", 4, ("alerts",))),
    (replace(WELL, alerts=2, cliffs=1), Risk("off_track", 10, ("cliffs", "alerts"))),
    (
        replace(WELL, off_track=1, unknown=1, broken_sources=1),
        Risk("off_track", 14, ("off_track", "sources", "unknown")),
    ),
]


@pytest.mark.parametrize(("facts", "risk"), SITUATIONS, ids=range(len(SITUATIONS)))
def test_each_situation_has_its_level_its_weight_and_its_reasons(facts, risk):
    assert weigh(facts) == risk


def test_every_reason_has_a_weight_and_a_limit():
    assert POINTS.keys() == CAPS.keys()


def test_the_level_comes_before_the_weight_and_the_lower_water_before_the_name():
    projects = {
        "calm": WELL,
        "loaded": replace(WELL, overdue_reviews=5, drops=3),
        "one off": replace(WELL, off_track=1),
        "unknown": Facts(),
        "deep": replace(WELL, score=40, at_risk=1),
        "A high": replace(WELL, score=90, at_risk=1),
        "a same": replace(WELL, score=90, at_risk=1),
        "unmeasured": replace(WELL, water="unknown", score=None, at_risk=1),
    }
    names = sorted(projects, key=lambda name: order(weigh(projects[name]), projects[name], name))
    assert names == ["one off", "loaded", "unmeasured", "deep", "A high", "a same", "unknown", "calm"]


COUNTS = [field.name for field in fields(Facts) if field.type == "int" or field.type is int]
WORSE = sorted(set(COUNTS) - {"on_course", "cliffs"})
FACTS = st.builds(
    Facts,
    water=st.sampled_from(["unknown", "afloat", "listing", "sinking"]),
    score=st.none() | st.integers(0, 100),
    change=st.none() | st.integers(-100, 100),
    **{name: st.integers(0, 30) for name in COUNTS if name != "cliffs"},
)


@given(FACTS, st.sampled_from(WORSE), st.integers(1, 10))
def test_a_worse_fact_never_makes_a_project_lighter(facts, name, more):
    before, after = weigh(facts), weigh(replace(facts, **{name: getattr(facts, name) + more}))
    assert after.points >= before.points
    assert LEVELS.index(after.level) <= LEVELS.index(before.level)


@given(FACTS)
def test_unknown_is_never_green(facts):
    is_known = facts.water == "afloat" and facts.on_course and not facts.unknown
    assert weigh(facts).level != "on_track" or is_known
