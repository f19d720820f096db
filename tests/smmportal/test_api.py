"""What every operation shares: tokens, problems in words, pages."""

import json

import pytest
from django.core.exceptions import PermissionDenied
from rest_framework import exceptions, serializers

from smmportal.api import describe, errors_by_field
from smmportal.people.actions import issue_token, revoke_token
from smmportal.people.models import ApiToken
from smmportal.refusals import Refused, TooOften

PROBLEM = "application/problem+json"


def problem(answer) -> tuple:
    return answer.status_code, answer["Content-Type"], answer.json()


def test_400_names_every_field_and_its_reason(cast, api):
    sent = {"organisation": "x", "email": "nobody", "role": "king"}
    assert problem(api(cast.manager).post("/api/v1/invitations/", sent, format="json")) == (
        400,
        PROBLEM,
        {
            "type": "urn:portal:invalid",
            "title": "Something is missing or misspelt",
            "status": 400,
            "detail": "Some fields need another look.",
            "errors": {
                "organisation": ["A valid integer is required."],
                "email": ["Enter a valid email address."],
                "role": ['"king" is not a valid choice.'],
            },
        },
    )


def test_400_for_what_is_no_json(cast, api):
    answer = api(cast.manager).post("/api/v1/tokens/", "{", content_type="application/json")
    assert (answer.status_code, answer["Content-Type"], answer.json()["type"]) == (
        400,
        PROBLEM,
        "urn:portal:parse_error",
    )


@pytest.mark.parametrize("text", ["a\x00b", "\ud800"])
def test_text_that_no_database_keeps_is_refused(cast, api, text):
    answer = api(cast.manager).post("/api/v1/tokens/", json.dumps({"name": text}), content_type="application/json")
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["name"])


@pytest.mark.parametrize("text", ["🦜" * 80, "‏مرحبا", "<script>alert(1)</script>"])
def test_any_other_text_comes_back_as_it_was(cast, api, text):
    assert api(cast.manager).post("/api/v1/tokens/", {"name": text}, format="json").json()["name"] == text


@pytest.mark.parametrize("header", ["", "Bearer no-such-token", "Bearer ", "Bearer \xff", "Basic bWU6bWU="])
def test_401_without_a_good_token(client, db, header):
    answer = client.get("/api/v1/me/", headers={"Authorization": header, "Accept-Language": "en"})
    assert (answer.status_code, answer["Content-Type"], answer["WWW-Authenticate"], answer.json()["title"]) == (
        401,
        PROBLEM,
        "Bearer",
        "Please log in",
    )


def test_a_revoked_token_stops_at_once(cast, client):
    token, secret = issue_token(cast.manager, name="x")
    ask = lambda: client.get("/api/v1/me/", headers={"Authorization": f"Bearer {secret}"}).status_code  # noqa: E731
    assert ask() == 200
    revoke_token(token, by=cast.manager)
    assert ask() == 401


def test_who_was_locked_out_has_no_token_either(cast, api):
    client = api(cast.manager)
    cast.manager.is_active = False
    cast.manager.save()
    assert client.get("/api/v1/me/").status_code == 401


def test_a_token_remembers_roughly_when_it_was_used(cast, api, django_assert_num_queries):
    client = api(cast.manager)
    client.get("/api/v1/me/")
    assert ApiToken.objects.get(user=cast.manager).used_at is not None
    with django_assert_num_queries(1):  # the token with its person, and no write within five minutes
        client.get("/api/v1/me/")


def test_a_session_without_csrf_is_refused(cast, browse):
    browser = browse(cast.manager, enforce_csrf_checks=True)
    answer = browser.post("/api/v1/tokens/", {"name": "x"}, content_type="application/json")
    assert (answer.status_code, answer["Content-Type"]) == (403, PROBLEM)


def test_403_says_what_the_role_lacks(cast, api):
    sent = {"organisation": cast.client.pk, "email": "new@client.example", "role": "contact"}
    assert problem(api(cast.viewer).post("/api/v1/invitations/", sent, format="json")) == (
        403,
        PROBLEM,
        {
            "type": "urn:portal:not-yours",
            "title": "This is not yours to do",
            "status": 403,
            "detail": "Your role does not allow inviting people in this role.",
        },
    )


NOTHING = {
    "type": "urn:portal:not-found",
    "title": "There is nothing here",
    "status": 404,
    "detail": "There is nothing here, or it is not yours to see.",
}


def test_404_does_not_tell_the_foreign_from_the_unknown(cast, api):
    client = api(cast.stranger)
    foreign = client.get(f"/api/v1/organisations/{cast.client.pk}/")
    assert problem(foreign) == problem(client.get("/api/v1/organisations/999999/")) == (404, PROBLEM, NOTHING)


def test_404_for_an_address_that_is_nothing(client, db):
    assert problem(client.get("/api/v1/nothing/", headers={"Accept-Language": "en"})) == (404, PROBLEM, NOTHING)
    assert client.get("/nothing/")["Content-Type"].startswith("text/html")


def test_405_names_itself(cast, api):
    answer = api(cast.manager).delete("/api/v1/me/")
    assert (answer.status_code, answer["Content-Type"], answer.json()["type"]) == (
        405,
        PROBLEM,
        "urn:portal:method_not_allowed",
    )


