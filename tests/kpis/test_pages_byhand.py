"""The pages where people type numbers, and the same through the API."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kpis.actions import byhand as actions
from kpis.actions.byhand import Typed
from kpis.models import Point, Source
from tests.builders import make_points, make_series, make_source


@pytest.fixture
def dzen(cast) -> Source:
    return actions.add_place(
        cast.project, name="Дзен", metrics=["views", "ctr"], every="weekly", person=cast.specialist, by=cast.manager
    )


@pytest.fixture
def today(dzen) -> date:
    return timezone.localdate(timezone=dzen.zone)


def key(metric: str, day: date) -> str:
    return f"{metric}_{day:%Y%m%d}"


def values(source: Source) -> dict:
    rows = Point.objects.filter(series__source=source, value__isnull=False)
    return {(metric, day): value for metric, day, value in rows.values_list("series__metric", "day", "value")}


def seen_on(page: str) -> str:
    return page.partition('name="seen" value="')[2].partition('"')[0].replace("&quot;", '"')


# --- Adding a place ---


def test_from_the_list_of_platforms_to_the_first_numbers(cast, browse):
    browser, project = browse(cast.specialist), cast.project.pk
    assert f"/projects/{project}/sources/by-hand/" in browser.get(f"/projects/{project}/sources/new/").content.decode()
    sent = {"name": "рутуб", "metrics": ["views"], "every": "daily", "person": cast.contact.pk}
    answer = browser.post(f"/projects/{project}/sources/by-hand/", sent)
    source = Source.objects.get()
    assert (source.title, source.typed_by) == ("RUTUBE", cast.contact)
    assert answer.headers["Location"] == f"/sources/{source.pk}/numbers/"


def test_a_mistake_keeps_what_was_typed(cast, browse):
    sent = {"name": "Моя касса", "metrics": [], "every": "daily", "person": cast.stranger.pk}
    page = browse(cast.manager).post(f"/projects/{cast.project.pk}/sources/by-hand/", sent).content.decode()
    assert "Моя касса" in page
    assert Source.objects.count() == 0


def test_the_plan_is_changed_on_its_page(cast, dzen, browse):
    sent = {"metrics": ["reach", "views"], "every": "monthly", "person": cast.manager.pk}
    answer = browse(cast.manager).post(f"/sources/{dzen.pk}/plan/", sent)
    dzen.refresh_from_db()
    assert (answer.status_code, dzen.typed_metrics, dzen.typed_by) == (302, ["reach", "views"], cast.manager)


# --- The grid ---


def test_the_last_two_weeks_are_there_and_no_day_of_the_future(cast, dzen, today, browse):
    page = browse(cast.specialist).get(dzen.numbers_url).content.decode()
    fields = [key("views", today - timedelta(days=number)) in page for number in range(-1, 15)]
    assert fields == [False, *[True] * 14, False]


def test_a_month_that_is_chosen_is_shown_to_its_end(cast, dzen, browse):
    page = browse(cast.specialist).get(f"{dzen.numbers_url}?month=2026-02").content.decode()
    shown = [key("views", day) in page for day in (date(2026, 1, 31), date(2026, 2, 1), date(2026, 2, 28))]
    assert (shown, key("views", date(2026, 3, 1)) in page) == ([False, True, True], False)


@pytest.mark.parametrize(
    "query", ["month=2026-13", "month=9999-01", "month=9999-12", "from=2020-01-01&to=2026-01-01", "from=x&to=y"]
)
def test_an_address_that_names_no_days_shows_the_usual_ones(cast, dzen, today, browse, query):
    page = browse(cast.specialist).get(f"{dzen.numbers_url}?{query}").content.decode()
    assert key("views", today) in page


def test_numbers_are_taken_as_people_write_them(cast, dzen, today, browse):
    days = [today - timedelta(days=number) for number in (1, 2, 3)]
    sent = {"seen": "{}", key("views", days[0]): "1 340", key("views", days[1]): "0", key("views", days[2]): ""}
    answer = browse(cast.specialist).post(dzen.numbers_url, {**sent, key("ctr", days[0]): "2,5 %"}, follow=True)
    assert "3 numbers are saved." in answer.content.decode()
    assert values(dzen) == {
        ("views", days[0]): Decimal(1340),
        ("views", days[1]): Decimal(0),
        ("ctr", days[0]): Decimal("2.5"),
    }


def test_a_mistake_in_one_cell_saves_nothing_and_loses_nothing(cast, dzen, today, browse):
    good, bad = (today - timedelta(days=number) for number in (1, 2))
    sent = {"seen": "{}", key("views", good): "17", key("views", bad): "много"}
    page = browse(cast.specialist).post(dzen.numbers_url, sent).content.decode()
    assert 'value="17"' in page
    assert 'value="много"' in page
    assert values(dzen) == {}


def test_what_somebody_else_typed_meanwhile_is_not_lost(cast, dzen, today, browse):
    yesterday, before = today - timedelta(days=1), today - timedelta(days=2)
    browser = browse(cast.specialist)
    seen = seen_on(browser.get(dzen.numbers_url).content.decode())
    others = [Typed("views", yesterday, Decimal(120)), Typed("views", before, Decimal(80))]
    actions.type_numbers(dzen, numbers=others, by=cast.manager)
    sent = {"seen": seen, key("views", yesterday): "134", key("views", before): ""}
    page = browser.post(dzen.numbers_url, sent).content.decode()
    assert "it says 120 now, and you typed 134" in page
    assert values(dzen)["views", yesterday] == 120
    again = {"seen": seen_on(page), key("views", yesterday): "134", key("views", before): "80"}
    browser.post(dzen.numbers_url, again)
    assert values(dzen) == {("views", yesterday): Decimal(134), ("views", before): Decimal(80)}


def test_an_untouched_cell_never_puts_an_older_number_back(cast, dzen, today, browse):
    yesterday, before = today - timedelta(days=1), today - timedelta(days=2)
    actions.type_numbers(dzen, numbers=[Typed("views", yesterday, Decimal(100))], by=cast.manager)
    browser = browse(cast.specialist)
    seen = seen_on(browser.get(dzen.numbers_url).content.decode())
    actions.type_numbers(dzen, numbers=[Typed("views", yesterday, Decimal(120))], by=cast.manager)
    browser.post(dzen.numbers_url, {"seen": seen, key("views", yesterday): "100", key("views", before): "7"})
    assert values(dzen) == {("views", yesterday): Decimal(120), ("views", before): Decimal(7)}


@pytest.mark.parametrize("seen", ["", "nonsense", "[1]", '{"views_20261101": "x"}', '{"views_20261101": {}}'])
def test_a_crooked_memory_of_the_page_is_no_memory(cast, dzen, today, browse, seen):
    yesterday = today - timedelta(days=1)
    browse(cast.specialist).post(dzen.numbers_url, {"seen": seen, key("views", yesterday): "5"})
    assert values(dzen) == {("views", yesterday): Decimal(5)}


def test_what_the_platform_measured_is_shown_and_not_offered(cast, browse):
    source = make_source(cast)
    today = timezone.localdate(timezone=source.zone)
    make_points(make_series(cast, source=source), [10250], last=today)
    page = browse(cast.manager).get(source.numbers_url).content.decode()
    assert f'name="{key("followers", today)}"' not in page
    assert "10,250" in page
    assert "What the platform measured itself can’t be typed over." in page


def test_the_page_and_the_source_say_who_typed_what(cast, dzen, today, browse):
    for value in (100, 120):
        actions.type_numbers(
            dzen, numbers=[Typed("views", today - timedelta(days=1), Decimal(value))], by=cast.specialist
        )
    for address in (dzen.numbers_url, dzen.get_absolute_url()):
        page = browse(cast.manager).get(address).content.decode()
        assert "100 → 120" in page
        assert "Sonya" in page


def test_the_grid_costs_the_same_for_one_day_and_for_many(cast, dzen, today, browse):
    browser = browse(cast.specialist)
    browser.get(dzen.numbers_url)
    counts = []
    for number in range(2):
        numbers = [Typed("views", today - timedelta(days=day), Decimal(5)) for day in range(1, 2 + 12 * number)]
        actions.type_numbers(dzen, numbers=numbers, by=cast.specialist)
        with CaptureQueriesContext(connection) as queries:
            browser.get(dzen.numbers_url)
        counts.append(len(queries))
    assert counts[0] == counts[1]


# --- A column ---


def test_a_pasted_column_is_looked_at_before_it_is_saved(cast, dzen, today, browse):
    browser, first = browse(cast.specialist), today - timedelta(days=30)
    sent = {"metric": "views", "first": first.isoformat(), "column": "Просмотры\n1 200\n\n0"}
    page = browser.post(f"/sources/{dzen.pk}/numbers/column/", sent).content.decode()
    assert "nothing is saved yet" in page
    assert values(dzen) == {}
    address = page.partition('<form class="stack" method="post" action="')[2].partition('"')[0].replace("&amp;", "&")
    assert address == f"{dzen.numbers_url}?from={first}&to={first + timedelta(days=2)}&metric=views"
    cells = {key("views", first + timedelta(days=number)): text for number, text in enumerate(("1 200", "", "0"))}
    assert all(f'value="{text}"' in page for text in ("1 200", "0"))
    browser.post(address, {"seen": seen_on(page), **cells})
    assert values(dzen) == {("views", first): Decimal(1200), ("views", first + timedelta(days=2)): Decimal(0)}


def test_a_line_that_is_wrong_is_named_and_the_column_stays(cast, dzen, browse):
    sent = {"metric": "views", "first": "2026-11-01", "column": "02.11.2026\t5\nвчера\t7"}
    page = browse(cast.specialist).post(f"/sources/{dzen.pk}/numbers/column/", sent).content.decode()
    assert "Line 2: this is not a date." in page
    assert "вчера\t7" in page


# --- API ---


def test_through_the_api(cast, dzen, today, api):
    client, day = api(cast.manager), (today - timedelta(days=1)).isoformat()
    answer = client.post(
        f"/api/v1/sources/{dzen.pk}/points/", [{"metric": "views", "day": day, "value": "12.5"}], format="json"
    )
    assert (answer.status_code, answer.json()) == (201, {"received": 1, "changed": 1})
    [line] = client.get(f"/api/v1/sources/{dzen.pk}/points/?from={day}&to={day}").json()
    assert line == {
        "metric": "views",
        "days": [{"day": day, "value": "12.5", "provenance": "manual", "final": True}],
    }
    sent = [{"metric": "views", "day": day, "value": "13", "seen": None}]
    answer = client.post(f"/api/v1/sources/{dzen.pk}/points/", sent, format="json")
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:portal:changed-meanwhile")
    [change] = client.get(f"/api/v1/sources/{dzen.pk}/typed/").json()
    assert {name: change[name] for name in ("who", "metric", "day", "before", "after")} == {
        "who": "Maxim",
        "metric": "views",
        "day": day,
        "before": None,
        "after": "12.5",
    }


def test_a_place_is_added_and_its_plan_changed_through_the_api(cast, api):
    client = api(cast.manager)
    sent = {"name": "дзен", "metrics": ["views"], "every": "weekly", "person": cast.specialist.pk}
    made = client.post(f"/api/v1/projects/{cast.project.pk}/places/", sent, format="json")
    assert made.status_code == 201
    assert {name: made.json()[name] for name in ("name", "platform", "typed_metrics", "typed_by")} == {
        "name": "Дзен",
        "platform": "manual",
        "typed_metrics": ["views"],
        "typed_by": cast.specialist.pk,
    }
    plan = {"metrics": ["views", "likes"], "every": "daily", "person": cast.contact.pk}
    answer = client.put(f"/api/v1/sources/{made.json()['id']}/plan/", plan, format="json")
    assert (answer.json()["typed_metrics"], answer.json()["typed_every"]) == (["views", "likes"], "daily")


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ([], 400),
        ([{"metric": "views", "day": "2026-11-01"}], 400),
        ([{"metric": "luck", "day": "2026-11-01", "value": "1"}], 400),
        ([{"metric": "views", "day": "1 November", "value": "1"}], 400),
        ([{"metric": "views", "day": "2099-11-01", "value": "1"}], 409),
        ([{"metric": "likes", "day": "2026-11-01", "value": "1"}], 409),
        ({"metric": "views"}, 400),
    ],
)
def test_a_crooked_request_is_refused(cast, dzen, api, sent, status):
    answer = api(cast.manager).post(f"/api/v1/sources/{dzen.pk}/points/", sent, format="json")
    assert answer.status_code == status
    assert values(dzen) == {}


def test_of_a_day_told_twice_neither_is_taken(cast, dzen, api):
    told = [{"metric": "views", "day": "2026-11-01", "value": value} for value in ("1", "2", "1")]
    client, address = api(cast.manager), f"/api/v1/sources/{dzen.pk}/points/"
    answer = client.post(address, told[:2], format="json")
    assert (answer.status_code, values(dzen)) == (409, {})
    client.post(address, [told[0], told[2]], format="json")
    assert values(dzen) == {("views", date(2026, 11, 1)): Decimal(1)}
