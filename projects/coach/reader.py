"""Puts the parts together: which metric, where, which way, by how much, by when. Unsure is None."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Literal

from projects.coach import words
from projects.coach.amounts import Amount, Weighing, clauses_of, sentences_of
from projects.coach.dates import Moment, find_moments
from projects.coach.directions import Direction, Leaning, find_leanings, is_negated
from projects.coach.numbers import Quantity
from projects.coach.tokens import Token, tokenise
from projects.coach.words import Found, words_of

Kind = Literal["relative", "absolute", "target"]
Offsets = tuple[int, int]

ADDRESSES = {
    "instagram.com": "instagram",
    "facebook.com": "facebook",
    "vk.com": "vk",
    "vk.ru": "vk",
    "t.me": "telegram",
    "youtube.com": "youtube",
    "youtu.be": "youtube",
    "tiktok.com": "tiktok",
    "ok.ru": "ok",
    "dzen.ru": "dzen",
    "linkedin.com": "linkedin",
    "pinterest.com": "pinterest",
    "threads.net": "threads",
}
#: Numbers of these are what the website's own counter shows, wherever the people came from.
OF_WEBSITE = {"visits", "bounce_rate", "conversion_rate"}
#: A goal is a sentence or a paragraph: what stands after so many words is not read, and time stays bounded.
LONGEST = 500
COORDINATING = {"и", "and", ",", "&", "/", "+", "или", "or", "плюс"}


@dataclass(frozen=True, slots=True)
class Change:
    """`value` is in percent when `kind` is relative, else in the metric's own unit (minutes for a response time)."""

    kind: Kind
    value: Decimal


@dataclass(frozen=True, slots=True)
class Reading:
    """What the sentence says, with the places of the words relied on; `notes` are codes of what is odd about it."""

    metric: str | None = None
    platform: str | None = None
    direction: Direction | None = None
    change: Change | None = None
    deadline: date | None = None
    metric_at: Offsets | None = None
    change_at: Offsets | None = None
    deadline_at: Offsets | None = None
    from_value: Decimal | None = None
    notes: tuple[str, ...] = ()


def read(text: str, today: date) -> Reading:
    """Read a goal as of `today`. Never raises on any text."""
    return Sentence(tokenise(text)[:LONGEST], today).read()


