"""Every URL and every operation of the API, knocked on by everybody; and none of them forgotten.

Each area lists its doors in `tests/<area>/doors.py`. A URL or an operation in no list fails the two tests at the end.
"""

import re
from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.db.models import QuerySet
from django.urls import URLPattern, URLResolver, get_resolver
from drf_spectacular.generators import SchemaGenerator

from tests.doors import ROLES, Door

AREAS = ("smmportal", "projects", "kpis", "meetings")
REFUSALS = (400, 401, 403, 404, 405, 409, 429)
#: Who is not logged in is sent to the login, and that is a refusal too.
STRANGER = ("anonymous", 302)
#: What a request may write without having been allowed anything: its own session, and when a token was last used.
OWN_TRACES = {"sessions.Session", "usersessions.UserSession"}
OWN_TRACE_FIELDS = {"used_at", "last_login", "last_seen_at"}


def doors_of(area: str) -> list[Door]:
    module = f"tests.{area}.doors"
    return import_module(module).DOORS if find_spec(module) else []


DOORS = [door for area in AREAS for door in doors_of(area)]


def knock(door: Door, client, address: str, sent: dict, before: dict | None) -> int:
    """The status of the answer; whatever it wrote is undone. With `before`, it must have written nothing."""
    rewind(sent)
    writes = Writes()
    with transaction.atomic():
        with connection.execute_wrapper(writes):
            answer = getattr(client, door.method)(address, sent, **({"format": door.form} if door.is_api else {}))
        if before is not None and writes.seen:
            assert all_rows() == before, "a refused request wrote something"
        transaction.set_rollback(True)
    return answer.status_code


class Writes:
    """Whether anything but a plain question went to the database: only then are all the rows read again."""

    def __init__(self) -> None:
        self.seen = False

    def __call__(self, execute, sql, params, many, context):
        self.seen |= not sql.lstrip().upper().startswith(("SELECT", "SAVEPOINT", "RELEASE SAVEPOINT"))
        return execute(sql, params, many, context)


def rewind(sent: dict | list) -> None:
    """A file was read to its end by the knock before."""
    for value in sent.values() if isinstance(sent, dict) else ():
        if hasattr(value, "seek"):
            value.seek(0)


def all_rows() -> dict[str, list]:
    return {
        model._meta.label: list(lasting(QuerySet(model)).order_by("pk"))
        for model in apps.get_models()
        if model._meta.label not in OWN_TRACES and model._meta.managed
    }


def lasting(rows: QuerySet) -> QuerySet:
    names = [field.attname for field in rows.model._meta.concrete_fields if field.name not in OWN_TRACE_FIELDS]
    return rows.values_list(*names)


@pytest.mark.parametrize("door", DOORS, ids=str)
def test_a_door_opens_only_to_whom_it_should(door, cast, browse, api):
    address, sent = door.address(cast), door.data(cast)
    people = {role: None if role == "anonymous" else getattr(cast, role) for role in ROLES}
    clients = {role: api(person) if door.is_api else browse(person) for role, person in people.items()}
    expected = {role: door.expected(role) for role in ROLES}
    before = all_rows()
    asked_in = {STRANGER} if not door.is_public else set()
    refused = {role for role, status in expected.items() if status in REFUSALS or (role, status) in asked_in}
    found = {
        role: knock(door, client, address, sent, before if role in refused else None)
        for role, client in clients.items()
    }
    assert found == expected


# --- Nothing is left out ----------------------------------------------------------------------------------------------


def routes(patterns: list, namespace: str = "", before: str = "/") -> Iterator[tuple[str, str]]:
    """Every name in the URLconf with its route."""
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from routes(pattern.url_patterns, inner, route)
        elif isinstance(pattern, URLPattern) and pattern.name:
            yield namespace + pattern.name, route


NAMED = list(routes(get_resolver().url_patterns))


def shape(route: str) -> str:
    """A route without the names of its parameters: `/api/v1/goals/*/`."""
    return re.sub(r"\{[^}]*\}|<[^>]*>", "*", route)


def operations() -> set[tuple[str, str]]:
    """Every operation that the API's schema shows."""
    paths = SchemaGenerator().get_schema(request=None, public=True)["paths"]
    methods = {"get", "post", "put", "patch", "delete"}
    return {(method, shape(path)) for path, verbs in paths.items() for method in verbs if method in methods}


def test_every_url_has_a_door():
    names = {
        name for name, _route in NAMED if not name.startswith("admin:")
    }  # tests/smmportal/test_admin.py walks those
    forgotten = names - {door.name for door in DOORS}
    assert not forgotten, f"add a Door for each of these to its tests/<area>/doors.py: {sorted(forgotten)}"


def test_every_operation_of_the_api_has_a_door():
    listed = {(door.method, shape(route)) for door in DOORS for name, route in NAMED if name == door.name}
    forgotten = {f"{method} {path}" for method, path in operations() - listed}
    assert not forgotten, f"add a Door with this method to its area's tests/<area>/doors.py: {sorted(forgotten)}"


def test_no_door_leads_nowhere():
    assert {door.name for door in DOORS} - {name for name, _route in NAMED} == set()
