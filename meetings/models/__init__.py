from meetings.models.availability import Availability, OtherHours
from meetings.models.feeds import CalendarFeed
from meetings.models.meetings import AgendaItem, Attendance, BroughtUp, Meeting
from meetings.models.minutes import ActionItem, Decision, Minutes
from meetings.models.rhythm import Rhythm
from meetings.models.room import Room
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
    "Decision",
    "Meeting",
    "Minutes",
    "OtherHours",
    "Rhythm",
    "Room",
]
