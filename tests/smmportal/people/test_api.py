"""People by the API: the same verbs, the same refusals."""

import pytest

from smmportal.people.models import ApiToken, Invitation, Organisation, Role, User
from tests.builders import join, make_invitation, make_user


def names(answer, *path: str) -> list:
    rows = answer.json()["results"]
    for step in path:
        rows = [row[step] for row in rows]
    return sorted(rows)


def test_me_as_i_am_and_as_i_say(cast, api):
    client = api(cast.manager)
    assert client.get("/api/v1/me/").json() == {
        "id": cast.manager.pk,
        "email": "manager@agency.example",
        "name": "Maxim",
        "language": "en",
        "timezone": "Europe/Moscow",
    }
    answer = client.patch("/api/v1/me/", {"timezone": "Asia/Omsk"}, format="json")
    assert (answer.status_code, answer.json()["timezone"], answer.json()["name"]) == (200, "Asia/Omsk", "Maxim")


def test_what_is_not_mine_to_change_stays(cast, api):
    sent = {"email": "evil@x.example", "is_staff": True, "is_superuser": True, "id": 1, "password": "x"}
    api(cast.viewer).patch("/api/v1/me/", sent, format="json")
    after = User.objects.get(pk=cast.viewer.pk)
    assert (after.email, after.is_staff, after.is_superuser, after.password) == (
        cast.viewer.email,
        False,
        False,
        cast.viewer.password,
    )


@pytest.mark.parametrize(
    "sent", [{"timezone": "Mars/Base"}, {"language": "xx"}, {"name": ""}, {"name": "see http://x"}]
)
def test_nonsense_is_named(cast, api, sent):
    answer = api(cast.manager).patch("/api/v1/me/", sent, format="json")
    assert (answer.status_code, list(answer.json()["errors"])) == (400, list(sent))


SEEN = {
    "manager": ["Bakery", "Fairway", "Roast No. 7"],
    "colleague": ["Bakery", "Fairway", "Roast No. 7"],
    "viewer": ["Fairway", "Roast No. 7"],
    "neighbour": ["Bakery", "Fairway"],
    "stranger": ["Other Agency"],
}


@pytest.mark.parametrize(("who", "expected"), SEEN.items())
def test_which_organisations_are_seen(cast, api, who, expected):
    assert names(api(getattr(cast, who)).get("/api/v1/organisations/"), "name") == expected


PEOPLE = {
    "manager": ["Colleague", "Dmitry", "Katya", "Maxim", "Neighbour", "Olga", "Sonya", "Vera"],
    "specialist": ["Colleague", "Maxim", "Olga", "Sonya"],
    "viewer": ["Dmitry", "Katya", "Vera"],
    "neighbour": ["Neighbour"],
    "stranger": ["Stranger"],
}


@pytest.mark.parametrize(("who", "expected"), PEOPLE.items())
def test_whose_names_and_addresses_are_seen(cast, api, who, expected):
    assert names(api(getattr(cast, who)).get("/api/v1/memberships/"), "person", "name") == expected


def test_the_people_of_one_organisation(cast, api):
    client = api(cast.manager)
    assert names(client.get(f"/api/v1/memberships/?organisation={cast.client.pk}"), "person", "name") == [
        "Dmitry",
        "Katya",
        "Vera",
    ]
    assert client.get("/api/v1/memberships/?organisation=x").status_code == 400


@pytest.mark.parametrize("address", ["organisations", "memberships", "invitations", "tokens"])
@pytest.mark.parametrize("many", [1, 30])
def test_a_list_costs_the_same_with_1_and_30_rows(cast, api, django_assert_num_queries, address, many):
    from smmportal.people.actions import issue_token

    for number in range(many):
        Organisation.objects.create(name=f"Client {number}", kind="client", agency=cast.agency)
        join(make_user(f"P{number}", f"p{number}@x.example"), cast.client, Role.VIEWER)
        make_invitation(cast, email=f"i{number}@x.example")
        issue_token(cast.manager, name=str(number))
    client = api(cast.manager)
    client.get("/api/v1/me/")
    with django_assert_num_queries(2):
        client.get(f"/api/v1/{address}/")


def test_a_role_is_changed_and_the_last_head_is_refused(cast, api):
    client = api(cast.manager)
    viewer = cast.viewer.memberships.get().pk
    assert (
        client.patch(f"/api/v1/memberships/{viewer}/", {"role": "contact"}, format="json").json()["role"] == "contact"
    )
    decider = cast.decider.memberships.get().pk
    answer = client.patch(f"/api/v1/memberships/{decider}/", {"role": "viewer"}, format="json")
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:portal:last-head")


@pytest.mark.parametrize("role", ["owner", "manager"])
def test_a_role_of_the_other_side_is_not_given(cast, api, role):
    viewer = cast.viewer.memberships.get()
    assert api(cast.owner).patch(f"/api/v1/memberships/{viewer.pk}/", {"role": role}, format="json").status_code == 403
    viewer.refresh_from_db()
    assert viewer.role == "viewer"


def test_an_invitation_comes_without_its_secret(cast, api):
    sent = {"organisation": cast.client.pk, "email": "new@client.example", "role": "contact"}
    client = api(cast.decider)
    made = client.post("/api/v1/invitations/", sent, format="json").json()
    assert sorted(made) == [
        "created_at",
        "email",
        "expires_at",
        "id",
        "invited_by",
        "language",
        "organisation",
        "role",
    ]
    assert client.get("/api/v1/invitations/").json()["results"] == [made]
    assert client.delete(f"/api/v1/invitations/{made['id']}/").status_code == 204
    assert (client.get("/api/v1/invitations/").json()["results"], Invitation.objects.open().count()) == ([], 0)


@pytest.mark.parametrize("organisation", [0, -1, 2**63, "1; DROP TABLE", None, [], {}])
def test_an_impossible_organisation_is_a_400(cast, api, organisation):
    sent = {"organisation": organisation, "email": "new@client.example", "role": "contact"}
    assert api(cast.manager).post("/api/v1/invitations/", sent, format="json").status_code == 400


def test_a_foreign_organisation_in_the_body_is_not_there(cast, api):
    sent = {"organisation": cast.client.pk, "email": "new@client.example", "role": "contact"}
    assert api(cast.stranger).post("/api/v1/invitations/", sent, format="json").status_code == 404
    assert Invitation.objects.count() == 0


def test_a_token_gives_its_secret_once(cast, api, client):
    mine = api(cast.manager)
    made = mine.post("/api/v1/tokens/", {"name": "a report"}, format="json").json()
    assert client.get("/api/v1/me/", headers={"Authorization": f"Bearer {made['secret']}"}).status_code == 200
    assert made["secret"] not in mine.get("/api/v1/tokens/").content.decode()
    assert mine.delete(f"/api/v1/tokens/{made['id']}/").status_code == 204
    assert client.get("/api/v1/me/", headers={"Authorization": f"Bearer {made['secret']}"}).status_code == 401
    assert ApiToken.objects.get(pk=made["id"]).revoked_at is not None
