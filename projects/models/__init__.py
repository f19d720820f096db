from projects.models.briefs import Answer, Brief, BriefVersion, Debrief, DebriefRemark, DebriefSection
from projects.models.delegations import Delegation
from projects.models.files import AnswerFile
from projects.models.goals import Goal
from projects.models.project import Project
from projects.models.tasks import Task
from projects.models.templates import BriefTemplate

__all__ = [
    "Answer",
    "AnswerFile",
    "Brief",
    "BriefTemplate",
    "BriefVersion",
    "Debrief",
    "DebriefRemark",
    "DebriefSection",
    "Delegation",
    "Goal",
    "Project",
    "Task",
]
