"""Where projects' water stands: the one query that page, API, agenda, report and message ask."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef
from django.utils import timezone

from meetings.pace import last_meetings
from projects.models import Project
from smmportal.people.models import Organisation
from smmportal.waterline import rules
from smmportal.waterline.gathering import facts_of
from smmportal.waterline.models import Reading, Weights


def gauge_of(project: Project) -> rules.Gauge:
    """The project's gauge as of now."""
    return gauges_of([project])[project.pk]


def gauges_of(projects: Sequence[Project]) -> dict[int, rules.Gauge]:
    """For each project's id its gauge as of now, in a constant number of queries."""
    if not projects:
        return {}
    weights, levels, facts = weights_of(projects), levels_of(projects), facts_of(projects)
    return {
        project.pk: rules.gauge(
            facts[project.pk], weights.get(project.agency_id, rules.USUAL), levels.get(project.pk, "unknown")
        )
        for project in projects
    }


def weights_of(projects: Iterable[Project]) -> dict[int, tuple[int, int, int]]:
    """By agency, of those that have set their own."""
    rows = Weights.objects.filter(agency__in={project.agency_id for project in projects})
    return {agency: tuple(weights) for agency, *weights in rows.values_list("agency", *rules.RULES)}


def weights_for(agency: Organisation) -> Weights:
    """The agency's own, or the usual ones."""
    return Weights.objects.filter(agency=agency).first() or Weights(agency=agency)


# --- Readings -------------------------------------------------------------------------------------------------------


def latest_readings(projects: Iterable[Project]) -> dict[int, Reading]:
    """For each project's id that was ever read: its last reading, at most ten minutes old; one query."""
    later = Reading.objects.filter(project=OuterRef("project"), day__gt=OuterRef("day"))
    rows = Reading.objects.filter(~Exists(later), project__in=[project.pk for project in projects])
    return {reading.project_id: reading for reading in rows}


def levels_of(projects: Iterable[Project]) -> dict[int, str]:
    return {pk: reading.level for pk, reading in latest_readings(projects).items()}


def history_of(project: Project, *, first: date | None = None, last: date | None = None) -> list[Reading]:
    """The readings of these days, oldest first."""
    rows = project.waterline.order_by("day")
    rows = rows.filter(day__gte=first) if first else rows
    return list(rows.filter(day__lte=last) if last else rows)


def as_reading(project: Project, gauge: rules.Gauge) -> Reading:
    """The gauge as a row of today, not saved."""
    return Reading(
        project=project,
        day=project.today,
        score=gauge.score,
        unknown=gauge.unknown,
        level=gauge.level,
        losses=[as_row(loss) for loss in gauge.losses],
        greys=[as_row(loss) for loss in gauge.greys],
        weights=list(gauge.weights),
        **{rule.rule: rule.had for rule in gauge.rules},
    )


def as_row(loss: rules.Loss) -> dict:
    """A loss as plain JSON."""
    row = asdict(loss)
    return {**row, "points": str(loss.points), "facts": {name: plain(value) for name, value in loss.facts.items()}}


def plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


def losses_in(rows: Iterable[dict]) -> list[rules.Loss]:
    """What a reading keeps as plain JSON, as it was."""
    return [rules.Loss(**{**row, "points": Decimal(row["points"])}) for row in rows]


# --- Since the last meeting -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Since:
    """What became of the gauge since a reading; `is_meeting`: that of the day of the last meeting.

    Points under nought are points that went."""

    reading: Reading
    is_meeting: bool
    lost: list[rules.Change]
    regained: list[rules.Change]
    #: What nobody could tell and what now somebody can (above nought), and the other way about.
    known: list[rules.Change]
    are_weights_new: bool


def since_last_meeting(project: Project, gauge: rules.Gauge) -> Since | None:
    """Against the reading of the day of the last meeting, or against the first one when there was none; None where
    nothing was read before today."""
    met_at = last_meetings([project.pk]).get(project.pk)
    earlier = project.waterline.filter(day__lt=project.today)
    met_on = timezone.localdate(met_at, ZoneInfo(project.timezone)) if met_at else None
    of_meeting = earlier.filter(day__lte=met_on).order_by("-day").first() if met_on else None
    reading = of_meeting or earlier.order_by("day").first()
    if reading is None:
        return None
    found = rules.changes(losses_in(reading.losses), gauge.losses)
    return Since(
        reading,
        of_meeting is not None,
        lost=[change for change in found if change.points < 0],
        regained=[change for change in found if change.points > 0],
        known=rules.changes(losses_in(reading.greys), gauge.greys),
        are_weights_new=bool(reading.weights) and tuple(reading.weights) != gauge.weights,
    )
