from datetime import date

import pytest

from projects.coach.dates import find_moments
from projects.coach.tokens import tokenise

TODAY = date(2026, 11, 23)


def deadline(text: str, today: date = TODAY) -> str | None:
    moments = find_moments(tokenise(text), today, set())
    return next((moment.day.isoformat() for moment in moments if moment.day), None)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("за 3 месяца", "2027-02-23"),
        ("за полгода", "2027-05-23"),
        ("через полтора года", "2028-05-23"),
        ("в течение квартала", "2027-02-23"),
        ("за пару недель", "2026-12-07"),
        ("in six weeks", "2027-01-04"),
        ("within 90 days", "2027-02-21"),
        ("over the next quarter", "2027-02-23"),
        ("до конца марта", "2027-03-31"),
        ("до конца года", "2026-12-31"),
        ("до конца недели", "2026-11-29"),
        ("к концу первого квартала", "2027-03-31"),
        ("by the end of Q2", "2027-06-30"),
        ("by the end of next month", "2026-12-31"),
        ("EOY", "2026-12-31"),
        ("к марту", "2027-03-01"),
        ("до марта", "2027-03-01"),
        ("в марте", "2027-03-31"),
        ("by March", "2027-03-01"),
        ("в ноябре", "2026-11-30"),
        ("by summer", "2027-06-01"),
        ("к лету 2028 года", "2028-06-01"),
        ("летом", "2027-08-31"),
        ("this winter", "2027-02-28"),
        ("к Новому году", "2027-01-01"),
        ("к Чёрной пятнице", "2026-11-27"),
        ("by Christmas", "2026-12-25"),
        ("к 8 марта", "2027-03-08"),
        ("к первому февраля", "2027-02-01"),
        ("до двадцать пятого января", "2027-01-25"),
        ("к 15 числу", "2026-12-15"),
        ("до 1.03", "2027-03-01"),
        ("15.03.2027", "2027-03-15"),
        ("2027-03-15", "2027-03-15"),
        ("12/15/2026", "2026-12-15"),
        ("by March 15th, 2027", "2027-03-15"),
        ("by the 1st of June", "2027-06-01"),
        ("mid-January", "2027-01-15"),
        ("к середине февраля", "2027-02-15"),
        ("в 2027 году", "2027-12-31"),
        ("до 2028 года", "2028-01-01"),
        ("H1 2027", "2027-06-30"),
        ("за второе полугодие 2027", "2027-12-31"),
        ("in the next quarter", "2027-03-31"),
        ("к пятнице", "2026-11-27"),
        ("срок — 2 месяца", "2027-01-23"),
        ("deadline: 1 April", "2027-04-01"),
        ("time frame 5 months", "2027-04-23"),
        ("you have four weeks", "2026-12-21"),
        ("in a fortnight", "2026-12-07"),
        ("15 Feb – 31 Mar", "2027-03-31"),
        ("год назад", None),
        ("three months ago", None),
        ("for the autumn collection", None),
        ("до 29 февраля", "2028-02-29"),
        ("в неделю", None),
        ("3 times a month", None),
        ("за последние 3 месяца", None),
        ("in the last quarter", None),
        ("за 2–3 месяца", None),
        ("с 1500 до 2000", None),
        ("рост до 2020", None),
        ("созвонимся в четверг", None),
        ("31.02.2027", None),
    ],
)
def test_by_when(text, day):
    if text == "до 29 февраля":
        assert deadline(text, date(2027, 5, 1)) == day
    else:
        assert deadline(text) == day


def test_a_number_of_people_is_no_year():
    assert find_moments(tokenise("до 2030 подписчиков"), TODAY, {2}) == []


def test_a_day_without_a_year_is_the_next_one():
    assert deadline("до 23 ноября") == "2027-11-23"
    assert deadline("до 24 ноября") == "2026-11-24"


def test_a_month_from_the_last_day_of_a_long_one():
    assert deadline("через месяц", date(2027, 1, 31)) == "2027-02-28"
