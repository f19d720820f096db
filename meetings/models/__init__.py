from meetings.models.answers import Confirmation, Correction, MinutesLink, Objection, ObjectionAnswer
from meetings.models.availability import Availability, OtherHours
from meetings.models.feeds import CalendarFeed
from meetings.models.meetings import AgendaItem, Attendance, BroughtUp, CallLink, Meeting
from meetings.models.minutes import ActionItem, Decision, Minutes
from meetings.models.proposals import Asked, HeldTime, Proposal, ProposalLink, ProposedTime
from meetings.models.reminders import MeetingReminder, ReminderTimes
from meetings.models.rhythm import Rhythm
from meetings.models.room import Room
from meetings.models.series import OpenDay, Series, SeriesSeat
from meetings.models.subscriptions import BusyTime, CalendarAccount, CalendarSubscription

__all__ = [
    "ActionItem",
    "AgendaItem",
    "Asked",
    "Attendance",
    "Availability",
    "BroughtUp",
    "BusyTime",
    "CalendarAccount",
    "CalendarFeed",
    "CalendarSubscription",
    "CallLink",
    "Confirmation",
    "Correction",
    "Decision",
    "HeldTime",
    "Meeting",
    "MeetingReminder",
    "Minutes",
    "MinutesLink",
    "Objection",
    "ObjectionAnswer",
    "OpenDay",
    "OtherHours",
    "Proposal",
    "ProposalLink",
    "ProposedTime",
    "ReminderTimes",
    "Rhythm",
    "Room",
    "Series",
    "SeriesSeat",
]