class Sentence:
    """One goal as tokens, and everything found in it."""

    def __init__(self, tokens: Sequence[Token], today: date):
        self.tokens, self.today = tokens, today
        self.phrases = words.find_phrases("metrics", tokens)
        nouns = {found.start for found in self.phrases}
        nouns |= {place for place, token in enumerate(tokens) if token.is_any(words.PEOPLE)}
        self.moments = find_moments(tokens, today, nouns)
        self.clauses, self.sentences = clauses_of(tokens), sentences_of(tokens)
        weighing = Weighing(tokens, self.moments, self.clauses)
        self.taken, self.quantities, self.stances = weighing.taken, weighing.quantities, weighing.stances
        self.amounts = [amount for amount in weighing.amounts() if amount.part != "none"]
        self.metrics = sorted(self.proper_metrics(self.phrases, weighing.quantities), key=lambda found: found.start)
        idle = {place for phrase in self.phrases if not phrase.name for place in range(phrase.start, phrase.end)}
        self.leanings = find_leanings(tokens, self.amounts, self.taken | idle)

    def read(self) -> Reading:
        if not self.tokens:
            return Reading()
        metric, amount = self.choose()
        if metric and metric.name == "posts" and amount is None:
            amount = self.pace_of_posts()
        if metric:
            metric = self.as_loss(self.as_cost(metric, amount), amount)
        name = metric.name if metric else None
        deadline = self.choose_deadline(amount or metric)
        direction = self.direction_of(name, metric, amount, deadline)
        if amount and self.is_inventory(name, amount, deadline):
            amount = direction = None
        change = None if amount and self.is_doubtful(amount, metric) else self.change_of(name, amount, direction)
        if change is None and direction != "hold" and amount is not None and not amount.is_vague:
            amount = None
        if direction == "hold" and deadline and amount and self.is_pace(deadline, amount):
            deadline = None
        started = self.start_of_level(direction, change, deadline, amount)
        if started:
            deadline = started
            direction = self.held_from_start(direction, metric, amount)
        platform = self.choose_platform(name, amount.quantity.start if amount else metric.start if metric else 0)
        is_ours = name is not None and name != "foreign"
        return Reading(
            metric=name if is_ours else None,
            platform=platform.name if platform else None,
            direction=direction,
            change=change,
            deadline=deadline.day if deadline else None,
            metric_at=self.span_of_metric(metric, platform) if is_ours and metric else None,
            change_at=self.offsets(amount.start, amount.end) if amount and change else None,
            deadline_at=self.offsets(deadline.start, deadline.end) if deadline else None,
            from_value=amount.from_value if amount and change else None,
            notes=self.notes(name, metric, amount, change, deadline),
        )

    # --- the metric and its number ------------------------------------------------------------------------------------

    def proper_metrics(self, phrases: list[Found], quantities: list[Quantity]) -> list[Found]:
        found = [phrase for phrase in phrases if phrase.name and self.is_metric(phrase)]
        found = [self.as_video(phrase) for phrase in found if not self.is_step_of_conversion(phrase, found)]
        covered = {place for phrase in phrases for place in range(phrase.start, phrase.end)}
        found = [phrase for phrase in found if not self.is_object_of(phrase, found)]
        found = [phrase for phrase in found if not self.is_dismissed(phrase)] or found
        return found + self.find_posts(covered, quantities)

    def is_step_of_conversion(self, phrase: Found, found: list[Found]) -> bool:
        """«Конверсия из подписчика в покупателя»: the steps are no metrics of their own."""
        for other in found:
            gap = self.tokens[other.end : phrase.start]
            if (
                other.name == "conversion_rate"
                and 0 < len(gap) <= 4
                and gap[0].text in ("из", "from", "в", "to", "into", "of")
            ):
                return all(token.kind == "word" for token in gap)
        return False

    def is_dismissed(self, phrase: Found) -> bool:
        """«Не нужны подписчики, нужны заявки», «not followers but leads», «we don't care about likes»."""
        near = [place for place in range(max(0, phrase.start - 4), phrase.start)]
        near = [place for place in near if self.clauses[place] == self.clauses[phrase.start]]
        said = " ".join(self.tokens[place].text for place in near)
        return said.endswith(DISMISSALS) or any(f"{words} " in f"{said} " for words in DISMISSING)

    def is_object_of(self, phrase: Found, found: list[Found]) -> bool:
        """«Время реакции на комментарии» is about the time, «вовлечённость аудитории» about the engagement."""
        is_russian = self.tokens[phrase.start].role == "noun"
        return any(
            (
                other.end == phrase.start - 1
                and self.tokens[other.end].text in ("на", "of", "on", "to", "for", "per", "под")
            )
            or (is_russian and self.tokens[other.start].role == "noun" and self.are_adjacent(other, phrase))
            for other in found
        )

    def are_adjacent(self, first: Found, second: Found) -> bool:
        """Nothing but a space between: a colon starts anew."""
        return first.end == second.start and self.tokens[second.start].start - self.tokens[first.end - 1].end == 1

    def is_metric(self, phrase: Found) -> bool:
        """«Reach 10k followers» and «the response was» name a verb, «2028» no year."""
        token = self.tokens[phrase.start]
        if phrase.name == "reach" and token.text in ("reach", "reaches", "reached", "reaching"):
            return not self.is_verb_of_arriving(phrase)
        return phrase.start not in self.taken

    def is_verb_of_arriving(self, phrase: Found) -> bool:
        if phrase.end >= len(self.tokens):
            return False
        after = self.tokens[phrase.end]
        if after.text == "to" and phrase.end + 1 < len(self.tokens) and self.tokens[phrase.end + 1].kind == "word":
            return any(quantity.start == phrase.end + 1 for quantity in self.quantities)  # «reach to go up»
        if after.kind == "number" or after.text in words.REACH_VERB_NEXT or after.text in ("$", "€", "£"):
            later = self.tokens[phrase.end : phrase.end + 5]
            return not any(token.is_any(words.PEOPLE | {"households"}) for token in later)
        counts = [amount.quantity for amount in self.amounts if amount.quantity.kind == "count"]
        return any(count.start == phrase.end for count in counts)

    def as_video(self, phrase: Found) -> Found:
        is_video = phrase.name == "views" and any(token.is_any(words.VIDEO_WORDS) for token in self.tokens)
        return replace(phrase, name="video_views") if is_video else phrase

    def find_posts(self, covered: set[int], quantities: list[Quantity]) -> list[Found]:
        """Posts are a metric when they are counted or paced; else they are where the other numbers happen."""
        is_paced = any(moment.role == "rate" for moment in self.moments)
        ends = {quantity.end for quantity in quantities if quantity.kind == "count"}
        found = []
        for place, token in enumerate(self.tokens):
            if place in covered or token.kind != "word":
                continue
            is_counted = place in ends or (place - 1 in ends and self.is_adjective(place - 1))
            if (
                (token.is_any(words.POST_WORDS) and (is_counted or self.is_published(place, is_paced)))
                or (token.is_any(words.POST_WORDS) and is_paced and self.is_beside_pace(place))
                or (is_paced and token.is_any(words.STRICT_POST_VERBS) and not self.is_place_of_others(place))
            ):
                found.append(Found("posts", place, place + 1))
        return found

    def is_beside_pace(self, place: int) -> bool:
        """«Раз в неделю пост», «posts daily»."""
        rates = [moment for moment in self.moments if moment.role == "rate" and self.is_once(moment)]
        return any(place in (moment.end, moment.start - 1) for moment in rates)

    def is_once(self, moment: Moment) -> bool:
        said = {token.text for token in self.tokens[moment.start : moment.end]}
        is_one = moment.is_daily or bool(said & ONCE)
        return moment.role == "rate" and is_one and not any(word.isdigit() for word in said)

    def is_adjective(self, place: int) -> bool:
        token = self.tokens[place]
        return token.kind == "word" and token.text not in FUNCTION_WORDS

    def is_published(self, place: int, is_paced: bool) -> bool:
        if self.is_place_of_others(place) or any(found.end == place for found in self.phrases):
            return False
        before = self.tokens[max(0, place - 3) : place]
        if any(token.text in words.POST_COUNTS or token.is_any(set(words.POST_COUNTS)) for token in before):
            return True
        return is_paced and not any(found.start < place for found in self.phrases)

    def is_place_of_others(self, place: int) -> bool:
        """«Likes per post», «под каждым постом»."""
        before = [token.text for token in self.tokens[max(0, place - 2) : place]]
        return any(
            word in ("per", "every", "each", "под", "на", "under", "на", "каждым", "каждом", "a", "our")
            for word in before
        )

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
            return self.most_wished(found)
        if self.metrics and not self.is_only_told(self.by_wish()[0]):
            return self.by_wish()[0], None
        if (counted := self.people_somewhere(usable)) is not None:
            return counted
        loose = [amount for amount in usable if self.stands_alone(amount)]
        return None, min(loose, key=lambda amount: amount.stance != "wished", default=None)

    def is_only_told(self, metric: Found) -> bool:
        """«Постим три раза в неделю. Хотим, чтобы о нас узнали»: the one metric is how things are, not the goal."""
        here = self.sentences[metric.start]
        numbers = [amount for amount in self.amounts if self.sentences[amount.start] == here]
        is_told = bool(numbers) and all(amount.part == "now" for amount in numbers)
        is_moved = any(self.sentences[leaning.place] == here for leaning in self.leanings)
        return is_told and not is_moved and self.sentences[0] != self.sentences[-1]

    def most_wished(self, found: list[tuple[Found, Amount]]) -> tuple[Found, Amount]:
        """The first, unless a later clause wishes where the first only names: «14 постов в месяц. Охват x1.5»."""
        first = found[0]
        clause = self.clauses[first[1].start]
        later = [pair for pair in found if pair[1].stance == "wished" and self.clauses[pair[1].start] != clause]
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
                if self.stances.of(quantity) not in ("told", "likely_told"):
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
                name = "visits" if platform and platform.name == "website" else "followers"
                meant = [one for one in usable if one is amount or self.stands_alone(one)]
                best = min(meant, key=lambda one: one.stance != "wished", default=None)
                return Found(name, place, place + 1), best
        return None

    def stands_alone(self, amount: Amount) -> bool:
        """Without a metric only what is plainly a goal's number counts: «+20 %», «5000 к марту»."""
        kind = amount.quantity.kind
        if kind in ("percent", "fraction", "times", "points"):
            return amount.part != "either"
        is_meant = amount.stance == "wished" or self.choose_deadline() is not None
        return kind == "count" and amount.quantity.value > 31 and is_meant and self.ends_well(amount)

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
        place = self.metrics.index(near)
        while near.start < amount.quantity.start and place and self.are_joined(self.metrics[place - 1], near):
            place -= 1
            near = self.metrics[place]
        return near

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

    def suits(self, amount: Amount, metric: Found) -> bool:
        kind, name = amount.quantity.kind, metric.name
        if self.is_far(amount, metric):
            return False
        if kind == "minutes":
            return name == "response_time"
        if kind == "money":
            return name in words.IN_MONEY or (name in words.COSTS and self.is_price(amount, metric))
        if kind == "count" and (
            name == "response_time" or (name in words.COSTS.values() and self.counts_people(amount))
        ):
            return False
        if kind == "percent" and amount.part == "level" and not amount.guard and name not in SHARES:
            return False
        if kind == "points":
            return name in words.RATES or name == "foreign"
        if kind == "count" and name in ("engagement_rate", "ctr", "bounce_rate", "conversion_rate"):
            return amount.quantity.value <= 100 and (amount.part != "either" or self.is_said_of(amount, metric))
        if kind == "count" and amount.part in ("either", "level"):
            return self.counts_this(amount, metric)
        if kind == "count" and not self.ends_well(amount) and not self.counts_this(amount, metric):
            return False
        if kind in ("percent", "fraction", "times") and amount.part == "either" and not amount.guard:
            return self.is_said_of(amount, metric)
        return True

    def is_far(self, amount: Amount, metric: Found) -> bool:
        """In another sentence than its metric a number must be wished for; «с 9 до 21» there are hours."""
        if self.sentences[amount.quantity.start] == self.sentences[metric.start]:
            return False
        return self.is_of_hours(amount) or metric.name == "posts" or (amount.stance != "wished" and not amount.guard)

    def is_of_hours(self, amount: Amount) -> bool:
        """«С 9 до 21»: when they are open."""
        is_count = amount.from_value is not None and amount.quantity.kind == "count"
        return is_count and max(amount.from_value or 0, amount.quantity.value) <= 24

    def counts_people(self, amount: Amount) -> bool:
        return amount.end > amount.quantity.end and self.tokens[amount.quantity.end].is_any(words.PERSONS)

    def is_said_of(self, amount: Amount, metric: Found) -> bool:
        """A share beside its metric, or one that is wished for where the metric is a share itself."""
        if self.distance(amount, metric) <= 3:
            return True
        return amount.stance == "wished" and metric.name in words.RATES and amount.quantity.kind != "fraction"

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
        if end <= metric.start <= end + 2 or end >= len(self.tokens) or end in self.taken:
            return True
        token = self.tokens[end]
        if not self.is_thing(token) or token.is_any(words.PEOPLE | words.NEW):
            return True
        if end + 1 in range(metric.start, metric.end + 1):
            return True
        return any(found.start == end for found in self.platforms) or (metric.start < end and amount.part == "level")

    def as_cost(self, metric: Found, amount: Amount | None) -> Found:
        """«Подписчик не дороже 50 рублей» is about the price of a follower."""
        if metric.name not in words.COSTS:
            return metric
        is_money = amount is not None and amount.quantity.kind == "money"
        others = {place for other in self.metrics if other is not metric for place in range(other.start, other.end)}
        near = range(max(0, metric.start - 4), min(metric.end + 4, len(self.tokens)))
        near = [place for place in near if self.clauses[place] == self.clauses[metric.start] and place not in others]
        is_dear = any(self.tokens[place].is_any(words.DEAR) for place in near)
        is_counted = amount is not None and amount.quantity.kind == "count" and not self.has_price(metric)
        return replace(metric, name=words.COSTS[metric.name]) if is_money or (is_dear and not is_counted) else metric

    def has_price(self, metric: Found) -> bool:
        """«Подписчики стоят по 60 рублей, хотим 40»."""
        told = [amount for amount in self.amounts if amount.part == "now" and amount.quantity.kind == "money"]
        return any(self.owner_of(amount) is metric for amount in told)

    def as_loss(self, metric: Found, amount: Amount | None) -> Found:
        """«Не терять больше 50 подписчиков» is about those who leave; «не терять подписчиков» about those who stay."""
        if amount is None and self.is_kept(metric):
            return replace(metric, name="followers")
        before = self.tokens[max(0, metric.start - 6) : metric.start]
        is_lost = any(token.is_any(words.LOSING) for token in before) or any(
            token.is_any(words.LEAVING) and self.clauses[place] == self.clauses[metric.start]
            for place, token in enumerate(self.tokens)
        )
        is_lost = is_lost and metric.name == "followers"
        return replace(metric, name="unfollows") if is_lost else metric

    def is_kept(self, metric: Found) -> bool:
        """«Главное не терять подписчиков», «don't lose any of our followers»."""
        near = [place for place in range(max(0, metric.start - 5), metric.end)]
        near += range(metric.end, min(metric.end + 5, len(self.tokens)))
        lost = next((place for place in near if self.tokens[place].is_any(words.LOSING)), None)
        is_theirs = metric.name in ("followers", "unfollows") and lost is not None
        return is_theirs and is_negated(self.tokens, lost) and not self.is_stopping(lost)

    def is_stopping(self, place: int) -> bool:
        return place > 0 and self.tokens[place - 1].is_any(STOPPING)

    # --- which way ----------------------------------------------------------------------------------------------------

    def direction_of(
        self, name: str | None, metric: Found | None, amount: Amount | None, deadline: Moment | None
    ) -> Direction | None:
        if metric and name == "followers" and self.is_kept(metric):
            return "hold"
        better: Direction = "down" if name in words.LESS_IS_BETTER else "up"
        leaning = self.leaning_near(metric, amount)
        if leaning and amount and self.is_overruled(leaning, amount, metric, better):
            leaning = None
        if amount and amount.from_value is not None and amount.sign:
            return "up" if amount.sign > 0 else "down"
        if amount and amount.sign:
            return "up" if amount.sign > 0 else "down"
        if leaning and leaning.way in ("up", "down"):
            return leaning.way
        if leaning and leaning.way == "better":
            return better
        if leaning and leaning.way == "faster":
            return "down" if name == "response_time" else "up"
        if leaning and leaning.way == "hold":
            return "hold"
        if amount is None:
            return None
        return self.direction_of_level(name, amount, deadline, better, leaning)

    def is_overruled(self, leaning: Leaning, amount: Amount, metric: Found | None, better: Direction) -> bool:
        """A word of another clause says less than the number's own bound, and little where it is not of the metric.

        «Stop posting memes, I need 30 bookings» brings no bookings down.
        """
        if self.clauses[leaning.place] == self.clauses[amount.quantity.start] or leaning.way not in ("up", "down"):
            return False
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
            return "hold"
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
            if not strong:
                near = {self.sentences[anchor] for anchor in anchors}
                found = [one for one in found if self.sentences[one.place] in near]
            if found:
                return found[0]
        return None

    # --- by how much --------------------------------------------------------------------------------------------------

    def change_of(self, name: str | None, amount: Amount | None, direction: Direction | None) -> Change | None:
        if amount is None or amount.is_vague or direction is None:
            return None
        quantity = amount.quantity
        if quantity.kind == "times":
            return times_change(quantity.value, direction)
        if quantity.kind == "fraction":
            return Change("relative", quantity.value) if quantity.value > 0 else None
        if quantity.kind == "points":
            return Change("absolute" if amount.part != "level" else "target", quantity.value)
        if quantity.kind == "percent":
            return self.percent_change(name, amount, direction)
        if amount.part == "delta" or self.is_addition(name, amount):
            return Change("absolute", quantity.value)
        return Change("target", quantity.value)

    def percent_change(self, name: str | None, amount: Amount, direction: Direction) -> Change | None:
        value = amount.quantity.value
        if amount.from_value is not None or (amount.guard in ("hard", "soft") and amount.part == "level"):
            return Change("target", value)
        is_share = name in words.RATES or name == "foreign"
        if amount.part == "delta":
            return Change("relative", value)
        if direction == "hold" or (is_share and amount.part in ("level", "either")):
            return Change("target", value)
        return Change("relative", value) if amount.part == "either" else Change("target", value)

    def is_inventory(self, name: str | None, amount: Amount, deadline: Moment | None) -> bool:
        """«В канале 6300 подписчиков»: where they are counted stands first, and nothing is wished of them."""
        is_asked = amount.stance == "wished" or amount.guard or amount.part != "either" or deadline or self.leanings
        before = self.tokens[amount.start - 1] if amount.start else None
        is_place = before is not None and before.text.endswith(("е", "и", "х", "ах")) and before.role in ("noun", "")
        led = any(token.text in ("в", "во", "на") for token in self.tokens[max(0, amount.start - 3) : amount.start - 1])
        return name == "followers" and not is_asked and is_place and led

    def is_addition(self, name: str | None, amount: Amount) -> bool:
        """«Привлечь 500 подписчиков» adds to those there are; «получить 100 заявок» is the level of a period."""
        if name != "followers" or (amount.part == "level" and amount.guard == "" and not amount.is_new):
            return False
        adding = any(token.is_any(words.ADDING) for token in self.tokens)
        return amount.is_new or adding

    def is_doubtful(self, amount: Amount, metric: Found | None) -> bool:
        """Two plain numbers of one metric, or a figure whose thousands may have been left out."""
        return self.has_rivals(amount, metric) or self.may_be_thousands(amount)

    def has_rivals(self, amount: Amount, metric: Found | None) -> bool:
        """Nothing says which of the two is meant: «6300 подписчиков, 7500 подписчиков»."""
        if metric is None or amount.stance == "wished" or amount.guard:
            return False
        return any(
            other is not amount
            and other.stance == amount.stance
            and (other.part, other.quantity.kind) == (amount.part, amount.quantity.kind)
            and other.quantity.value != amount.quantity.value
            and not other.guard
            and not 2000 <= other.quantity.value < 2100
            and self.owner_of(other) is metric
            and self.suits(other, metric)
            for other in self.amounts
        )

    def may_be_thousands(self, amount: Amount) -> bool:
        """«Было 5 тысяч, стало 4, вернуть 5»: five, or five thousand?"""
        if amount.quantity.kind != "count" or amount.quantity.multiplier > 1 or amount.part == "delta":
            return False
        told = [
            other for other in self.amounts if other.part == "now" and self.owner_of(other) is self.owner_of(amount)
        ]
        told = [other for other in told if self.is_baseline(other, amount)]
        great = [other for other in told if amount.quantity.value * 20 < other.quantity.value]
        return len(great) == len(told) and any(other.quantity.multiplier >= 1000 for other in great)

    # --- by when and where --------------------------------------------------------------------------------------------

    def choose_deadline(self, near: Amount | Found | None = None) -> Moment | None:
        """A day to be ready by before a period to be ready in; the number's own clause before the others."""
        clause = self.clauses[near.start] if near else 0

        def rank(moment: Moment) -> tuple[bool, bool, bool]:
            return moment.role != "by", self.clauses[moment.start] != clause, not moment.is_exact

        return min(self.days_named(), key=rank, default=None)

    def days_named(self) -> list[Moment]:
        """Days to be ready by; periods only where the sentence speaks of a goal («the invoice for October»)."""
        places = [one.start for one in [*self.metrics, *self.amounts]] + [one.place for one in self.leanings]
        goals, told = {self.sentences[place] for place in places}, self.told_clauses()
        timed = [one for one in self.moments if one.day and self.clauses[one.start] not in told]
        return [one for one in timed if one.role == "by" or (one.role == "in" and self.sentences[one.start] in goals)]

    def told_clauses(self) -> set[int]:
        """Clauses whose every number is told: their times are no deadlines («потеряли 400 подписчиков за месяц»)."""
        told = {self.clauses[amount.start] for amount in self.amounts if amount.stance == "told"}
        return told - {self.clauses[amount.start] for amount in self.amounts if amount.part != "now"}

    def is_pace(self, deadline: Moment, amount: Amount) -> bool:
        """«Не меньше миллиона за квартал»: a level to keep is counted in each."""
        said = [token.text for token in self.tokens[deadline.start : deadline.end]]
        return said[0] in ("за", "per") and len(said) == 2 and amount.guard != ""

    def start_of_level(
        self, direction: Direction | None, change: Change | None, deadline: Moment | None, amount: Amount | None
    ) -> Moment | None:
        if deadline or change is None or (change.kind != "target" and direction != "hold"):
            return None
        starts = (one for one in self.moments if one.role == "from" and one.day and one.day >= self.today)
        return next((moment for moment in starts if direction == "hold" or self.is_beside(moment, amount)), None)

    def is_beside(self, moment: Moment, amount: Amount | None) -> bool:
        return amount is not None and self.clauses[moment.start] == self.clauses[amount.quantity.start]

    def held_from_start(
        self, direction: Direction | None, metric: Found | None, amount: Amount | None
    ) -> Direction | None:
        """A level that holds from a day on, unless the words say that it rises or falls to it."""
        leaning = self.leaning_near(metric, amount)
        is_moving = leaning is not None and leaning.way in ("up", "down", "better", "faster")
        return direction if is_moving or (amount and amount.sign) else "hold"

    @cached_property
    def platforms(self) -> list[Found]:
        found = [one for one in words.find_phrases("platforms", self.tokens) if self.is_platform(one)]
        named = {one.start for one in found}
        found += [one for one in self.find_abbreviations() if one.start not in named]
        for place, token in enumerate(self.tokens):
            if token.kind == "address":
                found += [Found(name, place, place + 1) for host, name in ADDRESSES.items() if host in token.text]
        return sorted(found, key=lambda one: one.start)

    def find_abbreviations(self) -> list[Found]:
        """«MAX», «OK» in capitals where the rest is not: «through OK», «OK group», «MAX: 3 posts a week»."""
        found = []
        for place, token in enumerate(self.tokens):
            name = {"max": "max", "ok": "ok", "ок": "ok"}.get(token.text)
            if name and token.case == "capitals" and self.is_named(place):
                found.append(Found(name, place, place + 1))
        return found

    def is_named(self, place: int) -> bool:
        if sum(token.case == "capitals" for token in self.tokens) > 3:
            return False
        near = self.tokens[max(0, place - 1) : place] + self.tokens[place + 1 : place + 2]
        if self.tokens[place].text == "max":
            return not any(token.kind == "number" or token.text in "$€₽£%" for token in near)
        return place > 0 and self.tokens[place - 1].text in LEADING_TO_PLACE

    def is_platform(self, found: Found) -> bool:
        """«2x followers» is no Twitter; «не в инсте» is not Instagram."""
        before = self.tokens[found.start - 1] if found.start else None
        if before and before.kind == "number" and before.end == self.tokens[found.start].start:
            return False
        near = [token.text for token in self.tokens[max(0, found.start - 2) : found.start]]
        return not {"не", "not", "кроме", "except", "instead"} & set(near)

    def choose_platform(self, name: str | None, anchor: int) -> Found | None:
        """The platform said nearest by clause to the number or the metric."""
        found = sorted(self.platforms, key=lambda one: abs(self.clauses[one.start] - self.clauses[anchor]))
        if name in OF_WEBSITE and (site := next((one for one in found if one.name == "website"), None)):
            return site
        social = [one for one in found if one.name != "website"]
        arriving = [one for one in social if not self.is_left_behind(one)]
        return next(iter(arriving or social or found), None)

    def is_left_behind(self, found: Found) -> bool:
        """«Из инсты в телегу»: the goal is where people arrive."""
        near = [token.text for token in self.tokens[max(0, found.start - 1) : found.start]]
        return bool({"из", "from", "off", "с", "со"} & set(near))

    # --- what was relied on -------------------------------------------------------------------------------------------

    def offsets(self, start: int, end: int) -> Offsets:
        return self.tokens[start].start, self.tokens[end - 1].end

    def span_of_metric(self, metric: Found, platform: Found | None) -> Offsets:
        """The metric, and the platform when it stands next to it."""
        start, end = metric.start, metric.end
        if platform and 0 <= platform.start - end <= 2 and self.is_free(end, platform.end):
            end = platform.end
        return self.offsets(start, end)

    def is_free(self, start: int, end: int) -> bool:
        counted = any(amount.start < end and amount.end > start for amount in self.amounts)
        return not counted and self.taken.isdisjoint(range(start, end))

    def notes(
        self,
        name: str | None,
        metric: Found | None,
        amount: Amount | None,
        change: Change | None,
        deadline: Moment | None,
    ) -> tuple[str, ...]:
        others = {found.name for found in self.metrics if metric and found.start != metric.start} - {name, "foreign"}
        platforms = {found.name for found in self.platforms} - {"website"}
        wishes = {
            "two_metrics": bool(others) and name is not None,
            "two_platforms": len(platforms) > 1,
            "range": change is None and any(one.is_vague for one in self.amounts),
            "foreign_metric": name == "foreign",
            "vague_deadline": deadline is None and any(moment.role == "vague" for moment in self.moments),
            "past_deadline": deadline is None
            and any(moment.role == "past" and moment.day and moment.day < self.today for moment in self.moments),
            "guaranteed": any(token.is_any(GUARANTEES) for token in self.tokens),
        }
        return tuple(code for code, is_so in wishes.items() if is_so)


