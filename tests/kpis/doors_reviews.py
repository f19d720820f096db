"""The doors of reviews and drops."""

from datetime import timedelta

from kpis.models import Dip, Kpi, Review
from kpis.queries.standings import today_of
from tests.builders import Cast, make_kpi
from tests.doors import Door
from tests.kpis.conftest import begun
from tests.kpis.doors_board import ONLY_AGENCY
from tests.kpis.reviewing import in_force

ONLY_ACTING = {"viewer": 403}


def due_kpi(cast: Cast) -> Kpi:
    """Signed, with a finished week behind it; it has no number, so its review needs a reason."""
    if Kpi not in cast.made:
        today = today_of(begun(cast).project)
        terms = {"starts_on": today - timedelta(days=8), "due_on": today + timedelta(days=90)}
        cast.made[Kpi] = in_force(cast, make_kpi(cast, **terms))
    return cast.made[Kpi]


def of_due_kpi(cast: Cast) -> list:
    return [due_kpi(cast).pk]


def of_review(cast: Cast) -> list:
    return [cast.get(Review).pk]


def of_dip(cast: Cast) -> list:
    return [begun(cast).get(Dip).pk]


def words(_cast: Cast) -> dict:
    return {"happened": "Slow.", "why": "We have no numbers yet."}


def ticked(cast: Cast) -> dict:
    return {"kpi": due_kpi(cast).pk, "happened": "As planned."}


def listed(cast: Cast) -> dict:
    return {"kpis": [due_kpi(cast).pk], "happened": "As planned."}


def explanation(_cast: Cast) -> dict:
    return {"explanation": "The site was down."}


PAGES = [
    Door("kpis:reviews"),
    Door("kpis:review_new", args=of_due_kpi, expects=ONLY_ACTING),
    Door("kpis:review_new", "post", args=of_due_kpi, data=words, inside=302, expects=ONLY_ACTING),
    Door("kpis:review", args=of_review),
    # Who sees none of the KPIs that were ticked is sent back with a sentence, and so is who ticked one without numbers.
    Door("kpis:reviews_bulk", "post", args=lambda cast: [], data=ticked, inside=302, outside=302, expects=ONLY_ACTING),
    Door("kpis:dips"),
    Door("kpis:dip_explanation", args=of_dip, expects=ONLY_AGENCY),
    Door("kpis:dip_explanation", "post", args=of_dip, data=explanation, inside=302, expects=ONLY_AGENCY),
]
API = [
    Door("api:kpi_reviews", args=of_due_kpi),
    Door("api:kpi_reviews", "post", args=of_due_kpi, data=words, inside=201, expects=ONLY_ACTING),
    Door("api:project_reviews"),
    Door("api:project_reviews_owed"),
    Door("api:review", args=of_review),
    Door(
        "api:reviews_bulk",
        "post",
        args=lambda cast: [],
        data=listed,
        inside=409,
        outside=400,
        expects=ONLY_ACTING,
    ),
    Door("api:kpi_dips", args=lambda cast: [cast.get(Kpi).pk]),
    Door("api:project_dips"),
    Door("api:dip", args=of_dip),
    Door("api:dip_noticing", "post", args=of_dip, inside=201, expects=ONLY_AGENCY),
    Door("api:dip_explanation", "post", args=of_dip, data=explanation, inside=201, expects=ONLY_AGENCY),
]
REVIEW_DOORS = [*PAGES, *API]
