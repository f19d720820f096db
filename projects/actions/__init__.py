"""Verbs of the project: each asks the rule, refuses in words, writes, records, announces, in one transaction."""

from projects.actions.briefs import extend_brief, save_answer, submit_brief
from projects.actions.business_goals import (
    change_business_goal,
    name_business_goal,
    place_business_goal,
    remove_business_goal,
    reword_business_goal,
)
from projects.actions.conclusions import conclude_goal, reopen_goal
from projects.actions.confidence import say_confidence
from projects.actions.debriefs import (
    confirm_debrief,
    previous_texts,
    remark_on_debrief,
    share_debrief,
    write_understanding,
)
from projects.actions.goals import (
    agree_to_goal,
    begin_goal,
    begin_goals,
    delete_goal,
    draft_goal,
    edit_goal,
    propose_goal,
)
from projects.actions.projects import close_project, create_project, edit_project, reopen_project
from projects.actions.tasks import add_task, edit_task, finish_task, reopen_task

__all__ = [
    "add_task",
    "agree_to_goal",
    "begin_goal",
    "begin_goals",
    "change_business_goal",
    "close_project",
    "conclude_goal",
    "confirm_debrief",
    "create_project",
    "delete_goal",
    "draft_goal",
    "edit_goal",
    "edit_project",
    "edit_task",
    "extend_brief",
    "finish_task",
    "name_business_goal",
    "place_business_goal",
    "previous_texts",
    "propose_goal",
    "remark_on_debrief",
    "remove_business_goal",
    "reopen_goal",
    "reopen_project",
    "reopen_task",
    "reword_business_goal",
    "save_answer",
    "say_confidence",
    "share_debrief",
    "submit_brief",
    "write_understanding",
]
