"""From the rows to the facts: every cause as it comes about in life, and what it costs in queries."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kpis.models import Agreement, Dip, Kpi, Review, Source
from meetings.models import Meeting, Rhythm
from projects.models import Answer, Brief, BriefVersion, Confidence, Contact, Debrief, Goal, Project, Task
from projects.queries.clarity import missing_letters
from smmportal.people.models import Membership, Role, Side
from smmportal.waterline.gathering import facts_of
from smmportal.waterline.queries import gauges_of
from tests.builders import (
    join,
    make_amendment,
    make_contact,
    make_dip,
    make_goal,
    make_kpi,
    make_material,
    make_meeting,
    make_task,
    make_user,
)
from tests.smmportal.waterline.conftest import (
    fresh,
    grey_in,
    lost_in,
    make_promising_kpi,
    make_sound,
    noon,
    promise,
    today_of,
)


def test_a_sound_project_has_all_its_points(sound):
    found = fresh(sound)
    assert ({**lost_in(sound), **grey_in(sound)}, found.score, found.level) == ({}, 100, "afloat")


def test_a_project_that_was_only_just_made_is_not_known_yet(cast):
    cast.get(Brief)
    found = fresh(cast.project)
    assert (found.level, found.score) == ("unknown", None)


# --- Each cause -------------------------------------------------------------------------------------------------------


def unanswered(cast):
    Brief.objects.update(question_count=10, answered_count=5, open_count=5)


def unsubmitted(cast):
    Debrief.objects.all().delete()
    BriefVersion.objects.filter(brief__project=cast.project)._raw_delete("default")


def unshared(cast):
    Debrief.objects.update(shared_at=None, confirmed_at=None)


def remarked(cast):
    Debrief.objects.update(confirmed_at=None)
    Debrief.objects.get().remarks.create(key="A", text="And tea.", by=cast.contact)


def unconfirmed(cast):
    Debrief.objects.update(confirmed_at=None)


def no_decider(cast):
    Membership.objects.filter(user=cast.decider).update(role=Role.CONTACT)


def two_deciders(cast):
    join(make_user("Second", "second@client.example"), cast.client, Role.DECIDER)


def decider_by_name_only(cast):
    no_decider(cast)
    make_contact(cast)


def vague_goal(cast):
    goal = make_goal(cast, status=Goal.Status.PROPOSED, proposed_side="client", proposed_at=timezone.now(), due_on=None)
    Goal.objects.filter(pk=goal.pk).update(
        statement="Повысить узнаваемость", specific="Узнаваемость", measurable="Станет лучше", time_bound="Когда-нибудь"
    )


def unmeasured_goal(cast):
    make_goal(cast, status=Goal.Status.AGREED, agreed_at=timezone.now())
    for side, by in ((Side.AGENCY, cast.manager), (Side.CLIENT, cast.contact)):
        Goal.objects.latest("pk").confidences.create(side=side, value=7, by=by)


def unsigned_kpi(cast):
    make_kpi(cast, source=cast.get(Kpi).source, metric="reach")


def targetless_kpi(cast):
    make_kpi(cast, source=cast.get(Kpi).source, metric="reach", target=None)


def half_signed(cast):
    unsigned_kpi(cast)
    agreement = Agreement.objects.create(
        project=cast.project, number=9, content={}, content_hash="0", prepared_by=cast.manager
    )
    agreement.signatures.create(side=Side.AGENCY, by=cast.manager, content_hash="0", proof="password")


def unlikely(cast):
    promise(cast.get(Kpi), 0.2)


def refused_source(cast):
    Source.objects.update(error_kind="reauthorise")


def paused_source(cast):
    Source.objects.update(paused_at=timezone.now())


def unreviewed(cast):
    Review.objects.all()._raw_delete("default")


def dip(cast):
    make_dip(cast)


def no_rhythm(cast):
    Rhythm.objects.update(ended_at=timezone.now())


def long_ago(cast):
    past = noon(today_of(cast.project) - timedelta(days=25))
    Meeting.objects.update(starts_at=past, ends_at=past + timedelta(hours=1))


def overdue(cast):
    make_task(cast, due_on=today_of(cast.project) - timedelta(days=1))


def overdue_and_blocked(cast):
    task = make_task(cast, due_on=today_of(cast.project) - timedelta(days=1), side=Side.CLIENT)
    task.dependencies.create(first=make_task(cast, due_on=None, side=Side.AGENCY, assignee=None))


def for_review(cast):
    make_task(cast, due_on=None, side=Side.AGENCY, review_at=timezone.now() - timedelta(days=4), review_by=cast.manager)


def late_material(cast):
    make_material(cast, due_on=today_of(cast.project) - timedelta(days=1))


def forgotten_material(cast):
    material = make_material(cast)
    type(material).objects.update(created_at=timezone.now() - timedelta(days=8))


def proposed_goal(cast):
    words = {"statement": "Grow VK followers from 10,000 to 12,000 by 1 March 2027"}
    past = timezone.now() - timedelta(days=4)
    make_goal(cast, status=Goal.Status.PROPOSED, proposed_side="agency", proposed_at=past, **words)


def changed_terms(cast):
    kpi = cast.get(Kpi)
    proposal = make_amendment(cast)
    type(proposal).objects.update(opened_at=timezone.now() - timedelta(days=4))
    assert proposal.kpi_id == kpi.pk


def dont_know(cast):
    Answer.objects.create(brief=cast.get(Brief), key="A4", unknown=True, by=cast.contact, answered_at=timezone.now())


def apart(cast):
    cast.get(Goal).confidences.create(side=Side.CLIENT, value=3, by=cast.contact)


AGENCY, CLIENT = "agency", "client"
CAUSES = [
    (unanswered, {("brief_open", CLIENT): "4"}),
    (unshared, {("debrief_unshared", AGENCY): "4.7"}),
    (remarked, {("remarks_open", AGENCY): "4.7"}),
    (unconfirmed, {("debrief_unconfirmed", CLIENT): "2.4"}),
    (no_decider, {("decider_none", AGENCY): "4"}),
    (two_deciders, {("deciders_many", CLIENT): "2"}),
    (decider_by_name_only, {("decider_none", AGENCY): "2"}),
    (vague_goal, {("goal_vague", CLIENT): "2.4"}),
    (unmeasured_goal, {("goal_unmeasured", AGENCY): "5", ("goal_vague", AGENCY): "0"}),
    (unsigned_kpi, {("kpis_unsigned", AGENCY): "5"}),
    (targetless_kpi, {("kpi_targetless", AGENCY): "5"}),
    (half_signed, {("signature_missing", CLIENT): "2.5"}),
    (unlikely, {("chance_low", AGENCY): "12"}),
    (refused_source, {("source_refused", AGENCY): "6"}),
    (unreviewed, {("review_overdue", AGENCY): "6"}),
    (dip, {("dip_unexplained", AGENCY): "1"}),
    (no_rhythm, {("rhythm_none", AGENCY): "9"}),
    (long_ago, {("meeting_overdue", AGENCY): "9"}),
    (overdue, {("task_overdue", CLIENT): "1.2"}),
    (overdue_and_blocked, {("task_overdue", AGENCY): "1.2"}),
    (for_review, {("review_waiting", CLIENT): "1.4"}),
    (late_material, {("material_waiting", CLIENT): "1.4"}),
    (forgotten_material, {("material_waiting", CLIENT): "1.4"}),
    (proposed_goal, {("goal_waiting", CLIENT): "1.4"}),
    (changed_terms, {("amendment_waiting", AGENCY): "1.4"}),
    (dont_know, {("question_open", CLIENT): "1"}),
    (apart, {("confidence_apart", "both"): "3"}),
]


@pytest.mark.parametrize(("happens", "causes"), CAUSES, ids=lambda value: getattr(value, "__name__", ""))
def test_what_happens_costs_what_the_rules_say(cast, sound, happens, causes):
    happens(cast)
    assert lost_in(sound) == {key: points for key, points in causes.items() if points != "0"}


def test_a_lost_source_makes_the_chance_unknown_instead_of_bad(cast, sound):
    refused_source(cast)
    assert grey_in(sound) == {"chance_unknown": "12", "dips_unseen": "3"}


def test_a_paused_source_is_unknown(cast, sound):
    paused_source(cast)
    assert (lost_in(sound), grey_in(sound)) == ({}, {"source_paused": "6"})


def test_without_a_forecast_the_chance_is_unknown(cast, sound):
    promise(cast.get(Kpi), None)
    assert (lost_in(sound), grey_in(sound)) == ({}, {"chance_unknown": "12"})


def test_before_the_first_period_is_over_its_review_is_to_come(cast, sound):
    today = today_of(sound)
    unreviewed(cast)
    Kpi.objects.update(starts_on=today - timedelta(days=5))
    promise(Kpi.objects.get(), 0.9)
    assert (lost_in(sound), grey_in(sound)) == ({}, {"review_to_come": "6"})


def test_a_review_may_be_three_days_late(cast, sound):
    today = today_of(sound)
    Kpi.objects.update(starts_on=today - timedelta(days=16))
    Review.objects.all()._raw_delete("default")
    Review.objects.create(
        kpi=Kpi.objects.get(),
        first=today - timedelta(days=16),
        last=today - timedelta(days=10),
        happened="Up",
        status="ahead",
        by=cast.manager,
        side="agency",
    )
    promise(Kpi.objects.get(), 0.9)
    assert (lost_in(sound), grey_in(sound)) == ({}, {})


def test_a_question_that_is_on_an_agenda_is_taken_up(cast, sound):
    dont_know(cast)
    ahead = timezone.now() + timedelta(days=1)
    meeting = make_meeting(cast, starts_at=ahead, ends_at=ahead + timedelta(hours=1))
    version = BriefVersion.objects.get(brief__project=sound)
    meeting.agenda.create(position=1, title="Who decides?", added_by=cast.manager, from_version=version, from_key="A4")
    assert lost_in(sound) == {}


def test_a_question_that_became_a_task_is_taken_up(cast, sound):
    dont_know(cast)
    make_task(cast, from_version=BriefVersion.objects.get(brief__project=sound), from_key="A4", due_on=None)
    assert lost_in(sound) == {}


def test_with_one_last_word_several_may_decide(cast, sound):
    two_deciders(cast)
    make_contact(cast, duty=Contact.Duty.DECIDER)
    assert lost_in(sound) == {}


def test_a_guest_who_may_not_log_in_does_not_decide(cast, sound):
    two_deciders(cast)
    type(cast.decider).objects.filter(email="second@client.example").update(is_active=False)
    assert lost_in(sound) == {}


def test_terms_that_wait_to_replace_signed_ones_are_not_another_kpi(cast, sound):
    make_kpi(cast, source=cast.get(Kpi).source, replaces=cast.get(Kpi))
    assert lost_in(sound) == {}


def test_their_agreement_waits_after_three_days(cast, sound):
    make_kpi(cast, source=cast.get(Kpi).source, replaces=cast.get(Kpi))
    agreement = Agreement.objects.create(
        project=cast.project, number=9, content={}, content_hash="0", prepared_by=cast.manager
    )
    Agreement.objects.filter(pk=agreement.pk).update(prepared_at=timezone.now() - timedelta(days=4))
    assert lost_in(sound) == {("agreement_waiting", "agency"): "1.4", ("agreement_waiting", "client"): "1.4"}


def test_a_missed_kpi_counts_until_its_goal_has_ended(cast, sound):
    today = today_of(sound)
    Kpi.objects.update(due_on=today - timedelta(days=1))
    assert lost_in(sound) == {("kpi_missed", "agency"): "12"}
    Goal.objects.update(status=Goal.Status.MISSED)
    assert lost_in(sound) == {("goals_none", "agency"): "8", ("kpis_none", "agency"): "28"}


def test_concluded_goals_and_drafts_are_not_counted(cast, sound):
    make_goal(cast, statement="Vaguely", status=Goal.Status.DRAFT, due_on=None)
    make_goal(cast, statement="Vaguely", status=Goal.Status.MISSED, due_on=None)
    assert lost_in(sound) == {}


# --- Mending ----------------------------------------------------------------------------------------------------------


def test_mending_gives_the_points_back(cast, sound):
    overdue(cast)
    dip(cast)
    apart(cast)
    assert str(fresh(sound).score) == "94.8"
    Task.objects.update(done_at=timezone.now(), done_by=cast.contact)
    Dip.objects.update(explained_at=timezone.now(), explanation="A holiday")
    cast.get(Goal).confidences.create(side=Side.CLIENT, value=7, by=cast.contact)
    assert fresh(sound).score == 100


# --- The coach --------------------------------------------------------------------------------------------------------

EMPTY = dict.fromkeys(Goal.CRITERIA, "") | {"due_on": None, "business_goal_id": None}


@pytest.mark.parametrize(
    ("goal", "missing"),
    [
        ({"statement": "Повысить узнаваемость"}, Goal.CRITERIA),
        (
            {"statement": "+20 % подписчиков в Instagram за 3 месяца"},
            ("achievable", "relevant"),
        ),
        (
            {"statement": "Больше подписчиков", "measurable": "+20 % подписчиков", "business_goal_id": 1},
            ("achievable", "time_bound"),
        ),
        (
            {"statement": "Больше подписчиков", "achievable": "Было уже", "relevant": "Заказы"},
            ("measurable", "time_bound"),
        ),
    ],
)
def test_the_coach_looks_for_the_letters_in_the_goals_words(goal, missing):
    assert missing_letters(EMPTY | goal, date(2026, 11, 23), is_measured=False) == tuple(missing)


def test_a_signed_kpi_says_what_how_much_and_by_when():
    words = EMPTY | {"statement": "Больше", "achievable": "Было", "relevant": "Заказы"}
    assert missing_letters(words, date(2026, 11, 23), is_measured=True) == ()


# --- Many projects ----------------------------------------------------------------------------------------------------


def one_more(cast, number: int) -> Project:
    """Another sound project of the same two sides."""
    project = Project.objects.create(
        name=f"Project {number}", agency=cast.agency, client=cast.client, created_by=cast.manager
    )
    cast.project, cast.made = project, {}
    return make_sound(cast)


def test_forty_projects_cost_as_many_queries_as_one(cast, sound):
    with CaptureQueriesContext(connection) as few:
        gauges_of(list(Project.objects.filter(pk=sound.pk)))
    for number in range(4):
        one_more(cast, number)
        for happens in (overdue, dip, late_material, dont_know, apart, unlikely, vague_goal, half_signed):
            happens(cast)
        make_promising_kpi(cast, cast.get(Goal), metric="followers")
    with CaptureQueriesContext(connection) as many:
        found = gauges_of(list(Project.objects.all()))
    assert (len(found), len(many) - len(few)) == (5, 1)  # the signatures of agreements, where any waits


def test_nothing_costs_nothing(db, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert gauges_of([]) == {}


def test_each_project_has_its_own_facts(cast, sound):
    overdue(cast)
    other = one_more(cast, 1)
    apart(cast)
    assert (lost_in(sound), lost_in(other)) == (
        {("task_overdue", "client"): "1.2"},
        {("confidence_apart", "both"): "3"},
    )


def test_the_days_are_those_of_the_project(cast, sound):
    assert facts_of([sound])[sound.pk].today == today_of(sound)


def test_confidence_is_a_fact_of_the_goal(cast, sound):
    Confidence.objects.all()._raw_delete("default")
    assert grey_in(sound) == {"confidence_unsaid": "4"}
