from datetime import date
from decimal import Decimal

import pytest
from django.utils import translation

from kpis.models import Kpi
from kpis.terms import content_of, plain, same_terms, say_value, text_of
from smmportal.facts import canonical, content_hash
from tests.builders import make_kpi, make_snapshot


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, None),
        (Decimal("12000.000000"), "12000"),
        (Decimal("0.500000"), "0.5"),
        (Decimal("1E+4"), "10000"),
        (Decimal("-0.00"), "0"),
        (Decimal("100"), "100"),
    ],
)
def test_a_number_has_one_spelling(value, text):
    assert plain(value) == text


def content(cast, *kpis, number=1, previous_hash="") -> dict:
    return content_of(cast.project, kpis or [cast.get(Kpi)], number=number, previous_hash=previous_hash)


def test_the_content_holds_everything_that_is_agreed(cast):
    snapshot = make_snapshot(cast)
    kpi = make_kpi(cast, baseline_snapshot=snapshot, name="Readers")
    assert content(cast, kpi) == {
        "format": 1,
        "number": 1,
        "previous_hash": "",
        "project": {"id": cast.project.pk, "name": "Coffee at home"},
        "agency": {"id": cast.agency.pk, "name": "Fairway"},
        "client": {"id": cast.client.pk, "name": "Roast No. 7"},
        "brief_version": None,
        "kpis": [
            {
                "id": kpi.pk,
                "name": "Readers",
                "goal": {"id": kpi.goal_id, "statement": "Twelve thousand followers by 1 March"},
                "metric": {
                    "code": "followers",
                    "version": 1,
                    "unit": "count",
                    "name": {"en": "Followers", "ru": "Подписчики"},
                    "definition": {
                        "en": "How many people follow the account at the end of the day.",
                        "ru": "Сколько человек подписано на аккаунт к концу дня.",
                    },
                    "expression": "",
                    "operands": [],
                },
                "source": {
                    "id": kpi.source_id,
                    "platform": "vk",
                    "external_id": kpi.source.external_id,
                    "title": "Roast No. 7 on VK",
                },
                "kind": "increase_to",
                "baseline": {
                    "value": "10000",
                    "on": "2026-11-01",
                    "provenance": "measured",
                    "snapshot": snapshot.content_hash,
                },
                "target": "12000",
                "change": None,
                "weight": 1,
                "owner": None,
                "cadence": "weekly",
                "tolerance": 0,
                "guardrail": None,
                "guardrail_waived_because": "",
                "bridge": None,
                "starts_on": "2026-11-01",
                "due_on": "2027-03-01",
            }
        ],
    }


def test_the_same_rows_in_any_order_and_language_are_the_same_bytes(cast):
    first, second = make_kpi(cast), make_kpi(cast, metric="views")
    with translation.override("ru"):
        russian = content(cast, second, first)
    assert canonical(russian) == canonical(content(cast, first, second))


def test_stored_and_read_again_the_hash_is_the_same(cast):
    kpi = cast.get(Kpi)
    fresh = Kpi.objects.select_related("goal", "source", "baseline_snapshot").get(pk=kpi.pk)
    assert content_hash(content(cast, fresh)) == content_hash(content(cast, kpi))


def test_the_hash_covers_the_number_and_the_chain(cast):
    hashes = {
        content_hash(content(cast, number=number, previous_hash=previous))
        for number, previous in ((1, ""), (2, ""), (2, "a" * 64))
    }
    assert len(hashes) == 3


def test_the_number_alone_is_no_other_promise(cast):
    kpi = cast.get(Kpi)
    before = content(cast)
    kpi.target = Decimal(13000)
    assert (same_terms(before, content(cast, number=1)), same_terms(before, {**before, "number": 7})) == (False, True)


def text(content: dict, language: str):
    with translation.override(language):
        return text_of(content)


