"""What is known of money: what the sources of a project measured, or somebody typed, this month. Nothing is added up
across sources, for each may count in a currency of its own; a day without a number is missing, not free."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import reduce
from operator import or_

from django.db.models import Count, Max, Q, Sum

from kpis.metrics import METRICS
from kpis.models import Point, Source
from kpis.queries.standings import Standing
from projects.models import Project

TOLD = ("spend", "revenue")


@dataclass(frozen=True)
class MonthOfMoney:
    """One metric of one source since the month began: the days that have a number, out of those that are over."""

    source: Source
    metric: str
    total: Decimal
    known: int
    days: int
    last: date
    is_typed: bool

    @property
    def name(self) -> str:
        return str(METRICS[self.metric].name)


def month_of(projects: Sequence[Project]) -> dict[int, list[MonthOfMoney]]:
    """For each project's id, by its own month; two queries."""
    if not projects:
        return {}
    points = Point.objects.filter(reduce(or_, (in_this_month(project) for project in projects)))
    points = points.filter(series__metric__in=TOLD, value__isnull=False).order_by()
    typed = Count("day", filter=Q(provenance=Point.Provenance.MANUAL))
    rows = points.values("series__source", "series__metric").annotate(
        total=Sum("value"), known=Count("day"), last=Max("day"), typed=typed
    )
    return by_project(list(rows), {project.pk: project for project in projects})


def in_this_month(project: Project) -> Q:
    return Q(series__source__project=project, day__range=(project.today.replace(day=1), project.today))


def by_project(rows: list[dict], projects: dict[int, Project]) -> dict[int, list[MonthOfMoney]]:
    sources = Source.objects.in_bulk({row["series__source"] for row in rows})
    found: dict[int, list[MonthOfMoney]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: (TOLD.index(row["series__metric"]), row["series__source"])):
        source = sources[row["series__source"]]
        found[source.project_id].append(month_from(row, source, projects[source.project_id].today))
    return found


def month_from(row: dict, source: Source, today: date) -> MonthOfMoney:
    return MonthOfMoney(
        source=source,
        metric=row["series__metric"],
        total=row["total"],
        known=row["known"],
        days=max(today.day - 1, row["known"]),
        last=row["last"],
        is_typed=bool(row["typed"]),
    )


def about_money(found: Iterable[Standing]) -> list[Standing]:
    """The KPIs that count money."""
    return [standing for standing in found if standing.unit == "currency"]
