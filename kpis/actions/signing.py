"""What both doors to a signature share: whoever holds an open browser or a token proves once more that it is them.

The check stands before the verb and not in it: a program that loads rows (the demo) signs through the same verb and
says so, and the verb writes down how each signature was proved.
"""

from django.conf import settings
from django.db import transaction

from kpis.actions.agreements import (
    check_can_be_signed,
    check_seen,
    demand_signing,
    facts_of,
    sign_agreement,
    signature_beside,
    words_of,
)
from kpis.models import Agreement, Signature
from smmportal.audit import record
from smmportal.encryption import encrypt
from smmportal.notifications.actions import write_to_address
from smmportal.people.models import User
from smmportal.people.proof import new_code, prove


def prove_and_sign(agreement: Agreement, *, by: User, seen_hash: str, password: str = "", code: str = "") -> Signature:
    """Sign with the password or a code. A side that has signed is asked for nothing: a second click costs nothing."""
    demand_signing(by, agreement)
    check_seen(agreement, seen_hash)
    if signed := signature_beside(agreement, by):
        return signed
    proof = prove(by, about=agreement.content_hash, password=password, code=code)
    return sign_agreement(agreement, by=by, seen_hash=seen_hash, proof=proof)


@transaction.atomic
def send_code(agreement: Agreement, *, by: User) -> None:
    """Send a person without a password the code that signs this text and no other."""
    demand_signing(by, agreement)
    check_can_be_signed(agreement)
    code = new_code(by, agreement.content_hash)
    write_to_address(
        "agreement.code",
        by.email,
        language=by.language,
        facts={**words_of(agreement), "code_sealed": encrypt(code)},
        secret_url=settings.PUBLIC_URL + agreement.get_absolute_url(),
    )
    record("agreement.code_sent", about=agreement, by=by, project=agreement.project, **facts_of(agreement))
