"""A change by percent: the target follows from the baseline, is stored, and stands in the signed text beside it."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from kpis.actions.kpis import capture_baseline, draft_kpi, edit_kpi
from kpis.beginnings import Guess, goal_guess
from kpis.models import Kpi, Source
from kpis.queries.standings import standings
from kpis.terms import say_term, term_of
from kpis.wording import promise
from smmportal.refusals import Refused
from tests.builders import make_goal, make_kpi, make_points, make_series

NOV, MARCH = date(2026, 11, 1), date(2027, 3, 1)
WAIVED = {"guardrail": None, "guardrail_waived_because": "We only begin."}


@pytest.fixture
def series(cast):
    series = make_series(cast)
    make_points(series, [10000, 10100], last=date(2026, 11, 2))
    return series


WAIVED = {"guardrail_waived_because": "We only begin."}


def draft(cast, **fields) -> Kpi:
    terms = {"source": cast.get(Source), "metric": "followers", "kind": "change_by", "change": Decimal(20)}
    return draft_kpi(cast.project, by=cast.manager, **{**terms, "starts_on": NOV, "due_on": MARCH, **WAIVED, **fields})


def refusal(verb, *args, **kwargs) -> str:
    with pytest.raises(Refused) as caught:
        verb(*args, **kwargs)
    return caught.value.code


def test_the_target_follows_from_the_sources_own_baseline(cast, series):
    kpi = draft(cast)
    assert (kpi.baseline, kpi.target, kpi.change, kpi.grows) == (10000, 12000, 20, True)
    down = draft(cast, change=Decimal(-15))
    assert (down.target, down.grows) == (8500, False)


def test_it_follows_the_baseline_when_that_is_taken_anew(cast, series):
    kpi = draft(cast)
    series.points.update(value=11000)
    assert capture_baseline(kpi, by=cast.manager).target == 13200


def test_editing_the_percent_moves_the_target_and_another_kind_gives_the_percent_up(cast, series):
    kpi = draft(cast)
    assert edit_kpi(kpi, by=cast.manager, change=Decimal(25)).target == 12500
    other = edit_kpi(kpi, by=cast.manager, kind="increase_to", target=Decimal(15000))
    assert (other.target, other.change) == (15000, None)
    back = edit_kpi(kpi, by=cast.manager, kind="change_by", change=Decimal(10))
    assert back.target == 11000


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"change": None}, "change-missing"),
        ({"change": Decimal(0)}, "change-missing"),
        ({"change": Decimal("-100.1")}, "change-out-of-range"),
        ({"change": Decimal(100001)}, "change-out-of-range"),
        ({"target": Decimal(12001)}, "target-follows"),
        ({"metric": "views"}, "no-baseline"),
        ({"metric": "likes", "baseline": Decimal(0)}, "baseline-zero"),
        ({"kind": "increase_to", "target": Decimal(12000)}, "change-not-wanted"),
        ({"change": Decimal("0.5")}, "target-reached"),
    ],
)
def test_what_nobody_could_judge_is_refused(cast, series, fields, code):
    assert (refusal(draft, cast, **fields), Kpi.objects.count()) == (code, 0)


def test_the_same_target_may_be_named(cast, series):
    assert draft(cast, target=Decimal(12000)).target == 12000


@pytest.mark.parametrize("fields", [{"kind": "change_by"}, {"change": 5}, {"kind": "change_by", "change": None}])
def test_the_database_holds_it_too(cast, fields):
    kpi = make_kpi(cast)
    with pytest.raises(IntegrityError), transaction.atomic():
        Kpi.objects.filter(pk=kpi.pk).update(**fields)


def test_it_is_judged_as_the_way_it_is(cast, series):
    [up, down] = standings([draft(cast), draft(cast, change=Decimal(-15))])
    assert (up.situation.path.target, down.situation.path.target) == (12000, 8500)
    assert (up.situation.path.distance, down.situation.path.distance) == (2000, -1500)


@pytest.mark.parametrize(
    ("language", "change", "words"),
    [
        ("en", 20, "Followers: grow by 20%, from 10,000 to 12,000, by 1\u00a0March 2027"),
        ("en", -15, "Followers: bring down by 15%, from 10,000 to 8,500, by 1\u00a0March 2027"),
        ("ru", 20, "Подписчики: рост на 20\u00a0%, с 10\u00a0000 до 12\u00a0000, к 1\u00a0марта 2027"),
        ("ru", -15, "Подписчики: снижение на 15\u00a0%, с 10\u00a0000 до 8\u00a0500, к 1\u00a0марта 2027"),
    ],
)
def test_percent_and_numbers_stand_in_the_signed_text(cast, series, language, change, words):
    kpi = draft(cast, change=Decimal(change))
    with translation.override(language):
        assert say_term(term_of(kpi)).promise == words
    assert (term_of(kpi)["change"], term_of(kpi)["target"]) == (str(change), "12000" if change > 0 else "8500")


def test_the_page_says_it_briefly(cast, series):
    with translation.override("en"):
        assert promise(draft(cast)) == "grow by 20%, to 12,000, by 1\u00a0March 2027"


# --- Pages and the API ----------------------------------------------------------------------------------------------


def typed(cast, **fields) -> dict:
    said = {"measure": f"{cast.get(Source).pk}:followers", "kind": "change_by", "change": "+20 %", "target": "7"}
    days = {"starts_on": "2026-11-01", "due_on": "2027-03-01", "guardrail_waived_because": "We only begin."}
    return {**said, **days, **fields}


def test_the_form_takes_a_percent_and_says_what_it_came_to(cast, browse, series):
    answer = browse(cast.manager).post(f"/projects/{cast.project.pk}/kpis/new/", typed(cast), follow=True)
    assert (Kpi.objects.get().target, [str(message) for message in answer.context["messages"]]) == (
        12000,
        ["Saved. Baseline: 10,000 on 1\u00a0November 2026, measured by Roast No. 7 on VK. Target: 12,000."],
    )
    form = browse(cast.manager).get(f"/kpis/{Kpi.objects.get().pk}/edit/").context["form"]
    assert (form["change"].value(), form["target"].value()) == ("20", None)


def test_growth_by_percent_is_asked_for_a_guardrail_and_a_way_down_is_not(cast, browse, series):
    page = f"/projects/{cast.project.pk}/kpis/new/"
    bare = {"guardrail_waived_because": ""}
    refused = browse(cast.manager).post(page, typed(cast, **bare))
    assert list(refused.context["form"].errors) == ["guardrail"]
    assert browse(cast.manager).post(page, typed(cast, change="−15", **bare)).status_code == 302


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "Target: 12,000, which is +20% of 10,000 on 1\u00a0November 2026"),
        ({"change": "-15"}, "Target: 8,500, which is −15% of 10,000 on 1\u00a0November 2026"),
        ({"metric": "views"}, "There is no baseline to count the percent from."),
        ({"metric": "views", "baseline": "300"}, "Target: 360, which is +20% of 300 on 1\u00a0November 2026"),
        ({"change": ""}, ""),
        ({"change": "many"}, ""),
    ],
)
def test_what_it_comes_to_is_said_while_one_types(cast, browse, series, fields, words):
    metric = fields.pop("metric", "followers") if "metric" in fields else "followers"
    asked = {"measure": f"{series.source_id}:{metric}", "starts_on": "2026-11-01", "change": "20", **fields}
    page = browse(cast.manager).get(f"/projects/{cast.project.pk}/kpis/target/", asked).content.decode()
    assert words.replace(" ", "") in page.replace("\u00a0", "").replace(" ", "") or words in page


def test_the_api_takes_a_percent(cast, api, series):
    body = {"project": cast.project.pk, "source": series.source_id, "metric": "followers", "kind": "change_by"}
    body |= {"change": "-15", "starts_on": "2026-11-01", "due_on": "2027-03-01"}
    said = api(cast.manager).post("/api/v1/kpis/", body, format="json").json()
    assert {name: said[name] for name in ("kind", "change", "baseline", "target")} == {
        "kind": "change_by",
        "change": "-15",
        "baseline": "10000",
        "target": "8500",
    }
    changed = api(cast.manager).patch(f"/api/v1/kpis/{said['id']}/", {"change": "20", **WAIVED}, format="json").json()
    assert (changed["target"], changed["guardrail_waived_because"]) == ("12000", "We only begin.")


def test_the_api_says_where_a_percent_would_lead(cast, api, series):
    asked = {"source": series.source_id, "metric": "followers", "starts_on": "2026-11-01", "change": "20"}
    answer = api(cast.manager).get(f"/api/v1/projects/{cast.project.pk}/kpi-target/", asked)
    assert answer.json() == {"baseline": "10000", "baseline_on": "2026-11-01", "target": "12000"}
    empty = api(cast.manager).get(f"/api/v1/projects/{cast.project.pk}/kpi-target/", {**asked, "metric": "views"})
    assert (empty.status_code, empty.json()["type"]) == (409, "urn:portal:no-baseline")


# --- From a goal's own words ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("statement", "guess"),
    [
        ("+20 % подписчиков во ВКонтакте к 1 марта", Guess("followers", "vk", "change_by", change=Decimal(20))),
        ("Снизить отписки на 15 % за три месяца", Guess("unfollows", None, "change_by", change=Decimal(-15))),
        ("12 000 подписчиков к 1 марта", Guess("followers", None, "increase_to", Decimal(12000))),
        ("Больше подписчиков", Guess("followers")),
        ("Любовь к кофе", Guess()),
    ],
)
def test_a_goal_suggests_the_kpi(cast, statement, guess):
    assert goal_guess(make_goal(cast, statement=statement)) == guess


def test_a_goal_fills_the_form(cast, browse, series):
    goal = make_goal(cast, statement="+20 % followers in VK by 1 March 2027")
    form = browse(cast.manager).get(f"/projects/{cast.project.pk}/kpis/new/?goal={goal.pk}").context["form"]
    assert {name: form.initial[name] for name in ("measure", "kind", "change")} == {
        "measure": f"{series.source_id}:followers",
        "kind": "change_by",
        "change": "20",
    }
