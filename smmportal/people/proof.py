"""That it is the person and not just their open browser or a token of theirs: asked for again where it binds somebody.

A password, a code of their authenticator, or, for who has no password, a one-time code sent by e-mail. The code is
for one purpose only, lasts ten minutes and works once; the cache keeps its keyed hash and nothing else.
"""

import secrets

from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from smmportal.limits import is_too_often
from smmportal.people.models import Proof, User
from smmportal.refusals import Refused, TooOften

CODE_LASTS = 600
TRIES = 10
LETTERS = 3


def prove(person: User, *, about: str, password: str = "", code: str = "") -> Proof:
    """How the person proved themselves. `about` is what the code was asked for; a mistake is said at its field."""
    if not (password or code):
        raise ValidationError(asking_sentence(person))
    if is_too_often("proof", str(person.pk), most=TRIES, seconds=CODE_LASTS):
        raise TooOften(_("Too many tries. Wait ten minutes and try again; nothing is lost."), code="too-many-tries")
    if password:
        return prove_by_password(person, password)
    return prove_by_code(person, about, "".join(code.split()))


def asking_sentence(person: User) -> dict[str, str]:
    if person.has_usable_password():
        return {"password": _("Enter your password: your signature needs it.")}
    return {"code": _("Enter the code from the letter. If you have none, ask for it below.")}


def prove_by_password(person: User, password: str) -> Proof:
    if not person.check_password(password):
        raise ValidationError({"password": _("This is not your password. Try again.")})
    return Proof.PASSWORD


def prove_by_code(person: User, about: str, code: str) -> Proof:
    if takes_authenticator(person) and is_of_authenticator(person, code):
        return Proof.TOTP
    if takes_letter(person) and is_of_letter(person, about, code):
        return Proof.LETTER
    raise ValidationError({"code": _("This code is wrong or has run out. Try again with a new one.")})


# --- By an authenticator --------------------------------------------------------------------------------------------


def takes_authenticator(person: User) -> bool:
    return authenticators(person).exists()


def is_of_authenticator(person: User, code: str) -> bool:
    return any(authenticator.wrap().validate_code(code) for authenticator in authenticators(person))


def authenticators(person: User):
    return Authenticator.objects.filter(user=person, type=Authenticator.Type.TOTP)


# --- By a letter ----------------------------------------------------------------------------------------------------


def takes_letter(person: User) -> bool:
    return not person.has_usable_password()


def new_code(person: User, about: str) -> str:
    """A code for this purpose; the one before it stops working."""
    if not takes_letter(person):
        raise Refused(_("You have a password: sign with it, no code is needed."), code="has-password")
    if is_too_often("proof-letter", str(person.pk), most=LETTERS, seconds=CODE_LASTS):
        raise TooOften(
            _("Three codes have been sent already. Wait ten minutes, then ask again."), code="too-many-codes"
        )
    code = f"{secrets.randbelow(10**6):06}"
    cache.set(key_of(person, about), hash_of(person, about, code), CODE_LASTS)
    return code


def is_of_letter(person: User, about: str, code: str) -> bool:
    """Whether it is the code, which is used up by this."""
    kept = cache.get(key_of(person, about), "")
    return constant_time_compare(kept, hash_of(person, about, code)) and cache.delete(key_of(person, about))


def key_of(person: User, about: str) -> str:
    return f"proof:{person.pk}:{about}"


def hash_of(person: User, about: str, code: str) -> str:
    """Six digits are quickly tried through: without the portal's own key their hash says nothing."""
    return salted_hmac("smmportal.people.proof", f"{person.pk}:{about}:{code}", algorithm="sha256").hexdigest()
