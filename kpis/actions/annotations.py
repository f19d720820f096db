"""Notes on a day or some days beside the lines of a project's KPIs: writing, changing, taking away."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from kpis import rules
from kpis.actions.kpis import check_open
from kpis.models import Annotation, Kpi
from projects.models import Project
from smmportal.audit import record
from smmportal.people.models import User
from smmportal.refusals import Refused, demand

MOST_NOTES = 1000


@transaction.atomic
def annotate(
    project: Project,
    *,
    by: User,
    day: date,
    text: str,
    kind: str = Annotation.Kind.NOTE,
    until: date | None = None,
    kpi: Kpi | None = None,
) -> Annotation:
    """Write a note; without a KPI it stands beside all of the project's."""
    demand(rules.can_annotate(by, project), _("Viewers look on; notes are written by those who act in the project."))
    check_open(project)
    if project.annotations.count() >= MOST_NOTES:
        raise Refused(_("A project has room for 1,000 notes. Take an old one away first."), code="too-many-notes")
    check_days(day, until)
    note = Annotation.objects.create(project=project, kpi=kpi, kind=kind, day=day, until=until, text=text, by=by)
    record("annotation.written", about=note, by=by, project=project, **said_of(note))
    return note


@transaction.atomic
def change_annotation(note: Annotation, *, by: User, **fields: object) -> Annotation:
    """Change what is sent; the rest stays."""
    demand_change(by, note)
    note = Annotation.objects.select_for_update(of=("self",)).select_related("project").get(pk=note.pk)
    before = said_of(note)
    for name, value in fields.items():
        setattr(note, name, value)
    check_days(note.day, note.until)
    if said_of(note) != before:
        note.save()
        record("annotation.changed", about=note, by=by, project=note.project, was=before, became=said_of(note))
    return note


@transaction.atomic
def remove_annotation(note: Annotation, *, by: User) -> None:
    demand_change(by, note)
    record("annotation.removed", about=note, by=by, project=note.project, **said_of(note))
    note.delete()


def demand_change(by: User, note: Annotation) -> None:
    demand(
        rules.can_change_annotation(by, note),
        _("Only its author, or the agency’s owner or manager, changes this note."),
    )
    check_open(note.project)


def check_days(day: date, until: date | None) -> None:
    if until is not None and until < day:
        raise Refused(_("The last day comes before the first."), code="days-reversed")


def said_of(note: Annotation) -> dict:
    days = {"day": note.day.isoformat(), "until": note.until and note.until.isoformat()}
    return {"kpi": note.kpi_id, "kind": note.kind, "text": note.text, **days}
