"""What one tap adds to a goal that lacks a letter: the project's own numbers, amounts, days and business goals.

Every suggestion is read by the coach before it is shown, in the sentence it would be added to: what would not be
understood, or would make two numbers of one, is not offered.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from projects.advice import METRIC_NAMES, PLACES, figure
from projects.coach import Check, Known, Reading, read
from projects.coach.dates import add_months, step_span
from projects.coach.history import Number, pace_of_best_quarter
from projects.coach.judging import numbers_meant
from projects.coach.relevance import TASK_METRICS
from smmportal.formatting import format_day, format_number

MOST = 5
#: A goal without a deadline is offered what a quarter of a year can do.
USUAL_DAYS = 91


@dataclass(frozen=True)
class Suggestion:
    """`label` is the button in the reader's language, `text` what it adds in the statement's own; one that puts the
    goal under a business goal adds no words."""

    label: str
    text: str = ""
    business_goal: int | None = None


def language_of(text: str) -> str:
    return "ru" if re.search("[а-яё]", text.lower()) else "en"


def suggestions_for(found: Check, text: str, known: Known, today: date) -> dict[str, list[Suggestion]]:
    """For each letter that is missing what could be added; a letter that is there needs nothing."""
    offers = {
        "specific": numbers_for(known, text, today) if not found.reading.metric else (),
        "measurable": amounts_for(found.reading, known, text, today) if not found.reading.change else (),
        "achievable": places_for(found, text) if found.finding and found.finding.code == "which_source" else (),
        "relevant": tasks_for(known) if not found.criteria["relevant"].ok else (),
        "time_bound": deadlines_for(text, known, today) if not found.reading.deadline else (),
    }
    return {
        name: [offer for offer in offered if JUDGES[name](offer, found.reading, text, today)][:MOST]
        for name, offered in offers.items()
    }


def added(text: str, words: str) -> str:
    return f"{text.rstrip().rstrip('.')} {words}"


def reads_as(name: str):
    """A judge: with the words added, `name` is read, and nothing that was read before is lost or doubled."""

    def judge(offer: Suggestion, before: Reading, text: str, today: date) -> bool:
        after = read(added(text, offer.text), today)
        kept = all(
            getattr(before, field) in (None, getattr(after, field)) for field in ("metric", "platform", "change")
        )
        return getattr(after, name) is not None and kept and not set(after.notes) - set(before.notes)

    return judge


JUDGES = {
    "specific": reads_as("metric"),
    "measurable": reads_as("change"),
    "achievable": reads_as("platform"),
    "relevant": lambda *_args: True,
    "time_bound": reads_as("deadline"),
}


# --- Numbers and places ---------------------------------------------------------------------------------------------


def numbers_for(known: Known, text: str, today: date) -> Iterator[Suggestion]:
    """The numbers of the connected sources, those of the brief first: «подписчики ВКонтакте, сейчас 4 210»."""
    wanted, order = metrics_of_brief(known, today), list(METRIC_NAMES)
    of_coach = [number for number in known.numbers if number.metric in METRIC_NAMES]
    for number in sorted(of_coach, key=lambda number: (number.metric not in wanted, order.index(number.metric))):
        if number.current is not None:
            yield Suggestion(label_of(number), "— " + in_language(text, name_of, number))


def metrics_of_brief(known: Known, today: date) -> set[str | None]:
    purposes = known.purposes
    named = {purposes.success.reading(today).metric} if purposes.success else set()
    return named | (TASK_METRICS.get(purposes.main.value, set()) if purposes.main else set())


def label_of(number: Number) -> str:
    words = {"number": name_of(number), "now": figure(number.current, number)}
    return _("%(number)s, now %(now)s") % words if number.current is not None else words["number"]


def name_of(number: Number) -> str:
    """«подписчики ВКонтакте»; of the site nothing is said, and of a file its name."""
    metric = str(METRIC_NAMES[number.metric])
    if number.platform == "website":
        return metric
    return f"{metric} {PLACES[number.platform]}" if number.platform in PLACES else f"{metric}, {number.place}"


def places_for(found: Check, text: str) -> Iterator[Suggestion]:
    for number in found.finding.choices:
        if number.platform in PLACES:
            yield Suggestion(label_of(number), f"({in_language(text, place_name, number)})")


def place_name(number: Number) -> str:
    return str(PLACES[number.platform])


# --- Amounts --------------------------------------------------------------------------------------------------------


def amounts_for(reading: Reading, known: Known, text: str, today: date) -> Iterator[Suggestion]:
    """The number that the brief calls a success, and the pace of the best quarter of the past."""
    if reading.metric is None or reading.direction == "hold":
        return
    success = known.purposes.success
    if success and success.value is not None and success.reading(today).metric == reading.metric:
        words = {"number": format_number(success.value)}
        yield Suggestion(_("%(number)s, as in the brief") % words, in_language(text, target_words, success.value))
    meant = numbers_meant(reading, known.numbers)
    if len(meant) == 1:
        yield from paces_for(meant[0], reading, known, today)


def target_words(value: Decimal) -> str:
    return pgettext("a level to reach", "to %(number)s") % {"number": format_number(value)}


def paces_for(number: Number, reading: Reading, known: Known, today: date) -> Iterator[Suggestion]:
    days = (reading.deadline - today).days if reading.deadline else USUAL_DAYS
    up = reading.direction != "down" if reading.direction else number.good == "up"
    pace = pace_of_best_quarter(known.history_of(number), days, up=up) if days > 0 else None
    if pace:
        words = {"percent": f"{'+' if up else '−'}{format_number(pace)} %", "days": format_number(days)}
        yield Suggestion(_("%(percent)s, as in the best quarter of its past") % words, words["percent"])


# --- Business goals and days ----------------------------------------------------------------------------------------


def tasks_for(known: Known) -> Iterator[Suggestion]:
    for task in known.purposes.tasks:
        yield Suggestion(task.text, business_goal=task.key)


def deadlines_for(text: str, known: Known, today: date) -> Iterator[Suggestion]:
    """The brief's day, the project's end, the end of a quarter, three months."""
    success = known.purposes.success
    quarter = step_span(today, 3)
    if quarter.last - today < timedelta(days=30):
        quarter = step_span(add_months(quarter.first, 3), 3)
    days = [success.by if success else None, known.ends_on, quarter.last]
    for day in dict.fromkeys(day for day in days if day and day > today):
        yield Suggestion(by_day(day), in_language(text, by_day, day))
    yield Suggestion(_("in three months"), in_language(text, lambda _nothing: _("in three months"), None))


def by_day(day: date) -> str:
    return _("by %(day)s") % {"day": format_day(day, "long")}


def in_language(text: str, say, value) -> str:
    with translation.override(language_of(text)):
        return say(value)
