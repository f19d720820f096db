"""What both sides know: competitors, contacts, forbidden topics. Either side adds, mends and removes a line."""

from django.db import transaction
from django.utils.translation import gettext as _

from projects import rules
from projects.actions.projects import demand_open
from projects.models import Competitor, Contact, ForbiddenTopic, Project
from projects.models.knowledge import Known
from projects.origins import Place, claim
from smmportal.audit import record
from smmportal.people.models import User
from smmportal.refusals import Refused, demand


@transaction.atomic
def add_known(
    model: type[Known], project: Project, *, by: User, origin: Place | None = None, **fields: object
) -> Known:
    demand(rules.acts_in(by, project), _("Viewers look on. Ask a colleague to write it down."))
    demand_open(project)
    assert set(fields) <= set(model.EDITABLE), fields
    row = model.objects.create(project=project, created_by=by, **fields, **claim(CODES[model], origin))
    record(f"{model._meta.model_name}.added", about=row, by=by, project=project, **fields)
    return row


@transaction.atomic
def edit_known(row: Known, *, by: User, **fields: object) -> Known:
    demand(rules.acts_in(by, row.project), _("Viewers look on. Ask a colleague to change it."))
    demand_open(row.project)
    assert set(fields) <= set(row.EDITABLE), fields
    changed = {name: value for name, value in fields.items() if getattr(row, name) != value}
    for name, value in changed.items():
        setattr(row, name, value)
    if changed:
        row.save(update_fields=list(changed))
        record(f"{row._meta.model_name}.edited", about=row, by=by, project=row.project, **changed)
    return row


@transaction.atomic
def remove_known(row: Known, *, by: User) -> None:
    """Strike the line; the trail keeps its words."""
    demand(rules.acts_in(by, row.project), _("Viewers look on. Ask a colleague to remove it."))
    demand_open(row.project)
    words = {name: getattr(row, name) for name in row.EDITABLE}
    record(f"{row._meta.model_name}.removed", about=row, by=by, project=row.project, **words)
    row.delete()


def know_from_answer(model: type[Known], place: Place, *, by: User) -> Known:
    """Write down what the answer says, word for word."""
    read = READERS[model].get(place.key)
    if read is None or place.piece is None:
        raise Refused(_("This answer does not say it. Write it by hand."), code="other-answer")
    return add_known(model, place.version.brief.project, by=by, origin=place, **read(place))


def competitor_of(place: Place) -> dict:
    row = place.piece
    name = row["link"] or row.get("better") or row.get("what") or row.get("worse")
    return {"name": name[:500], "better": row.get("better", row.get("what", "")), "worse": row.get("worse", "")}


def decider_of(place: Place) -> dict:
    return {**place.piece, "duty": Contact.Duty.DECIDER}


def daily_of(place: Place) -> dict:
    duty = Contact.Duty.SUBSTITUTE if place.row else Contact.Duty.DAILY
    return {"name": place.piece["name"] or place.piece["contact"], "contact": place.piece["contact"], "duty": duty}


def substitute_of(place: Place) -> dict:
    if not place.piece["who"]:
        raise Refused(_("This answer names nobody. Write the contact by hand."), code="other-answer")
    return {"name": place.piece["who"][:500], "duty": Contact.Duty.SUBSTITUTE}


def topic_of(place: Place) -> dict:
    return {"text": place.piece[:1000]}


CODES = {Competitor: "competitor", Contact: "contact", ForbiddenTopic: "forbidden_topic"}
READERS = {
    Competitor: {"F1": competitor_of, "F2": competitor_of},
    Contact: {"A4": decider_of, "A5": daily_of, "J4": substitute_of},
    ForbiddenTopic: {"G3": topic_of},
}
