"""What a sentence names: metrics and platforms, each with the place of its words."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property
from itertools import pairwise, product

from projects.coach import words
from projects.coach.amounts import Weighing, clauses_of, sentences_of
from projects.coach.corrections import not_taken_back
from projects.coach.dates import Moment, find_moments
from projects.coach.directions import find_leanings
from projects.coach.numbers import Quantity, word_at
from projects.coach.tokens import Token
from projects.coach.words import Found, words_of

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
ONCE = {"раз", "weekly", "еженедельно", "monthly", "ежемесячно", "every", "each", "каждую", "каждый"}
LEADING_TO_PLACE = words_of("in on through via from to for our into at в на для из через с по наш наша the and и")
#: Before a metric these say that it is not the goal: right before it …
DISMISSALS = ("не", "not", "instead of", "вместо", "forget", "rather than", "not about", "not for")
#: … and with little words between.
DISMISSING = (
    *("не нужны", "не нужен", "не нужно", "не нужна", "не важны", "не важен", "не важно", "не интересуют"),
    *("не интересует", "плевать на", "все равно на", "не ради", "никаких", "неважно сколько", "не гонимся за"),
    *("don't care about", "do not care about", "not interested in", "don't need", "do not need", "don't want"),
    *("not after", "forget about", "never mind"),
)
FUNCTION_WORDS = words_of(
    "by in on at per a an the from to within over and every each for with under across during through until when"
    " while because since than if how once before of we our i it is should this next after around somewhere who that"
    " as or but к ко до в во на за с со из по и а но у от для через под чтобы при каждый каждом это мы не то где еще"
    " уже хотя"
)


class Named:
    """One goal as tokens, with its numbers, times and words of direction, and the metrics and platforms it names."""

    def __init__(self, tokens: Sequence[Token], today: date):
        self.tokens, self.today = tokens, today
        self.phrases = words.find_phrases("metrics", tokens)
        nouns = {found.start for found in self.phrases}
        nouns |= {place for place, token in enumerate(tokens) if token.is_any(words.PEOPLE)}
        self.moments = find_moments(tokens, today, nouns)
        self.clauses, self.sentences = clauses_of(tokens), sentences_of(tokens)
        weighing = Weighing(tokens, self.moments, self.clauses)
        self.moments = not_taken_back(tokens, self.moments)
        self.taken, self.quantities, self.stances = weighing.taken, weighing.quantities, weighing.stances
        weighed = weighing.amounts()
        self.amounts = [amount for amount in weighed if amount.part != "none"]
        self.metrics = sorted(self.proper_metrics(self.phrases, weighing.quantities), key=lambda found: found.start)
        idle = {
            place
            for phrase in self.phrases
            if phrase.name in ("", "saves")
            for place in range(phrase.start, phrase.end)
        }
        self.leanings = find_leanings(tokens, weighed, self.taken | idle)

    # --- metrics ------------------------------------------------------------------------------------------------------

    def proper_metrics(self, phrases: list[Found], quantities: list[Quantity]) -> list[Found]:
        found = [phrase for phrase in phrases if phrase.name and self.is_metric(phrase)]
        found = [self.as_video(phrase) for phrase in found if not self.is_step_of_conversion(phrase, found)]
        covered = {place for phrase in phrases for place in range(phrase.start, phrase.end)}
        found = [phrase for phrase in found if not self.is_object_of(phrase, found)]
        found = [phrase for phrase in found if not self.is_dismissed(phrase)] or found
        return found + self.find_posts(covered, quantities) + self.find_watching(covered)

    def find_watching(self, covered: set[int]) -> list[Found]:
        """«Ролики на ютубе смотрят»: the verb says what is counted, the noun of what."""
        return [
            Found("video_views", place, place + 1)
            for place, token in enumerate(self.tokens)
            if place not in covered
            and token.is_any(words.WATCHING)
            and any(
                other.is_any(words.VIDEO_WORDS) and self.clauses[at] == self.clauses[place]
                for at, other in enumerate(self.tokens[max(0, place - 5) : place], max(0, place - 5))
            )
        ]

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
        near = range(max(0, phrase.start - 4), phrase.start)
        said = " ".join(self.tokens[place].text for place in near if self.clauses[place] == self.clauses[phrase.start])
        return said.endswith(DISMISSALS) or any(f"{words} " in f"{said} " for words in DISMISSING)

    def is_object_of(self, phrase: Found, found: list[Found]) -> bool:
        """«Время реакции на комментарии» is about the time, «вовлечённость аудитории» about the engagement."""
        is_russian = self.tokens[phrase.start].role == "noun"
        return any(
            self.is_explained(other, phrase)
            or (
                other.end == phrase.start - 1
                and self.tokens[other.end].text in ("на", "of", "on", "to", "for", "per", "под")
            )
            or (is_russian and self.tokens[other.start].role == "noun" and self.are_adjacent(other, phrase))
            for other in found
        )

    def is_explained(self, other: Found, phrase: Found) -> bool:
        """«Охват (уникальные пользователи)»: in brackets right after a metric stands what it means."""
        return word_at(self.tokens, other.end) == "(" and phrase.start in (other.end + 1, other.end + 2)

    def are_adjacent(self, first: Found, second: Found) -> bool:
        """Nothing but a space between: a colon starts anew."""
        return first.end == second.start and self.tokens[second.start].start - self.tokens[first.end - 1].end == 1

    def is_metric(self, phrase: Found) -> bool:
        """«Reach 10k followers» and «the response was» name a verb, «2028» no year."""
        token = self.tokens[phrase.start]
        if phrase.name == "reach" and token.text in ("reach", "reaches", "reached", "reaching"):
            return not self.is_verb_of_arriving(phrase)
        if token.is_any(words.CROWDS) and not self.is_counted_or_moved(phrase):
            return False
        return phrase.start not in self.taken

    def is_counted_or_moved(self, phrase: Found) -> bool:
        """«Наша аудитория — женщины 25–40»: who they are, and not how many."""
        here = self.sentences[phrase.start]
        after = self.tokens[phrase.end] if phrase.end < len(self.tokens) else None
        is_described = after is not None and (after.is_any(words.AUDIENCES) or after.text in ("-", "is", "это"))
        is_moved = any(
            token.is_any(words.UP | words.REACHING | words.HOLD | words.WISHES | words.LOSING)
            for place, token in enumerate(self.tokens)
            if self.sentences[place] == here
        )
        is_counted = any(self.sentences[amount.quantity.start] == here for amount in self.amounts)
        return not is_described and (is_moved or is_counted)

    def is_verb_of_arriving(self, phrase: Found) -> bool:
        if phrase.start and self.tokens[phrase.start - 1].text in ("our", "my", "the", "of", "organic", "average"):
            return False
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
        paced = {self.sentences[moment.start] for moment in self.moments if moment.role == "rate"}
        ends = {quantity.end for quantity in quantities if quantity.kind == "count"}
        found = []
        for place, token in enumerate(self.tokens):
            if place in covered or token.kind != "word" or any(one.name and one.end == place for one in self.phrases):
                continue
            is_paced = self.sentences[place] in paced
            is_counted = place in ends or (place - 1 in ends and self.is_adjective(place - 1))
            if (
                (token.is_any(words.POST_WORDS) and (is_counted or self.is_published(place, is_paced)))
                or (token.is_any(words.POST_WORDS) and is_paced and self.is_beside_pace(place))
                or (self.is_publishing(place) and (is_paced or self.is_oftener(place)))
            ):
                found.append(Found("posts", place, place + 1))
        return found

    def is_publishing(self, place: int) -> bool:
        return self.tokens[place].is_any(words.STRICT_POST_VERBS) and not self.is_place_of_others(place)

    def is_oftener(self, place: int) -> bool:
        """«Post more often», «постить чаще»: how many of them, where no other metric is named."""
        near = range(max(0, place - 2), min(place + 5, len(self.tokens)))
        here = [self.tokens[at].text for at in near if self.clauses[at] == self.clauses[place]]
        is_said = any(pair in pairwise(here) for pair in product(("more", "less"), ("often", "frequently")))
        return (is_said or bool(words.OFTENER & set(here))) and not any(phrase.name for phrase in self.phrases)

    def is_beside_pace(self, place: int) -> bool:
        """«Раз в неделю пост», «posts daily»."""
        rates = [moment for moment in self.moments if moment.role == "rate" and self.is_once(moment)]
        return any(place in (moment.end, moment.start - 1) for moment in rates)

    def is_once(self, moment: Moment) -> bool:
        said = {token.text for token in self.tokens[moment.start : moment.end]}
        is_one = moment.is_daily or bool(said & ONCE)
        ends = {quantity.end for quantity in self.quantities}
        is_after_noun = moment.start > 0 and self.tokens[moment.start - 1].kind == "word"
        is_counted = moment.start in ends or (is_after_noun and moment.start - 1 in ends)
        return moment.role == "rate" and is_one and not is_counted and not any(word.isdigit() for word in said)

    def is_adjective(self, place: int) -> bool:
        token = self.tokens[place]
        return token.kind == "word" and token.text not in FUNCTION_WORDS

    def is_published(self, place: int, is_paced: bool) -> bool:
        if self.is_place_of_others(place):
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

    # --- platforms ----------------------------------------------------------------------------------------------------

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
            if token.text == "x" and token.case and self.is_subject(place):
                found.append(Found("x", place, place + 1))
            name = {"max": "max", "ok": "ok", "ок": "ok"}.get(token.text)
            if name and token.case == "capitals" and self.is_named(place):
                found.append(Found(name, place, place + 1))
        return found

    def is_subject(self, place: int) -> bool:
        """«X is quiet»: the letter opens a sentence and something is said of it."""
        opens = not place or self.sentences[place - 1] != self.sentences[place]
        after = self.tokens[place + 1].text if place + 1 < len(self.tokens) else ""
        return opens and after in (
            "only",
            "is",
            "has",
            "isn't",
            "was",
            "brings",
            "posts",
            "needs",
            "должен",
            "приносит",
        )

    def is_named(self, place: int) -> bool:
        if sum(token.case == "capitals" for token in self.tokens) > 3:
            return False
        near = [one for one in (place - 1, place + 1) if 0 <= one < len(self.tokens) and self.are_next(place, one)]
        if self.tokens[place].text == "max":
            return not any(self.tokens[one].kind == "number" or self.tokens[one].text in "$€₽£%" for one in near)
        return place > 0 and self.tokens[place - 1].text in LEADING_TO_PLACE

    def are_next(self, one: int, other: int) -> bool:
        """Nothing but a space between: «MAX 300» is a bound, «MAX: 300» a platform."""
        first, second = self.tokens[min(one, other)], self.tokens[max(one, other)]
        return second.start - first.end <= 1

    def is_platform(self, found: Found) -> bool:
        """«2x followers» is no Twitter; «не в инсте» is not Instagram."""
        before = self.tokens[found.start - 1] if found.start else None
        if before and before.kind == "number" and before.end == self.tokens[found.start].start:
            return False
        near = [token.text for token in self.tokens[max(0, found.start - 2) : found.start]]
        after = [word_at(self.tokens, place) for place in (found.end, found.end + 1)]
        is_let_be = after[0] == "не" and after[1] in words.LET_BE
        return not is_let_be and not {"не", "not", "кроме", "except", "instead"} & set(near)

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

    # --- places in the text -------------------------------------------------------------------------------------------

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
