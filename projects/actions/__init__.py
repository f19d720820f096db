"""Verbs of the project: each asks the rule, refuses in words, writes, records, announces, in one transaction."""

from projects.actions.absences import HandedOver, call_off_absence, go_away, hand_over
from projects.actions.briefs import extend_brief, save_answer, submit_brief
from projects.actions.checklists import add_step, edit_step, move_step, remove_step, tick_step, untick_step
from projects.actions.debriefs import (
    confirm_debrief,
    previous_texts,
    remark_on_debrief,
    share_debrief,
    write_understanding,
)
from projects.actions.dependencies import stop_waiting_for, wait_for
from projects.actions.efforts import spend, take_back_effort
from projects.actions.goals import agree_to_goal, delete_goal, draft_goal, edit_goal, propose_goal
from projects.actions.many_tasks import change_tasks, finish_tasks, reopen_tasks
from projects.actions.projects import close_project, create_project, edit_project, reopen_project
from projects.actions.recurrences import begin_recurrence, continue_all, edit_recurrence, end_recurrence
from projects.actions.reminders import remind
from projects.actions.tasks import add_task, edit_task, finish_task, move_task, reopen_task

__all__ = [
    "HandedOver",
    "add_step",
    "add_task",
    "agree_to_goal",
    "begin_recurrence",
    "call_off_absence",
    "change_tasks",
    "close_project",
    "confirm_debrief",
    "continue_all",
    "create_project",
    "delete_goal",
    "draft_goal",
    "edit_goal",
    "edit_project",
    "edit_recurrence",
    "edit_step",
    "edit_task",
    "end_recurrence",
    "extend_brief",
    "finish_task",
    "finish_tasks",
    "go_away",
    "hand_over",
    "move_step",
    "move_task",
    "previous_texts",
    "propose_goal",
    "remark_on_debrief",
    "remind",
    "remove_step",
    "reopen_project",
    "reopen_task",
    "reopen_tasks",
    "save_answer",
    "share_debrief",
    "spend",
    "stop_waiting_for",
    "submit_brief",
    "take_back_effort",
    "tick_step",
    "untick_step",
    "wait_for",
    "write_understanding",
]
