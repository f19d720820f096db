"""Which number is of which metric, and which of the pairs is the goal. What does not fit is left out."""

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from functools import cached_property

from projects.coach import words
from projects.coach.amounts import Amount
from projects.coach.dates import Moment
from projects.coach.directions import is_negated
from projects.coach.naming import FUNCTION_WORDS, Named
from projects.coach.numbers import Quantity
from projects.coach.tokens import Token
from projects.coach.words import Found

COORDINATING = {"и", "and", ",", "&", "/", "+", "или", "or", "плюс"}
SHARES = words.RATES | {"foreign", "unfollows"}
TELLING = ("past", "present")
STOPPING = {"перестать", "прекратить", "stop", "остановить"}


class Matched(Named):
    """A sentence whose numbers and metrics are paired."""

    def choose(self) -> tuple[Found | None, Amount | None]:
        """The metric whose number is most plainly wished for, else the first metric."""
        usable = [amount for amount in self.amounts if amount.part != "now"]
        owners = [(amount, self.owner_of(amount)) for amount in usable]
        found: list[tuple[Found, Amount]] = []
        for metric in self.by_wish():
            if metric.name == "posts" and (pace := self.pace_beside(metric)):
                found.append((metric, pace))
            own = [amount for amount, owner in owners if owner is metric and self.suits(amount, metric)]
            found += [(metric, self.best(own, metric))] if own else []
        if found:
            asked = [pair for pair in found if self.sentences[pair[1].quantity.start] in self.asked]
            return self.most_wished(asked or sorted(found, key=lambda pair: pair[0].name == "foreign"))
        if self.metrics and not self.is_only_told(self.by_wish()[0]):
            return self.by_wish()[0], None
        if (counted := self.people_somewhere(usable)) is not None:
            return counted
        loose = [amount for amount in usable if self.stands_alone(amount) and not self.is_of_hours(amount)]
        return None, min(loose, key=lambda amount: amount.stance != "wished", default=None)

    @cached_property
    def asked(self) -> set[int]:
        """The sentences that want something: by a wish, a word of direction, a bound, a day to be ready by."""
        places = [place for place, token in enumerate(self.tokens) if token.is_any(words.WISHES)]
        places += [leaning.place for leaning in self.leanings]
        places += [one.start for one in self.amounts if one.guard or (one.stance == "wished" and one.part != "now")]
        places += [moment.start for moment in self.moments if moment.role == "by" and moment.day]
        return {self.sentences[place] for place in places}

    def is_only_told(self, metric: Found) -> bool:
        """«Постим три раза в неделю. Хотим, чтобы о нас узнали»: the one metric is how things are, not the goal."""
        here = self.sentences[metric.start]
        numbers = [amount for amount in self.amounts if self.sentences[amount.start] == here]
        is_told = bool(numbers) and all(amount.part == "now" for amount in numbers)
        is_moved = any(self.sentences[leaning.place] == here for leaning in self.leanings)
        is_alone = self.sentences[0] == self.sentences[-1]
        return is_told and not (is_moved or is_alone or self.is_pointed_at(metric))

    def is_pointed_at(self, metric: Found) -> bool:
        """«CPL is £41. Knock a tenner off it», «2900 subscribers. Don't lose them»."""
        here = self.sentences[metric.start]
        later = [token for place, token in enumerate(self.tokens) if self.sentences[place] > here]
        return any(token.text in words.PRONOUNS for token in later)

    def most_wished(self, found: list[tuple[Found, Amount]]) -> tuple[Found, Amount]:
        """The first, unless a later clause wishes where the first only names: «14 постов в месяц. Охват x1.5»."""
        first = found[0]
        clause = self.clauses[first[1].start]
        wished = [pair for pair in found if pair[1].stance == "wished"]
        later = [pair for pair in wished if self.clauses[pair[1].start] != clause or pair[0].name == first[0].name]
        return later[0] if later and first[1].stance != "wished" else first

    def by_wish(self) -> list[Found]:
        """What is wished for comes before what is told: «Продаём окна 15 лет. Надо 80 заявок»."""
        wished = {self.clauses[place] for place, token in enumerate(self.tokens) if token.is_any(words.WISHES)}
        wished |= {self.clauses[amount.start] for amount in self.amounts if amount.stance == "wished"}
        moved = {self.clauses[leaning.place] for leaning in self.leanings if leaning.way != "reach"}
        return sorted(self.metrics, key=lambda metric: self.clauses[metric.start] not in wished | moved)

    def pace_beside(self, metric: Found) -> Amount | None:
        pace = self.pace_of_posts()
        if any(quantity.end == metric.start for quantity in self.quantities):
            return None
        return pace if pace and metric.start in (pace.end, pace.start - 1) else None

    def pace_of_posts(self) -> Amount | None:
        """«Постить каждый день», «a post once a week»: one in each."""
        for moment in self.moments:
            if self.is_once(moment):
                quantity = Quantity(Decimal(1), "count", moment.start, moment.end)
                is_moved_from = any(
                    one.part == "now" and self.are_together(one.start, moment.start) for one in self.amounts
                )
                if self.stances.of(quantity) not in ("told", "likely_told") and not is_moved_from:
                    return Amount(quantity, "level", moment.start, moment.end)
        return None

    def people_somewhere(self, usable: list[Amount]) -> tuple[Found, Amount | None] | None:
        """«Ещё 300 человек в телегу» are followers; on a website they are visits."""
        is_community = any(token.is_any(words.COMMUNITIES) for token in self.tokens)
        for amount in self.amounts:
            place = amount.quantity.end
            is_counted = place < amount.end and self.tokens[place].is_any(words.PERSONS)
            near = self.sentences[amount.start]
            is_placed = any(self.sentences[one.start] == near for one in self.platforms) or is_community
            if is_counted and is_placed and (self.platforms or is_community):
                platform = self.choose_platform(None, amount.quantity.start)
                is_site = platform and (platform.name == "website" or self.is_of_site(near))
                name = "visits" if is_site else "followers"
                meant = [one for one in usable if one is amount or self.stands_alone(one)]
                best = min(meant, key=lambda one: one.stance != "wished", default=None)
                return Found(name, place, place + 1), best
        return None

    def is_of_site(self, sentence: int) -> bool:
        """«На сайт из дзена ходит 500 человек»: people come to the site, from wherever."""
        sites = [one for one in self.platforms if one.name == "website" and self.sentences[one.start] == sentence]
        return any(not self.is_left_behind(one) for one in sites)

    def stands_alone(self, amount: Amount) -> bool:
        """Without a metric only what is plainly a goal's number counts: «+20 %», «5000 к марту»."""
        kind = amount.quantity.kind
        if kind in ("percent", "fraction", "times", "points"):
            return amount.part != "either"
        timed = {self.sentences[moment.start] for moment in self.days_named()}
        is_meant = amount.stance == "wished" or self.sentences[amount.quantity.start] in timed
        is_moved = amount.part == "delta" and any(one.way in ("up", "down") for one in self.leanings)
        is_large = amount.quantity.value > 31 or is_moved
        return kind == "count" and is_large and is_meant and self.ends_well(amount)

    def best(self, own: list[Amount], metric: Found) -> Amount:
        has_delta = any(amount.part == "delta" for amount in own)

        def rank(amount: Amount) -> tuple[bool, bool, bool, bool, bool, int]:
            is_money = amount.quantity.kind == "money" and metric.name not in words.IN_MONEY
            return (
                amount.stance != "wished",
                has_delta and amount.part == "either",  # «300 подписчиков, увеличить втрое»
                amount.is_vague,
                is_money,
                amount.part == "either" and self.distance(amount, metric) > 3,
                amount.quantity.start,
            )

        return min(own, key=rank)

    def owner_of(self, amount: Amount) -> Found | None:
        near = min(self.metrics, key=lambda metric: (self.distance(amount, metric), metric.start), default=None)
        if near is None:
            return None
        if amount.quantity.kind == "money" and near.name == "sales":
            near = self.revenue_from(near) or near
        place = self.metrics.index(near)
        while near.start < amount.quantity.start and place and self.are_joined(self.metrics[place - 1], near):
            place -= 1
            near = self.metrics[place]
        return near

    def revenue_from(self, sales: Found) -> Found | None:
        """«Revenue from shop orders by €500»: the money is of the revenue, not of what brings it."""
        for metric in self.metrics:
            between = [token.text for token in self.tokens[metric.end : sales.start]]
            is_here = self.clauses[metric.start] == self.clauses[sales.start]
            if metric.name == "revenue" and is_here and between and not COORDINATING & set(between):
                return metric
        return None

    def are_joined(self, first: Found, second: Found) -> bool:
        """«Подписчики и охват на 20 %»: the number is of both, and the first is read."""
        between = [token.text for token in self.tokens[first.end : second.start]]
        return 0 < len(between) <= 2 and any(word in COORDINATING for word in between)

    def distance(self, amount: Amount, metric: Found) -> int:
        quantity = amount.quantity
        gap = metric.start - quantity.end if quantity.end <= metric.start else quantity.start - metric.end + 1
        if quantity.kind == "minutes" and metric.name == "response_time":
            return 0
        between = self.tokens[quantity.end : metric.start]
        gap += 5 * any(token.text in COORDINATING for token in between)  # «на 20 % и посещаемость»: not of the latter
        crossed = abs(self.clauses[quantity.start] - self.clauses[metric.start])
        return max(0, gap) + 6 * crossed

    # --- does the number fit? -----------------------------------------------------------------------------------------

    def ends_well(self, amount: Amount) -> bool:
        """The number counts nothing of its own: «5000 к марту», but not «50 магазинов»."""
        if amount.end >= len(self.tokens) or amount.end in self.taken:
            return True
        return not self.is_thing(self.tokens[amount.end])

    def is_thing(self, token: Token) -> bool:
        """May the word be what a number before it counts? Verbs and little words are not."""
        is_little = token.text in FUNCTION_WORDS | words.PLEASE or token.is_any(words.MODEST | words.WISHES)
        is_verb = token.role not in ("", "noun")
        return token.kind == "word" and not (is_little or is_verb)

    def suits(self, amount: Amount, metric: Found) -> bool:
        kind, name = amount.quantity.kind, metric.name
        if self.is_far(amount, metric) or self.is_of_hours_here(amount, metric):
            return False
        if kind == "minutes":
            return name == "response_time"
        if kind == "money":
            return name in words.IN_MONEY or (name in words.COSTS and self.is_price(amount, metric))
        if kind == "count" and (
            name == "response_time" or (name in words.COSTS.values() and self.counts_people(amount))
        ):
            return False
        if kind == "percent" and amount.part == "level" and name not in SHARES | {"followers"}:
            return False
        if kind == "points":
            return name in words.RATES or name == "foreign"
        if kind == "count" and name in ("engagement_rate", "ctr", "bounce_rate", "conversion_rate"):
            return amount.quantity.value <= 100 and (amount.part != "either" or self.is_said_of(amount, metric))
        if kind == "count" and amount.part in ("either", "level"):
            return self.counts_this(amount, metric)
        if kind == "count" and not self.ends_well(amount) and not self.counts_this(amount, metric):
            return False
        if kind == "times" and self.multiplies_another(amount, metric):
            return False
        if kind in ("percent", "fraction", "times") and amount.part == "either" and not amount.guard:
            return self.is_said_of(amount, metric)
        return True

    def is_far(self, amount: Amount, metric: Found) -> bool:
        """In another sentence than its metric a number must be wished for; «с 9 до 21» there are hours."""
        if self.sentences[amount.quantity.start] == self.sentences[metric.start]:
            return False
        if self.is_of_hours(amount) or metric.name == "posts" or self.is_idle_multiple(amount):
            return True
        is_later = self.sentences[metric.start] > self.sentences[amount.quantity.start]
        if is_later and self.sentences[metric.start] not in self.asked:
            return True  # «Хотим 15 тысяч к лету. Следующий этап — продажи»
        return amount.stance != "wished" and not amount.guard

    def multiplies_another(self, amount: Amount, metric: Found) -> bool:
        """«Double meaning»: the word after it is what is doubled, unless the metric is near."""
        if amount.end >= len(self.tokens) or not self.is_thing(self.tokens[amount.end]):
            return False
        is_ahead = amount.end <= metric.start <= amount.end + 4
        return not is_ahead and self.clauses[metric.start] != self.clauses[amount.quantity.start]

    def is_idle_multiple(self, amount: Amount) -> bool:
        """«More leads! (Yes, double meaning)»: a multiple of another sentence must point back to the metric."""
        if amount.quantity.kind not in ("times", "fraction"):
            return False
        start = amount.quantity.start
        here = [token for place, token in enumerate(self.tokens) if self.are_together(place, start)]
        opens = not start or self.sentences[start - 1] != self.sentences[start]
        return not opens and not any(token.is_any(words.POINTING | words.WISHES) for token in here)

    def is_of_hours(self, amount: Amount) -> bool:
        """«С 9 до 21»: when they are open."""
        is_count = amount.from_value is not None and amount.quantity.kind == "count"
        return is_count and max(amount.from_value or 0, amount.quantity.value) <= 24

    def is_of_hours_here(self, amount: Amount, metric: Found) -> bool:
        return self.is_of_hours(amount) and self.clauses[metric.start] != self.clauses[amount.quantity.start]

    def counts_people(self, amount: Amount) -> bool:
        return amount.end > amount.quantity.end and self.tokens[amount.quantity.end].is_any(words.PERSONS)

    def is_said_of(self, amount: Amount, metric: Found) -> bool:
        """A share beside its metric, or one that is wished for where the metric is a share itself."""
        if self.distance(amount, metric) <= 3:
            return True
        return amount.stance == "wished" and metric.name in SHARES and amount.quantity.kind != "fraction"

    def is_price(self, amount: Amount, metric: Found) -> bool:
        """«Лиды по 400 рублей», «one follower should cost at most $2»."""
        counts = [other for other in self.amounts if other.quantity.kind == "count" and other.part != "now"]
        return not any(self.suits(other, metric) and other.quantity.value > 1 for other in counts)

    def counts_this(self, amount: Amount, metric: Found) -> bool:
        """A number before another noun counts that noun: «2 магазина, нужны подписчики»."""
        end = amount.end
        if end > amount.quantity.end and self.tokens[end - 1].is_any(words.PERSONS):
            return metric.name in words.OF_PERSONS
        if self.tokens[metric.start].is_any(words.SELLING) and 0 <= amount.quantity.start - metric.end <= 2:
            return True
        if amount.quantity.value == 1 and amount.quantity.multiplier == 1 and metric.name != "posts":
            return False
        is_near = self.sentences[amount.quantity.start] == self.sentences[metric.start]
        if (is_near and end <= metric.start <= end + 2) or end >= len(self.tokens) or end in self.taken:
            return True
        token = self.tokens[end]
        if not self.is_thing(token) or token.is_any(words.PEOPLE | words.NEW):
            return True
        if is_near and end + 1 in range(metric.start, metric.end + 1):
            return True
        return any(found.start == end for found in self.platforms) or (metric.start < end and amount.part == "level")

    # --- by when ------------------------------------------------------------------------------------------------------

    def choose_deadline(self, near: Amount | Found | None = None) -> Moment | None:
        """A day to be ready by before a period to be ready in; the number's own clause before the others."""
        clause = self.clauses[near.start] if near else 0

        def rank(moment: Moment) -> tuple[bool, bool, bool]:
            return moment.role != "by", self.clauses[moment.start] != clause, not moment.is_exact

        return min(self.days_named(), key=rank, default=None)

    def days_named(self) -> list[Moment]:
        """Days to be ready by; periods only where the sentence speaks of a goal («the invoice for October»)."""
        places = [one.start for one in self.metrics] + [one.start for one in self.amounts if one.part != "now"]
        places += [one.place for one in self.leanings]
        goals, told = {self.sentences[place] for place in places}, self.told_clauses()
        timed = [one for one in self.moments if one.day and self.clauses[one.start] not in told]
        timed = [one for one in timed if self.sentences[one.start] in goals or not self.is_day_of_others(one)]
        return [one for one in timed if one.role == "by" or (one.role == "in" and self.sentences[one.start] in goals)]

    def is_day_of_others(self, moment: Moment) -> bool:
        """«Договор подписан на 6 месяцев»: a sentence about something else, in which nobody wishes for anything."""
        here = [place for place in range(len(self.tokens)) if self.are_together(place, moment.start)]
        timed = {place for one in self.moments for place in range(one.start, one.end)}
        return len(self.said_of(here, timed)) > 1 and not (moment.is_labelled or self.is_wished_in(moment.start))

    def said_of(self, places: Iterable[int], taken: set[int]) -> list[Token]:
        """The words that say something, of those that stand there."""
        little = FUNCTION_WORDS | words.PLEASE | words.OF_DAYS
        rest = [self.tokens[place] for place in places if place not in taken]
        return [token for token in rest if token.kind == "word" and token.text not in little]

    def is_wished_in(self, place: int) -> bool:
        return any(token.is_any(words.WISHES) for at, token in enumerate(self.tokens) if self.are_together(at, place))

    def told_clauses(self) -> set[int]:
        """Clauses whose every number is told: their times are no deadlines («потеряли 400 подписчиков за месяц»)."""
        told = {self.clauses[amount.start] for amount in self.amounts if amount.stance == "told"}
        return told - {self.clauses[amount.start] for amount in self.amounts if amount.part != "now"}

    # --- metrics that a number turns into another ---------------------------------------------------------------------

    def as_cost(self, metric: Found, amount: Amount | None) -> Found:
        """«Подписчик не дороже 50 рублей» is about the price of a follower."""
        if metric.name not in words.COSTS:
            return metric
        is_money = amount is not None and amount.quantity.kind == "money"
        others = {place for other in self.metrics if other is not metric for place in range(other.start, other.end)}
        near = range(max(0, metric.start - 4), min(metric.end + 4, len(self.tokens)))
        near = [place for place in near if self.clauses[place] == self.clauses[metric.start] and place not in others]
        is_dear = any(self.tokens[place].is_any(words.DEAR) for place in near)
        is_money = is_money or self.is_paid_for(metric)
        is_counted = amount is not None and amount.quantity.kind == "count" and not self.has_price(metric)
        return replace(metric, name=words.COSTS[metric.name]) if is_money or (is_dear and not is_counted) else metric

    def is_paid_for(self, metric: Found) -> bool:
        """«600 за лид», «2.50 per click»: a price without its currency."""
        is_led = metric.start > 0 and self.tokens[metric.start - 1].text in ("за", "per")
        return is_led and any(one.end == metric.start - 1 and one.kind == "count" for one in self.quantities)

    def has_price(self, metric: Found) -> bool:
        """«Подписчики стоят по 60 рублей, хотим 40»."""
        told = [amount for amount in self.amounts if amount.part == "now" and amount.quantity.kind == "money"]
        return any(self.owner_of(amount) is metric for amount in told)

    def as_loss(self, metric: Found, amount: Amount | None) -> Found:
        """«Не терять больше 50 подписчиков» is about those who leave; «не терять подписчиков» about those who stay."""
        if (amount is None or not amount.guard) and self.is_kept(metric):
            return replace(metric, name="followers")
        if amount is not None and self.is_floor(amount):
            return metric
        before = self.tokens[max(0, metric.start - 6) : metric.start]
        is_lost = any(token.is_any(words.LOSING) for token in before) or any(
            token.is_any(words.LEAVING) and self.clauses[place] == self.clauses[metric.start]
            for place, token in enumerate(self.tokens)
        )
        is_lost = is_lost and metric.name == "followers"
        return replace(metric, name="unfollows") if is_lost else metric

    def is_not_to_be_lost(self, metric: Found) -> bool:
        """«Не растерять охваты»: what is lost stands in the same clause."""
        if metric.name in words.LESS_IS_BETTER:
            return False
        here = [place for place in range(metric.start) if self.clauses[place] == self.clauses[metric.start]]
        is_told = any(self.tokens[place].text in words.SUBJECTS for place in here)  # «we never lose leads»
        lost = [place for place in here if self.tokens[place].is_any(words.LOSING)]
        is_wished = any(is_negated(self.tokens, place) and self.tokens[place].role not in TELLING for place in lost)
        return is_wished and not is_told

    def is_floor(self, amount: Amount) -> bool:
        """«Терять нельзя: подписчиков не меньше 8 200»: at least so many stay, and do not leave."""
        said = self.tokens[amount.start : amount.end]
        return amount.guard == "hard" and any(token.text in words.FLOORS for token in said)

    def is_kept(self, metric: Found) -> bool:
        """«Главное не терять подписчиков», «don't lose any of our followers»."""
        near = list(range(max(0, metric.start - 5), metric.end))
        near += [place for place in range(metric.end, len(self.tokens)) if self.are_together(place, metric.start)]
        near += [
            place for place in range(metric.end, len(self.tokens) - 1) if self.tokens[place + 1].text in words.PRONOUNS
        ]
        lost = next((place for place in near if self.tokens[place].is_any(words.LOSING)), None)
        if lost is None or metric.name not in ("followers", "unfollows"):
            return False
        after = [token.text for token in self.tokens[lost + 1 : lost + 2]]
        return (is_negated(self.tokens, lost) or after == ["no"]) and not self.is_stopping(lost)

    def are_together(self, one: int, other: int) -> bool:
        return self.sentences[one] == self.sentences[other]

    def is_stopping(self, place: int) -> bool:
        return place > 0 and self.tokens[place - 1].is_any(STOPPING)
