"""Every row of every project: its members see it, everyone else does not."""

import pytest
from django.apps import apps

from smmportal.scoping import ScopedQuerySet
from tests.builders import BUILDERS, Cast

SCOPED = [model for model in apps.get_models() if isinstance(model._default_manager.all(), ScopedQuerySet)]


def seen_by(cast: Cast, name: str, model) -> bool:
    row = cast.get(model)
    return model.objects.visible_to(getattr(cast, name)).filter(pk=row.pk).exists()


@pytest.mark.parametrize("model", SCOPED, ids=lambda model: model.__name__)
def test_every_scoped_model_has_a_builder(model):
    assert model in BUILDERS


@pytest.mark.parametrize("model", SCOPED, ids=lambda model: model.__name__)
def test_a_row_is_seen_by_both_sides_and_by_nobody_else(cast, model):
    assert {name: seen_by(cast, name, model) for name in (*Cast.INSIDE, *Cast.OUTSIDE)} == {
        **dict.fromkeys(Cast.INSIDE, True),
        **dict.fromkeys(Cast.OUTSIDE, False),
    }
