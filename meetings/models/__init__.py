from meetings.models.availability import Availability, OtherHours
from meetings.models.feeds import CalendarFeed
from meetings.models.meetings import AgendaItem, Attendance, BroughtUp, Meeting
from meetings.models.minutes import ActionItem, Decision, Minutes
from meetings.models.proposals import Asked, HeldTime, Proposal, ProposalLink, ProposedTime
from meetings.models.rhythm import Rhythm
from meetings.models.subscriptions import BusyTime, CalendarSubscription

__all__ = [
    "ActionItem",
    "AgendaItem",
    "Asked",
    "Attendance",
    "Availability",
    "BroughtUp",
    "BusyTime",
    "CalendarFeed",
    "CalendarSubscription",
    "Decision",
    "HeldTime",
    "Meeting",
    "Minutes",
    "OtherHours",
    "Proposal",
    "ProposalLink",
    "ProposedTime",
    "Rhythm",
]
