"""Hints are given for what the answers say in so many words, and for nothing else."""

from datetime import date

import pytest

from projects.hints import ADS_BANNED_ON, GoalSaid, Hint, Plan, hints_of
from projects.questionnaire import FULL

FORM = FULL
START, END = date(2026, 10, 1), date(2027, 6, 30)


def table(*rows: dict, note: str = "") -> dict:
    return {"rows": list(rows), "note": note}


def chosen(choice: str) -> dict:
    return {"choice": choice, "note": ""}


def plan(known: dict, **more) -> Plan:
    return Plan(form=FORM, known=known, **more)


def result(what: str = "Followers", value: str = "12000", by: str = "2027-03-01") -> dict:
    return table({"what": what, "value": value, "by": by})


def now(value: str) -> dict:
    return table({"value": value, "source": "VK"})


def on(platform: str, place: str = "first") -> dict:
    return {"platform": platform, "place": place}


def budget(ads: str, note: str = "") -> dict:
    work, content = {"from": "60000", "to": ""}, {"from": "", "to": ""}
    return table(work, content, {"from": ads, "to": ""}, note=note)


def posts(platform: str, count: str = "12") -> dict:
    return {"platform": platform, "posts": count, "stories": "", "videos": ""}


VK_GOAL = GoalSaid(7, "12,000 followers on VK by 1 March")
LEADS_GOAL = GoalSaid(8, "Cost per lead below 300 by 1 March")
INSTAGRAM_GOAL = GoalSaid(9, "1000 new followers on Instagram")
BANNED = {"since_on": ADS_BANNED_ON}

GIVEN = [
    (
        plan({"D2": result(by="2026-09-01")}, starts_on=START),
        Hint("deadline_before_start", ("D2",), {"due_on": date(2026, 9, 1), "start_on": START}),
    ),
    (
        plan({"D2": result(by="2026-09-01"), "K2": table({"day": "2026-10-01", "what": "Старт проекта"})}),
        Hint("deadline_before_start", ("D2", "K2"), {"due_on": date(2026, 9, 1), "start_on": START}),
    ),
    (
        plan({"D2": result(by="2027-07-01")}, ends_on=END),
        Hint("deadline_after_end", ("D2",), {"due_on": date(2027, 7, 1), "end_on": END}),
    ),
    (
        plan({"K3": "2026-09-30"}, starts_on=START),
        Hint("decision_before_start", ("K3",), {"due_on": date(2026, 9, 30), "start_on": START}),
    ),
    (
        plan({}, ends_on=END, goals=(GoalSaid(7, "More", date(2027, 7, 1)),)),
        Hint("goal_after_end", (), {"due_on": date(2027, 7, 1), "end_on": END}, (7,)),
    ),
    (
        plan({}, starts_on=START, goals=(GoalSaid(7, "More", date(2026, 9, 1)),)),
        Hint("goal_before_start", (), {"due_on": date(2026, 9, 1), "start_on": START}, (7,)),
    ),
    (
        plan({"D2": result(value="9000"), "D3": now("10000")}),
        Hint("target_not_above", ("D2", "D3"), {"wanted": "9000", "now": "10000"}),
    ),
    (
        plan({"D2": result("Cost per lead", "500"), "D3": now("400")}),
        Hint("target_not_below", ("D2", "D3"), {"wanted": "500", "now": "400"}),
    ),
    (
        plan({"I2": chosen("russia"), "K1": budget("0")}),
        Hint("ads_without_budget", ("I2", "K1")),
    ),
    (
        plan({"K1": budget("")}, goals=(LEADS_GOAL,)),
        Hint("ads_without_budget", ("K1",), goals=(8,)),
    ),
    (
        plan({"I1": table(on("ВКонтакте", "excluded"))}, goals=(VK_GOAL,)),
        Hint("excluded_in_goal", ("I1",), {"platforms": ("vk",)}, (7,)),
    ),
    (
        plan({"I1": table(on("Дзен", "excluded")), "H5": table(posts("Дзен"))}),
        Hint("excluded_in_scope", ("I1", "H5"), {"platforms": ("dzen",)}),
    ),
    (
        plan({"I1": table(on("TikTok"), on("тикток", "excluded"))}),
        Hint("excluded_and_wanted", ("I1",), {"platforms": ("tiktok",)}),
    ),
    (
        plan({"I1": table(on("Telegram", "excluded"))}, kpi_platforms=frozenset({"telegram"})),
        Hint("excluded_in_kpi", ("I1",), {"platforms": ("telegram",)}),
    ),
    (
        plan({"I1": table(on("VK"), on("Telegram")), "E4": table({"what": "Группа ВК", "who": "Катя"})}),
        Hint("no_access", ("E4", "I1"), {"platforms": ("telegram",)}),
    ),
    (
        plan({"I1": table(on("Telegram")), "E4": table({"what": "Яндекс Метрика"}, {"what": "CRM"})}),
        Hint("no_access", ("E4", "I1"), {"platforms": ("telegram",)}),
    ),
    (
        plan({"I1": table(on("Инстаграм")), "I4": chosen("russia")}),
        Hint("ads_banned", ("I1", "I4"), {"platforms": ("instagram",), **BANNED}),
    ),
    (
        plan({"A3": {"choices": ["russia"], "note": ""}}, goals=(INSTAGRAM_GOAL,)),
        Hint("ads_banned", ("A3",), {"platforms": ("instagram",), **BANNED}, (9,)),
    ),
    (
        plan({"H5": table(posts("Facebook")), "I4": chosen("russia")}),
        Hint("ads_banned", ("H5", "I4"), {"platforms": ("facebook",), **BANNED}),
    ),
    (plan({}, unknown=frozenset({"A4"})), Hint("no_decider", ("A4",))),
]


