"""The catalogue and the pages of formulas, in both languages; and what the API says of the same."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from kpis.connectors import CONNECTORS
from kpis.metrics import CATALOGUE
from kpis.models import Formula, Source
from tests.builders import make_formula, make_kpi, make_points, make_series

RATIO = "(likes + comments) / reach * 100"
SAID = {"name": "ER", "expression": RATIO, "unit": "percent", "decimals": 2, "direction": "up"}


@pytest.fixture
def source(cast):
    """Yesterday is known, today is not."""
    source = cast.get(Source)
    for metric, value in (("likes", 30), ("comments", 20), ("reach", 1000)):
        series = make_series(cast, source=source, metric=metric)
        make_points(series, [value], last=timezone.localdate() - timedelta(days=1))
    return source


def page(browser, address: str) -> str:
    return browser.get(address).content.decode()


# --- The catalogue ---------------------------------------------------------------------------------------------------


def test_the_catalogue_names_every_metric_and_its_denominator(cast, browse):
    shown = page(browse(cast.viewer), "/metrics/")
    assert [code for code in CATALOGUE if f'id="metric-{code}"' not in shown] == []
    assert "Denominator: Reach." in shown
    assert "The portal counts it: “Likes + Comments + Shares” divided by “Reach”, multiplied by 100." in shown


def test_the_catalogue_says_since_when_a_metric_is_gone(cast, api):
    metrics = {metric["code"]: metric for metric in api(cast.viewer).get("/api/v1/metrics/").json()}
    assert list(metrics) == list(CATALOGUE)
    assert metrics["reach"]["former"] == [
        {
            "platform": "facebook",
            "level": "account",
            "native_name": "page_impressions_unique",
            "endpoint": "/v25.0/{id}/insights",
            "lag_days": 0,
            "only_now": False,
            "history_days": 730,
            "valid_from": None,
            "retired_on": "2026-06-15",
            "successor": "page_total_media_view_unique",
            "expression": "",
        }
    ]


def test_what_a_platform_gives_itself_is_not_counted_for_it(cast, api):
    metrics = {metric["code"]: metric for metric in api(cast.viewer).get("/api/v1/metrics/").json()}
    for code, metric in metrics.items():
        told = {one["platform"] for one in metric["platforms"] if not one["expression"]}
        counted = {one["platform"] for one in metric["platforms"] if one["expression"]}
        assert told == {name for name, one in CONNECTORS.items() if code in one.capabilities.codes}
        assert told & counted == set()


# --- Pages -----------------------------------------------------------------------------------------------------------


def test_trying_out_shows_both_sides_and_keeps_nothing(cast, source, browse):
    answer = (
        browse(cast.manager)
        .post(f"/projects/{cast.project.pk}/formulas/new/", {**SAID, "preview": "1"})
        .content.decode()
    )
    assert "“Likes (Roast No. 7 on VK) + Comments (Roast No. 7 on VK)” divided by" in answer
    row = '<td class="figure">5</td><td class="figure">50</td><td class="figure">1,000</td>'
    assert row in answer
    assert "There is no number: Likes (vk), Comments (vk), Reach (vk)." in answer
    assert Formula.objects.count() == 0


def test_what_is_wrong_stands_at_the_field_and_nothing_typed_is_lost(cast, source, browse):
    cast.manager.language = "ru"
    cast.manager.save()
    browser = browse(cast.manager)
    answer = browser.post(
        f"/projects/{cast.project.pk}/formulas/new/", {**SAID, "expression": "(likes@vk + loves"}
    ).content.decode()
    assert "Знак 1: эта скобка не закрыта." in answer
    assert "(likes@vk + loves</textarea>" in answer


def test_a_formula_is_made_and_listed_with_the_sources(cast, source, browse):
    browser = browse(cast.manager)
    made = browser.post(f"/projects/{cast.project.pk}/formulas/new/", SAID)
    formula = Formula.objects.get()
    assert (made.status_code, made.url) == (302, f"/formulas/{formula.pk}/")
    sources = page(browser, f"/projects/{cast.project.pk}/sources/")
    assert f'href="/formulas/{formula.pk}/">ER</a>' in sources
    assert "(likes@vk + comments@vk) / reach@vk * 100" in page(browser, made.url)


def test_changing_leads_to_the_next_version_and_the_old_one_points_to_it(cast, source, browse):
    old = make_formula(cast, RATIO, name="ER")
    browser = browse(cast.manager)
    made = browser.post(f"/formulas/{old.pk}/edit/", {**SAID, "expression": "likes / reach * 100"})
    newer = Formula.objects.get(version=2)
    assert made.url == f"/formulas/{newer.pk}/"
    assert "There is a newer version." in page(browser, f"/formulas/{old.pk}/")


def test_retiring_takes_it_off_the_list(cast, source, browse):
    formula = make_formula(cast, RATIO, name="ER")
    browser = browse(cast.manager)
    browser.post(f"/formulas/{formula.pk}/retirement/")
    assert f'href="/formulas/{formula.pk}/">ER</a>' not in page(browser, f"/projects/{cast.project.pk}/sources/")
    assert "This formula is retired" in page(browser, f"/formulas/{formula.pk}/")


def test_the_source_of_a_formula_is_the_formula(cast, source, browse):
    formula = make_formula(cast, RATIO)
    answer = browse(cast.viewer).get(f"/sources/{formula.source_id}/")
    assert (answer.status_code, answer.url) == (302, f"/formulas/{formula.pk}/")


def test_a_source_says_what_can_be_counted_from_it(cast, source, browse):
    shown = page(browse(cast.viewer), f"/sources/{source.pk}/")
    assert '<a href="/metrics/#metric-engagement_rate">Engagement by reach</a>' in shown


def test_a_kpi_on_a_formula_has_its_page_with_weeks(cast, source, browse):
    formula = make_formula(cast, "likes * 2", name="Twice the likes")
    kpi = make_kpi(cast, source=formula.source, metric="formula", target=Decimal(90))
    shown = page(browse(cast.decider), f"/kpis/{kpi.pk}/")
    assert "<title>Twice the likes" in shown
    assert "Formula, version 1: Likes (Roast No. 7 on VK), multiplied by 2" in shown
    assert "Counted by the portal from measured numbers" in shown
    assert "Week by week" in shown


# --- The API ---------------------------------------------------------------------------------------------------------


def test_the_api_makes_changes_and_retires(cast, source, api):
    client = api(cast.manager)
    made = client.post("/api/v1/formulas/", {**SAID, "project": cast.project.pk}, format="json").json()
    assert {name: made[name] for name in ("name", "expression", "version", "metric", "previous", "next")} == {
        "name": "ER",
        "expression": "(likes@vk + comments@vk) / reach@vk * 100",
        "version": 1,
        "metric": "formula",
        "previous": None,
        "next": None,
    }
    newer = client.patch(f"/api/v1/formulas/{made['id']}/", {"decimals": 1}, format="json").json()
    assert (newer["version"], newer["previous"], newer["decimals"], newer["name"]) == (2, made["id"], 1, "ER")
    assert client.get(f"/api/v1/formulas/{made['id']}/").json()["next"] == newer["id"]
    assert client.delete(f"/api/v1/formulas/{newer['id']}/").json()["retired_at"]
    again = client.delete(f"/api/v1/formulas/{newer['id']}/")
    assert (again.status_code, again.json()["type"]) == (409, "urn:portal:formula-retired")


def test_the_api_says_where_a_formula_is_wrong(cast, source, api):
    sent = {**SAID, "project": cast.project.pk, "expression": "likes * reach"}
    answer = api(cast.manager).post("/api/v1/formulas/", sent, format="json")
    problem = answer.json()
    assert (problem["status"], problem["type"], problem["at"]) == (409, "urn:portal:formula-product-of-metrics", 6)


def test_the_api_tries_a_formula_out(cast, source, api):
    address = f"/api/v1/projects/{cast.project.pk}/formulas/preview/"
    told = api(cast.manager).post(address, {"expression": RATIO}, format="json").json()
    assert (told["expression"], told["denominator"]) == (
        "(likes@vk + comments@vk) / reach@vk * 100",
        "Reach (Roast No. 7 on VK)",
    )
    assert told["days"][1] == {
        "day": (timezone.localdate() - timedelta(days=1)).isoformat(),
        "above": "50",
        "below": "1000",
        "value": "5",
        "reason": "",
    }
    assert (len(told["days"]), "likes@vk" in told["names"], "engagement_rate@vk" in told["names"]) == (14, True, False)


def test_a_page_of_formulas_costs_the_same_for_one_and_for_thirty(cast, source, api, django_assert_max_num_queries):
    client = api(cast.viewer)
    for count in (1, 29):
        for _number in range(count):
            make_formula(cast, "likes * 2")
        with django_assert_max_num_queries(8):
            client.get("/api/v1/formulas/")


def test_weeks_through_the_api(cast, api):
    monday = date(2026, 11, 9)
    series = make_series(cast, metric="likes")
    make_points(series, [1, 2, 3, 4, 5, 6, 7], last=monday + timedelta(days=6))
    kpi = make_kpi(cast, metric="likes")
    told = api(cast.viewer).get(f"/api/v1/kpis/{kpi.pk}/weeks/?from=2026-11-02&to=2026-11-15").json()
    assert told == [
        {"first": "2026-11-09", "last": "2026-11-15", "value": "28", "days": 7, "reason": ""},
        {
            "first": "2026-11-02",
            "last": "2026-11-08",
            "value": None,
            "days": 0,
            "reason": "None of these days has a number.",
        },
    ]
