"""The catalogue of metrics names everything that the coach can hear in a goal."""

from django.utils.translation import override

from kpis.metrics import METRICS

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
    assert sorted(METRICS) == sorted(
        [
            *HEARD_BY_THE_COACH,
            "follows",
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
    denominators = {metric.code: metric.weighted_by for metric in METRICS.values() if metric.weighted_by}
    assert denominators == {
        "engagement_rate": "reach",
        "ctr": "impressions",
        "bounce_rate": "visits",
        "conversion_rate": "visits",
        "cost_per_click": "clicks",
        "cost_per_lead": "leads",
        "cost_per_follower": "follows",
    }
    assert {code for code, metric in METRICS.items() if metric.aggregation == "ratio"} == set(denominators)


def test_people_are_never_added_up():
    assert {METRICS[code].aggregation for code in ("reach", "visitors")} == {"not_additive"}
    assert {code for code, metric in METRICS.items() if metric.aggregation == "last"} == {
        "followers",
        "total_likes",
        "total_views",
        "total_posts",
    }


def test_less_is_better_for_losses_costs_and_waiting():
    assert {code for code, metric in METRICS.items() if metric.direction == "down"} == {
        "unfollows",
        "bounce_rate",
        "cost_per_click",
        "cost_per_lead",
        "cost_per_follower",
        "response_time",
    }
