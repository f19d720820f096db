"""Who gets what at every page and every operation about tasks."""

from projects import actions
from tests.builders import (
    Cast,
    make_absence,
    make_dependency,
    make_effort,
    make_recurrence,
    make_step,
    make_task,
)
from tests.doors import Door, everyone_inside, of_nothing

ACTS = ("owner", "manager", "specialist", "decider", "contact")


def acting(status: int) -> dict[str, int]:
    """Everybody inside but viewers."""
    return {role: status if role in ACTS else 403 for role in Cast.INSIDE}


def of_task(cast: Cast) -> list:
    return [make_task(cast).pk]


def of_done_task(cast: Cast) -> list:
    return [actions.finish_task(make_task(cast), by=cast.contact).pk]


def of_full_task(cast: Cast) -> list:
    """A task with everything around it."""
    task = make_task(cast, goal=None, description="The big one.", estimate=4)
    make_step(cast, task=task)
    make_effort(cast, task=task)
    make_dependency(cast, task=task)
    return [task.pk]


def of_step(cast: Cast) -> list:
    return [make_step(cast).pk]


def of_ticked_step(cast: Cast) -> list:
    return [actions.tick_step(make_step(cast), by=cast.contact).pk]


def of_effort(cast: Cast) -> list:
    return [make_effort(cast).pk]


def of_dependency(cast: Cast) -> list:
    row = make_dependency(cast)
    return [row.task_id, row.first_id]


def of_recurrence(cast: Cast) -> list:
    return [make_recurrence(cast).pk]


def of_absence(cast: Cast) -> list:
    return [make_absence(cast).pk]


def other_task(cast: Cast) -> dict:
    return {"first": make_task(cast, title="Draw it").pk}


def chosen(cast: Cast) -> dict:
    return {"task": [make_task(cast).pk], "verb": "finish"}


COMES_AGAIN = {
    "title": "Content plan",
    "side": "agency",
    "priority": "normal",
    "frequency": "weekly",
    "interval": "1",
    "weekdays": ["0"],
    "starts_on": "2026-11-23",
}


def comes_again(cast: Cast) -> dict:
    return {**COMES_AGAIN, "project": cast.project.pk}


def away(who: str):
    return lambda cast: {"starts_on": "2026-12-01", "ends_on": "2026-12-07", "substitute": getattr(cast, who).pk}


ONLY_HIM = {**dict.fromkeys(("owner", "manager", "specialist", "stranger", "neighbour", "colleague"), 404)}
#: The absence is seen by colleagues, and called off by nobody but the person away.
CALLS_OFF = {**ONLY_HIM, "decider": 403, "viewer": 403}

PAGES = [
    Door("projects:tasks"),
    Door("projects:tasks", query="?state=doing&side=client&sort=priority"),
    Door(
        "projects:tasks",
        "post",
        data=lambda cast: {"title": "Send the logo", "side": "client", "priority": "normal"},
        expects=acting(302),
    ),
    Door("projects:task", args=of_full_task),
    Door("projects:task", args=of_done_task),
    Door("projects:edit_task", args=of_task, expects=acting(200)),
    Door(
        "projects:edit_task",
        "post",
        args=of_task,
        data=lambda cast: {"title": "Send it", "side": "client", "priority": "normal"},
        expects=acting(302),
    ),
    Door("projects:task_completion", "post", args=of_task, expects=acting(302)),
    Door("projects:task_reopening", "post", args=of_done_task, expects=acting(302)),
    Door("projects:task_board", args=lambda cast: [make_task(cast).project_id]),
    Door("projects:task_state", "post", args=of_task, data=lambda cast: {"state": "doing"}, expects=acting(302)),
    Door("projects:add_step", "post", args=of_task, data=lambda cast: {"text": "Find it"}, expects=acting(302)),
    Door("projects:edit_step", "post", args=of_step, data=lambda cast: {"text": "Find it"}, expects=acting(302)),
    Door("projects:tick_step", "post", args=of_step, expects=acting(302)),
    Door("projects:untick_step", "post", args=of_ticked_step, expects=acting(302)),
    Door("projects:place_step", "post", args=of_step, data=lambda cast: {"position": "1"}, expects=acting(302)),
    Door("projects:remove_step", "post", args=of_step, expects=acting(302)),
    Door(
        "projects:add_effort",
        "post",
        args=of_task,
        data=lambda cast: {"hours": "1.5", "on": "2026-11-01"},
        expects=acting(302),
    ),
    Door(
        "projects:take_back_effort", "post", args=of_effort, expects={**dict.fromkeys(Cast.INSIDE, 403), "contact": 302}
    ),
    Door("projects:add_dependency", "post", args=of_task, data=other_task, expects=acting(302)),
    Door("projects:remove_dependency", "post", args=of_dependency, expects=acting(302)),
    Door("projects:recurrences", args=lambda cast: [make_recurrence(cast).project_id]),
    Door("projects:new_recurrence", expects=acting(200)),
    Door("projects:new_recurrence", "post", data=comes_again, expects=acting(302)),
    Door("projects:recurrence", args=of_recurrence, expects=acting(200)),
    Door("projects:recurrence", "post", args=of_recurrence, data=comes_again, expects=acting(302)),
    Door("projects:recurrence_ending", "post", args=of_recurrence, expects=acting(302)),
    Door("projects:effort", args=lambda cast: [make_effort(cast).task.project_id]),
    Door("projects:effort_csv", args=lambda cast: [make_effort(cast).task.project_id]),
    Door("projects:my_tasks", args=of_nothing, expects=everyone_inside(200)),
    Door("projects:my_tasks", args=of_nothing, query="?whose=all&priority=high", expects=everyone_inside(200)),
    # Whoever sees none of the ticked tasks is told so on the page they came from.
    Door("projects:many_tasks", "post", args=of_nothing, data=chosen, expects=everyone_inside(302)),
    Door("projects:hand_over", args=of_nothing, expects=everyone_inside(200)),
    Door("projects:hand_over", "post", args=of_nothing, data=lambda cast: {"to": ""}, expects=everyone_inside(422)),
    Door("projects:away", args=of_nothing, expects=everyone_inside(200)),
    Door(
        "projects:away",
        "post",
        args=of_nothing,
        data=away("contact"),
        expects={**everyone_inside(422), "decider": 302, "viewer": 302},
    ),
    Door("projects:call_off_absence", "post", args=of_absence, inside=302, expects=CALLS_OFF),
]