@pytest.mark.parametrize(("plan", "hint"), GIVEN, ids=lambda each: getattr(each, "code", ""))
def test_a_contradiction_in_so_many_words_is_named(plan, hint):
    assert hints_of(plan) == [hint]


NOT_GIVEN = {
    "nothing is answered": plan({}),
    "the days are in order": plan({"D2": result()}, starts_on=START, ends_on=END),
    "the last day is still inside": plan({"D2": result(by="2027-06-30")}, starts_on=START, ends_on=END),
    "no row of K2 is called a start": plan(
        {"D2": result(by="2026-09-01"), "K2": table({"day": "2026-10-01", "what": "Выставка"})}
    ),
    "two rows of K2 are called a start": plan(
        {
            "D2": result(by="2026-09-01"),
            "K2": table({"day": "2026-10-01", "what": "Старт"}, {"day": "2026-11-01", "what": "Старт рекламы"}),
        }
    ),
    "the target is ahead": plan({"D2": result(), "D3": now("10000")}),
    "what is counted is not plain": plan({"D2": result("Всё хорошо", "1"), "D3": now("10000")}),
    "the number now is not known": plan({"D2": result()}, unknown=frozenset({"D3"})),
    "the direction is said": plan({"D2": result("Снизить отписки", "10"), "D3": now("50")}),
    "no promotion is wanted": plan({"I2": chosen("no"), "K1": budget("")}),
    "promotion is not decided": plan({"I2": chosen("undecided"), "K1": budget("")}),
    "the budget is not known": plan({"I2": chosen("russia")}, unknown=frozenset({"K1"})),
    "there is money for advertising": plan({"I2": chosen("russia"), "K1": budget("30000")}),
    "the note speaks of advertising": plan({"I2": chosen("both"), "K1": budget("", "На рекламу отдельно 50 тысяч")}),
    "a goal stands on another platform": plan({"I1": table(on("Дзен", "excluded"))}, goals=(VK_GOAL,)),
    "a goal names no platform": plan({"I1": table(on("VK", "excluded"))}, goals=(GoalSaid(7, "More followers"),)),
    "nothing is expected on what is excluded": plan(
        {"I1": table(on("Дзен", "excluded")), "H5": table(posts("Дзен", "0"))}
    ),
    "the platform can't be recognised": plan({"I1": table(on("Наш форум", "excluded")), "H5": table(posts("Форум"))}),
    "a source is connected": plan(
        {"I1": table(on("Telegram")), "E4": table({"what": "ВК", "who": ""})}, source_platforms=frozenset({"telegram"})
    ),
    "an access could be to anything": plan({"I1": table(on("Telegram")), "E4": table({"what": "Все пароли"})}),
    "accesses are not named at all": plan({"I1": table(on("Telegram"))}),
    "the brand does not work in Russia": plan({"I1": table(on("Instagram")), "I4": chosen("cis")}),
    "it is not said where the brand works": plan({"I1": table(on("Instagram"))}),
    "Instagram is excluded": plan({"I1": table(on("Instagram", "excluded")), "I4": chosen("russia")}),
    "a decider is among the contacts": plan({}, unknown=frozenset({"A4"}), has_decider=True),
}


@pytest.mark.parametrize("name", NOT_GIVEN)
def test_what_could_be_meant_otherwise_is_no_hint(name):
    assert hints_of(NOT_GIVEN[name]) == []


def test_only_what_may_wait_is_soft():
    soft = {hint.code for _plan, hint in GIVEN if hint.is_soft}
    assert soft == {"no_access", "no_decider"}
