"""The portfolio as a page: filters and order in the address, rows that unfold, both languages."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from projects.models import Project
from tests.smmportal.portfolio.desk import kpi_at, of

ADDRESS = "/portfolio/"


def names(page) -> list[str]:
    return [row.project.name for row in page.context["desk"].rows]


def text(page) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode())).replace("\u00a0", " ")


@pytest.fixture
def manager(cast, desk, browse):
    return browse(cast.manager)


@pytest.mark.parametrize(
    ("who", "found"),
    [
        ("owner", ["Storm", "Fog", "Calm"]),
        ("manager", ["Storm", "Fog", "Calm"]),
        ("specialist", ["Storm", "Calm"]),
        ("colleague", []),
        ("stranger", []),
    ],
)
def test_each_of_the_agency_sees_their_own_projects(cast, desk, browse, who, found):
    assert names(browse(getattr(cast, who)).get(ADDRESS)) == found


@pytest.mark.parametrize("who", ["decider", "contact", "viewer", "neighbour"])
def test_the_client_is_told_where_their_projects_are(cast, desk, browse, who):
    page = browse(getattr(cast, who)).get(ADDRESS)
    assert page.status_code == 403
    assert "The portfolio is the agency’s desk. Your own projects are on the home page." in page.content.decode()


def test_a_closed_project_is_gone(desk, manager):
    Project.objects.filter(pk=desk.fog.pk).update(closed_at="2026-11-20T09:00Z")
    assert names(manager.get(ADDRESS)) == ["Storm", "Calm"]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("risk=no_data", ["Fog"]),
        ("q=STO", ["Storm"]),
        ("q=bakery", ["Fog", "Calm"]),
        ("q=bakery+calm", ["Calm"]),
        ("only=drops", ["Storm"]),
        ("only=drops&only=sources&only=approvals&only=meetings&only=alerts", ["Storm"]),
        ("only=reviews", []),
        ("move=agency", ["Storm", "Fog"]),
        ("q=calm&risk=off_track", []),
        ("risk=nonsense&client=99999999999999999999&person=x&only=x&sort=x&move=x", ["Storm", "Fog", "Calm"]),
    ],
)
def test_filters_live_in_the_address(manager, asked, found):
    assert names(manager.get(f"{ADDRESS}?{asked}")) == found


def test_by_client_and_by_a_person_of_the_team(cast, desk, manager):
    assert names(manager.get(f"{ADDRESS}?client={cast.other_client.pk}")) == ["Fog", "Calm"]
    assert names(manager.get(f"{ADDRESS}?person={cast.specialist.pk}")) == ["Storm", "Calm"]


def test_a_filter_that_finds_nothing_says_so_and_leads_back(manager):
    page = manager.get(f"{ADDRESS}?q=nothing")
    assert "No project is like that." in text(page)
    assert 'href="?"' in page.content.decode()


@pytest.mark.parametrize(
    ("sort", "found"),
    [
        ("risk", ["Storm", "Fog", "Calm"]),
        ("-risk", ["Calm", "Fog", "Storm"]),
        ("project", ["Calm", "Fog", "Storm"]),
        ("-project", ["Storm", "Fog", "Calm"]),
        ("client", ["Calm", "Fog", "Storm"]),
        ("waterline", ["Storm", "Calm", "Fog"]),
        ("change", ["Storm", "Fog", "Calm"]),
        ("kpis", ["Storm", "Fog", "Calm"]),
        ("drops", ["Storm", "Fog", "Calm"]),
        ("reviews", ["Storm", "Fog", "Calm"]),
        ("approvals", ["Storm", "Fog", "Calm"]),
        ("sources", ["Storm", "Fog", "Calm"]),
        ("meeting", ["Storm", "Calm", "Fog"]),
        ("alerts", ["Storm", "Fog", "Calm"]),
    ],
)
def test_every_column_sorts_what_needs_a_hand_first(manager, sort, found):
    """Where a column says nothing of two projects, the riskier stays first."""
    assert names(manager.get(f"{ADDRESS}?sort={sort}")) == found


def test_a_head_says_how_it_is_sorted_and_turns_the_order_round(manager):
    page = manager.get(f"{ADDRESS}?sort=waterline&q=o&open=1").content.decode()
    assert re.findall(r'aria-sort="(\w+)"', page) == ["ascending"]
    assert 'href="?sort=-waterline&amp;q=o"' in page
    assert re.findall(r'aria-sort="(\w+)"', manager.get(f"{ADDRESS}?sort=-drops").content.decode()) == ["ascending"]


def test_a_row_says_everything_in_words_too(desk, manager):
    storm = text(manager.get(f"{ADDRESS}?q=storm"))
    for said in (
        "off course Storm Roast No. 7",
        "41 sinking",
        "−11",
        "1 off course",
        "1 source lost",
        "1 ahead of plan",
        "1 6d",
        "2 8d",
        "late 3d",
        "2 1 sharp",
    ):
        assert said in storm
    fog = text(manager.get(f"{ADDRESS}?q=fog"))
    for said in ("not known yet Fog Bakery", "— not known yet", "none yet"):
        assert said in fog


def test_a_row_unfolds_in_the_address_without_a_script(desk, manager):
    page = manager.get(f"{ADDRESS}?open={desk.storm.pk}")
    assert "1 KPI is off course" in text(page)
    assert "Late 9,000 of 12,000 by 1 March 2027: too slow, it would take +30 a day" in text(page)
    assert page.content.decode().count('aria-expanded="true"') == 1


def test_a_row_unfolds_in_place_with_one(cast, desk, manager, browse):
    address = f"/portfolio/{desk.storm.pk}/kpis/"
    assert manager.get(address).headers["Location"] == f"/portfolio/?open={desk.storm.pk}#project-{desk.storm.pk}"
    part = manager.get(address, headers={"HX-Request": "true"})
    assert "Late" in text(part) and "<html" not in part.content.decode()
    assert browse(cast.colleague).get(address).status_code == 404


def test_in_russian_it_is_russian(cast, desk, browse):
    type(cast.manager).objects.update(language="ru")
    said = text(browse(cast.manager).get(f"{ADDRESS}?open={desk.storm.pk}"))
    for words in ("Портфель", "опозд. 3 д", "1 спад без объяснения, уже 6 дней", "3 проекта"):
        assert words in said


def test_thirty_projects_cost_as_much_as_three(cast, desk, manager):
    def ask() -> int:
        manager.get(ADDRESS)
        with CaptureQueriesContext(connection) as queries:
            manager.get(ADDRESS)
        return len(queries)

    few = ask()
    fields = {"agency": cast.agency, "client": cast.client, "created_by": cast.manager}
    for project in [Project.objects.create(name=f"Project {number}", **fields) for number in range(27)]:
        kpi_at(of(cast, project), 10500)
    assert ask() == few
