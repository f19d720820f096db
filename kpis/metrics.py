"""The catalogue of metrics: what a number is called, what it counts, and how days may be put together.

Pure: no models, no requests. Definitions say what is divided by what, because «ER» alone means nothing.
"""

from dataclasses import dataclass
from typing import Any, Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise

Kind = Literal["stock", "flow", "rate", "duration", "money"]
Direction = Literal["up", "down"]
#: How the days of a longer period become one number. Unique people can't be added up: they come again.
Aggregation = Literal["last", "sum", "mean", "ratio", "not_additive"]
Level = Literal["account", "post", "site"]


@dataclass(frozen=True)
class Metric:
    """One metric. `direction` is where good lies.

    `unit` is «count», «percent», «minutes» or «currency»; `decimals` is how many places are worth showing.
    `weighted_by` names the metric that is the denominator, for aggregation by ratio.
    `expressions` are ways to count it from other metrics of the same source (`kpis.formulas`), the fullest first: not
    every platform tells all parts, and what it does not tell at all is left out in words, not taken for zero.
    `version` grows when the definition or an expression changes; what was signed keeps its own.
    """

    code: str
    kind: Kind
    unit: str
    direction: Direction
    aggregation: Aggregation
    decimals: int
    name: Text
    definition: Text
    weighted_by: str = ""
    expressions: tuple[str, ...] = ()
    level: Level = "account"
    version: int = 1
    below_zero: bool = False

    @property
    def expression(self) -> str:
        """The fullest way to count it from others; empty for what only a platform can tell."""
        return self.expressions[0] if self.expressions else ""


def _stock(code: str, name: Text, definition: Text) -> Metric:
    return Metric(code, "stock", "count", "up", "last", 0, name, definition)


def _flow(code: str, name: Text, definition: Text, *, direction: Direction = "up", **more: Any) -> Metric:
    return Metric(code, "flow", "count", direction, "sum", 0, name, definition, **more)


def _people(code: str, name: Text, definition: Text, **more: Any) -> Metric:
    return Metric(code, "flow", "count", "up", "not_additive", 0, name, definition, **more)


def _rate(
    code: str, name: Text, definition: Text, *, weighted_by: str, direction: Direction = "up", **more: Any
) -> Metric:
    return Metric(code, "rate", "percent", direction, "ratio", 2, name, definition, weighted_by, **more)


def _cost(code: str, name: Text, definition: Text, *, weighted_by: str) -> Metric:
    counted = (f"spend / {weighted_by}",)
    return Metric(code, "money", "currency", "down", "ratio", 2, name, definition, weighted_by, counted)


def _engagement_by(denominator: str) -> tuple[str, ...]:
    """Every reaction that a source counts; saves are told by few platforms."""
    return tuple(
        f"({parts}) / {denominator} * 100"
        for parts in ("likes + comments + shares + saves", "likes + comments + shares")
    )


