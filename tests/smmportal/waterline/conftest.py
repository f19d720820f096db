"""A project whose water stands high, made of the real rows."""

from collections import Counter
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone, translation

from kpis.models import Forecast, Kpi
from kpis.queries.outlooks import rests_on
from projects.models import Brief, Goal, Project
from smmportal.people.models import Side
from smmportal.waterline import rules
from smmportal.waterline.queries import gauge_of
from tests.builders import (
    Cast,
    make_agreement,
    make_debrief,
    make_goal,
    make_kpi,
    make_meeting,
    make_points,
    make_review,
    make_rhythm,
    make_series,
    make_source,
)


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def today_of(project: Project):
    return timezone.localdate(timezone=ZoneInfo(project.timezone))


def noon(day) -> datetime:
    return datetime.combine(day, time(9), UTC)


def make_sound(cast: Cast) -> Project:
    """Nothing of it is lost, nothing unknown: a confirmed brief, a goal with a signed KPI that will be reached, a
    weekly meeting of three days ago."""
    project, today = cast.project, today_of(cast.project)
    Project.objects.filter(pk=project.pk).update(activated_at=timezone.now() - timedelta(days=60))
    project.refresh_from_db()
    brief = cast.get(Brief)
    Brief.objects.filter(pk=brief.pk).update(question_count=2, answered_count=2, open_count=0)
    make_debrief(cast, confirmed_at=timezone.now(), confirmed_by=cast.decider)
    goal = make_goal(
        cast,
        status=Goal.Status.ACTIVE,
        agreed_at=timezone.now(),
        due_on=today + timedelta(days=60),
        proposed_side="agency",
    )
    for side, value in ((Side.AGENCY, 8), (Side.CLIENT, 7)):
        goal.confidences.create(side=side, value=value, by=cast.manager if side == Side.AGENCY else cast.contact)
    cast.made[Goal] = goal
    cast.made[Kpi] = make_promising_kpi(cast, goal)
    make_rhythm(cast)
    past = noon(today - timedelta(days=3))
    make_meeting(cast, starts_at=past, ends_at=past + timedelta(hours=1))
    return project


def make_promising_kpi(cast: Cast, goal: Goal, **fields) -> Kpi:
    today = today_of(cast.project)
    source = make_source(cast)
    series = make_series(cast, source=source)
    make_points(series, [10000 + 50 * day for day in range(30)], last=today - timedelta(days=1))
    kpi = make_kpi(
        cast,
        **{
            "goal": goal,
            "source": source,
            "baseline": Decimal(10000),
            "target": Decimal(12000),
            "starts_on": today - timedelta(days=30),
            "due_on": today + timedelta(days=60),
            **fields,
        },
    )
    Kpi.objects.filter(pk=kpi.pk).update(signed_in=make_agreement(cast, kpis=[kpi], in_force_at=timezone.now()))
    kpi.refresh_from_db()
    make_review(cast, kpi=kpi, first=today - timedelta(days=8), last=today - timedelta(days=1))
    promise(kpi, 0.9)
    return kpi


def promise(kpi: Kpi, chance: float) -> None:
    """The forecast that was worked out ahead says so."""
    series = kpi.source.series.get(metric=kpi.metric)
    Forecast.objects.update_or_create(kpi=kpi, defaults={"chance": chance, "rests_on": rests_on(kpi, series)})


@pytest.fixture
def sound(cast) -> Project:
    return make_sound(cast)


def lost_in(project: Project) -> dict[tuple[str, str], str]:
    """What is lost, by cause and whose move it is."""
    found: Counter = Counter()
    for loss in fresh(project).losses:
        found[loss.code, loss.side] += loss.points
    return {key: str(points) for key, points in found.items()}


def grey_in(project: Project) -> dict[str, str]:
    return {loss.code: str(loss.points) for loss in fresh(project).greys}


def fresh(project: Project) -> rules.Gauge:
    return gauge_of(Project.objects.get(pk=project.pk))
