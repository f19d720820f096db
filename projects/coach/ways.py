"""Which way the goal points: up, down or hold, by its words, by its number, by where things stand."""

from decimal import Decimal

from projects.coach import words
from projects.coach.amounts import Amount
from projects.coach.dates import Moment
from projects.coach.directions import Direction, Leaning
from projects.coach.matching import Matched
from projects.coach.numbers import Quantity
from projects.coach.words import Found


class Pointed(Matched):
    """A sentence that knows its direction."""

    def direction_of(
        self, name: str | None, metric: Found | None, amount: Amount | None, deadline: Moment | None
    ) -> Direction | None:
        if metric and name == "followers" and self.is_kept(metric):
            return "hold"
        if metric and amount is None and not self.leanings and self.is_not_to_be_lost(metric):
            return "hold"
        better: Direction = "down" if name in words.LESS_IS_BETTER else "up"
        leaning = self.leaning_near(metric, amount)
        if leaning and amount and self.is_overruled(leaning, amount, metric, better):
            leaning = None
        if amount and amount.from_value is not None and amount.sign:
            return "up" if amount.sign > 0 else "down"
        if amount and amount.sign > 0 and leaning and leaning.way == "down" and self.is_another(leaning, amount):
            return "down"
        if amount and amount.sign:
            return "up" if amount.sign > 0 else "down"
        if leaning and leaning.way in ("up", "down"):
            return leaning.way
        if leaning and leaning.way == "better":
            return better
        if leaning and leaning.way == "faster":
            return "down" if name == "response_time" else "up"
        if leaning and leaning.way == "hold":
            is_near = amount is None or self.clauses[leaning.place] == self.clauses[amount.quantity.start]
            return "hold" if is_near else self.way_from_now(amount) or "hold"
        if amount is None:
            return None
        return self.direction_of_level(name, amount, deadline, better, leaning)

    def is_another(self, leaning: Leaning, amount: Amount) -> bool:
        """«Down by another 30»: the word adds to the fall."""
        near = self.tokens[max(0, amount.start - 1) : amount.quantity.start]
        is_here = self.clauses[leaning.place] == self.clauses[amount.quantity.start]
        return is_here and any(token.is_any(words.ADDED) for token in near)

    def is_overruled(self, leaning: Leaning, amount: Amount, metric: Found | None, better: Direction) -> bool:
        """A word of another clause says less than the number's own bound, and little where it is not of the metric.

        «Stop posting memes, I need 30 bookings» brings no bookings down.
        """
        if leaning.way not in ("up", "down"):
            return False
        if self.clauses[leaning.place] == self.clauses[amount.quantity.start]:
            return amount.guard == "hard" and amount.part == "level" and leaning.place > amount.end
        is_of_metric = metric is not None and self.clauses[leaning.place] == self.clauses[metric.start]
        return amount.guard == "hard" or (not is_of_metric and leaning.way != better and amount.part != "delta")

    def direction_of_level(
        self, name: str | None, amount: Amount, deadline: Moment | None, better: Direction, leaning: Leaning | None
    ) -> Direction | None:
        if way := self.way_from_now(amount):
            return way
        here = self.sentences[amount.quantity.start]
        near = [token for place, token in enumerate(self.tokens) if self.sentences[place] == here]
        is_each = any(token.is_any(words.EACH) for token in near)
        rates = [moment for moment in self.moments if moment.role == "rate" and self.sentences[moment.start] == here]
        is_paced = bool(rates) or (is_each and deadline is None)
        is_arriving = leaning is not None and leaning.way == "reach"
        if amount.guard == "hard":
            return better if is_arriving and not is_paced and not leaning.is_habit else "hold"
        if amount.guard == "time" or (name == "response_time" and not is_arriving and deadline is None):
            return "hold"
        if amount.guard == "soft":
            return better if (is_arriving and not is_each) or deadline else "hold"
        if name == "posts" and is_paced:
            return "up" if self.is_above_pace(amount) else "hold"
        if (
            name in words.COSTS.values()
            and amount.quantity.kind == "money"
            and not deadline
            and self.is_at_price(amount)
        ):
            return "hold"
        if amount.quantity.kind in ("times", "fraction"):
            return better
        if amount.quantity.kind == "percent" and amount.part == "either" and name not in words.RATES | {"foreign"}:
            return None
        if amount.part == "delta" and not (is_arriving or name is None or amount.is_new):
            return None
        return better

    def way_from_now(self, amount: Amount) -> Direction | None:
        """«We post twice a week now, want 5»: up from where things stand."""
        if amount.part == "delta" or amount.guard == "hard":
            return None
        ways: set[Direction] = set()
        for other in self.amounts:
            is_same_kind = other.part == "now" and other.quantity.kind == amount.quantity.kind != "times"
            is_same = is_same_kind and self.owner_of(other) is self.owner_of(amount) and self.is_baseline(other, amount)
            if is_same and other.quantity.value != amount.quantity.value:
                ways.add("up" if amount.quantity.value > other.quantity.value else "down")
        return ways.pop() if len(ways) == 1 else None

    def is_above_pace(self, amount: Amount) -> bool:
        """«Посты выходят раз в неделю, нужно четыре»: more than the once that is told of."""
        once = [moment for moment in self.moments if self.is_once(moment) and moment.end <= amount.start]
        told = (self.stances.of(Quantity(Decimal(1), "count", moment.start, moment.end)) for moment in once)
        is_told = any(stance in ("told", "likely_told") for stance in told)
        return is_told and amount.stance == "wished" and amount.quantity.value > 1

    def is_baseline(self, told: Amount, amount: Amount) -> bool:
        """Told of the same metric in a sentence that names it, or beside the number itself."""
        sentence = self.sentences[told.quantity.start]
        here = {self.sentences[metric.start] for metric in self.metrics} | {self.sentences[amount.quantity.start]}
        return sentence in here and not self.is_of_others(told)

    def is_of_others(self, amount: Amount) -> bool:
        clause = self.clauses[amount.start]
        return any(
            token.is_any(words.OTHERS) for place, token in enumerate(self.tokens) if self.clauses[place] == clause
        )

    def is_at_price(self, amount: Amount) -> bool:
        return self.tokens[amount.quantity.start - 1].text in ("по", "at", "for") if amount.quantity.start else False

    def is_of_all(self, leaning: Leaning) -> bool:
        """«Reach. Up. By winter», «it slid; bring it back»: another sentence that is short or points back."""
        here = [token for place, token in enumerate(self.tokens) if self.are_together(place, leaning.place)]
        names = [token for token in here if token.kind == "word" and token.role in ("", "noun")]
        is_named = any(self.are_together(phrase.start, leaning.place) for phrase in self.phrases)
        has_number = any(self.are_together(one.start, leaning.place) for one in self.quantities)
        is_pointing = any(token.text in words.PRONOUNS for token in here)
        return not (is_named or has_number) and (is_pointing or len(names) <= 3)

    def leaning_near(self, metric: Found | None, amount: Amount | None) -> Leaning | None:
        """The first word of direction in the number's clause, then in the metric's, then anywhere."""
        anchors = [amount.quantity.start] if amount else []
        anchors += [metric.start] if metric else []
        for strong in (True, False):
            for anchor in anchors:
                here = [one for one in self.leanings if self.clauses[one.place] == self.clauses[anchor]]
                found = [one for one in here if (one.way != "reach") == strong]
                if found:
                    return found[0]
            found = [one for one in self.leanings if (one.way != "reach") == strong]
            near = {self.sentences[anchor] for anchor in anchors}
            found = [
                one
                for one in found
                if self.sentences[one.place] in near or (strong and (not near or self.is_of_all(one)))
            ]
            if found:
                return found[0]
        return None
