"""The latest of many projects' KPIs: a list of forty projects reads no day of history and works no forecast out."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db.models import Count, Min, Q

from kpis.models import Alert, Dip, Forecast, Kpi, Source
from kpis.queries.reviews import owed
from kpis.queries.sources import NEEDS_A_PERSON
from kpis.queries.standings import Standing, standings
from kpis.ritual import Period
from projects.models import Project

LATELY = timedelta(days=14)
SHOWN_EXPLANATIONS = 5


def latest_standings(projects: Iterable[Project]) -> dict[int, list[Standing]]:
    """For each project's id its KPIs, those that need a hand first. The chances are those worked out last: the
    timetable brings one that is out of date up to date within minutes."""
    kpis = kpis_of({project.pk: project for project in projects})
    told = {row.kpi_id: row for row in Forecast.objects.filter(kpi__in=kpis).only("kpi_id", "chance")}
    found: dict[int, list[Standing]] = defaultdict(list)
    for standing in standings(kpis, with_chances=False):
        found[standing.kpi.project_id].append(replace(standing, forecast=told.get(standing.kpi.pk)))
    for group in found.values():
        group.sort(key=lambda standing: standing.urgency)
    return found


def kpis_of(projects: Mapping[int, Project]) -> list[Kpi]:
    """As `for_standing` gives them; but eight hundred KPIs share their projects' rows and their sources'."""
    kpis = list(Kpi.objects.filter(project__in=projects).standing())
    ids = {pk for kpi in kpis for pk in (kpi.source_id, kpi.guardrail_source_id) if pk}
    sources = Source.objects.select_related("formula").in_bulk(ids)
    for kpi in kpis:
        kpi.project, kpi.source = projects[kpi.project_id], sources[kpi.source_id]
        if kpi.guardrail_source_id:
            kpi.guardrail_source = sources[kpi.guardrail_source_id]
    return kpis


def owed_reviews(found: Iterable[Sequence[Standing]]) -> dict[int, Period]:
    """For each KPI's id the finished period that nobody has looked back at."""
    return owed(standing.kpi for group in found for standing in group)


@dataclass(frozen=True)
class Drops:
    """The drops of a project that nobody has explained: how many, of which KPIs, and since when the first."""

    count: int = 0
    since: datetime | None = None
    kpis: frozenset[int] = frozenset()


def unexplained_drops(projects: Iterable[Project]) -> dict[int, Drops]:
    rows = Dip.objects.unexplained().filter(kpi__project__in=list(projects)).order_by()
    told = rows.values("kpi__project", "kpi").annotate(count=Count("pk"), since=Min("found_at"))
    found: dict[int, Drops] = defaultdict(Drops)
    for row in told:
        before = found[row["kpi__project"]]
        since = min(before.since or row["since"], row["since"])
        found[row["kpi__project"]] = Drops(before.count + row["count"], since, before.kpis | {row["kpi"]})
    return found


def broken_sources(projects: Iterable[Project]) -> dict[int, int]:
    """For each project's id that has any: how many sources only a person can mend."""
    broken = Source.objects.filter(project__in=list(projects), error_kind__in=NEEDS_A_PERSON, paused_at=None)
    counts = broken.exclude(platform__in=Source.NOT_PULLED).order_by().values("project").annotate(count=Count("pk"))
    return dict(counts.values_list("project", "count"))


@dataclass(frozen=True)
class OpenAlerts:
    """How many alerts stand, and how many of them are sharp; `shared` of them are open to both sides, the rest is the
    agency's own housekeeping."""

    count: int = 0
    cliffs: int = 0
    shared: int = 0
    shared_cliffs: int = 0


def open_alerts(projects: Iterable[Project]) -> dict[int, OpenAlerts]:
    rows = Alert.objects.standing().filter(project__in=list(projects)).order_by().values("project")
    cliff, shared = Q(weight=Alert.Weight.CLIFF), ~Q(Alert.HOUSEKEEPING)
    told = rows.annotate(
        count=Count("pk"),
        cliffs=Count("pk", filter=cliff),
        shared=Count("pk", filter=shared),
        shared_cliffs=Count("pk", filter=cliff & shared),
    )
    return {row.pop("project"): OpenAlerts(**row) for row in told}


def explained_lately(projects: Iterable[Project], *, now: datetime) -> list[Dip]:
    """The drops that somebody has explained in the last two weeks, the newest explanation first."""
    rows = Dip.objects.filter(kpi__project__in=list(projects), explained_at__gt=now - LATELY)
    told = rows.select_related("kpi__source__formula", "kpi__project", "explained_by")
    return list(told.order_by("-explained_at", "-id")[:SHOWN_EXPLANATIONS])
