"""The doors of proposals. A link lets in whoever has it."""

from meetings.models import Proposal
from tests.builders import Cast, make_proposal_link
from tests.doors import Door, everyone

LOOKS_ON = {"viewer": 403}
#: Only who is asked answers, and only the side that proposed takes it back.
ONLY_ASKED = {"owner": 403, "specialist": 403, "contact": 403, "viewer": 403}
ONLY_AGENCY = {"decider": 403, "contact": 403, "viewer": 403}


def of_proposal(cast: Cast) -> list:
    return [cast.get(Proposal).pk]


def secret_of_decider(cast: Cast) -> list:
    return [make_proposal_link(cast).secret]


def page_data(cast: Cast) -> dict:
    people = [cast.manager.pk, cast.decider.pk]
    return {"title": "Call", "minutes": 60, "start_1": "2040-01-03T10:00", "people": people}


def api_data(cast: Cast) -> dict:
    return {"title": "Call", "starts": ["2040-01-03T07:00:00Z"], "people": [cast.manager.pk, cast.decider.pk]}


PROPOSAL_DOORS = [
    Door("meetings:propose", expects=LOOKS_ON),
    Door("meetings:propose", "post", data=page_data, inside=302, expects=LOOKS_ON),
    Door("meetings:proposal", args=of_proposal),
    Door("meetings:proposal", "post", args=of_proposal, inside=302, expects=ONLY_ASKED),
    Door("meetings:proposal_withdrawal", "post", args=of_proposal, inside=302, expects=ONLY_AGENCY),
    Door("meetings:proposed", args=secret_of_decider, expects=everyone(200), is_public=True),
    Door("meetings:proposed", "post", args=secret_of_decider, expects=everyone(302), is_public=True),
    Door("meetings:proposed", args=lambda cast: ["unknown"], expects=everyone(404), is_public=True),
    Door("api:project_proposals"),
    Door("api:project_proposals", "post", data=api_data, inside=201, expects=LOOKS_ON),
    Door("api:proposal", args=of_proposal),
    Door("api:proposal_answer", "post", args=of_proposal, expects=ONLY_ASKED),
    Door("api:proposal_withdrawal", "post", args=of_proposal, expects=ONLY_AGENCY),
]
