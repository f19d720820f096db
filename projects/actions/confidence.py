"""How sure each side is of a goal, and when the two are too far apart."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from projects import rules
from projects.actions.goals import demand_unconcluded, reread, tell
from projects.actions.projects import demand_open
from projects.models import Confidence, Goal
from projects.queries.goals import is_wide, latest_confidences
from smmportal.audit import record
from smmportal.jobs import later
from smmportal.people.models import User
from smmportal.refusals import Refused, demand


@transaction.atomic
def say_confidence(goal: Goal, *, value: int, by: User, note: str = "") -> Confidence:
    """How sure the person's side is, from 1 to 10; the latest word of a side counts. The same word said again by the
    same person is not written twice."""
    demand(rules.acts_in(by, goal.project), _("Viewers look on. Ask a colleague to say how sure your side is."))
    demand_open(goal.project)
    goal = reread(goal)
    demand_unconcluded(goal)
    if not 1 <= value <= 10:
        raise Refused(_("Confidence is a number from 1 to 10."), code="out-of-range")
    side, note = goal.project.side_of(by), note.strip()
    last = goal.confidences.filter(side=side).first()
    if last and (last.value, last.note, last.by_id) == (value, note, by.pk):
        return last
    said = goal.confidences.create(side=side, value=value, note=note, by=by)
    record("goal.confidence_said", about=goal, by=by, project=goal.project, side=side, value=value)
    settle_gap(goal, by=by)
    return said


def settle_gap(goal: Goal, *, by: User) -> None:
    """Open a gap when the sides have come apart, close it when they are together again."""
    values = latest_confidences([goal.pk]).get(goal.pk, {})
    gap = goal.gaps.open().first()
    if is_wide(values) and gap is None:
        goal.gaps.create(opened_by=by)
        record("goal.gap_opened", about=goal, by=by, project=goal.project, **values)
        tell("goal.apart", goal, to=goal.project.people, by=by, **values)
        later("meetings.bring_up_goal", goal=goal.pk)
    elif gap and not is_wide(values):
        gap.closed_at = timezone.now()
        gap.save(update_fields=["closed_at"])
        record("goal.gap_closed", about=goal, by=by, project=goal.project, **values)
