"""Who may what in a project, for its doors."""

from tests.builders import Cast

AGENCY = ("owner", "manager", "specialist")
CLIENT = ("decider", "contact", "viewer")


def only(*roles: str, status: int, others: int = 403) -> dict[str, int]:
    """These roles get `status`, the rest of the inside `others`."""
    return {role: status if role in roles else others for role in Cast.INSIDE}


RUNS = ("owner", "manager")
FILLS = ("owner", "manager", "decider", "contact")
SUBMITS = ("decider", "contact")
ACTS = ("owner", "manager", "specialist", "decider", "contact")
DECIDES = ("owner", "manager", "decider")
