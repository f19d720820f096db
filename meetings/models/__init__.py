from meetings.models.availability import Availability, OtherHours
from meetings.models.feeds import CalendarFeed
from meetings.models.meetings import AgendaItem, Attendance, BroughtUp, Meeting
from meetings.models.minutes import ActionItem, Decision, Minutes
from meetings.models.rhythm import Rhythm
from meetings.models.series import OpenDay, Series, SeriesSeat
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
    "OpenDay",
    "OtherHours",
    "Rhythm",
    "Series",
    "SeriesSeat",
]
