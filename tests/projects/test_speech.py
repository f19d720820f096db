"""How often, in words."""

from datetime import date

import pytest
from django.utils import translation

from projects.models import Recurrence
from projects.speech import speak_rule

MONDAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("fields", "english", "russian"),
    [
        ({"weekdays": [0, 3]}, "Every week: Mon, Thu", "Раз в неделю: пн, чт"),
        ({"weekdays": []}, "Every week: Mon", "Раз в неделю: пн"),
        ({"weekdays": [4], "interval": 2}, "Every 2 weeks: Fri", "Раз в 2 недели: пт"),
        ({"weekdays": [4], "interval": 5}, "Every 5 weeks: Fri", "Раз в 5 недель: пт"),
        ({"weekdays": [4], "interval": 21}, "Every 21 weeks: Fri", "Раз в 21 неделю: пт"),
        ({"frequency": "monthly", "month_day": 5}, "Every month on day 5", "Раз в месяц, 5-го числа"),
        ({"frequency": "monthly"}, "Every month on day 23", "Раз в месяц, 23-го числа"),
        (
            {"frequency": "monthly", "month_day": -1, "interval": 3},
            "Every 3 months on the last day",
            "Раз в 3 месяца, в последний день",
        ),
        (
            {"weekdays": [0], "ends_on": date(2027, 3, 1)},
            "Every week: Mon; until 1\u00a0March 2027",
            "Раз в неделю: пн; до 1\u00a0марта 2027",
        ),
    ],
)
def test_a_rule_in_words(fields, english, russian):
    recurrence = Recurrence(starts_on=MONDAY, **fields)
    said = []
    for language in ("en", "ru"):
        with translation.override(language):
            said.append(speak_rule(recurrence))
    assert said == [english, russian]
