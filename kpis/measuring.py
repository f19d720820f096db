"""What projects asks of its numbers (`projects.measures.Measures`), answered from sources, points and KPIs."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from kpis.metrics import METRICS, Metric
from kpis.models import Kpi, MetricSeries, Point, Source
from kpis.queries.periods import denominators_of
from kpis.queries.progress import progress_over
from kpis.queries.standings import for_standing, standings
from projects.coach.history import Measured, Number, Shape
from projects.measures import Progress
from projects.models import Goal, Project

ONE = Decimal(1)
#: What the coach calls the platform of a counter; the others have the same name here and there.
PLATFORMS = {"metrika": "website", "ga4": "website", "file": None, "formula": None}
#: And what it calls the places whose numbers people type, by the places' own names.
PLACES = {
    "Дзен": "dzen",
    "ВКонтакте": "vk",
    "Одноклассники": "ok",
    "Telegram": "telegram",
    "Instagram": "instagram",
    "TikTok": "tiktok",
    "YouTube": "youtube",
    "Pinterest": "pinterest",
    "Threads": "threads",
}


class FromSources:
    def numbers_of(self, project: Project) -> list[Number]:
        rows = MetricSeries.objects.filter(source__project=project).select_related("source__formula")
        known = [row for row in rows.order_by("source", "pk") if row.metric in METRICS]
        wholes = {(row.source.platform, row.metric) for row in known if not row.source.filter}
        # A part of a site is no Â«visits of the siteÂ»; but leads may be told only of a part.
        return [
            number_of(row) for row in known if not row.source.filter or (row.source.platform, row.metric) not in wholes
        ]

    def history_of(self, number: Number, *, last: date) -> list[Measured]:
        points = Point.objects.filter(series=number.key, day__lte=last, final=True, value__isnull=False)
        values = points.order_by("day").values_list("day", "value")
        weights = weights_of(number, last)
        return [Measured(day, value, weights.get(day, ONE)) for day, value in values if not weights or day in weights]

    def has_guardrail(self, project: Project) -> bool:
        return Kpi.objects.filter(project=project, kind__in=[Kpi.Kind.STAY_ABOVE, Kpi.Kind.STAY_BELOW]).exists()

    def progress_of(self, goals: Sequence[Goal]) -> dict[int, Progress]:
        kpis = for_standing(Kpi.objects.filter(goal__in=[goal.pk for goal in goals]).standing())
        of_goal = defaultdict(list)
        for standing in standings(kpis, with_chances=False):
            of_goal[standing.kpi.goal_id].append(standing)
        return {goal_id: progress_over(found) for goal_id, found in of_goal.items()}


def weights_of(number: Number, last: date) -> dict[date, Decimal]:
    """What each day of a share counts for beside the others: its denominator, where the portal knows it."""
    if number.shape != "rate":
        return {}
    return denominators_of(MetricSeries.objects.select_related("source__formula", "computed").get(pk=number.key), last)


def number_of(row: MetricSeries) -> Number:
    metric, source = row.source.metric(row.metric), row.source
    return Number(
        key=row.pk,
        metric=row.metric,
        platform=platform_of(source),
        place=str(source),
        shape=shape_of(metric),
        good=metric.direction,
        unit=metric.unit,
        decimals=metric.decimals,
        current=row.latest_value,
        current_on=row.latest_on,
    )


def platform_of(source: Source) -> str | None:
    if source.is_typed:
        return PLACES.get(source.title)
    return PLATFORMS.get(source.platform, source.platform)


def shape_of(metric: Metric) -> Shape:
    if metric.aggregation == "last":
        return "stock"
    if metric.aggregation == "sum":
        return "flow"
    return "people" if metric.unit == "count" else "rate"
