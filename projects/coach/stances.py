"""Is a number wished for, told of, or just named? Of several figures the goal is the one that is wished for.

People tell where they stand and then what they want: «было 2800, сейчас 3200, хотим 5 тысяч». The nearest word before
a number decides, then what follows it in the same clause. Where nothing does, the number is plain, and two plain
numbers of one metric are a doubt, which the reader says instead of a value.
"""

from collections.abc import Iterable, Sequence
from typing import Literal

from projects.coach import words
from projects.coach.dates import Moment
from projects.coach.numbers import Quantity, word_at
from projects.coach.tokens import Token

Stance = Literal["told", "likely_told", "plain", "wished"]


class Stances:
    """The stance of every quantity of one sentence."""

    def __init__(
        self, tokens: Sequence[Token], moments: Iterable[Moment], clauses: list[int], quantities: Sequence[Quantity]
    ):
        self.tokens, self.clauses, self.quantities = tokens, clauses, quantities
        self.moments = {place: moment for moment in moments for place in range(moment.start, moment.end)}
        self.known: dict[int, Stance | None] = {}
        self.counted = {place for quantity in quantities for place in range(quantity.start, quantity.end)}

    def of(self, quantity: Quantity) -> Stance:
        before, after = self.before(quantity), self.after(quantity)
        if quantity.kind in ("times", "fraction") and before != "told":
            return "wished"
        if before == "told" and after == "wished" and word_at(self.tokens, quantity.start - 1) in words.NOWADAYS:
            return "wished"  # «3150 now 5k by summer»
        if before == "wished" and self.is_complained_of(quantity):
            return "told"
        if before == "likely_told":
            return "wished" if after == "wished" and not self.has_wish_after(quantity) else before
        return before or after or "plain"

    def is_complained_of(self, quantity: Quantity) -> bool:
        """«За месяц 900 — маловато», «reach: 80k a week now, need 200k»: said right after it, it is how things are."""
        place = quantity.end
        if (moment := self.moments.get(place)) is not None and moment.role == "rate":
            place = moment.end
        said = word_at(self.tokens, place + (word_at(self.tokens, place) == "-"))
        return said in words.SCANT or (said in words.NOWADAYS and self.has_wish_after(quantity))

    def has_wish_after(self, quantity: Quantity) -> bool:
        """«We get 12 leads in a month, need 30»: the day is not of the first."""
        return any(one.start > quantity.start and self.before(one) == "wished" for one in self.quantities)

    def before(self, quantity: Quantity) -> Stance | None:
        if quantity.start not in self.known:
            self.known[quantity.start] = self.read_before(quantity)
        return self.known[quantity.start]

    def read_before(self, quantity: Quantity) -> Stance | None:
        if self.is_ours(quantity):
            return "told"
        if word_at(self.tokens, quantity.start - 2) == "при":
            return "told"  # «при приросте 60»
        fallback: Stance | None = None
        is_settled = False
        for place in range(quantity.start - 1, -1, -1):
            if self.clauses[place] != self.clauses[quantity.start]:
                break
            if place in self.counted:
                return fallback or self.as_before(place)
            stance = self.word_before(place)
            if stance == "told" or (stance == "wished" and not is_settled and not self.is_mere_order(place, fallback)):
                return stance
            is_settled = is_settled or (stance == "likely_told" and not self.is_copula(place))
            fallback = fallback or stance
        return fallback

    def is_mere_order(self, place: int, fallback: Stance | None) -> bool:
        """«But get only 12 likes»: what looks like an order is a complaint."""
        return fallback is not None and not self.tokens[place].is_any(words.WISHES)

    def is_ours(self, quantity: Quantity) -> bool:
        """«Our 2,000 subscribers should become 3,000», «my CPL of $22»."""
        place = quantity.start - 1
        if word_at(self.tokens, place) == "of":
            return word_at(self.tokens, place - 2) in words.OURS
        return word_at(self.tokens, place) in words.OURS

    def as_before(self, place: int) -> Stance | None:
        """«У меня 4200 в инсте и 600 в телеге»: what is told of the one is told of the next."""
        counted = next(one for one in self.quantities if one.start <= place < one.end)
        stance = None if self.is_ours(counted) else self.before(counted)
        return stance if stance in ("told", "likely_told") else None

    def word_before(self, place: int) -> Stance | None:
        token, moment = self.tokens[place], self.moments.get(place)
        if moment is not None:
            return self.of_moment(moment)
        if token.kind != "word":
            return None
        if token.is_any(words.WISHES):
            return "wished"
        if self.is_state(place):
            return "likely_told"
        if self.is_told(place):
            return "told"
        return "wished" if self.is_order(place) else None

    def of_moment(self, moment: Moment) -> Stance | None:
        if moment.role == "past":
            return "told"
        return "wished" if moment.role == "by" and moment.day else None

    def is_order(self, place: int) -> bool:
        """«Доведите», «довести», «make it»: said of what is to come."""
        token = self.tokens[place]
        return token.role in ("order", "future", "infinitive") or token.text in words.ORDERS

    def is_told(self, place: int) -> bool:
        token = self.tokens[place]
        is_ours = token.text in ("нас", "меня") and word_at(self.tokens, place - 1) == "у"
        is_past = is_ours or token.role == "past" or token.text in words.TOLD or token.is_any(words.OTHERS)
        is_now = token.text in words.NOWADAYS
        return is_now or ((is_past or self.is_phrase(place, words.TOLD_PHRASES)) and not self.is_supposed(place))

    def is_state(self, place: int) -> bool:
        """«We get 70 clicks», «приходит 12 заявок»: how things go, unless the same breath has a day for it."""
        token = self.tokens[place]
        if token.role == "present":
            return not (token.is_any(words.STEERING) or self.is_supposed(place))
        is_past = self.is_copula(place) and place > 0 and self.tokens[place - 1].kind == "word"
        if is_past or token.text in words.STATES:
            return True
        return token.text in words.HABITUAL and (self.has_subject(place) or self.is_second_verb(place))

    def is_second_verb(self, place: int) -> bool:
        """«We spend £300 and get 20 orders»: what holds of the first verb holds of the next."""
        if word_at(self.tokens, place - 1) not in ("and", "but"):
            return False
        clause = self.clauses[place]
        before = [at for at in range(max(0, place - 12), place - 1) if self.clauses[at] == clause]
        return any(self.tokens[at].text in words.HABITUAL and self.has_subject(at) for at in before)

    def is_copula(self, place: int) -> bool:
        """A word that says less than a wish before it: «our goal is 500», «we'd like qualified leads: 50»."""
        text = self.tokens[place].text
        return text in words.COPULAS or (text.isascii() and text.endswith("ed") and len(text) > 5)

    def has_subject(self, place: int) -> bool:
        nearest = place - 1 - (word_at(self.tokens, place - 1) in words.ADVERBS)
        subject = word_at(self.tokens, nearest)
        is_plural = subject.isascii() and subject.endswith("s") and subject not in words.NO_SUBJECTS
        if word_at(self.tokens, nearest - 1) in words.MODALS:
            return False  # «could you get us 30 leads»
        return subject in words.SUBJECTS or (is_plural and nearest >= 0 and nearest not in self.moments)

    def is_supposed(self, place: int) -> bool:
        """«Чтобы стало 5000», «if we had 500»: past in form only."""
        number = self.clauses[place]
        near = range(max(0, place - 12), min(place + 3, len(self.tokens)))
        return any(self.clauses[at] == number and self.tokens[at].text in words.SUPPOSING for at in near)

    def is_phrase(self, place: int, phrases: frozenset[str]) -> bool:
        """Does one of the phrases end here?"""
        return any(
            " ".join(token.text for token in self.tokens[max(0, place - length + 1) : place + 1]) in phrases
            for length in (2, 3)
        )

    def after(self, quantity: Quantity) -> Stance | None:
        for place in range(quantity.end, len(self.tokens)):
            is_beyond = place in self.counted or self.tokens[place].text in ("and", "и", "&")
            if is_beyond or self.clauses[place] != self.clauses[quantity.start]:
                return None
            if (stance := self.word_after(place)) is not None:
                return stance
        return None

    def is_of_next(self, place: int) -> bool:
        following = next((one for one in self.quantities if one.start == place + 1), None)
        return following is not None and self.after(following) != "wished"

    def has_number_after(self, place: int) -> bool:
        """«12 продаж хочу 30»: the wish is for the next number."""
        clause = self.clauses[place]
        return any(one.start > place and self.clauses[one.start] == clause for one in self.quantities)

    def is_compared(self, place: int) -> bool:
        near = range(max(0, place - 4), place)
        return any(self.tokens[at].text in ("than", "чем") and self.clauses[at] == self.clauses[place] for at in near)

    def word_after(self, place: int) -> Stance | None:
        token, moment = self.tokens[place], self.moments.get(place)
        if moment is not None:
            return self.of_moment(moment)
        if token.kind != "word":
            return None
        if token.text in words.NOWADAYS and self.is_compared(place):
            return None  # «5 more than now»
        if token.text in words.NOWADAYS and self.is_of_next(place):
            return None  # «хотим 15к сейчас 11к»
        if token.text in words.NOWADAYS | words.TOO_LITTLE or self.is_phrase(place, words.NOWADAYS_PHRASES):
            return "told"
        if token.is_any(words.WISHES) and token.text not in words.PLEASE:
            return None if self.has_number_after(place) else "wished"
        return "told" if token.role == "past" and not self.is_supposed(place) else None
