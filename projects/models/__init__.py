from projects.models.briefs import Answer, Brief, BriefVersion, Debrief, DebriefRemark, DebriefSection
from projects.models.goals import Goal
from projects.models.knowledge import Competitor, Contact, ForbiddenTopic
from projects.models.materials import MaterialRequest
from projects.models.origins import FromAnswer
from projects.models.project import Project
from projects.models.tasks import Task

__all__ = [
    "Answer",
    "Brief",
    "BriefVersion",
    "Competitor",
    "Contact",
    "Debrief",
    "DebriefRemark",
    "DebriefSection",
    "ForbiddenTopic",
    "FromAnswer",
    "Goal",
    "MaterialRequest",
    "Project",
    "Task",
]
