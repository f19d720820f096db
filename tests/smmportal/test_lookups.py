"""`among` finds what `in` finds."""

import pytest

from smmportal.people.models import Membership, User

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("wanted", [[], ["owner"], ["owner", "viewer", "owner"]])
def test_it_finds_what_in_finds(cast, wanted):
    ids = [getattr(cast, name).pk for name in wanted]
    assert set(User.objects.filter(pk__among=ids)) == set(User.objects.filter(pk__in=ids))


def test_sets_and_generators_are_lists_too(cast):
    assert User.objects.filter(pk__among={cast.owner.pk}).get() == cast.owner
    assert User.objects.filter(pk__among=(pk for pk in [cast.owner.pk])).get() == cast.owner


def test_foreign_keys_have_it(cast):
    found = Membership.objects.filter(user__among=[cast.owner.pk, cast.viewer.pk]).order_by("user")
    assert list(found.values_list("user", flat=True)) == sorted([cast.owner.pk, cast.viewer.pk])


def test_it_goes_with_other_conditions(cast):
    ids = [cast.owner.pk, cast.viewer.pk]
    assert User.objects.filter(name="Olga", pk__among=ids).exclude(pk__among=[]).get() == cast.owner
