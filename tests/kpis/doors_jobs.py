"""The doors of the pulls' own page."""

from tests.builders import Cast
from tests.doors import Door


def of_agency(cast: Cast) -> list:
    return [cast.agency.pk]


#: The client's people see the agency and not its machinery; a neighbour's client has the same agency.
HEADS_ONLY = dict.fromkeys(("specialist", "decider", "contact", "viewer", "colleague", "neighbour"), 403)

JOBS_DOORS = [
    Door("kpis:jobs", args=of_agency, expects=HEADS_ONLY),
    Door("api:jobs", args=of_agency, expects=HEADS_ONLY),
]
