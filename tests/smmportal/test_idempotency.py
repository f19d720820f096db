"""The same Idempotency-Key gives the first answer again, and the work is done once."""

import json
import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from smmportal.idempotency import IdempotentReply, fingerprint_of, forget_old_replies, sender_of
from smmportal.people.actions import issue_token
from smmportal.people.models import ApiToken, Organisation

TOKENS = "/api/v1/tokens/"


@pytest.fixture
def send(cast):
    """`send(key)` makes a token in the manager's name."""
    secret = issue_token(cast.manager, name="the program")[1]

    def post(key: str | None = "key-1", body: object = None, *, path: str = TOKENS, by: str = secret):
        headers = {"Authorization": f"Bearer {by}"} | ({"Idempotency-Key": key} if key is not None else {})
        return Client().post(path, body or {"name": "a report"}, content_type="application/json", headers=headers)

    return post


def made() -> int:
    return ApiToken.objects.filter(name="a report").count()


def test_the_first_answer_is_given_again_with_its_body_and_status(send):
    first, second = send(), send()
    assert (second.status_code, second.content, second["Content-Type"]) == (201, first.content, first["Content-Type"])
    assert (first.get("Idempotent-Replayed"), second["Idempotent-Replayed"], made()) == (None, "true", 1)


def test_without_a_key_every_request_is_carried_out(send):
    assert [send(None).status_code, send(None).status_code, made()] == [201, 201, 2]


def test_another_key_is_another_request(send):
    assert [send("key-1").status_code, send("key-2").status_code, made()] == [201, 201, 2]


def test_a_key_belongs_to_its_token(send, cast):
    other = issue_token(cast.owner, name="another program")[1]
    assert [send().status_code, send(by=other).status_code, made()] == [201, 201, 2]


def test_the_same_key_with_another_body_is_a_mistake(send):
    send()
    answer = send(body={"name": "another report"})
    assert (answer.status_code, answer["Content-Type"], answer.json()) == (
        422,
        "application/problem+json",
        {
            "type": "urn:portal:idempotency-key-reused",
            "title": "Unprocessable Entity",
            "status": 422,
            "detail": answer.json()["detail"],
        },
    )
    assert ApiToken.objects.filter(name="another report").count() == 0


def test_the_same_key_at_another_address_is_a_mistake(send, cast):
    send()
    answer = send(path=f"/api/v1/organisations/{cast.agency.pk}/clients/")
    assert (answer.status_code, Organisation.objects.filter(name="a report").exists()) == (422, False)


def test_while_the_first_is_running_the_second_is_told_so_and_that_is_not_kept(send, rf):
    send()
    running = IdempotentReply.objects.get()
    IdempotentReply.objects.update(status=None, body=None)
    answer = send()
    assert (answer.status_code, answer.json()["type"], made()) == (409, "urn:portal:in-flight", 1)
    running.save()
    assert (send().status_code, made()) == (201, 1)


def test_a_request_that_died_gives_its_key_back(send):
    send()
    ApiToken.objects.filter(name="a report").delete()
    IdempotentReply.objects.update(status=None, body=None, started_at=timezone.now() - timedelta(minutes=3))
    assert (send().status_code, made()) == (201, 1)


def test_a_refused_request_leaves_nothing_and_may_be_tried_again(send):
    assert send(body={"name": ""}).status_code == 400
    assert IdempotentReply.objects.count() == 0
    assert (send().status_code, made()) == (201, 1)


def test_a_get_is_not_kept(send, cast, api):
    api(cast.manager).get(TOKENS, headers={"Idempotency-Key": "key-1"})
    assert IdempotentReply.objects.count() == 0


def test_outside_the_api_a_key_means_nothing(cast, browse):
    browser = browse(cast.manager)
    for _time in range(2):
        browser.post(
            f"/organisations/{cast.agency.pk}/clients/", {"client-name": "Tea"}, headers={"Idempotency-Key": "key-1"}
        )
    assert (IdempotentReply.objects.count(), Organisation.objects.filter(name="Tea").count()) == (0, 2)


@pytest.mark.parametrize("key", ["", "k" * 256])
def test_an_impossible_key_is_refused(send, key):
    answer = send(key)
    assert (answer.status_code, answer.json()["type"], made()) == (400, "urn:portal:bad-idempotency-key", 0)


def test_the_longest_key_is_taken(send):
    assert send("k" * 255).status_code == 201


def test_the_kept_answer_does_not_hold_a_secret_in_the_clear(send):
    secret = send().json()["secret"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT body FROM smmportal_idempotentreply")
        (stored,) = cursor.fetchone()
    assert secret not in stored
    assert json.loads(IdempotentReply.objects.get().body)["secret"] == secret


def test_answers_are_forgotten_after_a_day(send):
    send("old")
    IdempotentReply.objects.update(started_at=timezone.now() - timedelta(hours=25))
    send("new")
    assert forget_old_replies() == 1
    assert [reply.key for reply in IdempotentReply.objects.all()] == ["new"]


def test_a_session_is_a_sender_of_its_own(rf, cast, browse):
    def request_of(session_key):
        request = rf.post(TOKENS, {"a": 1}, content_type="application/json")
        request.session = type("Session", (), {"session_key": session_key})()
        return request

    assert sender_of(request_of("one")) != sender_of(request_of("two"))
    assert fingerprint_of(request_of("one")) == fingerprint_of(request_of("two"))


def race(how_many: int, headers: list[dict]) -> list[int]:
    """The statuses that so many senders get who start at the same moment."""
    gate, statuses = threading.Barrier(how_many), []

    def run(sent: dict) -> None:
        try:
            gate.wait()
            answer = Client().post(TOKENS, {"name": "a report"}, content_type="application/json", headers=sent)
            statuses.append(answer.status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(sent,)) for sent in headers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return statuses


@pytest.mark.django_db(transaction=True)
def test_thirty_two_senders_have_one_effect(cast):
    token = {"Authorization": f"Bearer {issue_token(cast.manager, name='the program')[1]}"}
    statuses = race(32, [{**token, "Idempotency-Key": "one"}] * 32)
    assert (made(), set(statuses) <= {201, 409}, 201 in statuses) == (1, True, True)


@pytest.mark.django_db(transaction=True)
def test_without_the_key_the_same_race_has_many_effects(cast):
    """The control arm: if this fails, the test above proves nothing."""
    token = {"Authorization": f"Bearer {issue_token(cast.manager, name='the program')[1]}"}
    statuses = race(8, [token] * 8)
    assert (made(), statuses) == (8, [201] * 8)
