from meetings.models.meetings import AgendaItem, Attendance, Meeting
from meetings.models.minutes import ActionItem, Decision, Minutes

__all__ = ["ActionItem", "AgendaItem", "Attendance", "Decision", "Meeting", "Minutes"]
