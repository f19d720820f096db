"""The portfolio through the API: the page's rows, filters and order, page by page."""

import pytest

from projects.models import Project
from smmportal.portfolio.api import told
from smmportal.portfolio.rows import rows_of

ADDRESS = "/api/v1/portfolio/"


@pytest.fixture
def manager(cast, desk, api):
    return api(cast.manager)


def names(answer) -> list[str]:
    return [row["name"] for row in answer.json()["results"]]


def test_a_row_is_told_whole(cast, desk, manager):
    [storm] = manager.get(f"{ADDRESS}?q=storm").json()["results"]
    assert storm == {
        "project": desk.storm.pk,
        "name": "Storm",
        "url": f"/projects/{desk.storm.pk}/",
        "client": {"id": cast.client.pk, "name": "Roast No. 7"},
        "risk": {
            "level": "off_track",
            "points": 98,
            "reasons": [
                "sinking",
                "fall",
                "off_track",
                "approvals",
                "cliffs",
                "drops",
                "unexplained",
                "sources",
                "meeting",
                "alerts",
                "unknown",
            ],
        },
        "waterline": {"score": 41, "level": "sinking", "change": -11, "on": "2026-11-23"},
        "kpis": {
            "off_track": 1,
            "at_risk": 0,
            "source_lost": 1,
            "no_data": 0,
            "no_target": 0,
            "on_track": 0,
            "ahead": 1,
        },
        "drops": {"count": 1, "since": "2026-11-17T09:00:00Z"},
        "reviews": {"owed": 3, "overdue": 0},
        "stalled_approvals": {"count": 2, "since": "2026-11-15T09:00:00Z"},
        "broken_sources": 1,
        "meeting": {
            "due_on": "2026-11-20",
            "days_late": 3,
            "last_at": "2026-11-13T09:00:00Z",
            "next": None,
            "next_at": None,
        },
        "alerts": {"count": 2, "sharp": 1},
        "waits_on": {"agency": 6, "client": 2},
    }


def test_page_and_api_read_the_same_rows(cast, desk, manager, browse):
    page = browse(cast.manager).get("/portfolio/?sort=waterline&only=alerts").context["desk"].rows
    answer = manager.get(f"{ADDRESS}?sort=waterline&only=alerts").json()["results"]
    assert [row["project"] for row in answer] == [row.project.pk for row in page]
    assert [row["risk"]["points"] for row in answer] == [row.risk.points for row in page]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("", ["Storm", "Fog", "Calm"]),
        ("sort=-project", ["Storm", "Fog", "Calm"]),
        ("risk=no_data", ["Fog"]),
        ("only=drops&only=alerts", ["Storm"]),
    ],
)
def test_filters_and_orders_are_the_pages(manager, asked, found):
    assert names(manager.get(f"{ADDRESS}?{asked}")) == found


@pytest.mark.parametrize(
    ("asked", "field"),
    [("risk=green", "risk"), ("client=9" + "9" * 20, "client"), ("only=drops&only=x", "only"), ("sort=luck", "sort")],
)
def test_what_makes_no_sense_is_refused_by_its_field(manager, asked, field):
    answer = manager.get(f"{ADDRESS}?{asked}")
    assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])


def test_pages_go_on_where_the_one_before_ended(desk, manager):
    first = manager.get(f"{ADDRESS}?page_size=2").json()
    second = manager.get(first["next"]).json()
    assert (names_of(first), names_of(second), second["next"], first["previous"]) == (
        ["Storm", "Fog"],
        ["Calm"],
        None,
        None,
    )
    assert names_of(manager.get(second["previous"]).json()) == ["Storm", "Fog"]


def test_a_project_that_went_meanwhile_takes_nobody_with_it(desk, manager):
    following = manager.get(f"{ADDRESS}?page_size=1").json()["next"]
    Project.objects.filter(pk=desk.calm.pk).update(name="After")
    assert names_of(manager.get(following).json()) == ["Fog"]
    Project.objects.filter(pk=desk.storm.pk).update(closed_at="2026-11-20T09:00Z")
    assert names_of(manager.get(following).json()) == ["After"]


def test_a_cursor_that_is_none_of_ours_is_unknown(manager):
    assert manager.get(f"{ADDRESS}?cursor=nonsense").status_code == 404


def names_of(page: dict) -> list[str]:
    return [row["name"] for row in page["results"]]


def test_an_empty_row_tells_that_nothing_is_known(desk):
    [fog] = rows_of([desk.fog])
    assert told(fog)["waterline"] == {"score": None, "level": "unknown", "change": None, "on": None}
    assert told(fog)["drops"] == {"count": 0, "since": None}
