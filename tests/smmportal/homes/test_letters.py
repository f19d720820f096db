"""Home by role: each reader's letter, on the page and through the API."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from projects.models import Project
from smmportal.demo.clock import moved_to
from smmportal.homes.letters import letter_of
from smmportal.people.models import Membership, Role, Side
from tests.builders import (
    make_alert,
    make_dip,
    make_kpi,
    make_material,
    make_points,
    make_series,
    make_source,
    make_task,
)
from tests.smmportal.portfolio.desk import NOW, YESTERDAY, kpi_at, lay_out, of

BRIEF = "The brief is filled in: submit it, and the agency can begin."


@pytest.fixture
def desk(cast):
    with moved_to(NOW), translation.override("en"):
        yield lay_out(cast)


@pytest.mark.parametrize(
    ("who", "reader"),
    [
        ("owner", "manager"),
        ("manager", "manager"),
        ("specialist", "specialist"),
        ("decider", "decider"),
        ("contact", "contact"),
        ("viewer", "contact"),
        ("stranger", "manager"),
        ("neighbour", "decider"),
    ],
)
def test_a_home_is_made_for_its_reader(cast, desk, browse, who, reader):
    page = browse(getattr(cast, who)).get("/")
    assert (page.status_code, page.context["letter"].reader) == (200, reader)
    assert f"home/{reader}.html" in [template.name for template in page.templates]


def test_who_decides_here_and_works_there_reads_as_whoever_works(cast, desk):
    Membership.objects.create(user=cast.stranger, organisation=cast.client, role=Role.DECIDER)
    Membership.objects.filter(user=cast.stranger, role=Role.OWNER).update(role=Role.SPECIALIST)
    assert letter_of(cast.stranger).reader == "specialist"


def test_the_manager_is_led_to_the_three_riskiest(cast, desk, browse):
    for number in range(4):
        fields = {"agency": cast.agency, "client": cast.client, "created_by": cast.manager}
        kpi_at(of(cast, Project.objects.create(name=f"Late {number}", **fields)), 9000)
    page = browse(cast.manager).get("/")
    riskiest = [row.project.name for row in page.context["letter"].riskiest]
    assert riskiest == ["Storm", "Late 0", "Late 1"]
    assert 'href="/portfolio/"' in page.content.decode()
    assert "The portfolio: all 7 projects" in page.content.decode()


def test_a_project_on_its_course_is_not_among_the_riskiest(cast, desk):
    Project.objects.exclude(pk=desk.calm.pk).update(closed_at=NOW)
    assert letter_of(cast.manager).riskiest == []


def test_a_course_is_one_sentence_with_the_water(cast, desk):
    told = {course.project.name: (course.sentence, course.water.score) for course in letter_of(cast.manager).courses}
    assert told == {
        "Storm": ("off course: 1 of 3; the next move is yours.", 41),
        "Fog": ("no KPIs yet; the next move is yours.", None),
        "Calm": ("all on course; the client’s move.", 88),
    }
    [storm] = letter_of(cast.decider).courses
    assert storm.sentence == "off course: 1 of 3; the next move is yours."
    Project.objects.exclude(pk=desk.fog.pk).update(closed_at=NOW)
    [fog] = letter_of(cast.neighbour).courses
    assert fog.sentence == "no KPIs yet; the next move is yours."


def test_what_is_the_agencys_own_weighs_in_no_word_that_a_client_reads(cast, desk, api):
    """Two of the client's projects, and one has housekeeping of the agency: both sides are told the same of both."""
    Project.objects.filter(pk=desk.calm.pk).update(client=cast.client)
    make_alert(of(cast, desk.calm), kind="silent", subject="source:1", weight="cliff")
    sides = [api(person).get("/api/v1/home/").json()["projects"] for person in (cast.decider, cast.manager)]
    theirs, ours = ([(one["name"], one["risk"], one["waterline_level"]) for one in side] for side in sides)
    assert theirs == [("Storm", "off_track", "sinking"), ("Calm", "on_track", "afloat")]
    assert [one for one in ours if one[0] != "Fog"] == theirs
    calm = [next(one for one in side if one["name"] == "Calm") for side in sides]
    words = [(one["status"], one["waterline"], one["waterline_change"]) for one in calm]
    assert words[0] == words[1] == ("ahead", 88, None)
    assert [row.project.name for row in letter_of(cast.manager).riskiest] == ["Storm", "Calm"]


def test_a_clients_home_looks_the_same_with_the_agencys_own_alerts_and_without(cast, desk, browse):
    Project.objects.filter(pk=desk.calm.pk).update(client=cast.client)

    def main() -> str:
        return browse(cast.decider).get("/").content.decode().partition("<main")[2]

    before = main()
    make_alert(of(cast, desk.calm), kind="silent", subject="source:1", weight="cliff")
    assert main() == before


def test_the_decider_signs_first_and_then_says_yes(cast, desk):
    task = make_task(cast, title="Posts", side=Side.AGENCY, assignee=cast.specialist)
    type(task).objects.filter(pk=task.pk).update(review_at=NOW - timedelta(days=30))
    make_task(cast, title="Call the shop", assignee=cast.decider)
    letter = letter_of(cast.decider)
    assert [line.kind for line in letter.to_sign] == ["sign", "approve"]
    assert [line.sentence for line in letter.besides] == [BRIEF, "Call the shop"]
    assert sorted(map(str, letter.mine)) == sorted(map(str, [*letter.to_sign, *letter.besides]))


