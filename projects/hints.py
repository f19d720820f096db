"""What in a brief contradicts itself, or the law. Pure.

A hint is given only for what the answers say in so many words: a choice, a day, a figure, a platform that the coach
reads out of them. Where anything could be meant otherwise there is no hint.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from projects.answers import row_labels
from projects.coach import Reading, read
from projects.questionnaire import chosen_in, find_question

#: Less of these is better.
FALLING = {"unfollows", "bounce_rate", "cost_per_click", "cost_per_lead", "cost_per_follower", "response_time"}
#: More of these is better.
GROWING = {
    "followers", "reach", "impressions", "views", "video_views", "engagement_rate", "likes", "comments", "shares",
    "saves", "mentions", "clicks", "ctr", "visits", "leads", "sales", "revenue", "conversion_rate", "romi", "posts",
}  # fmt: skip
#: What is counted of advertising alone.
PAID = {"cost_per_click", "cost_per_lead", "cost_per_follower"}
#: Access to these is restricted in Russia, and advertising on them is forbidden there since the day of `ADS_BANNED_ON`
#: by Federal Law No. 72-FZ of 7 April 2025.
NO_ADS_IN_RUSSIA = ("instagram", "facebook", "linkedin")
ADS_BANNED_ON = date(2025, 9, 1)
START = re.compile(r"\b(старт\w*|начал[оа]|начинаем|start\w*|beginning|we begin)\b", re.IGNORECASE)
ADS = re.compile(r"реклам|таргет|\bads?\b|advert|paid", re.IGNORECASE)
#: Accesses that are plainly to no page of a platform.
COUNTER = re.compile(r"метрик|metri[ck]|analytics|аналитик|\bga4?\b|\bcrm\b|\butm\b", re.IGNORECASE)
#: Platforms and metrics don't depend on the day a sentence is read on.
ANY_DAY = date(2000, 1, 1)


@dataclass(frozen=True)
class Hint:
    """`keys` are the answers it stands beside, `goals` the goals; `facts` are days, figures and platforms' codes."""

    code: str
    keys: tuple[str, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)
    goals: tuple[int, ...] = ()

    @property
    def is_soft(self) -> bool:
        """Worth a look; nothing contradicts anything."""
        return self.code in {"no_access", "no_decider"}


@dataclass(frozen=True)
class GoalSaid:
    id: int
    statement: str
    due_on: date | None = None

    @property
    def reading(self) -> Reading:
        return read_once(self.statement)


@dataclass(frozen=True)
class Plan:
    """Everything that is said of a project: the answers known and unknown, its days, its goals, what it watches."""

    form: Mapping[str, Any]
    known: Mapping[str, Any]
    unknown: frozenset[str] = frozenset()
    starts_on: date | None = None
    ends_on: date | None = None
    goals: tuple[GoalSaid, ...] = ()
    kpi_platforms: frozenset[str] = frozenset()
    source_platforms: frozenset[str] = frozenset()
    has_decider: bool = False

    def rows(self, key: str) -> list[Mapping[str, str]]:
        value = self.known.get(key)
        return value.get("rows", []) if isinstance(value, dict) else []

    def chosen(self, key: str) -> set[str]:
        return chosen_in(self.known.get(key))


@lru_cache(maxsize=2048)
def read_once(words: str) -> Reading:
    return read(words, ANY_DAY)


def platform_in(words: str) -> str | None:
    """The one platform that the words name."""
    reading = read_once(words)
    return None if "two_platforms" in reading.notes else reading.platform


def hints_of(plan: Plan) -> list[Hint]:
    return [hint for check in CHECKS for hint in check(plan)]


# --- Days -----------------------------------------------------------------------------------------------------------


def start_of(plan: Plan) -> tuple[date | None, tuple[str, ...]]:
    """The first day of the work, and the answer that says it: the project's own, else the row of K2 called a start."""
    if plan.starts_on:
        return plan.starts_on, ()
    named = [day_of(row.get("day")) for row in plan.rows("K2") if START.search(row.get("what", ""))]
    days = [day for day in named if day]
    return (days[0], ("K2",)) if len(days) == 1 else (None, ())


def day_of(text: object) -> date | None:
    try:
        return date.fromisoformat(text) if isinstance(text, str) and text else None
    except ValueError:
        return None


def check_days(plan: Plan) -> Iterator[Hint]:
    start, said_in = start_of(plan)
    for row in plan.rows("D2"):
        yield from outside("deadline", day_of(row.get("by")), plan, start, ("D2", *said_in))
    decided_on = day_of(plan.known.get("K3"))
    if start and decided_on and decided_on < start:
        yield Hint("decision_before_start", ("K3", *said_in), {"due_on": decided_on, "start_on": start})
    for goal in plan.goals:
        yield from outside("goal", goal.due_on, plan, start, (), (goal.id,))


def outside(
    what: str, due_on: date | None, plan: Plan, start: date | None, keys: tuple[str, ...], goals: tuple[int, ...] = ()
) -> Iterator[Hint]:
    if due_on and start and due_on < start:
        yield Hint(f"{what}_before_start", keys, {"due_on": due_on, "start_on": start}, goals)
    if due_on and plan.ends_on and due_on > plan.ends_on:
        yield Hint(f"{what}_after_end", keys[:1], {"due_on": due_on, "end_on": plan.ends_on}, goals)


# --- Figures --------------------------------------------------------------------------------------------------------