METRICS: dict[str, Metric] = {
    metric.code: metric
    for metric in (
        _stock("followers", _("Followers"), _("How many people follow the account at the end of the day.")),
        _flow("follows", _("New followers"), _("How many people began to follow the account on this day.")),
        _flow(
            "net_follows",
            _("Net growth of followers"),
            _("New followers less lost ones on this day; below zero when more left than came."),
            expressions=("follows - unfollows",),
            below_zero=True,
        ),
        _flow(
            "unfollows",
            _("Lost followers"),
            _("How many people stopped following the account on this day."),
            direction="down",
        ),
        _people(
            "reach",
            _("Reach"),
            _("How many different people saw the account's content on this day. Days cannot be added up."),
        ),
        _flow("impressions", _("Impressions"), _("How many times the content was shown, to the same people too.")),
        _flow("views", _("Views"), _("How many times the account's pages or posts were viewed on this day.")),
        _flow("video_views", _("Video views"), _("How many times videos were played, as the platform counts a play.")),
        Metric(
            "watch_time",
            "flow",
            "minutes",
            "up",
            "sum",
            0,
            _("Watch time"),
            _("How many minutes people spent watching the account's videos on this day."),
        ),
        _rate(
            "engagement_rate",
            _("Engagement by reach"),
            _("Likes, comments, shares and saves, divided by the reach of the same day."),
            weighted_by="reach",
            expressions=_engagement_by("reach"),
        ),
        _rate(
            "engagement_by_views",
            _("Engagement by views"),
            _("Likes, comments, shares and saves, divided by the views of the same days."),
            weighted_by="views",
            expressions=_engagement_by("views"),
        ),
        _rate(
            "engagement_by_followers",
            _("Engagement by followers"),
            _("Likes, comments, shares and saves, divided by the number of followers at the end of the days."),
            weighted_by="followers",
            expressions=_engagement_by("followers"),
        ),
        _flow("likes", _("Likes"), _("How many likes and other reactions the content got on this day.")),
        _flow("comments", _("Comments"), _("How many comments were written on this day.")),
        _flow("shares", _("Shares"), _("How many times the content was shared or reposted on this day.")),
        _flow("saves", _("Saves"), _("How many times the content was saved on this day.")),
        _flow(
            "interactions",
            _("Interactions"),
            _("Likes, comments, shares, saves and clicks that the content got on this day, as its platform counts."),
        ),
        _flow("mentions", _("Mentions"), _("How many times the brand was mentioned on this day.")),
        _flow("clicks", _("Link clicks"), _("How many times links in the content were followed on this day.")),
        _rate(
            "ctr",
            _("Click-through rate"),
            _("Link clicks divided by impressions."),
            weighted_by="impressions",
            expressions=("clicks / impressions * 100",),
        ),
        _flow("visits", _("Visits"), _("How many visits the site had on this day."), level="site"),
        _people(
            "visitors",
            _("Visitors"),
            _("How many different people came to the site on this day. Days cannot be added up."),
            level="site",
        ),
        _flow("page_views", _("Page views"), _("How many pages of the site were viewed on this day."), level="site"),
        _rate(
            "bounce_rate",
            _("Bounce rate"),
            _("Visits that ended at once, divided by all visits of the day."),
            weighted_by="visits",
            direction="down",
            level="site",
        ),
        _flow("leads", _("Leads"), _("How many people left their contacts or wrote with a request on this day.")),
        _flow("sales", _("Sales"), _("How many orders were paid on this day.")),
        Metric(
            "revenue",
            "money",
            "currency",
            "up",
            "sum",
            2,
            _("Revenue"),
            _("What customers paid on this day."),
        ),
        Metric(
            "spend",
            "money",
            "currency",
            "down",
            "sum",
            2,
            _("Spend"),
            _("What was spent on advertising on this day."),
        ),
        _rate(
            "conversion_rate",
            _("Conversion rate"),
            _("Visits that reached the goal, divided by all visits of the day."),
            weighted_by="visits",
            level="site",
        ),
        _cost(
            "cost_per_click",
            _("Cost per click"),
            _("Advertising spend divided by the clicks it brought."),
            weighted_by="clicks",
        ),
        _cost(
            "cost_per_lead",
            _("Cost per lead"),
            _("Advertising spend divided by the leads it brought."),
            weighted_by="leads",
        ),
        _cost(
            "cost_per_follower",
            _("Cost per follower"),
            _("Advertising spend divided by the new followers it brought."),
            weighted_by="follows",
        ),
        Metric(
            "romi",
            "rate",
            "percent",
            "up",
            "ratio",
            1,
            _("Return on marketing investment"),
            _("Income from marketing less what was spent on it, divided by what was spent."),
            weighted_by="spend",
            expressions=("(revenue - spend) / spend * 100",),
            below_zero=True,
        ),
        Metric(
            "response_time",
            "duration",
            "minutes",
            "down",
            "not_additive",
            0,
            _("Response time"),
            _("The median time, in minutes, from a customer's message to our answer on this day."),
        ),
        _flow("posts", _("Posts"), _("How many posts were published on this day.")),
        Metric(
            "formula",
            "rate",
            "count",
            "up",
            "ratio",
            2,
            _("Formula"),
            _("A number that the project counts from others by a formula of its own."),
            below_zero=True,
        ),
        Metric(
            "formula_stock",
            "stock",
            "count",
            "up",
            "last",
            2,
            _("Formula of stocks"),
            _("A number that the project counts by a formula of its own from what is there at the end of the day."),
            below_zero=True,
        ),
        _stock(
            "total_views",
            _("Views in all"),
            _("How many views the account has had since it began, as its platform counts them on this day."),
        ),
        _stock(
            "total_likes",
            _("Likes in all"),
            _("How many likes the account has had since it began, as its platform counts them on this day."),
        ),
        _stock(
            "total_posts",
            _("Posts in all"),
            _("How many posts or videos the account holds at the end of the day."),
        ),
    )
}

CODES = tuple(METRICS)
#: The metric codes of a project's own formulas; what they count, and in what unit, is said by the formula.
OWN, OWN_STOCK = "formula", "formula_stock"
#: What a platform or a file can tell.
CATALOGUE = {code: metric for code, metric in METRICS.items() if code not in (OWN, OWN_STOCK)}

#: What is counted through the day, as against what is there at any moment of it.
FLOWS = tuple(code for code, metric in METRICS.items() if metric.kind != "stock")

#: What is a share of something else or a middle: such a number is never put into a formula, its parts are.
SHARES = frozenset(code for code, metric in METRICS.items() if metric.aggregation in ("ratio", "mean"))
#: What may not be added up: over days or over sources the same people would be counted twice.
PEOPLE = frozenset(code for code, metric in METRICS.items() if metric.aggregation == "not_additive")
STOCKS = frozenset(code for code, metric in METRICS.items() if metric.aggregation == "last")
#: Of these a mean day can be told from their own days; of these from the days of what they are counted from.
SUMS = frozenset(code for code, metric in METRICS.items() if metric.aggregation == "sum")
RATIOS = frozenset(code for code, metric in METRICS.items() if metric.aggregation == "ratio")
