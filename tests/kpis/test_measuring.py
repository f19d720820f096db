"""What projects learns of the numbers: through the port, and so through the coach that knows the project."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kpis.measuring import shape_of
from kpis.metrics import METRICS
from kpis.models import MetricSeries, Point
from projects import actions
from projects.coach.history import Measured, Number
from projects.measures import measures
from projects.models import Brief
from projects.questionnaire import FULL, new_form, questions_of
from tests.builders import make_business_goal, make_kpi, make_points, make_series, make_source
from tests.projects.conftest import sample

URL = "/api/v1/goals/check/"
TODAY = date(2026, 11, 23)


@pytest.fixture
def followers(cast) -> MetricSeries:
    """Four hundred days on VK: two more a day."""
    series = make_series(cast, source=make_source(cast, title="Roast on VK"))
    make_points(series, [10_000 + 2 * day for day in range(400)], last=TODAY - timedelta(days=1))
    return series


@pytest.fixture
def visits(cast) -> MetricSeries:
    """The same days on the site, weekends at half."""
    source = make_source(cast, platform="metrika", title="roast7.example")
    series = make_series(cast, source=source, metric="visits")
    values = [round((100 + day / 10) * (0.5 if day % 7 > 4 else 1)) for day in range(400)]
    make_points(series, values, last=TODAY - timedelta(days=1))
    return series


def numbers(cast) -> list[tuple]:
    return [(number.platform, number.metric, number.place) for number in measures().numbers_of(cast.project)]


def test_a_part_of_the_site_is_not_the_visits_of_the_site(cast, visits):
    part = make_source(cast, platform="metrika", title="roast7.example", filter='[["traffic","is","social"]]')
    for metric in ("visits", "leads"):
        make_series(cast, source=part, metric=metric)
    assert numbers(cast) == [
        ("website", "visits", "roast7.example"),
        ("website", "leads", "roast7.example — only from social networks"),
    ]


def test_a_place_that_people_look_up_is_the_platform_of_its_name(cast):
    for title in ("Дзен", "Касса"):
        make_series(cast, source=make_source(cast, platform="manual", title=title, login=None), metric="views")
    assert numbers(cast) == [("dzen", "views", "Дзен"), (None, "views", "Касса")]


def submitted(cast, **answers):
    """The cast's brief, the full tier, with these answers."""
    brief = Brief.objects.create(project=cast.project, form=new_form(FULL))
    for question in questions_of(brief.form):
        value = answers.get(question["key"], sample(question) if question.get("required") else None)
        if value:
            actions.save_answer(brief, question["key"], value=value, revision=0, by=cast.contact)
    return actions.submit_brief(brief, by=cast.contact)


def check(api, cast, text: str, **more) -> dict:
    asked = {"text": text, "language": "en", "today": str(TODAY), "project": cast.project.pk, **more}
    answer = api(cast.contact).post(URL, asked, format="json")
    assert answer.status_code == 200, answer.json()
    return answer.json()


def achievable(api, cast, text: str, **more) -> tuple:
    found = check(api, cast, text, **more)["criteria"]["achievable"]
    return found["ok"], found["advice"].replace("\u00a0", " ")


# --- The port -------------------------------------------------------------------------------------------------------


def test_a_number_says_where_it_is_and_how_its_days_go_together(cast, followers, visits):
    assert measures().numbers_of(cast.project) == [
        Number(
            followers.pk,
            "followers",
            "vk",
            "Roast on VK",
            "stock",
            current=Decimal(10_798),
            current_on=TODAY - timedelta(days=1),
        ),
        Number(
            visits.pk,
            "visits",
            "website",
            "roast7.example",
            "flow",
            current=visits.latest_value,
            current_on=TODAY - timedelta(days=1),
        ),
    ]


def test_the_past_is_final_and_known(cast, followers):
    days = [TODAY - timedelta(days=back) for back in (3, 2, 1)]
    Point.objects.filter(series=followers, day=days[0]).update(value=None)
    Point.objects.filter(series=followers, day=days[2]).update(final=False)
    number = measures().numbers_of(cast.project)[0]
    assert measures().history_of(number, last=TODAY)[-2:] == [
        Measured(days[0] - timedelta(days=1), Decimal(10_792)),
        Measured(days[1], Decimal(10_796)),
    ]


