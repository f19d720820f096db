"""`POST /api/v1/goals/check/`."""

import pytest

URL = "/api/v1/goals/check/"
GOAL = "Увеличить число подписчиков в Instagram на 20 % за 3 месяца"


def test_a_goal_is_read_as_the_contract_says(api, decider):
    answer = api(decider).post(URL, {"text": GOAL, "language": "en", "today": "2026-11-23"}, format="json")
    assert answer.status_code == 200
    assert answer.json() == {
        "parsed": {
            "metric": "followers",
            "platform": "instagram",
            "direction": "up",
            "change": {"kind": "relative", "value": "20"},
            "deadline": "2027-02-23",
        },
        "criteria": {
            "specific": {"ok": True, "span": [16, 39], "advice": "", "suggestions": []},
            "measurable": {"ok": True, "span": [40, 47], "advice": "", "suggestions": []},
            "achievable": {
                "ok": None,
                "span": None,
                "advice": "To judge whether it is within reach, the portal needs this number’s own history: connect the"
                " source or import its past. Until then write down what makes you think so: the trend, the budget, the"
                " people.",
                "suggestions": [],
            },
            "relevant": {
                "ok": None,
                "span": None,
                "advice": "What is it for? Name the business goal or the answer of the brief that it serves.",
                "suggestions": [],
            },
            "time_bound": {"ok": True, "span": [48, 59], "advice": "", "suggestions": []},
        },
        "warnings": [],
    }


def test_words_that_say_nothing_are_read_as_nothing(api, contact):
    answer = api(contact).post(URL, {"text": "", "language": "ru"}, format="json").json()
    assert answer["parsed"] == {
        "metric": None,
        "platform": None,
        "direction": None,
        "change": None,
        "deadline": None,
    }
    assert answer["criteria"]["time_bound"] == {
        "ok": False,
        "span": None,
        "advice": "К какому дню? Например: к 1 марта или за три месяца.",
        "suggestions": [],
    }


def test_advice_comes_in_the_language_asked_for(api, contact):
    ask = {"text": "увеличение продаж", "today": "2026-11-23"}
    said = {
        language: api(contact).post(URL, {**ask, "language": language}, format="json").json()["criteria"]["measurable"]
        for language in ("ru", "en")
    }
    assert {language: criterion["advice"] for language, criterion in said.items()} == {
        "ru": "На сколько или до какого уровня нужно вырасти (продажи)?",
        "en": "By how much should it grow, or up to what level (sales)?",
    }


def test_spaces_at_the_start_keep_their_place(api, contact):
    answer = api(contact).post(URL, {"text": "  +20 %", "language": "en"}, format="json").json()
    assert answer["criteria"]["measurable"]["span"] == [2, 7]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({}, "text"),
        ({"text": "a" * 10_001}, "text"),
        ({"text": "a\0b"}, "text"),
        ({"text": "a", "language": "de"}, "language"),
        ({"text": "a", "today": "soon"}, "today"),
        ({"text": "a", "today": "9999-12-31"}, "today"),
        ({"text": "a", "project": "mine"}, "project"),
    ],
)
def test_what_makes_no_sense_is_refused_by_field(api, contact, wrong, field):
    answer = api(contact).post(URL, wrong, format="json")
    assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])


def test_anything_up_to_ten_thousand_characters_is_read(api, contact):
    text = "🚀\u202e<b>" * 2_000
    assert api(contact).post(URL, {"text": text, "language": "ru"}, format="json").status_code == 200


def test_another_project_is_not_there(api, stranger, project):
    ask = {"text": GOAL, "language": "ru", "project": project.pk}
    assert api(stranger).post(URL, ask, format="json").status_code == 404
    assert api(stranger).post(URL, {**ask, "project": None}, format="json").status_code == 200
