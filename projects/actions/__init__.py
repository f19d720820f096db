"""Verbs of the project: each asks the rule, refuses in words, writes, records, announces, in one transaction."""

from projects.actions.absences import HandedOver, call_off_absence, go_away, hand_over
from projects.actions.briefs import demand_filling, extend_brief, save_answer, submit_brief
from projects.actions.business_goals import (
    change_business_goal,
    name_business_goal,
    place_business_goal,
    remove_business_goal,
    reword_business_goal,
)
from projects.actions.checklists import add_step, edit_step, move_step, remove_step, tick_step, untick_step
from projects.actions.conclusions import conclude_goal, reopen_goal
from projects.actions.confidence import say_confidence
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
from projects.actions.dependencies import stop_waiting_for, wait_for
from projects.actions.efforts import spend, take_back_effort
from projects.actions.files import add_file, remove_file
from projects.actions.goals import (
    agree_to_goal,
    begin_goal,
    begin_goals,
    delete_goal,
    draft_goal,
    edit_goal,
    propose_goal,
)
from projects.actions.knowledge import add_known, edit_known, know_from_answer, remove_known
from projects.actions.many_tasks import change_tasks, finish_tasks, reopen_tasks
from projects.actions.materials import (
    ask_for_material,
    await_material,
    deliver_material,
    edit_material,
    remove_material,
)
from projects.actions.projects import activate_project, close_project, create_project, edit_project, reopen_project
from projects.actions.recurrences import begin_recurrence, continue_all, edit_recurrence, end_recurrence
from projects.actions.reminders import remind
from projects.actions.tasks import add_task, ask_client, edit_task, finish_task, move_task, reopen_task
from projects.actions.templates import archive_template, copy_template, demand_editing, edit_template, restore_template

__all__ = [
    "HandedOver",
    "activate_project",
    "add_file",
    "add_known",
    "add_step",
    "add_task",
    "agree_to_goal",
    "archive_template",
    "ask_client",
    "ask_for_material",
    "await_material",
    "begin_delegation",
    "begin_goal",
    "begin_goals",
    "begin_recurrence",
    "call_off_absence",
    "change_business_goal",
    "change_tasks",
    "close_project",
    "conclude_goal",
    "confirm_debrief",
    "continue_all",
    "copy_template",
    "create_project",
    "delegate_section",
    "delete_goal",
    "deliver_material",
    "demand_editing",
    "demand_filling",
    "draft_goal",
    "edit_goal",
    "edit_known",
    "edit_material",
    "edit_project",
    "edit_recurrence",
    "edit_step",
    "edit_task",
    "edit_template",
    "end_recurrence",
    "extend_brief",
    "find_delegation",
    "finish_delegation",
    "finish_task",
    "finish_tasks",
    "go_away",
    "hand_over",
    "know_from_answer",
    "move_step",
    "move_task",
    "name_business_goal",
    "place_business_goal",
    "previous_texts",
    "propose_goal",
    "remark_on_debrief",
    "remind",
    "remove_business_goal",
    "remove_file",
    "remove_known",
    "remove_material",
    "remove_step",
    "reopen_goal",
    "reopen_project",
    "reopen_task",
    "reopen_tasks",
    "restore_template",
    "revoke_delegation",
    "reword_business_goal",
    "save_answer",
    "say_confidence",
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
