"""Who answers for a KPI, how often it is looked at, what may be missing, and what must not get worse meanwhile."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import translation

from kpis.actions.agreements import prepare_agreement
from kpis.actions.kpis import draft_kpi, edit_kpi
from kpis.course import Situation, judge
from kpis.models import Kpi, Source
from kpis.queries.agreements import says_what_stands
from kpis.terms import say_term, term_of
from smmportal.refusals import Refused
from tests.builders import make_kpi

ASKED = "Name a number that must not get worse meanwhile, or say why you go without one."
UNGUARDED = {"guardrail": [ASKED]}


def cared_for(cast, **fields) -> Kpi:
    said = {"owner": cast.specialist, "cadence": "monthly", "tolerance": 10}
    guardrail = {"guardrail_source": cast.get(Source), "guardrail_metric": "views"}
    return make_kpi(cast, **{**said, **guardrail, **fields})


def lines(kpi: Kpi, language: str) -> tuple[str, ...]:
    with translation.override(language):
        return say_term(term_of(kpi)).lines[4:]


def test_all_of_it_stands_in_the_text_in_both_languages(cast):
    kpi = cared_for(cast)
    assert lines(kpi, "en") == (
        f"Answers for it: {cast.specialist.name}",
        "Looked at every month",
        "Up to 10% worse than planned still counts as on course",
        "Guardrail: “Views” (Roast No. 7 on VK) must not get worse than it was on 1\u00a0November 2026",
    )
    assert lines(kpi, "ru")[1:3] == ("Смотрим каждый месяц", "Отставание от плана до 10\u00a0% считается нормой")
    assert "Защитная метрика: «" in lines(kpi, "ru")[3]


def test_growing_without_a_guardrail_is_said_and_holding_a_level_needs_none(cast):
    growing, holding = make_kpi(cast), make_kpi(cast, kind="stay_above")
    assert [any("Guardrail" in line for line in lines(kpi, "en")) for kpi in (growing, holding)] == [True, False]


@pytest.mark.parametrize(
    "change", [{"tolerance": 11}, {"cadence": "weekly"}, {"owner": None}, {"guardrail_metric": "reach"}]
)
def test_a_change_of_any_of_it_leaves_the_prepared_text_behind(cast, change):
    kpi = cared_for(cast)
    agreement = prepare_agreement(cast.project, by=cast.manager)
    assert says_what_stands(agreement)
    Kpi.objects.filter(pk=kpi.pk).update(**change)
    assert not says_what_stands(agreement)


UP = Situation(
    kind="increase_to",
    starts_on=date(2026, 11, 1),
    due_on=date(2027, 2, 9),
    today=date(2026, 12, 21),
    target=Decimal(2000),
    baseline=Decimal(0),
    current=Decimal(800),
    current_on=date(2026, 12, 21),
    tolerance=20,
)


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({}, "on_track"),
        ({"current": Decimal(799)}, "at_risk"),
        ({"tolerance": 0}, "at_risk"),
        ({"today": date(2027, 2, 9), "current_on": date(2027, 2, 9), "current": Decimal(1600)}, "on_track"),
        ({"today": date(2027, 2, 9), "current_on": date(2027, 2, 9), "current": Decimal(1599)}, "off_track"),
        ({"current": Decimal(1500)}, "ahead"),
        ({"kind": "stay_above", "current": Decimal(1600)}, "on_track"),
        ({"kind": "stay_above", "current": Decimal(1599)}, "off_track"),
        ({"kind": "stay_below", "current": Decimal(2400)}, "on_track"),
        ({"source_lost": True}, "source_lost"),
    ],
)
def test_the_standing_allows_what_the_terms_allow(change, status):
    assert judge(Situation(**{**UP.__dict__, **change})) == status


def typed(cast, **fields) -> dict:
    said = {"measure": f"{cast.get(Source).pk}:followers", "kind": "increase_to", "target": "12000"}
    return {**said, "starts_on": "2026-11-22", "due_on": "2027-03-01", "baseline": "9000", **fields}


def draft(cast, browse, **fields):
    return browse(cast.manager).post(f"/projects/{cast.project.pk}/kpis/new/", typed(cast, **fields))


def test_growth_is_asked_what_it_may_cost(cast, browse):
    refused = draft(cast, browse)
    assert (refused.context["form"].errors, Kpi.objects.count()) == (UNGUARDED, 0)
    both = draft(cast, browse, guardrail=f"{cast.get(Source).pk}:views", guardrail_waived_because="We only begin.")
    assert list(both.context["form"].errors) == ["guardrail_waived_because"]
    assert draft(cast, browse, kind="stay_above").status_code == 302


def test_the_page_keeps_and_shows_it(cast, browse):
    source = cast.get(Source)
    said = {"guardrail": f"{source.pk}:views", "owner": cast.specialist.pk, "cadence": "biweekly", "tolerance": "7"}
    draft(cast, browse, **said)
    kpi = Kpi.objects.get()
    found = kpi.guardrail_source, kpi.guardrail_metric, kpi.owner, kpi.cadence, kpi.tolerance
    assert found == (source, "views", cast.specialist, "biweekly", 7)
    page = browse(cast.viewer).get(kpi.get_absolute_url()).content.decode()
    wanted = ("Looked at every two weeks", "Up to 7% worse", "Guardrail: “Views”", "Answers for it:")
    assert [words for words in wanted if words not in page] == []
    form = browse(cast.manager).get(f"/kpis/{kpi.pk}/edit/").context["form"]
    assert {name: form.initial[name] for name in said} == {**said, "tolerance": 7}


def test_the_api_takes_and_says_it(cast, api):
    kpi = make_kpi(cast)
    said = {"owner": cast.specialist.pk, "cadence": "monthly", "tolerance": 5}
    guardrail = {"source": kpi.source_id, "metric": "views"}
    answer = api(cast.manager).patch(f"/api/v1/kpis/{kpi.pk}/", {**said, "guardrail": guardrail}, format="json").json()
    assert {name: answer[name] for name in said} == said
    assert {name: answer["guardrail"][name] for name in guardrail} == guardrail


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({"tolerance": 51}, 400),
        ({"tolerance": -1}, 400),
        ({"cadence": "daily"}, 400),
        ({"guardrail": {"metric": "views"}}, 400),
        ({"guardrail": {"source": 1, "metric": "followers"}}, 409),
        ({"guardrail": {"source": 1, "metric": "romi"}}, 409),
        ({"guardrail": {"source": 1}}, 400),
        ({"guardrail": {"source": 9**9, "metric": "views"}}, 400),
        ({"owner": "stranger"}, 400),
    ],
)
def test_what_makes_no_sense_is_refused(cast, api, said, status):
    kpi = make_kpi(cast)
    sent = {**said, "owner": cast.stranger.pk} if said.get("owner") == "stranger" else dict(said)
    if sent.get("guardrail", {}).get("source") == 1:
        sent["guardrail"] = {**sent["guardrail"], "source": kpi.source_id}
    answer = api(cast.manager).patch(f"/api/v1/kpis/{kpi.pk}/", sent, format="json")
    assert (answer.status_code, Kpi.objects.filter(tolerance=0, owner=None, guardrail_metric="").count()) == (status, 1)


def test_an_owner_from_elsewhere_is_refused_by_the_verb(cast):
    with pytest.raises(Refused) as refusal:
        edit_kpi(make_kpi(cast), by=cast.manager, owner=cast.colleague)
    assert refusal.value.code == "owner-elsewhere"


def test_a_draft_may_bring_it_all(cast):
    source = cast.get(Source)
    guardrail = {"guardrail_source": source, "guardrail_metric": "views"}
    days = {"starts_on": date(2026, 11, 1), "due_on": date(2027, 3, 1)}
    kpi = draft_kpi(
        cast.project, by=cast.manager, source=source, metric="followers", kind="increase_to", **days, **guardrail
    )
    assert (kpi.guardrail_metric, kpi.cadence) == ("views", "weekly")
