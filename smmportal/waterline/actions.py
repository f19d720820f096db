"""Verbs: take the readings of the day, and say what the rules count."""

from collections.abc import Sequence

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from kpis.actions.alerts import fire, settle
from kpis.models import Alert
from projects.models import Project
from smmportal.audit import record
from smmportal.notifications.actions import announce
from smmportal.people.models import Organisation, User
from smmportal.refusals import Refused, demand
from smmportal.waterline import rights
from smmportal.waterline.models import Reading, Weights
from smmportal.waterline.queries import as_reading, gauges_of, latest_readings
from smmportal.waterline.rules import RULES

AT_ONCE = 100
KIND = "waterline"
#: What a reading says; the same again is not written.
SAID = ("score", *RULES, "unknown", "level", "losses", "greys", "weights")


def take_readings() -> int:
    """Read the water of every open project; how many readings were written. A day's last reading stays."""
    written, last = 0, 0
    while projects := list(Project.objects.open().filter(pk__gt=last).order_by("pk")[:AT_ONCE]):
        written += read_water(projects)
        last = projects[-1].pk
    return written


def read_water(projects: Sequence[Project]) -> int:
    """Write down where these projects stand, of those that have moved since their last reading of today. Names are
    kept in one language, whoever asks: in another they would look like a change."""
    known = latest_readings(projects)
    with translation.override(settings.LANGUAGE_CODE):
        gauges = gauges_of(projects)
    moved = 0
    for project in projects:
        reading, before = as_reading(project, gauges[project.pk]), known.get(project.pk)
        if before is None or before.day != reading.day or said_by(before) != said_by(reading):
            write(project, reading)
            moved += 1
    return moved


def said_by(reading: Reading) -> tuple:
    return tuple(getattr(reading, name) for name in SAID)


@transaction.atomic
def write(project: Project, reading: Reading) -> None:
    """Under the project's lock: of two workers only one sees the level change."""
    Project.objects.select_for_update().get(pk=project.pk)
    before = project.waterline.order_by("-day").first()
    values = {name: getattr(reading, name) for name in SAID}
    project.waterline.update_or_create(day=reading.day, defaults=values)
    if before is not None and before.level != reading.level:
        tell_of_level(project, before.level, reading)
    elif before is None:
        warn(project, Reading.Level.UNKNOWN, reading)


def tell_of_level(project: Project, before: str, reading: Reading) -> None:
    """Both sides hear of it; an alert stands as long as the project does not float."""
    if Reading.Level.UNKNOWN not in (before, reading.level):
        facts = {"project": project.name, "level": reading.level, "before": before, "score": str(reading.score)}
        announce("waterline.level", to=project.people, about=project, url=page_of(project), facts=facts)
    warn(project, before, reading)


def warn(project: Project, before: str, reading: Reading) -> None:
    """A worse level is an alert of its own: what was a drift may have become a cliff."""
    subject = f"project:{project.pk}"
    settle(project, KIND, subject)
    if reading.level in (Reading.Level.LISTING, Reading.Level.SINKING):
        is_cliff = reading.level == Reading.Level.SINKING
        fire(
            project,
            KIND,
            subject,
            url=page_of(project),
            evidence={"before": before, "after": reading.level, "score": str(reading.score)},
            weight=Alert.Weight.CLIFF if is_cliff else Alert.Weight.DRIFT,
        )


def page_of(project: Project) -> str:
    return reverse("waterline:project", args=[project.pk])


def demand_weighing(agency: Organisation, *, by: User) -> None:
    demand(rights.can_set_weights(by, agency), _("Only the agency’s owner says what the rules of the waterline count."))


@transaction.atomic
def set_weights(agency: Organisation, *, clarity: int, kpis: int, rhythm: int, by: User) -> Weights:
    """Say what each rule counts in all of the agency's projects, from now on; readings of the past stay."""
    demand_weighing(agency, by=by)
    values = {"clarity": clarity, "kpis": kpis, "rhythm": rhythm}
    check_weights(values)
    before = Weights.objects.select_for_update().filter(agency=agency).first()
    weights, _is_new = Weights.objects.update_or_create(agency=agency, defaults=values)
    was = {name: getattr(before or Weights(), name) for name in RULES}
    if was != values:
        record("waterline.weighed", about=agency, by=by, was=was, became=values)
    return weights


def check_weights(values: dict[str, int]) -> None:
    if any(not Weights.LEAST <= value <= Weights.MOST for value in values.values()):
        raise Refused(
            _("Each rule counts from %(least)s to %(most)s points, so that none of the three is forgotten.")
            % {"least": Weights.LEAST, "most": Weights.MOST},
            code="out-of-bounds",
        )
    if (total := sum(values.values())) != 100:
        raise Refused(
            _("The three rules make 100 points together; these make %(total)s.") % {"total": total},
            code="not-a-hundred",
        )
