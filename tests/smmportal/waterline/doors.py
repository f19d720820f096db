"""The doors of the waterline: both sides read it, the agency's owner weighs its rules."""

from tests.builders import Cast, make_reading
from tests.doors import Door


def of_agency(cast: Cast) -> list:
    return [cast.agency.pk]


def with_reading(cast: Cast) -> list:
    return [make_reading(cast).project_id]


#: Every client of the agency, and whoever works there, reads what its rules count.
NEARBY = {"neighbour": 200, "colleague": 200}
INSIDE_BUT_OWNER = ("manager", "specialist", "decider", "contact", "viewer", "neighbour", "colleague")
OWNER_ONLY = dict.fromkeys(INSIDE_BUT_OWNER, 403)
WEIGHTS = {"clarity": 20, "kpis": 40, "rhythm": 40}
WATERLINE = [
    Door("waterline:project", args=with_reading),
    Door("waterline:project", query="?range=30"),
    Door("waterline:weights", args=of_agency, expects=NEARBY),
    Door("waterline:weights", "post", of_agency, lambda cast: WEIGHTS, expects={**OWNER_ONLY, "owner": 302}),
    Door("waterline:weights", args=lambda cast: [cast.client.pk], inside=404),
    Door("api:waterline", args=with_reading),
    Door("api:waterline_history", args=with_reading),
    Door("api:waterline_weights", args=of_agency, expects=NEARBY),
    Door("api:waterline_weights", "patch", of_agency, lambda cast: WEIGHTS, expects=OWNER_ONLY),
]
