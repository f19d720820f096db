"""Puts the parts together: which metric, where, which way, by how much, by when. Unsure is None."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Literal

from projects.coach import words
from projects.coach.amounts import Amount
from projects.coach.dates import Moment
from projects.coach.directions import Direction
from projects.coach.doubts import Doubting
from projects.coach.naming import Offsets
from projects.coach.tokens import tokenise
from projects.coach.words import Found

Kind = Literal["relative", "absolute", "target"]
#: A goal is a sentence or a paragraph: what stands after so many words is not read, and time stays bounded.
LONGEST = 500
GUARANTEES = {"гарантия", "гарантировать", "гарантированный", "гарантированно", "guarantee", "guaranteed", "guarantees"}


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
    #: What can't be told apart, for the question: the figures, the metrics, the day.
    figures_at: tuple[Offsets, ...] = ()
    metrics_named: tuple[str, ...] = ()
    day_at: Offsets | None = None
    notes: tuple[str, ...] = ()


def read(text: str, today: date) -> Reading:
    """Read a goal as of `today`. Never raises on any text."""
    return Sentence(tokenise(text)[:LONGEST], today).read()


def words_at(text: str, place: Offsets) -> str:
    """The words that stand there, to be said back: a hard space is a space."""
    return " ".join(text[slice(*place)].split())


class Sentence(Doubting):
    """One goal, read."""

    def read(self) -> Reading:
        if not self.tokens:
            return Reading()
        metric, amount = self.subject()
        deadline = self.choose_deadline(amount or metric)
        if amount and self.doubts_of_number(amount, metric):
            found = self.surely(self.reading(metric, None, deadline), metric, None, deadline)
            figures = tuple(self.figures_at(amount, metric))
            return replace(found, notes=(*found.notes, "doubtful_number"), figures_at=figures)
        return self.surely(self.reading(metric, amount, deadline), metric, amount, deadline)

    def surely(self, found: Reading, metric: Found | None, amount: Amount | None, deadline: Moment | None) -> Reading:
        """The reading without what is in doubt, which the notes name."""
        name = metric.name if metric else None
        doubts: dict[str, dict] = {}
        if found.platform and self.is_platform_aside(self.platform_of(name, metric, amount), metric, amount):
            doubts["doubtful_platform"] = {"platform": None}
        if metric and found.metric and self.doubts_of_metric(metric, amount):
            named = tuple(dict.fromkeys(one.name for one in self.metrics if one.name != "foreign"))
            doubts["doubtful_metric"] = {"metric": None, "metric_at": None, "metrics_named": named}
        if found.direction and self.doubts_of_direction(found.direction, name, metric, amount):
            doubts["doubtful_direction" if found.metric else ""] = {"direction": None}
        is_of_goal = bool(found.metric or found.change or found.direction)
        is_held = found.direction == "hold"
        if deadline and found.deadline and self.doubts_of_deadline(deadline, is_of_goal=is_of_goal, is_held=is_held):
            doubts["doubtful_deadline"] = {"deadline": None, "deadline_at": None, "day_at": found.deadline_at}
        elif not found.deadline and (day := self.day_of_others()):
            doubts["doubtful_deadline"] = {"day_at": self.offsets(day.start, day.end)}
        for fields in doubts.values():
            found = replace(found, **fields)
        return replace(found, notes=(*found.notes, *filter(None, doubts)))

    def subject(self) -> tuple[Found | None, Amount | None]:
        """The metric as its number makes it («лид за 400 рублей» is a cost), and the number."""
        metric, amount = self.choose()
        if metric and metric.name == "posts" and amount is None:
            amount = self.pace_of_posts()
        if metric:
            metric = self.as_loss(self.as_cost(metric, amount), amount)
        return metric, amount

    def reading(self, metric: Found | None, amount: Amount | None, deadline: Moment | None) -> Reading:
        name = metric.name if metric else None
        direction = self.direction_of(name, metric, amount, deadline)
        if amount and self.is_inventory(name, amount, deadline):
            amount = direction = None
        change = self.change_of(name, amount, direction)
        if change is None and direction != "hold" and amount is not None and not amount.is_vague:
            amount = None
        if deadline and self.is_no_deadline(deadline, name, direction, amount):
            deadline = None
        started = self.start_of_level(direction, change, deadline, amount)
        if started:
            deadline = started
            direction = self.held_from_start(direction, metric, amount)
        platform = self.platform_of(name, metric, amount)
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

    def platform_of(self, name: str | None, metric: Found | None, amount: Amount | None) -> Found | None:
        return self.choose_platform(name, amount.quantity.start if amount else metric.start if metric else 0)

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
        if amount.part == "either" and self.way_from_now(amount):
            return Change("target", value)
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
        clause = self.clauses[amount.quantity.start]
        here = [token for place, token in enumerate(self.tokens) if self.clauses[place] == clause]
        adding = any(token.is_any(words.ADDING) for token in here) and not self.way_from_now(amount)
        return amount.is_new or adding

    # --- levels that hold from a day on -------------------------------------------------------------------------------

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

    def is_no_deadline(
        self, deadline: Moment, name: str | None, direction: Direction | None, amount: Amount | None
    ) -> bool:
        if direction == "hold" and amount and self.is_pace(deadline, amount):
            return True
        return name is None and direction is None and self.is_question()

    def is_question(self) -> bool:
        """«When can you start? The invoice is needed by 5 May»: talk, and no goal to be ready with."""
        return any(token.text == "?" for token in self.tokens)

    # --- what is odd about it -----------------------------------------------------------------------------------------

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


def times_change(times: Decimal, direction: Direction) -> Change | None:
    """Twice as much is +100 %; twice as little is −50 %."""
    if times <= 1:
        return None
    percent = (times - 1) * 100 if direction != "down" else (1 - 1 / times) * 100
    return Change("relative", percent.quantize(Decimal("0.1")).normalize() + 0)
