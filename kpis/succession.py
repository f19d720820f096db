"""Which number may take the place of one that its platform retired. Pure."""

from kpis.metrics import METRICS

#: What counts nearly the same, the nearest first: our guess, and said so.
KIN = {
    "reach": ("impressions", "views", "video_views"),
    "impressions": ("views", "reach", "video_views"),
    "views": ("impressions", "video_views", "reach"),
    "video_views": ("views", "impressions"),
    "visitors": ("visits", "page_views"),
    "visits": ("visitors", "page_views"),
    "page_views": ("visits", "visitors"),
    "likes": ("interactions", "shares"),
    "comments": ("interactions", "likes"),
    "shares": ("interactions", "likes"),
    "saves": ("interactions", "likes"),
    "interactions": ("likes", "shares"),
    "clicks": ("interactions",),
    "total_views": ("total_likes",),
    "total_likes": ("total_views",),
}


def is_kin(metric: str, successor: str) -> bool:
    """Whether we think that it counts nearly the same."""
    return successor in KIN.get(metric, ())


def candidates(metric: str, named: str = "") -> tuple[str, ...]:
    """Metrics that may take over, the best first; of the same unit and shape, so that a bridge can lead there.

    `named` is the one that the platform itself names, if any.
    """
    wanted = dict.fromkeys((*((named,) if named else ()), *KIN.get(metric, ())))
    return tuple(code for code in wanted if is_comparable(metric, code))


def is_level(metric: str) -> bool:
    """What is there at any moment, as against what is counted through the day."""
    return METRICS[metric].kind == "stock"


def is_comparable(metric: str, other: str) -> bool:
    if metric not in METRICS or other not in METRICS:
        return False
    return METRICS[metric].unit == METRICS[other].unit and is_level(metric) == is_level(other)
