import pytest

from kpis.actions.agreements import prepare_agreement
from kpis.models import Agreement, Kpi, Signature
from tests.builders import PASSWORD


@pytest.fixture
def agreement(cast) -> Agreement:
    cast.get(Kpi)
    return prepare_agreement(cast.project, by=cast.manager)


def signature(client, agreement, seen_hash, **proof):
    sent = {"hash": seen_hash, **(proof or {"password": PASSWORD})}
    return client.post(f"/api/v1/agreements/{agreement.pk}/signature/", sent, format="json")


def test_an_agreement_is_prepared_read_and_signed_by_both(cast, api):
    cast.get(Kpi)
    prepared = api(cast.manager).post(f"/api/v1/projects/{cast.project.pk}/agreements/")
    said = prepared.json()
    agreement = Agreement.objects.get()
    assert (prepared.status_code, said["state"], said["number"], said["content"]) == (
        201,
        "waiting",
        1,
        agreement.content,
    )
    first = signature(api(cast.decider), agreement, said["content_hash"])
    second = signature(api(cast.owner), agreement, said["content_hash"])
    assert [answer.json()["state"] for answer in (first, second)] == ["waiting", "in_force"]
    read = api(cast.viewer).get(f"/api/v1/agreements/{agreement.pk}/").json()
    assert [(row["side"], row["by"]) for row in read["signatures"]] == [("client", "Dmitry"), ("agency", "Olga")]


def test_signing_twice_answers_the_same(cast, api, agreement):
    answers = [signature(api(cast.decider), agreement, agreement.content_hash) for _time in range(2)]
    assert ([answer.status_code for answer in answers], answers[0].json()) == ([201, 201], answers[1].json())
    assert Signature.objects.count() == 1


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"hash": "0" * 64}, 409, "other-text"),
        ({}, 400, "invalid"),
        ({"hash": None}, 400, "invalid"),
        ({"hash": "a" * 65}, 400, "invalid"),
        ({"hash": "a\x00"}, 400, "invalid"),
    ],
)
def test_a_hash_that_was_not_seen_is_refused(cast, api, agreement, body, status, code):
    answer = api(cast.decider).post(f"/api/v1/agreements/{agreement.pk}/signature/", body, format="json")
    assert (answer.status_code, answer.json()["type"]) == (status, f"urn:portal:{code}")
    assert not Signature.objects.exists()


def test_the_list_is_newest_first_and_ones_own(cast, api, agreement):
    api(cast.manager).post(f"/api/v1/agreements/{agreement.pk}/withdrawal/")
    newer = prepare_agreement(cast.project, by=cast.manager)
    rows = api(cast.contact).get(f"/api/v1/agreements/?project={cast.project.pk}").json()["results"]
    assert [(row["id"], row["state"]) for row in rows] == [(newer.pk, "waiting"), (agreement.pk, "withdrawn")]
    assert api(cast.stranger).get("/api/v1/agreements/").json()["results"] == []


def test_nothing_to_sign_is_a_409_with_a_sentence_in_the_readers_language(cast, api):
    cast.manager.language = "ru"
    cast.manager.save()
    answer = api(cast.manager).post(f"/api/v1/projects/{cast.project.pk}/agreements/", HTTP_ACCEPT_LANGUAGE="ru")
    assert (answer.status_code, answer.json()["type"], answer.json()["detail"]) == (
        409,
        "urn:portal:nothing-to-sign",
        "Пока нет ни одного KPI с целью. Сначала поставьте цель — тогда будет что подписать.",
    )
