"""Readings are taken, a day's last one stays, and a change of level is told once."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone, translation

from kpis.models import Alert, Kpi
from projects.models import Brief, Debrief, Project
from smmportal.notifications.models import Notification
from smmportal.waterline.actions import read_water, take_readings, write
from smmportal.waterline.models import Reading
from smmportal.waterline.queries import (
    as_reading,
    gauge_of,
    history_of,
    latest_readings,
    losses_in,
    since_last_meeting,
)
from tests.builders import make_material, make_reading, make_task
from tests.smmportal.waterline.conftest import fresh, promise, today_of
from tests.smmportal.waterline.test_gathering import no_rhythm


def reading(project: Project, score: str | None, level: str) -> Reading:
    return Reading(
        project=project,
        day=project.today,
        score=score and Decimal(score),
        level=level,
        clarity=30,
        kpis=20,
        rhythm=10,
        unknown=0,
        weights=[30, 40, 30],
    )


def test_a_reading_keeps_what_the_gauge_says(cast, sound):
    make_task(cast, due_on=today_of(sound) - timedelta(days=1))
    assert take_readings() == 1
    kept, gauge = Reading.objects.get(), fresh(sound)
    assert (kept.day, kept.score, kept.level, losses_in(kept.losses), kept.weights) == (
        today_of(sound),
        gauge.score,
        "afloat",
        list(gauge.losses),
        [30, 40, 30],
    )
    assert (kept.clarity, kept.kpis, kept.rhythm, kept.unknown) == (30, 40, Decimal("28.8"), 0)


def test_nothing_is_written_where_nothing_moved(cast, sound):
    make_task(cast, due_on=today_of(sound) - timedelta(days=1))
    assert [take_readings() for _tick in range(3)] == [1, 0, 0]


def test_another_language_is_no_change(cast, sound):
    promise(cast.get(Kpi), 0.2)
    with translation.override("ru"):
        assert take_readings() == 1
    assert take_readings() == 0


def test_the_last_reading_of_a_day_stays(cast, sound):
    take_readings()
    make_material(cast, due_on=today_of(sound) - timedelta(days=1))
    take_readings()
    assert [str(each.score) for each in Reading.objects.all()] == ["98.6"]


def test_a_new_day_has_a_reading_of_its_own(cast, sound):
    make_reading(cast, day=today_of(sound) - timedelta(days=1))
    take_readings()
    assert [each.day for each in history_of(sound)] == [today_of(sound) - timedelta(days=1), today_of(sound)]


def test_a_closed_project_is_not_read(cast, sound):
    Project.objects.update(closed_at=timezone.now())
    assert (take_readings(), Reading.objects.count()) == (0, 0)


def test_a_project_of_which_too_little_is_known_has_a_reading_without_a_score(cast):
    cast.get(Brief)
    take_readings()
    kept = Reading.objects.get()
    assert (kept.score, kept.level, kept.status, kept.word) == (None, "unknown", "no_data", "not known yet")


def test_the_latest_of_each_project_is_one_query(cast, sound, django_assert_num_queries):
    make_reading(cast, day=date(2026, 10, 2), score=60, level="listing")
    make_reading(cast, day=date(2026, 10, 1), score=80)
    with django_assert_num_queries(1):
        assert {pk: found.score for pk, found in latest_readings([sound]).items()} == {sound.pk: 60}


# --- Levels -----------------------------------------------------------------------------------------------------------


def told() -> set[tuple[str, str]]:
    return {(each.to.email, each.facts["level"]) for each in Notification.objects.filter(event="waterline.level")}


def test_a_change_of_level_is_told_to_both_sides_once(cast, sound):
    make_reading(cast, day=today_of(sound) - timedelta(days=1), score=75)
    for _tick in range(2):
        write(sound, reading(sound, "60", "listing"))
    people = ("manager", "specialist", "decider", "contact")
    assert told() == {(getattr(cast, name).email, "listing") for name in people}
    assert Notification.objects.filter(event="waterline.level").count() == len(people)


def test_an_alert_stands_as_long_as_the_project_does_not_float(cast, sound):
    levels = [("80", "afloat"), ("60", "listing"), ("40", "sinking"), ("55", "listing"), ("75", "afloat")]
    stood = []
    for score, level in levels:
        write(sound, reading(sound, score, level))
        standing = Alert.objects.standing().filter(kind="waterline")
        stood.append([(alert.weight, alert.evidence["before"], alert.evidence["after"]) for alert in standing])
    assert stood == [
        [],
        [("drift", "afloat", "listing")],
        [("cliff", "listing", "sinking")],
        [("drift", "sinking", "listing")],
        [],
    ]


def test_the_alert_leads_to_the_page_and_says_the_score(cast, sound):
    write(sound, reading(sound, "40", "sinking"))
    alert = Alert.objects.get()
    assert (alert.subject, alert.url, alert.evidence) == (
        f"project:{sound.pk}",
        f"/projects/{sound.pk}/waterline/",
        {"before": "unknown", "after": "sinking", "score": "40"},
    )


def test_that_a_level_becomes_known_is_no_news(cast, sound):
    make_reading(cast, day=today_of(sound) - timedelta(days=1), score=None, level="unknown")
    write(sound, reading(sound, "80", "afloat"))
    assert (told(), Alert.objects.count()) == (set(), 0)


def test_the_level_of_the_last_reading_is_kept_near_a_border(cast, sound):
    Debrief.objects.update(shared_at=None, confirmed_at=None)
    for name in ("Brief", "Logo", "Photos", "Texts", "Access"):
        make_task(cast, title=name, due_on=today_of(sound) - timedelta(days=30))
        make_material(cast, what=name, due_on=today_of(sound) - timedelta(days=30))
    Brief.objects.update(question_count=10, answered_count=2, open_count=8)
    no_rhythm(cast)
    score = fresh(sound).had
    assert 65 <= score < 70
    assert gauge_of(sound).level == "listing"
    make_reading(cast, score=75)
    assert gauge_of(sound).level == "afloat"


def test_readings_of_many_projects_are_taken_at_once(cast, sound):
    Project.objects.create(name="Other", agency=cast.agency, client=cast.client, created_by=cast.manager)
    assert (read_water(list(Project.objects.all())), Reading.objects.count()) == (2, 2)


# --- Since the last meeting -------------------------------------------------------------------------------------------


def test_since_the_last_meeting_names_what_was_lost_and_regained(cast, sound):
    before = as_reading(sound, gauge_of(sound))
    before.day = today_of(sound) - timedelta(days=3)
    lost = {"rule": "rhythm", "part": "approvals", "code": "material_waiting", "points": "1.4", "side": "client"}
    before.losses = [{**lost, "subject": "material:9", "facts": {"name": "Photos", "days": 1}}]
    before.save()
    make_task(cast, due_on=today_of(sound) - timedelta(days=1))
    since = since_last_meeting(sound, gauge_of(sound))
    assert since.is_meeting
    assert [(change.code, str(change.points)) for change in since.lost] == [("task_overdue", "-1.2")]
    assert [(change.code, str(change.points)) for change in since.regained] == [("material_waiting", "1.4")]


def test_without_a_reading_of_that_day_the_first_one_is_compared(cast, sound):
    make_reading(cast, day=today_of(sound) - timedelta(days=1), losses=[])
    assert since_last_meeting(sound, gauge_of(sound)).is_meeting is False


def test_without_an_earlier_reading_there_is_nothing_to_compare(cast, sound):
    take_readings()
    assert since_last_meeting(sound, gauge_of(sound)) is None


@pytest.mark.parametrize(("weights", "are_new"), [([30, 40, 30], False), ([20, 40, 40], True)])
def test_that_the_rules_were_weighed_anew_is_said(cast, sound, weights, are_new):
    make_reading(cast, day=today_of(sound) - timedelta(days=1), weights=weights)
    assert since_last_meeting(sound, gauge_of(sound)).are_weights_new is are_new
