from meetings.models.meetings import AgendaItem, Attendance, Meeting
from meetings.models.minutes import ActionItem, Decision, Minutes
from meetings.models.rhythm import Rhythm

__all__ = ["ActionItem", "AgendaItem", "Attendance", "Decision", "Meeting", "Minutes", "Rhythm"]
