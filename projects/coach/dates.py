"""By when: days, months, seasons, quarters and stretches of time, seen from `today`.

What an ambiguous wording means here, so that both sides can look it up:
- «to / by / до / к» a month, season, quarter or year is its first day («by summer» is 1 June, «к марту» is 1 March,
  «к Новому году» is 1 January); «in / during / в / за» it is its last day, and so is «the end of» it; its middle is
  the 15th of a month.
- A day or month without a year is the next one after today.
- «In N months» counts from today; «за квартал», «в течение года» are three and twelve months from today, while
  «в следующем квартале», «this year» are those of the calendar.
- Of two lengths («за 2–3 месяца») neither is taken.
"""

import calendar
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from projects.coach.numbers import find, read_count, touches, word_at
from projects.coach.tokens import Token

Role = Literal["by", "in", "from", "past", "rate", "vague"]


@dataclass(frozen=True, slots=True)
class Moment:
    """A mention of time. `day` is None for a pace («в неделю»), for the past and for what has no one reading."""

    role: Role
    day: date | None
    start: int
    end: int
    is_daily: bool = False
    is_exact: bool = False
    is_labelled: bool = False


@dataclass(frozen=True, slots=True)
class Span:
    first: date
    last: date


Spans = list[Span]

MONTHS = {
    word: number
    for number, words in enumerate(
        (
            "январь january jan янв",
            "февраль february feb фев февр",
            "март march mar",
            "апрель april apr апр",
            "май may",
            "июнь june jun",
            "июль july jul",
            "август august aug авг",
            "сентябрь september sep sept сен сент",
            "октябрь october oct окт",
            "ноябрь november nov ноя нояб",
            "декабрь december dec дек",
        ),
        start=1,
    )
    for word in words.split()
}
SEASONS = {
    "весна": 3,
    "spring": 3,
    "лето": 6,
    "summer": 6,
    "осень": 9,
    "autumn": 9,
    "fall": 9,
    "зима": 12,
    "winter": 12,
}
SEASONAL = {"летом", "осенью", "зимой", "весной"}
FORTNIGHT = {"fortnight"}
ENDLESS = {"days", "weeks", "months", "years", "ages"}
DAY_UNITS = {"день", "day", "сутки", "дн"}
WEEK_UNITS = {"неделя", "week", "нед", "неделька", "wk", "wks"}
DAYS_OF = dict.fromkeys(DAY_UNITS, 1) | dict.fromkeys(WEEK_UNITS, 7) | {"fortnight": 14, "декада": 10}
MONTH_UNITS = {
    "месяц": 1,
    "мес": 1,
    "month": 1,
    "mth": 1,
    "mths": 1,
    "месяцок": 1,
    "квартал": 3,
    "quarter": 3,
    "полугодие": 6,
    "полгода": 6,
}
YEAR_UNITS = {"год": 12, "year": 12, "yr": 12, "лет": 12, "годик": 12}
STEPS = MONTH_UNITS | YEAR_UNITS
WEEKDAYS = {
    word: number
    for number, words in enumerate(
        (
            "понедельник monday",
            "вторник tuesday",
            "среда wednesday",
            "четверг thursday",
            "пятница friday",
            "суббота saturday",
            "воскресенье sunday",
        )
    )
    for word in words.split()
}
ORDINALS = {
    word: number
    for number, words in {
        1: "первый first i",
        2: "второй second ii",
        3: "третий third iii",
        4: "четвертый fourth iv",
        5: "пятый fifth",
        6: "шестой sixth",
        7: "седьмой seventh",
        8: "восьмой eighth",
        9: "девятый ninth",
        10: "десятый tenth",
        11: "одиннадцатый eleventh",
        12: "двенадцатый twelfth",
        13: "тринадцатый thirteenth",
        14: "четырнадцатый fourteenth",
        15: "пятнадцатый fifteenth",
        16: "шестнадцатый sixteenth",
        17: "семнадцатый seventeenth",
        18: "восемнадцатый eighteenth",
        19: "девятнадцатый nineteenth",
        20: "двадцатый twentieth",
        30: "тридцатый thirtieth",
    }.items()
    for word in words.split()
}
TAILS = {"го", "е", "му", "ое", "ого", "й", "х", "ти", "и", "м", "st", "nd", "rd", "th", "числа", "числу", "число"}
THIS = {"этот", "текущий", "нынешний", "this", "current"}
NEXT = {"следующий", "будущий", "next"}
COMING = {"ближайший", "близкий", "coming", "upcoming", "предстоящий", "following"}
LAST = {"прошлый", "последний", "прошедший", "минувший", "last", "past", "previous", "предыдущий"}
END = {"конец", "end", "rest", "остаток", "исход", "окончание", "close", "завершение"}
START = {"начало", "start", "beginning", "старт"}
MIDDLE = {"середина", "middle", "mid"}
FILLERS = {"the", "весь", "вся", "все", "всего", "всей", "целый", "whole", "entire", "full", "about", "примерно", "of"}
ENDS = {"eoy": 12, "eoq": 3, "eom": 1}

