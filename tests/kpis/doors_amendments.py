"""The doors of what the brief changed under signed KPIs."""

from kpis.models import AmendmentProposal
from tests.builders import Cast
from tests.doors import Door

ONLY_DECIDING = {"specialist": 403, "contact": 403, "viewer": 403}


def of_amendment(cast: Cast) -> list:
    return [cast.get(AmendmentProposal).pk]


def reason(_cast: Cast) -> dict:
    return {"reason": "We wait for spring."}


AMENDMENT_DOORS = [
    Door("kpis:amendment", args=of_amendment),
    Door("kpis:amendment_settlement", "post", args=of_amendment, data=reason, inside=302, expects=ONLY_DECIDING),
    Door("api:amendments", args=lambda cast: [], outside=200),
    Door("api:amendment", args=of_amendment),
    Door("api:amendment_settlement", "post", args=of_amendment, data=reason, inside=201, expects=ONLY_DECIDING),
]
