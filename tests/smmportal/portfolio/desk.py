"""A portfolio to look at: three projects on 23 November 2026, one in each sort of weather."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from kpis.actions.forecasts import foresee_all
from kpis.models import Dip
from projects.models import Project
from tests.builders import (
    Cast,
    make_agreement,
    make_alert,
    make_dip,
    make_kpi,
    make_meeting,
    make_points,
    make_reading,
    make_rhythm,
    make_series,
    make_source,
)

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
TODAY = date(2026, 11, 23)
YESTERDAY = TODAY - timedelta(days=1)
TERM = {"starts_on": date(2026, 11, 1), "due_on": date(2027, 3, 1)}


@dataclass
class Desk:
    storm: Project
    calm: Project
    fog: Project


def of(cast: Cast, project: Project) -> Cast:
    """The cast as if this were its project."""
    cast.project, cast.made = project, {}
    return cast


def kpi_at(cast: Cast, value: int | None, **fields):
    """A KPI from 10,000 to 12,000 that stands here."""
    source = make_source(cast, title=f"Page of {cast.project.name}", **fields.pop("source", {}))
    if value is not None:
        make_points(make_series(cast, source=source), [value], last=YESTERDAY)
    return make_kpi(cast, source=source, **{**TERM, **fields})


def lay_out(cast: Cast) -> Desk:
    """«Storm» has one of everything that is bad, «Calm» goes well, of «Fog» nobody knows anything."""
    storm = cast.project
    storm.name, storm.activated_at = "Storm", NOW
    storm.save()
    Project.objects.filter(pk=storm.pk).update(created_at=NOW - timedelta(days=40))
    bakery = {"agency": cast.agency, "client": cast.other_client, "created_by": cast.manager}
    calm = Project.objects.create(name="Calm", **bakery)
    fog = Project.objects.create(name="Fog", **bakery)
    calm.team.set([cast.specialist])
    make_storm(of(cast, storm))
    make_calm(of(cast, calm))
    foresee_all()
    of(cast, storm)
    return Desk(storm, calm, fog)


def make_storm(cast: Cast) -> None:
    agreement = make_agreement(cast, in_force_at=NOW - timedelta(days=30))
    late = kpi_at(cast, 9000, signed_in=agreement, name="Late")
    kpi_at(cast, 11500, signed_in=agreement, name="Good")
    kpi_at(cast, 10500, signed_in=agreement, name="Gone", source={"error_kind": "reauthorise"})
    dip = make_dip(cast, kpi=late)
    Dip.objects.filter(pk=dip.pk).update(found_at=NOW - timedelta(days=6))
    waiting = make_agreement(cast)
    type(waiting).objects.filter(pk=waiting.pk).update(prepared_at=NOW - timedelta(days=8))
    make_alert(cast, weight="cliff")
    make_alert(cast, subject="kpi:2")
    make_rhythm(cast)
    start = NOW - timedelta(days=10)
    make_meeting(cast, starts_at=start, ends_at=start + timedelta(hours=1))
    for days, score in ((0, 41), (7, 52), (90, 90)):
        make_reading(cast, day=TODAY - timedelta(days=days), score=score, level="sinking" if score < 50 else "listing")


def make_calm(cast: Cast) -> None:
    kpi_at(cast, 11900)
    start = NOW + timedelta(days=2)
    make_meeting(cast, starts_at=start, ends_at=start + timedelta(hours=1))
    make_reading(cast, day=TODAY, score=88)
