from datetime import date, timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from kpis.actions.agreements import prepare_agreement, sign_agreement
from kpis.models import Kpi, Source
from kpis.queries import spine_states, waiting
from kpis.queries.standings import today_of
from projects.models import Goal, Project
from smmportal.people.models import Role, Side
from tests.builders import make_goal, make_kpi, make_points, make_series, make_source


def lines(*projects: Project) -> list[tuple]:
    return [(line.side, line.sentence, line.button, line.roles) for line in waiting(projects)]


def test_an_agreed_goal_without_a_kpi_waits_for_the_agency(cast):
    goal = make_goal(
        cast, status=Goal.Status.AGREED, agreed_at=timezone.now(), statement="Readers\nand " + "more " * 40
    )
    make_goal(cast)
    [line] = waiting([cast.project])
    assert (line.side, line.url, line.roles) == (
        Side.AGENCY,
        f"/projects/{cast.project.pk}/kpis/new/?goal={goal.pk}",
        (Role.OWNER, Role.MANAGER, Role.SPECIALIST),
    )
    assert line.sentence == (
        "No KPI shows yet whether the goal “Readers and more more more more more more more more more more more more "
        "more mo…” is coming true"
    )


def test_kpis_with_targets_wait_for_an_agreement(cast):
    make_kpi(cast)
    make_kpi(cast, metric="views")
    make_kpi(cast, metric="likes", target=None)
    assert lines(cast.project) == [
        (
            Side.AGENCY,
            "2 KPIs have targets but no agreement: prepare it for signing",
            "Prepare the agreement",
            (Role.OWNER, Role.MANAGER),
        )
    ]


def test_no_agreement_is_asked_for_before_the_project_has_begun(cast):
    """The brief is the next move then, and has a line of its own."""
    make_kpi(cast)
    Project.objects.filter(pk=cast.project.pk).update(activated_at=None)
    assert lines(Project.objects.get(pk=cast.project.pk)) == []


def test_an_agreement_waits_for_each_side_that_has_not_signed(cast):
    make_kpi(cast)
    agreement = prepare_agreement(cast.project, by=cast.manager)
    sentence = "Read KPI agreement No. 1 and sign it"
    agency = (Side.AGENCY, sentence, "Read and sign", (Role.OWNER, Role.MANAGER))
    client = (Side.CLIENT, sentence, "Read and sign", (Role.DECIDER,))
    assert lines(cast.project) == [agency, client]
    sign_agreement(agreement, by=cast.manager, seen_hash=agreement.content_hash, proof="password")
    assert lines(cast.project) == [client]
    sign_agreement(agreement, by=cast.decider, seen_hash=agreement.content_hash, proof="password")
    assert lines(cast.project) == []


def make_projects(cast, count: int) -> list[Project]:
    made = []
    for number in range(count):
        project = Project.objects.create(
            name=f"Project {number}",
            agency=cast.agency,
            client=cast.client,
            created_by=cast.manager,
            activated_at=timezone.now(),
        )
        source = make_source(cast, project=project)
        goal = make_goal(cast, project=project, status=Goal.Status.AGREED, agreed_at=timezone.now())
        make_goal(cast, project=project, status=Goal.Status.AGREED, agreed_at=timezone.now())
        make_kpi(cast, project=project, source=source, goal=goal)
        if number % 2:
            prepare_agreement(project, by=cast.manager)
        made.append(project)
    return made


def queries(ask, projects) -> int:
    with CaptureQueriesContext(connection) as caught:
        ask(projects)
    return len(caught)


def test_any_number_of_projects_costs_the_same(cast):
    projects = list(Project.objects.filter(pk__in=[project.pk for project in make_projects(cast, 30)]))
    asked = [*projects[:2]]
    assert queries(waiting, asked) == queries(waiting, projects) <= 10
    assert queries(spine_states, asked) == queries(spine_states, projects) <= 4


# --- The state of the board -----------------------------------------------------------------------------------------


def board(cast) -> dict:
    return spine_states([cast.project])[cast.project.pk]["board"]


def make_watched(cast, value: int, **fields) -> Kpi:
    today = today_of(cast.project)
    source = make_source(cast)
    make_points(make_series(cast, source=source), [value], last=today)
    span = {"starts_on": today - timedelta(days=50), "due_on": today + timedelta(days=50)}
    return make_kpi(cast, source=source, **span, **fields)


def test_a_project_without_kpis_is_unknown(cast):
    assert board(cast) == {"status": "no_data", "word": "no KPIs yet", "counts": {}}


def test_the_worst_kpi_speaks_for_the_board(cast):
    make_watched(cast, 11000)
    assert board(cast) == {"status": "on_track", "word": "all on course", "counts": {"on_track": 1}}
    lost = make_watched(cast, 11000)
    Source.objects.filter(pk=lost.source_id).update(error_kind="scope_missing")
    assert (board(cast)["status"], board(cast)["word"]) == ("source_lost", "source lost: 1 of 2")
    make_watched(cast, 10700)
    assert (board(cast)["status"], board(cast)["word"]) == ("at_risk", "at risk: 1 of 3")
    make_watched(cast, 10000)
    assert board(cast) == {
        "status": "off_track",
        "word": "off course: 1 of 4",
        "counts": {"on_track": 1, "source_lost": 1, "at_risk": 1, "off_track": 1},
    }


def test_a_passing_error_loses_no_source(cast):
    kpi = make_watched(cast, 11000)
    Source.objects.filter(pk=kpi.source_id).update(error_kind="rate_limited")
    assert board(cast)["status"] == "on_track"


def test_in_russian_the_words_are_russian(cast):
    make_watched(cast, 10000)
    make_kpi(cast, source=make_source(cast), due_on=date(2027, 3, 1))
    with translation.override("ru"):
        assert board(cast)["word"] == "сбились с курса: 1 из 2"
        assert lines(cast.project)[0][1] == "2 KPI с целями ещё не в соглашении: подготовьте его к подписи"
