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
from projects.actions.knowledge import add_known, edit_known, know_from_answer, remove_known
from projects.actions.materials import (
    ask_for_material,
    await_material,
    deliver_material,
    edit_material,
    remove_material,
)
from projects.actions.projects import activate_project, close_project, create_project, edit_project, reopen_project
from projects.actions.tasks import add_task, ask_client, edit_task, finish_task, reopen_task

__all__ = [
    "activate_project",
    "add_known",
    "add_task",
    "agree_to_goal",
    "ask_client",
    "ask_for_material",
    "await_material",
    "close_project",
    "confirm_debrief",
    "create_project",
    "delete_goal",
    "deliver_material",
    "draft_goal",
    "edit_goal",
    "edit_known",
    "edit_material",
    "edit_project",
    "edit_task",
    "extend_brief",
    "finish_task",
    "know_from_answer",
    "previous_texts",
    "propose_goal",
    "remark_on_debrief",
    "remove_known",
    "remove_material",
    "reopen_project",
    "reopen_task",
    "save_answer",
    "share_debrief",
    "submit_brief",
    "write_understanding",
]
