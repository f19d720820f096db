from meetings.models.availability import Availability, OtherHours
from meetings.models.feeds import CalendarFeed
from meetings.models.meetings import AgendaItem, Attendance, BroughtUp, CallLink, Meeting
from meetings.models.minutes import ActionItem, Decision, Minutes
from meetings.models.reminders import MeetingReminder, ReminderTimes
from meetings.models.rhythm import Rhythm
from meetings.models.subscriptions import BusyTime, CalendarAccount, CalendarSubscription

__all__ = [
    "ActionItem",
    "AgendaItem",
    "Attendance",
    "Availability",
    "BroughtUp",
    "BusyTime",
    "CalendarAccount",
    "CalendarFeed",
    "CalendarSubscription",
    "CallLink",
    "Decision",
    "Meeting",
    "MeetingReminder",
    "Minutes",
    "OtherHours",
    "ReminderTimes",
    "Rhythm",
]
