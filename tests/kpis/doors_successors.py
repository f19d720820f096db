"""The doors of numbers that a platform retired under signed KPIs."""

from kpis.models import SuccessorProposal
from tests.builders import Cast
from tests.doors import Door

ONLY_AGENCY = {"decider": 403, "contact": 403, "viewer": 403}
ONLY_DECIDING = {"specialist": 403, "contact": 403, "viewer": 403}


def of_succession(cast: Cast) -> list:
    return [cast.get(SuccessorProposal).pk]


def another(cast: Cast) -> dict:
    source = cast.get(SuccessorProposal).source_id
    return {"measure": f"{source}:total_views", "source": source, "metric": "total_views"}


def reason(_cast: Cast) -> dict:
    return {"reason": "We stop counting."}


PAGES = [
    Door("kpis:successor", args=of_succession),
    Door("kpis:successor_candidate", "post", args=of_succession, data=another, inside=302, expects=ONLY_AGENCY),
    Door("kpis:successor_acceptance", "post", args=of_succession, inside=302, expects=ONLY_AGENCY),
    Door("kpis:successor_dismissal", "post", args=of_succession, data=reason, inside=302, expects=ONLY_DECIDING),
]
API = [
    Door("api:successors", args=lambda cast: [], outside=200),
    Door("api:successor", args=of_succession),
    Door("api:successor_candidate", "put", args=of_succession, data=another, expects=ONLY_AGENCY),
    Door("api:successor_acceptance", "post", args=of_succession, inside=201, expects=ONLY_AGENCY),
    Door("api:successor_dismissal", "post", args=of_succession, data=reason, inside=201, expects=ONLY_DECIDING),
]
SUCCESSOR_DOORS = [*PAGES, *API]