#: Words before a time and what they make of it, longest first. «length» ones may stand before a stretch of time.
BEFORE: list[tuple[tuple[str, ...], Role]] = sorted(
    (
        (tuple(words.split()), role)
        for role, phrases in {
            "by": "ahead of|in time for"
            "|к|ко|до|by|until|till|before|не позднее|не позже|no later than|not later than|под|по|due|due by"
            "|due on",
            "in": "в|во|за|на|in|on|during|for|over|across|within|through|throughout|через|спустя|в течение|в течении"
            "|на протяжении|по итогам|по результатам|at|around|about|where|весь|around about|after|все"
            "|over the course of|in the course of|under|inside|to",
            "from": "с|со|from|since|starting|starting in|starting from|starting on|начиная с|начиная со|beginning"
            "|beginning in|kicking off in|kicks off in|launching in|to start in|старт в|старт с|начнем в|начнем с"
            "|начинаем в|начинаем с|начать в|начать с|стартуем в|стартуем с|as of|effective|effective from"
            "|starting with|с начала|from the start of"
            "|from the beginning of",
            "past": "с прошлого|compared to|compared with|по сравнению с|vs|против|относительно|чем в|чем за|than in",
        }.items()
        for words in phrases.split("|")
    ),
    key=lambda pair: -len(pair[0]),
)
LABELS = {
    "времени",
    "дата",
    "date",
    "when",
    "когда",
    "term",
    "срок",
    "дедлайн",
    "deadline",
    "timeframe",
    "timeline",
    "сроки",
    "due",
    "крайний",
}
LABEL_PAIRS = {
    ("time", "frame"), ("time", "limit"), ("you", "have"),
    ("give", "it"), ("give", "you"), ("даю", "вам"), ("даем", "вам"), ("дам", "вам"),
    ("you've", "got"), ("we", "have"), ("у", "вас"),
    ("есть", "всего"), ("cut-off", "date"), ("target", "date"), ("end", "date"), ("due", "date"),
}  # fmt: skip
DATE_OPENERS = {"до", "к", "by", "due", "срок", "дедлайн", "deadline", "с", "from", "-"}
UNITS_NOT_DATES = {"%", "п", "pp", "процента", "процентов", "percent", "тыс", "млн", "k", "к", "тысяч", "раза"}
#: «By the summer we …»: small words after a season that leave it a time.
AFTER_SEASONS = {
    *(
        "of",
        "we",
        "i",
        "and",
        "or",
        "to",
        "with",
        "on",
        "in",
        "at",
        "for",
        "our",
        "the",
        "is",
        "it",
        "months",
        "please",
    ),
    *("pls", "thanks", "latest", "ideally", "as", "if", "but", "so", "by", "when", "would", "then", "this", "that"),
}
TOO_LONG = Decimal(1200)


def find_moments(tokens: Sequence[Token], today: date, nouns: set[int]) -> list[Moment]:
    """All mentions of time, left to right. `nouns` are places of counted things: «до 2030 подписчиков» is no year."""
    reader = DateReader(tokens, today, nouns)
    found, place = [], 0
    while place < len(tokens):
        moment = reader.read(place)
        if moment is None:
            place += 1
        else:
            found.append(moment)
            place = moment.end
    return found


