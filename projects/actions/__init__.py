"""Verbs of the project: each asks the rule, refuses in words, writes, records, announces, in one transaction."""

from projects.actions.briefs import demand_filling, extend_brief, save_answer, submit_brief
from projects.actions.debriefs import (
    confirm_debrief,
    previous_texts,
    remark_on_debrief,
    share_debrief,
    write_understanding,
)
from projects.actions.delegations import (
    begin_delegation,
    delegate_section,
    find_delegation,
    finish_delegation,
    revoke_delegation,
)
from projects.actions.files import add_file, remove_file
from projects.actions.goals import agree_to_goal, delete_goal, draft_goal, edit_goal, propose_goal
from projects.actions.projects import close_project, create_project, edit_project, reopen_project
from projects.actions.tasks import add_task, edit_task, finish_task, reopen_task
from projects.actions.templates import (
    archive_template,
    copy_template,
    demand_editing,
    edit_template,
    restore_template,
)

__all__ = [
    "add_file",
    "add_task",
    "agree_to_goal",
    "archive_template",
    "begin_delegation",
    "close_project",
    "confirm_debrief",
    "copy_template",
    "create_project",
    "delegate_section",
    "delete_goal",
    "demand_editing",
    "demand_filling",
    "draft_goal",
    "edit_goal",
    "edit_project",
    "edit_task",
    "edit_template",
    "extend_brief",
    "find_delegation",
    "finish_delegation",
    "finish_task",
    "previous_texts",
    "propose_goal",
    "remark_on_debrief",
    "remove_file",
    "reopen_project",
    "reopen_task",
    "restore_template",
    "revoke_delegation",
    "save_answer",
    "share_debrief",
    "submit_brief",
    "write_understanding",
]