LEADING_TO_PLACE = words_of("in on through via from to for our into at в на для из через с по наш наша в_ the and и")
#: Before a metric these say that it is not the goal: right before it …
DISMISSALS = ("не", "not", "instead of", "вместо", "forget", "rather than", "not about", "not for")
#: … and with little words between.
DISMISSING = (
    "не нужны", "не нужен", "не нужно", "не нужна", "не важны", "не важен", "не важно", "не интересуют", "не интересует",
    "плевать на", "все равно на", "не ради", "don't care about", "not interested in", "don't need", "do not need",
    "don't want", "do not care", "никаких", "неважно сколько", "не гонимся за", "not after", "forget about", "never mind",
)  # fmt: skip
SHARES = words.RATES | {"foreign", "unfollows"}
GUARANTEES = {"гарантия", "гарантировать", "гарантированный", "гарантированно", "guarantee", "guaranteed", "guarantees"}
STOPPING = {"перестать", "прекратить", "stop", "остановить"}
ONCE = {"раз", "weekly", "еженедельно", "monthly", "ежемесячно", "every", "each", "каждую", "каждый"}
FUNCTION_WORDS = words_of(
    "by in on at per a an the from to within over and every each for with under across during through until"
    " when while because since than if how once before of we our i it is should this next after around somewhere who that as or but к ко до в во на за с со"
    " из по и а но у от для через под чтобы при каждый каждом это мы не то где еще уже хотя"
)


def times_change(times: Decimal, direction: Direction) -> Change | None:
    """Twice as much is +100 %; twice as little is −50 %."""
    if times <= 1:
        return None
    percent = (times - 1) * 100 if direction != "down" else (1 - 1 / times) * 100
    return Change("relative", percent.quantize(Decimal("0.1")).normalize() + 0)