def add_months(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def months_span(year: int, month: int, length: int) -> Span:
    first = date(year, month, 1)
    return Span(first, add_months(first, length) - timedelta(days=1))


def step_span(day: date, length: int) -> Span:
    """The calendar month, quarter, half-year or year that the day is in."""
    return months_span(day.year, (day.month - 1) // length * length + 1, length)


class DateReader:
    """Reads one sentence. Every `read_…` takes a place and answers with what begins there and the place after it."""

    def __init__(self, tokens: Sequence[Token], today: date, nouns: set[int]):
        self.tokens, self.today, self.nouns = tokens, today, nouns

    # --- a mention with its preposition -------------------------------------------------------------------------------

    def read(self, place: int) -> Moment | None:
        return (
            self.read_pace(place) or self.read_labelled(place) or self.read_introduced(place) or self.read_bare(place)
        )

    def read_pace(self, place: int) -> Moment | None:
        """«в неделю», «per month», «a day», «ежемесячно», «каждый день»: how often, not by when."""
        words = [word_at(self.tokens, at) for at in range(place, place + 4)]
        if words[0] in ("ежедневно", "ежедневный", "daily"):
            return Moment("rate", None, place, place + 1, is_daily=True)
        if words[0] in (
            "monthly",
            "weekly",
            "yearly",
            "quarterly",
            "ежемесячно",
            "еженедельно",
            "ежегодно",
            "yoy",
            "mom",
        ):
            return Moment("rate", None, place, place + 1)
        if words[1] in ("over", "on") and words[2] == words[0] and self.unit_at(place):
            return Moment("rate", None, place, place + 3)
        if (ago := self.read_ago(place)) is not None:
            return ago
        if words[0] == "раз" and words[1] in ("в", "на"):
            count = read_count(self.tokens, place + 2)
            after = count.end if count else place + 2
            return Moment("rate", None, place, after + 1) if self.unit_at(after) else None
        if words[0] in ("в", "per", "a", "an", "each", "every", "/", "на") and self.unit_at(place + 1):
            return self.read_accusative_pace(place, words)
        if words[0] in ("each", "every", "каждый", "каждую", "каждые", "any") and self.unit_at(place + 1):
            return Moment("rate", None, place, place + 2, is_daily=self.unit_at(place + 1) in DAY_UNITS)
        return None

    def read_ago(self, place: int) -> Moment | None:
        """«Год назад», «three months ago»: what was."""
        length = self.read_length(place)
        if length and length[0] and self.is_ahead(length[1]):
            return Moment("by", length[0], place, length[1] + 2)
        if length and word_at(self.tokens, length[1]) in ("назад", "ago", "тому", "earlier"):
            return Moment("past", None, place, length[1] + 1)
        return None

    def is_ahead(self, place: int) -> bool:
        """«30 days from now», «six weeks from today»."""
        return word_at(self.tokens, place) == "from" and word_at(self.tokens, place + 1) in ("now", "today")

    def read_accusative_pace(self, place: int, words: list[str]) -> Moment | None:
        unit = self.unit_at(place + 1)
        if words[0] in ("a", "an") and word_at(self.tokens, place - 1) in (
            "up", "down",
            "in", "within", "over", "half", "after", "for", "during", "of", "by", "once", "next", "quarter", "across",
        ):  # fmt: skip
            return None
        if words[0] == "на" and words[1] not in ("день",):
            return None
        if words[0] == "в" and words[1] not in (
            "месяц",
            "неделю",
            "день",
            "год",
            "сутки",
            "квартал",
            "мес",
            "нед",
            "час",
        ):
            return None
        end = place + 2 + (word_at(self.tokens, place + 2) == "." and words[1] in ("мес", "нед", "дн"))
        return Moment("rate", None, place, end, is_daily=unit in DAY_UNITS)

    def unit_at(self, place: int) -> str:
        """The unit of time that stands here, in its dictionary form; empty when it is another word."""
        if place >= len(self.tokens) or self.tokens[place].kind != "word":
            return ""
        if word_at(self.tokens, place) == "quarter" and word_at(self.tokens, place + 1) == "of":
            return ""  # «a quarter of an hour»
        known = DAY_UNITS | WEEK_UNITS | STEPS.keys() | FORTNIGHT
        return next((form for form in sorted(self.tokens[place].forms) if form in known), "")

    def read_labelled(self, place: int) -> Moment | None:
        moment = self.read_label(place)
        return replace(moment, is_labelled=True) if moment else None

    def read_label(self, place: int) -> Moment | None:
        """«срок — 2 месяца», «deadline: 1 March», «time frame 5 months», «you have four weeks»."""
        words = (word_at(self.tokens, place), word_at(self.tokens, place + 1))
        is_pair = words in LABEL_PAIRS
        if not is_pair and not self.is_any(place, LABELS):
            return None
        after = place + 1 + is_pair
        while word_at(self.tokens, after) in (
            "-",
            "—",
            "is",
            "на",
            "до",
            "to",
            "by",
            "the",
            ":",
            "в",
            "выполнения",
            "сдачи",
            "in",
            "on",
            "к",
            "вам",
        ):
            after += 1
        after, shift = self.skip_shift(after)
        if shift == "last":
            found = self.read_last_day(after - 1)
            return self.moment_of_period(found, "by", place) if found else None
        length = self.read_length(after)
        if length:
            return self.moment_of_length(length, place)
        found = self.read_period(after, shift)
        return replace(self.moment_of_period(found, "by" if found[2] else "in", place), role="by") if found else None

    def read_introduced(self, place: int) -> Moment | None:
        for words, role in BEFORE:
            end = place + len(words)
            if [token.text for token in self.tokens[place:end]] != list(words):
                continue
            moment = self.read_after(place, end, role, " ".join(words))
            if moment:
                return moment
        return None

    def read_after(self, start: int, place: int, role: Role, words: str) -> Moment | None:
        place, shift = self.skip_shift(place)
        if shift == "last" and (day := self.read_last_day(place - 1)):
            return self.moment_of_period(day, "by", start)
        if role == "past" or shift == "last":
            return self.read_past(start, place)
        if words == "for" and not shift and self.is_about_the_past(start):
            return self.read_past(start, place)
        if role == "in" and not shift and word_at(self.tokens, place) in ENDLESS:
            return None  # «we go quiet for weeks»
        if role == "in" and (length := self.read_length(place)) and self.is_length(length, words, shift):
            return self.moment_of_length(length, start)
        if shift == "coming":
            shift = "next" if self.unit_at(place) else "this"
        found = self.read_period(place, shift)
        if found is None or self.is_adjective(place, found[1]):
            return None
        if words == "to" and not found[2]:
            return None
        if role == "in" and word_at(self.tokens, found[1]) in ("и", "and", "-"):
            found = self.read_period(found[1] + 1) or found  # «в январе и феврале»
        if role == "from" and (until := self.read_until(found[1])):
            return self.moment_of_period(until, "in", start)
        if words == "по" or words in ("с начала", "from the start of", "from the beginning of"):
            role = "in" if words == "по" else "from"
        return self.moment_of_period(found, role, start)

    def is_adjective(self, place: int, end: int) -> bool:
        """«For the autumn collection»: a season that says which, not when."""
        is_led = "the" in (word_at(self.tokens, place - 1), word_at(self.tokens, place - 2)) or (
            word_at(self.tokens, place - 1) in ("our", "a")
        )
        known = SEASONS.keys() | MONTHS.keys() | {"new", "christmas", "halloween", "xmas", "easter", "black"}
        is_name = self.tokens[place].is_any(known) and self.tokens[place].text.isascii()
        after = self.tokens[end] if end < len(self.tokens) else None
        return is_led and is_name and after is not None and after.kind == "word" and after.text not in AFTER_SEASONS

    def read_until(self, place: int) -> tuple | None:
        if word_at(self.tokens, place) in ("по", "to", "through", "until", "till", "до", "-"):
            return self.read_period(place + 1)
        return None

    def is_length(self, length: tuple, words: str, shift: str) -> bool:
        """«в течение квартала» is a length; «в этом квартале», «next quarter» are places in the calendar."""
        counted = length[3]
        if shift in ("this", "next") and not counted:
            return shift == "next" and words in ("over", "over the course of", "within", "across", "during")
        if words in ("в", "во", "на") and not counted and shift != "coming":
            return words == "на"
        if words in (
            "at",
            "about",
            "where",
            "to",
            "on",
            "under",
            "все",
            "весь",
            "throughout",
            "по итогам",
            "по результатам",
        ):
            return False
        return not (words == "in" and not counted and word_at(self.tokens, length[1] - 2) == "the" and not shift)

    def is_about_the_past(self, place: int) -> bool:
        """«We've been selling windows for 15 years»."""
        return any(token.text in ("been", "we've", "has") for token in self.tokens[max(0, place - 6) : place])

    def read_past(self, start: int, place: int) -> Moment | None:
        """«за последние 3 месяца», «vs last year»: what was, and not by when."""
        found = self.read_length(place)
        end = found[1] if found else (self.read_period(place) or (None, 0))[1]
        return Moment("past", None, start, end) if end else None

    def skip_shift(self, place: int) -> tuple[int, str]:
        shift = ""
        while place < len(self.tokens):
            token = self.tokens[place]
            if token.is_any(THIS):
                shift = "this"
            elif token.is_any(NEXT):
                shift = "next"
            elif token.is_any(COMING):
                shift = "coming"
            elif token.is_any(LAST) and not token.is_any(ORDINALS.keys()):
                shift = "last"
            elif token.text not in FILLERS:
                break
            place += 1
        return place, shift

    def read_bare(self, place: int) -> Moment | None:
        """Without a preposition: «летом», «this year», «end of May», «Q1 2027», «15.03.2027», «через» is not here."""
        token = self.tokens[place]
        if token.text in ENDS:
            return Moment("by", step_span(self.today, ENDS[token.text]).last, place, place + 1)
        if token.text in SEASONAL and self.is_compared(place):
            return self.read_past(place, place)  # «меньше, чем весной»
        if token.text in SEASONAL:
            return self.moment_of_period(self.read_period(place), "in", place)
        if token.is_any({"год", "year"}) and word_at(self.tokens, place + 1) == "end":
            return Moment("by", date(self.today.year, 12, 31), place, place + 2)
        if (length := self.read_lone_length(place)) is not None:
            return self.moment_of_length(length, place)
        after, shift = self.skip_shift(place)
        if shift == "last":
            return self.read_past(place, after)
        if shift in ("this", "next") and (found := self.read_period(after, shift)):
            return self.moment_of_period(found, "in", place)
        if token.is_any(END | START | MIDDLE) or token.kind == "date" or token.text in ("q", "h"):
            found = self.read_period(place)
            return self.moment_of_period(found, "by" if token.kind == "date" else "in", place) if found else None
        day = self.read_day(place)
        if day and word_at(self.tokens, day[1]) == "-":
            day = self.read_day(day[1] + 1) or day  # «15 Feb – 31 Mar»
        return self.moment_of_period(day, "by", place) if day else self.read_month_and_year(place)

    def is_compared(self, place: int) -> bool:
        """After «чем», unless it bounds the day: «не позже, чем весной»."""
        near = {word_at(self.tokens, at) for at in range(place - 3, place - 1)}
        return word_at(self.tokens, place - 1) == "чем" and not near & {"позже", "позднее"}

    def read_lone_length(self, place: int) -> tuple | None:
        """«…, ten weeks tops», «130 a week, 8 wks»: a length of time between two pauses."""
        before = self.tokens[place - 1] if place else None
        length = self.read_length(place)
        if before is None or before.text not in (",", "-", ";") or length is None or not length[3] or not length[0]:
            return None
        if before.text == "-" and place > 1 and self.tokens[place - 2].kind == "number":
            return None  # «цикл сделки 4-7 месяцев»
        end = length[1] + (
            word_at(self.tokens, length[1]) in ("tops", "max", "maximum", "максимум", "максимум", "всего")
        )
        end_words = ("please", "pls", "пожалуйста")
        is_alone = end >= len(self.tokens) or self.tokens[end].kind == "sign" or word_at(self.tokens, end) in end_words
        return (length[0], end, *length[2:]) if is_alone and length[0] <= add_months(self.today, 12) else None

    def read_month_and_year(self, place: int) -> Moment | None:
        if not self.is_any(place, MONTHS.keys()) or self.year_at(place + 1) is None:
            return None
        return self.moment_of_period(self.read_period(place), "in", place)

    # --- from what was read to a day ----------------------------------------------------------------------------------

    def moment_of_period(self, found: tuple, role: Role, start: int) -> Moment:
        spans, end, edge = found[:3]
        day_of = EDGES[edge or ("end" if role == "in" else "start")]
        day = next((day_of(span) for span in spans if day_of(span) > self.today), None)
        if day is None and spans:
            day = day_of(spans[-1])
            if day.year < self.today.year or role == "from":
                return Moment("from" if role == "from" else "past", day, start, end)
        is_exact = bool(spans) and spans[0].first == spans[0].last
        return Moment("by" if role == "in" and edge else role, day, start, end, is_exact=is_exact)

    def moment_of_length(self, length: tuple, start: int) -> Moment:
        day, end = length[:2]
        return Moment("by" if day else "vague", day, start, end)

    # --- lengths ------------------------------------------------------------------------------------------------------

    def read_length(self, place: int) -> tuple[date | None, int, bool, bool] | None:
        """(the day that far from today or None when two lengths are named, place after, …, was it counted)."""
        words = [word_at(self.tokens, at) for at in range(place, place + 4)]
        if words[:3] == ["half", "a", "year"]:
            return add_months(self.today, 6), place + 3, False, True
        if words[0] == "полгода" or words[:2] == ["пол", "года"]:
            return add_months(self.today, 6), place + 1 + (words[0] == "пол"), False, True
        if words[0] in ("a", "an", "one") and words[1] == "year" and self.says_half(place + 2):
            return add_months(self.today, 18), place + 5, False, True
        if words[0] in ("a", "an", "one") and self.unit_at(place + 1):
            return self.length_of(Decimal(1), place + 1, counted=True)
        count = read_count(self.tokens, place)
        if count is None:
            return self.length_of(Decimal(1), place, counted=False) if self.unit_at(place) else None
        after = count.end
        if word_at(self.tokens, after) == "-" and (second := read_count(self.tokens, after + 1)):
            found = self.length_of(second.value, second.end, counted=True)
            return (None, *found[1:]) if found else None
        while word_at(self.tokens, after) in ("-", "of", *TAILS, "календарных", "рабочих", "calendar"):
            after += 1
        return self.length_of(count.value, after, counted=True)

    def says_half(self, place: int) -> bool:
        return [word_at(self.tokens, at) for at in range(place, place + 3)] == ["and", "a", "half"]

    def length_of(self, count: Decimal, place: int, *, counted: bool) -> tuple[date | None, int, bool, bool] | None:
        unit = self.unit_at(place)
        if not unit or not 0 < count <= TOO_LONG:
            return None
        if unit in DAYS_OF:
            day: date | None = self.today + timedelta(days=int(count * DAYS_OF[unit]))
        else:
            months = count * STEPS[unit]
            day = add_months(self.today, int(months)) + timedelta(days=int((months % 1) * 30))
        end = place + 1 + (word_at(self.tokens, place + 1) == "." and self.tokens[place].text in ("мес", "нед", "дн"))
        return day, end, False, counted

    # --- places in the calendar ---------------------------------------------------------------------------------------

    def read_period(self, place: int, shift: str = "") -> tuple[Spans, int, str] | None:
        """(possible spans, the soonest first; place after; «end», «start», «middle» or "")."""
        after, edge = self.read_edge(place)
        if edge:
            after, inner = self.skip_shift(after)
            shift = inner or shift
        if shift == "last":
            return self.read_last_day(place)
        found = self.read_day(after) if not edge else None
        found = found or self.read_named(after) or self.read_calendar(after, shift) or self.read_year(after)
        return (found[0], found[1], edge) if found else None

    def read_last_day(self, place: int) -> tuple[Spans, int, str] | None:
        """«The last day of August», «до последнего дня марта»."""
        after, _shift = self.skip_shift(place)
        if self.unit_at(after) not in DAY_UNITS:
            return None
        found = self.read_period(after + 1 + (word_at(self.tokens, after + 1) == "of"))
        return (found[0], found[1], "end") if found and not found[2] else None

    def read_edge(self, place: int) -> tuple[int, str]:
        while word_at(self.tokens, place) == "the":
            place += 1
        for edge, words in (("end", END), ("start", START), ("middle", MIDDLE)):
            if self.is_any(place, words):
                place += 1
                while word_at(self.tokens, place) in ("of", "the", "-", "in"):
                    place += 1
                return place, edge
        return place, ""

    def read_day(self, place: int) -> tuple[Spans, int, str] | None:
        return self.read_written_date(place) or self.read_day_month(place) or self.read_month_day(place)

    def read_written_date(self, place: int) -> tuple[Spans, int, str] | None:
        """«2027-03-15», «15.03.2027», «12/15/2026», and «15.03» after «до» or «by»."""
        if place >= len(self.tokens):
            return None
        token = self.tokens[place]
        if token.kind == "number" and re.fullmatch(r"[0-3]?\d[./][01]\d", token.text, re.ASCII):
            is_introduced = word_at(self.tokens, place - 1) in DATE_OPENERS
            if is_introduced and word_at(self.tokens, place + 1) not in UNITS_NOT_DATES:
                day, month = map(int, token.text.replace("/", ".").split("."))
                return self.days(day, month, None, self.skip_year_word(place + 1))
            return None
        if token.kind != "date":
            return None
        parts = list(map(int, re.split(r"[-./]", token.text)))
        if parts[0] > 1000:
            parts.reverse()
        elif "/" in token.text and parts[1] > 12:
            parts[:2] = parts[1], parts[0]
        year = parts[2] + (2000 if parts[2] < 100 else 0)
        return self.days(parts[0], parts[1], year, self.skip_year_word(place + 1))

    def read_day_month(self, place: int) -> tuple[Spans, int, str] | None:
        """«15 марта 2027 г.», «первого февраля», «the 1st of June», «15 числа»."""
        while word_at(self.tokens, place) == "the":
            place += 1
        number, after = self.read_ordinal(place)
        if number is None or not 1 <= number <= 31:
            return None
        is_dated = False
        while word_at(self.tokens, after) in ("of", "-", *TAILS) and after < place + 5:
            is_dated = is_dated or word_at(self.tokens, after).startswith("числ")
            after += 1
        if not self.is_any(after, MONTHS.keys()):
            return self.next_days(number, after) if is_dated else None
        month = int(find(self.tokens[after], MONTHS) or 1)
        year, end = self.read_year_after(after + 1)
        return self.days(number, month, year, end)

    def read_month_day(self, place: int) -> tuple[Spans, int, str] | None:
        """«March 15», «Mar 15th, 2027»."""
        if not self.is_any(place, MONTHS.keys()) or not self.tokens[place].text.isascii():
            return None
        after = place + 1 + (word_at(self.tokens, place + 1) in (".", "the"))
        number, end = self.read_ordinal(after)
        if number is None or not 1 <= number <= 31 or word_at(self.tokens, end) in ("%", "k"):
            return None
        if word_at(self.tokens, end) in TAILS:
            end += 1
        year, end = self.read_year_after(end)
        return self.days(number, int(find(self.tokens[place], MONTHS) or 1), year, end)

    def read_ordinal(self, place: int) -> tuple[int | None, int]:
        if place >= len(self.tokens):
            return None, place
        token = self.tokens[place]
        if token.kind == "number" and token.value is not None and token.value == int(token.value):
            return int(token.value), place + 1
        tens = {"двадцать": 20, "тридцать": 30, "twenty": 20, "thirty": 30}.get(token.text, 0)
        if tens and place + 1 < len(self.tokens) and (unit := find(self.tokens[place + 1], ORDINALS)):
            return tens + int(unit), place + 2
        found = find(token, ORDINALS) if token.kind == "word" and len(token.text) > 3 else None
        return (int(found), place + 1) if found else (None, place)

    def days(self, day: int, month: int, year: int | None, end: int) -> tuple[Spans, int, str] | None:
        years = [year] if year else [self.today.year, self.today.year + 1]
        spans = []
        for each in years:
            if 1 <= month <= 12 and 1 <= day <= calendar.monthrange(max(1, min(each, 9998)), month)[1]:
                spans.append(Span(date(each, month, day), date(each, month, day)))
        return (spans, end, "") if spans else None

    def next_days(self, number: int, end: int) -> tuple[Spans, int, str] | None:
        months = [add_months(self.today.replace(day=1), step) for step in range(3)]
        fitting = [first for first in months if number <= calendar.monthrange(first.year, first.month)[1]]
        days = [first.replace(day=number) for first in fitting]
        return ([Span(day, day) for day in days], end, "") if days else None

    def read_year_after(self, place: int) -> tuple[int | None, int]:
        """The year that may follow a day or a month, and the place after it."""
        at = place + (word_at(self.tokens, place) in (",", "of"))
        if (year := self.year_at(at)) is not None:
            return year, self.skip_year_word(at + 1)
        after, shift = self.skip_shift(at)
        if shift in ("this", "next") and self.is_any(after, {"год", "year"}):
            return self.today.year + (shift == "next"), after + 1
        return None, self.skip_year_word(place) if word_at(self.tokens, place) == "г" else place

    def year_at(self, place: int) -> int | None:
        if place >= len(self.tokens) or self.tokens[place].kind != "number":
            return None
        text = self.tokens[place].text
        is_year = len(text) == 4 and text.isascii() and text.isdigit() and 2000 <= int(text) <= 2099
        return int(text) if is_year and place + 1 not in self.nouns else None

    def skip_year_word(self, place: int) -> int:
        if self.is_any(place, {"год", "г", "гг"}):
            place += 1
            if word_at(self.tokens, place) == "." and self.tokens[place - 1].text == "г":
                place += 1
        return place

    def read_named(self, place: int) -> tuple[Spans, int, str] | None:
        words = [word_at(self.tokens, at) for at in range(place, place + 3)]
        if self.is_any(place, {"новый", "new"}) and self.is_any(place + 1, {"год", "year"}):
            is_eve = words[2] == "eve"
            return self.days(31 if is_eve else 1, 12 if is_eve else 1, None, place + 2 + is_eve)
        if self.is_any(place, {"черный", "black"}) and self.is_any(place + 1, {"пятница", "friday"}):
            return [Span(day, day) for day in map(black_friday, (self.today.year, self.today.year + 1))], place + 2, ""
        if words[0] in ("christmas", "xmas"):
            is_eve = words[1] == "eve"
            return self.days(25 - is_eve, 12, None, place + 1 + is_eve)
        if self.is_any(place, {"рождество"}):
            return self.days(7, 1, None, place + 1)
        if self.is_any(place, {"майский"}) and word_at(self.tokens, place - 1) in ("к", "до", "на"):
            return self.days(1, 5, None, place + 1)
        if words[0] == "halloween" or self.is_any(place, {"хэллоуин", "хеллоуин"}):
            return self.days(31, 10, None, place + 1)
        if words[0] in ("завтра", "tomorrow"):
            day = self.today + timedelta(days=1)
            return [Span(day, day)], place + 1, ""
        return self.read_weekday(place)

    def read_weekday(self, place: int) -> tuple[Spans, int, str] | None:
        """Only as a deadline: «к пятнице», «by Friday»; «в четверг в 15:00» is a meeting."""
        if word_at(self.tokens, place - 1) not in ("к", "до", "by", "before", "until") or place >= len(self.tokens):
            return None
        number = find(self.tokens[place], WEEKDAYS)
        if number is None:
            return None
        day = self.today + timedelta(days=(int(number) - self.today.weekday() - 1) % 7 + 1)
        return [Span(day, day)], place + 1, ""

    def read_calendar(self, place: int, shift: str) -> tuple[Spans, int, str] | None:
        """Months, seasons, quarters, halves, and «this / next» week, month, quarter, year."""
        if place >= len(self.tokens) or self.tokens[place].kind == "sign":
            return None
        if (part := self.read_part_of_year(place)) is not None:
            return part
        if self.is_any(place, MONTHS.keys()):
            return self.spans_of(int(find(self.tokens[place], MONTHS) or 1), 1, place + 1, shift)
        if self.is_any(place, SEASONS.keys()):
            return self.spans_of(int(find(self.tokens[place], SEASONS) or 1), 3, place + 1, shift)
        return self.read_unit_span(place, shift)

    def spans_of(self, month: int, length: int, place: int, shift: str = "") -> tuple[Spans, int, str]:
        year, end = self.read_year_after(place)
        if year is not None:
            return [months_span(year, month, length)], end, ""
        spans = [months_span(self.today.year + step, month, length) for step in (-1, 0, 1, 2)]
        spans = [span for span in spans if span.last > self.today or span.last == self.today]
        if shift == "next":
            spans = [span for span in spans if span.first > self.today]
        return spans, end, ""

    def read_part_of_year(self, place: int) -> tuple[Spans, int, str] | None:
        """«Q2», «2 квартал», «первое полугодие», «H1 2027», «второй половине года»."""
        letter = word_at(self.tokens, place)
        if letter in ("q", "h", "кв") and touches(self.tokens, place + 1) and self.tokens[place + 1].kind == "number":
            return self.part_of_year(int(self.tokens[place + 1].value or 0), 6 if letter == "h" else 3, place + 2)
        number, after = self.read_ordinal(place)
        if number is None and letter in ("i", "ii", "iii", "iv"):
            number, after = ORDINALS[letter], place + 1
        if number is None or not 1 <= number <= 4:
            return None
        while word_at(self.tokens, after) in ("-", *TAILS) and after < place + 4:
            after += 1
        if self.is_any(after, {"квартал", "quarter", "кв", "q"}):
            return self.part_of_year(number, 3, after + 1 + (word_at(self.tokens, after + 1) == "."))
        if self.is_any(after, {"полугодие", "половина", "half"}):
            return self.part_of_year(number, 6, after + 1)
        return None

    def part_of_year(self, number: int, length: int, end: int) -> tuple[Spans, int, str] | None:
        if not 1 <= number <= 12 // length:
            return None
        while word_at(self.tokens, end) in ("of", "the"):
            end += 1
        if self.is_any(end, {"год", "year"}):
            end += 1
        return self.spans_of((number - 1) * length + 1, length, end)

    def read_unit_span(self, place: int, shift: str) -> tuple[Spans, int, str] | None:
        """«этот месяц», «next quarter», «(конец) года», «конец недели»."""
        unit = self.unit_at(place)
        if not unit or unit in DAY_UNITS | FORTNIGHT:
            return None
        if unit in WEEK_UNITS:
            first = self.today - timedelta(days=self.today.weekday()) + timedelta(days=7 * (shift == "next"))
            return [Span(first, first + timedelta(days=6))], place + 1, ""
        length = STEPS[unit]
        span = step_span(self.today, length)
        if shift == "next":
            span = step_span(span.last + timedelta(days=1), length)
        is_edged = self.is_any(place - 1, END | START | MIDDLE) or word_at(self.tokens, place - 1) in ("the", "of")
        is_known = shift in ("this", "next") or is_edged or self.is_any(place - 2, END | START | MIDDLE)
        is_known = is_known or word_at(self.tokens, place - 1) in ("итогам", "результатам")
        spans = [span] if shift else [span, step_span(span.last + timedelta(days=1), length)]
        return (spans, place + 1, "") if is_known else None

    def read_year(self, place: int) -> tuple[Spans, int, str] | None:
        year = self.year_at(place)
        if year and self.is_amount(place, year):
            return None
        return ([months_span(year, 1, 12)], self.skip_year_word(place + 1), "") if year else None

    def is_amount(self, place: int, year: int) -> bool:
        """«С 1500 до 2000», «to 2020» when that is past: a level that only looks like a year."""
        if self.skip_year_word(place + 1) > place + 1:
            return False
        is_led = word_at(self.tokens, place - 1) in ("до", "to", "к", "by", "until", "-", "на")
        is_paired = place > 1 and self.tokens[place - 2].kind == "number"
        return is_led and (is_paired or year <= self.today.year)

    def is_any(self, place: int, words: set[str]) -> bool:
        return 0 <= place < len(self.tokens) and not self.tokens[place].forms.isdisjoint(words)


def middle(span: Span) -> date:
    """The 15th of a month; of a longer span the 15th of its middle month, or the first of its second half."""
    months = (span.last.year - span.first.year) * 12 + span.last.month - span.first.month + 1
    if (span.last - span.first).days < 27:
        return span.first + timedelta(days=3)
    half = add_months(span.first, months // 2)
    return half.replace(day=15) if months % 2 else half


EDGES: dict[str, Callable[[Span], date]] = {
    "start": lambda span: span.first,
    "end": lambda span: span.last,
    "middle": middle,
}


def black_friday(year: int) -> date:
    """The day after the fourth Thursday of November."""
    first = date(year, 11, 1)
    return first + timedelta(days=(3 - first.weekday()) % 7 + 22)
