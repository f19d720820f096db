"""One person who grants access again mends the login that they have granted before, in every project that it serves."""

import pytest
from django.utils import timezone

from kpis.actions.sources import keep_login, replace_access
from kpis.connectors.contract import Identity
from kpis.models import PlatformLogin, Source
from tests.builders import make_source


def granted(token: str, *, person: str = "7000007", scopes=("stats", "groups"), app: str = "51") -> Identity:
    credentials = {"granted_to": app, "token": token, "refresh_token": f"r-{token}"}
    return Identity("Roast", "user", scopes, None, credentials, person)


def keep(cast, identity: Identity, organisation=None) -> PlatformLogin:
    credentials = identity.credentials or {}
    return keep_login(cast.project, organisation or cast.agency, "vk", credentials, identity, cast.specialist)


@pytest.fixture
def login(cast) -> PlatformLogin:
    login = keep(cast, granted("first-token"))
    make_source(cast, login=login, error_kind="reauthorise")
    make_source(cast, login=login, error_kind="reauthorise")
    return login


def refused(login: PlatformLogin) -> None:
    PlatformLogin.objects.filter(pk=login.pk).update(refused_at=timezone.now())


def test_who_comes_again_mends_every_source(cast, login):
    refused(login)
    again = keep(cast, granted("second-token"))
    assert (again, again.credentials["token"], again.refused_at) == (login, "second-token", None)
    assert set(Source.objects.values_list("error_kind", "login")) == {("", login.pk)}


@pytest.mark.parametrize(
    "other",
    [
        granted("t-of-another", person="8"),
        granted("t-of-nobody", person=""),
        granted("t-of-another-app", app="52"),
        granted("t-of-fewer-rights", scopes=("stats",)),
    ],
)
def test_another_person_or_access_is_another_login(cast, login, other):
    assert keep(cast, other) != login
    login.refresh_from_db()
    assert login.credentials["token"] == "first-token"


def test_fewer_rights_take_the_place_of_what_is_refused(cast, login):
    refused(login)
    assert keep(cast, granted("second-token", scopes=("stats",))) == login


def test_other_organisations_keep_their_own(cast, login):
    refused(login)
    assert keep(cast, granted("second-token"), cast.client) != login
    login.refresh_from_db()
    assert (login.credentials["token"], login.refused_at is None) == ("first-token", False)


def test_what_one_of_ours_gave_up_stays_given_up(cast, login):
    PlatformLogin.objects.filter(pk=login.pk).update(revoked_at=timezone.now(), credentials={})
    assert keep(cast, granted("second-token")) != login


def test_pasted_access_is_not_united(cast):
    pasted = [Identity("Roast", "user", ("stats",), None, {"token": token}, "7000007") for token in ("one-1", "two-2")]
    assert len({keep(cast, identity).pk for identity in pasted}) == 2


def test_mending_one_source_takes_the_others_along(cast, login):
    twin = PlatformLogin.objects.create(
        organisation=cast.agency,
        platform="vk",
        token_kind="user",
        person_id="7000007",
        scopes=["stats"],
        credentials={"granted_to": "51", "token": "older-token"},
        granted_by=cast.specialist,
    )
    other = make_source(cast, login=twin, error_kind="reauthorise")
    source = login.sources.first()
    identity = granted("second-token")
    replace_access(source, identity.credentials, identity, cast.specialist)
    other.refresh_from_db()
    assert (other.login, other.error_kind) == (login, "")
