"""What each number of a sentence is: a level, a change, where things stand now, or nothing to do with the goal."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise, zip_longest
from typing import Literal

from projects.coach import words
from projects.coach.corrections import not_taken_back
from projects.coach.dates import Moment
from projects.coach.numbers import PERCENT, Quantity, read_quantity, touches, word_at
from projects.coach.stances import Stance, Stances
from projects.coach.tokens import Token

Part = Literal["delta", "level", "either", "now", "none"]
Guard = Literal["", "hard", "soft", "time"]


@dataclass(frozen=True, slots=True)
class Amount:
    """A quantity with its part in the sentence. `start` and `end` take in the words it leans on.

    `sign` is +1 or −1 where the words say it; `from_value` is the «с 10» of «с 10 до 12 тысяч».
    """

    quantity: Quantity
    part: Part
    start: int
    end: int
    guard: Guard = ""
    sign: int = 0
    from_value: Decimal | None = None
    is_new: bool = False
    stance: Stance = "plain"

    @property
    def is_vague(self) -> bool:
        return self.quantity.is_range


def table_of(guards: str, kind: Guard) -> list[tuple[tuple[str, ...], Guard]]:
    return [(tuple(phrase.split()), kind) for phrase in guards.split("|")]


GUARDS: list[tuple[tuple[str, ...], Guard]] = sorted(
    table_of(words.HARD_GUARDS, "hard") + table_of(words.SOFT_GUARDS, "soft") + table_of(words.TIME_GUARDS, "time"),
    key=lambda pair: -len(pair[0]),
)
TO = {"до", "to", "к", "→", "->"}
BECOMING = {"стало", "станет", "будет", "стал", "станут", "стали", "будут", "have"}
CLAUSE_ENDS = {",", ";", ".", "!", "?", "(", ")", "\n"}
SENTENCE_ENDS = {".", "!", "?", "\n"}
#: A turn of the thought: «сейчас 45 а надо 100», «it was 40 but should be 60».
TURNS = {"а", "но", "but", "while", "whereas", "although", "однако", "зато", "хотя"}
ABBREVIATIONS = {"тыс", "млн", "мес", "руб", "р", "г", "п", "p", "нед", "дн", "чел", "мин", "кв", "ч", "подп", "st"}


def find_quantities(tokens: Sequence[Token], taken: set[int]) -> list[Quantity]:
    found, place = [], 0
    while place < len(tokens):
        quantity = None if place in taken else read_quantity(tokens, place)
        if quantity is None or not taken.isdisjoint(range(quantity.start, quantity.end)):
            place += 1
            continue
        found.append(quantity)
        place = quantity.end
    return found


def clauses_of(tokens: Sequence[Token]) -> list[int]:
    """For each token the number of its clause."""
    return parts_of(tokens, CLAUSE_ENDS, TURNS)


def sentences_of(tokens: Sequence[Token]) -> list[int]:
    """For each token the number of its sentence."""
    return parts_of(tokens, SENTENCE_ENDS, set())


def parts_of(tokens: Sequence[Token], ends: set[str], turns: set[str]) -> list[int]:
    numbers, number = [], 0
    for place, token in enumerate(tokens):
        number += token.text in turns
        numbers.append(number)
        is_stop = token.text in ends and token.kind == "sign"
        number += is_stop and not (is_shortened(tokens, place) or is_pause(tokens, place))
    return numbers


def is_pause(tokens: Sequence[Token], place: int) -> bool:
    """«К яблочному... короче к 20 августа»: dots after which the sentence goes on in small letters."""
    first = last = place
    while first and tokens[first - 1].text == ".":
        first -= 1
    while last + 1 < len(tokens) and tokens[last + 1].text == ".":
        last += 1
    after = tokens[last + 1] if last + 1 < len(tokens) else None
    return last > first and after is not None and after.kind == "word" and (not after.case or after.text == "i")


def is_shortened(tokens: Sequence[Token], place: int) -> bool:
    """A full stop that only ends a word: «60 тыс. рублей», but not «60 тыс. Бюджет есть»."""
    is_short = tokens[place].text == "." and place > 0 and tokens[place - 1].text in ABBREVIATIONS
    begins = place + 1 < len(tokens) and tokens[place + 1].case == "title" and tokens[place - 1].case != "capitals"
    return is_short and not begins


class Weighing:
    """Decides the part of every quantity from the words around it."""

    def __init__(self, tokens: Sequence[Token], moments: Iterable[Moment], clauses: list[int]):
        self.tokens, self.clauses = tokens, clauses
        self.rates = {moment.start: moment.end for moment in moments if moment.role == "rate"}
        self.past = {moment.start for moment in moments if moment.role == "past"}
        self.taken = {place for moment in moments for place in range(moment.start, moment.end)}
        self.quantities = not_taken_back(tokens, find_quantities(tokens, self.taken))
        self.stances = Stances(tokens, moments, clauses, self.quantities)

    def amounts(self) -> list[Amount]:
        amounts = [self.weigh(quantity) for quantity in self.quantities]
        return list(self.joined(amounts))

    def joined(self, amounts: list[Amount]) -> Iterable[Amount]:
        """«С 10 до 12 тысяч», «3 % → 4 %»: the first is where things stand, the second the level to reach."""
        skip = False
        for first, second in zip_longest(amounts, amounts[1:]):
            if skip:
                skip = False
                continue
            if second is not None and self.is_from_to(first.quantity, second.quantity):
                if not self.is_age(first.quantity):
                    yield self.join(first, second)
                skip = True
            elif second is not None and self.is_either_or(first.quantity, second.quantity):
                ranged = replace(second, start=first.start, quantity=replace(second.quantity, is_range=True))
                yield first if first.part == "none" else ranged
                skip = True
            else:
                yield first

    def is_from_to(self, first: Quantity, second: Quantity) -> bool:
        between = [token.text for token in self.tokens[first.end : second.start]]
        if not between or len(between) > 6 or {".", ";", "?", "!", "\n"} & set(between):
            return False
        if any(self.tokens[place].kind == "arrow" for place in range(first.end, second.start)):
            return len(between) <= 3
        before = word_at(self.tokens, first.start - 1)
        if before in ("от", "between"):
            return False
        opened = before in ("с", "со", "from") or word_at(self.tokens, first.start - 2) in ("с", "со", "from")
        if opened:
            return between[-1] in TO or (len(between) > 1 and between[-2] in TO)
        return between in (["to"], ["до"]) and before not in ("by", "на")

    def is_either_or(self, first: Quantity, second: Quantity) -> bool:
        """«By 10 to 15 percent»: a range, of which neither end is the promise."""
        between = [token.text for token in self.tokens[first.end : second.start]]
        before = word_at(self.tokens, first.start - 1)
        if before in ("between", "от", "между"):
            return between in (["and"], ["до"], ["и"])
        return between in (["или"], ["or"]) or (between in (["to"], ["до"]) and before in ("by", "на"))

    def join(self, first: Amount, second: Amount) -> Amount:
        low, high = first.quantity, second.quantity
        start_value = low.value
        if low.multiplier == 1 and high.multiplier > 1 and low.value * high.multiplier < high.value * 20:
            start_value *= high.multiplier
        is_unlike = low.kind != "minutes" and high.kind == "minutes" and low.end < high.start - 1
        sign = 0 if is_unlike else (high.value > start_value) - (high.value < start_value)
        begin = first.quantity.start - (word_at(self.tokens, first.quantity.start - 1) in ("с", "со", "from"))
        if low.kind != "count" and high.kind == "count":
            high = replace(high, kind=low.kind)
        is_told = self.is_history(first.quantity) or self.stances.before(first.quantity) == "told"
        is_told = is_told or self.is_of_the_past(second.quantity)
        part: Part = "now" if is_told else "level"
        stance: Stance = "told" if is_told else "wished"
        return Amount(high, part, begin, second.end, sign=sign, from_value=start_value, stance=stance)

    def is_of_the_past(self, quantity: Quantity) -> bool:
        """«We cut it from 3 hours to 2 last year»: done, unless the same breath wishes for it."""
        here = [token for place, token in enumerate(self.tokens) if self.same_clause(place, quantity.start)]
        is_past = any(start >= quantity.end and self.same_clause(start, quantity.start) for start in self.past)
        return is_past and not any(token.is_any(words.WISHES) for token in here)

    # --- one quantity -------------------------------------------------------------------------------------------------

    def weigh(self, quantity: Quantity) -> Amount:
        quantity, end = self.past_counted(quantity)
        before, guard = self.look_before(quantity)
        amount = Amount(quantity, "none", before + 1, end, guard=guard)
        stance = self.stances.of(quantity)
        amount = replace(amount, is_new=self.is_new(end), stance=stance)
        if self.is_refused(quantity, before):
            return amount
        if self.is_now(quantity, before, guard, stance):
            return replace(amount, part="now")
        part, sign, start = self.lean_on(quantity, before, guard)
        after_part, after_sign, after_end = self.lean_after(end, quantity)
        late, late_end = self.guard_after(end)
        if late and not guard:
            return replace(amount, part="level", guard=late, start=start, end=late_end)
        if after_part:
            return replace(amount, part="delta", sign=after_sign or sign, start=start, end=after_end, stance="wished")
        return replace(amount, part=part, sign=sign, start=start, stance="wished" if part == "delta" else stance)

    def past_counted(self, quantity: Quantity) -> tuple[Quantity, int]:
        """«2 раза в неделю», «twice a week» are a pace; «500 человек» are five hundred."""
        end = quantity.end
        if quantity.kind == "times" and end in self.rates and word_at(self.tokens, quantity.start) == "twice":
            quantity = replace(quantity, kind="count")
        words_before = self.tokens[max(0, quantity.start - 2) : quantity.start]
        if quantity.kind == "count" and len(words_before) == 2 and words_before[0].is_any(PERCENT):
            quantity = replace(quantity, kind="percent")  # «процентов на 10»
        if quantity.kind == "count" and end < len(self.tokens) and self.tokens[end].is_any(words.PEOPLE):
            return quantity, end + 1
        return quantity, end

    def look_before(self, quantity: Quantity) -> tuple[int, Guard]:
        """The place of the word that governs the number, over guards and words of modesty."""
        place, guard = quantity.start - 1, ""
        while place >= 0 and self.same_clause(place, quantity.start):
            found = self.guard_ending(place, quantity)
            if found and not (guard and found[1] == "soft"):
                place, guard = place - found[0], guard or found[1]
                guard = "hard" if guard == "soft" and self.is_forbidden(place) else guard
            elif self.tokens[place].text in words.MODEST:
                place -= 1
            else:
                break
        return place, guard

    def is_forbidden(self, place: int) -> bool:
        """«Don't let it go above $1»: the bound is one to keep."""
        before = range(max(0, place - 12), place + 1)
        if any(self.tokens[at].text in words.FORBIDDING and self.same_clause(at, place) for at in before):
            return True
        after = range(place, min(place + 8, len(self.tokens)))
        return any(self.tokens[at].text == "нельзя" and self.same_clause(at, place) for at in after)

    def guard_ending(self, place: int, quantity: Quantity) -> tuple[int, Guard] | None:
        for phrase, kind in GUARDS:
            if quantity.kind in ("times", "fraction") or (kind == "time" and quantity.kind != "minutes"):
                continue
            first = place - len(phrase) + 1
            if first >= 0 and tuple(token.text for token in self.tokens[first : place + 1]) == phrase:
                return len(phrase), kind
        return None

    def same_clause(self, one: int, other: int) -> bool:
        return self.clauses[one] == self.clauses[other]

    def is_refused(self, quantity: Quantity, before: int) -> bool:
        """Budgets, ages, places in a chart: numbers that are no goal."""
        if self.is_budget(quantity, before):
            return True
        if quantity.kind == "percent" and self.is_share(quantity, before):
            return True
        if before >= 0 and self.tokens[before].text in words.NOT_AMOUNTS:
            return True
        if self.is_age(quantity) or self.is_item(quantity) or self.is_ratio(quantity):
            return True
        text = word_at(self.tokens, before)
        if text == "-" and word_at(self.tokens, before - 1) in words.NOT_AMOUNTS:
            return True
        if self.is_of_staff(quantity):
            return True
        return quantity.end < len(self.tokens) and self.tokens[quantity.end].is_any(words.NOT_COUNTED)

    def is_age(self, quantity: Quantity) -> bool:
        """«Parents 25 to 40», «аудитория 45+»: two figures beside those who are that old."""
        if quantity.kind != "count" or not 5 < quantity.value < 100:
            return False
        near = self.tokens[max(0, quantity.start - 3) : quantity.start]
        is_audience = any(token.is_any(words.AUDIENCES) for token in near)
        is_open = touches(self.tokens, quantity.end) and word_at(self.tokens, quantity.end) == "+"
        return is_audience and (is_open or quantity.is_range or self.is_first_of_two(quantity))

    def is_of_staff(self, quantity: Quantity) -> bool:
        """«В штате 40 человек», «we are a team of 12»."""
        near = range(max(0, quantity.start - 4), min(quantity.end + 3, len(self.tokens)))
        here = (self.tokens[place] for place in near if self.same_clause(place, quantity.start))
        return quantity.kind == "count" and any(token.is_any(words.STAFF) for token in here)

    def is_item(self, quantity: Quantity) -> bool:
        """«1) заявки 2) продажи»: the number of a line."""
        is_closed = touches(self.tokens, quantity.end) and word_at(self.tokens, quantity.end) == ")"
        opens = [token.text for token in self.tokens[: quantity.start]]
        return is_closed and quantity.value < 20 and opens.count("(") <= opens.count(")")

    def is_ratio(self, quantity: Quantity) -> bool:
        """«One in twenty», «3 out of 100», «7 из 10»: no number of anything alone."""
        links = (["in"], ["out", "of"], ["из"], ["of"], ["/"])
        return any(
            [token.text for token in self.tokens[one.end : other.start]] in links
            for one, other in pairwise(self.quantities)
            if quantity in (one, other) and one.kind == other.kind == "count"
        )

    def is_first_of_two(self, quantity: Quantity) -> bool:
        after = quantity.end + 1
        return word_at(self.tokens, quantity.end) in ("to", "до") and any(
            other.start == after and other.value < 100 for other in self.quantities
        )

    def is_budget(self, quantity: Quantity, before: int) -> bool:
        if quantity.kind == "percent" and word_at(self.tokens, before) in ("на", "by"):
            return before > 0 and self.tokens[before - 1].is_any(words.BUDGET)
        is_price = quantity.kind == "money" and word_at(self.tokens, quantity.end) in ("per", "за", "на")
        if quantity.kind == "percent" or is_price:
            return False
        near = [place for place in range(max(0, before - 1), before + 1) if self.same_clause(place, quantity.start)]
        if quantity.kind == "money":
            after = range(quantity.end, min(quantity.end + 3, len(self.tokens)))
            near += [place for place in after if self.same_clause(place, quantity.start)]
        return any(self.tokens[place].is_any(words.BUDGET) for place in near)

    def is_share(self, quantity: Quantity, before: int) -> bool:
        """«30 % of visitors come back» is a share of something, and no change of it."""
        is_part = word_at(self.tokens, quantity.end) in ("of", "от", "из")
        return is_part and before == quantity.start - 1 and word_at(self.tokens, before) not in ("by", "на", "+")

    def is_now(self, quantity: Quantity, before: int, guard: Guard, stance: Stance) -> bool:
        if self.is_history(quantity) or stance == "told":
            return True
        lead = word_at(self.tokens, before)
        if lead == "на" and stance == "likely_told" and before and self.tokens[before - 1].is_any(words.AIMING_AT):
            return True  # «охваты стоят на 15 тысячах»
        if lead in ("+", "-", "на", "by", "плюс", "plus", "минус", "minus") or lead in TO:
            return False
        if lead in ("from", "с", "со") and quantity.kind != "times":
            return True
        if lead in ("не", "not") and not guard:
            return True
        return stance == "likely_told" and not guard and quantity.kind not in ("times", "fraction")

    def is_history(self, quantity: Quantity) -> bool:
        """«Охваты упали на 30 %»: what happened, and not what is wanted."""
        clause = [token for place, token in enumerate(self.tokens) if self.same_clause(place, quantity.start)]
        return any(token.text in words.FELL for token in clause) and not any(
            token.is_any(words.WISHING) for token in clause
        )

    def lean_on(self, quantity: Quantity, before: int, guard: Guard) -> tuple[Part, int, int]:
        """The part that the governing word gives: (part, sign, place where the words begin)."""
        text = word_at(self.tokens, before)
        plain_start = before + 1
        if quantity.kind in ("times", "fraction"):
            is_led = text in ("на", "by", "в")
            return "delta", 0, before if is_led else plain_start
        if text in ("+", "плюс", "plus"):
            return "delta", 1, before
        if text == "-" and self.is_minus(before):
            return "delta", -1, before
        if text in ("минус", "minus"):
            return "delta", -1, before
        if text == "на" and self.is_aimed(before):
            return "level", 0, before
        if text in ("на", "by"):
            return "delta", 0, before
        if (
            quantity.kind == "percent"
            and not guard
            and before >= 0
            and self.tokens[before].is_any(words.UP | words.DOWN)
        ):
            return "delta", {"up": 1, "down": -1}.get(text, 0), before
        if before >= 0 and self.tokens[before].is_any(words.ADDED | words.PLUSSING):
            return "delta", 1, before
        if text == "of" and self.is_of_change(before, quantity):
            return "delta", 0, before
        if text in TO or guard or text in ("at", "of", "уровне", "в"):
            return "level", 0, before if text in TO else plain_start
        if before >= 0 and self.tokens[before].is_any(words.CHANGE_NOUNS):
            sign = {"up": 1, "down": -1}.get(text, 0)
            return "delta", sign, before
        return "either", 0, plain_start

    def is_aimed(self, place: int) -> bool:
        """«Выйти на 50», «выйти бы наконец на 50»: the number is where to arrive, and no addition."""
        at = place - 1
        while at > 0 and self.tokens[at].text in words.SIGHS:
            at -= 1
        return at >= 0 and self.tokens[at].is_any(words.AIMING_AT)

    def is_of_change(self, place: int, quantity: Quantity) -> bool:
        """«Growth of 25», «an increase in organic reach of 25 %»."""
        near = range(max(0, place - (5 if quantity.kind == "percent" else 1)), place)
        return any(self.tokens[at].is_any(words.CHANGE_NOUNS) and self.same_clause(at, place) for at in near)

    def is_minus(self, place: int) -> bool:
        """A dash that touches the number and not what is before it."""
        touches_next = self.tokens[place].end == self.tokens[place + 1].start
        return touches_next and not (place and self.tokens[place - 1].end == self.tokens[place].start)

    def is_new(self, end: int) -> bool:
        return any(self.tokens[at].is_any(words.NEW) for at in range(end, min(end + 2, len(self.tokens))))

    def guard_after(self, end: int) -> tuple[Guard, int]:
        """«300 р. максимум», «180 % or higher», «10 a month at least»: the guard and the place after it."""
        end = self.rates.get(end, end)
        text = word_at(self.tokens, end)
        at = end + (text == "," and self.tokens[end - 1].end == self.tokens[end].start)
        for phrase, kind in GUARDS:
            if kind == "hard" and tuple(token.text for token in self.tokens[at : at + len(phrase)]) == phrase:
                after = at + len(phrase)
                is_end = after >= len(self.tokens) or self.tokens[after].kind == "sign" or after in self.taken
                if is_end:
                    return "hard", after
        if text in ("или", "or", "and", "и") and word_at(self.tokens, end + 1) in words.OPEN_ENDS:
            return "hard", end + 2
        return words.AFTER_GUARDS.get(text, ""), end + 1

    def lean_after(self, end: int, quantity: Quantity) -> tuple[bool, int, int]:
        """«20 % more», «на 500 больше», «10,000 a month more»."""
        end = self.rates.get(end, end)
        if end >= len(self.tokens) or not self.same_clause(end, quantity.start):
            return False, 0, end
        token = self.tokens[end]
        if quantity.kind == "minutes":  # «20 minutes shorter», «shave 20 minutes off», but not «in 20 minutes, quicker»
            is_bound = word_at(self.tokens, quantity.start - 1) in ("за", "in", "within", "under")
            return token.text in words.SHORTER and not is_bound, -1, end + 1
        for place in range(end + 1, min(end + 4, len(self.tokens))):
            if place in self.taken or not self.same_clause(place, quantity.start):
                break
            if self.tokens[place].text in words.NOUNS_OF_CHANGE:
                token = self.tokens[place]
        is_bound = word_at(self.tokens, end + 1) in ("не", "нельзя", "never")  # «500, ниже не опускаться»
        if is_bound or not token.is_any(words.MORE):
            return False, 0, end
        if token.text == "up" and word_at(self.tokens, end + 1) == "to":
            return False, 0, end
        sign = 1 if token.is_any(words.UP) else -1 if token.is_any(words.DOWN) or token.text == "off" else 0
        return True, sign, end + 1
