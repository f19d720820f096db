"""The doors of a goal's life and of what stands above it."""

from projects.models import BusinessGoal, Goal
from tests.builders import Cast, make_conclusion, make_running_goal
from tests.doors import Door, of_nothing

ACTS = ("owner", "manager", "specialist", "decider", "contact")
DECIDES = ("owner", "manager", "decider")


def only(*roles: str, status: int) -> dict[str, int]:
    return {role: status if role in roles else 403 for role in Cast.INSIDE}


def of_running_goal(cast: Cast) -> list:
    return [make_running_goal(cast).pk]


def of_agreed_goal(cast: Cast) -> list:
    return [make_running_goal(cast, status=Goal.Status.AGREED, begun_at=None, begun_by=None).pk]


def of_concluded_goal(cast: Cast) -> list:
    return [make_conclusion(cast).goal_id]


def of_business_goal(cast: Cast) -> list:
    return [cast.get(BusinessGoal).pk]


def ending(_cast: Cast) -> dict:
    return {"outcome": "missed", "reason": "We began late."}


def reason(_cast: Cast) -> dict:
    return {"reason": "There is a new budget."}


def sure(_cast: Cast) -> dict:
    return {"value": 7, "note": "The videos work."}


def above(_cast: Cast) -> dict:
    return {"text": "More orders"}


PAGES = [
    Door("projects:goal", args=of_running_goal),
    Door("projects:goal", args=of_concluded_goal),
    Door("projects:edit_goal", args=of_running_goal, expects=only(*ACTS, status=200)),
    Door("projects:goal_start", "post", args=of_agreed_goal, expects=only(*DECIDES, status=302)),
    Door("projects:goal_conclusion", args=of_running_goal, expects=only(*DECIDES, status=200)),
    Door("projects:goal_conclusion", "post", args=of_running_goal, data=ending, expects=only(*DECIDES, status=302)),
    Door("projects:goal_reopening", args=of_concluded_goal, expects=only(*DECIDES, status=200)),
    Door("projects:goal_reopening", "post", args=of_concluded_goal, data=reason, expects=only(*DECIDES, status=302)),
    Door("projects:goal_confidence", "post", args=of_running_goal, data=sure, expects=only(*ACTS, status=302)),
    Door("projects:business_goals"),
    Door("projects:business_goals", "post", data=above, expects=only(*ACTS, status=302)),
    Door("projects:business_goal", args=of_business_goal, expects=only(*ACTS, status=200)),
    Door("projects:business_goal", "post", args=of_business_goal, data=above, expects=only(*ACTS, status=302)),
    Door(
        "projects:business_goal_position",
        "post",
        args=of_business_goal,
        data=lambda cast: {"position": "1"},
        expects=only(*ACTS, status=302),
    ),
    Door("projects:business_goal_removal", "post", args=of_business_goal, expects=only(*ACTS, status=302)),
]
API = [
    Door("api:goal_start", "post", args=of_agreed_goal, expects=only(*DECIDES, status=201)),
    Door("api:goal_conclusion", "post", args=of_running_goal, data=ending, expects=only(*DECIDES, status=201)),
    Door("api:goal_conclusion", "delete", args=of_concluded_goal, data=reason, expects=only(*DECIDES, status=204)),
    Door("api:goal_conclusions", args=of_concluded_goal),
    Door("api:goal_confidence", args=of_running_goal),
    Door("api:goal_confidence", "post", args=of_running_goal, data=sure, expects=only(*ACTS, status=201)),
    Door("api:business_goals", args=of_nothing, outside=200),
    Door(
        "api:business_goals",
        "post",
        args=of_nothing,
        data=lambda cast: {"project": cast.project.pk, "text": "More orders"},
        expects=only(*ACTS, status=201),
    ),
    Door("api:business_goal", args=of_business_goal),
    Door("api:business_goal", "patch", args=of_business_goal, data=above, expects=only(*ACTS, status=200)),
    Door("api:business_goal", "delete", args=of_business_goal, expects=only(*ACTS, status=204)),
]
GOAL_LIFE_DOORS = [*PAGES, *API]
