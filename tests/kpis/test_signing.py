"""Signing by both doors: the person proves once more that it is them."""

import re

import pytest
from django.core import mail
from django.core.cache import cache

from kpis.actions.agreements import prepare_agreement
from kpis.models import Agreement, Kpi, Signature
from smmportal.audit import AuditEntry
from smmportal.notifications.actions import deliver_due
from smmportal.notifications.models import Notification
from smmportal.people.proof import TRIES
from tests.builders import PASSWORD

WRONG = "This is not your password. Try again."


@pytest.fixture
def agreement(cast) -> Agreement:
    cache.clear()
    cast.get(Kpi)
    return prepare_agreement(cast.project, by=cast.manager)


@pytest.fixture
def passwordless(cast):
    cast.decider.set_unusable_password()
    cast.decider.save()
    return cast.decider


def by_page(client, agreement, **proof):
    return client.post(f"/agreements/{agreement.pk}/signature/", {"hash": agreement.content_hash, **proof})


def by_api(client, agreement, **proof):
    sent = {"hash": agreement.content_hash, **proof}
    return client.post(f"/api/v1/agreements/{agreement.pk}/signature/", sent, format="json")


def proofs() -> list[tuple[str, str]]:
    return list(Signature.objects.values_list("by__name", "proof"))


def code_sent() -> str:
    deliver_due()
    return re.search(r"\b\d{6}\b", mail.outbox[-1].body)[0]


def test_the_password_signs_by_both_doors_and_the_trail_says_how(cast, browse, api, agreement):
    answers = (
        by_page(browse(cast.decider), agreement, password=PASSWORD),
        by_api(api(cast.manager), agreement, password=PASSWORD),
    )
    assert [answer.status_code for answer in answers] == [302, 201]
    assert proofs() == [("Dmitry", "password"), ("Maxim", "password")]
    assert {entry.facts["proof"] for entry in AuditEntry.objects.filter(verb="agreement.signed")} == {"password"}


def test_a_wrong_password_is_said_at_the_field_and_signs_nothing(cast, browse, agreement):
    answer = by_page(browse(cast.decider), agreement, password="wrong")
    found = answer.status_code, answer.context["form"].errors, proofs()
    assert found == (422, {"password": [WRONG]}, [])
    assert "wrong" not in answer.content.decode().split("<form")[-1]


def test_a_wrong_or_missing_password_is_a_400_at_its_field(cast, api, agreement):
    said = [by_api(api(cast.decider), agreement, **proof) for proof in ({"password": "wrong"}, {})]
    assert [(answer.status_code, answer.json()["errors"]) for answer in said] == [
        (400, {"password": [WRONG]}),
        (400, {"password": ["Enter your password: your signature needs it."]}),
    ]
    assert proofs() == []


def test_trying_on_is_stopped_and_said(cast, browse, api, agreement):
    for _time in range(TRIES):
        by_api(api(cast.decider), agreement, password="wrong")
    answer = by_api(api(cast.decider), agreement, password=PASSWORD)
    assert (answer.status_code, answer.json()["type"]) == (429, "urn:portal:too-many-tries")
    page = by_page(browse(cast.decider), agreement, password=PASSWORD)
    assert (page.status_code, list(page.context["form"].errors), proofs()) == (422, ["__all__"], [])


def test_a_second_click_needs_nothing(cast, api, agreement):
    by_api(api(cast.decider), agreement, password=PASSWORD)
    assert (by_api(api(cast.decider), agreement).status_code, len(proofs())) == (201, 1)


def test_who_may_not_sign_is_not_even_asked(cast, api, agreement):
    assert by_api(api(cast.contact), agreement, password="wrong").status_code == 403


def test_without_a_password_a_code_from_a_letter_signs(cast, browse, agreement, passwordless):
    page = browse(passwordless).get(agreement.get_absolute_url())
    assert list(page.context["form"].fields) == ["hash", "code"]
    assert "Send me a code by e-mail" in page.content.decode()
    browse(passwordless).post(f"/agreements/{agreement.pk}/code/")
    code = code_sent()
    assert (mail.outbox[-1].to, code in str(Notification.objects.latest("pk").facts)) == ([passwordless.email], False)
    assert by_page(browse(passwordless), agreement, code=code).status_code == 302
    assert proofs() == [("Dmitry", "letter")]


def test_the_same_by_the_api(api, agreement, passwordless):
    assert api(passwordless).post(f"/api/v1/agreements/{agreement.pk}/code/").status_code == 202
    wrong, right = (
        by_api(api(passwordless), agreement, code="no"),
        by_api(api(passwordless), agreement, code=code_sent()),
    )
    assert (wrong.status_code, list(wrong.json()["errors"]), right.status_code) == (400, ["code"], 201)


def test_the_letter_is_in_the_persons_language(api, agreement, passwordless):
    passwordless.language = "ru"
    passwordless.save()
    api(passwordless).post(f"/api/v1/agreements/{agreement.pk}/code/")
    code_sent()
    assert "Код для подписи соглашения о KPI № 1" in mail.outbox[-1].subject


def test_a_code_of_a_withdrawn_text_is_not_sent(cast, api, agreement, passwordless):
    api(cast.manager).post(f"/api/v1/agreements/{agreement.pk}/withdrawal/")
    answer = api(passwordless).post(f"/api/v1/agreements/{agreement.pk}/code/")
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:portal:withdrawn")


def test_a_key_sent_twice_signs_once_and_keeps_no_password(cast, api, agreement):
    client, key = api(cast.decider), {"HTTP_IDEMPOTENCY_KEY": "one"}
    sent = {"hash": agreement.content_hash, "password": PASSWORD}
    address = f"/api/v1/agreements/{agreement.pk}/signature/"
    answers = [client.post(address, sent, format="json", **key) for _time in range(2)]
    assert ([answer.status_code for answer in answers], len(proofs())) == ([201, 201], 1)
