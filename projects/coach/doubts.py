"""Which readings rest on too little: each doubt is a named reason, and a reading with one is asked for, not given.

A wrong figure is worse than a question. So everything that was read is held against the rest of the sentence: a second
number of equal standing, a figure beside the number that nobody could read, words that point the other way.

How well founded the reasons are differs. On sentences of authors who had not seen the code «of_nothing», «rivals»,
«verb» and «no_wish» were met, a few times each, and held more wrong readings than right ones. The others come from
sentences made up while writing this, or from goals put beside sentences about something else: no rate is known of them.
"""

from collections.abc import Iterator

from projects.coach import words
from projects.coach.amounts import Amount
from projects.coach.dates import Moment
from projects.coach.directions import Direction, Leaning
from projects.coach.naming import Offsets
from projects.coach.numbers import HALVING, word_at
from projects.coach.ways import Pointed
from projects.coach.words import Found

STANDING = {"told": 0, "likely_told": 1, "plain": 2, "wished": 3}
STEADY = ("hard", "soft", "time")


class Doubting(Pointed):
    """A sentence that knows what of its own reading it is not sure of."""

    # --- the number ---------------------------------------------------------------------------------------------------

    def doubts_of_number(self, amount: Amount, metric: Found | None) -> list[str]:
        reasons = {
            "rivals": bool(self.rivals_of(amount, metric)),
            "thousands": self.may_be_thousands(amount),
            "others": self.may_be_of_others(amount),
            "beside": self.has_number_beside(amount),
            "another_thing": self.counts_another_thing(amount, metric),
            "against_now": self.is_against_now(amount, metric),
            "passed_over": self.is_wish_passed_over(amount, metric),
            "other_object": self.is_of_another_object(amount, metric),
            "share": self.may_be_share(amount, metric),
            "no_wish": self.is_wished_by_nobody(amount, metric),
        }
        return [reason for reason, is_so in reasons.items() if is_so]

    def rivals_of(self, amount: Amount, metric: Found | None) -> list[Amount]:
        """Nothing says which of the two is meant: «6300 подписчиков, 7500 подписчиков»."""
        if metric is None:
            return []
        return [other for other in self.amounts if self.is_rival(other, amount, metric)]

    def is_rival(self, other: Amount, amount: Amount, metric: Found) -> bool:
        if other is amount or other.part == "now" or other.quantity.kind != amount.quantity.kind:
            return False
        if other.quantity.value == amount.quantity.value or self.is_aside(other, metric):
            return False
        if other.quantity.value == amount.quantity.value * 1000:
            return True
        is_bound = amount.guard == "hard" or (amount.guard and self.are_together(other.start, amount.start))
        weaker = STANDING[other.stance] < STANDING[amount.stance] or bool(is_bound and not other.guard)
        owner = self.owner_of(other)
        return not weaker and owner is not None and owner.name == metric.name and self.suits(other, owner)

    def is_aside(self, amount: Amount, metric: Found | None) -> bool:
        """Hours, years, other nouns' numbers, what is not wanted: no second goal."""
        is_year = 2000 <= amount.quantity.value < 2100
        is_other = self.is_of_hours(amount) or self.counts_another_thing(amount, metric)
        return is_year or is_other or self.is_unwanted(amount)

    def is_unwanted(self, amount: Amount) -> bool:
        """«… and I don't want another redesign for 20k»."""
        clause = self.clauses[amount.quantity.start]
        here = [self.tokens[at].text for at in range(amount.start) if self.clauses[at] == clause]
        return not amount.guard and bool(words.NEGATIONS & set(here))

    def may_be_share(self, amount: Amount, metric: Found | None) -> bool:
        """«Не меньше половины заявок», «a third of the leads»: a part of them, and no change."""
        start, end = amount.quantity.start, amount.quantity.end
        if amount.quantity.kind != "fraction" or self.tokens[start].is_any(HALVING):
            return False
        counts = [one for one in self.amounts if one.quantity.kind == "count" and not self.is_of_hours(one)]
        if any(one.stance == "wished" and one.part == "either" and self.may_be_of(one, metric) for one in counts):
            return True  # «живых половина; хотим 3 тысячи»
        is_led = any(token.text in ("на", "by", "в") for token in self.tokens[max(0, start - 2) : start])
        is_of = any(metric.start in (end, end + 1, end + 2) for metric in self.metrics)
        is_more = end < len(self.tokens) and (self.tokens[end].is_any(words.MORE) or self.tokens[end].text == "as")
        return is_of and not (is_led or is_more)

    def is_of_another_object(self, amount: Amount, metric: Found | None) -> bool:
        """«Расходы снизить на 20 %, заявки не потерять»: what falls is named, and is not the metric."""
        if metric is None or amount.part != "delta":
            return False
        clause = self.clauses[amount.quantity.start]
        leaning = next((one for one in self.leanings if self.clauses[one.place] == clause), None)
        is_apart = self.clauses[metric.start] != clause
        return (
            is_apart
            and leaning is not None
            and leaning.way in ("up", "down")
            and self.is_worse(leaning.way, metric.name)
        )

    def may_be_of_others(self, amount: Amount) -> bool:
        """A bare number in a sentence that names no metric, after several: «…запись, конверсия 2 %. Давайте 3»."""
        here = self.sentences[amount.quantity.start]
        names = {metric.name for metric in self.metrics} - {"foreign"}
        is_alone = not any(self.sentences[metric.start] == here for metric in self.metrics)
        return amount.quantity.kind == "count" and is_alone and len(names) > 1

    def may_be_thousands(self, amount: Amount) -> bool:
        """«Было 5 тысяч, стало 4, вернуть 5»: five, or five thousand? «20 % выручки, довести до 30»: roubles?"""
        if amount.quantity.kind != "count" or amount.quantity.multiplier > 1 or amount.part == "delta":
            return False
        if amount.from_value and amount.from_value >= 1000 and amount.quantity.value * 20 < amount.from_value:
            return True
        owner = self.owner_of(amount)
        told = [other for other in self.amounts if other.part == "now" and self.owner_of(other) is owner]
        told = [other for other in told if self.is_baseline(other, amount)]
        is_small = any(
            other.quantity.multiplier >= 1000 and amount.quantity.value * 20 < other.quantity.value for other in told
        )
        return is_small or self.may_be_percent(amount, owner)

    def may_be_percent(self, amount: Amount, owner: Found | None) -> bool:
        if owner is None or owner.name in words.RATES or amount.quantity.value > 100:
            return False
        is_only = all(metric.name == owner.name for metric in self.metrics)
        before = [one for one in self.quantities if one.start < amount.quantity.start]
        return (
            is_only
            and self.sentences[owner.start] != self.sentences[amount.quantity.start]
            and any(one.kind == "percent" for one in before)
        )

    def has_number_beside(self, amount: Amount) -> bool:
        """«Миллион двести тысяч» in two pieces: a figure that touches another was not read whole."""
        start, end = amount.quantity.start, amount.quantity.end
        touching = {start - 1, end} - self.taken
        return any(
            0 <= place < len(self.tokens)
            and (self.tokens[place].kind == "number" or any(one.start <= place < one.end for one in self.quantities))
            and self.are_together(place, start)
            and word_at(self.tokens, place + 1) != ")"
            for place in touching
        )

    def counts_another_thing(self, amount: Amount, metric: Found | None) -> bool:
        """«60 000 residents»: a noun that the coach does not know stands where the metric should."""
        end = amount.end
        if amount.quantity.kind != "count" or end >= len(self.tokens) or end in self.taken or metric is None:
            return False
        is_near = metric.start - 3 < end < metric.end or metric.start < amount.start <= metric.end + 2
        return not is_near and self.is_thing(self.tokens[end]) and not self.tokens[end].is_any(words.PEOPLE | words.NEW)

    def is_against_now(self, amount: Amount, metric: Found | None) -> bool:
        """«Сейчас 60, поднять до 40»: where things stand and the way to go do not agree."""
        leaning, way = self.leaning_near(metric, amount), self.way_from_now(amount)
        if amount.from_value is not None and amount.sign:
            way = "up" if amount.sign > 0 else "down"
        return bool(way and leaning and leaning.way in ("up", "down") and leaning.way != way)

    def is_wish_passed_over(self, amount: Amount, metric: Found | None) -> bool:
        """The chosen number is only named, and another one is wished for: «там 640 человек, чтоб была тысяча»."""
        return amount.stance != "wished" and not amount.guard and bool(self.wished_beside(amount, metric))

    def wished_beside(self, amount: Amount, metric: Found | None) -> list[Amount]:
        alike = [other for other in self.amounts if other.quantity.kind == amount.quantity.kind and other is not amount]
        wished = [other for other in alike if other.stance == "wished" and other.part != "now"]
        return [other for other in wished if self.may_be_of(other, metric) and not self.is_aside(other, metric)]

    def may_be_of(self, amount: Amount, metric: Found | None) -> bool:
        owner = self.owner_of(amount)
        return owner is None or metric is None or owner.name == metric.name

    def is_wished_by_nobody(self, amount: Amount, metric: Found | None) -> bool:
        """«9k on insta, thing is nobody comments»: a figure apart from the metric, wished for by no word or day."""
        is_plain = amount.stance != "wished" and not amount.guard and amount.part == "either"
        is_apart = metric is None or self.clauses[metric.start] != self.clauses[amount.quantity.start]
        is_wished = any(token.is_any(words.WISHES) for token in self.tokens) or self.way_from_now(amount) is not None
        return is_plain and is_apart and not is_wished and not self.leanings and self.choose_deadline() is None

    # --- the direction ------------------------------------------------------------------------------------------------

    def doubts_of_direction(
        self, direction: Direction, name: str | None, metric: Found | None, amount: Amount | None
    ) -> list[str]:
        leaning = self.leaning_near(metric, amount)
        if name is None and amount is None and not self.is_of_place(leaning):
            return ["of_nothing"]
        if amount is not None and (amount.sign or amount.from_value is not None):
            return []
        reasons = {
            "two_ways": amount is None and self.has_two_ways(),
            "held_multiple": direction == "hold"
            and amount is not None
            and amount.quantity.kind in ("times", "fraction"),
            "losing": direction != "hold" and name != "unfollows" and self.is_lost_near(amount),
            "far_hold": direction == "hold" and self.is_far_hold(leaning, metric, amount),
            "denied": leaning is not None and direction != "hold" and self.is_denied(leaning),
            "far_worse": self.is_worse(direction, name)
            and (leaning is None or self.is_elsewhere(leaning, metric, amount)),
        }
        return [reason for reason, is_so in reasons.items() if is_so]

    def is_of_place(self, leaning: Leaning | None) -> bool:
        """«Our insta should grow»: of what, is not said, but where."""
        here = self.sentences[leaning.place] if leaning else -1
        return any(self.sentences[platform.start] == here for platform in self.platforms)

    def is_far_hold(self, leaning: Leaning | None, metric: Found | None, amount: Amount | None) -> bool:
        """A word of keeping in another part of the sentence, and no bound at the number."""
        is_led = leaning is not None and leaning.way == "hold" and not self.is_pointing(leaning)
        return is_led and amount is not None and not amount.guard and self.is_elsewhere(leaning, metric, amount)

    def has_two_ways(self) -> bool:
        """«Дойти бы до 50 000, а пока держать 30 000»: to rise and to keep."""
        named = {metric.start for metric in self.metrics}
        ways = {leaning.way for leaning in self.leanings if leaning.place not in named}
        return {"up", "down"} <= ways or ("hold" in ways and bool(ways & {"up", "down", "reach"}))

    def is_pointing(self, leaning: Leaning) -> bool:
        """«CPL is $40. Keep it there»."""
        after = self.tokens[leaning.place + 1 : leaning.place + 3]
        return any(token.text in words.PRONOUNS for token in after)

    def is_lost_near(self, amount: Amount | None) -> bool:
        """«Не потерять тех 5 тысяч»: to lose and to keep are easily mistaken for each other."""
        if amount is None:
            return False
        clause = self.clauses[amount.quantity.start]
        here = [token for place, token in enumerate(self.tokens) if self.clauses[place] == clause]
        return any(token.is_any(words.LOSING) for token in here)

    def is_denied(self, leaning: Leaning) -> bool:
        """«Чтобы охваты никуда не упали»: a «not» before the word of direction that no rule has read."""
        before = range(max(0, leaning.place - 4), leaning.place)
        here = [self.tokens[at] for at in before if self.clauses[at] == self.clauses[leaning.place]]
        return leaning.way in ("up", "down") and any(token.text in words.NEGATIONS for token in here)

    def is_worse(self, direction: Direction, name: str | None) -> bool:
        """More unfollows, fewer leads: hardly anybody's goal."""
        if name is None or name == "foreign":
            return False
        return direction == ("up" if name in words.LESS_IS_BETTER else "down")

    def is_elsewhere(self, leaning: Leaning, metric: Found | None, amount: Amount | None) -> bool:
        places = ([amount.quantity.start] if amount else []) + ([metric.start] if metric else [])
        return self.clauses[leaning.place] not in {self.clauses[place] for place in places}

    # --- the metric ---------------------------------------------------------------------------------------------------

    def doubts_of_metric(self, metric: Found, amount: Amount | None) -> list[str]:
        if amount is None and self.is_wish_elsewhere(metric):
            return ["aside"]
        if amount is None and not self.leanings and self.tokens[metric.start].is_any(words.SELLING):
            return ["verb"]  # «we sell caskets»
        others = [other for other in self.metrics if other.name not in (metric.name, "foreign")]
        if not others:
            return []
        unread = [one for one in self.amounts if one.part != "now" and (one.stance == "wished" or one.guard)]
        reasons = {
            "unread": amount is None and bool(unread),
            "nearer": amount is not None and any(self.is_nearer(other, metric, amount) for other in others),
        }
        return [reason for reason, is_so in reasons.items() if is_so]

    def is_wish_elsewhere(self, metric: Found) -> bool:
        """«Хотим в инсте 15к. Следующий этап — продажи»: the number wished for stands in another sentence."""
        here = self.sentences[metric.start]
        wished = [one for one in self.amounts if one.part != "now" and (one.stance == "wished" or one.guard)]
        return here not in self.asked and any(self.sentences[one.quantity.start] != here for one in wished)

    def is_nearer(self, other: Found, metric: Found, amount: Amount) -> bool:
        """Another metric shares the number's part of the sentence, and this one does not."""
        clause = self.clauses[amount.quantity.start]
        return self.clauses[metric.start] != clause == self.clauses[other.start]

    # --- the place ----------------------------------------------------------------------------------------------------

    def is_platform_aside(self, platform: Found, metric: Found | None, amount: Amount | None) -> bool:
        """«Нужно 30 заявок. Потом обсудим и ютуб»: named after the goal, in a sentence that has no part in it."""
        anchors = [metric.start] if metric else []
        anchors += [amount.quantity.start] if amount else []
        here = self.sentences[platform.start]
        is_before = bool(anchors) and here < max(self.sentences[place] for place in anchors)
        if not anchors or here in self.asked or (is_before and platform.name != "website"):
            return False
        if here in {self.sentences[place] for place in anchors}:
            return False
        has_part = any(self.sentences[one.start] == here for one in [*self.metrics, *self.amounts])
        said = self.said_of((place for place in range(len(self.tokens)) if self.sentences[place] == here), set())
        return not has_part and len(said) > 2

    # --- the day ------------------------------------------------------------------------------------------------------

    def doubts_of_deadline(self, deadline: Moment, *, is_of_goal: bool, is_held: bool) -> list[str]:
        reasons = {
            "no_goal": not (is_of_goal or deadline.is_labelled or self.is_wished_in(deadline.start)),
            "starting": not is_held and self.is_of_start(deadline),
        }
        return [reason for reason, is_so in reasons.items() if is_so]

    def day_of_others(self) -> Moment | None:
        """The first day that was left out because its sentence is about something else."""
        ahead = [one for one in self.moments if one.role == "by" and one.day and one not in self.days_named()]
        return next((one for one in ahead if self.is_day_of_others(one)), None)

    def is_of_start(self, moment: Moment) -> bool:
        """«Старт в мае», «opening on 1 May»: a day on which something begins."""
        before = range(max(0, moment.start - 3), moment.start)
        here = [self.tokens[at] for at in before if self.clauses[at] == self.clauses[moment.start]]
        return any(token.is_any(words.STARTING) for token in here)

    # --- what to ask about --------------------------------------------------------------------------------------------

    def figures_at(self, amount: Amount, metric: Found | None) -> Iterator[Offsets]:
        """The numbers between which the coach can't tell, in the order of the text."""
        others = [*self.rivals_of(amount, metric), *self.wished_beside(amount, metric)]
        for one in sorted([amount, *others], key=lambda one: one.start):
            yield self.offsets(one.quantity.start, one.quantity.end)
