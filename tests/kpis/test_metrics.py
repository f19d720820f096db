"""The catalogue of metrics names everything that the coach can hear in a goal."""

from django.utils.translation import override

from kpis.formulas import parse
from kpis.metrics import CATALOGUE, METRICS, SHARES

HEARD_BY_THE_COACH = [
    "followers",
    "unfollows",
    "reach",
    "impressions",
    "views",
    "video_views",
    "engagement_rate",
    "likes",
    "comments",
    "shares",
    "saves",
    "mentions",
    "clicks",
    "ctr",
    "visits",
    "bounce_rate",
    "leads",
    "sales",
    "revenue",
    "conversion_rate",
    "cost_per_click",
    "cost_per_lead",
    "cost_per_follower",
    "romi",
    "response_time",
    "posts",
]


def test_the_coachs_metrics_and_ours_are_here():
    assert sorted(CATALOGUE) == sorted(
        [
            *HEARD_BY_THE_COACH,
            "follows",
            "net_follows",
            "spend",
            "engagement_by_views",
            "engagement_by_followers",
            "visitors",
            "page_views",
            "interactions",
            "total_views",
            "total_likes",
            "total_posts",
            "watch_time",
        ]
    )


def test_each_has_a_name_of_its_own_and_a_definition():
    with override("en"):
        assert len({str(metric.name) for metric in METRICS.values()}) == len(METRICS)
        assert all(str(metric.definition).endswith(".") for metric in METRICS.values())


def test_a_ratio_knows_its_denominator_and_nothing_else_has_one():
    denominators = {metric.code: metric.weighted_by for metric in CATALOGUE.values() if metric.weighted_by}
    assert denominators == {
        "engagement_rate": "reach",
        "engagement_by_views": "views",
        "engagement_by_followers": "followers",
        "romi": "spend",
        "ctr": "impressions",
        "bounce_rate": "visits",
        "conversion_rate": "visits",
        "cost_per_click": "clicks",
        "cost_per_lead": "leads",
        "cost_per_follower": "follows",
    }
    assert {code for code, metric in CATALOGUE.items() if metric.aggregation == "ratio"} == set(denominators)


def test_people_are_never_added_up():
    assert {METRICS[code].aggregation for code in ("reach", "visitors")} == {"not_additive"}
    assert {code for code, metric in CATALOGUE.items() if metric.aggregation == "last"} == {
        "followers",
        "total_likes",
        "total_views",
        "total_posts",
    }


def test_less_is_better_for_losses_costs_and_waiting():
    assert {code for code, metric in CATALOGUE.items() if metric.direction == "down"} == {
        "unfollows",
        "bounce_rate",
        "spend",
        "cost_per_click",
        "cost_per_lead",
        "cost_per_follower",
        "response_time",
    }


def test_each_expression_can_be_counted_from_whole_numbers_of_the_catalogue():
    parts = {name for metric in METRICS.values() for text in metric.expressions for name in parse(text).names}
    assert parts - set(METRICS) == set()
    assert parts & SHARES == set()


def test_the_denominator_of_an_expression_is_the_one_that_is_named():
    below = {code: parse(metric.expression).below for code, metric in CATALOGUE.items() if metric.expression}
    assert {code: [name for name, _times in side] for code, side in below.items()} == {
        "net_follows": [],
        **{code: [METRICS[code].weighted_by] for code in below if code != "net_follows"},
    }


def test_only_what_can_shrink_goes_below_zero():
    assert {code for code, metric in CATALOGUE.items() if metric.below_zero} == {"net_follows", "romi"}
