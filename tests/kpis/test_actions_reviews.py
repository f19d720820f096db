"""Holding reviews: who, of what, in which words, and what comes of it."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from kpis.actions.reviews import hold_review, hold_reviews
from kpis.models import Review
from kpis.queries.reviews import facts_of_period, last_reviews, owed, period_to_review, punctuality
from kpis.ritual import Period
from projects.actions import close_project, finish_task
from projects.models import Task
from smmportal.demo.clock import moved_to
from smmportal.facts import FactChanged
from smmportal.notifications.models import Notification
from smmportal.people.models import Side
from smmportal.refusals import Refused
from tests.builders import make_dip, make_kpi
from tests.kpis.reviewing import LAST_WEEK, NOON, STARTS_ON, TODAY, WEEK_BEFORE, in_force, make_watched

WEEK = Period(LAST_WEEK, LAST_WEEK + timedelta(days=6))


@pytest.fixture(autouse=True)
def on_monday():
    with moved_to(NOON):
        yield


@pytest.fixture
def kpi(cast):
    return make_watched(cast)


def told() -> list[tuple[str, str]]:
    return list(Notification.objects.order_by("to__name").values_list("event", "to__name"))


# --- One review -----------------------------------------------------------------------------------------------------


def test_a_review_keeps_the_words_and_the_number_that_the_board_showed(cast, kpi):
    review = hold_review(kpi, by=cast.manager, happened=" As planned. ")
    assert (review.first, review.last, review.happened, review.why, review.measure, review.task) == (
        *(LAST_WEEK, date(2026, 11, 22)),
        *("As planned.", "", "", None),
    )
    assert (review.value, review.value_on, review.status, review.by, review.side) == (
        *(Decimal(10999), date(2026, 11, 22)),
        *("on_track", cast.manager, Side.AGENCY),
    )


def test_the_measure_becomes_a_task_of_the_goal_with_a_way_back(cast, kpi):
    due = TODAY + timedelta(days=3)
    review = hold_review(
        kpi, by=cast.manager, happened="Up.", measure="Two more videos", assignee=cast.specialist, due_on=due
    )
    task = Task.objects.get()
    assert (task.title, task.side, task.assignee, task.due_on, task.goal, task.created_by) == (
        *("Two more videos", Side.AGENCY, cast.specialist),
        *(due, kpi.goal, cast.manager),
    )
    assert (task.origin, task.origin_url, review.task) == ("review", f"/reviews/{review.pk}/", task)


def test_a_long_measure_is_a_short_title_and_the_whole_of_it_beside(cast, kpi):
    long = "word " * 100
    review = hold_review(
        kpi, by=cast.manager, happened="Up.", measure=long, assignee=cast.contact, due_on=TODAY + timedelta(days=1)
    )
    assert (len(review.task.title), review.task.description, review.task.side) == (300, long.strip(), Side.CLIENT)


def test_the_other_side_is_told(cast, kpi):
    hold_review(kpi, by=cast.manager, happened="As planned.")
    assert told() == [("review.held", "Dmitry"), ("review.held", "Katya")]
    Notification.objects.all().delete()
    hold_review(kpi, by=cast.contact, happened="We were on holiday.")
    assert told() == [("review.held", "Maxim"), ("review.held", "Sonya")]


def test_a_correction_is_a_row_of_its_own_and_the_same_words_are_not(cast, kpi):
    first = hold_review(kpi, by=cast.manager, happened="Up.")
    assert hold_review(kpi, by=cast.manager, happened="Up.") == first
    second = hold_review(kpi, by=cast.manager, happened="Down.")
    assert list(Review.objects.all()) == [second, first]
    with pytest.raises(FactChanged):
        Review.objects.filter(pk=first.pk).update(happened="Sideways.")


def test_an_earlier_period_can_be_reviewed_late(cast, kpi):
    before = Period(WEEK_BEFORE, WEEK_BEFORE + timedelta(days=6))
    review = hold_review(kpi, before, by=cast.manager, happened="Late.")
    assert (review.first, owed([kpi])) == (WEEK_BEFORE, {kpi.pk: WEEK})


@pytest.mark.parametrize(
    ("period", "code"),
    [
        (Period(TODAY, TODAY + timedelta(days=6)), "early"),
        (Period(LAST_WEEK, LAST_WEEK + timedelta(days=5)), "no-such-period"),
        (Period(LAST_WEEK + timedelta(days=1), LAST_WEEK + timedelta(days=6)), "no-such-period"),
    ],
)
def test_only_a_finished_period_of_its_own_is_reviewed(cast, kpi, period, code):
    with pytest.raises(Refused) as refusal:
        hold_review(kpi, period, by=cast.manager, happened="Up.")
    assert refusal.value.code == code


def test_the_first_period_has_to_be_over(cast):
    kpi = make_watched(cast, starts_on=LAST_WEEK + timedelta(days=3))
    with pytest.raises(Refused) as refusal:
        hold_review(kpi, by=cast.manager, happened="Up.")
    assert (refusal.value.code, period_to_review(kpi)) == ("early", None)


def test_unsigned_terms_and_closed_projects_are_not_reviewed(cast, kpi):
    draft = make_kpi(cast, starts_on=STARTS_ON)
    with pytest.raises(Refused) as unsigned:
        hold_review(draft, by=cast.manager, happened="Up.")
    close_project(cast.project, by=cast.manager)
    with pytest.raises(Refused) as closed:
        hold_review(kpi, by=cast.manager, happened="Up.")
    assert (unsigned.value.code, closed.value.code) == ("kpi-unsigned", "project-closed")


def test_viewers_look_on(cast, kpi):
    with pytest.raises(PermissionDenied):
        hold_review(kpi, by=cast.viewer, happened="Up.")
    with pytest.raises(PermissionDenied):
        hold_reviews([kpi], by=cast.viewer, happened="Up.")


@pytest.mark.parametrize(
    ("said", "fields"),
    [
        ({"happened": " "}, {"happened"}),
        ({"happened": "Up.", "measure": "Videos"}, {"assignee", "due_on"}),
        ({"happened": "Up.", "due_on": TODAY}, {"measure"}),
        ({"happened": "Up.", "measure": "Videos", "due_on": TODAY - timedelta(days=1)}, {"assignee", "due_on"}),
    ],
)
def test_what_is_missing_is_named(cast, kpi, said, fields):
    with pytest.raises(ValidationError) as refusal:
        hold_review(kpi, by=cast.manager, **said)
    assert set(refusal.value.error_dict) == fields


def test_what_is_off_course_is_not_reviewed_without_a_reason(cast):
    kpi = make_watched(cast, target=Decimal(40000))
    with pytest.raises(ValidationError) as refusal:
        hold_review(kpi, by=cast.manager, happened="Slow.")
    assert refusal.value.message_dict == {"why": ["This KPI is not on course: say why."]}
    assert hold_review(kpi, by=cast.manager, happened="Slow.", why="No videos.").status == "off_track"


def test_an_unexplained_drop_wants_a_reason_too(cast, kpi):
    make_dip(cast, kpi=kpi, day=LAST_WEEK, until=LAST_WEEK)
    with pytest.raises(ValidationError) as refusal:
        hold_review(kpi, by=cast.manager, happened="Up.")
    assert refusal.value.message_dict == {"why": ["There is a drop that nobody has explained: say what it was."]}


# --- Whose review counts --------------------------------------------------------------------------------------------


def test_the_agencys_review_settles_the_period_and_the_clients_does_not(cast, kpi):
    hold_review(kpi, by=cast.decider, happened="Nice.")
    assert owed([kpi]) == {kpi.pk: WEEK}
    hold_review(kpi, by=cast.specialist, happened="As planned.")
    assert owed([kpi]) == {}


def test_the_owners_own_review_settles_it_on_whichever_side(cast):
    kpi = make_watched(cast, owner=cast.contact)
    review = hold_review(kpi, by=cast.contact, happened="We kept it.")
    assert (owed([kpi]), review.counts) == ({}, True)


def test_what_ended_before_the_terms_were_in_force_is_owed_by_nobody(cast):
    late = make_watched(cast)
    in_force(cast, late, since=NOON)
    assert (owed([late]), punctuality([late])) == ({}, {late.pk: (0, 0)})


def test_punctuality_counts_what_was_due_and_what_was_in_time(cast, kpi):
    for held_on, first in ((NOON - timedelta(days=12), date(2026, 11, 2)), (NOON - timedelta(days=3), WEEK_BEFORE)):
        with moved_to(held_on):
            hold_review(kpi, Period(first, first + timedelta(days=6)), by=cast.manager, happened=f"Since {first}.")
    assert punctuality([kpi]) == {kpi.pk: (6, 1)}
    hold_review(kpi, by=cast.manager, happened="As planned.")
    assert punctuality([kpi]) == {kpi.pk: (7, 2)}
    with moved_to(NOON + timedelta(days=7)):
        assert punctuality([kpi]) == {kpi.pk: (7, 2)}
    with moved_to(NOON + timedelta(days=10)):
        assert punctuality([kpi]) == {kpi.pk: (8, 2)}


def test_many_kpis_cost_what_one_does(cast, kpi, django_assert_num_queries):
    hold_review(kpi, by=cast.manager, happened="As planned.")
    many = [kpi, *(make_watched(cast, owner=cast.contact) for _number in range(5))]
    for one in many:
        one.project = cast.project
    for kpis in ([kpi], many):
        with django_assert_num_queries(2):
            owed(kpis)
        with django_assert_num_queries(2):
            punctuality(kpis)
        with django_assert_num_queries(1):
            last_reviews(kpis)
    assert {pk: review.happened for pk, review in last_reviews(many).items()} == {kpi.pk: "As planned."}


# --- The facts ------------------------------------------------------------------------------------------------------


def test_the_facts_are_there_before_anybody_says_a_word(cast, kpi):
    dip = make_dip(cast, kpi=kpi, day=LAST_WEEK, until=LAST_WEEK)
    make_dip(cast, kpi=kpi, day=WEEK_BEFORE, until=WEEK_BEFORE)
    before = Period(WEEK_BEFORE, WEEK_BEFORE + timedelta(days=6))
    said = {"happened": "Up.", "why": "Videos.", "measure": "More", "assignee": cast.specialist, "due_on": TODAY}
    last = hold_review(kpi, before, by=cast.manager, **said)
    finish_task(last.task, by=cast.specialist)
    facts = facts_of_period(kpi, WEEK)
    assert (facts.before.value, facts.now.value, facts.change) == (Decimal(10859), Decimal(10999), Decimal(140))
    assert (facts.dips, facts.unexplained, facts.last, facts.last.task.done_by) == ([dip], [dip], last, cast.specialist)
    assert (facts.standing.status, facts.wants_reasons) == ("on_track", True)


def test_without_numbers_nothing_is_made_up(cast):
    kpi = in_force(cast, make_kpi(cast, starts_on=STARTS_ON))
    facts = facts_of_period(kpi, WEEK)
    assert (facts.before, facts.now, facts.change, facts.wants_reasons) == (None, None, None, True)


# --- Many at once ---------------------------------------------------------------------------------------------------


def test_many_are_reviewed_in_one_sentence_and_told_once(cast, kpi):
    other = make_watched(cast)
    done = make_watched(cast)
    hold_review(done, by=cast.manager, happened="Done already.")
    Notification.objects.all().delete()
    held = hold_reviews([kpi, other, done], by=cast.manager, happened="As planned.")
    assert [(review.kpi, review.first, review.happened) for review in held] == [
        (kpi, LAST_WEEK, "As planned."),
        (other, LAST_WEEK, "As planned."),
    ]
    assert told() == [("review.held", "Dmitry"), ("review.held", "Katya")]
    assert Notification.objects.first().facts["others"] == 1


def test_what_is_off_course_or_fell_needs_its_own_words_and_holds_all_back(cast, kpi):
    make_watched(cast, target=Decimal(40000), name="Slow")
    fell = make_watched(cast, name="Fell")
    make_dip(cast, kpi=fell, day=LAST_WEEK, until=LAST_WEEK)
    with pytest.raises(Refused) as refusal:
        hold_reviews(cast.project.kpis.all(), by=cast.manager, happened="As planned.")
    assert refusal.value.sentence == (
        "Not on course, or with an unexplained drop, so each needs words of its own: “Slow”, “Fell”."
    )
    assert Review.objects.count() == 0


def test_bulk_wants_a_sentence_and_something_that_is_owed(cast, kpi):
    with pytest.raises(Refused) as silent:
        hold_reviews([kpi], by=cast.manager, happened=" ")
    hold_reviews([kpi], by=cast.manager, happened="As planned.")
    with pytest.raises(Refused) as again:
        hold_reviews([kpi], by=cast.manager, happened="As planned.")
    assert (silent.value.code, again.value.code) == ("no-words", "nothing-owed")
