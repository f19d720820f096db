"""`among` finds what `in` finds; a column sent as an array comes back as it went."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import connection

from smmportal.lookups import as_array
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


NAMES = ["Anna", 'An "A" {na}', "O'Hara, \\o"]


@pytest.mark.parametrize("wanted", [NAMES[:1], NAMES[1:], NAMES])
def test_words_find_what_they_say(cast, wanted):
    for number, name in enumerate(NAMES):
        User.objects.create(email=f"{number}@example.com", name=name)
    assert sorted(User.objects.filter(name__among=wanted).values_list("name", flat=True)) == sorted(wanted)


COLUMNS = {
    "bigint": [3, None, -7],
    "boolean": [True, False, None],
    "numeric": [Decimal("0.10"), None, Decimal(10**20)],
    "date": [date(2026, 11, 23), None],
    "timestamptz": [datetime(2026, 11, 23, 9, 30, 0, 5, UTC), None],
    "text": ["", "NULL", None, 'a "b", {c}', r"back\slash", "строка\nи вторая", "it's %s"],
    "bytea": [b"", b"\x00\xff\\x", None],
}


@pytest.mark.postgres
@pytest.mark.parametrize("kind", COLUMNS)
def test_a_column_comes_back_as_it_went(kind):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT unnest(%s::{kind}[])", [as_array(COLUMNS[kind])])
        came = [bytes(value) if isinstance(value, memoryview) else value for (value,) in cursor.fetchall()]
    assert came == COLUMNS[kind]
