"""What a sentence asks of a number, and whether the number's own past says that it is within reach. Pure.

What the sentence leaves open is asked, never guessed: which of two sources is meant, and whether «100 leads» is a
month's or the whole time's.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from projects.coach.history import History, Judgement, Need, Number, judge, smoothing
from projects.coach.reader import Reading, words_at

#: How long the period of «a month», «в неделю» is, in days.
PERIODS = (
    (r"ежедневно|(?:в|каждый)\s+(?:день|сутки)|(?:a|per|each|every)\s+day|daily", Decimal(1)),
    (r"еженедельно|(?:в|каждую)\s+неделю|(?:a|per|each|every)\s+week|weekly", Decimal(7)),
    (r"ежемесячно|(?:в|каждый)\s+месяц|/\s*мес|(?:a|per|each|every)\s+month|monthly", Decimal(365) / 12),
    (r"(?:в|каждый)\s+квартал|(?:a|per|each|every)\s+quarter|quarterly", Decimal(365) / 4),
    (r"ежегодно|(?:в|каждый)\s+год|(?:a|per|each|every)\s+year|yearly|annually", Decimal(365)),
)
PERIOD_PATTERNS = tuple((re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE), days) for words, days in PERIODS)
AT_MOST = re.compile(
    r"(?<!\w)(?:не\s+(?:выше|больше|более|дороже|дольше|позже)|максимум|ниже|меньше|до|at\s+most|no\s+more"
    r"|not?\s+(?:above|over|more)|under|below|within|less)(?!\w)",
    re.IGNORECASE,
)
AT_LEAST = re.compile(
    r"(?<!\w)(?:не\s+(?:ниже|меньше|менее)|минимум|от|at\s+least|no\s+less|not\s+below|above)(?!\w)", re.IGNORECASE
)
UP_TO = re.compile(r"^(?:до|с|от|to|up\s+to|from)(?!\w)", re.IGNORECASE)
OVER_TIME = re.compile(r"^(?:за|в\s+течение|in|within|over|during)(?!\w)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Finding:
    """What came of looking: a judgement over `number`, or the code of what is missing."""

    code: str
    number: Number | None = None
    judgement: Judgement | None = None
    current: Decimal | None = None
    choices: tuple[Number, ...] = ()


def look(
    text: str,
    reading: Reading,
    today: date,
    numbers: Sequence[Number],
    history_of: Callable[[Number], History],
) -> Finding:
    """Judge the sentence by the history of the number that it names."""
    if not (reading.metric and reading.direction and reading.change and reading.deadline):
        return Finding("incomplete")
    meant = numbers_meant(reading, numbers)
    if not meant:
        return Finding("no_source")
    if len(meant) > 1:
        return Finding("which_source", choices=tuple(meant))
    [number] = meant
    days = (reading.deadline - today).days
    if days < 1:
        return Finding("incomplete", number)
    history = history_of(number)
    current = current_level(number, history, days)
    need = need_of(text, reading, number, current, days)
    if isinstance(need, str):
        return Finding(need, number, current=current)
    if need.value <= 0 and need.kind == "absolute":
        return Finding("judged", number, Judgement("reached", need), current)
    return Finding("judged", number, judge(history, need), current)


def numbers_meant(reading: Reading, numbers: Sequence[Number]) -> list[Number]:
    """Those with the sentence's metric, and of its platform when it names one."""
    same = [number for number in numbers if number.metric == reading.metric]
    return [number for number in same if reading.platform in (None, number.platform)]


def current_level(number: Number, history: History, days: int) -> Decimal | None:
    """Where the number stands as its history is looked at; its latest value while there is too little of that."""
    if number.shape == "stock" or not history.days:
        return number.current
    level = history.level(history.days[-1], smoothing(days))
    return number.current if level is None else level


def need_of(text: str, reading: Reading, number: Number, current: Decimal | None, days: int) -> Need | str:
    """What has to happen, or the code of what is not said."""
    kind, value, up = reading.change.kind, reading.change.value, reading.direction != "down"
    if kind == "relative":
        return "no_change_hold" if reading.direction == "hold" else Need("relative", up, value, days)
    daily = per_day(text, reading, number)
    if daily is None:
        spread = reading.direction != "hold" and number.shape == "flow" and is_total(text, reading)
        return Need("total", up, value, days) if spread else "per_what"
    if reading.direction == "hold":
        return Need("hold", is_at_least(text, reading, number), daily, days)
    if kind == "absolute":
        return Need("absolute", up, daily, days)
    if current is None:
        return "no_current"
    return Need("absolute", up, daily - current if up else current - daily, days)


def per_day(text: str, reading: Reading, number: Number) -> Decimal | None:
    """The sentence's value as a level of the number; None when it does not say of what time it is."""
    value = reading.change.value
    if number.shape in ("stock", "rate"):
        return value
    period = period_of(text, reading)
    if period is None or (number.shape == "people" and period != 1):
        return None
    return value / period


def period_of(text: str, reading: Reading) -> Decimal | None:
    """The days of «a month», «в неделю», outside of the words of the deadline."""
    rest = text
    if reading.deadline_at:
        first, last = reading.deadline_at
        rest = text[:first] + " " * (last - first) + text[last:]
    found = {days for pattern, days in PERIOD_PATTERNS if pattern.search(rest)}
    return found.pop() if len(found) == 1 else None


def is_total(text: str, reading: Reading) -> bool:
    """«100 leads in two months»: so many over the whole time. «Up to 100 leads by May» leaves it open."""
    if reading.change.kind != "target" or reading.from_value is not None or not reading.deadline_at:
        return False
    amount, deadline = words_at(text, reading.change_at), words_at(text, reading.deadline_at)
    return not UP_TO.match(amount.strip()) and bool(OVER_TIME.match(deadline.strip()))


def is_at_least(text: str, reading: Reading, number: Number) -> bool:
    """Whether the level is a floor: by the words beside the figure, else by where good lies for this number."""
    amount = words_at(text, reading.change_at) if reading.change_at else ""
    if AT_LEAST.search(amount):
        return True
    return False if AT_MOST.search(amount) else number.good == "up"
