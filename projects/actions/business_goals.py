"""What stands above the goals: what the business wants of the whole work."""

from django.db import transaction
from django.db.models import Max, ProtectedError
from django.utils.translation import gettext as _

from projects import rules
from projects.actions.projects import demand_open
from projects.models import BusinessGoal, Project
from projects.queries.goals import task_of_brief
from smmportal.audit import record
from smmportal.people.models import User
from smmportal.refusals import Refused, demand

MOST = 20


@transaction.atomic
def name_business_goal(project: Project, *, text: str, by: User) -> BusinessGoal:
    """Write down what the business wants; the same words are not written twice. Words that are the brief's own link
    back to its answer."""
    demand(rules.acts_in(by, project), _("Viewers look on. Ask a colleague to write the business goal."))
    demand_open(project)
    Project.objects.select_for_update().get(pk=project.pk)
    text = written(text)
    same = project.business_goals.filter(text=text).first()
    if same:
        return same
    if project.business_goals.count() >= MOST:
        raise Refused(_("A project has at most %(most)s business goals.") % {"most": MOST}, code="too-many")
    last = project.business_goals.aggregate(last=Max("position"))["last"] or 0
    offered = task_of_brief(project)
    origin = {"from_version": offered.version, "from_key": offered.key} if offered and offered.text == text else {}
    above = BusinessGoal.objects.create(project=project, text=text, position=last + 1, created_by=by, **origin)
    record("business_goal.named", about=above, by=by, project=project, text=text)
    return above


@transaction.atomic
def reword_business_goal(above: BusinessGoal, *, text: str, by: User) -> BusinessGoal:
    demand(rules.acts_in(by, above.project), _("Viewers look on. Ask a colleague to write the business goal."))
    demand_open(above.project)
    text, was = written(text), above.text
    if text != was:
        above.text = text
        above.save(update_fields=["text"])
        record("business_goal.reworded", about=above, by=by, project=above.project, was=was, became=text)
    return above


@transaction.atomic
def place_business_goal(above: BusinessGoal, *, position: int, by: User) -> BusinessGoal:
    """Put it at this place, counted from 1; the others close up."""
    demand(rules.acts_in(by, above.project), _("Viewers look on. Ask a colleague to write the business goal."))
    demand_open(above.project)
    others = list(above.project.business_goals.select_for_update().exclude(pk=above.pk))
    others.insert(min(max(position, 1), len(others) + 1) - 1, above)
    for number, row in enumerate(others, start=1):
        row.position = number
    BusinessGoal.objects.bulk_update(others, ["position"])
    return above


@transaction.atomic
def change_business_goal(
    above: BusinessGoal, *, by: User, text: str | None = None, position: int | None = None
) -> BusinessGoal:
    """Other words, another place, or both, or nothing of it."""
    if text is not None:
        reword_business_goal(above, text=text, by=by)
    if position is not None:
        place_business_goal(above, position=position, by=by)
    return above


@transaction.atomic
def remove_business_goal(above: BusinessGoal, *, by: User) -> None:
    demand(rules.acts_in(by, above.project), _("Viewers look on. Ask a colleague to write the business goal."))
    demand_open(above.project)
    record("business_goal.removed", about=above, by=by, project=above.project, text=above.text)
    try:
        above.delete()
    except ProtectedError as error:
        raise Refused(_("Goals stand under it. Move them under another one first."), code="in-use") from error


def written(text: str) -> str:
    text = " ".join(text.split())
    if not text:
        raise Refused(_("Write in a line what the business wants."), code="empty")
    return text