API = [
    Door("api:tasks", args=of_nothing, outside=200),
    Door("api:tasks", args=of_nothing, query="?mine=true&overdue=false&state=planned&waits_on=client", outside=200),
    Door(
        "api:tasks",
        "post",
        args=of_nothing,
        data=lambda cast: {
            "project": cast.project.pk,
            "title": "Send the logo",
            "side": "client",
            "priority": "normal",
        },
        expects=acting(201),
    ),
    Door("api:task", args=of_full_task),
    Door("api:task", "patch", args=of_task, data=lambda cast: {"title": "Send it"}, expects=acting(200)),
    Door("api:task_completion", "post", args=of_task, expects=acting(201)),
    Door("api:task_completion", "delete", args=of_done_task, expects=acting(204)),
    Door("api:task_state", "put", args=of_task, data=lambda cast: {"state": "review"}, expects=acting(200)),
    Door("api:checklist", "post", args=of_task, data=lambda cast: {"text": "Find it"}, expects=acting(201)),
    Door("api:checklist_line", "patch", args=of_step, data=lambda cast: {"text": "Find it"}, expects=acting(200)),
    Door("api:checklist_line", "delete", args=of_step, expects=acting(204)),
    Door("api:checklist_tick", "post", args=of_step, expects=acting(201)),
    Door("api:checklist_tick", "delete", args=of_ticked_step, expects=acting(204)),
    Door("api:efforts", args=lambda cast: [make_effort(cast).task_id]),
    Door("api:efforts", "post", args=of_task, data=lambda cast: {"hours": "1.5"}, expects=acting(201)),
    Door("api:effort", "delete", args=of_effort, expects={**dict.fromkeys(Cast.INSIDE, 403), "contact": 204}),
    Door("api:dependencies", "post", args=of_task, data=other_task, expects=acting(201)),
    Door("api:dependency", "delete", args=of_dependency, expects=acting(204)),
    Door(
        "api:many_tasks",
        "post",
        args=of_nothing,
        data=lambda cast: {"tasks": [make_task(cast).pk], "verb": "finish"},
        outside=400,
        expects={"viewer": 409},
    ),
    Door(
        "api:hand_over",
        "post",
        args=of_nothing,
        data=lambda cast: {"to": cast.decider.pk, "tasks": [make_task(cast).pk]},
        inside=201,
        outside=400,
    ),
    Door("api:recurrences", args=of_nothing, outside=200),
    Door("api:recurrences", "post", args=of_nothing, data=comes_again, expects=acting(201)),
    Door("api:recurrence", args=of_recurrence),
    Door("api:recurrence", "patch", args=of_recurrence, data=lambda cast: {"interval": 2}, expects=acting(200)),
    Door("api:recurrence_ending", "post", args=of_recurrence, expects=acting(201)),
    Door("api:project_effort", args=lambda cast: [make_effort(cast).task.project_id]),
    Door("api:absences", args=of_nothing, expects=everyone_inside(200)),
    Door(
        "api:absences",
        "post",
        args=of_nothing,
        data=away("contact"),
        outside=400,
        inside=409,
        # Whoever works at the client's agency knows its people, and is no colleague of theirs.
        expects={"decider": 201, "viewer": 201, "colleague": 409},
    ),
    Door("api:absence", "delete", args=of_absence, inside=204, expects=CALLS_OFF),
]

DOORS = [*PAGES, *API]
