import pytest
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from allauth.mfa.totp.internal.auth import yield_hotp_counters_from_time as counters
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.utils import translation

from smmportal.people.models import Proof
from smmportal.people.proof import LETTERS, TRIES, key_of, new_code, prove
from smmportal.refusals import Refused, TooOften
from tests.builders import PASSWORD

WRONG_CODE = {"code": ["This code is wrong or has run out. Try again with a new one."]}


@pytest.fixture(autouse=True)
def _fresh_counts(db):
    cache.clear()
    with translation.override("en"):
        yield


@pytest.fixture
def passwordless(cast):
    cast.decider.set_unusable_password()
    cast.decider.save()
    return cast.decider


def mistakes(person, **given) -> dict:
    with pytest.raises(ValidationError) as error:
        prove(person, about="text", **given)
    return error.value.message_dict


def other_than(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06}"


def test_the_password_proves(cast):
    assert prove(cast.manager, about="text", password=PASSWORD) is Proof.PASSWORD


@pytest.mark.parametrize("wrong", ["a-quiet-harbour-8", " ", PASSWORD + " ", "\x00", "п" * 4000])
def test_a_wrong_password_is_said_at_its_field(cast, wrong):
    assert mistakes(cast.manager, password=wrong) == {"password": ["This is not your password. Try again."]}


def test_nothing_is_asked_for_by_name(cast, passwordless):
    assert [list(mistakes(person)) for person in (cast.manager, passwordless)] == [["password"], ["code"]]


def test_after_so_many_tries_even_the_right_password_waits(cast):
    for _time in range(TRIES):
        mistakes(cast.manager, password="wrong")
    with pytest.raises(TooOften) as refusal:
        prove(cast.manager, about="text", password=PASSWORD)
    assert refusal.value.code == "too-many-tries"
    assert prove(cast.owner, about="text", password=PASSWORD) is Proof.PASSWORD


def test_a_code_works_once_however_it_is_typed(passwordless):
    code = new_code(passwordless, "text")
    assert prove(passwordless, about="text", code=f" {code[:3]} {code[3:]}") is Proof.LETTER
    assert mistakes(passwordless, code=code) == WRONG_CODE


def test_a_code_is_for_one_person_and_one_purpose(cast, passwordless):
    code = new_code(passwordless, "other-text")
    assert mistakes(passwordless, code=code) == WRONG_CODE
    cast.contact.set_unusable_password()
    assert mistakes(cast.contact, code=code) == WRONG_CODE


def test_a_newer_code_ends_the_one_before(passwordless):
    first, second = new_code(passwordless, "text"), new_code(passwordless, "text")
    if first != second:
        assert mistakes(passwordless, code=first) == WRONG_CODE
    assert prove(passwordless, about="text", code=second) is Proof.LETTER


def test_a_wrong_code_does_not_spoil_the_right_one(passwordless):
    code = new_code(passwordless, "text")
    assert mistakes(passwordless, code=other_than(code)) == WRONG_CODE
    assert prove(passwordless, about="text", code=code) is Proof.LETTER


def test_a_code_that_has_run_out_is_wrong(passwordless):
    code = new_code(passwordless, "text")
    cache.delete(key_of(passwordless, "text"))
    assert mistakes(passwordless, code=code) == WRONG_CODE


def test_the_code_itself_is_kept_nowhere(passwordless):
    code = new_code(passwordless, "text")
    assert code not in cache.get(key_of(passwordless, "text"))


def test_codes_are_sent_a_few_times_only(passwordless):
    for _time in range(LETTERS):
        new_code(passwordless, "text")
    with pytest.raises(TooOften) as refusal:
        new_code(passwordless, "other-text")
    assert refusal.value.code == "too-many-codes"


def test_who_has_a_password_gets_no_code(cast):
    with pytest.raises(Refused) as refusal:
        new_code(cast.manager, "text")
    assert refusal.value.code == "has-password"


def test_the_authenticator_proves_beside_the_password_once(cast):
    secret = generate_totp_secret()
    TOTP.activate(cast.manager, secret)
    code = format_hotp_value(hotp_value(secret, next(iter(counters()))))
    assert prove(cast.manager, about="text", code=code) is Proof.TOTP
    assert mistakes(cast.manager, code=code) == WRONG_CODE
    assert mistakes(cast.owner, code=code) == WRONG_CODE
