from projects.models.absences import Absence
from projects.models.briefs import Answer, Brief, BriefVersion, Debrief, DebriefRemark, DebriefSection
from projects.models.delegations import Delegation
from projects.models.files import AnswerFile
from projects.models.goals import BusinessGoal, Conclusion, Confidence, ConfidenceGap, Goal
from projects.models.knowledge import Competitor, Contact, ForbiddenTopic
from projects.models.materials import MaterialRequest
from projects.models.origins import FromAnswer
from projects.models.project import Project
from projects.models.recurrences import Recurrence
from projects.models.tasks import ChecklistItem, Dependency, Effort, Reminder, State, Task
from projects.models.templates import BriefTemplate
from projects.models.vocabulary import Priority

__all__ = [
    "Absence",
    "Answer",
    "AnswerFile",
    "Brief",
    "BriefTemplate",
    "BriefVersion",
    "BusinessGoal",
    "ChecklistItem",
    "Competitor",
    "Conclusion",
    "Confidence",
    "ConfidenceGap",
    "Contact",
    "Debrief",
    "DebriefRemark",
    "DebriefSection",
    "Delegation",
    "Dependency",
    "Effort",
    "ForbiddenTopic",
    "FromAnswer",
    "Goal",
    "MaterialRequest",
    "Priority",
    "Project",
    "Recurrence",
    "Reminder",
    "State",
    "Task",
]
