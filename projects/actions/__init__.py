"""Verbs of the project: each asks the rule, refuses in words, writes, records, announces, in one transaction."""

from projects.actions.briefs import extend_brief, save_answer, submit_brief
from projects.actions.debriefs import (
    confirm_debrief,
    previous_texts,
    remark_on_debrief,
    share_debrief,
    write_understanding,
)
from projects.actions.goals import agree_to_goal, delete_goal, draft_goal, edit_goal, propose_goal
from projects.actions.projects import close_project, create_project, edit_project, reopen_project
from projects.actions.tasks import add_task, edit_task, finish_task, reopen_task

__all__ = [
    "add_task",
    "agree_to_goal",
    "close_project",
    "confirm_debrief",
    "create_project",
    "delete_goal",
    "draft_goal",
    "edit_goal",
    "edit_project",
    "edit_task",
    "extend_brief",
    "finish_task",
    "previous_texts",
    "propose_goal",
    "remark_on_debrief",
    "reopen_project",
    "reopen_task",
    "save_answer",
    "share_debrief",
    "submit_brief",
    "write_understanding",
]
