"""What the coach reads out of an answer for a KPI or a source: guessed into the form, saved by nobody."""

from datetime import date
from decimal import Decimal

import pytest

from kpis.beginnings import Guess, kpi_guess, measure_of, platform_of
from kpis.models import Kpi, Source
from projects import actions
from projects.origins import place_named
from projects.questionnaire import FULL, find_question
from tests.builders import make_source
from tests.projects.conftest import answered_in_full

GIVEN = {
    "A2": ["https://vk.com/roast", "https://t.me/roast", "https://roast.example", "https://instagram.com/roast"],
    "D2": {"rows": [{"what": "Подписчики во ВКонтакте", "value": "12000", "by": "2027-03-01"}], "note": ""},
    "D3": {"rows": [{"value": "10000", "source": "ВКонтакте"}], "note": ""},
    "D5": {"choices": ["reach", "lead_cost", "reviews"], "note": ""},
    "D6": {"choices": ["lead_cost", "lead_quality", "unfollows"], "note": ""},
    "E4": {
        "rows": [
            {"what": "Сообщество ВКонтакте", "who": "Катя"},
            {"what": "Яндекс Метрика", "who": "Катя"},
            {"what": "Yandex Metrica", "who": ""},
            {"what": "CRM", "who": "Катя"},
        ],
        "note": "",
    },
}


@pytest.fixture
def project(cast):
    actions.submit_brief(answered_in_full(cast, GIVEN), by=cast.contact)
    return cast.project


UP, BELOW = Kpi.Kind.INCREASE_TO, Kpi.Kind.STAY_BELOW


@pytest.mark.parametrize(
    ("name", "guess"),
    [
        ("D2", Guess("followers", "vk", UP, Decimal(12000), date(2027, 3, 1))),
        ("D3", Guess("followers", "vk", UP, Decimal(12000), date(2027, 3, 1), Decimal(10000))),
        ("D5.0", Guess("reach")),
        ("D5.1", Guess("cost_per_lead")),
        ("D5.2", Guess()),
        ("D6.0", Guess("cost_per_lead", None, BELOW)),
        ("D6.1", Guess()),
        ("D6.2", Guess("unfollows", None, BELOW)),
        ("A4", Guess()),
        ("K1", Guess()),
        ("nonsense", Guess()),
    ],
)
def test_what_an_answer_seems_to_say(project, name, guess):
    assert kpi_guess(place_named(project, name)) == guess


def test_the_measure_is_the_one_source_it_can_only_be(cast, project):
    place = place_named(project, "D2")
    assert measure_of(place, kpi_guess(place)) == ""
    source = make_source(cast)
    make_source(cast, platform="telegram")
    assert measure_of(place, kpi_guess(place)) == f"{source.pk}:followers"
    make_source(cast)
    assert measure_of(place, kpi_guess(place)) == ""


@pytest.mark.parametrize(
    ("name", "platform"),
    [
        ("A2.0", "vk"),
        ("A2.1", "telegram"),
        ("A2.2", "metrika"),
        ("A2.3", None),
        ("E4.0", "vk"),
        ("E4.1", "metrika"),
        ("E4.2", "metrika"),
        ("E4.3", None),
    ],
)
def test_the_platform_that_a_link_or_a_row_names(project, name, platform):
    assert platform_of(place_named(project, name)) == platform


def test_the_form_begins_with_the_guess_and_saves_nothing(cast, project, browse):
    source = make_source(cast)
    goal = actions.draft_goal(project, by=cast.manager, statement="12,000", origin=place_named(project, "D2"))
    form = browse(cast.manager).get(f"/projects/{project.pk}/kpis/new/?from=1.D2.0").context["form"]
    shown = {name: form[name].value() for name in ("measure", "kind", "target", "due_on", "goal")}
    assert shown == {
        "measure": f"{source.pk}:followers",
        "kind": UP,
        "target": "12000",
        "due_on": date(2027, 3, 1),
        "goal": goal.pk,
    }
    assert not Kpi.objects.exists()


def test_a_kpi_made_of_an_answer_links_back_to_it(cast, project, browse):
    source = make_source(cast)
    terms = {
        "measure": f"{source.pk}:followers",
        "kind": "increase_to",
        "target": "12000",
        "starts_on": "2026-11-01",
        "due_on": "2027-03-01",
        "baseline": "10000",
        "guardrail_waived_because": "We only begin.",
    }
    answer = browse(cast.manager).post(f"/projects/{project.pk}/kpis/new/?from=1.D2.0", terms, follow=True)
    kpi = Kpi.objects.get()
    assert (kpi.from_key, kpi.from_row, kpi.from_version.number, kpi.brief_version.number) == ("D2", 0, 1, 1)
    assert "from the brief, version 1, question D2" in answer.content.decode()


def test_the_answer_stays_in_the_address_on_the_way_to_a_source(cast, project, browse, sandbox):
    browser = browse(cast.specialist)
    page = browser.get(f"/projects/{project.pk}/sources/new/?from=1.E4.0").content.decode()
    assert f"/projects/{project.pk}/sources/new/vk/?from=1.E4.0" in page
    answer = browser.post(f"/projects/{project.pk}/sources/new/vk/?from=1.E4.0", {"token": "sandbox-user-vk"})
    assert answer["Location"].endswith("?from=1.E4.0")
    browser.post(answer["Location"], {"external_id": "207700007"})
    source = Source.objects.get()
    assert (source.from_key, source.from_row) == ("E4", 0)


def test_a_program_says_where_a_kpi_began(cast, project, api):
    source = make_source(cast)
    terms = {"source": source.pk, "metric": "followers", "kind": "increase_to", "baseline": "10000", "target": "12000"}
    terms |= {"guardrail": None, "guardrail_waived_because": "We only begin."}
    body = {"project": project.pk, "starts_on": "2026-11-01", "due_on": "2027-03-01", **terms, "from_key": "D2"}
    made = api(cast.manager).post("/api/v1/kpis/", body, format="json")
    began = {name: made.json()[name] for name in ("from_version", "from_key", "from_row", "brief_version")}
    assert (made.status_code, began) == (
        201,
        {"from_version": 1, "from_key": "D2", "from_row": 0, "brief_version": 1},
    )
    assert api(cast.manager).post("/api/v1/kpis/", body, format="json").json()["type"] == "urn:portal:already-made"


def test_the_questions_that_are_read_are_still_in_the_questionnaire():
    keys = ("A2", "D2", "D3", "D5", "D6", "E4")
    assert [key for key in keys if find_question(FULL, key) is None] == []
