"""Who may do what about meetings; one question a function."""

from meetings.models import Meeting, Proposal
from projects.models import Project
from projects.rules import acts_in
from smmportal.people.models import User


def can_book(user: User, project: Project) -> bool:
    """Either side books; viewers look on."""
    return acts_in(user, project)


def can_run(user: User, meeting: Meeting) -> bool:
    """Move it, call it off, write its agenda and its minutes: whoever may book one."""
    return acts_in(user, meeting.project)


def can_withdraw(user: User, proposal: Proposal) -> bool:
    """The side that proposed takes it back, not one person of it only."""
    return acts_in(user, proposal.project) and proposal.project.side_of(user) == proposal.proposed_side