def check_target(plan: Plan) -> Iterator[Hint]:
    """The wanted number (D2) beside the number now (D3), where the direction is plain."""
    for wanted, now in zip(plan.rows("D2"), plan.rows("D3"), strict=False):
        target, current = figure(wanted.get("value")), figure(now.get("value"))
        if target is None or current is None:
            continue
        facts = {"wanted": wanted["value"], "now": now["value"]}
        direction = direction_of(read_once(wanted.get("what", "")))
        if direction == "up" and target <= current:
            yield Hint("target_not_above", ("D2", "D3"), facts)
        if direction == "down" and target >= current:
            yield Hint("target_not_below", ("D2", "D3"), facts)


def direction_of(reading: Reading) -> str | None:
    """Which way the number should go: as it is said, or as everybody wants it to; None of what is not counted here."""
    if reading.metric is None or reading.direction:
        return reading.direction if reading.metric else None
    if reading.metric in GROWING:
        return "up"
    return "down" if reading.metric in FALLING else None


def figure(text: object) -> Decimal | None:
    return Decimal(text) if isinstance(text, str) and text else None


# --- Money ----------------------------------------------------------------------------------------------------------


def check_budget(plan: Plan) -> Iterator[Hint]:
    """Paid promotion is wanted, and the row for advertising is empty or zero."""
    paid_goals = tuple(goal.id for goal in plan.goals if goal.reading.metric in PAID)
    wanted = plan.chosen("I2") & {"russia", "abroad", "both"}
    if (wanted or paid_goals) and has_no_ads_budget(plan):
        yield Hint("ads_without_budget", ("I2", "K1") if wanted else ("K1",), goals=paid_goals)


def has_no_ads_budget(plan: Plan) -> bool:
    question, value = find_question(plan.form, "K1"), plan.known.get("K1")
    if not question or not isinstance(value, dict) or ADS.search(value.get("note", "")):
        return False
    labels = [label or {} for label in row_labels(question)]
    ads = [row for label, row in zip(labels, plan.rows("K1"), strict=False) if ADS.search(" ".join(label.values()))]
    return len(ads) == 1 and not any(figure(cell) for cell in ads[0].values())


# --- Platforms ------------------------------------------------------------------------------------------------------


def placed(plan: Plan, place: str) -> set[str]:
    """The platforms that I1 puts there: first, presence, excluded."""
    rows = [row for row in plan.rows("I1") if row.get("place") == place]
    return {platform for row in rows if (platform := platform_in(row.get("platform", "")))}


def scope_platforms(plan: Plan) -> set[str]:
    """Those that H5 expects something on."""
    rows = [row for row in plan.rows("H5") if any(figure(row.get(name)) for name in ("posts", "stories", "videos"))]
    return {platform for row in rows if (platform := platform_in(row.get("platform", "")))}


def check_excluded(plan: Plan) -> Iterator[Hint]:
    excluded = placed(plan, "excluded")
    for platform in sorted(excluded & (placed(plan, "first") | placed(plan, "presence"))):
        yield Hint("excluded_and_wanted", ("I1",), {"platforms": (platform,)})
    for platform in sorted(excluded & scope_platforms(plan)):
        yield Hint("excluded_in_scope", ("I1", "H5"), {"platforms": (platform,)})
    for platform in sorted(excluded):
        goals = tuple(goal.id for goal in plan.goals if platform_in(goal.statement) == platform)
        if goals:
            yield Hint("excluded_in_goal", ("I1",), {"platforms": (platform,)}, goals)
    for platform in sorted(excluded & plan.kpi_platforms):
        yield Hint("excluded_in_kpi", ("I1",), {"platforms": (platform,)})


def check_access(plan: Plan) -> Iterator[Hint]:
    """A platform comes first, and among the accesses that are named there is none to it."""
    accesses = [row["what"] for row in plan.rows("E4") if row.get("what")]
    named = [platform_in(what) for what in accesses if not COUNTER.search(what)]
    if not accesses or None in named:
        return  # nothing is named, or something that could be anything
    without = placed(plan, "first") - set(named) - plan.source_platforms
    if without:
        yield Hint("no_access", ("E4", "I1"), {"platforms": tuple(sorted(without))})


def check_law(plan: Plan) -> Iterator[Hint]:
    """Advertising that Russian law forbids, where the brand says that it works in Russia."""
    in_russia = "russia" in plan.chosen("I4") | plan.chosen("A3")
    used = placed(plan, "first") | placed(plan, "presence") | scope_platforms(plan) | plan.kpi_platforms
    goals = {goal.id: platform_in(goal.statement) for goal in plan.goals}
    found = [platform for platform in NO_ADS_IN_RUSSIA if platform in used | set(goals.values())]
    if in_russia and found:
        keys = [key for key, names in (("I1", "first presence"), ("H5", "")) if is_named(plan, key, names, found)]
        said_in = ["I4"] if "russia" in plan.chosen("I4") else ["A3"]
        concerned = tuple(pk for pk, platform in goals.items() if platform in found)
        facts = {"platforms": tuple(found), "since_on": ADS_BANNED_ON}
        yield Hint("ads_banned", (*keys, *said_in), facts, concerned)


def is_named(plan: Plan, key: str, places: str, platforms: list[str]) -> bool:
    named = {p for place in places.split() for p in placed(plan, place)} if key == "I1" else scope_platforms(plan)
    return bool(named & set(platforms))


# --- People ---------------------------------------------------------------------------------------------------------


def check_decider(plan: Plan) -> Iterator[Hint]:
    if "A4" in plan.unknown and not plan.has_decider:
        yield Hint("no_decider", ("A4",))


CHECKS: tuple[Callable[[Plan], Iterator[Hint]], ...] = (
    check_days,
    check_target,
    check_budget,
    check_excluded,
    check_access,
    check_law,
    check_decider,
)
