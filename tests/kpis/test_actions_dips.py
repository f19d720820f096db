"""Dips are found once, undone by revisions, noticed by the agency and explained to the client."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from kpis import tasks
from kpis.actions.dips import explain_dip, find_dips, notice_dips
from kpis.models import Alert, Dip
from kpis.points import refresh_latest
from kpis.queries.dips import DipNote, dip_notes, unexplained
from kpis.queries.rituals import ShownDip
from projects.actions import close_project
from smmportal.audit import AuditEntry
from smmportal.celery import app
from smmportal.demo.clock import moved_to
from smmportal.notifications.models import Notification
from smmportal.refusals import Refused
from tests.builders import make_dip, make_kpi
from tests.kpis.reviewing import DAYS, NOON, TODAY, YESTERDAY, growing, make_watched, series_of

#: Three days back from yesterday five hundred followers are lost.
FELL = growing(falls={3: 500})
FELL_ON = YESTERDAY - timedelta(days=3)


@pytest.fixture(autouse=True)
def on_monday():
    with moved_to(NOON):
        yield


@pytest.fixture
def kpi(cast):
    return make_watched(cast, line=FELL)


def put(kpi, values: dict, *, final: bool = True, minutes: int = 1) -> None:
    """The platform says other numbers of these days, some minutes later."""
    series = series_of(kpi)
    for day, value in values.items():
        series.points.filter(day=day).update(value=value, final=final)
    with moved_to(NOON + timedelta(minutes=minutes)):
        refresh_latest({series.pk})


def as_told(kpi, line: list) -> dict:
    return {YESTERDAY - timedelta(days=DAYS - 1 - place): value for place, value in enumerate(line)}


def told() -> list[tuple[str, str]]:
    return list(Notification.objects.order_by("pk").values_list("event", "to__name"))


# --- Found ----------------------------------------------------------------------------------------------------------


def test_a_fall_is_found_told_to_the_team_and_is_an_alert_of_its_own(cast, kpi):
    assert find_dips() == 1
    dip = Dip.objects.get()
    assert (dip.kpi, dip.day, dip.until, dip.value, dip.noticed_at, dip.explained_at) == (
        *(kpi, FELL_ON, FELL_ON, Decimal(FELL[-4])),
        *(None, None),
    )
    assert Decimal(FELL[-4]) < dip.low < Decimal(FELL[-5]) < dip.high
    assert told() == [("dip.found", "Maxim"), ("dip.found", "Sonya")]
    alert = Alert.objects.get()
    assert (alert.kind, alert.subject, alert.kpi, alert.weight, alert.url, alert.state) == (
        *("anomaly", f"dip:{dip.pk}", kpi, "cliff"),
        *(f"/kpis/{kpi.pk}/#dip-{dip.pk}", "open"),
    )
    assert alert.evidence["value"] == str(FELL[-4])


def test_only_what_has_changed_is_looked_into_again(cast, kpi):
    assert (find_dips(), find_dips()) == (1, 0)
    put(kpi, {YESTERDAY: FELL[-1] + 1})
    assert find_dips() == 1
    assert (Dip.objects.count(), Alert.objects.count(), len(told())) == (1, 1, 2)


def test_quiet_numbers_say_nothing(cast):
    make_watched(cast)
    assert (find_dips(), Dip.objects.count()) == (1, 0)


def test_a_rise_is_no_dip_and_more_of_what_should_be_less_is(cast):
    rise = growing(falls={3: -500})
    make_watched(cast, line=rise)
    worse = make_watched(cast, line=[300 if place == DAYS - 4 else 60 + place % 5 for place in range(DAYS)])
    for one in (worse,):
        series_of(one)
        type(one).objects.filter(pk=one.pk).update(metric="bounce_rate")
        type(series_of(one)).objects.filter(source=one.source).update(metric="bounce_rate")
    find_dips()
    assert list(Dip.objects.values_list("kpi", "day")) == [(worse.pk, FELL_ON)]


def test_drafts_closed_projects_and_days_before_the_terms_are_left_alone(cast):
    early = make_watched(cast, line=growing(falls={60: 500}))
    draft = make_kpi(cast, source=early.source)
    find_dips()
    assert (draft.dips.count(), early.dips.count()) == (0, 0)
    late = make_watched(cast, line=FELL)
    close_project(cast.project, by=cast.manager)
    assert (find_dips(), late.dips.count()) == (0, 0)


def test_provisional_days_wait(cast, kpi):
    put(kpi, {day: value for day, value in as_told(kpi, FELL).items() if day >= FELL_ON}, final=False)
    find_dips()
    assert Dip.objects.count() == 0
    put(kpi, {day: value for day, value in as_told(kpi, FELL).items() if day >= FELL_ON}, minutes=2)
    find_dips()
    assert Dip.objects.count() == 1


def test_an_old_fall_is_listed_without_a_letter(cast):
    make_watched(cast, line=growing(falls={30: 500}))
    find_dips()
    assert (Dip.objects.count(), Alert.objects.count(), told()) == (1, 1, [])


# --- Undone ---------------------------------------------------------------------------------------------------------


def test_what_a_revision_undoes_disappears_with_its_alert(cast, kpi):
    find_dips()
    put(kpi, as_told(kpi, growing()))
    find_dips()
    assert (Dip.objects.count(), Alert.objects.get().state) == (0, "closed")


def test_what_was_explained_stays_and_says_that_it_was_counted_again(cast, kpi):
    find_dips()
    dip = explain_dip(Dip.objects.get(), explanation="A purge of bots.", by=cast.manager)
    put(kpi, as_told(kpi, growing()))
    find_dips()
    dip.refresh_from_db()
    assert (dip.explanation, dip.revised_at) == ("A purge of bots.", NOON)
    assert dip_notes([kpi.pk], TODAY - timedelta(days=90), TODAY) == []
    with moved_to(NOON + timedelta(minutes=2)):
        series_of(kpi).points.filter(day=FELL_ON).update(value=FELL[-4] - 900)
        refresh_latest({series_of(kpi).pk})
        find_dips()
    assert Dip.objects.get(pk=dip.pk).revised_at is None


def test_a_revision_of_its_number_is_taken_over(cast, kpi):
    find_dips()
    put(kpi, {FELL_ON: FELL[-4] - 50})
    find_dips()
    assert [dip.value for dip in Dip.objects.filter(day=FELL_ON)] == [Decimal(FELL[-4] - 50)]


# --- Noticed --------------------------------------------------------------------------------------------------------


def test_the_first_clock_stops_when_the_agency_looks_and_never_for_the_client(cast, kpi, browse):
    find_dips()
    page = f"/kpis/{kpi.pk}/"
    browse(cast.decider).get(page)
    assert Dip.objects.get().noticed_at is None
    with moved_to(NOON + timedelta(hours=3)):
        browse(cast.specialist).get(page)
    with moved_to(NOON + timedelta(hours=5)):
        browse(cast.manager).get(f"/projects/{cast.project.pk}/dips/")
    dip = Dip.objects.get()
    assert (dip.noticed_at, dip.noticed_by) == (NOON + timedelta(hours=3), cast.specialist)
    assert ShownDip(dip).clocks == ["Noticed after 3 hours: Sonya", "Not explained for 1 minute"]


def test_the_list_of_drops_stops_it_too(cast, kpi, browse):
    find_dips()
    browse(cast.contact).get(f"/projects/{cast.project.pk}/dips/")
    assert Dip.objects.get().noticed_at is None
    browse(cast.manager).get(f"/projects/{cast.project.pk}/dips/")
    assert Dip.objects.get().noticed_by == cast.manager


# --- Explained ------------------------------------------------------------------------------------------------------


def test_an_explanation_stops_both_clocks_closes_the_alert_and_is_told_to_the_client(cast, kpi):
    find_dips()
    Notification.objects.all().delete()
    with moved_to(NOON + timedelta(days=2)):
        dip = explain_dip(Dip.objects.get(), explanation=" A purge of bots. ", by=cast.manager)
    assert (dip.explanation, dip.explained_by, dip.noticed_by) == ("A purge of bots.", cast.manager, cast.manager)
    assert ShownDip(dip).clocks == ["Noticed after 2 days: Maxim", "Explained after 2 days: Maxim"]
    alert = Alert.objects.get()
    assert (alert.state, alert.closed_by) == ("closed", cast.manager)
    assert told() == [("dip.explained", "Dmitry"), ("dip.explained", "Katya")]
    assert unexplained([kpi]) == {}


def test_better_words_may_follow_and_the_trail_keeps_the_first(cast, kpi):
    find_dips()
    dip = explain_dip(Dip.objects.get(), explanation="Bots.", by=cast.manager)
    count = Notification.objects.count()
    with moved_to(NOON + timedelta(days=1)):
        dip = explain_dip(dip, explanation="VK removed 480 bots.", by=cast.specialist)
    assert (dip.explanation, dip.explained_at, dip.explained_by) == ("VK removed 480 bots.", NOON, cast.manager)
    assert Notification.objects.count() == count
    said = AuditEntry.objects.filter(verb="dip.explained").order_by("pk")
    assert [(entry.facts["was"], entry.facts["explanation"]) for entry in said] == [
        ("", "Bots."),
        ("Bots.", "VK removed 480 bots."),
    ]


def test_who_may_not_explain(cast):
    dip = make_dip(cast)
    for person in (cast.decider, cast.contact, cast.viewer, cast.stranger):
        with pytest.raises(PermissionDenied):
            explain_dip(dip, explanation="Mine.", by=person)
        assert notice_dips(Dip.objects.all(), by=person, project=cast.project) == 0
    with pytest.raises(Refused) as silent:
        explain_dip(dip, explanation="  ", by=cast.manager)
    close_project(cast.project, by=cast.manager)
    with pytest.raises(Refused) as closed:
        explain_dip(dip, explanation="Bots.", by=cast.manager)
    assert (silent.value.code, closed.value.code) == ("no-words", "project-closed")


def test_the_chart_is_given_every_drop_of_its_days(cast, kpi, django_assert_num_queries):
    dip = make_dip(cast, kpi=kpi, day=FELL_ON, until=YESTERDAY)
    known = make_dip(
        cast, kpi=kpi, day=TODAY - timedelta(days=20), until=TODAY - timedelta(days=20), explanation="Bots"
    )
    make_dip(cast, kpi=kpi, day=TODAY - timedelta(days=50), until=TODAY - timedelta(days=50))
    with django_assert_num_queries(1):
        notes = dip_notes([kpi.pk], TODAY - timedelta(days=20), YESTERDAY)
    assert notes == [
        DipNote(kpi.pk, known.day, known.day, "dip", "Bots", f"/kpis/{kpi.pk}/#dip-{known.pk}"),
        DipNote(kpi.pk, FELL_ON, YESTERDAY, "dip", "A drop that is not explained yet", f"/kpis/{kpi.pk}/#dip-{dip.pk}"),
    ]


def test_the_timetable_looks_for_them(cast, kpi):
    assert app.conf.beat_schedule["look for numbers that fell"]["task"] == "kpis.find_dips"
    tasks.find_dips_due()
    assert Dip.objects.count() == 1
