"""The latest readings of the waterline, without reading through their history."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import OuterRef, Subquery
from django.utils import timezone

from projects.models import Project
from smmportal.waterline.models import Reading

A_WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Water:
    """Where the water stands, and where it stood a week before."""

    reading: Reading | None = None
    before: Reading | None = None

    @property
    def score(self) -> int | None:
        return self.reading.score if self.reading else None

    @property
    def level(self) -> str:
        return self.reading.level if self.reading else Reading.Level.UNKNOWN

    @property
    def change(self) -> int | None:
        """Whole points in the last week, at every door; None when one of the two is not known."""
        before = self.before.score if self.before else None
        return None if self.score is None or before is None else round(self.score - before)


def waters_of(projects: Iterable[Project]) -> dict[int, Water]:
    """For each project's id; two queries, however many days there are."""
    own = Reading.objects.filter(project=OuterRef("pk")).order_by("-day")
    week_ago = own.filter(day__lte=timezone.localdate() - A_WEEK)
    picked = {"latest": Subquery(own.values("pk")[:1]), "before": Subquery(week_ago.values("pk")[:1])}
    rows = list(Project.objects.filter(pk__in=[project.pk for project in projects]).order_by().values("pk", **picked))
    readings = Reading.objects.defer("losses").in_bulk({row[name] for row in rows for name in picked} - {None})
    return {row["pk"]: Water(readings.get(row["latest"]), readings.get(row["before"])) for row in rows}
