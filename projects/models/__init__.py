from projects.models.absences import Absence
from projects.models.briefs import Answer, Brief, BriefVersion, Debrief, DebriefRemark, DebriefSection
from projects.models.goals import Goal
from projects.models.project import Project
from projects.models.recurrences import Recurrence
from projects.models.tasks import ChecklistItem, Dependency, Effort, Reminder, State, Task
from projects.models.vocabulary import Priority

__all__ = [
    "Absence",
    "Answer",
    "Brief",
    "BriefVersion",
    "ChecklistItem",
    "Debrief",
    "DebriefRemark",
    "DebriefSection",
    "Dependency",
    "Effort",
    "Goal",
    "Priority",
    "Project",
    "Recurrence",
    "Reminder",
    "State",
    "Task",
]
