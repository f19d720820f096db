"""What a goal is for: the business goal that was chosen for it, or the answer of the brief that asks for this very
number. Pure.

The brief's main task is mapped to the numbers that show it coming true. The map is short on purpose: a number that
serves a task only by a long way round is asked about, not assumed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from projects.coach.reader import Reading, read

#: Choices of «Which business problem must social media solve?»
TASK_METRICS = {
    "leads": {
        *("leads", "visits", "clicks", "ctr", "conversion_rate", "cost_per_lead", "cost_per_click", "bounce_rate"),
        "response_time",
    },
    "sales": {
        *("sales", "revenue", "romi", "leads", "conversion_rate", "visits", "clicks", "cost_per_lead", "bounce_rate"),
    },
    "awareness": {
        "reach",
        "followers",
        "impressions",
        "views",
        "video_views",
        "mentions",
        "shares",
        "cost_per_follower",
    },
    "loyalty": {"engagement_rate", "comments", "saves", "shares", "unfollows", "response_time"},
    "reputation": {"mentions", "comments", "response_time"},
    "hiring": {"leads", "visits", "clicks", "reach"},
}
#: Choices of «Which other figures matter to you?»
FOLLOWED_METRICS = {
    "reach": {"reach", "impressions"},
    "engagement": {"engagement_rate", "likes", "comments", "shares", "saves"},
    "followers": {"followers", "unfollows"},
    "traffic": {"visits", "clicks"},
    "leads": {"leads"},
    "lead_cost": {"cost_per_lead"},
    "sales": {"sales", "revenue"},
    "reviews": {"mentions", "comments"},
}


@dataclass(frozen=True, slots=True)
class Choice:
    """A chosen answer of the brief, with its words."""

    value: str
    words: str


@dataclass(frozen=True, slots=True)
class Success:
    """What the client calls a success: what is counted, how many, by when."""

    what: str
    value: Decimal | None = None
    by: date | None = None

    def reading(self, today: date) -> Reading:
        return read(self.what, today)


@dataclass(frozen=True, slots=True)
class BusinessTask:
    """A business goal of the project."""

    key: int
    text: str


@dataclass(frozen=True, slots=True)
class Purposes:
    """Everything a goal could be for; `chosen` is the business goal it was put under."""

    chosen: BusinessTask | None = None
    tasks: Sequence[BusinessTask] = ()
    main: Choice | None = None
    success: Success | None = None
    followed: Sequence[Choice] = ()


@dataclass(frozen=True, slots=True)
class Purpose:
    """What the goal serves: a code of where that is said, and the words."""

    code: str
    words: str


def purpose_of(reading: Reading, purposes: Purposes, today: date) -> Purpose | None:
    """The first that holds: the chosen business goal, the main task, the named success, a number to follow, another
    business goal that names the number."""
    if purposes.chosen:
        return Purpose("serves_business_goal", purposes.chosen.text)
    metric = reading.metric
    if metric is None:
        return None
    if purposes.main and metric in TASK_METRICS.get(purposes.main.value, ()):
        return Purpose("serves_task", purposes.main.words)
    if purposes.success and purposes.success.reading(today).metric == metric:
        return Purpose("serves_success", purposes.success.what)
    for choice in purposes.followed:
        if metric in FOLLOWED_METRICS.get(choice.value, ()):
            return Purpose("serves_followed", choice.words)
    for task in purposes.tasks:
        if read(task.text, today).metric == metric:
            return Purpose("serves_business_goal", task.text)
    return None