@pytest.mark.parametrize(
    ("metric", "shape"),
    [
        ("followers", "stock"),
        ("visits", "flow"),
        ("revenue", "flow"),
        ("reach", "people"),
        ("engagement_rate", "rate"),
        ("cost_per_lead", "rate"),
        ("response_time", "rate"),
        ("romi", "rate"),
    ],
)
def test_every_metric_has_its_shape(metric, shape):
    assert shape_of(METRICS[metric]) == shape


def test_a_level_to_hold_is_a_guardrail(cast):
    make_kpi(cast)
    assert measures().has_guardrail(cast.project) is False
    make_kpi(cast, kind="stay_below")
    assert measures().has_guardrail(cast.project) is True


# --- Achievable -----------------------------------------------------------------------------------------------------


def test_what_it_always_did_is_within_reach(cast, api, followers):
    assert achievable(api, cast, "VK followers +180 in 90 days") == (
        True,
        "Needed: +180 in 90 days (Roast on VK, now 10,798). In the past year 10 windows of 10 grew as fast"
        " (a window is 90 days, history: 400 days). It is within reach.",
    )


def test_what_it_never_did_is_not(cast, api, followers):
    assert achievable(api, cast, "Подписчики ВКонтакте +10 % за 90 дней", language="ru") == (
        False,
        "Нужно: +10 % за 90 дней (Roast on VK, сейчас 10 798). За прошлый год так же быстро не росло ни одно окно из 10"
        " (окно — 90 дней, история — 400 дней). Уменьшите цель, возьмите больше времени или напишите, что изменится.",
    )


def test_a_target_is_counted_from_todays_value(cast, api, followers):
    ok, words = achievable(api, cast, "Grow VK followers to 12,000 in 90 days")
    assert (ok, words[:56]) == (False, "Needed: +1,202 in 90 days (Roast on VK, now 10,798). In ")


def test_visits_are_judged_by_their_four_weeks(cast, api, visits):
    ok, words = achievable(api, cast, "+5% visits to the site in 90 days")
    assert (ok, "10 windows of 10" in words) == (True, True)


def test_too_short_a_past_says_how_much_it_takes(cast, api):
    series = make_series(cast, source=make_source(cast, title="Roast on VK"))
    make_points(series, [10_000 + day for day in range(30)], last=TODAY - timedelta(days=1))
    assert achievable(api, cast, "VK followers +100 in 90 days") == (
        None,
        "Needed: +100 in 90 days (Roast on VK, now 10,029). To judge it, the portal needs 181 days of this number’s"
        " history; so far it has 30 days. Import its past, or write down what makes you think so.",
    )


def test_no_source_is_said_as_before(cast, api, followers):
    ok, words = achievable(api, cast, "+20 % leads in 90 days")
    assert (ok, words.startswith("To judge whether it is within reach, the portal needs this number’s own")) == (
        None,
        True,
    )


def test_another_projects_past_is_not_read(cast, api, followers):
    other = actions.create_project(cast.agency, client=cast.client, name="Tea", by=cast.manager)
    ok, _words = achievable(api, cast, "VK followers +180 in 90 days", project=other.pk)
    assert ok is None


def test_without_a_project_it_is_unknown(cast, api, followers):
    assert achievable(api, cast, "VK followers +180 in 90 days", project=None)[0] is None


def test_of_two_sources_one_is_asked_for_and_offered(cast, api, followers):
    telegram = make_series(cast, source=make_source(cast, platform="telegram", title="Roast in Telegram"))
    make_points(telegram, [900] * 3, last=TODAY - timedelta(days=1))
    found = check(api, cast, "followers +180 in 90 days")["criteria"]["achievable"]
    assert (found["ok"], found["advice"]) == (
        None,
        "Which of them do you mean: Roast on VK; Roast in Telegram? Each has a history of its own.",
    )
    assert [offer["label"] for offer in found["suggestions"]] == [
        "followers on VK, now 10,798",
        "followers in Telegram, now 900",
    ]
    [vk, _telegram] = found["suggestions"]
    assert achievable(api, cast, f"followers +180 in 90 days {vk['text']}")[0] is True


# --- Relevant -------------------------------------------------------------------------------------------------------


