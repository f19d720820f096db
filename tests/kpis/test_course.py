from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from kpis.course import STATUSES, Situation, judge, needed_per_day

START = date(2026, 11, 1)
#: From 10,000 to 12,000 in 100 days, twenty a day; today is the fiftieth.
UP = Situation(
    kind="increase_to",
    starts_on=START,
    due_on=START + timedelta(days=100),
    today=START + timedelta(days=50),
    target=Decimal(12000),
    baseline=Decimal(10000),
    current=Decimal(11000),
    current_on=START + timedelta(days=50),
)
DOWN = replace(UP, kind="decrease_to", baseline=Decimal(40), target=Decimal(30), current=Decimal(35))
ABOVE = replace(UP, kind="stay_above", baseline=None, target=Decimal(1000))
BELOW = replace(ABOVE, kind="stay_below")


def at(situation: Situation, *, day: int = 50, current=None, **fields) -> Situation:
    on = START + timedelta(days=day)
    value = situation.current if current is None else Decimal(current)
    return replace(situation, **{"today": on, "current_on": on, "current": value, **fields})


SITUATIONS = [
    ("just as planned", at(UP, current=11000), "on_track"),
    ("a tenth faster than planned is needed", at(UP, current=10900), "on_track"),
    ("a little more than that", at(UP, current=10899), "at_risk"),
    ("half as fast again is needed", at(UP, current=10500), "at_risk"),
    ("more than half as fast again", at(UP, current=10499), "off_track"),
    ("four fifths of the pace would do", at(UP, current=11200), "ahead"),
    ("not quite", at(UP, current=11199), "on_track"),
    ("reached early", at(UP, current=12000), "ahead"),
    ("reached on the last day", at(UP, day=100, current=12000), "on_track"),
    ("kept after the last day", at(UP, day=130, current=12500), "on_track"),
    ("missed on the last day", at(UP, day=100, current=11999), "off_track"),
    ("missed, and long ago", at(UP, day=120, current=11999), "off_track"),
    ("nothing gained in three days of a hundred", at(UP, day=3, current=10000), "on_track"),
    ("nothing gained in half the time", at(UP, current=10000), "off_track"),
    ("lost ground in the beginning", at(UP, day=3, current=9800), "at_risk"),
    ("a day before the end, two days' way left", at(UP, day=99, current=11960), "off_track"),
    ("a day before the end, a day's way left", at(UP, day=99, current=11980), "on_track"),
    ("before the start", at(UP, day=-5, current=10000), "on_track"),
    ("the way down, as planned", at(DOWN, current=35), "on_track"),
    ("the way down, too slow", at(DOWN, current=38), "off_track"),
    ("the way down, at risk", at(DOWN, current="37"), "at_risk"),
    ("the way down, quick", at(DOWN, current=33), "ahead"),
    ("the way down, reached", at(DOWN, current=29), "ahead"),
    ("a level kept", at(ABOVE, current=1000), "on_track"),
    ("a level kept by far is still only kept", at(ABOVE, current=9000), "on_track"),
    ("a level missed by a twentieth", at(ABOVE, current=950), "at_risk"),
    ("a level missed by more", at(ABOVE, current=949), "off_track"),
    ("a ceiling kept", at(BELOW, current=1000), "on_track"),
    ("a ceiling broken a little", at(BELOW, current=1050), "at_risk"),
    ("a ceiling broken", at(BELOW, current=1051), "off_track"),
    ("a ceiling of zero, broken", at(BELOW, current=1, target=Decimal(0)), "off_track"),
    ("zero is a value", at(BELOW, current=0), "on_track"),
    ("no number at all", replace(UP, current=None, current_on=None), "no_data"),
    ("a number of a fortnight ago still counts", replace(UP, current_on=START + timedelta(days=36)), "ahead"),
    ("an older one does not", replace(UP, current_on=START + timedelta(days=35)), "no_data"),
    (
        "old numbers of a KPI that is over still say how it ended",
        at(UP, day=150, current=12000, current_on=START + timedelta(days=100)),
        "on_track",
    ),
    ("no baseline", at(UP, baseline=None), "no_data"),
    ("no target", at(UP, target=None), "no_target"),
    ("no target and no number", replace(UP, target=None, current=None, current_on=None), "no_target"),
    ("the source is lost, the number is fine", at(UP, source_lost=True), "source_lost"),
    (
        "the source is lost and nothing else is known",
        replace(UP, target=None, current=None, source_lost=True),
        "source_lost",
    ),
    ("a target that is no way at all", at(UP, baseline=Decimal(12000), current=11000), "off_track"),
]


@pytest.mark.parametrize(("words", "situation", "status"), SITUATIONS, ids=[each[0] for each in SITUATIONS])
def test_the_course_in_every_situation(words, situation, status):
    assert judge(situation) == status


def test_every_status_is_met_above():
    assert {status for _words, _situation, status in SITUATIONS} == set(STATUSES)


@pytest.mark.parametrize(
    "situation", [replace(UP, current=None), replace(UP, target=None), replace(UP, source_lost=True)]
)
def test_unknown_is_never_green(situation):
    assert judge(situation) not in {"ahead", "on_track"}


def test_the_needed_pace():
    assert [
        needed_per_day(situation)
        for situation in (UP, at(UP, current=12000), at(UP, day=100, current=11000), ABOVE, replace(UP, current=None))
    ] == [Decimal(20), Decimal(0), None, None, None]
