"""A person's own view of a dashboard: it changes what they see, never what others see or what is counted."""

from decimal import Decimal

import pytest

from kpis.models import BoardView, Kpi
from kpis.queries.board import board_for
from kpis.queries.standings import today_of
from tests.builders import make_dip, make_points, make_series, make_source
from tests.kpis.test_pages_board import make_watched, text


@pytest.fixture
def kpis(cast) -> list[Kpi]:
    """On course, on course, and far off it, which comes first by itself."""
    today = today_of(cast.project)
    targets = (11000, 11100, 40000)
    return [make_watched(cast, today, target=Decimal(target)) for target in targets]


def view(cast) -> str:
    return f"/projects/{cast.project.pk}/board/view/"


def shown(person, cast) -> list[int]:
    return [card.kpi.pk for card in board_for(person, cast.project.pk).cards]


def test_at_first_what_needs_a_hand_comes_first(cast, kpis):
    well, also_well, badly = (kpi.pk for kpi in kpis)
    assert shown(cast.manager, cast) == [badly, well, also_well]


def test_a_button_moves_a_card_one_place_and_only_for_who_pressed_it(cast, browse, kpis):
    well, also_well, badly = (kpi.pk for kpi in kpis)
    answer = browse(cast.decider).post(view(cast), {"down": str(badly)})
    assert (answer.status_code, answer.url) == (302, view(cast))
    assert (shown(cast.decider, cast), shown(cast.contact, cast)) == (
        [well, badly, also_well],
        [badly, well, also_well],
    )
    browse(cast.decider).post(view(cast), {"up": str(also_well)})
    assert shown(cast.decider, cast) == [well, also_well, badly]


@pytest.mark.parametrize("said", [{"up": "x"}, {"down": "9" * 30}, {"hide": "0"}, {"range": "7", "keep": "1"}, {}])
def test_a_button_that_says_nothing_sensible_changes_nothing(cast, browse, kpis, said):
    before = shown(cast.decider, cast)
    assert browse(cast.decider).post(view(cast), said).status_code == 302
    assert shown(cast.decider, cast) == before


def test_a_new_kpi_stands_before_an_order_that_does_not_know_it(cast, browse, kpis):
    browse(cast.manager).post(view(cast), {"down": str(kpis[2].pk)})
    new = make_watched(cast, today_of(cast.project), target=Decimal(11000))
    assert shown(cast.manager, cast)[0] == new.pk


def test_a_hidden_red_card_still_counts_and_a_line_says_so(cast, browse, kpis):
    browse(cast.decider).post(view(cast), {"hide": str(kpis[2].pk)})
    board = board_for(cast.decider, cast.project.pk)
    assert [card.kpi.pk for card in board.cards] == [kpis[0].pk, kpis[1].pk]
    assert board.state == {
        "status": "off_track",
        "word": "off course: 1 of 3",
        "counts": {"off_track": 1, "ahead": 2},
    }
    assert board.hidden_words == "1 KPI is hidden; not on course: 1."
    page = text(browse(cast.decider).get(f"/projects/{cast.project.pk}/board/"))
    assert ("1 KPI is hidden; not on course: 1." in page, "?hidden=1" in page) == (True, True)


def test_hidden_cards_are_shown_on_demand_and_come_back_by_a_button(cast, browse, kpis):
    browse(cast.decider).post(view(cast), {"hide": str(kpis[2].pk)})
    board = browse(cast.decider).get(f"/projects/{cast.project.pk}/board/?hidden=1").context["board"]
    assert [card.kpi.pk for card in board.cards][-1] == kpis[2].pk
    browse(cast.decider).post(view(cast), {"show": str(kpis[2].pk)})
    assert board_for(cast.decider, cast.project.pk).hidden == []


def test_the_range_is_that_of_the_cards_and_of_a_kpis_page(cast, browse, kpis):
    browse(cast.decider).post(view(cast), {"range": "30", "keep": "1"})
    span = browse(cast.decider).get(f"/kpis/{kpis[0].pk}/").context["span"]
    board = board_for(cast.decider, cast.project.pk)
    assert (span.range, (today_of(cast.project) - board.first).days) == ("30", 29)


def test_the_view_is_reset_in_one_step(cast, browse, kpis):
    browse(cast.decider).post(view(cast), {"hide": str(kpis[2].pk)})
    browse(cast.decider).post(view(cast), {"reset": "1"})
    assert BoardView.objects.count() == 0


def test_the_api_arranges_the_same_view(cast, api, kpis):
    well, also_well, badly = (kpi.pk for kpi in kpis)
    client, url = api(cast.decider), f"/api/v1/projects/{cast.project.pk}/board/view/"
    assert client.get(url).json() == {"order": [], "hidden": [], "range": "90"}
    said = {"order": [also_well, 999999, well], "hidden": [badly, badly], "range": "term"}
    assert client.patch(url, said, format="json").json() == {
        "order": [also_well, well],
        "hidden": [badly],
        "range": "term",
    }
    assert shown(cast.decider, cast) == [also_well, well]
    assert (client.delete(url).status_code, shown(cast.decider, cast)) == (204, [badly, well, also_well])
    assert client.patch(url, {"range": "7"}, format="json").status_code == 400


def test_the_table_says_the_same_numbers_as_the_cards(cast, browse, kpis):
    answer = browse(cast.viewer).get(f"/projects/{cast.project.pk}/board/?as=table")
    rows = [(card.kpi.pk, card.standing.current, card.began, card.target) for card in answer.context["rows"]]
    assert rows[0] == (kpis[2].pk, Decimal(10990), "10,390", "40,000")
    assert "10,990" in text(answer)


def test_a_card_names_an_unexplained_drop(cast, browse, kpis):
    today = today_of(cast.project)
    make_dip(cast, kpi=kpis[0], day=today, until=today)
    page = text(browse(cast.viewer).get(f"/projects/{cast.project.pk}/board/"))
    assert page.count("1 unexplained drop") == 1


def test_the_data_is_told_anew_when_a_number_comes(cast, browse, kpis):
    url, client = f"/api/v1/projects/{cast.project.pk}/board/", browse(cast.viewer)
    first = client.get(url)
    assert client.get(url, headers={"If-None-Match": first["ETag"]}).status_code == 304
    series = make_series(cast, source=make_source(cast))
    kpis[0].source = series.source
    kpis[0].save()
    make_points(series, [1, 2, 3], last=today_of(cast.project))
    second = client.get(url, headers={"If-None-Match": first["ETag"]})
    assert (second.status_code, second["ETag"] != first["ETag"]) == (200, True)
    told = {kpi["id"]: kpi["values"][-1] for kpi in second.json()["kpis"]}
    assert told[kpis[0].pk] == "3"


def test_data_told_to_a_browser_and_to_a_program_is_the_same(cast, api, browse, kpis):
    url = f"/api/v1/projects/{cast.project.pk}/board/"
    answers = [browse(cast.viewer).get(url) for _time in range(2)] + [api(cast.viewer).get(url)]
    assert len({answer.content for answer in answers}) == 1
    assert (browse(cast.stranger).get(url).status_code, browse().get(url).status_code) == (404, 401)