def relevant(api, cast, text: str, **more) -> tuple:
    found = check(api, cast, text, **more)["criteria"]["relevant"]
    return found["ok"], found["advice"]


def test_a_goal_serves_the_briefs_main_task(cast, api):
    submitted(cast, D1={"choice": "leads", "note": ""})
    assert relevant(api, cast, "+20 % leads in 90 days") == (
        True,
        "Serves the task from the brief: “More leads and enquiries”.",
    )
    assert relevant(api, cast, "+20 % заявок за 90 дней", language="ru") == (
        True,
        "Служит задаче из брифа: «Больше заявок и обращений».",
    )


def test_or_what_it_calls_a_success_or_what_it_wants_to_follow(cast, api):
    submitted(
        cast,
        D1={"choice": "leads", "note": ""},
        D2={"rows": [{"what": "Followers on VK", "value": "12000", "by": "2027-03-01"}], "note": ""},
        D5={"choices": ["reach"], "note": ""},
    )
    said = [relevant(api, cast, f"+20 % {metric} in 90 days") for metric in ("followers", "reach", "likes")]
    assert said == [
        (True, "It is what the brief calls a success: “Followers on VK”."),
        (True, "The brief names it among the numbers that matter: “Reach”."),
        (None, "What is it for? Name the business goal or the answer of the brief that it serves."),
    ]


def test_a_draft_brief_is_not_read(cast, api):
    brief = Brief.objects.create(project=cast.project, form=new_form())
    actions.save_answer(brief, "D1", value={"choice": "leads", "note": ""}, revision=0, by=cast.contact)
    assert relevant(api, cast, "+20 % leads in 90 days")[0] is None


def test_otherwise_the_business_goals_are_offered(cast, api):
    above = make_business_goal(cast, text="More orders")
    found = check(api, cast, "+20 % reach in 90 days")["criteria"]["relevant"]
    assert found == {
        "ok": None,
        "span": None,
        "advice": "Which business goal does it serve: “More orders”? If none of them, write a new one.",
        "suggestions": [{"label": "More orders", "text": "", "business_goal": above.pk}],
    }
    assert relevant(api, cast, "+20 % reach in 90 days", business_goal=above.pk) == (
        True,
        "Serves the business goal “More orders”.",
    )


def test_another_projects_business_goal_is_not_there(cast, api):
    other = actions.create_project(cast.agency, client=cast.client, name="Tea", by=cast.manager)
    foreign = make_business_goal(cast, project=other)
    asked = {"text": "+20 %", "project": cast.project.pk, "business_goal": foreign.pk}
    assert api(cast.manager).post(URL, asked, format="json").status_code == 404


# --- Warnings and suggestions ---------------------------------------------------------------------------------------


def warnings(api, cast, text: str, language="en") -> list[str]:
    return [sentence.split(".")[0].split(":")[0] for sentence in check(api, cast, text, language=language)["warnings"]]


def test_warnings_know_the_project(cast, api, followers):
    assert warnings(api, cast, "VK followers to 9,000 by 1 September 2027") == [
        "This number alone (followers) proves little",
        "The target is reached already",
        "The deadline is after the project’s last day, 30\u00a0June 2027",
    ]
    assert warnings(api, cast, "9 000 подписчиков вк к 1 сентября 2027", "ru") == [
        "Одно это число (подписчики) мало что доказывает",
        "Цель уже достигнута",
        "Срок позже последнего дня проекта",
    ]


def test_a_guardrail_of_the_brief_or_of_a_kpi_is_enough(cast, api, followers):
    assert len(warnings(api, cast, "VK followers +180 in 90 days")) == 1
    submitted(cast, D6={"choices": ["unfollows"], "note": ""})
    assert warnings(api, cast, "VK followers +180 in 90 days") == []


def suggestions(api, cast, text: str, letter: str, language="en") -> list[tuple[str, str]]:
    found = check(api, cast, text, language=language)["criteria"][letter]["suggestions"]
    return [(offer["label"], offer["text"]) for offer in found]


def test_numbers_are_offered_from_the_sources(cast, api, followers, visits):
    assert suggestions(api, cast, "Хотим расти", "specific", "ru") == [
        ("подписчики ВКонтакте, сейчас 10\u00a0798", "— подписчики ВКонтакте"),
        ("посещения сайта, сейчас 140 в день", "— посещения сайта"),
    ]