def test_409_says_what_to_do_next(cast, api):
    membership = cast.decider.memberships.get()
    assert problem(api(cast.decider).delete(f"/api/v1/memberships/{membership.pk}/")) == (
        409,
        PROBLEM,
        {
            "type": "urn:portal:last-head",
            "title": "This can't be done as things stand",
            "status": 409,
            "detail": "This is the client's only decision-maker. Make someone else the decision-maker first.",
        },
    )


def test_429_is_for_a_flood(cast, api):
    client = api(cast.manager)
    answers = [
        client.post(
            "/api/v1/invitations/",
            {"organisation": cast.client.pk, "email": "new@client.example", "role": "contact"},
            format="json",
        )
        for _time in range(4)
    ]
    assert [answer.status_code for answer in answers] == [201, 201, 201, 429]
    assert (answers[-1]["Content-Type"], answers[-1].json()["type"]) == (PROBLEM, "urn:portal:too-many")


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (Refused("No.", code="taken"), 409, "taken"),
        (TooOften("Later."), 429, "refused"),
        (PermissionDenied("Not you."), 403, "not-yours"),
        (exceptions.Throttled(wait=7), 429, "throttled"),
        (exceptions.NotAuthenticated(), 401, "not_authenticated"),
    ],
)
def test_what_each_error_becomes(error, status, code):
    number, body, _headers = describe(error)
    assert (number, body["status"], body["type"]) == (status, status, f"urn:portal:{code}")


def test_a_refusal_may_carry_what_helps_to_try_again():
    assert describe(Refused("Taken.", code="taken", free=["10:00"]))[1]["free"] == ["10:00"]


def test_a_throttled_program_is_told_how_long_to_wait():
    assert describe(exceptions.Throttled(wait=7))[2] == {"Retry-After": "7"}


@pytest.mark.parametrize(
    ("detail", "expected"),
    [
        (["No."], {"": ["No."]}),
        ({"name": ["Too long."], "non_field_errors": ["No."]}, {"name": ["Too long."], "": ["No."]}),
        ({"items": [{}, {"title": ["Missing."]}]}, {"items.1.title": ["Missing."]}),
        ({"items": [{"non_field_errors": ["Clash."]}]}, {"items.0": ["Clash."]}),
        ({"a": {"b": {"c": ["Deep."]}}}, {"a.b.c": ["Deep."]}),
        ({"a": "One."}, {"a": ["One."]}),
    ],
)
def test_nested_errors_become_one_level(detail, expected):
    assert errors_by_field(serializers.ValidationError(detail).detail) == expected


def test_a_sentence_comes_in_the_persons_language_unless_another_is_asked_for(cast, api):
    cast.manager.language = "ru"
    cast.manager.save()
    client = api(cast.manager)
    assert client.get("/api/v1/tokens/999999/").json()["title"] == "Этот адрес не принимает такой метод"
    english = client.get("/api/v1/tokens/999999/", headers={"Accept-Language": "en"})
    assert english.json()["title"] == "This address does not take that method"


def test_a_list_comes_in_pages_that_miss_and_repeat_nothing(cast, api):
    for number in range(7):
        issue_token(cast.owner, name=f"report {number}")
    client, address, seen = api(cast.owner), "/api/v1/tokens/?page_size=3", []
    while address:
        page = client.get(address).json()
        seen += [token["name"] for token in page["results"]]
        address = page["next"]
    assert seen == ["tests", *[f"report {number}" for number in reversed(range(7))]]


@pytest.mark.parametrize("query", ["organisation__agency=1", "ordering=user__password", "role__startswith=o"])
def test_a_parameter_that_is_not_offered_changes_nothing(cast, api, query):
    client = api(cast.owner)
    assert client.get(f"/api/v1/memberships/?{query}").json() == client.get("/api/v1/memberships/").json()


@pytest.mark.parametrize("address", ["goals", "decisions", "meetings", "tasks"])
def test_a_number_that_no_database_holds_is_refused_in_words(cast, api, address):
    answer = api(cast.manager).get(f"/api/v1/{address}/", {"project": "9" * 30})
    said = problem(answer)
    assert (said[0], said[1], said[2]["type"], list(said[2]["errors"])) == (
        400,
        PROBLEM,
        "urn:portal:invalid",
        ["project"],
    )


@pytest.mark.parametrize("moment", ["0001-01-01", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59-12:00"])
def test_a_moment_at_the_ends_of_the_calendar_is_refused(cast, api, moment):
    sent = {"start": moment, "end": moment, "title": "Call"}
    answer = api(cast.manager).post(f"/api/v1/projects/{cast.project.pk}/meetings/", sent, format="json")
    assert (answer.status_code, answer["Content-Type"]) in [(400, PROBLEM), (409, PROBLEM)]


def test_half_of_a_character_is_quoted_without_breaking_the_answer(cast, api):
    sent = json.dumps({"title": "x", "side": "\ud800", "project": cast.project.pk})
    answer = api(cast.manager).post("/api/v1/tasks/", sent, content_type="application/json")
    assert (answer.status_code, answer.json()["errors"]["side"]) == (400, ['"?" is not a valid choice.'])


@pytest.mark.parametrize("address", ["projects/{}/", "goals/{}/", "projects/{}/debrief/", "kpis/{}/", "meetings/{}/"])
def test_an_id_that_no_database_holds_is_unknown(cast, api, address):
    answer = api(cast.manager).get(f"/api/v1/{address.format('9' * 30)}")
    assert (answer.status_code, answer["Content-Type"], answer.json()["type"]) == (404, PROBLEM, "urn:portal:not-found")
