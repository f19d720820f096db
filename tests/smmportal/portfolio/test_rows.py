"""What is known of each project: gathered from everywhere, at a constant cost."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kpis.queries.standings import board_states
from projects.models import Project
from smmportal.demo.clock import moved_to
from smmportal.portfolio.risk import Facts
from smmportal.portfolio.rows import Row, rows_of
from smmportal.portfolio.wording import say_reasons
from tests.builders import make_review, make_task
from tests.smmportal.portfolio.desk import NOW, kpi_at, of


def row_of(project: Project) -> Row:
    [row] = rows_of([project])
    return row


def test_each_fact_is_where_it_is(desk):
    assert row_of(desk.storm).facts == Facts(
        water="sinking",
        score=41,
        change=-11,
        off_track=1,
        unknown=1,
        on_course=1,
        drops=1,
        drop_days=6,
        overdue_reviews=0,
        stalled_approvals=2,
        broken_sources=1,
        meeting_days=3,
        alerts=2,
        cliffs=1,
    )
    assert row_of(desk.calm).facts == Facts(water="afloat", score=88, on_course=1)
    assert row_of(desk.fog).facts == Facts()


def test_the_riskiest_comes_first_and_unknown_before_what_goes_well(desk):
    rows = rows_of([desk.calm, desk.fog, desk.storm])
    assert [(row.project, row.risk.level) for row in rows] == [
        (desk.storm, "off_track"),
        (desk.fog, "no_data"),
        (desk.calm, "on_track"),
    ]


def test_the_counts_are_those_of_the_dashboard(desk):
    projects = [desk.storm, desk.calm, desk.fog]
    boards = board_states(projects)
    assert {row.project.pk: dict(row.counts) for row in rows_of(projects)} == {
        pk: state["board"]["counts"] for pk, state in boards.items()
    }


def test_the_worst_status_is_counted_first(desk):
    assert list(row_of(desk.storm).counts) == ["off_track", "source_lost", "ahead"]


@pytest.mark.parametrize(("days", "overdue"), [(0, 0), (1, 0), (2, 3), (9, 3)])
def test_a_review_has_three_days_of_grace(desk, days, overdue):
    """The week ended on the 21st: on the 24th its review is in time, on the 25th it is late."""
    with moved_to(NOW + timedelta(days=days)):
        row = row_of(desk.storm)
    assert (len(row.owed), len(row.overdue)) == (3, overdue)


def test_what_may_be_reviewed_in_one_sentence_is_neither_off_course_nor_dropped(cast, desk):
    row = row_of(desk.storm)
    said = {str(line.kpi): (line.is_ready, line.review) for line in row.lines}
    assert said == {
        "Late": (False, "review of 15\u00a0Nov – 21\u00a0Nov"),
        "Gone": (True, "review of 15\u00a0Nov – 21\u00a0Nov"),
        "Good": (True, "review of 15\u00a0Nov – 21\u00a0Nov"),
    }
    for line in row.lines:
        make_review(cast, kpi=line.kpi, first=date(2026, 11, 15), last=date(2026, 11, 21))
    assert row_of(desk.storm).ready == []


def test_the_reasons_are_sentences_the_heaviest_first(desk):
    assert say_reasons(row_of(desk.storm)) == [
        "the waterline says: sinking",
        "the waterline fell by 11 points in a week",
        "1 KPI is off course",
        "2 approvals are stalled, the first for 8 days",
        "1 sharp alert",
        "1 drop without an explanation, for 6 days",
        "1 source is broken",
        "the meeting is late by 3 days",
        "1 alert",
        "of 1 KPI nobody can tell how it stands",
    ]
    assert say_reasons(row_of(desk.calm)) == []


def test_a_signature_that_waits_five_days_is_not_stalled_yet(desk):
    with moved_to(NOW - timedelta(days=3, minutes=1)):
        assert row_of(desk.storm).stalled == []
    assert [line.kind for line in row_of(desk.storm).stalled] == ["sign", "sign"]


def test_moves_count_what_waits_for_each_side(cast, desk):
    before = row_of(desk.storm).moves
    make_task(cast, side="client")
    assert row_of(desk.storm).moves == {**before, "client": before.get("client", 0) + 1}


def test_thirty_projects_cost_as_much_as_two(cast, desk):
    def ask(projects) -> int:
        with CaptureQueriesContext(connection) as queries:
            rows_of(projects)
        return len(queries)

    few = ask([desk.storm, desk.calm])
    fields = {"agency": cast.agency, "client": cast.client, "created_by": cast.manager}
    projects = [Project.objects.create(name=f"Project {number}", **fields) for number in range(28)]
    for project in projects:
        kpi_at(of(cast, project), 10500, name=f"KPI of {project}")
    assert ask([desk.storm, desk.calm, *projects]) == few