def test_those_that_the_brief_is_about_come_first(cast, api, followers, visits):
    submitted(cast, D1={"choice": "leads", "note": ""})
    offered = suggestions(api, cast, "Хотим расти", "specific", "ru")
    assert [text for _label, text in offered] == ["— посещения сайта", "— подписчики ВКонтакте"]


def test_the_label_is_in_the_readers_language_and_the_words_in_the_sentences(cast, api, followers):
    assert suggestions(api, cast, "Хотим расти", "specific") == [
        ("followers on VK, now 10,798", "— подписчики ВКонтакте")
    ]


def test_amounts_come_from_the_brief_and_from_the_past(cast, api, followers):
    submitted(cast, D2={"rows": [{"what": "Followers on VK", "value": "12000", "by": "2027-03-01"}], "note": ""})
    assert suggestions(api, cast, "More followers on VK in 180 days", "measurable") == [
        ("12,000, as in the brief", "to 12,000"),
        ("+3 %, as in the best quarter of its past", "+3 %"),
    ]


def test_days_come_from_the_brief_and_the_project(cast, api, followers):
    submitted(cast, D2={"rows": [{"what": "Followers on VK", "value": "12000", "by": "2027-03-01"}], "note": ""})
    assert [text for _label, text in suggestions(api, cast, "больше подписчиков вк", "time_bound")] == [
        "к 1\u00a0марта 2027",
        "к 30\u00a0июня 2027",
        "к 31\u00a0декабря 2026",
        "за три месяца",
    ]


def test_what_one_tap_adds_completes_the_sentence(cast, api, followers):
    submitted(cast, D2={"rows": [{"what": "Followers on VK", "value": "12000", "by": "2027-03-01"}], "note": ""})
    for text in ("Хотим расти", "We want to grow"):
        for letter in ("specific", "measurable", "time_bound"):
            text = f"{text} {suggestions(api, cast, text, letter)[0][1]}"
        criteria = check(api, cast, text)["criteria"]
        assert [criteria[letter]["ok"] for letter in ("specific", "measurable", "time_bound")] == [True] * 3


def test_what_is_there_needs_no_suggestion(cast, api, followers):
    make_kpi(cast, kind="stay_below")
    found = check(api, cast, "VK followers +180 in 90 days")
    assert [found["criteria"][letter]["suggestions"] for letter in ("specific", "measurable", "time_bound")] == [[]] * 3


def test_a_number_that_would_make_two_of_one_is_not_offered(cast, api, followers):
    assert suggestions(api, cast, "Узнаваемость и ещё заявки", "specific") == []


def test_thirty_sources_cost_as_much_as_one(cast, api, followers):
    def cost() -> int:
        check(api, cast, "VK followers +180 in 90 days")
        with CaptureQueriesContext(connection) as made:
            check(api, cast, "VK followers +180 in 90 days")
        return len(made)

    one = cost()
    for _index in range(30):
        make_series(cast, source=make_source(cast, platform="telegram"), metric="views")
        make_business_goal(cast)
    assert cost() == one


def test_the_panel_says_what_the_api_says(cast, browse, api, followers):
    said = check(api, cast, "VK followers +180 in 90 days")
    address = f"/projects/{cast.project.pk}/goals/check/"
    page = browse(cast.contact, headers={"HX-Request": "true"}).post(address, {"statement": "VK followers +10 %"})
    assert page.status_code == 200
    assert "suggestion" in page.content.decode()
    assert said["criteria"]["achievable"]["ok"] is True


def test_a_tap_puts_the_goal_under_a_business_goal(cast, browse):
    above = make_business_goal(cast, text="More orders")
    address = f"/projects/{cast.project.pk}/goals/check/"
    page = browse(cast.contact).post(address, {"statement": "+20 % reach", "serves": str(above.pk)})
    text = page.content.decode()
    assert page.context["form"]["business_goal"].value() == str(above.pk)
    assert "Serves the business goal “More" in text.replace("\u00a0", " ")


@pytest.mark.parametrize("odd", ["x", "9" * 30, "0"])
def test_an_odd_tap_is_no_error(cast, browse, odd):
    address = f"/projects/{cast.project.pk}/goals/check/"
    assert browse(cast.contact).post(address, {"statement": "+20 %", "serves": odd}).status_code == 200
