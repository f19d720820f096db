from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from projects import rules
from projects.actions.projects import check_person, demand_open, facts_of
from projects.models import MaterialRequest, Project
from projects.origins import Place, claim
from smmportal.audit import record
from smmportal.notifications.actions import announce
from smmportal.people.models import Side, User
from smmportal.refusals import demand


@transaction.atomic
def ask_for_material(
    project: Project,
    *,
    what: str,
    side: Side | str,
    by: User,
    person: User | None = None,
    due_on: date | None = None,
    origin: Place | None = None,
) -> MaterialRequest:
    """Ask one side for a material; either side asks."""
    demand(rules.acts_in(by, project), _("Viewers look on. Ask a colleague to ask for it."))
    demand_open(project)
    check_person(project, Side(side), person)
    material = MaterialRequest.objects.create(
        project=project, what=what, side=side, person=person, due_on=due_on, created_by=by, **claim("material", origin)
    )
    record("material.asked", about=material, by=by, project=project, what=what, side=side)
    tell_givers(material, by=by)
    return material


@transaction.atomic
def edit_material(material: MaterialRequest, *, by: User, **fields: object) -> MaterialRequest:
    project = material.project
    demand(rules.acts_in(by, project), _("Viewers look on. Ask a colleague to change it."))
    demand_open(project)
    assert set(fields) <= set(MaterialRequest.EDITABLE), fields
    changed = [name for name, value in fields.items() if getattr(material, name) != value]
    if not changed:
        return material
    for name in changed:
        setattr(material, name, fields[name])
    check_person(project, Side(material.side), material.person)
    material.save(update_fields=changed)
    record("material.edited", about=material, by=by, project=project, fields=sorted(changed))
    if {"side", "person"} & set(changed):
        tell_givers(material, by=by)
    return material


@transaction.atomic
def deliver_material(material: MaterialRequest, *, by: User) -> MaterialRequest:
    """Say that it is there; who was second finds it delivered."""
    project = material.project
    demand(rules.acts_in(by, project), _("Viewers look on. Ask a colleague to mark it."))
    demand_open(project)
    awaited = MaterialRequest.objects.awaited().filter(pk=material.pk)
    if awaited.update(delivered_at=timezone.now(), delivered_by=by):
        record("material.delivered", about=material, by=by, project=project)
        announce("material.delivered", to=waiting_for(material), about=material, by=by, facts=words_of(material))
    material.refresh_from_db(fields=["delivered_at", "delivered_by"])
    return material


@transaction.atomic
def await_material(material: MaterialRequest, *, by: User) -> MaterialRequest:
    """It is not there after all."""
    demand(rules.acts_in(by, material.project), _("Viewers look on. Ask a colleague to mark it."))
    demand_open(material.project)
    delivered = MaterialRequest.objects.filter(pk=material.pk, delivered_at__isnull=False)
    if delivered.update(delivered_at=None, delivered_by=None):
        record("material.awaited", about=material, by=by, project=material.project)
    material.refresh_from_db(fields=["delivered_at", "delivered_by"])
    return material


@transaction.atomic
def remove_material(material: MaterialRequest, *, by: User) -> None:
    demand(rules.acts_in(by, material.project), _("Viewers look on. Ask a colleague to remove it."))
    demand_open(material.project)
    record("material.removed", about=material, by=by, project=material.project, what=material.what)
    material.delete()


def tell_givers(material: MaterialRequest, *, by: User) -> None:
    people = [material.person] if material.person else material.project.people_of(Side(material.side))
    announce("material.asked", to=people, about=material, by=by, facts=words_of(material))


def waiting_for(material: MaterialRequest) -> list[User]:
    return [material.created_by, *material.project.people_of(Side(material.side).other)]


def words_of(material: MaterialRequest) -> dict:
    due = material.due_on.isoformat() if material.due_on else ""
    return facts_of(material.project, what=material.what[:300], due_on=due)
