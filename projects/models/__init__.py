from projects.models.briefs import Answer, Brief, BriefVersion, Debrief, DebriefRemark, DebriefSection
from projects.models.goals import BusinessGoal, Conclusion, Confidence, ConfidenceGap, Goal
from projects.models.project import Project
from projects.models.tasks import Task

__all__ = [
    "Answer",
    "Brief",
    "BriefVersion",
    "BusinessGoal",
    "Conclusion",
    "Confidence",
    "ConfidenceGap",
    "Debrief",
    "DebriefRemark",
    "DebriefSection",
    "Goal",
    "Project",
    "Task",
]
