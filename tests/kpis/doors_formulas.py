"""The doors of the catalogue and of formulas."""

from kpis.models import Formula, MetricSeries
from tests.builders import Cast
from tests.doors import Door, of_nothing
from tests.kpis.conftest import begun

ONLY_AGENCY = {"decider": 403, "contact": 403, "viewer": 403}


def of_formula(cast: Cast) -> list:
    return [begun(cast).get(Formula).pk]


def of_project_with_numbers(cast: Cast) -> list:
    return [begun(cast).get(MetricSeries).source.project_id]


def said(cast: Cast) -> dict:
    words = {"name": "A half", "expression": "followers / 4", "unit": "count", "decimals": 0, "direction": "up"}
    return {**words, "project": cast.project.pk}


FORMULA_DOORS = [
    Door("kpis:metrics", args=of_nothing, outside=200),
    Door("api:metrics", args=of_nothing, outside=200),
    Door("kpis:formula", args=of_formula),
    Door("kpis:formula_new", args=of_project_with_numbers, expects=ONLY_AGENCY),
    Door("kpis:formula_new", "post", args=of_project_with_numbers, data=said, inside=302, expects=ONLY_AGENCY),
    Door("kpis:formula_edit", args=of_formula, expects=ONLY_AGENCY),
    Door("kpis:formula_edit", "post", args=of_formula, data=said, inside=302, expects=ONLY_AGENCY),
    Door("kpis:formula_retirement", "post", args=of_formula, inside=302, expects=ONLY_AGENCY),
    Door("api:formulas", args=of_nothing, outside=200),
    Door(
        "api:formulas",
        "post",
        args=lambda cast: of_project_with_numbers(cast)[1:],
        data=said,
        inside=201,
        outside=400,
        expects=ONLY_AGENCY,
    ),
    Door("api:formula", args=of_formula),
    Door("api:formula", "patch", args=of_formula, data=lambda cast: {"name": "A third"}, expects=ONLY_AGENCY),
    Door("api:formula", "delete", args=of_formula, expects=ONLY_AGENCY),
    Door(
        "api:formula_preview",
        "post",
        args=of_project_with_numbers,
        data=lambda cast: {"expression": "followers / 4"},
        expects=ONLY_AGENCY,
    ),
]
