"""The fixed cast: two sides of one project, and outsiders who must see none of it."""

from collections.abc import Iterator
from datetime import date

import hypothesis
import pytest
from django.test import Client
from rest_framework.test import APIClient

from kpis.api import board as board_api
from kpis.queries import board, outlooks
from kpis.sandbox import Sandbox, start_sandbox
from smmportal.people.actions import issue_token
from tests import needs
from tests.builders import Cast, make_cast

#: The day that the platforms' stand-in believes to be today.
TODAY = date(2026, 11, 23)

# How quick the machine is just then says nothing about the code.
hypothesis.settings.register_profile(
    "portal", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow], print_blob=True
)
hypothesis.settings.load_profile("portal")


def pytest_configure(config):
    if absent := needs.required() & needs.missing().keys():
        reasons = "; ".join(f"{name}: {needs.missing()[name]}" for name in sorted(absent))
        pytest.exit(f"PORTAL_REQUIRE asks for what is not here: {reasons}", returncode=1)


def pytest_collection_modifyitems(config, items):
    """Leave out what can't run here; `pytest_terminal_summary` names it."""
    absent = needs.missing().keys()
    left_out = [item for item in items if any(item.get_closest_marker(name) for name in absent)]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in left_out]


def pytest_terminal_summary(terminalreporter):
    for name, reason in needs.missing().items():
        terminalreporter.write_line(f"not run: tests that need {name} ({reason})")


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    """Each test has a database of its own, in which the same ids are other rows."""
    for kept in (board_api.ANSWERS, board_api.COLUMNS, board.BOARDS, board.DRAWN, outlooks.LOOKOUTS):
        kept.forget()


@pytest.fixture
def cast(db) -> Cast:
    return make_cast()


@pytest.fixture
def project(cast):
    return cast.project


@pytest.fixture
def owner(cast):
    return cast.owner


@pytest.fixture
def manager(cast):
    return cast.manager


@pytest.fixture
def specialist(cast):
    return cast.specialist


@pytest.fixture
def decider(cast):
    return cast.decider


@pytest.fixture
def contact(cast):
    return cast.contact


@pytest.fixture
def viewer(cast):
    return cast.viewer


@pytest.fixture
def stranger(cast):
    return cast.stranger


@pytest.fixture
def browse():
    """`browse(person)` is that person's browser, already logged in; with no person, a stranger's."""

    def open_browser(person=None, **headers) -> Client:
        client = Client(**headers)
        if person is not None:
            client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return open_browser


@pytest.fixture
def api():
    """`api(person)` speaks to the API with a token of that person's."""

    def open_api(person=None) -> APIClient:
        client = APIClient()
        if person is not None:
            client.credentials(HTTP_AUTHORIZATION=f"Bearer {issue_token(person, name='tests')[1]}")
        return client

    return open_api


@pytest.fixture(scope="session")
def sandbox_server() -> Iterator[Sandbox]:
    server = start_sandbox(seed=7, today=TODAY)
    yield server
    server.stop()


@pytest.fixture
def sandbox(sandbox_server: Sandbox, settings) -> Sandbox:
    """The stand-in in the platforms' places; `misbehave` and `requests` start afresh."""
    sandbox_server.reset()
    sandbox_server.today = lambda: TODAY
    sandbox_server.now = None
    settings.PLATFORMS = {**settings.PLATFORMS, **sandbox_server.urls}
    settings.TRUSTED_BASES = [*settings.TRUSTED_BASES, *sandbox_server.urls.values()]
    return sandbox_server