def test_the_text_in_english(cast):
    said = text(content(cast), "en")
    assert (said.title, said.opening) == (
        "KPI agreement No. 1",
        "Roast No. 7 (the client) and Fairway (the agency) agree that the project “Coffee at home” is judged by these "
        "numbers:",
    )
    [term] = said.terms
    assert (term.name, term.promise, term.goal) == (
        "Followers",
        "Followers: grow from 10,000 to 12,000 by 1\u00a0March 2027",
        "Twelve thousand followers by 1 March",
    )
    assert term.lines == (
        "Counted: How many people follow the account at the end of the day.",
        f"Source: Roast No. 7 on VK (VK, {cast.get(Kpi).source.external_id})",
        "Baseline: 10,000 on 1\u00a0November 2026, measured by the source",
        "From 1\u00a0November 2026 to 1\u00a0March 2027",
        "Looked at every week",
        "Guardrail: none; the sides agree to grow without one",
    )


def test_the_text_in_russian_from_the_same_content(cast):
    said = text(content(cast), "ru")
    [term] = said.terms
    assert (said.title, term.promise, term.lines[2]) == (
        "Соглашение о KPI № 1",
        "Подписчики: вырасти с 10\u00a0000 до 12\u00a0000 к 1\u00a0марта 2027",
        "Точка отсчёта: 10\u00a0000 на 1\u00a0ноября 2026, по данным источника",
    )


@pytest.mark.parametrize(
    ("kind", "promise"),
    [
        ("decrease_to", "Followers: bring down from 10,000 to 12,000 by 1\u00a0March 2027"),
        ("stay_above", "Followers: keep at 12,000 or above until 1\u00a0March 2027"),
        ("stay_below", "Followers: keep at 12,000 or below until 1\u00a0March 2027"),
    ],
)
def test_every_kind_has_its_promise(cast, kind, promise):
    assert text(content(cast, make_kpi(cast, kind=kind)), "en").terms[0].promise == promise


@pytest.mark.parametrize(
    ("fields", "line"),
    [
        ({"baseline": None}, "Baseline: none"),
        ({"baseline_provenance": "manual"}, "Baseline: 10,000 on 1\u00a0November 2026, typed by hand"),
        (
            {"baseline_provenance": "imported"},
            "Baseline: 10,000 on 1\u00a0November 2026, imported from a file or through the API",
        ),
    ],
)
def test_a_baseline_says_where_it_is_from(cast, fields, line):
    assert text(content(cast, make_kpi(cast, **fields)), "en").terms[0].lines[2] == line


def test_kpis_of_one_goal_say_their_weights(cast):
    both = content(cast, make_kpi(cast, weight=3), make_kpi(cast, metric="reach", weight=1))
    said = {language: [term.lines[-1] for term in text(both, language).terms] for language in ("en", "ru")}
    assert said == {
        "en": ["Weight in its goal: 3 of 4 (75%)", "Weight in its goal: 1 of 4 (25%)"],
        "ru": ["Вес в цели: 3 из 4 (75\u00a0%)", "Вес в цели: 1 из 4 (25\u00a0%)"],
    }


def test_a_kpi_alone_in_its_goal_is_all_of_it_and_says_nothing(cast):
    alone = content(cast, make_kpi(cast, weight=3), make_kpi(cast, goal=None, weight=2))
    assert [line for term in text(alone, "en").terms for line in term.lines if "Weight" in line] == []


def test_a_replacement_says_so(cast):
    assert (
        "It takes the place of the agreement that was in force before it."
        in text(content(cast, previous_hash="a" * 64), "en").closing
    )


def test_values_carry_their_unit(cast):
    assert [say_value("12.5", "percent"), say_value("15", "minutes"), say_value("1000", "count")] == [
        "12.5%",
        "15 min",
        "1,000",
    ]


def test_what_is_signed_keeps_its_words_when_the_names_change(cast):
    kept = content(cast)
    cast.agency.name = "Another"
    assert ("Fairway" in text(kept, "en").opening, date.fromisoformat(kept["kpis"][0]["due_on"])) == (
        True,
        date(2027, 3, 1),
    )
