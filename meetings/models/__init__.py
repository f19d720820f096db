from meetings.models.answers import Confirmation, Correction, MinutesLink, Objection, ObjectionAnswer
from meetings.models.availability import Availability, OtherHours
from meetings.models.feeds import CalendarFeed
from meetings.models.meetings import AgendaItem, Attendance, BroughtUp, Meeting
from meetings.models.minutes import ActionItem, Decision, Minutes
from meetings.models.rhythm import Rhythm
from meetings.models.subscriptions import BusyTime, CalendarSubscription

__all__ = [
    "ActionItem",
    "AgendaItem",
    "Attendance",
    "Availability",
    "BroughtUp",
    "BusyTime",
    "CalendarFeed",
    "CalendarSubscription",
    "Confirmation",
    "Correction",
    "Decision",
    "Meeting",
    "Minutes",
    "MinutesLink",
    "Objection",
    "ObjectionAnswer",
    "OtherHours",
    "Rhythm",
]
