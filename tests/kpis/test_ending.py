"""Access that ends: warned of 14, 7 and 1 day ahead, once each, and shown on the source's page."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from kpis import tasks
from kpis.actions import sources as actions
from kpis.ending import ends_soon, stage_of, warn_of_ends
from kpis.models import PlatformLogin
from smmportal.notifications.models import Notification
from smmportal.people.models import Side
from tests.builders import make_source
from tests.kpis.connectors.samples import GOOGLE

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


def login_ending(cast, left: timedelta | None, **fields) -> PlatformLogin:
    defaults = {
        "organisation": cast.agency,
        "platform": "vk",
        "name": "Roast",
        "credentials": {"token": "sandbox-user"},
        "granted_by": cast.specialist,
        "expires_at": None if left is None else NOW + left,
    }
    return PlatformLogin.objects.create(**{**defaults, **fields})


def told() -> list[str]:
    return sorted(note.to.name for note in Notification.objects.filter(event="source.access_ending"))


@pytest.mark.parametrize(
    ("left", "stage"),
    [
        (None, None),
        (timedelta(days=14, seconds=1), None),
        (timedelta(days=14), 14),
        (timedelta(days=7, seconds=1), 14),
        (timedelta(days=7), 7),
        (timedelta(days=1, seconds=1), 7),
        (timedelta(days=1), 1),
        (timedelta(seconds=1), 1),
        (timedelta(0), None),
    ],
)
def test_which_warning_is_due(cast, left, stage):
    assert stage_of(login_ending(cast, left), NOW) == stage


def test_each_warning_is_given_once(cast):
    make_source(cast, login=login_ending(cast, timedelta(days=15)))
    warned = [warn_of_ends(NOW + timedelta(days=day)) for day in (0, 1, 1, 2, 8, 9, 14, 14.5, 16)]
    assert warned == [0, 1, 0, 0, 1, 0, 1, 0, 0]


def test_the_team_and_who_granted_it_are_told(cast):
    login = login_ending(cast, timedelta(days=3), granted_by=cast.decider)
    source = make_source(cast, title="Roast", login=login)
    warn_of_ends(NOW)
    agency = [person.name for person in cast.project.people_of(Side.AGENCY)]
    assert told() == sorted([*agency, cast.decider.name])
    note = Notification.objects.filter(event="source.access_ending").first()
    assert (note.facts["source"], note.url) == ("Roast", source.get_absolute_url())


@pytest.mark.parametrize("silent", ["renewed", "refused", "unused", "paused"])
def test_nobody_is_bothered_without_need(cast, silent):
    fields = {
        "renewed": {"platform": "youtube", "credentials": GOOGLE},
        "refused": {"refused_at": NOW},
    }.get(silent, {})
    login = login_ending(cast, timedelta(days=3), **fields)
    if silent != "unused":
        make_source(cast, login=login, platform=login.platform, paused_at=NOW if silent == "paused" else None)
    warn_of_ends(NOW)
    assert told() == []


def test_replaced_access_is_warned_of_anew(cast, sandbox):
    login = login_ending(cast, timedelta(days=1))
    source = make_source(cast, login=login, external_id="207700007")
    warn_of_ends(NOW)
    actions.reconnect_source(source, credentials={"token": "sandbox-user-fresh"}, by=cast.specialist)
    assert PlatformLogin.objects.values_list("warned_days", flat=True).get(pk=login.pk) is None


def test_the_timetable_warns(cast):
    make_source(cast, login=login_ending(cast, None, expires_at=timezone.now() + timedelta(hours=2)))
    tasks.warn_of_ending_access()
    assert told() != []


def test_no_login_ends_never():
    assert ends_soon(None, NOW) is False


# --- The page -------------------------------------------------------------------------------------------------------


def page_of(browse, cast, **fields) -> str:
    login = login_ending(cast, None, **fields)
    return browse(cast.manager).get(f"/sources/{make_source(cast, login=login).pk}/").text


def test_the_page_says_when_access_ends_and_what_to_do(browse, cast):
    text = page_of(browse, cast, expires_at=timezone.now() + timedelta(days=3))
    assert "Replace it before then, and no number will be missed." in text
    assert "before then" not in page_of(browse, cast, expires_at=timezone.now() + timedelta(days=30))


@pytest.mark.parametrize(
    ("fields", "seen"),
    [
        ({"token_kind": "user", "scopes": ["wall", "stats"]}, [False, False, True]),
        ({"token_kind": "user", "scopes": ["wall"]}, [True, False, False]),
        ({"token_kind": "community", "scopes": ["wall"]}, [False, True, False]),
        ({"token_kind": "user", "scopes": []}, [False, False, False]),
    ],
)
def test_the_page_says_what_is_granted_and_what_is_missing(browse, cast, fields, seen):
    text = page_of(browse, cast, **fields)
    words = ["The right “stats” was not granted.", "A token of this kind does not open them.", "nothing: every number"]
    assert [word in text for word in words] == seen
