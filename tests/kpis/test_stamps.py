"""One look-up tells whether a dashboard has changed, and whether it is the reader's to see."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from kpis.models import Kpi, Source
from kpis.queries.stamps import RESTS_ON, stamp_of
from kpis.queries.standings import today_of
from projects.models import Project
from smmportal.people.models import Membership, Organisation
from tests.builders import Cast, make_points, make_series


@pytest.fixture
def watched(cast) -> Cast:
    cast.made |= {Project: cast.project, Organisation: cast.client, Membership: cast.decider.memberships.get()}
    for model, _road in RESTS_ON:
        cast.get(model)
    return cast


def digest(cast) -> str:
    return stamp_of(cast.manager, cast.project.pk).digest


CHANGES = {
    "Project": {"closed_at": "2026-11-23T10:00Z"},
    "Organisation": {"name": "Roast No. 8"},
    "Membership": {"role": "viewer"},
    "Kpi": {"name": "Readers"},
    "Source": {"title": "Roast"},
    "MetricSeries": {"latest_value": 7},
    "Forecast": {"chance": 0.7},
    "Formula": {"name": "Ours"},
    "Computed": {"version": 9},
    "Operand": {"name": "reach@9"},
    "Dip": {"explanation": "A holiday"},
    "Review": {"happened": "It grew"},
    "Agreement": {"withdrawn_at": "2026-11-23T10:00Z"},
    "Signature": {"proof": "totp"},
}


@pytest.mark.parametrize("model", dict.fromkeys(model for model, _road in RESTS_ON), ids=lambda model: model.__name__)
def test_it_changes_with_every_row_that_a_dashboard_rests_on(watched, model):
    before = digest(watched)
    changed = QuerySet(model).filter(pk=watched.get(model).pk).update(**CHANGES[model.__name__])
    assert (changed, digest(watched) != before) == (1, True)


def test_it_is_the_same_when_only_the_pulling_went_on(watched):
    before = digest(watched)
    Source.objects.update(attempts=3, last_success_at="2026-11-23T10:00Z")
    assert digest(watched) == before


def test_it_changes_with_the_numbers(watched):
    before = digest(watched)
    make_points(make_series(watched, metric="reach"), [1, 2], last=today_of(watched.project))
    assert digest(watched) != before


def test_another_projects_rows_are_not_in_it(watched):
    before = digest(watched)
    other = type(watched.project).objects.create(
        name="Other", agency=watched.agency, client=watched.other_client, created_by=watched.manager
    )
    Source.objects.create(project=other, platform="vk", external_id="9", title="Bakery", connected_by=watched.manager)
    assert digest(watched) == before


def test_who_does_not_see_the_project_gets_none(watched):
    people = {name: getattr(watched, name) for name in (*Cast.INSIDE, *Cast.OUTSIDE)}
    seen = {name: stamp_of(person, watched.project.pk) is not None for name, person in people.items()}
    assert seen == {**dict.fromkeys(Cast.INSIDE, True), **dict.fromkeys(Cast.OUTSIDE, False)}
    watched.manager.is_active = False
    assert stamp_of(watched.manager, watched.project.pk) is None
    assert stamp_of(AnonymousUser(), watched.project.pk) is None


def test_it_is_one_query(watched, django_assert_num_queries):
    with django_assert_num_queries(1):
        digest(watched)
    Kpi.objects.filter(project=watched.project).update(due_on=watched.project.ends_on + timedelta(days=1))
    with django_assert_num_queries(1):
        digest(watched)
