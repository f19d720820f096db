"""What projects asks of its numbers (`projects.measures.Measures`), answered from sources, points and KPIs."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from kpis.metrics import METRICS, Metric
from kpis.models import Kpi, MetricSeries, Point
from kpis.queries.progress import progress_over
from kpis.queries.standings import for_standing, standings
from projects.coach.history import Measured, Number, Shape
from projects.measures import Progress
from projects.models import Goal, Project

#: What the coach calls the platform of a counter; the others have the same name here and there.
PLATFORMS = {"metrika": "website", "ga4": "website", "file": None, "manual": None}


class FromSources:
    def numbers_of(self, project: Project) -> list[Number]:
        rows = MetricSeries.objects.filter(source__project=project).select_related("source")
        return [number_of(row) for row in rows.order_by("source", "pk") if row.metric in METRICS]

    def history_of(self, number: Number, *, last: date) -> list[Measured]:
        points = Point.objects.filter(series=number.key, day__lte=last, final=True, value__isnull=False)
        return [Measured(day, value) for day, value in points.order_by("day").values_list("day", "value")]

    def has_guardrail(self, project: Project) -> bool:
        return Kpi.objects.filter(project=project, kind__in=[Kpi.Kind.STAY_ABOVE, Kpi.Kind.STAY_BELOW]).exists()

    def progress_of(self, goals: Sequence[Goal]) -> dict[int, Progress]:
        kpis = for_standing(Kpi.objects.filter(goal__in=[goal.pk for goal in goals]).standing())
        of_goal = defaultdict(list)
        for standing in standings(kpis):
            of_goal[standing.kpi.goal_id].append(standing)
        return {goal_id: progress_over(found) for goal_id, found in of_goal.items()}


def number_of(row: MetricSeries) -> Number:
    metric, source = METRICS[row.metric], row.source
    return Number(
        key=row.pk,
        metric=row.metric,
        platform=PLATFORMS.get(source.platform, source.platform),
        place=source.title,
        shape=shape_of(metric),
        good=metric.direction,
        unit=metric.unit,
        decimals=metric.decimals,
        current=row.latest_value,
        current_on=row.latest_on,
    )


def shape_of(metric: Metric) -> Shape:
    if metric.aggregation == "last":
        return "stock"
    if metric.aggregation == "sum":
        return "flow"
    return "people" if metric.unit == "count" else "rate"