def test_money_is_only_what_is_known(cast, desk, browse):
    assert letter_of(cast.decider).money == []
    source = make_source(cast, title="Ads")
    make_points(make_series(cast, source=source, metric="spend"), [100, None, 250], last=YESTERDAY)
    make_kpi(cast, source=source, metric="spend", kind="stay_below", target=200, name="Budget a day")
    [money] = letter_of(cast.decider).money
    assert [(one.name, one.total, one.known) for one in money.month] == [("Spend", 350, 2)]
    assert [str(standing.kpi) for standing in money.kpis] == ["Budget a day"]
    page = browse(cast.decider).get("/").content.decode()
    assert "2 of 22 days have a number, the last is 22\u00a0November" in page


def test_the_contacts_lines_are_grouped_by_what_they_ask_for(cast, desk):
    make_material(cast, what="Logo", side=Side.CLIENT)
    make_task(cast, title="Choose a photograph")
    groups = letter_of(cast.contact).groups
    assert [(group.kind, [line.sentence for line in group.lines]) for group in groups] == [
        ("send", ["A material is awaited: Logo"]),
        ("answer", [BRIEF]),
        ("do", ["Choose a photograph"]),
    ]


def test_the_next_two_weeks_hold_meetings_tasks_and_ends(cast, desk):
    make_task(cast, title="Choose a photograph", due_on=date(2026, 11, 25))
    make_task(cast, title="Far away", due_on=date(2026, 12, 20))
    make_task(cast, title="Too late", due_on=date(2026, 11, 20))
    kpi_at(cast, 10500, name="Short one", due_on=date(2026, 12, 1))
    start = NOW + timedelta(days=2)
    cast.project.meetings.create(
        title="Call", starts_at=start, ends_at=start + timedelta(hours=1), booked_by=cast.manager, booked_side="agency"
    )
    told = [(one.day, one.words) for one in letter_of(cast.contact).dates]
    assert told == [
        (date(2026, 11, 25), "Call"),
        (date(2026, 11, 25), "Choose a photograph"),
        (date(2026, 12, 1), "The KPI “Short one” ends"),
    ]


def test_the_contact_reads_why_a_number_dropped(cast, desk, browse):
    kpi = cast.project.kpis.get(name="Late")
    said = {"explanation": "The page was blocked for a day", "explained_by": cast.manager}
    make_dip(cast, kpi=kpi, day=YESTERDAY, explained_at=NOW - timedelta(hours=2), **said)
    page = browse(cast.contact).get("/").content.decode()
    assert "The page was blocked for a day" in page
    assert letter_of(cast.neighbour).explained == []


def test_the_specialist_sees_the_sources_that_give_nothing(cast, desk):
    make_source(cast, title="Slow page", error_kind="rate_limited")
    make_source(cast, title="Paused page", error_kind="permanent", paused_at=NOW)
    told = [(line.source.title, line.state.word) for line in letter_of(cast.specialist).troubled_sources]
    assert told == [("Page of Storm", "access lost"), ("Slow page", "waiting for the platform")]
    assert letter_of(cast.colleague).troubled_sources == []


# --- Through the API ------------------------------------------------------------------------------------------------


def test_the_api_tells_the_same_letter(cast, desk, api):
    told, letter = api(cast.decider).get("/api/v1/home/").json(), letter_of(cast.decider)
    assert told["reader"] == "decider"
    assert [line["sentence"] for line in told["waits_for_you"]] == [line.sentence for line in letter.mine]
    assert [line["kind"] for line in told["waits_for_the_other_side"]] == [line.kind for line in letter.theirs]
    assert told["projects"] == [
        {
            "project": desk.storm.pk,
            "name": "Storm",
            "status": "off_track",
            "sentence": "off course: 1 of 3; the next move is yours.",
            "risk": "off_track",
            "waterline": 41,
            "waterline_level": "sinking",
            "waterline_change": -11,
        }
    ]
    assert (told["money"], told["next_meeting"], told["explained"]) == ([], None, [])


def test_a_stranger_is_told_of_nothing(cast, desk, api):
    assert api(cast.stranger).get("/api/v1/home/").json() == {
        "reader": "manager",
        "waits_for_you": [],
        "waits_for_the_other_side": [],
        "projects": [],
        "money": [],
        "next_meeting": None,
        "dates": [],
        "explained": [],
    }


@pytest.mark.parametrize("who", ["manager", "specialist", "decider", "contact"])
def test_thirty_kpis_and_tasks_cost_a_home_as_much_as_three(cast, desk, browse, who):
    client = browse(getattr(cast, who))

    def ask() -> int:
        client.get("/")
        with CaptureQueriesContext(connection) as queries:
            client.get("/")
        return len(queries)

    make_task(cast)
    few = ask()
    for number in range(27):
        kpi_at(cast, 10500, name=f"KPI {number}")
        make_task(cast)
    assert ask() == few
