"""A report from its draft to the issued copy: numbers that live, words that are a must, a copy that never changes."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kpis.actions import reports as actions
from kpis.actions.reports import (
    add_remark,
    begin_correction,
    drop_report,
    edit_report,
    issue_report,
    pass_check,
    return_report,
    send_to_check,
    take_back,
)
from kpis.models import IssuedReport, MetricSeries, Report
from kpis.queries.report_contents import content_of
from kpis.queries.reports import changes_since, verify_reports
from projects.actions import close_project
from smmportal.facts import FactChanged
from smmportal.notifications.models import Notification
from smmportal.refusals import Refused
from tests.builders import (
    make_checked_report,
    make_dip,
    make_goal,
    make_issued_report,
    make_kpi,
    make_points,
    make_post,
    make_post_point,
    make_report,
    make_review,
    make_series,
    make_source,
    make_task,
)

TODAY = date(2026, 11, 25)
LAST = date(2026, 11, 24)


@pytest.fixture(autouse=True)
def frozen():
    with time_machine.travel("2026-11-25 09:00:00+00:00", tick=False):
        yield


@pytest.fixture
def kpi(cast):
    """A KPI with eight weeks of numbers, all of them final: 7 more each day."""
    kpi = make_kpi(cast)
    make_points(make_series(cast, source=kpi.source), [10000 + 7 * day for day in range(56)], last=LAST)
    return kpi


@pytest.fixture
def checked(cast, kpi) -> Report:
    return make_checked_report(cast)


def content(report: Report) -> dict:
    return content_of(report, today=TODAY)


def block(report: Report, key: str) -> dict:
    return next(one for one in content(report)["blocks"] if one["key"] == key)


# --- What it says ---------------------------------------------------------------------------------------------------


def test_a_level_is_told_at_the_end_of_the_period_and_compared_with_the_end_of_the_one_before(cast, kpi):
    [told] = content(make_report(cast))["kpis"]
    assert (told["over"]["value"], told["before"]["value"], told["change"], told["current"]) == (
        "10371",
        "10217",
        "154",
        "10385",
    )
    assert (len(told["line"]), told["line"][0], told["over"]["days"]) == (
        22,
        ["2026-11-01", "10224", True, "measured", ""],
        22,
    )


def test_a_sum_with_a_day_missing_is_no_sum_and_says_why(cast):
    series = make_series(cast, metric="visits")
    make_kpi(cast, metric="visits", source=series.source)
    make_points(series, [5] * 20 + [None] + [5] * 35, last=LAST)
    [told] = content(make_report(cast, first=date(2026, 10, 19), last=date(2026, 10, 25)))["kpis"] or [None]
    assert told is None or told["over"]["value"] is None
    [told] = content(make_report(cast, first=date(2026, 11, 16), last=date(2026, 11, 22)))["kpis"]
    assert (told["over"]["value"], told["over"]["reason"]) == ("35", None)


def test_a_gap_in_the_period_leaves_a_sum_unsaid(cast):
    series = make_series(cast, metric="visits")
    make_kpi(cast, metric="visits", source=series.source)
    make_points(series, [5, 5, None, 5, 5, 5, 5, 5, 5], last=LAST)
    [told] = content(make_report(cast, first=date(2026, 11, 16), last=date(2026, 11, 22)))["kpis"]
    assert (told["over"]["value"], told["over"]["reason"]["en"], told["change"]) == (
        None,
        "Some of the days have no number, so there is no sum.",
        None,
    )


def test_only_kpis_whose_term_the_period_touches_are_told(cast, kpi):
    make_kpi(cast, source=kpi.source, starts_on=date(2026, 11, 23), due_on=date(2027, 1, 1))
    make_kpi(cast, source=kpi.source, starts_on=date(2026, 9, 1), due_on=date(2026, 10, 31))
    assert [told["id"] for told in content(make_report(cast))["kpis"]] == [kpi.pk]


def test_reviews_done_tasks_dips_goals_and_next_steps_of_the_period(cast, kpi):
    make_review(cast, kpi=kpi, happened="Fell at first")
    make_review(cast, kpi=kpi, happened="Went up after all", why="A new rubric")
    make_review(cast, kpi=kpi, first=date(2026, 11, 16), last=date(2026, 11, 24), happened="Later")
    make_task(cast, title="Shoot", done_at="2026-11-09 10:00:00+00:00", done_by=cast.specialist)
    make_task(cast, title="Too late", done_at="2026-11-22 22:00:00+00:00", done_by=cast.specialist)
    make_task(cast, title="Next")
    make_dip(cast, kpi=kpi, day=date(2026, 11, 9), until=date(2026, 11, 10))
    make_dip(cast, kpi=kpi, day=date(2026, 11, 23), until=date(2026, 11, 23))
    kpi.goal.status = "active"
    kpi.goal.save()
    report = make_report(cast)
    done = block(report, "reviews")
    assert [(one["happened"], one["why"]) for one in done["reviews"]] == [("Went up after all", "A new rubric")]
    assert [task["title"] for task in done["tasks"]] == ["Shoot"]
    assert [step["title"] for step in block(report, "next_steps")["steps"]] == ["Next"]
    assert [(dip["day"], dip["explanation"]) for dip in block(report, "dips")["dips"]] == [("2026-11-09", "")]
    assert [(goal["word"]["ru"], goal["unknown"]) for goal in block(report, "goals")["goals"]] == [("В работе", "0")]


def test_posts_are_compared_at_an_equal_age_and_none_is_both_best_and_weakest(cast):
    source = make_source(cast)
    for number in range(5):
        published = datetime(2026, 11, 2 + number, 9, tzinfo=UTC)
        post = make_post(cast, source=source, external_id=f"{number}", published_at=published)
        make_post_point(cast, post=post, metric="views", value=100 * number, age_seconds=7 * 86400 - 60)
    make_post(cast, source=source, external_id="young", published_at="2026-11-22 09:00:00+00:00")
    [told] = block(make_report(cast), "posts")["sources"]
    assert (told["published"], told["compared"]) == (6, 5)
    assert ([post["value"] for post in told["best"]], [post["value"] for post in told["worst"]]) == (
        ["400", "300", "200"],
        ["0", "100"],
    )


def test_an_empty_project_has_a_report_too(cast):
    report = make_report(cast)
    assert (content(report)["kpis"], block(report, "summary")["status"]) == ([], "no_data")


def test_a_report_costs_the_same_with_many_kpis(cast, kpi):
    report, counts = make_report(cast), []
    for extra in (0, 12):
        for number in range(extra):
            source = make_source(cast, external_id=f"more-{number}")
            make_points(make_series(cast, source=source), [100] * 30, last=LAST)
            make_kpi(cast, source=source)
        with CaptureQueriesContext(connection) as queries:
            content(report)
        counts.append(len(queries))
    assert counts[0] == counts[1]


# --- The words ------------------------------------------------------------------------------------------------------


def test_words_are_kept_by_block_and_the_second_writer_is_told(cast, kpi):
    report = actions.begin_report(cast.project, first=date(2026, 11, 1), last=date(2026, 11, 22), by=cast.manager)
    edit_report(report, revision=1, commentaries={"summary": " We grew.\r\nMore. "}, by=cast.manager)
    with pytest.raises(Refused, match="Somebody else changed this report meanwhile"):
        edit_report(report, revision=1, commentaries={"summary": "No."}, by=cast.specialist)
    assert Report.objects.get(pk=report.pk).commentaries == {"summary": "We grew.\nMore."}


def test_without_its_mandatory_words_a_report_goes_nowhere_and_the_sentence_names_the_block(cast, kpi):
    report = make_report(cast, commentaries={"next_steps": "On."})
    with pytest.raises(Refused, match="The block “In short” still needs your words"):
        send_to_check(report, by=cast.manager)
    assert Report.objects.get(pk=report.pk).state == "draft"


def test_nor_is_it_issued_without_them(cast, checked):
    Report.objects.update(commentaries={"summary": "We grew.", "next_steps": " "})
    with pytest.raises(Refused, match="The block “Next steps” still needs your words"):
        issue_report(checked, by=cast.manager)


def test_in_the_check_nobody_writes(cast, kpi):
    report = make_report(cast)
    send_to_check(report, by=cast.manager)
    with pytest.raises(Refused, match="The report is in the check"):
        edit_report(report, revision=1, commentaries={"summary": "No."}, by=cast.manager)
    take_back(report, by=cast.manager)
    assert edit_report(report, revision=1, commentaries={"summary": "Yes."}, by=cast.manager).state == "draft"


# --- The check ------------------------------------------------------------------------------------------------------


def test_whoever_wrote_it_does_not_check_it_while_the_team_has_a_colleague(cast, kpi):
    report = make_report(cast)
    send_to_check(report, by=cast.manager)
    with pytest.raises(Refused, match="You wrote this report: a colleague checks it"):
        pass_check(report, revision=1, by=cast.manager)
    assert pass_check(report, revision=1, by=cast.specialist).state == "checked"


def test_alone_on_the_team_one_checks_oneself(cast, kpi):
    cast.project.team.set([cast.manager])
    report = make_report(cast)
    send_to_check(report, by=cast.manager)
    assert pass_check(report, revision=1, by=cast.manager).state == "checked"


def test_what_is_checked_is_what_was_read(cast, kpi):
    report = make_report(cast)
    send_to_check(report, by=cast.manager)
    with pytest.raises(Refused, match="The report changed while you were reading it"):
        pass_check(report, revision=0, by=cast.specialist)


def test_a_returned_report_is_a_draft_with_a_remark_and_its_writer_is_told(cast, kpi):
    report = make_report(cast)
    send_to_check(report, by=cast.manager)
    return_report(report, remark="Name the cause.", by=cast.specialist)
    report.refresh_from_db()
    assert (report.state, [one.text for one in report.remarks.all()]) == ("draft", ["Name the cause."])
    told = Notification.objects.filter(event="report.returned")
    assert [(note.to, note.facts["remark"]) for note in told] == [(cast.manager, "Name the cause.")]


def test_the_agency_is_asked_and_the_client_hears_only_of_what_is_issued(cast, checked):
    report = make_report(cast)
    send_to_check(report, by=cast.manager)
    issue_report(checked, by=cast.manager)
    told = {event: set(Notification.objects.filter(event=event).values_list("to__name", flat=True)) for event in EVENTS}
    assert told == {"report.to_check": {"Sonya"}, "report.issued": {"Sonya", "Dmitry", "Katya"}}


EVENTS = ("report.to_check", "report.issued")


# --- Issued ---------------------------------------------------------------------------------------------------------


def test_an_issued_copy_survives_whatever_comes(cast, kpi, checked):
    issued = issue_report(checked, by=cast.manager)
    before = IssuedReport.objects.get(pk=issued.pk).content
    series = MetricSeries.objects.get(source=kpi.source)
    series.points.filter(day=date(2026, 11, 5)).update(value=Decimal(9999))
    kpi.name, cast.project.name = "Another name", "Another project"
    kpi.save()
    cast.project.save()
    kept = IssuedReport.objects.get(pk=issued.pk)
    assert (kept.content, kept.content_hash, verify_reports()) == (before, issued.content_hash, [])
    with pytest.raises(FactChanged):
        kept.save()


def test_what_was_counted_again_stands_beside(cast, kpi, checked, browse):
    issued = issue_report(checked, by=cast.manager)
    assert changes_since(issued) == []
    series = MetricSeries.objects.get(source=kpi.source)
    series.points.filter(day=date(2026, 11, 22)).update(value=Decimal(10365))
    assert [(change.day, change.before, change.after) for change in changes_since(issued)] == [
        (date(2026, 11, 22), "10371", "10365"),
        (None, "10371", "10365"),
    ]
    text = browse(cast.decider).get(checked.get_absolute_url()).text
    assert "Counted again since the report was issued: 10,371 → 10,365 on 22\u00a0November." in text


def test_changes_cost_the_same_with_many_kpis(cast, kpi, checked):
    for number in range(8):
        source = make_source(cast, external_id=f"more-{number}")
        make_points(make_series(cast, source=source), [100] * 30, last=LAST)
        make_kpi(cast, source=source)
    issued = IssuedReport.objects.get(pk=issue_report(checked, by=cast.manager).pk)
    with CaptureQueriesContext(connection) as queries:
        changes_since(issued)
    assert len(queries) == 1


def test_issuing_twice_is_issuing_once(cast, checked):
    first, second = (issue_report(checked, by=cast.manager) for _press in range(2))
    assert (first, IssuedReport.objects.count()) == (second, 1)


def test_an_unchecked_report_is_not_issued(cast, kpi):
    with pytest.raises(Refused, match="A colleague checks the report first"):
        issue_report(make_report(cast), by=cast.manager)


def test_a_period_that_runs_is_not_issued(cast, kpi):
    with pytest.raises(Refused, match="The period is not over yet"):
        issue_report(make_checked_report(cast, last=TODAY), by=cast.manager)


def test_numbers_that_may_still_change_hold_the_report_up_and_are_named(cast, kpi, checked):
    MetricSeries.objects.update(final_through=date(2026, 11, 20))
    with pytest.raises(Refused, match="Followers, VK: final through 20\u00a0November") as refusal:
        issue_report(checked, by=cast.manager)
    assert refusal.value.extra == {"waits_for": [{"kpi": kpi.pk, "final_through": "2026-11-20"}]}


@pytest.mark.parametrize(
    "fields", [{"error_kind": "reauthorise"}, {"paused_at": "2026-11-20 09:00:00+00:00"}, {"platform": "file"}]
)
def test_what_can_not_become_final_holds_nothing_up(cast, kpi, checked, fields):
    MetricSeries.objects.update(final_through=date(2026, 11, 20))
    type(kpi.source).objects.filter(pk=kpi.source_id).update(**fields)
    assert issue_report(checked, by=cast.manager).content["kpis"][0]["final_through"] == "2026-11-20"


def test_a_correction_is_a_new_report_that_names_the_old(cast, checked, browse):
    issued = issue_report(checked, by=cast.manager)
    correction = begin_correction(checked, by=cast.manager)
    assert begin_correction(checked, by=cast.specialist) == correction
    send_to_check(correction, by=cast.manager)
    pass_check(correction, revision=1, by=cast.specialist)
    newer = issue_report(correction, by=cast.manager)
    assert newer.content["corrects"] == {"number": checked.number, "hash": issued.content_hash}
    assert (newer.previous_hash, verify_reports()) == (issued.content_hash, [])
    assert "Report No. 2 corrects this one" in browse(cast.decider).get(checked.get_absolute_url()).text


def test_an_issued_report_is_neither_changed_nor_thrown_away(cast, checked):
    issue_report(checked, by=cast.manager)
    for verb in (drop_report, take_back, send_to_check):
        with pytest.raises(Refused, match="is issued: it stays as it was sent"):
            verb(checked, by=cast.manager)


def test_a_closed_project_gets_no_more_reports(cast, checked):
    close_project(cast.project, by=cast.owner)
    cast.project.refresh_from_db()
    checked.refresh_from_db()
    with pytest.raises(Refused, match="The project is closed"):
        issue_report(checked, by=cast.manager)


def test_a_draft_is_thrown_away_with_its_remarks(cast, kpi):
    report = make_report(cast)
    add_remark(report, text="Hm.", by=cast.specialist)
    drop_report(report, by=cast.manager)
    assert Report.objects.count() == 0


# --- Verification ---------------------------------------------------------------------------------------------------


def test_tampering_with_an_issued_copy_is_found(cast, kpi):
    report = make_issued_report(cast)
    changed = {**report.issue.content, "made_on": "2026-11-20"}
    with connection.cursor() as cursor:
        field = IssuedReport._meta.get_field("content")
        cursor.execute("UPDATE kpis_issuedreport SET content = %s", [field.get_db_prep_value(changed, connection)])
    assert verify_reports() == [f"report {report.pk}: the content does not match its hash"]


def test_a_copy_that_vanished_is_found(cast, checked):
    later = make_checked_report(cast)
    issue_report(checked, by=cast.manager)
    issue_report(later, by=cast.manager)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM kpis_issuedreport WHERE report_id = %s", [checked.pk])
    assert verify_reports() == [
        f"report {later.pk}: it does not follow the report that was issued before it",
        f"report {checked.pk}: its issued copy is gone",
    ]


# --- Internal to the agency -----------------------------------------------------------------------------------------


def test_what_the_agency_says_among_itself_reaches_nobody_of_the_clients(cast, checked, browse, api):
    add_remark(checked, text="The client must not read this.", by=cast.specialist)
    issue_report(checked, by=cast.manager)
    add_remark(checked, text="Nor this, afterwards: internal.", by=cast.owner)
    for person in (cast.decider, cast.contact, cast.viewer):
        pages = [browse(person).get(f"/reports/{checked.pk}/{rest}") for rest in ("", "xlsx/")]
        pages += [browse(person).get(f"/projects/{cast.project.pk}/reports/"), browse(person).get("/notifications/")]
        whole = api(person).get(f"/api/v1/reports/{checked.pk}/")
        assert [b"must not read" in page.content or b"internal" in page.content for page in (*pages, whole)] == [
            False
        ] * 5
        assert api(person).get(f"/api/v1/reports/{checked.pk}/remarks/").status_code == 404
        assert list(checked.remarks.model.objects.visible_to(person)) == []
    assert "must not read" in browse(cast.manager).get(checked.get_absolute_url()).text
    assert checked.remarks.model.objects.visible_to(cast.stranger).count() == 0


def test_what_the_check_says_is_in_no_frozen_copy(cast, checked):
    add_remark(checked, text="The client must not read this.", by=cast.specialist)
    assert "must not read" not in str(issue_report(checked, by=cast.manager).content)


# --- The same numbers everywhere ------------------------------------------------------------------------------------


def test_page_report_and_api_say_the_same_of_a_kpi(cast, kpi, checked, browse, api):
    issue_report(checked, by=cast.manager)
    client = api(cast.decider)
    told = client.get(f"/api/v1/reports/{checked.pk}/").json()["content"]["kpis"][0]
    own = client.get(f"/api/v1/kpis/{kpi.pk}/").json()
    same = ("id", "metric", "unit", "kind", "baseline", "target", "current", "current_on", "final_through", "status")
    assert {name: told[name] for name in same} == {name: own[name] for name in same}
    days = client.get(f"/api/v1/kpis/{kpi.pk}/series/?from=2026-11-01&to=2026-11-22").json()
    assert [row[:4] for row in told["line"]] == [
        [day["day"], day["value"], day["final"], day["provenance"]] for day in days
    ]
    report, page = (
        browse(cast.decider).get(address).text for address in (checked.get_absolute_url(), kpi.get_absolute_url())
    )
    board = browse(cast.decider).get(f"/projects/{cast.project.pk}/board/").text
    headline = told["headline"]["en"].replace(" ", " ")
    assert [headline in text for text in (report, page, board)] == [True, True, True]
    assert [figure in report for figure in ("10,371", "10,217", "+154 (+1.5%)", "10,385", "12,000")] == [True] * 5


def test_the_goals_of_a_report_are_as_far_as_their_page_says(cast, kpi):
    goal = kpi.goal
    goal.status = "active"
    goal.save()
    make_goal(cast)
    [told] = block(make_report(cast), "goals")["goals"]
    assert (told["done"], told["due_on"]) == ("19.25", goal.due_on and goal.due_on.isoformat())


def test_yesterday_is_told_as_of_today(cast, kpi):
    assert content(make_report(cast))["made_on"] == (LAST + timedelta(days=1)).isoformat()
