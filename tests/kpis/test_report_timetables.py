"""Drafts that come by themselves: once a period is over and final, once for each, and for whom it waits is said."""

from datetime import date

import pytest
import time_machine

from kpis.actions.report_timetables import drop_timetable, prepare_due, set_timetable
from kpis.actions.reports import prepare_for
from kpis.models import MetricSeries, Report, ReportTimetable
from kpis.tasks import prepare_reports
from projects.actions import close_project
from smmportal.notifications.models import Notification
from smmportal.people.models import Membership
from tests.builders import make_kpi, make_points, make_report_template, make_report_timetable, make_series

WEEK = (date(2026, 11, 16), date(2026, 11, 22))


@pytest.fixture(autouse=True)
def frozen():
    with time_machine.travel("2026-11-25 09:00:00+00:00", tick=False):
        yield


@pytest.fixture
def kpi(cast):
    kpi = make_kpi(cast)
    make_points(make_series(cast, source=kpi.source), [100] * 40, last=date(2026, 11, 24))
    return kpi


def periods() -> list[tuple[date, date]]:
    return list(Report.objects.order_by("first").values_list("first", "last"))


def test_a_week_that_is_over_and_final_gets_its_draft_once(cast, kpi):
    make_report_timetable(cast)
    for _tick in range(2):
        prepare_reports()
    report = Report.objects.get()
    assert ((report.first, report.last), report.state, report.begun_by) == (WEEK, "draft", cast.manager)
    assert ReportTimetable.objects.get().next_first == date(2026, 11, 23)
    told = Notification.objects.filter(event="report.prepared").values_list("to__name", flat=True)
    assert set(told) == {"Maxim", "Sonya"}


def test_two_workers_prepare_one(cast, kpi):
    stale = make_report_timetable(cast)
    prepare_due()
    assert (prepare_for(stale, *WEEK), Report.objects.count()) == (None, 1)


def test_it_waits_for_numbers_that_may_still_change_and_says_for_which(cast, kpi, browse):
    make_report_timetable(cast)
    MetricSeries.objects.update(final_through=date(2026, 11, 20))
    assert prepare_due() == []
    text = browse(cast.manager).get(f"/projects/{cast.project.pk}/reports/").text
    assert "The draft for 16–22\u00a0November 2026 waits until its numbers are final." in text
    assert "Followers, VK: final through 20\u00a0November." in text
    MetricSeries.objects.update(final_through=date(2026, 11, 22))
    prepare_due()
    assert periods() == [WEEK]


def test_a_worker_that_was_away_makes_up_for_every_period(cast, kpi):
    make_report_timetable(cast, next_first=date(2026, 11, 2))
    prepare_due()
    assert [first for first, _last in periods()] == [date(2026, 11, 2), date(2026, 11, 9), date(2026, 11, 16)]


def test_a_month(cast, kpi):
    make_report_timetable(cast, cadence="monthly", next_first=date(2026, 10, 1))
    prepare_due()
    assert periods() == [(date(2026, 10, 1), date(2026, 10, 31))]


def test_the_draft_is_of_the_chosen_template(cast, kpi):
    make_report_timetable(cast, template=make_report_template(cast, jurisdiction=""))
    [report] = prepare_due()
    assert ([block["kind"] for block in report.layout], report.jurisdiction) == (["summary", "kpi_table"], "")


def test_a_timetable_begins_with_the_period_that_runs(cast, kpi):
    made = set_timetable(cast.project, cadence="weekly", by=cast.manager)
    assert (made.next_first, prepare_due()) == (date(2026, 11, 23), [])
    again = set_timetable(cast.project, cadence="monthly", by=cast.owner)
    assert (again.pk, again.next_first) == (made.pk, date(2026, 11, 1))


def test_nothing_comes_for_a_closed_project_or_from_who_left(cast, kpi):
    make_report_timetable(cast)
    Membership.objects.filter(user=cast.manager).delete()
    assert prepare_due() == []
    set_timetable(cast.project, cadence="weekly", by=cast.owner)
    close_project(cast.project, by=cast.owner)
    assert prepare_due() == []


def test_stopping_keeps_what_is_begun(cast, kpi):
    make_report_timetable(cast)
    prepare_due()
    for _press in range(2):
        drop_timetable(cast.project, by=cast.manager)
    assert (ReportTimetable.objects.count(), Report.objects.count()) == (0, 1)
