"""Verbs about the rhythm of meetings, and what is read of it."""

from collections.abc import Iterable, Sequence
from datetime import time

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from meetings import rules
from meetings.actions import people_of_the_project
from meetings.models import Rhythm
from meetings.models.rhythm import USUAL_NOTICE
from projects.actions.projects import demand_open
from projects.models import Project
from projects.origins import Place
from projects.queries import with_origin
from smmportal.audit import record
from smmportal.people.models import User
from smmportal.refusals import Refused, demand


@transaction.atomic
def set_rhythm(
    project: Project,
    *,
    cadence: str,
    by: User,
    weekday: int | None = None,
    time: time | None = None,
    people: Iterable[User] = (),
    notice_hours: int = USUAL_NOTICE,
    origin: Place | None = None,
) -> Rhythm:
    """Agree on how often to meet; the rhythm before ends. Agreeing on the same again changes nothing."""
    demand(rules.can_book(by, project), _("You can look at this project’s meetings, but not agree on their rhythm."))
    demand_open(project)
    people = people_of_the_project(project, people) if people else []
    Project.objects.select_for_update().get(pk=project.pk)
    now = current_rhythm(project)
    if now and is_same(now, cadence, weekday, time, people, notice_hours):
        return now
    if not (now and is_same(now, cadence, weekday, time, people, now.notice_hours)):
        refuse_if_series(now)
    project.rhythms.current().update(ended_at=timezone.now())
    began = {"series": now.series if now else None} | (origin.fields if origin else {})
    said = {"cadence": cadence, "weekday": weekday, "time": time, "notice_hours": notice_hours}
    rhythm = project.rhythms.create(set_by=by, **said, **began)
    rhythm.people.set(people)
    record("rhythm.set", about=rhythm, by=by, project=project, cadence=cadence, weekday=weekday, time=str(time or ""))
    return rhythm


def is_same(
    rhythm: Rhythm, cadence: str, weekday: int | None, time: time | None, people: Sequence[User], notice: int
) -> bool:
    said = (rhythm.cadence, rhythm.weekday, rhythm.time, set(rhythm.people.all()), rhythm.notice_hours)
    return said == (cadence, weekday, time, set(people), notice)


@transaction.atomic
def end_rhythm(project: Project, *, by: User) -> None:
    """No rhythm any more: meetings are booked as they are needed. Ending twice is ending once."""
    demand(rules.can_book(by, project), _("You can look at this project’s meetings, but not agree on their rhythm."))
    demand_open(project)
    rhythm = project.rhythms.current().first()
    refuse_if_series(rhythm)
    if rhythm and project.rhythms.current().update(ended_at=timezone.now()):
        record("rhythm.ended", about=rhythm, by=by, project=project)


def refuse_if_series(rhythm: Rhythm | None) -> None:
    if rhythm and rhythm.series_id:
        raise Refused(
            _("A series of meetings says how often you meet. Please change the series."), code="series-says-it"
        )


def current_rhythm(project: Project) -> Rhythm | None:
    return with_origin(project.rhythms.current().prefetch_related("people")).first()


def rhythm_from(place: Place | None, people: Iterable[User]) -> dict:
    """What the brief's answer seems to say: how often, and of those whom it may mean the people it names."""
    value = place.piece if place else None
    if not isinstance(value, dict) or "choice" not in value:
        return {}
    cadence = value["choice"] if value["choice"] in Rhythm.Cadence.values else ""
    words = {word.strip(".,;:()«»").lower() for word in value.get("note", "").split()}
    named = [person for person in people if str(person).split()[0].lower() in words]
    return {"cadence": cadence, "people": named}
