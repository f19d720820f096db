"""How goals end, and how they are taken up again."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from projects import rules
from projects.actions.goals import reread, tell
from projects.actions.projects import demand_open
from projects.models import Conclusion, Goal
from smmportal.audit import record
from smmportal.people.models import User
from smmportal.refusals import Refused, demand

Outcome = Conclusion.Outcome


@transaction.atomic
def conclude_goal(
    goal: Goal, *, outcome: str, by: User, reason: str = "", worked: str = "", failed: str = "", lesson: str = ""
) -> Conclusion:
    """Say how the goal ended. Missed and dropped say why; saying the same once more changes nothing."""
    demand(rules.concludes_goal(by, goal.project), _("How a goal ended is said by a manager or a decision-maker."))
    goal = reread(goal)
    if goal.status == outcome:
        return goal.conclusions.get(reopened_at=None)
    demand_open(goal.project)
    check_ending(goal, Outcome(outcome), reason)
    words = {"reason": reason, "worked": worked, "failed": failed, "lesson": lesson}
    words = {name: text.strip() for name, text in words.items()}
    conclusion = goal.conclusions.create(outcome=outcome, by=by, **words)
    goal.status = outcome
    goal.save(update_fields=["status"])
    goal.gaps.open().update(closed_at=timezone.now())
    record("goal.concluded", about=goal, by=by, project=goal.project, outcome=outcome, reason=words["reason"])
    tell("goal.concluded", goal, to=goal.project.people, by=by, outcome=outcome, reason=words["reason"][:500])
    return conclusion


def check_ending(goal: Goal, outcome: Outcome, reason: str) -> None:
    if goal.is_concluded:
        raise Refused(
            _("How this goal ended is said already. If it was something else, reopen the goal first."),
            code="concluded",
        )
    if goal.status in Goal.IN_WORDS:
        raise Refused(_("Nobody has agreed to this goal yet. A draft is thrown away instead."), code="not-agreed")
    if goal.status == Goal.Status.AGREED and outcome != Outcome.DROPPED:
        raise Refused(
            _("This goal has not been begun yet: begin it, or drop it and say why."),
            code="not-begun",
        )
    if outcome != Outcome.ACHIEVED and not reason.strip():
        raise Refused(_("Please say in a line why: both sides will read it later."), code="no-reason")


@transaction.atomic
def reopen_goal(goal: Goal, *, reason: str, by: User) -> Goal:
    """Take a goal up again where it was when it ended. The ending stays in its history."""
    demand(rules.concludes_goal(by, goal.project), _("A goal is reopened by a manager or a decision-maker."))
    goal = reread(goal)
    if not goal.is_concluded:
        return goal
    demand_open(goal.project)
    if not reason.strip():
        raise Refused(_("Please say in a line why the goal goes on."), code="no-reason")
    conclusion = goal.conclusions.get(reopened_at=None)
    conclusion.reopened_by, conclusion.reopened_at = by, timezone.now()
    conclusion.reopened_because = reason.strip()
    conclusion.save()
    goal.status = Goal.Status.ACTIVE if goal.begun_at else Goal.Status.AGREED
    goal.save(update_fields=["status"])
    record("goal.reopened", about=goal, by=by, project=goal.project, reason=conclusion.reopened_because)
    tell("goal.reopened", goal, to=goal.project.people, by=by, reason=conclusion.reopened_because[:500])
    return goal
